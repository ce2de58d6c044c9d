"""A union's book on a server: where it is, who asks; opened without stopping the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui import remembered
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.fields.base import Line
from app.ui.fields.leading import lead_through
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.room import FittingDialog, form_layout
from app.ui.sign_line import soft_label
from app.ui.worker import Worker

if TYPE_CHECKING:
    from sqlalchemy import URL

    from app.book.book import Book

PORT = 5432
NOTE = "几个人同时审查时，联社的账套放在数据库里；数据库还空着，就在里面新建。口令不保存。"
EMPTY = "数据库“{name}”是空的，还没有账套。要在里面建立联社的账套吗？"
LABELS = {"host": "服务器", "port": "端口", "database": "数据库", "user": "用户名"}


@dataclass(frozen=True)
class Found:
    """What is in the database: a book, or nothing yet."""

    book: Book | None


class DatabaseDialog(FittingDialog):
    """连接联社数据库."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setWindowTitle("连接联社数据库")
        px = desk.look.px
        self.setMinimumWidth(px(460))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(12))
        self.messages = Messages()
        self.worker = Worker(self.messages)
        layout.addWidget(MessageBar(desk.look, self.messages))
        layout.addLayout(self._form())
        layout.addLayout(self._buttons())
        # Where the book is was typed the first time; from then on only the password is.
        empty = [line for line in (*self.lines.values(), self.passphrase) if not line.text()]
        empty[0].setFocus()

    def _form(self) -> QFormLayout:
        form = form_layout(self.desk.look)
        last = remembered.last_database(self.desk.settings)
        self.lines: dict[str, Line] = {}
        for key, label in LABELS.items():
            self.lines[key] = self._line(form, label)
            self.lines[key].setText(last.get(key, str(PORT) if key == "port" else ""))
        self.lines["port"].setValidator(QIntValidator(1, 65535, self))
        self.passphrase = self._line(form, "口令")
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        lead_through((*self.lines.values(), self.passphrase), self.connect_to_server)
        form.addRow("", soft_label(NOTE))
        return form

    def _line(self, form: QFormLayout, label: str) -> Line:
        line = Line()
        line.setAccessibleName(label)
        form.addRow(label, line)
        return line

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.open_button = push_button("连接", main=True)
        self.open_button.clicked.connect(self.connect_to_server)
        cancel = push_button("取消")
        cancel.clicked.connect(self.reject)
        row.addStretch(1)
        row.addWidget(self.open_button)
        row.addWidget(cancel)
        return row

    def connect_to_server(self) -> None:
        """Opens the book in the worker: a server that doesn't answer must not stop the window."""
        lacking = [LABELS[k] for k in ("host", "database") if not self.lines[k].text().strip()]
        if lacking:
            self.messages.tell(f"请填写{'、'.join(lacking)}。", kind="warning")
            return
        url = self._url()

        def work(_progress: object) -> Found:
            from app.book.book import Book
            from app.book.errors import NoBookYetError

            try:
                return Found(Book.open(url.render_as_string(hide_password=False)))
            except NoBookYetError:
                return Found(None)

        self.open_button.setEnabled(False)
        job = self.worker.start("连接数据库", work, lambda found: self._opened(found, url))
        job.ended.connect(lambda: self.open_button.setEnabled(True))

    def _url(self) -> URL:
        from sqlalchemy import URL

        given = {key: line.text().strip() for key, line in self.lines.items()}
        return URL.create(
            "postgresql",
            username=given["user"] or None,
            password=self.passphrase.text() or None,
            host=given["host"],
            port=int(given["port"] or PORT),
            database=given["database"],
        )

    def _opened(self, found: Found, url: URL) -> None:
        book = found.book
        if not self.isVisible():
            if book is not None:
                book.close()
            return
        given = {key: line.text().strip() for key, line in self.lines.items()}
        remembered.set_last_database(self.desk.settings, given)
        if book is None:
            self._ask_new(url)
            return
        self.accept()
        self.desk.take(book)

    def _ask_new(self, url: URL) -> None:
        """Offers to make the union's book where nothing is yet: a mistyped name is noticed."""
        from app.ui.ask import ask

        ask(
            self,
            self.desk.look,
            title="新建联社账套",
            text=EMPTY.format(name=url.database),
            action="新建联社账套…",
            then=lambda: self._make_new(url),
        )

    def _make_new(self, url: URL) -> None:
        from app.ui.new_book_dialog import NewBookDialog

        self.accept()
        window = self.parentWidget()
        NewBookDialog(self.desk, window if window is not None else self, url=url).open()

    def done(self, result: int, /) -> None:
        """Closing waits for the server's answer, a few seconds at most."""
        self.hide()
        self.worker.close()
        super().done(result)

"""A new book: whose it is, for which base date, who fills it in, where the file lies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import chain, combinations, count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import remembered
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.fields.base import Line
from app.ui.fields.day import BASE_DATE_UNREAD, show_in_full, typed_day
from app.ui.fields.leading import lead_through
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.room import FittingArea, FittingDialog, form_layout
from app.ui.sign_line import soft_label
from app.ui.worker import Worker

if TYPE_CHECKING:
    from sqlalchemy import URL

    from app.book.book import Book

SUFFIX = ".wuji"
CODE_HINTS = {False: "字母或数字，如 QS01；资产编号以它开头", True: "字母或数字，如 LS01"}
NAME_HINTS = {False: "如 青山信用社", True: "如 青山县联社"}


class NewBookDialog(FittingDialog):
    """新建账套: a file, or a union's book in an empty database."""

    def __init__(self, desk: Desk, parent: QWidget, *, url: URL | None = None) -> None:
        """`url`: the empty database in which the union's book is made."""
        super().__init__(parent)
        self.desk = desk
        self.look = desk.look
        self.url = url
        self.setWindowTitle("新建账套" if url is None else "新建联社账套")
        px = self.look.px
        self.setMinimumWidth(px(560))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(12))
        self.messages = Messages()
        self.worker = Worker(self.messages)
        layout.addWidget(MessageBar(self.look, self.messages))
        fields = QWidget()
        fields.setLayout(self._form())
        layout.addWidget(FittingArea(fields), 1)
        layout.addLayout(self._buttons())
        self._path_touched = False
        self._suggest_path()
        self.code.setFocus()

    def _form(self) -> QFormLayout:
        form = form_layout(self.look)
        self.union = QCheckBox("这是县联社的账套，接收各社的上报")
        self.union.toggled.connect(lambda on: self._show_union(form, on))
        form.addRow("", self.union)
        self.code = self._line(form, "机构代码", CODE_HINTS[False])
        self.name = self._line(form, "机构名称", NAME_HINTS[False])
        self.day = self._line(form, "基准日", "年-月-日，如 2006-12-31")
        self.day.setText(f"{date.today().year - 1}-12-31")
        show_in_full(self.day)
        self.day.editingFinished.connect(self._say_of_day)
        self.preparer = self._line(form, "初分人", "由谁填报")
        self.accountant = self._line(form, "会计", "由谁确认账务，不能是初分人（可以以后再登记）")
        self.head = self._line(form, "负责人", "由谁封印上报（可以以后再登记）")
        lines = (self.code, self.name, self.day, self.preparer, self.accountant, self.head)
        lead_through(lines, self.create_book)
        self.path = QLineEdit()
        self.path.setAccessibleName("保存在")
        self.path.textEdited.connect(self._touch_path)
        browse = QPushButton("选择…")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.setSpacing(self.look.px(6))
        row.addWidget(self.path, 1)
        row.addWidget(browse)
        form.addRow("保存在", row)
        form.addRow("", soft_label("账套就是这一个文件；拷走它，就带走了全部资料。"))
        for line in (self.code, self.name, self.day):
            line.textEdited.connect(lambda _text: self._suggest_path())
        if self.url is not None:
            self._take_to_database(form, self.url)
        return form

    def _take_to_database(self, form: QFormLayout, url: URL) -> None:
        """Only unions' books live in databases, and no file is asked for."""
        for row in range(form.rowCount() - 2, form.rowCount()):
            form.setRowVisible(row, False)
        self.union.setChecked(True)
        form.setRowVisible(self.union, False)
        place = f"放在数据库“{url.database}”（{url.host}），几个人可以同时用。"
        form.addRow("", soft_label(place))

    def _show_union(self, form: QFormLayout, on: bool) -> None:
        """A union has no accountant and no head of its own: its people are entered later."""
        label = form.labelForField(self.preparer)
        if isinstance(label, QLabel):
            label.setText("工作小组" if on else "初分人")
        self.code.setPlaceholderText(CODE_HINTS[on])
        self.name.setPlaceholderText(NAME_HINTS[on])
        self.preparer.setPlaceholderText("由谁接收、初审" if on else "由谁填报")
        for line in (self.accountant, self.head):
            form.setRowVisible(line, not on)
            line.clear()

    def _line(self, form: QFormLayout, label: str, hint: str) -> Line:
        line = Line()
        line.setAccessibleName(label)
        line.setPlaceholderText(hint)
        line.textEdited.connect(lambda _text: self.messages.clear())
        form.addRow(label, line)
        return line

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.create_button = push_button("建立账套", main=True)
        self.create_button.clicked.connect(self.create_book)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row.addStretch(1)
        row.addWidget(self.create_button)
        row.addWidget(cancel)
        return row

    def _touch_path(self) -> None:
        self._path_touched = True

    def _suggest_path(self) -> None:
        if self._path_touched:
            return
        stem = "".join(c for c in self.name.text().strip() if c not in '/\\:*?"<>|') or "账套"
        self.path.setText(str(free_path(remembered.book_folder(self.desk.settings), stem)))

    def _browse(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "账套保存在", self.path.text(), f"账套 (*{SUFFIX})"
        )
        if name:
            self._path_touched = True
            self.path.setText(name if name.endswith(SUFFIX) else name + SUFFIX)

    def create_book(self) -> None:
        """Checks what was given, makes the book and puts it on the desk."""
        day = typed_day(self.day.text())
        fault = self._fault(day)
        if fault is not None:
            told, line = fault
            self.messages.tell(told, kind="warning")
            line.setFocus(Qt.FocusReason.TabFocusReason)
        if fault is not None or day is None:
            return
        if self.url is not None:
            self._create_in_database(day)
            return
        with self.messages.guarded() as guard:
            book = self._maker(day)()
        if guard.ok:
            remembered.set_last_folder(self.desk.settings, book.path)
            self.accept()
            self.desk.take(book)

    def _create_in_database(self, base_date: date) -> None:
        """In the worker: a server that doesn't answer must not stop the window."""
        self.create_button.setEnabled(False)
        make = self._maker(base_date)
        job = self.worker.start("建立账套", lambda _progress: make(), self._created)
        job.ended.connect(lambda: self.create_button.setEnabled(True))

    def _created(self, book: Book) -> None:
        if not self.isVisible():
            # Somebody may be in it already, so nothing is taken out of the database again.
            book.close()
            self.desk.messages.tell(
                f"取消的时候，{book.institution.name}的账套已经建好，在“{book.name}”。",
                "要用它，点“连接联社数据库”；不要它，请管理员删掉这个数据库里的内容。",
                kind="warning",
            )
            return
        self.accept()
        self.desk.take(book)

    def done(self, result: int, /) -> None:
        """Closing waits for the server's answer, a few seconds at most."""
        self.hide()
        self.worker.close()
        super().done(result)

    def _fault(self, day: date | None) -> tuple[str, QLineEdit] | None:
        """What is wrong, and the line that it is to be mended in; None where all is well."""
        for line, words in ((self.code, "机构代码"), (self.name, "机构名称")):
            if not line.text().strip():
                return f"请填写{words}。", line
        if day is None:
            return BASE_DATE_UNREAD, self.day
        if not self.preparer.text().strip():
            who = "工作小组的人" if self.union.isChecked() else "初分人"
            return f"请填写{who}，每一处修改都要记下是谁做的。", self.preparer
        return self._same_person() or (self._fault_of_file() if self.url is None else None)

    def _say_of_day(self) -> None:
        """A date that can't be read is told as soon as it is left."""
        if typed_day(self.day.text()) is None:
            self.messages.tell(BASE_DATE_UNREAD, kind="warning")

    def _same_person(self) -> tuple[str, QLineEdit] | None:
        lines = (self.preparer, self.accountant, self.head)
        for before, line in combinations(lines, 2):
            name = line.text().strip()
            if name and name == before.text().strip():
                posts = f"{before.accessibleName()}和{line.accessibleName()}"
                return f"{posts}都是“{name}”，要由不同的人担任。", line
        return None

    def _fault_of_file(self) -> tuple[str, QLineEdit] | None:
        if not self.path.text().strip():
            return "请选择账套保存在哪里。", self.path
        if self._chosen_path().exists():
            told = f"“{self._chosen_path().name}”已经存在。请换一个文件名，或直接打开它。"
            return told, self.path
        return None

    def _chosen_path(self) -> Path:
        path = Path(self.path.text().strip())
        return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)

    def _maker(self, base_date: date) -> Callable[[], Book]:
        """What makes the book, with all that was typed: the worker may not look at the lines."""
        from app.book.types import Institution

        institution = Institution(self.code.text().strip(), self.name.text().strip())
        union = self.union.isChecked()
        place: Path | str = self._chosen_path()
        if self.url is not None:
            place = self.url.render_as_string(hide_password=False)
        roles = {self.accountant: "accountant", self.head: "head"}
        people = [(self.preparer.text().strip(), "working_group" if union else "preparer")]
        people += [(line.text().strip(), role) for line, role in roles.items()]

        def made() -> Book:
            from app.book.book import Book

            book = Book.create(place, institution, base_date, union=union)
            for name, role in people:
                if name:
                    book.add_person(name, role)
            return book

        return made


def free_path(folder: Path, stem: str) -> Path:
    """A file name for the book that isn't taken: 青山.wuji, 青山2.wuji and so on."""
    names = chain([stem], (f"{stem}{number}" for number in count(2)))
    return next(path for name in names if not (path := folder / f"{name}{SUFFIX}").exists())

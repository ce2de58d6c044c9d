"""The office's key and seal: making the key with a passphrase, its copies, the seal's picture."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui.ask import ask
from app.ui.buttons import make_main, push_button
from app.ui.desk import Desk
from app.ui.fields.base import Line
from app.ui.key_copy_card import KeyCopyCard
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.room import FittingArea, FittingDialog, form_layout
from app.ui.seal_card import SealCard
from app.ui.sign_line import soft_label
from app.ui.worker import Progress

SHORTEST = 8
TOO_SHORT = f"口令至少{SHORTEST}个字符。"
ANOTHER = (
    "现在的密钥 {code} 签过发出的文件，{others}认得它。另做一把以后，{others}要重新核对短码。"
    "只是换电脑或账套坏了，请用密钥副本恢复。"
)


class KeyDialog(FittingDialog):
    """密钥."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self.look = desk.look
        self.setWindowTitle("本社密钥和印章")
        px = self.look.px
        self.setMinimumWidth(px(520))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(12))
        self.has_key = False
        self.messages = Messages()
        layout.addWidget(MessageBar(self.look, self.messages))
        layout.addWidget(FittingArea(self._body()), 1)
        layout.addLayout(self._buttons())
        self._renew()

    def _body(self) -> QWidget:
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(self.look.px(12))
        self.state = QLabel()
        self.state.setWordWrap(True)
        layout.addWidget(self.state)
        desk = self.desk
        union = desk.book.is_union
        self.others = "各社" if union else "联社"
        signed = "回执和决定" if union else "每张表和上报包"
        layout.addWidget(
            soft_label(
                f"密钥给{signed}加上数字签名，{self.others}凭短码认出是本社做的。"
                f"口令忘记了不能找回，只能另做一把，再和{self.others}核对新的短码。"
            )
        )
        layout.addLayout(self._form())
        layout.addLayout(self._make_row())
        self.copies = KeyCopyCard(desk, self.messages)
        self.copies.taken.connect(self._renew)
        layout.addWidget(self.copies)
        self.seal = SealCard(desk, self.messages)
        layout.addWidget(self.seal)
        return body

    def _form(self) -> QFormLayout:
        form = form_layout(self.look)
        self.first, self.second = Line(), Line()
        for line, label in ((self.first, "口令"), (self.second, "再输一遍")):
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.setAccessibleName(label)
            form.addRow(label, line)
        self.first.textChanged.connect(self._choose_default)
        self.first.stepped.connect(self._step_from_first)
        self.second.stepped.connect(lambda step: self.make() if step > 0 else self.first.setFocus())
        self.first.setPlaceholderText(f"至少{SHORTEST}个字符")
        return form

    def _make_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.make_button = push_button("生成密钥", main=True)
        self.make_button.clicked.connect(self.make)
        row.addStretch(1)
        row.addWidget(self.make_button)
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.close_button = push_button("关闭")
        self.close_button.clicked.connect(self.accept)
        row.addStretch(1)
        row.addWidget(self.close_button)
        return row

    def _renew(self) -> None:
        from app.book.keys import office_key

        key = office_key(self.desk.book)
        self.has_key = key is not None
        if key is None:
            self.state.setText("本社还没有密钥。")
            self.make_button.setText("生成密钥")
        else:
            made = f"{key.created_at.astimezone():%Y-%m-%d}"
            by = f"由{key.created_by}" if key.created_by else ""
            self.state.setText(
                f"短码 {key.short_code}\n{made}{by}存入账套。"
                f"请把短码当面或打电话告诉{self.others}。"
            )
            self.make_button.setText("另做一把…")
        self.copies.renew(has_key=self.has_key)
        self._choose_default()

    def _choose_default(self) -> None:
        """Enter makes a key where there is none, or where a passphrase is typed for another."""
        make = not self.has_key or bool(self.first.text())
        make_main(self.make_button, main=make)
        self.close_button.setDefault(not make)

    def make(self) -> None:
        """Makes the key, after a question where the one there is has signed something."""
        passphrase = self.first.text()
        if len(passphrase) < SHORTEST:
            self._ask_again(TOO_SHORT)
            return
        if passphrase != self.second.text():
            self._ask_again("两次输入的口令不一样。")
            return
        from app.book.key_copies import key_has_signed
        from app.book.keys import office_key

        key = office_key(self.desk.book)
        if key is None or not key_has_signed(self.desk.book):
            self._make(passphrase)
            return
        text = ANOTHER.format(code=key.short_code, others=self.others)
        ask(
            self, self.look, title="另做一把密钥", text=text, action="另做一把",
            then=lambda: self._make(passphrase),
        )  # fmt: skip

    def _step_from_first(self, step: int) -> None:
        """Enter goes on to the second line; with nothing typed and a key made it closes."""
        if step < 0:
            return
        if self.has_key and not self.first.text():
            self.accept()
        elif len(self.first.text()) < SHORTEST:
            self._ask_again(TOO_SHORT)
        else:
            self.second.setFocus()

    def _ask_again(self, fault: str) -> None:
        """Nobody sees what stands there: both are empty again, not a beginning to go on from."""
        self.messages.tell(fault, "两格都已清空，请从头再输。", kind="warning")
        self.first.clear()
        self.second.clear()
        self.first.setFocus()

    def _make(self, passphrase: str) -> None:
        # Deriving from the passphrase takes a moment: not in this thread.
        self.make_button.setEnabled(False)
        book, by = self.desk.book, self.desk.by

        def work(_progress: Progress) -> str:
            from app.book.keys import create_key

            return create_key(book, passphrase, by=by).short_code

        job = self.desk.worker.start("生成密钥", work, self._made, quiet=True)
        job.ended.connect(lambda: self.make_button.setEnabled(True))

    def _made(self, short_code: str) -> None:
        self.first.clear()
        self.second.clear()
        self.messages.tell(f"密钥已生成，短码 {short_code}。", kind="good")
        self._renew()
        self.close_button.setFocus()  # there is nothing more to type
        self.desk.tell_saved()

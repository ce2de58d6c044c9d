"""密钥副本: the office's key saved in a file, and taken over from one on a new laptop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout

from app.errors import KnownError
from app.ui import remembered
from app.ui.ask import ask_passphrase
from app.ui.buttons import push_button
from app.ui.code_question import ask_code
from app.ui.desk import Desk
from app.ui.messages import Message, Messages, known_message
from app.ui.places import save_as, start_in
from app.ui.sign_line import soft_label
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.book.key_copies import KeyCopy

SAVE_FILTER = "密钥副本 (*.p12)"
OPEN_FILTER = "密钥副本 (*.p12 *.pfx);;全部 (*)"
WHAT_FOR = "换电脑或账套坏了，用副本恢复密钥，短码不变。副本请存放在别处。"
KEEP_IT = "请拷到U盘收好，不要只留在这台电脑上。打开它要用同一口令。"
SIGNED = "账套现在的密钥 {code} 签过发出的文件，{others}认可的可能是它。换下以后不再用它签名。"
UNUSED = "账套现在的密钥 {code} 换下以后不再使用。"
ASK_OTHERS = {
    False: "请打电话给联社，让联社念出记下的本社短码，逐字对过。",
    True: "请打电话给一家信用社，让它念出记下的联社短码，逐字对过。",
}
"""With whom an office, and a union, compares its own short code."""


class KeyCopyCard(QFrame):
    """Saves a copy of the key, or takes the key over from a copy."""

    taken = Signal()
    """The book has another key."""

    def __init__(self, desk: Desk, messages: Messages) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.messages = messages
        self.others = "各社" if desk.book.is_union else "联社"
        self.setProperty("surface", "card")
        px = self.look.px
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(14), px(12), px(14), px(12))
        layout.setSpacing(px(6))
        title = QLabel("密钥副本")
        title.setFont(self.look.font(bold=True))
        layout.addWidget(title)
        layout.addWidget(soft_label(WHAT_FOR))
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(8))
        self.save_button = push_button("保存密钥副本…")
        self.save_button.clicked.connect(self.ask_save)
        self.restore_button = push_button("用密钥副本恢复…")
        self.restore_button.clicked.connect(self.ask_restore)
        for button in (self.save_button, self.restore_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def renew(self, *, has_key: bool) -> None:
        """There is something to save only where there is a key."""
        self.save_button.setVisible(has_key)

    def _start(self, title: str, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Opens keys off the window's thread; what is refused is told here, above the card."""

        def guarded(_progress: Progress) -> Any:
            try:
                return work()
            except (KnownError, OSError) as error:
                told = known_message(error)
                if told is None:
                    raise
                return told

        def settled(result: Any) -> None:
            if isinstance(result, Message):
                self.messages.told.emit(result)
            else:
                done(result)

        self.desk.worker.start(title, guarded, settled, quiet=True, owner=self)

    # ── saving

    def ask_save(self) -> None:
        """Asks for the passphrase, and once it is right for the file."""
        ask_passphrase(
            self,
            self.look,
            title="保存密钥副本",
            text="副本用密钥现在的口令加密，打开时要输同一口令。",
            action="下一步…",
            then=self._check,
        )

    def _check(self, passphrase: str) -> None:
        book = self.desk.book

        def work() -> None:
            from app.book.keys import unlock

            unlock(book, passphrase)

        self._start("打开密钥", work, lambda _none: self._ask_file(passphrase))

    def _ask_file(self, passphrase: str) -> None:
        folder = Path(remembered.last_folder(self.desk.settings))
        suggestion = folder / f"{self.desk.book.institution.name}密钥副本.p12"
        out = save_as(self, "密钥副本保存在", suggestion, SAVE_FILTER)
        if out is not None:
            remembered.set_last_folder(self.desk.settings, out)
            self.save(out, passphrase)

    def save(self, out: Path, passphrase: str) -> None:
        """Writes the copy."""
        book = self.desk.book

        def work() -> None:
            from app.book.key_copies import save_key_copy

            save_key_copy(book, out, passphrase, replace=True)

        def done(_none: None) -> None:
            self.messages.tell(f"密钥副本已保存：{out}。", KEEP_IT, kind="good")

        self._start("保存密钥副本", work, done)

    # ── restoring

    def ask_restore(self) -> None:
        """Asks for the file and its passphrase."""
        folder = start_in(remembered.last_folder(self.desk.settings))
        name, _ = QFileDialog.getOpenFileName(self, "选择密钥副本", folder, OPEN_FILTER)
        if not name:
            return
        file = Path(name)
        remembered.set_last_folder(self.desk.settings, file)
        ask_passphrase(
            self,
            self.look,
            title="用密钥副本恢复",
            text=f"请输入“{file.name}”的口令，就是保存副本时密钥的口令。",
            action="打开副本",
            then=lambda passphrase: self.open(file, passphrase),
        )

    def open(self, file: Path, passphrase: str) -> None:
        """Looks into a copy; nothing is changed yet."""
        book = self.desk.book

        def work() -> tuple[KeyCopy, bool]:
            from app.book.key_copies import key_has_signed, open_key_copy

            return open_key_copy(book, file, passphrase), key_has_signed(book)

        self._start("打开密钥副本", work, lambda found: self._opened(*found))

    def _opened(self, copy: KeyCopy, signed: bool) -> None:
        code = copy.key.short_code
        if copy.same:
            self.messages.tell(
                f"这份副本能用：里面就是账套现在的密钥 {code}。账套没有改动。", kind="good"
            )
            return
        words = SIGNED if signed else UNUSED
        ask_code(
            self,
            self.look,
            title="用密钥副本恢复",
            text=f"副本里是{copy.name}的密钥，短码是：",
            code=code,
            warning=words.format(code=copy.earlier, others=self.others) if copy.earlier else "",
            how=ASK_OTHERS[self.desk.book.is_union],
            compared="已经核对，短码一致",
            action="换成这把密钥" if copy.earlier else "用这把密钥",
            then=lambda: self.take(copy),
        )

    def take(self, copy: KeyCopy) -> None:
        """The book takes the key over."""
        book, by = self.desk.book, self.desk.by

        def work() -> str:
            from app.book.key_copies import take_key_copy

            return take_key_copy(book, copy, by=by).short_code

        def done(code: str) -> None:
            self.messages.tell(f"密钥已恢复，短码 {code}。", "以后用副本的口令签名。", kind="good")
            self.desk.tell_saved()
            self.taken.emit()

        self._start("恢复密钥", work, done)

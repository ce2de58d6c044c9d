"""The union's answers on their way into an office's book."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui import remembered
from app.ui.desk import Desk

if TYPE_CHECKING:
    from app.package.receiving import Received, Sender

FILTER = "{}的回执或决定 (*.wjz)"
REFUSED = ("没有采用", "拒绝接收")
"""How a reason says itself that nothing was taken in."""


class Looked(Struct, frozen=True):
    """An answer before it is taken in: who made it, or why it does not count."""

    path: Path
    sender: Sender | None = None
    fault: str = ""


class AnswersJob(QObject):
    """Looks at an answer, has the union's key compared, takes it in; one file after the other."""

    received = Signal(object)
    """What an answer brought."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self.desk = desk
        self.other = "上级" if desk.book.is_union else "联社"
        """Whose answers these are."""
        self.window = window
        self._waiting: list[Path] = []

    def take_in(self, paths: Sequence[Path] | None = None) -> None:
        """Takes answers in; without any the files are asked for."""
        if not self.desk.need_person():
            return
        if paths is None:
            folder = remembered.last_folder(self.desk.settings)
            names, _ = QFileDialog.getOpenFileNames(
                self.window, f"接收{self.other}答复", folder, FILTER.format(self.other)
            )
            paths = [Path(name) for name in names]
        if paths:
            remembered.set_last_folder(self.desk.settings, paths[0])
            self._waiting = [path for path in paths if path.is_file()]
            self._next()

    def _next(self) -> None:
        if not self._waiting:
            return
        path, book = self._waiting.pop(0), self.desk.book

        def work(_progress: object) -> Looked:
            from app.package.errors import PackageError
            from app.package.receiving import sender_of

            try:
                return Looked(path, sender_of(book, path))
            except PackageError as fault:
                return Looked(path, fault=str(fault))

        self.desk.worker.start(f"查看{self.other}答复", work, self._looked, quiet=True)

    def _looked(self, found: Looked) -> None:
        if found.sender is None:
            self._refused(found.path, found.fault)
        elif found.sender.compared:
            self._receive(found.path, "")
        else:
            self._ask_key(found.path, found.sender)

    def _ask_key(self, path: Path, sender: Sender) -> None:
        from app.ui.union.key_question import ask_key

        other = sender.earlier if sender.earlier != sender.key_code else ""
        ask_key(
            self.window,
            self.desk.look,
            whose=f"{self.other}（{sender.union}）",
            code=sender.key_code,
            earlier=other,
            then=lambda: self._receive(path, sender.key_code),
            otherwise=self._next,
        )

    def _receive(self, path: Path, accept: str) -> None:
        book, by = self.desk.book, self.desk.by

        def work(_progress: object) -> Received | str:
            from app.book.errors import BookError
            from app.package.errors import PackageError
            from app.package.receiving import receive_answer

            try:
                return receive_answer(book, path, by=by, accept=accept)
            except (PackageError, BookError) as fault:
                return str(fault)

        self.desk.worker.start(
            f"接收{self.other}答复", work, lambda found: self._taken(path, found)
        )

    def _refused(self, path: Path, fault: str) -> None:
        said = fault if any(words in fault for words in REFUSED) else f"没有采用。{fault}"
        self.desk.messages.tell(f"{path.name}：{said}", kind="error")
        self._next()

    def _taken(self, path: Path, found: Received | str) -> None:
        if isinstance(found, str):
            self._refused(path, found)
            return
        # Rows were locked, opened, filled in; the period may have been closed.
        self.desk.enter_period(self.desk.book.period.id)
        self.desk.rows_were_changed()
        words = from_above_words(found) if self.desk.book.is_union else received_words(found)
        self.desk.messages.tell(words, kind="good")
        self.received.emit(found)
        self._next()


def from_above_words(found: Received) -> str:
    """What the level above has answered a union, and what is to be done with it."""
    from app.package.receiving import KINDS

    again = "以前已经登记过" if found.again else "已登记"
    words = f"{again}{found.union}的{KINDS[found.kind]}。"
    if found.differences:
        words += f"上级重新计算，有{found.differences}笔的类别或损失不同，请与上级核对。"
    if found.landed.determined:
        words += f"上级认定{len(found.landed.determined)}笔。"
    if found.landed.returned:
        words += f"上级退回{len(found.landed.returned)}笔。"
    if found.landed.passed_over:
        words += f"另有{len(found.landed.passed_over)}笔报出后又有改动，没有登记。"
    if found.landed.determined or found.landed.returned:
        words += "在“下发决定”页告诉信用社。"
    return words


def received_words(found: Received) -> str:
    """What an answer brought, in a sentence or two."""
    from app.package.receiving import KINDS

    again = "以前已经采用过" if found.again else "已采用"
    words = f"{again}{found.union}的{KINDS[found.kind]}。"
    if found.differences:
        words += f"联社重新计算，有{found.differences}笔的类别或损失不同，请与联社核对。"
    if found.landed.returned:
        words += f"退回{len(found.landed.returned)}笔，请补正后重新上报。"
    if found.landed.determined:
        words += f"认定{len(found.landed.determined)}笔，结果已记入账套。"
    if found.landed.closed:
        words += "本期已全部认定，台账已建立，本期关闭。"
    return words

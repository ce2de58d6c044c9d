"""Writing decisions: folder and passphrase asked for, made in the worker, told at the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.ui.desk import Desk
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.union.decisions import Decided


NOTHING = "没有写决定，结果仍等着告知。"


class DecisionsJob(QObject):
    """Outlives the page: making the decisions of a whole county takes a while."""

    made_some = Signal()

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self.desk = desk
        self.window = window
        self.folder: Path | None = None
        """Where the decisions of this sitting lie."""

    def ask(self, count: int) -> None:
        """Asks where the decisions go, and for the passphrase."""
        if not self.desk.need_person():
            return
        from app.ui.union.sign_dialog import ask_folder_and_passphrase

        day = self.desk.book.period.base_date
        ask_folder_and_passphrase(
            self.window,
            self.desk,
            title="写决定",
            text=f"为{count}家机构各写一份签名的决定。写好以后这些结果就算已经告知。",
            action="写决定",
            folder=self.desk.folder / f"决定{day}",
            then=self.write,
        )

    def write(self, out: Path, passphrase: str) -> None:
        """Writes the decisions in the worker; all of them or none."""
        book, by = self.desk.book, self.desk.by

        def work(progress: Progress) -> list[Decided]:
            from app.book.keys import unlock
            from app.union.decisions import decide

            return decide(book, out, unlock(book, passphrase), by=by, progress=progress)

        self.desk.worker.start("写决定", work, lambda made: self._made(made, out), undone=NOTHING)

    def _made(self, made: list[Decided], out: Path) -> None:
        self.folder = out
        returned = sum(one.returned for one in made)
        determined = sum(one.determined for one in made)
        words = "、".join(one.office.name for one in made[:3]) + ("等" if len(made) > 3 else "")
        self.desk.messages.tell(
            f"已写{len(made)}份决定（{words}）：退回{returned}笔，认定{determined}笔。",
            f"放在{out}，请交给信用社接收。",
            kind="good",
        )
        self.desk.rows_were_changed()
        self.made_some.emit()

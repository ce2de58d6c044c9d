"""Writing decisions and what goes up: folder and passphrase asked for, made in the worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.ui.desk import Desk
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.package.exporting import Exported
    from app.union.above import Above
    from app.union.decisions import Decided


NOTHING = "没有写决定，结果仍等着告知。"
NOT_SENT = "没有写上报包，什么也没有登记。"


class DecisionsJob(QObject):
    """Outlives the page: making the decisions of a whole county takes a while."""

    made_some = Signal()
    exclusive = Signal(bool)
    """True while nothing may be changed: what goes up is what was counted."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self.desk = desk
        self.window = window
        self.folder: Path | None = None
        """Where the last decisions or the last package of this sitting lie."""

    def ask(self, count: int) -> None:
        """Asks where the decisions go, and for the passphrase."""
        text = f"为{count}家机构各写一份签名的决定。写好以后这些结果就算已经告知。"
        self._ask_where("写决定", text, "写决定", "决定", self.write)

    def _ask_where(
        self, title: str, text: str, action: str, folder: str, then: Callable[[Path, str], None]
    ) -> None:
        if not self.desk.need_person():
            return
        from app.ui.union.sign_dialog import ask_folder_and_passphrase

        place = self.desk.folder / f"{folder}{self.desk.book.period.base_date}"
        ask_folder_and_passphrase(
            self.window, self.desk, title=title, text=text, action=action, folder=place, then=then
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

    # ── to the level above

    def ask_up(self, above: Above) -> None:
        """Asks where the package for the level above goes, and for the passphrase."""
        from app.ui.union.above_words import asked_words

        self._ask_where("报上级", asked_words(above), "写上报包", "报上级", self.send_up)

    def send_up(self, out: Path, passphrase: str) -> None:
        """Writes package, summary and reports in the worker, as `wuji export` does."""
        book, by = self.desk.book, self.desk.by

        def work(progress: Progress) -> Exported:
            from app.package.exporting import export_period

            return export_period(book, out, passphrase, by=by, progress=progress)

        self.exclusive.emit(True)
        job = self.desk.worker.start("报上级", work, self._sent_up, undone=NOT_SENT)
        job.ended.connect(lambda: self.exclusive.emit(False))

    def _sent_up(self, made: Exported) -> None:
        self.folder = made.package.parent
        self.desk.messages.tell(
            f"已写上报包{made.package.name}，封印码 {made.seal_code}。",
            f"连同汇总和报告放在{self.folder}，请把上报包交给上级。",
            kind="good",
        )
        self.desk.rows_were_changed()
        self.made_some.emit()

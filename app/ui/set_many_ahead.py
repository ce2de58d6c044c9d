"""What filling one field for many rows would do, counted in the worker while hands go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from app.book.opinions import OPINIONS
from app.ui.worker import Job, Progress, Worker

if TYPE_CHECKING:
    from app.book.filling import SetPlan
    from app.book.store import Store

PAUSE_MS = 300


class Wish(Struct, frozen=True):
    """What is to be filled in; `each`: what every row has of its own, instead of a value."""

    field: str
    value: Any
    each: bool
    columns: tuple[str, ...]
    """Printed columns whose words are looked at beside the remarks."""

    def plan(
        self, store: Store, table_id: str, row_ids: Sequence[str], progress: Progress
    ) -> SetPlan:
        """Counts; BookError for a value that can't be read."""
        from app.book.filling import plan_opinions, plan_set, plan_whole_amounts

        if not self.each:
            return plan_set(
                store, table_id, row_ids, self.field, self.value, progress, columns=self.columns
            )
        if self.field == OPINIONS[0]:
            return plan_opinions(store, table_id, row_ids, progress)
        return plan_whole_amounts(
            store, table_id, row_ids, self.field, progress, columns=self.columns
        )


class PlanAhead(QObject):
    """Asks a little after the last key; of several answers only that to the last wish is told."""

    found = Signal(object)
    """The plan."""

    def __init__(
        self, worker: Worker, store: Store, table_id: str, row_ids: Sequence[str], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._rows = (store, table_id, row_ids)
        self._wish: Wish | None = None
        self._job: Job | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.ask_now)

    @property
    def is_coming(self) -> bool:
        """Whether a plan is still to come."""
        return self._wish is not None

    def ask(self, wish: Wish) -> None:
        """Asks for the plan of this; what was asked before is not answered any more."""
        self.drop()
        self._wish = wish
        self._pause.start()

    def drop(self) -> None:
        """Nothing is asked: what is under way comes to nothing."""
        self._wish = None
        self._pause.stop()
        if self._job is not None:
            self._job.drop()
            self._job = None

    def ask_now(self) -> None:
        """Asks without waiting for another key."""
        wish = self._wish
        if wish is None:
            return
        self._pause.stop()

        rows = self._rows

        def work(progress: Progress) -> SetPlan:
            return wish.plan(*rows, progress)

        self._job = job = self._worker.start("预览", work, self._have, quiet=True)
        job.ended.connect(lambda: self._ended(job))

    def _have(self, plan: SetPlan) -> None:
        self._wish = self._job = None
        self.found.emit(plan)

    def _ended(self, job: Job) -> None:
        """A wish that was refused is not waited for."""
        if job is self._job:
            self._wish = self._job = None

"""Where a union's period stands: what is missing, in review, above, to be told; when it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.union.decisions import decisions_waiting
from app.union.offices import office_states

if TYPE_CHECKING:
    from app.book.book import Book
    from app.union.decisions import Waiting
    from app.union.offices import OfficeState

STEPS: Mapping[str, tuple[str, ...]] = {
    "待审查": ("submitted", "under_review"),
    "已审未认定": ("reviewed", "checked"),
    "已退回": ("returned",),
    "等上级认定": ("referred",),
}
"""What is not determined yet, as people say it."""


@dataclass(frozen=True, slots=True)
class PeriodState:
    """What of a union's period is done; nothing is locked by it."""

    rows: int
    missing: int
    """Offices that have to report and have not."""
    to_tell: int
    """Offices with results they have not been told."""
    stages: Mapping[str, int] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Whether every row is determined, and every office has reported and knows."""
        determined = self.stages.get("determined", 0)
        return 0 < self.rows == determined and not self.missing and not self.to_tell

    @property
    def words(self) -> str:
        """Where it stands, in a sentence or two; empty before anything came."""
        if not self.rows:
            return ""
        if self.done:
            return (
                f"本期已办结：{self.rows}笔全部认定，决定都已下发。"
                "以后要改的，在“认定”凭理由重新认定，再下发决定。"
            )
        open_ = {word: sum(self.stages.get(one, 0) for one in step) for word, step in STEPS.items()}
        parts = [f"{word}{count}笔" for word, count in open_.items() if count]
        parts += [f"{self.missing}家还没有上报"] if self.missing else []
        parts += [f"{self.to_tell}家有结果等下发决定"] if self.to_tell else []
        return f"本期还没有办完：{'，'.join(parts)}。"


def state_of(
    states: Sequence[OfficeState], waiting: Sequence[Waiting], *, newest: bool = True
) -> PeriodState:
    """The state from what is known of the offices.

    Of an earlier period nobody is missing: who was registered since had nothing to report.
    """
    stages: Counter[str] = Counter()
    for one in states:
        stages.update(one.stages)
    missing = sum(one.lacking for one in states) if newest else 0
    return PeriodState(sum(one.rows for one in states), missing, len(waiting), stages)


def is_newest(book: Book) -> bool:
    """Whether the chosen period is the last one."""
    return book.period.id == book.periods()[-1].id


def period_states(book: Book) -> dict[int, PeriodState]:
    """Every period's state by its id; the chosen period stays chosen."""
    chosen = book.period.id
    found: dict[int, PeriodState] = {}
    newest = book.periods()[-1].id
    try:
        for period in book.periods():
            book.select_period(period.id)
            found[period.id] = state_of(
                office_states(book), decisions_waiting(book), newest=period.id == newest
            )
    finally:
        book.select_period(chosen)
    return found

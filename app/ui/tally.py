"""How much there is and how much of it is left to do: what navigation and overview show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.standing import Standing
    from app.book.types import TableProgress
    from app.union.period_state import PeriodState


@dataclass(frozen=True, slots=True)
class UnionCounts:
    """What waits at each step of the union's work."""

    expected: int = 0
    reported: int = 0
    to_review: int = 0
    to_check: int = 0
    """Rows that the managing department has to look at."""
    to_audit: int = 0
    to_determine: int = 0
    to_decide: int = 0
    """Offices with something to be told."""
    to_send_up: int = 0
    """Rows beyond the union's authority that have not gone up."""
    period: PeriodState | None = None
    """Where the period stands; None before it was counted."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a period."""

    progress: Mapping[str, TableProgress] = field(default_factory=dict)
    sheets: int = 0
    """Sheets of table 2."""
    unfinished_sheets: int = 0
    sheet_errors: int = 0
    differences: int = 0
    """Subjects and listings that differ without a kept reason."""
    questions: int = 0
    """Questions of the union that are still without an answer."""
    followups: int = 0
    """Lines of the ledger (台账)."""
    union: UnionCounts = field(default_factory=UnionCounts)
    """In a union's book."""
    now: Standing | None = None
    """Figures by table and class, once they are counted."""
    last: Standing | None = None
    """The same of the last period, where there is one."""

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(one.rows for one in self.progress.values())

    @property
    def finished(self) -> int:
        """Rows without an error."""
        return sum(one.finished for one in self.progress.values())

    @property
    def errors(self) -> int:
        """Errors in rows and sheets."""
        return sum(one.errors for one in self.progress.values()) + self.sheet_errors

    @property
    def warnings(self) -> int:
        """Warnings that nobody has kept."""
        return sum(one.warnings for one in self.progress.values()) + self.differences

    @property
    def carrying_amount(self) -> Decimal:
        """The sum of all rows."""
        return sum((one.carrying_amount for one in self.progress.values()), Decimal("0.00"))

    def loss(self, table_id: str) -> Decimal:
        """The expected loss of a table that counts: determined, else reviewed, else reported."""
        if self.now is not None:
            return self.now.loss(table_id)
        return self.progress[table_id].expected_loss

    @property
    def expected_loss(self) -> Decimal:
        """The losses of all tables that count."""
        return sum((self.loss(table_id) for table_id in self.progress), Decimal("0.00"))

    @property
    def decided_otherwise(self) -> bool:
        """Whether the losses that count differ from those the rows were reported with."""
        return any(self.loss(key) != one.expected_loss for key, one in self.progress.items())


def taken(book: Book) -> Tally:
    """Counts again; several queries over all rows."""
    if book.is_union:
        return Tally(progress=book.progress(), union=_union_counts(book))
    from app.book.big_losses import sheet_evaluation, written
    from app.book.checks import with_kept
    from app.book.followups import followup_count
    from app.book.ledger import findings
    from app.book.marks import returned_rows
    from app.book.standing import standing

    errors = [sheet_evaluation(book.store, sheet.own).error_count for sheet in written(book.store)]
    ledger = with_kept(book.store, findings(book.store))
    now, last = standing(book.store)
    return Tally(
        now=now,
        last=last,
        progress=book.progress(),
        sheets=len(errors),
        unfinished_sheets=sum(count > 0 for count in errors),
        sheet_errors=sum(errors),
        differences=sum(finding.open for finding in ledger),
        questions=sum(one.open for one in returned_rows(book.store)),
        followups=followup_count(book.store),
    )


def _union_counts(book: Book) -> UnionCounts:
    from app.union.above import above_state
    from app.union.decisions import decisions_waiting
    from app.union.offices import office_states
    from app.union.period_state import is_newest, state_of
    from app.union.queue import waiting_count
    from app.union.waiting import checked_first

    states, waiting = office_states(book), decisions_waiting(book)
    stages: Counter[str] = Counter()
    for one in states:
        stages.update(one.stages)
    department, roles = checked_first(book), {person.role for person in book.people()}
    ready = ("checked",) if department else ("reviewed", "checked")
    return UnionCounts(
        expected=sum(one.expected for one in states),
        reported=sum(one.expected and one.state != "missing" for one in states),
        to_review=stages["submitted"] + stages["under_review"],
        to_check=stages["reviewed"] if department else 0,
        to_audit=waiting_count(book, "audit") if "auditor" in roles else 0,
        to_determine=sum(stages[stage] for stage in ready),
        to_decide=len(waiting),
        to_send_up=above_state(book).new,
        period=state_of(states, waiting, newest=is_newest(book)),
    )

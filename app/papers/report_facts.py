"""What a report is drafted from: every row looked at once, gathered by table, class and reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from app.forms.classes import FiveClass
from app.forms.evaluation import Evaluation
from app.forms.values import choice_label

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Row
    from app.forms.table import Table

ZERO = Decimal("0.00")
LOSS_BAND = "common.loss_band"
STRICTER = "opinion.stricter"
"""Stands for the rule where somebody chose another class than the suggested one."""
_STEP = 200
MOST_MEASURES = 6
"""Rows of a table whose measures a report prints."""
_MISBOOKED = ("misbooked", "wrong_subject")
_OTHER_VIOLATION = "other_violation"


@dataclass(slots=True)
class Gathered:
    """Rows that have something in common."""

    title: str
    example: str = ""
    rows: list[str] = field(default_factory=list)
    amount: Decimal = ZERO
    loss: Decimal = ZERO

    def add(self, row: RowFacts) -> None:
        """Takes a row in."""
        self.rows.append(row.id)
        self.amount += row.amount
        self.loss += row.loss

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What reports say of a single row."""

    id: str
    table_id: str
    name: str
    subject: str
    amount: Decimal
    loss: Decimal
    five: FiveClass | None
    last: FiveClass | None
    rule: str
    """The rule that decided, or STRICTER."""
    reason: str
    held: tuple[str, ...] = ()
    """Every rule that held, the deciding one first."""


@dataclass(frozen=True, slots=True)
class BookedItem:
    """A row that stands in the wrong place of the books."""

    row: RowFacts
    what: str
    amount: Decimal | None
    """What is wrongly booked, where it was said."""
    note: str


def _by_amount(measured: tuple[RowFacts, str]) -> Decimal:
    return -measured[0].amount


@dataclass(slots=True)
class TableFacts:
    """One determination table."""

    table: Table
    groups: dict[tuple[FiveClass, str], Gathered] = field(default_factory=dict)
    """The rows worse than normal by class and deciding rule."""
    classes: dict[FiveClass | None, Gathered] = field(default_factory=dict)
    rules: dict[str, list[str]] = field(default_factory=dict)
    """Every rule that held, with its rows."""
    measures: list[tuple[RowFacts, str]] = field(default_factory=list)
    """Of the largest rows only: their texts would be half of what a county's report holds."""
    without_measures: list[str] = field(default_factory=list)
    """Rows worse than normal that say nothing of what was done."""
    booked: list[BookedItem] = field(default_factory=list)
    violations: list[BookedItem] = field(default_factory=list)
    disagreements: dict[str, Gathered] = field(default_factory=dict)
    incomplete: list[tuple[RowFacts, str]] = field(default_factory=list)
    lacking: dict[str, list[str]] = field(default_factory=dict)
    """Papers asked for and not attached, with their rows."""

    def of(self, five: FiveClass | None) -> Gathered:
        """The rows of a class."""
        return self.classes.get(five, Gathered(""))

    def note_measures(self, facts: RowFacts, text: str) -> None:
        """Keeps what was done about a row, as long as it is among the largest."""
        self.measures.append((facts, text))
        if len(self.measures) > 2 * MOST_MEASURES:
            self.measures.sort(key=_by_amount)
            del self.measures[MOST_MEASURES:]

    def largest_measures(self) -> list[tuple[RowFacts, str]]:
        """What was done about the largest rows, as many as a report prints."""
        return sorted(self.measures, key=_by_amount)[:MOST_MEASURES]

    @property
    def count(self) -> int:
        """How many rows the table has."""
        return sum(found.count for found in self.classes.values())


@dataclass(slots=True)
class ReportFacts:
    """A whole period."""

    stage: str
    tables: list[TableFacts]
    moved: list[RowFacts] = field(default_factory=list)
    """Rows whose class is another than last period's."""
    losses: list[RowFacts] = field(default_factory=list)


def report_facts(
    book: Book, stage: str, progress: Callable[[int, int], None] | None = None
) -> ReportFacts:
    """Reads every row of the period once, with its class and loss at the stage."""
    classes = _at_stage(book, stage)
    gatherer = _Gatherer(book, classes)
    count = len(classes)
    for number, row in enumerate(book.rows()):
        if progress is not None and number % _STEP == 0:
            progress(number, count)
        gatherer.take(row)
    filled = [facts for facts in gatherer.tables.values() if facts.count]
    return ReportFacts(stage, filled, gatherer.moved, gatherer.losses)


def _at_stage(book: Book, stage: str) -> dict[str, tuple[FiveClass | None, Decimal]]:
    from app.book.stage_classes import classes_at

    return classes_at(book, stage)


class _Gatherer:
    """Sorts rows while they go by."""

    def __init__(self, book: Book, classes: dict[str, tuple[FiveClass | None, Decimal]]) -> None:
        self.book = book
        self.classes = classes
        self.tables = {table.id: TableFacts(table) for table in book.ruleset.row_tables}
        self.moved: list[RowFacts] = []
        self.losses: list[RowFacts] = []

    def take(self, row: Row) -> None:
        """Looks at one row."""
        evaluation = self.book.evaluate(row)
        facts, table = self._facts(row, evaluation), self.tables[row.table_id]
        table.classes.setdefault(facts.five, Gathered("")).add(facts)
        for reason in evaluation.reasons:
            table.rules.setdefault(reason.rule, []).append(row.id)
        if facts.five is not None and facts.five is not FiveClass.NORMAL:
            self._worse_than_normal(table, facts, evaluation)
        if facts.last is not None and facts.five is not None and facts.last is not facts.five:
            self.moved.append(facts)
        if facts.five is FiveClass.LOSS:
            self.losses.append(facts)
        self._booking(table, facts, evaluation)
        self._papers(table, facts, evaluation)

    def _facts(self, row: Row, evaluation: Evaluation) -> RowFacts:
        # Taken out, so that what is read shrinks while what is gathered grows.
        five, loss = self.classes.pop(row.id, (None, ZERO))
        amount = evaluation.typed.get("carrying_amount")
        rule, reason = _decided_by(evaluation, five)
        return RowFacts(
            row.id,
            row.table_id,
            _text(evaluation, "name"),
            _text(evaluation, "subject"),
            amount if isinstance(amount, Decimal) else ZERO,
            loss,
            five,
            row.last_class,
            rule,
            reason,
            tuple(found.rule for found in evaluation.reasons),
        )

    @staticmethod
    def _worse_than_normal(table: TableFacts, facts: RowFacts, evaluation: Evaluation) -> None:
        assert facts.five is not None
        basis = next((r.printed_basis for r in evaluation.reasons if r.rule == facts.rule), "")
        group = table.groups.setdefault((facts.five, facts.rule), Gathered(basis, facts.reason))
        group.add(facts)
        measures = _text(evaluation, "wp_measures")
        if measures:
            table.note_measures(facts, measures)
        else:
            table.without_measures.append(facts.id)

    def _booking(self, table: TableFacts, facts: RowFacts, evaluation: Evaluation) -> None:
        compliance = _text(evaluation, "compliance")
        if compliance in (*_MISBOOKED, _OTHER_VIOLATION):
            field_ = evaluation.table.fields["compliance"]
            amount = evaluation.typed.get("compliance_amount")
            item = BookedItem(
                facts,
                choice_label(field_, compliance),
                amount if isinstance(amount, Decimal) else None,
                _text(evaluation, "compliance_note") or _text(evaluation, "remarks"),
            )
            (table.booked if compliance in _MISBOOKED else table.violations).append(item)
        elif evaluation.typed.get("should_be_consumable") is True:
            label = evaluation.table.fields["should_be_consumable"].label
            table.booked.append(BookedItem(facts, label, facts.amount, ""))
        accuracy = evaluation.typed.get("accuracy")
        for code in accuracy if isinstance(accuracy, tuple) else ():
            label = choice_label(evaluation.table.fields["accuracy"], code)
            table.disagreements.setdefault(label, Gathered(label)).add(facts)

    @staticmethod
    def _papers(table: TableFacts, facts: RowFacts, evaluation: Evaluation) -> None:
        if evaluation.typed.get("records_complete") is False:
            table.incomplete.append((facts, _text(evaluation, "records_note")))
        for need in evaluation.evidence:
            if need.present is False:
                table.lacking.setdefault(need.paper, []).append(facts.id)


def _decided_by(evaluation: Evaluation, five: FiveClass | None) -> tuple[str, str]:
    """The rule that led to the class and what it found; a person's reason where he chose it."""
    if five is not None and evaluation.suggested is not None and five is not evaluation.suggested:
        return STRICTER, _opinion_reason(evaluation, five)
    reasons = evaluation.reasons
    if not reasons:
        return "", ""
    # A rule that says why tells more than the rate of the loss.
    top = [reason for reason in reasons if reason.floor is reasons[0].floor]
    chosen = next((reason for reason in top if reason.rule != LOSS_BAND), top[0])
    return chosen.rule, chosen.text


def _opinion_reason(evaluation: Evaluation, five: FiveClass) -> str:
    for stage in ("determined", "review", "initial"):
        if evaluation.typed.get(f"{stage}_class") is five:
            return _text(evaluation, f"{stage}_reason")
    return ""


def _text(evaluation: Evaluation, key: str) -> str:
    value = evaluation.typed.get(key)
    return value if isinstance(value, str) else ""

"""Indicators of a stage: non-performing ratio, expected loss, coverage, progress; by SQL, exact."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import ColumnElement, func, select

from app.book.coding import to_yuan
from app.book.summary import LOSSES, STAGES, need_stage
from app.forms.classes import BY_CODE, FiveClass
from app.models.tables import balances, offices, rows

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store

CoverageBase = Literal["expected_loss", "non_performing"]
ZERO = Decimal("0.00")
TOTAL = ""
"""The key of the line that all others lead to."""


@dataclass(frozen=True, slots=True)
class ClassSum:
    """What the rows of one class add up to."""

    count: int = 0
    amount: Decimal = ZERO
    loss: Decimal = ZERO

    def plus(self, other: ClassSum) -> ClassSum:
        """Both together."""
        return ClassSum(
            self.count + other.count, self.amount + other.amount, self.loss + other.loss
        )


@dataclass(frozen=True, slots=True)
class Indicators:
    """The indicators of one table, or of all rows; before netting, so that they add up."""

    key: str
    title: str
    classes: Mapping[FiveClass, ClassSum]
    unreviewed: ClassSum
    """Rows without an opinion at this stage."""
    provisions: Decimal
    base: CoverageBase
    """What provisions are measured against: a setting of the rule set."""

    @property
    def all(self) -> ClassSum:
        """All rows together."""
        return _together([*self.classes.values(), self.unreviewed])

    @property
    def bad(self) -> ClassSum:
        """Substandard, doubtful and loss."""
        return _together(sums for five, sums in self.classes.items() if five.non_performing)

    @property
    def non_performing_ratio(self) -> Fraction:
        """Non-performing ÷ all assets; 0 where there are none."""
        return ratio(self.bad.amount, self.all.amount)

    @property
    def loss_rate(self) -> Fraction:
        """Expected loss ÷ all assets."""
        return ratio(self.all.loss, self.all.amount)

    @property
    def bad_loss_rate(self) -> Fraction:
        """Expected loss of the non-performing assets ÷ their amount."""
        return ratio(self.bad.loss, self.bad.amount)

    @property
    def coverage(self) -> Fraction | None:
        """Provisions held ÷ expected loss or non-performing balance; None where that is 0."""
        whole = self.all.loss if self.base == "expected_loss" else self.bad.amount
        return ratio(self.provisions, whole) if whole else None


@dataclass(frozen=True, slots=True)
class IndicatorSheet:
    """The indicators of every table that has rows or provisions, and of all together."""

    stage: str
    lines: tuple[Indicators, ...]
    total: Indicators

    def line(self, key: str) -> Indicators | None:
        """The indicators of a table, None when it has neither rows nor provisions."""
        return next((line for line in (*self.lines, self.total) if line.key == key), None)


def ratio(part: Decimal, whole: Decimal) -> Fraction:
    """Part ÷ whole, exactly; 0 for nothing of nothing."""
    return Fraction(part) / Fraction(whole) if whole else Fraction(0)


def _together(parts: Iterable[ClassSum]) -> ClassSum:
    total = ClassSum()
    for part in parts:
        total = total.plus(part)
    return total


def indicators(
    book: Book,
    stage: str = "initial",
    *,
    period_id: int | None = None,
    offices: Collection[str] | None = None,
) -> IndicatorSheet:
    """The indicators of a stage (suggested, initial, reviewed, determined) and period.

    `offices`: only those of a union's book.
    """
    need_stage(stage)
    store = book.store
    period = store.period.id if period_id is None else period_id
    sums = _sums(store, stage, period, rows.c.table_id, offices)
    provisions, unassigned = _provisions(store, period, offices)
    base = store.ruleset.definition.coverage_base
    lines = tuple(
        _line(
            table.id,
            table.short_title,
            sums.get(table.id, {}),
            provisions.get(table.id, ZERO),
            base,
        )
        for table in store.ruleset.row_tables
        if table.id in sums or provisions.get(table.id)
    )
    return IndicatorSheet(stage, lines, total_of(lines, base, unassigned))


def total_of(
    lines: Iterable[Indicators], base: CoverageBase, unassigned: Decimal = ZERO
) -> Indicators:
    """All lines together; ``unassigned`` are provisions that belong to no single one."""
    parts = list(lines)
    classes = {five: _together(part.classes[five] for part in parts) for five in FiveClass}
    held = sum((part.provisions for part in parts), unassigned)
    return Indicators(
        TOTAL, "合计", classes, _together(part.unreviewed for part in parts), held, base
    )


def _line(
    key: str,
    title: str,
    sums: Mapping[FiveClass | None, ClassSum],
    provisions: Decimal,
    base: CoverageBase,
) -> Indicators:
    classes = {five: sums.get(five, ClassSum()) for five in FiveClass}
    return Indicators(key, title, classes, sums.get(None, ClassSum()), provisions, base)


def office_indicators(
    book: Book, stage: str = "initial", *, period_id: int | None = None
) -> tuple[Indicators, ...]:
    """The indicators of each office whose rows a union's book holds, by the office's code."""
    need_stage(stage)
    store = book.store
    period = store.period.id if period_id is None else period_id
    sums = _sums(store, stage, period, rows.c.institution)
    with store.read() as connection:
        names = {line.code: line.name for line in connection.execute(select(offices))}
    provisions: dict[str, Decimal] = {}
    for office, _, held in _held(store, period):
        provisions[office] = provisions.get(office, ZERO) + held
    base = store.ruleset.definition.coverage_base
    return tuple(
        _line(code, names.get(code, code), sums[code], provisions.get(code, ZERO), base)
        for code in sorted(sums)
        if code
    )


def _sums(
    store: Store,
    stage: str,
    period: int,
    key: ColumnElement[str],
    wanted: Collection[str] | None = None,
) -> dict[str, dict[FiveClass | None, ClassSum]]:
    """What the rows add up to, by a column and the class at the stage."""
    class_ = STAGES[stage]
    query = (
        select(
            key.label("key"),
            class_.label("class_"),
            func.count().label("rows"),
            func.coalesce(func.sum(rows.c.carrying_amount), 0).label("amount"),
            func.coalesce(func.sum(LOSSES[stage]), 0).label("loss"),
        )
        .where(rows.c.period_id == period, rows.c.table_id.in_(store.ruleset.tables))
        .group_by(key, class_)
    )
    if wanted is not None:
        query = query.where(rows.c.institution.in_(wanted))
    found: dict[str, dict[FiveClass | None, ClassSum]] = {}
    with store.read() as connection:
        for line in connection.execute(query):
            five = BY_CODE[line.class_] if line.class_ else None
            found.setdefault(line.key, {})[five] = class_sum(line)
    return found


def class_sum(line: Any) -> ClassSum:
    """The sums of a line of SQL that has rows, amount and loss in fen."""
    return ClassSum(line.rows, to_yuan(line.amount), to_yuan(line.loss))


def _provisions(
    store: Store, period: int, wanted: Collection[str] | None
) -> tuple[dict[str, Decimal], Decimal]:
    """Provisions by table, and those that belong to no single one."""
    found: dict[str, Decimal] = {}
    for _, table_id, held in _held(store, period, wanted):
        found[table_id] = found.get(table_id, ZERO) + held
    return found, found.get("", ZERO)


def _held(
    store: Store, period: int, wanted: Collection[str] | None = None
) -> Iterator[tuple[str, str, Decimal]]:
    """Provisions with their office and table: as typed; of an office that typed none its ledger's.

    The ledger's name no table; counter-accounts that belong to one make up its net amounts and are
    no provisions.
    """
    query = select(balances).where(balances.c.period_id == period)
    if wanted is not None:
        query = query.where(balances.c.institution.in_(wanted))
    typed: dict[str, list[tuple[str, str, Decimal]]] = {}
    ledger: dict[str, list[tuple[str, str, Decimal]]] = {}
    with store.read() as connection:
        lines = connection.execute(query).all()
    for line in lines:
        subject, office = store.chart.get(line.subject), line.institution
        if line.provisions:
            table_id, amount = subject.table if subject else "", to_yuan(line.provisions)
            typed.setdefault(office, []).append((office, table_id, amount))
        elif subject is not None and subject.side == "credit" and not subject.table:
            ledger.setdefault(office, []).append((office, "", to_yuan(line.credit)))
    for office in {**ledger, **typed}:
        yield from typed.get(office) or ledger[office]


def progress_over_time(before: Indicators, now: Indicators) -> Fraction:
    """Previous non-performing ratio less the present one: above 0 is better."""
    return before.non_performing_ratio - now.non_performing_ratio


def progress_across(ratios: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The mean of the offices' ratios less each one's own: above 0 is better than the others."""
    if not ratios:
        return {}
    mean = sum(ratios.values(), Fraction(0)) / len(ratios)
    return {office: mean - own for office, own in ratios.items()}

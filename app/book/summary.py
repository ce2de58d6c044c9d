"""The consolidated summary, by SQL: lines of the rule set, amounts per class, ratios."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table, func, literal, select

from app.book.coding import to_yuan
from app.book.errors import BookError
from app.book.opinions import LATEST
from app.forms.classes import BY_CODE, FiveClass
from app.forms.schema import Subject, SummaryLine
from app.models.functions import json_part
from app.models.tables import balances, rows

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store

STAGES: Mapping[str, ColumnElement[Any]] = {
    "suggested": rows.c.suggested,
    "initial": rows.c.initial_class,
    "reviewed": rows.c.review_class,
    "determined": rows.c.determined_class,
    "latest": LATEST,
}
"""The class that counts at a stage; `latest`: what a row ended its period with."""
_LATEST_LOSS = func.coalesce(
    rows.c.determined_loss, rows.c.review_loss, rows.c.expected_loss, literal(0)
)
LOSSES: Mapping[str, ColumnElement[Any]] = {
    "suggested": rows.c.expected_loss,
    "initial": rows.c.expected_loss,
    "reviewed": func.coalesce(rows.c.review_loss, rows.c.expected_loss, literal(0)),
    "determined": _LATEST_LOSS,
    "latest": _LATEST_LOSS,
}
"""The expected loss that counts at a stage, in fen: what a stage did not change stands."""
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line of the summary; amounts in yuan, exact."""

    key: str
    title: str
    level: int
    balance: Decimal
    """General-ledger balance; of netting subjects the reported net one."""
    classified: Decimal
    classes: Mapping[FiveClass, Decimal]
    unreviewed: Decimal
    """Rows without an opinion at this stage (未审)."""
    expected_loss: Decimal
    count: int
    difference: Decimal | None
    """Ledger less classified, netting subjects left out; None where there are only such."""
    exceeding: tuple[str, ...]
    """Netting subjects whose last three classes exceed the reported figure: to be explained."""
    sum_of: tuple[str, ...]
    subjects: tuple[str, ...]

    @property
    def performing(self) -> Decimal:
        """Normal and special mention."""
        return self.classes[FiveClass.NORMAL] + self.classes[FiveClass.SPECIAL_MENTION]

    @property
    def non_performing(self) -> Decimal:
        """Substandard, doubtful and loss."""
        return sum((self.classes[c] for c in FiveClass if c.non_performing), ZERO)

    @property
    def non_performing_ratio(self) -> Fraction:
        """Non-performing ÷ classified; 0 where nothing is classified."""
        return _ratio(self.non_performing, self.classified)

    @property
    def loss_rate(self) -> Fraction:
        """Expected loss ÷ classified; 0 where nothing is classified."""
        return _ratio(self.expected_loss, self.classified)


@dataclass(frozen=True, slots=True)
class Summary:
    """The consolidated summary of a period at one stage."""

    stage: str
    netted: bool
    lines: tuple[SummaryRow, ...]

    def line(self, key: str) -> SummaryRow:
        """The line of this key (KeyError for an unknown one)."""
        return {line.key: line for line in self.lines}[key]

    @property
    def total(self) -> SummaryRow:
        """The line that all others lead to."""
        part_of_another = {key for line in self.lines for key in line.sum_of}
        return next(line for line in reversed(self.lines) if line.key not in part_of_another)


def _ratio(part: Decimal, whole: Decimal) -> Fraction:
    return Fraction(part) / Fraction(whole) if whole else Fraction(0)


@dataclass
class _Sums:
    """Whole fen and counts of what falls into one line."""

    balance: int = 0
    classes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unreviewed: int = 0
    loss: int = 0
    count: int = 0
    difference: int = 0
    """Ledger less rows, of the subjects that are checked."""
    checked: bool = False
    netting: bool = False
    reported: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Of netting subjects: the reported figure less the last three classes."""

    def add_balance(self, subject: Subject, amount: int) -> None:
        """The ledger's figure for one subject."""
        self.balance += amount
        if subject.netting:
            self.netting = True
            self.reported[subject.code] += amount
        else:
            self.checked = True
            self.difference += amount

    def add_rows(self, subject: Subject | None, line: Any, *, netted: bool) -> None:
        """Rows of one subject and class; of a netted subject only the last three classes count."""
        class_ = BY_CODE[line.class_] if line.class_ else None
        netting = subject is not None and subject.netting
        if subject is not None and netting:
            self.netting = True
            self.reported[subject.code] -= line.amount if class_ and class_.non_performing else 0
        else:
            self.checked = True
            self.difference -= line.amount
        if class_ is None:
            self.unreviewed += line.amount
        elif netted and netting and not class_.non_performing:
            return
        else:
            self.classes[class_.value] += line.amount
        self.loss += line.loss
        self.count += line.rows

    def add(self, other: _Sums) -> None:
        """Another line's sums."""
        for name in ("balance", "unreviewed", "loss", "count", "difference"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for class_, amount in other.classes.items():
            self.classes[class_] += amount
        for code, amount in other.reported.items():
            self.reported[code] += amount
        self.checked = self.checked or other.checked
        self.netting = self.netting or other.netting

    @property
    def shown_difference(self) -> Decimal | None:
        """The difference, None where only netting subjects fell into the line."""
        return None if self.netting and not self.checked else to_yuan(self.difference)


def consolidated_summary(
    book: Book,
    stage: str = "initial",
    *,
    netted: bool = True,
    period_id: int | None = None,
    offices: Collection[str] | None = None,
) -> Summary:
    """The summary at a stage: suggested, initial, reviewed, determined, latest.

    `netted=False` gives the base summary before netting; `period_id` an earlier period of the book
    by the lines of the present rule set, for the comparison; `offices` only those of a union's.
    """
    return summary_of(book.store, stage, netted=netted, period_id=period_id, offices=offices)


def furthest_stage(book: Book) -> str:
    """The last stage that has an opinion on every row; the initial one where none has."""
    later = ("reviewed", "determined")
    counts = [func.count(STAGES[stage]) for stage in later]
    query = select(func.count(), *counts).where(rows.c.period_id == book.period.id)
    with book.store.read() as connection:
        every, *given = connection.execute(query).one()
    reached = "initial"
    for stage, count in zip(later, given, strict=True):
        if 0 < count == every:
            reached = stage
    return reached


def need_stage(stage: str) -> None:
    """Refuses the name of a stage that there is not."""
    if stage not in STAGES:
        raise BookError(f"没有“{stage}”这个阶段。可选：{'、'.join(STAGES)}。")


def summary_of(
    store: Store,
    stage: str,
    *,
    netted: bool,
    period_id: int | None = None,
    offices: Collection[str] | None = None,
) -> Summary:
    """The summary, made from the store."""
    need_stage(stage)
    period = store.period.id if period_id is None else period_id
    definition = store.ruleset.summary
    sums = {line.key: _Sums() for line in definition}
    _add_balances(store, _of(balances, period, offices), definition, sums)
    _add_rows(store, _of(rows, period, offices), definition, sums, stage, netted=netted)
    _add_parts(definition, sums)
    lines = tuple(_line(line, sums[line.key]) for line in definition)
    return Summary(stage, netted, lines)


def _of(table: Table, period: int, offices: Collection[str] | None) -> ColumnElement[bool]:
    """What belongs to a period, and to these offices where some are named."""
    found = table.c.period_id == period
    return found if offices is None else found & table.c.institution.in_(offices)


def _line(definition: SummaryLine, sums: _Sums) -> SummaryRow:
    classes = {c: to_yuan(sums.classes[c.value]) for c in FiveClass}
    return SummaryRow(
        key=definition.key,
        title=definition.title,
        level=definition.level,
        balance=to_yuan(sums.balance),
        classified=sum(classes.values(), to_yuan(sums.unreviewed)),
        classes=classes,
        unreviewed=to_yuan(sums.unreviewed),
        expected_loss=to_yuan(sums.loss),
        count=sums.count,
        difference=sums.shown_difference,
        exceeding=tuple(code for code, left in sorted(sums.reported.items()) if left < 0),
        sum_of=definition.sum_of,
        subjects=definition.subjects,
    )


class Places:
    """Which line a row belongs to; the line without any criterion takes the rest."""

    def __init__(self, definition: Iterable[SummaryLine]) -> None:
        leaves = [line for line in definition if not line.sum_of]
        self.lines = [line for line in leaves if line.subjects or line.tables or line.where]
        rest = [line.key for line in leaves if line not in self.lines]
        self.rest = rest[0] if rest else ""
        self.fields = sorted({line.where.partition("=")[0] for line in self.lines if line.where})

    def of(self, subject: str, table_id: str, answers: Mapping[str, str]) -> str:
        """The key of the line; empty where none fits."""
        for line in self.lines:
            name, _, value = line.where.partition("=")
            if (
                (not line.subjects or subject in line.subjects)
                and (not line.tables or table_id in line.tables)
                and (not line.where or answers.get(name.strip()) == value.strip())
            ):
                return line.key
        return self.rest


def _add_balances(
    store: Store,
    wanted: ColumnElement[bool],
    definition: Iterable[SummaryLine],
    sums: dict[str, _Sums],
) -> None:
    places = Places(definition)
    query = select(balances).where(wanted)
    with store.read() as connection:
        lines = connection.execute(query).all()
    for line in lines:
        subject = store.chart.get(line.subject)
        if subject is None:
            continue
        key = places.of(line.subject, subject.table, {})
        if key:
            sums[key].add_balance(subject, asset_side(subject, line.debit, line.credit))


def asset_side(subject: Subject, debit: int, credit: int) -> int:
    """What a subject adds to the assets, in fen: a counter-account takes away."""
    return -credit if subject.side == "credit" else debit


def _add_rows(
    store: Store,
    wanted: ColumnElement[bool],
    definition: Iterable[SummaryLine],
    sums: dict[str, _Sums],
    stage: str,
    *,
    netted: bool,
) -> None:
    places = Places(definition)
    answers = [json_part(rows.c.field_values, name) for name in places.fields]
    keys: list[Any] = [rows.c.table_id, rows.c.subject, STAGES[stage], *answers]
    query = (
        select(
            rows.c.table_id,
            func.coalesce(rows.c.subject, literal("")).label("subject"),
            STAGES[stage].label("class_"),
            *(answer.label(f"answer_{n}") for n, answer in enumerate(answers)),
            func.coalesce(func.sum(rows.c.carrying_amount), 0).label("amount"),
            func.coalesce(func.sum(LOSSES[stage]), 0).label("loss"),
            func.count().label("rows"),
        )
        .where(wanted)
        .group_by(*keys)
    )
    with store.read() as connection:
        lines = connection.execute(query).all()
    for line in lines:
        given = {name: str(line._mapping[f"answer_{n}"]) for n, name in enumerate(places.fields)}
        key = places.of(line.subject, line.table_id, given)
        if not key:
            continue
        sums[key].add_rows(store.chart.get(line.subject), line, netted=netted)


def _add_parts(definition: Iterable[SummaryLine], sums: dict[str, _Sums]) -> None:
    """Subtotals after their parts, whatever the order of the lines."""
    by_key = {line.key: line for line in definition}
    done: set[str] = set()

    def settle(key: str) -> _Sums:
        if key not in done:
            done.add(key)
            for part in by_key[key].sum_of:
                sums[key].add(settle(part))
        return sums[key]

    for key in by_key:
        settle(key)

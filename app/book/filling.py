"""A field set for many rows in one change: what it would do, and doing it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.book.authors import TYPED
from app.book.bulk import CHANGED_SINCE, NEVER_FOR_MANY, STEP, Progress, silent
from app.book.coding import from_json
from app.book.derive import context_of, judged, stored_values, table_of
from app.book.errors import BookError
from app.book.locks import LOCKED
from app.book.opinions import OPINIONS
from app.book.reading import row_line, to_class
from app.book.rows import apply_values, refuse_union_fields
from app.book.types import Json, Values
from app.forms.classes import BY_CODE, FiveClass
from app.forms.errors import ValueFault
from app.forms.explain import hints_of
from app.forms.schema import FieldDef
from app.forms.table import Table
from app.forms.values import is_empty, parse_value
from app.models.functions import among
from app.models.tables import rows

if TYPE_CHECKING:
    from app.book.store import Store

SUGGESTED = "suggested"
"""Where an opinion comes from that the clerk gave by taking over what the program works out."""
OPINION = OPINIONS[0]
REMARKS = "remarks"
CARRYING = "carrying_amount"


@dataclass(frozen=True, slots=True)
class SetPlan:
    """What setting a field for some rows would do; nothing is written yet."""

    table_id: str
    field: str
    value: Json
    """As it is stored; None empties the field."""
    filled: tuple[str, ...]
    """Rows in which the field is empty now."""
    replaced: tuple[str, ...]
    """Rows in which another value stands now."""
    same: int = 0
    not_asked: int = 0
    """Rows whose form does not ask this field: they stay as they are."""
    locked: int = 0
    """Rows that were sent up: they stay as they are."""
    classes: Mapping[str, str] | None = None
    """By row, where each gets the class worked out for it; `value` then says nothing."""
    amounts: Mapping[str, str] | None = None
    """By row, where each gets its own carrying amount; `value` then says nothing."""
    without_amount: int = 0
    """Rows that have none, or one that can't be read: they stay as they are."""
    without_class: tuple[str, ...] = ()
    """Names of the rows that have none yet: they stay as they are."""
    worse: frozenset[str] = frozenset()
    """Rows to replace in which somebody has chosen a worse class than the one worked out."""
    said: Mapping[str, Mapping[str, str]] | None = None
    """What is said on rows that would get the same answer, and may speak for another one.

    By column (empty: their remarks) and row; empty words for nothing.
    """
    columns: tuple[str, ...] = ()
    """Columns of the listing that no field takes and that such rows have words in."""
    needed: frozenset[str] = frozenset()
    """Rows to fill whose other answers ask for this field, which may be empty in the rest."""
    unusual: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """By row, what its rule set would ask to look at again after such an answer."""

    @property
    def row_ids(self) -> tuple[str, ...]:
        """The rows that would change."""
        return self.filled + self.replaced

    @property
    def by_class(self) -> list[tuple[FiveClass, int]]:
        """How many rows would get which class, best first; empty where all get the same."""
        counts = Counter(self.classes[one] for one in self.row_ids) if self.classes else {}
        return [(one, counts[one.value]) for one in FiveClass if one.value in counts]

    def value_of(self, row_id: str) -> Json:
        """What a row would get."""
        own = self.classes or self.amounts
        return own[row_id] if own else self.value

    @property
    def total(self) -> Decimal:
        """The sum of the amounts that would be filled in."""
        amounts = self.amounts or {}
        return sum((Decimal(amounts[one]) for one in self.row_ids), Decimal("0.00"))

    def words(self, column: str = "", *, none_too: bool = False) -> list[tuple[str, int]]:
        """The remarks, or words of a column, on the rows that would change; the commonest first.

        Nothing printed where others have something says something; no remark only with `none_too`.
        """
        said = (self.said or {}).get(column, {})
        found = Counter(said[one] for one in self.row_ids if one in said)
        if not column and not none_too:
            found.pop("", None)
        return found.most_common()

    def sparing(self) -> SetPlan:
        """The same without the rows in which something else stands now."""
        return replace(self, replaced=())

    @property
    def needed_alone(self) -> SetPlan:
        """The same without the rows that may as well be left empty."""
        return replace(self, filled=tuple(one for one in self.filled if one in self.needed))

    @property
    def usual_alone(self) -> SetPlan:
        """The same without the rows that the answer seldom fits."""
        return self._without(self.unusual)

    def _without(self, spared: Collection[str]) -> SetPlan:
        filled = tuple(one for one in self.filled if one not in spared)
        return replace(
            self, filled=filled, replaced=tuple(one for one in self.replaced if one not in spared)
        )

    def sparing_said(self, texts: Collection[str], column: str = "") -> SetPlan:
        """The same without the rows that bear one of these remarks, or words of a column."""
        said = (self.said or {}).get(column, {})
        return self._without({one for one in self.row_ids if said.get(one) in texts})


def fields_for_many(table: Table, *, union: bool = False) -> list[FieldDef]:
    """The fields that can be set for many rows at once."""
    return [
        field
        for field in table.fields.values()
        if not field.computed
        and field.key not in NEVER_FOR_MANY
        and (union or field.part != "union")
    ]


def plan_set(
    store: Store,
    table_id: str,
    row_ids: Sequence[str],
    key: str,
    raw: Json,
    progress: Progress = silent,
    *,
    columns: Collection[str] = (),
) -> SetPlan:
    """Looks at what setting a field would change; BookError for a value that can't be read.

    `columns`: printed columns whose words are looked at beside the remarks.
    """
    table = table_of(store, table_id)
    value = _readable(table, key, raw)
    groups: dict[str, list[str]] = {name: [] for name in ("filled", "replaced", "same", "", "-")}
    said, look = _Said(columns), _LookedAt(store, table, key, value)
    for line in _chosen_lines(store, table, row_ids, progress):
        values: Values = from_json(line.field_values) or {}
        group = _what_happens(store, table, line, values, key, value)
        groups[group].append(line.id)
        if group in ("filled", "replaced") and value is not None:
            look.take(line, values)
        if key != REMARKS:
            said.take(line, values)
    return SetPlan(
        table.id, key, value, tuple(groups["filled"]), tuple(groups["replaced"]),
        len(groups["same"]), len(groups[""]), len(groups["-"]), said=said.by_column,
        columns=tuple(said.printed_in), needed=frozenset(look.needed), unusual=look.unusual,
    )  # fmt: skip


class _LookedAt:
    """Which rows ask for a field that others may leave empty, and which an answer seldom fits."""

    def __init__(self, store: Store, table: Table, key: str, value: Json) -> None:
        self.store, self.table, self.key, self.value = store, table, key, value
        self.needed: set[str] = set()
        self.unusual: dict[str, str] = {}
        self._may_be_empty = bool(table.fields[key].required_when)
        self._is_asked_about = any(hint.field == key for hint in table.definition.hints)

    def take(self, line: Any, values: Values) -> None:
        """Looks at one row that would change."""
        context = context_of(self.store, last_class=to_class(line.last_class))
        if self._may_be_empty and self.key in judged(self.table, values, context).missing:
            self.needed.add(line.id)
        if self._is_asked_about:
            after = judged(self.table, {**values, self.key: self.value}, context)
            for hint, words in hints_of(after, together=True):
                if hint.field == self.key:
                    self.unusual[line.id] = f"{line.name or line.id}：{words}"


class _Said:
    """What is said on the chosen rows, gathered line by line."""

    def __init__(self, columns: Collection[str]) -> None:
        self.by_column: dict[str, dict[str, str]] = {name: {} for name in ("", *columns)}
        self.printed_in: dict[str, None] = {}
        """Columns of the listing that no field takes and in which some row has words."""

    def take(self, line: Any, values: Values) -> None:
        """The remark of a row, and what its listing printed."""
        printed = {name: text for name, text in (from_json(line.printed) or {}).items() if text}
        self.printed_in.update(dict.fromkeys(printed))
        for name, said in self.by_column.items():
            text = printed.get(name) if name else values.get(REMARKS)
            said[line.id] = str(text or "")


def plan_opinions(
    store: Store, table_id: str, row_ids: Sequence[str], progress: Progress = silent
) -> SetPlan:
    """Looks at what it would change if each row's opinion were the class worked out for it."""
    table = table_of(store, table_id)
    classes: dict[str, str] = {}
    filled: list[str] = []
    replaced: list[str] = []
    without: list[str] = []
    worse: set[str] = set()
    same = locked = 0
    for line in _chosen_lines(store, table, row_ids, progress):
        present = (from_json(line.field_values) or {}).get(OPINION)
        found = _worked_out(store, table, line)
        if line.stage in LOCKED:
            locked += 1
        elif found is None:
            without.append(line.name or line.id)
        elif present == found.value:
            same += 1
        else:
            classes[line.id] = found.value
            (filled if is_empty(present) else replaced).append(line.id)
            if line.initial_class and BY_CODE[line.initial_class].rank > found.rank:
                worse.add(line.id)
    return SetPlan(
        table.id, OPINION, None, tuple(filled), tuple(replaced), same, 0, locked,
        classes, without_class=tuple(without), worse=frozenset(worse),
    )  # fmt: skip


def plan_whole_amounts(
    store: Store,
    table_id: str,
    row_ids: Sequence[str],
    key: str,
    progress: Progress = silent,
    *,
    columns: Collection[str] = (),
) -> SetPlan:
    """Looks at what it would change if each row got its own carrying amount in this field.

    `columns` as in `plan_set`.
    """
    table = table_of(store, table_id)
    field = table.fields.get(key)
    if field is None or field.computed or not field.may_be_all:
        raise BookError(f"附表{table.id}没有可以各填账面金额的“{key}”。")
    groups: dict[str, list[str]] = {name: [] for name in ("filled", "replaced", "same", "", "-")}
    amounts: dict[str, str] = {}
    said, without = _Said(columns), 0
    for line in _chosen_lines(store, table, row_ids, progress):
        values: Values = from_json(line.field_values) or {}
        whole = _whole_amount(table, values)
        group = _what_happens(store, table, line, values, key, whole)
        if whole is None and group in ("filled", "replaced", "same"):
            without += 1  # nothing to fill in, and nothing to be emptied either
            continue
        said.take(line, values)
        if whole is not None:
            amounts[line.id] = whole
        groups[group].append(line.id)
    return SetPlan(
        table.id, key, None, tuple(groups["filled"]), tuple(groups["replaced"]),
        len(groups["same"]), len(groups[""]), len(groups["-"]), amounts=amounts,
        without_amount=without, said=said.by_column, columns=tuple(said.printed_in),
    )  # fmt: skip


def _whole_amount(table: Table, values: Values) -> str | None:
    """The carrying amount as it is stored; None where there is none, or one below nothing."""
    raw = values.get(CARRYING)
    try:
        amount = None if is_empty(raw) else parse_value(table.fields[CARRYING], raw)
    except ValueFault:
        return None
    return str(raw) if isinstance(amount, Decimal) and amount >= 0 else None


def _chosen_lines(
    store: Store, table: Table, row_ids: Sequence[str], progress: Progress
) -> Iterator[Any]:
    """The chosen rows of a table as they are stored, in its order."""
    query = select(rows).where(
        rows.c.period_id == store.period.id,
        rows.c.table_id == table.id,
        among(rows.c.id, row_ids),
    )
    with store.read() as connection:
        lines = connection.execute(query.order_by(rows.c.institution, rows.c.seq)).all()
    for count, line in enumerate(lines):
        if count % STEP == 0:
            progress(count, len(lines), "")
        yield line


def _worked_out(store: Store, table: Table, line: Any) -> FiveClass | None:
    """The class of a stored row as it comes out today; None while it is open."""
    context = context_of(store, last_class=to_class(line.last_class))
    return judged(table, from_json(line.field_values) or {}, context).suggested


def _readable(table: Table, key: str, raw: Json) -> Json:
    field = table.fields.get(key)
    if field is None or field.key in NEVER_FOR_MANY:
        raise BookError(f"附表{table.id}没有可以一起填的“{key}”。")
    if not is_empty(raw):
        try:
            parse_value(field, raw)
        except ValueFault as fault:
            raise BookError(f"「{field.label}」填的是“{raw}”，应为{fault.expected}。") from None
    return stored_values(table, {key: raw})[key]


def _what_happens(
    store: Store, table: Table, line: Any, values: Values, key: str, value: Json
) -> str:
    """Which group of the plan a row belongs to."""
    present = values.get(key)
    if line.stage in LOCKED:
        return "-"
    if present == value:
        return "same"
    context = context_of(store, last_class=to_class(line.last_class))
    if value is not None and key not in judged(table, values, context).asked:
        return ""
    return "filled" if is_empty(present) else "replaced"


def set_for_many(
    store: Store, plan: SetPlan, *, by: str, why: str = "", progress: Progress = silent
) -> int:
    """Does what a plan says, as one change; how many rows changed."""
    changed = 0
    with store.write(by, why=why) as change:
        table = table_of(store, plan.table_id)
        refuse_union_fields(store, table, {plan.field: plan.value})
        for count, row_id in enumerate(plan.row_ids):
            if count % STEP == 0:
                progress(count, len(plan.row_ids), "")
            line, value = row_line(store, change.connection, row_id), plan.value_of(row_id)
            if not _is_as_shown(store, table, plan, line, empty=count < len(plan.filled)):
                raise BookError(CHANGED_SINCE.format(row_id) + "请再看一次预览。")
            source = SUGGESTED if plan.classes else TYPED
            changed += apply_values(store, change, line, {plan.field: value}, source)
    return changed


def _is_as_shown(store: Store, table: Table, plan: SetPlan, line: Any, *, empty: bool) -> bool:
    """Whether a row still is what its plan was made of; `empty`: nothing stood in the field."""
    values: Values = from_json(line.field_values) or {}
    if plan.classes and _worked_out(store, table, line) is not BY_CODE[plan.classes[line.id]]:
        return False
    if plan.amounts and values.get(CARRYING) != plan.amounts[line.id]:
        return False
    return is_empty(values.get(plan.field)) is empty

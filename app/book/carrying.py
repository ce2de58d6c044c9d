"""What of a row goes into the next period: facts, in the words of that period's rule set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct, field

from app.book.types import Json, Values
from app.forms.errors import ValueFault
from app.forms.ruleset import RuleSet
from app.forms.schema import FieldDef, Subject
from app.forms.table import Table
from app.forms.values import is_empty, parse_value, shown_text, stored_value

_FACTS = ("row", "working_paper")
_NO_FIELD = "新一期的规则里没有这一栏"
_NOT_READABLE = "这一栏在新一期里不能这样填"
_COMPUTED = "这一栏在新一期由程序计算"
_TAKEN = "新一期的这一栏已由另一栏的内容占用"
_NO_TABLE = "新一期的规则里没有这张认定表"
_NO_SUBJECT = "新的科目表里没有对应的科目"
_NEVER_A_SUBJECT = "上期的科目表里也没有这个科目"

Chart = Mapping[str, Subject]


class LeftValue(Struct, frozen=True):
    """A fact that the new rule set has no place for."""

    key: str
    label: str
    value: Json
    """As it was stored."""
    shown: str
    why: str

    def entry(self, table_id: str, name: str) -> dict[str, Json]:
        """What the history keeps of it, beside the row and the field."""
        about = {"table_id": table_id, "name": name, "label": self.label}
        return about | {"value": self.value, "shown": self.shown, "why": self.why}


class CarriedValues(Struct, frozen=True):
    """What a row brings along, what was renamed on the way, what had to stay behind."""

    values: Values
    renamed: dict[str, Json] = field(default_factory=dict)
    """By new key: the value as it was, where another one stands for it now."""
    left: tuple[LeftValue, ...] = ()


def left_row(values: Values, shown: str) -> LeftValue:
    """A whole row whose table the new rule set does not know."""
    return LeftValue("", "整笔资产", values, shown, _NO_TABLE)


class _NoPlaceError(Exception):
    """A value can't be carried; its text says why."""


class Charts:
    """The chart of the last period and the new one: which subject became which."""

    def __init__(self, old: Chart, new: Chart) -> None:
        self.old = old
        self.new = new
        self._followers: dict[str, list[Subject]] = {}
        for subject in new.values():
            for code in subject.formerly:
                self._followers.setdefault(code, []).append(subject)

    def new_code(self, code: str, values: Mapping[str, Json]) -> str:
        """The code of the same subject in the new chart; `values` tell where one was split."""
        was, now = self.old.get(code), self.new.get(code)
        if was is None:
            raise _NoPlaceError(_NEVER_A_SUBJECT)
        kept = now is not None and (now.table, now.side) == (was.table, was.side)
        # The same number may mean something else in the new chart: only its name tells.
        if kept and now is not None and now.name == was.name:
            return code
        followers = [one for one in self._followers.get(code, ()) if one.table == was.table]
        fitting = [one for one in followers if _fits(one, values)]
        if len(fitting) == 1:
            return fitting[0].code
        if followers:
            named = "、".join(f"{one.code} {one.name}" for one in fitting or followers)
            raise _NoPlaceError(f"要在几个新科目里选：{named}")
        if kept:
            return code
        raise _NoPlaceError(_NO_SUBJECT)


def _fits(subject: Subject, values: Mapping[str, Json]) -> bool:
    return all(values.get(key) in answers for key, answers in subject.formerly_where.items())


class TableCarrier:
    """Brings rows of one table from its old definition to the new one."""

    def __init__(self, old: Table | None, new: Table, charts: Charts) -> None:
        self.old_fields: Mapping[str, FieldDef] = old.fields if old is not None else {}
        self.new_fields: Mapping[str, FieldDef] = new.fields
        self.charts = charts

    def carried(self, values: Mapping[str, Json]) -> CarriedValues:
        """The facts of a row that hold beyond its base date."""
        found: Values = {}
        renamed: dict[str, Json] = {}
        left: list[LeftValue] = []
        for key, target in self._in_order(values):
            value = values[key]
            try:
                new = self._new_value(key, target, value, found)
            except _NoPlaceError as why:
                left.append(self._left(key, value, str(why)))
                continue
            found[target.key] = new
            if new != value or target.key != key:
                renamed[target.key] = value
        left += [self._left(key, values[key], _NO_FIELD) for key in self._lost(values)]
        return CarriedValues(found, renamed, tuple(left))

    def shown(self, values: Mapping[str, Json]) -> dict[str, str]:
        """What every answer of the last period said, by the key it has now."""
        pairs = [(key, target) for key in values if (target := self._target(key)) is not None]
        pairs.sort(key=lambda pair: pair[0] == pair[1].key)
        return {target.key: self._shown(key, values[key]) for key, target in pairs}

    def _in_order(self, values: Mapping[str, Json]) -> list[tuple[str, FieldDef]]:
        """Facts with the field they go to; own fields before renamed ones, subjects last."""
        pairs = [(key, target) for key in values if (target := self._target(key)) is not None]
        facts = [
            (key, target)
            for key, target in pairs
            if not is_empty(values[key]) and target.part in _FACTS and not target.each_period
        ]
        return sorted(facts, key=lambda pair: (pair[1].type == "code", pair[0] != pair[1].key))

    def _lost(self, values: Mapping[str, Json]) -> Iterator[str]:
        """Facts without a field; what belonged to the last base date alone is no loss."""
        for key, value in values.items():
            was = self.old_fields.get(key)
            passing = was is not None and (was.each_period or was.part not in _FACTS)
            if self._target(key) is None and not passing and not is_empty(value):
                yield key

    def _target(self, key: str) -> FieldDef | None:
        was, same = self.old_fields.get(key), self.new_fields.get(key)
        # The same key may name something else in the new table: only its label tells.
        if was is not None and same is not None and was.label == same.label:
            return same
        return self._renamed_fields.get(key, same)

    @cached_property
    def _renamed_fields(self) -> dict[str, FieldDef]:
        return {old: field for field in self.new_fields.values() for old in field.formerly}

    def _new_value(
        self, key: str, target: FieldDef, value: Json, found: Mapping[str, Json]
    ) -> Json:
        if target.computed:
            raise _NoPlaceError(_COMPUTED)
        translated = self._translated(key, target, value, found)
        try:
            new = stored_value(target, parse_value(target, translated))
        except ValueFault:
            raise _NoPlaceError(_NOT_READABLE) from None
        if found.get(target.key, new) != new:
            raise _NoPlaceError(_TAKEN)
        return new

    def _translated(
        self, key: str, target: FieldDef, value: Json, found: Mapping[str, Json]
    ) -> Json:
        if target.type == "code":
            return self.charts.new_code(str(value), found)
        was = self.old_fields.get(key)
        if was is None or not was.choices:
            return value
        if isinstance(value, list):
            return [_new_choice(was, target, code) for code in value]
        return _new_choice(was, target, value)

    def _left(self, key: str, value: Json, why: str) -> LeftValue:
        was = self.old_fields.get(key)
        return LeftValue(key, was.label if was else key, value, self._shown(key, value), why)

    def _shown(self, key: str, value: Json) -> str:
        was = self.old_fields.get(key)
        return str(value) if was is None else shown_of(was, value, self.charts.old)


def shown_of(field: FieldDef, value: Json, chart: Chart) -> str:
    """A stored value as a person reads it, a subject with its name."""
    if is_empty(value):
        return ""
    try:
        shown = shown_text(field, parse_value(field, value))
    except ValueFault:
        return str(value)
    subject = chart.get(shown) if field.type == "code" else None
    return f"{shown} {subject.name}" if subject is not None else shown


def _new_choice(was: FieldDef, target: FieldDef, code: Json) -> Json:
    """The code of the same answer in the new field."""
    old = next((choice for choice in was.choices if choice.code == code), None)
    same = next((choice for choice in target.choices if choice.code == code), None)
    if old is not None and same is not None and old.label == same.label:
        return code
    return next((c.code for c in target.choices if code in c.formerly), code)


class Carrier:
    """Brings rows of all tables from one rule set to another."""

    def __init__(self, old: RuleSet, new: RuleSet, own: Chart) -> None:
        self.old = old
        self.new = new
        self.charts = Charts({**old.chart, **own}, {**new.chart, **own})
        self._tables: dict[str, TableCarrier] = {}

    def table(self, table_id: str) -> TableCarrier | None:
        """The carrier of one table; None where the new rule set does not know it."""
        if table_id not in self.new.tables:
            return None
        if table_id not in self._tables:
            new = self.new.tables[table_id]
            self._tables[table_id] = TableCarrier(self.old.tables.get(table_id), new, self.charts)
        return self._tables[table_id]

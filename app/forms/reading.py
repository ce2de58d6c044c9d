"""Reading a row's values field by field, the way the rules see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from app.forms.classes import FiveClass
from app.forms.conditions import Values
from app.forms.errors import ValueFault
from app.forms.program import Step, StepLine
from app.forms.schema import Subject
from app.forms.table import Table
from app.forms.values import Json, is_empty


class Context(Struct, frozen=True):
    """What a row is judged against besides its own values."""

    base_date: date
    chart: Mapping[str, Subject] | None = None
    """Subjects known to the book; None: the rule set's."""
    last_class: FiveClass | None = None
    today: date | None = None
    papers: frozenset[str] | None = None
    """Names of the papers attached; None: unknown."""
    complete: bool = False
    """Whether working paper and initial opinion are required too."""


class Fault(Struct, frozen=True):
    """A problem found, before its text is made."""

    field: str
    code: str
    value: Json = None
    expected: Json = ""


class OpenValueError(Exception):
    """A computed value depends on an open field."""


class _CarefulValues(dict[str, Any]):
    """Values that refuse to be read where a field is open."""

    def __init__(self, values: Values, open_fields: set[str]) -> None:
        super().__init__(values)
        self.open_fields = open_fields

    def __getitem__(self, key: str) -> Any:
        if key in self.open_fields:
            raise OpenValueError(key)
        return super().__getitem__(key)


class Row:
    """The values of a row as the rules see them, read field by field."""

    __slots__ = (
        "context",
        "faults",
        "ignored",
        "missing",
        "not_asked",
        "open",
        "raw",
        "table",
        "values",
    )

    def __init__(self, table: Table, raw: Mapping[str, Json], context: Context) -> None:
        self.table = table
        program = table.program
        self.raw = raw
        self.context = context
        self.open: set[str] = set()
        self.missing: list[str] = []
        self.not_asked: set[str] = set()
        self.ignored: list[str] = []
        self.faults: list[Fault] = []
        self.values: dict[str, Any] = program.blank.copy()
        self.values["base_date"] = context.base_date
        self.values["today"] = context.today
        if context.last_class is not None:
            self.values["last_class"] = context.last_class.value
        self._read(program.lines)
        if context.complete or not program.extra_keys.isdisjoint(raw):
            self._read(program.extra_lines)

    def _read(self, lines: tuple[StepLine, ...]) -> None:
        # The hot loop of every evaluation: one pass, no calls where none are needed.
        values, open_fields = self.values, self.open
        given = self.raw.get
        for key, asked, compute, parse, step in lines:
            if asked is not None and not (
                asked.judge(values, open_fields) if open_fields else asked.holds(values)
            ):
                self._skip(step)
            elif compute is None:
                raw = given(key)
                if raw is None or raw == "" or (type(raw) is str and raw.isspace()):
                    if not step.plain_optional:
                        self._empty(step)
                    continue
                try:
                    values[key] = parse(raw)
                except ValueFault as fault:
                    self._invalid(step, raw, fault)
                else:
                    if step.minimum is not None:
                        self._raise_to_minimum(step)
            elif open_fields:
                self._compute(step)
            else:
                values[key] = compute(values)

    def _skip(self, step: Step) -> None:
        key = step.key
        self.not_asked.add(key)
        if self.open and step.asked and step.asked.judge(self.values, self.open) is None:
            self.open.add(key)
        if step.computed is None and not is_empty(self.raw.get(key)):
            self.ignored.append(key)

    def value_of(self, formula: Any) -> Any:
        """The value of a formula; OpenValueError when it depends on an open field."""
        if self.open and not self.open.isdisjoint(formula.reads):
            return formula.value(_CarefulValues(self.values, self.open))
        return formula.value(self.values)

    def _compute(self, step: Step) -> None:
        try:
            self.values[step.key] = self.value_of(step.computed)
        except OpenValueError:
            self.open.add(step.key)

    def _empty(self, step: Step) -> None:
        key = step.key
        if step.default is not None or step.minimum is not None:
            self._take_default(step)
        # Working paper and opinion may stay empty until the row is to be complete.
        needed = step.required and (step.field.part == "row" or self.context.complete)
        if needed and step.drafted and self.table.program.safe is not None:
            needed = self.table.program.safe.judge(self.values, self.open) is False
        if needed and self.values[key] is None and key not in self.open:
            self.open.add(key)
            self.missing.append(key)

    def _take_default(self, step: Step) -> None:
        for formula in (step.default, step.minimum):
            if formula is None or self.values[step.key] is not None:
                continue
            try:
                value = self.value_of(formula)
            except OpenValueError:
                self.open.add(step.key)
                return
            is_amount = type(value) is int and step.field.type == "money"
            self.values[step.key] = Decimal(value) if is_amount else value

    def _invalid(self, step: Step, raw: Json, fault: ValueFault) -> None:
        self.open.add(step.key)
        self.faults.append(Fault(step.key, fault.code, raw, fault.expected))

    def _raise_to_minimum(self, step: Step) -> None:
        try:
            minimum = self.value_of(step.minimum)
        except OpenValueError:
            # What is typed counts as far as it goes; the figure could still be higher.
            self.open.add(step.key)
            return
        if minimum is not None and self.values[step.key] < minimum:
            self.faults.append(Fault(step.key, "E007", self.values[step.key], minimum))
            self.values[step.key] = minimum

"""A determination table: its fields, what is printed of it, and the names its expressions read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from app.forms.classes import BY_CODE, FiveClass
from app.forms.errors import DefinitionError, ExpressionError, with_suggestion
from app.forms.expressions import (
    Condition,
    Formula,
    Name,
    compile_condition,
    compile_formula,
)
from app.forms.program import Program
from app.forms.schema import (
    Case,
    Check,
    Choice,
    Column,
    Evidence,
    FieldDef,
    Rule,
    Section,
    TableDef,
)

if TYPE_CHECKING:
    from app.forms.ruleset import RuleSet

_TYPES = {
    "text": "text",
    "long": "text",
    "code": "text",
    "one": "text",
    "class5": "text",
    "money": "number",
    "int": "number",
    "rate": "number",
    "bool": "bool",
    "date": "date",
    "many": "list",
}
_CLASSES = Name("text", frozenset(BY_CODE), {c.value: c.label for c in FiveClass})
_EVERYWHERE = {"base_date": Name("date"), "today": Name("date"), "last_class": _CLASSES}
_AFTERWARDS = {"suggested_class": _CLASSES}
_PLACES = re.compile(r"\{(\w+)\}")


class Table:
    """One determination table of a rule set, ready to evaluate rows."""

    ruleset: RuleSet
    """Set by the rule set that the table belongs to."""

    def __init__(self, definition: TableDef, place: str) -> None:
        self.definition = definition
        self.place = place
        self.id = definition.id
        self.key = definition.key
        self.title = definition.title
        self.short_title = definition.short_title
        self.method = definition.method
        self.about = definition.about
        self.sections: tuple[Section, ...] = definition.sections
        self.columns: tuple[Column, ...] = definition.columns
        self.cases: tuple[Case, ...] = definition.cases
        self.rules: tuple[Rule, ...] = definition.rules
        self.checks: tuple[Check, ...] = definition.checks
        self.evidence: tuple[Evidence, ...] = definition.evidence
        by_key = {field.key: field for field in definition.fields}
        self.fields: dict[str, FieldDef] = {
            key: self.known(by_key, key, f"section '{section.key}'")
            for section in self.sections
            for key in section.fields
        }
        self.names = _EVERYWHERE | {key: _name(field) for key, field in self.fields.items()}
        self._check_shape(by_key)

    @cached_property
    def program(self) -> Program:
        """What evaluation runs, compiled when it is first asked for: a start needs one table."""
        return Program(self)

    def fault(self, where: str, message: str) -> DefinitionError:
        """An error of this table's definition, naming the place."""
        return DefinitionError(f"{self.place}: {where}: {message}")

    def known(self, fields: Mapping[str, FieldDef], key: str, where: str) -> FieldDef:
        """The field of this key; an unknown one is a fault of the definition."""
        if key not in fields:
            raise self.fault(where, with_suggestion(f"unknown field '{key}'", key, fields))
        return fields[key]

    def worked_out_by(self, key: str) -> tuple[FieldDef, Choice] | None:
        """The field and the answer of it with which the program works another field out."""
        answers = ((field, one) for field in self.fields.values() for one in field.choices)
        return next(((field, one) for field, one in answers if one.works_out == key), None)

    def condition(self, text: str, where: str, *, afterwards: bool = False) -> Condition:
        """Compiles a condition of this table; errors name the place."""
        names = self.names | _AFTERWARDS if afterwards else self.names
        compiled: Condition = self._compiled(partial(compile_condition, text, names), where)
        return compiled

    def formula(self, text: str, where: str) -> Formula:
        """Compiles a value expression of this table; errors name the place."""
        compiled: Formula = self._compiled(partial(compile_formula, text, self.names), where)
        return compiled

    def _compiled(self, compile_text: Callable[[], Any], where: str) -> Any:
        try:
            return compile_text()
        except ExpressionError as error:
            raise self.fault(where, str(error)) from None

    def check_places(self, text: str, show: Mapping[str, str], where: str) -> None:
        """Refuses a text with a place that no field or shown figure fills."""
        for name in _PLACES.findall(text):
            if name not in show and name not in self.names:
                known = [*show, *self.names]
                raise self.fault(where, with_suggestion(f"unknown place {{{name}}}", name, known))

    def _check_shape(self, by_key: Mapping[str, FieldDef]) -> None:
        """Refuses what the structs alone can't: missing choices, unknown columns, unused fields."""
        listed = [key for section in self.sections for key in section.fields]
        for key in {key for key in listed if listed.count(key) > 1}:
            raise self.fault("sections", f"field '{key}' stands in two places")
        for key in by_key.keys() - self.fields.keys():
            raise self.fault(f"field '{key}'", "stands in no section")
        for field in self.fields.values():
            if (field.type in ("one", "many")) is not bool(field.choices):
                raise self.fault(
                    f"field '{field.key}'", "choice fields, and only they, need choices"
                )
            for choice in field.choices:
                if choice.works_out:
                    self.known(self.fields, choice.works_out, f"field '{field.key}'.choices")
        for column in self.columns:
            self.known(self.fields, column.field, f"column '{column.title}'")
        for total in self.definition.totals:
            self.known(self.fields, total, "totals")
        for case in self.cases:
            for key in case.values:
                self.known(self.fields, key, f"case {case.number}")


def _name(field: FieldDef) -> Name:
    if field.type == "class5":
        return _CLASSES
    labels = {choice.code: choice.label for choice in field.choices}
    ratio = field.type == "rate" or "/" in field.computed
    return Name(_TYPES[field.type], frozenset(labels), labels, ratio)

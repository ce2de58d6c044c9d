"""What loading refuses besides malformed entries: parts of a rule set that don't fit together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from app.forms.classes import FiveClass
from app.forms.errors import DefinitionError, with_suggestion
from app.forms.schema import Column, Subject

if TYPE_CHECKING:
    from app.forms.program import Step
    from app.forms.ruleset import RuleSet
    from app.forms.table import Table

NEEDED_PROBLEMS = (
    *(f"E{number:03}" for number in range(1, 15)),
    *("W001", "W002", "W003", "W007"),
)
"""Codes that evaluating a row can raise; the others belong to the book."""
_PRINTED = {"*", "[]", "true", "false"}


def check_ruleset(ruleset: RuleSet) -> None:
    """Refuses a rule set with a DefinitionError that names the first thing that doesn't fit."""
    for table in ruleset.tables.values():
        _check_table(table)
    _check_settings(ruleset)
    _check_subjects(ruleset)
    _check_summary(ruleset)


def _check_table(table: Table) -> None:
    _refuse_twice(table, "rule", (rule.id for rule in table.rules))
    _refuse_twice(table, "check", (check.code for check in table.checks))
    _refuse_twice(table, "hint", (hint.code for hint in table.definition.hints))
    for step in (*table.program.steps, *table.program.late_steps, *table.program.extra_steps):
        _check_formulas(table, step)
        table.check_places(step.field.draft, {}, f"field '{step.key}'.draft")
    for key in ("wp_formation", "wp_state"):
        if table.program.safe is not None and not table.fields[key].draft:
            raise table.fault(f"field '{key}'", "a table with safe rows needs a draft")
    _check_decimals(table)
    _check_marks(table)
    _check_former_words(table)
    for rule in table.rules:
        if rule.floor == "field" and table.fields[rule.class_field].type != "class5":
            where = f"rule '{rule.id}'.class_field"
            raise table.fault(where, f"'{rule.class_field}' holds no class")
    for column in table.columns:
        _check_column(table, column)


def _check_marks(table: Table) -> None:
    for field in table.fields.values():
        if field.may_be_all and field.type != "money":
            where = f"field '{field.key}'.may_be_all"
            raise table.fault(where, "only an amount can be the whole carrying amount")
        if field.in_words and field.type != "text":
            where = f"field '{field.key}'.in_words"
            raise table.fault(
                where, "only a line of text is asked for words; long texts always are"
            )


def _refuse_twice(table: Table, kind: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise table.fault(f"{kind} '{name}'", "stands in two places, shared and the table's")
        seen.add(name)


def _check_formulas(table: Table, step: Step) -> None:
    wanted = table.names[step.key]
    parts = {"computed": step.computed, "default": step.default, "minimum": step.minimum}
    for attribute, formula in parts.items():
        where = f"field '{step.key}'.{attribute}"
        if formula is None:
            continue
        if formula.type not in (wanted.type, "none"):
            raise table.fault(where, f"needs a {wanted.type}, not a {formula.type}")
        constant = None if formula.reads else formula.value({})
        if constant is not None and wanted.codes and constant not in wanted.codes:
            message = f"'{constant}' is no choice of '{step.key}'"
            raise table.fault(where, with_suggestion(message, constant, wanted.codes))


def _check_decimals(table: Table) -> None:
    """A computed whole number stays whole unless it says how many decimals it has."""
    for field in table.fields.values():
        where = f"field '{field.key}'.decimals"
        counted = field.type == "int" and bool(field.computed)
        if field.decimals and not counted:
            raise table.fault(where, "only a computed int has decimals")
        if counted and "/" in field.computed and not field.decimals:
            raise table.fault(where, "a computed int that divides needs decimals")


def _check_former_words(table: Table) -> None:
    """No earlier key or code may lead to two places."""
    _refuse_shared(table, "field", {f.key: f.formerly for f in table.fields.values()})
    for field in table.fields.values():
        codes = {choice.code: choice.formerly for choice in field.choices}
        _refuse_shared(table, f"field '{field.key}'.choices", codes)


def _refuse_shared(table: Table, where: str, formerly: Mapping[str, Iterable[str]]) -> None:
    owners: dict[str, str] = {}
    for new, old_words in formerly.items():
        for old in old_words:
            if old in owners:
                message = f"'{old}' is what both '{owners[old]}' and '{new}' were formerly"
                raise table.fault(where, message)
            owners[old] = new


def _check_column(table: Table, column: Column) -> None:
    where = f"column '{column.title}'"
    if len(column.group) > 2:
        raise table.fault(where, "at most two groups may stand above a title")
    codes = table.names[column.field].codes
    for code in column.texts.keys() - _PRINTED - codes:
        message = f"'{code}' is no choice of '{column.field}'"
        raise table.fault(where, with_suggestion(message, code, codes))


def _check_settings(ruleset: RuleSet) -> None:
    for member in FiveClass:
        if member not in ruleset.standard_rates:
            place = f"{ruleset.id}/ruleset.toml: standard_rates"
            raise DefinitionError(f"{place}: no rate for '{member.value}'")
    for code in NEEDED_PROBLEMS:
        if code not in ruleset.problems:
            raise DefinitionError(f"{ruleset.id}/problems.toml: problem '{code}' is missing")


def _check_subjects(ruleset: RuleSet) -> None:
    for subject in ruleset.chart.values():
        place = f"{ruleset.id}/subjects.toml: subject '{subject.code}'"
        table = ruleset.tables.get(subject.table)
        if subject.table and table is None:
            message = with_suggestion(
                f"unknown table '{subject.table}'", subject.table, ruleset.tables
            )
            raise DefinitionError(f"{place}: {message}")
        if table and subject.tie_field not in table.fields:
            near = with_suggestion(
                f"unknown field '{subject.tie_field}'", subject.tie_field, table.fields
            )
            raise DefinitionError(f"{place}: {near}")
        if table:
            _check_former_answers(table, subject, place)


def _check_former_answers(table: Table, subject: Subject, place: str) -> None:
    for key, answers in subject.formerly_where.items():
        if key not in table.fields:
            message = with_suggestion(f"unknown field '{key}'", key, table.fields)
            raise DefinitionError(f"{place}: formerly_where: {message}")
        if table.fields[key].each_period:
            raise DefinitionError(f"{place}: formerly_where: '{key}' is not carried itself")
        codes = table.names[key].codes
        for answer in answers:
            if answer not in codes:
                message = with_suggestion(f"'{answer}' is no choice of '{key}'", answer, codes)
                raise DefinitionError(f"{place}: formerly_where: {message}")


def _check_summary(ruleset: RuleSet) -> None:
    lines = {line.key: line for line in ruleset.summary}
    for line in ruleset.summary:
        place = f"{ruleset.id}/summary.toml: line '{line.key}'"
        for key in line.sum_of:
            if key not in lines:
                message = with_suggestion(f"unknown line '{key}'", key, lines)
                raise DefinitionError(f"{place}: {message}")
        for code in line.subjects:
            if code not in ruleset.chart:
                raise DefinitionError(f"{place}: unknown subject '{code}'")

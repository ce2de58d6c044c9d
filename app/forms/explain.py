"""Reasons, problems and evidence of an evaluation, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from app.forms.classes import FiveClass
from app.forms.expressions import Formula
from app.forms.reading import Fault, OpenValueError
from app.forms.reported_date import ReportedDate
from app.forms.results import UNANSWERED, EvidenceNeed, Problem, Reason
from app.forms.values import amount_text, percent_text, plain_decimal, shown_text

if TYPE_CHECKING:
    from app.forms.evaluation import Evaluation
    from app.forms.program import CompiledRule
    from app.forms.schema import FieldDef, Hint

_PLACE = re.compile(r"\{(\w+)\}")


def filled_text(template: str, evaluation: Evaluation, show: Mapping[str, Formula]) -> str:
    """The template with its {places} filled as a person reads them."""

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in show:
            return _formula_text(show[name], evaluation)
        field = evaluation.table.fields.get(name)
        if field is None:
            return loose_text(evaluation.row.values.get(name))
        typed = evaluation.typed.get(name)
        text = shown_text(field, typed) or "（未填）"
        return f"{text}元" if field.type == "money" and typed is not None else text

    return _PLACE.sub(fill, template)


def _formula_text(formula: Formula, evaluation: Evaluation) -> str:
    try:
        value = evaluation.row.value_of(formula)
    except OpenValueError:
        return "（未定）"
    return loose_text(value)


def loose_text(value: Any) -> str:
    """A value without a field, as a person reads it: decimals are amounts, ratios percentages."""
    match value:
        case None:
            return ""
        case Decimal():
            return f"{amount_text(value)}元" if value.as_tuple().exponent else plain_decimal(value)
        case Fraction():
            return percent_text(value)
        case FiveClass():
            return value.label
        case ReportedDate():
            return value.shown
        case date():
            return value.isoformat()
        case bool():
            return "是" if value else "否"
        case list() | tuple():
            return "、".join(str(part) for part in value)
    return str(value)


def reasons_of(evaluation: Evaluation) -> tuple[Reason, ...]:
    """Every step that held, the one that decided the class first."""
    found = [_reason(compiled, evaluation) for compiled in evaluation.outcome.held]
    band = evaluation.outcome.band
    if band is not None:
        template = band.text.replace("{loss_rate}", percent_text(evaluation.loss_rate or 0))
        fields = ("expected_loss", "carrying_amount")
        found.append(
            Reason(
                "common.loss_band", band.floor, template, band.basis, fields, "floor", band.source
            )
        )
    order = {"direct": 0, "floor": 0, "lift": 1, "worsen": 2}
    return tuple(sorted(found, key=lambda r: (-(r.floor.rank if r.floor else 0), order[r.effect])))


def _reason(compiled: CompiledRule, evaluation: Evaluation) -> Reason:
    rule = compiled.rule
    floor = compiled.floor
    if rule.effect == "worsen":
        floor = evaluation.at_least
    elif rule.floor == "field":
        value = evaluation.typed.get(rule.class_field)
        floor = value if isinstance(value, FiveClass) else None
    fields = evaluation.table.program.typed_in(compiled.condition.reads)
    text = filled_text(rule.text, evaluation, compiled.show)
    return Reason(rule.id, floor, text, rule.basis, fields, rule.effect, rule.source)


def problems_of(evaluation: Evaluation) -> tuple[Problem, ...]:
    """All problems of the row, in the order of its fields."""
    order = {key: place for place, key in enumerate(evaluation.table.fields)}
    found = [*_missing(evaluation), *_faults(evaluation), *_failed_checks(evaluation)]
    return tuple(sorted(found, key=lambda p: (order.get(p.field, 999), p.code)))


def _missing(evaluation: Evaluation) -> Iterator[Problem]:
    for key in evaluation.missing:
        yield problem(evaluation, Fault(key, UNANSWERED))


def _faults(evaluation: Evaluation) -> Iterator[Problem]:
    for fault in evaluation.faults:
        yield problem(evaluation, fault)


def problem(evaluation: Evaluation, fault: Fault) -> Problem:
    """A general problem of the catalogue, in words."""
    general = evaluation.table.ruleset.problems[fault.code]
    field = evaluation.table.fields.get(fault.field)
    expected = fault.expected
    if fault.code == "W001":
        other = evaluation.table.ruleset.tables.get(str(expected))
        expected = f"附表{other.id}（{other.short_title}）" if other else "备抵等科目，不填认定表"
    if fault.code == "W003":
        expected = _class_with_rates(expected, evaluation)
    places = {
        "label": field.label if field else fault.field,
        "value": _figure_text(field, fault.value),
        "expected": _figure_text(field, expected),
    }
    message = general.text.format(**places)
    values: tuple[str, ...] = (places["value"], places["expected"])
    if fault.code == "W003":
        # A rate stays the same when both figures double; what was explained does not.
        row = evaluation.row.values
        values += (loose_text(row.get("expected_loss")), loose_text(row.get("carrying_amount")))
    way_out = general.way_out.format(**places)
    return Problem(fault.field, general.code, severity_of(general.code), message, way_out, values)


def _figure_text(field: FieldDef | None, value: Any) -> str:
    """A figure with its unit where the field is an amount."""
    if field is not None and field.type == "money" and isinstance(value, Decimal):
        return f"{amount_text(value)}元"
    return loose_text(value)


def _class_with_rates(found: FiveClass, evaluation: Evaluation) -> str:
    """A class with the loss rates it implies and its standard rate."""
    ruleset = evaluation.table.ruleset
    cut = next((band for band in ruleset.bands if band.floor is found), None)
    above = [band.above for band in ruleset.bands if band.floor.rank == found.rank + 1]
    low = percent_text(cut.above) if cut else percent_text(0)
    low = low if cut is None or cut.included else f"超过{low}"
    high = percent_text(above[0]) if above else percent_text(1)
    standard = percent_text(ruleset.standard_rates[found])
    return f"{found.label}（{low}至{high}，标准比率{standard}）"


def severity_of(code: str) -> Literal["error", "warning"]:
    """Errors block sealing, warnings can be kept with a reason."""
    return "error" if code.startswith("E") else "warning"


def _failed_checks(evaluation: Evaluation) -> Iterator[Problem]:
    for compiled in evaluation.failed_checks:
        check = compiled.check
        values = tuple(
            loose_text(evaluation.row.values.get(name)) for name in sorted(compiled.condition.reads)
        )
        yield Problem(
            check.field,
            check.code,
            severity_of(check.code),
            filled_text(check.text, evaluation, compiled.show),
            filled_text(check.way_out, evaluation, compiled.show),
            values,
        )


def hints_of(evaluation: Evaluation, *, together: bool = False) -> Iterator[tuple[Hint, str]]:
    """What is to be looked at again: answers that seldom go together, each with its words.

    `together`: also what is asked only where an answer is given to many rows at once.
    """
    row = evaluation.row
    for hint, condition in evaluation.table.program.compiled_hints:
        if (together or not hint.only_together) and condition.judge(row.values, row.open):
            yield hint, filled_text(hint.text, evaluation, {})


def evidence_of(evaluation: Evaluation) -> tuple[EvidenceNeed, ...]:
    """The papers asked for, each once: the table's, then those of the rules that held."""
    row, papers = evaluation.row, evaluation.context.papers
    wanted = [
        paper
        for paper, condition in evaluation.table.program.evidence_when
        if condition is None or condition.judge(row.values, row.open)
    ]
    for compiled in evaluation.outcome.held:
        wanted += compiled.rule.evidence
    return tuple(
        EvidenceNeed(paper, None if papers is None else paper in papers)
        for paper in dict.fromkeys(wanted)
    )

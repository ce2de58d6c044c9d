"""Classifying rows without a book: plain values in, a plain answer out (`wuji classify`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.errors import KnownError
from app.forms.classes import FiveClass
from app.forms.errors import likeliest
from app.forms.evaluation import Context, Evaluation, Fault, Problem, evaluate
from app.forms.explain import problem
from app.forms.reported_date import parse_reported_date
from app.forms.ruleset import RuleSet
from app.forms.table import Table
from app.forms.values import clean, is_empty, ratio_text, stored_value

CONTEXT_KEYS = ("base_date", "last_class")


class RowInputError(KnownError):
    """A row can't be judged at all; one line, in Chinese."""


def base_date_of(row: Any, place: str) -> date:
    """The readable base date of an input row."""
    if not isinstance(row, dict):
        raise RowInputError(f"{place}：应是字段和值组成的对象。")
    raw = row.get("base_date")
    found = parse_reported_date(clean(raw)) if isinstance(raw, str) else None
    if found is None or found.precision != "day":
        raise RowInputError(f"{place}：基准日 base_date 没有填写或认不出来，应如 2006-12-31。")
    return found.first


def classify_rows(
    table_id: str, rows: list[Any], choose: Callable[[date], RuleSet]
) -> list[dict[str, Any]]:
    """An answer for each row, in order; RowInputError for a row without a readable base date."""
    dates = [base_date_of(row, f"第{place}行") for place, row in enumerate(rows, 1)]
    return [
        classified(choose(day).table(table_id), row, day)
        for row, day in zip(rows, dates, strict=True)
    ]


def classified(table: Table, row: Mapping[str, Any], base_date: date) -> dict[str, Any]:
    """The answer for one row, as the contract of the command has it."""
    values = {k: v for k, v in row.items() if k in table.fields and not table.fields[k].computed}
    last = row.get("last_class")
    context = Context(base_date, last_class=_class_of(last), today=date.today())
    evaluation = evaluate(table, values, context)
    problems = [*evaluation.problems, *ignored_problems(evaluation)]
    if not is_empty(last) and context.last_class is None:
        labels = "、".join(member.label for member in FiveClass)
        problems.append(problem(evaluation, Fault("last_class", "E003", last, labels)))
    problems += contradicted_problems(evaluation, row)
    problems += unknown_keys(evaluation, row)
    return answer(evaluation, problems)


def _class_of(raw: Any) -> FiveClass | None:
    """The class that a code or a label names."""
    word = clean(raw) if isinstance(raw, str) else None
    return next((member for member in FiveClass if word in (member.value, member.label)), None)


def unknown_keys(evaluation: Evaluation, row: Mapping[str, Any]) -> list[Problem]:
    """An error for each key that is no field, naming the likeliest right one."""
    fields = evaluation.table.fields
    found = []
    for key in row:
        if key in fields or key in CONTEXT_KEYS:
            continue
        near = likeliest(key, fields)
        hint = f"，是否应为“{near}”（{fields[near].label}）" if near else ""
        found.append(problem(evaluation, Fault(key, "E008", key, hint)))
    return found


def ignored_problems(evaluation: Evaluation) -> list[Problem]:
    """A warning for each value of a field that isn't asked."""
    return [
        problem(evaluation, Fault(key, "W002", evaluation.row.raw[key]))
        for key in evaluation.ignored
        if not is_empty(evaluation.row.raw[key])
    ]


def contradicted_problems(evaluation: Evaluation, row: Mapping[str, Any]) -> list[Problem]:
    """A warning for each computed field that was given another value than comes out."""
    found = []
    for key, field in evaluation.table.fields.items():
        given = row.get(key)
        if not field.computed or field.computed == "none" or is_empty(given):
            continue
        typed = evaluation.typed.get(key)
        if typed is None or str(stored_value(field, typed)) != str(given):
            found.append(problem(evaluation, Fault(key, "W002", given)))
    return found


def answer(evaluation: Evaluation, problems: list[Problem]) -> dict[str, Any]:
    """An evaluation as plain data."""
    fields = evaluation.table.fields
    rate = evaluation.loss_rate
    loss = evaluation.expected_loss
    computed = {
        key: stored_value(fields[key], value)
        for key, value in evaluation.typed.items()
        if fields[key].computed
    }
    return {
        "table": evaluation.table.id,
        "class": evaluation.suggested.value if evaluation.suggested else None,
        "at_least": evaluation.at_least.value,
        "expected_loss": None if loss is None else f"{loss:.2f}",
        "loss_rate": None if rate is None else ratio_text(rate),
        "computed": computed,
        "reasons": [
            {
                "rule": r.rule,
                "floor": r.floor.value if r.floor else None,
                "text": r.text,
                "basis": r.basis,
                "source": r.source,
                "fields": list(r.fields),
            }
            for r in evaluation.reasons
        ],
        "distance": [{"to": d.to.value, "text": d.text} for d in evaluation.distance],
        "evidence": [{"paper": e.paper, "present": e.present} for e in evaluation.evidence],
        "problems": [
            {
                "field": p.field,
                "code": p.code,
                "severity": p.severity,
                "message": p.message,
                "way_out": p.way_out,
            }
            for p in problems
        ],
    }

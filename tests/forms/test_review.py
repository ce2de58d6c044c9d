"""What a review of the engine found, so that it stays mended."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from app.forms import (
    Context,
    DefinitionError,
    FiveClass,
    evaluate,
    load_ruleset,
    ruleset_from_snapshot,
)
from app.forms.classify import RowInputError, base_date_of, classified
from app.forms.conditions import months_between
from app.forms.shape import check_ruleset

BASE = date(2006, 12, 31)
RULES = load_ruleset("inner-mongolia-2007")


def case(table_id: str, number: int) -> dict[str, Any]:
    """The values of a worked case."""
    return next(dict(c.values) for c in RULES.table(table_id).cases if c.number == number)


def test_a_special_bill_needs_its_working_paper() -> None:
    values = case("1-1", 9) | {"wp_formation": "", "wp_state": ""}
    missing = evaluate(RULES.table("1-1"), values, Context(BASE, complete=True)).missing
    assert {"wp_formation", "wp_state"} <= set(missing)


def test_a_safe_item_is_content_with_the_draft() -> None:
    values = {
        "item": "cash",
        "subject": "1011",
        "carrying_amount": "1.00",
        "compliance": "compliant",
        "accuracy": [],
        "records_complete": True,
        "initial_class": "normal",
    }
    assert not evaluate(RULES.table("1-1"), values, Context(BASE, complete=True)).missing


def test_an_unreadable_loss_basis_leaves_the_class_open() -> None:
    values = case("1-2", 19) | {"expected_loss": "210000.00", "remarks": "估计"}
    table = RULES.table("1-2")
    assert evaluate(table, values, Context(BASE)).suggested is FiveClass.DOUBTFUL
    judged = evaluate(table, values | {"loss_basis": "标准的"}, Context(BASE))
    assert judged.suggested is None
    assert judged.at_least is FiveClass.NORMAL


def test_distances_go_through_the_later_steps() -> None:
    values = case("1-5", 151) | {"compliance": "misbooked", "compliance_amount": "1.00"}
    judged = evaluate(RULES.table("1-5"), values, Context(BASE))
    assert judged.suggested is FiveClass.SPECIAL_MENTION
    assert judged.distance
    assert all(step.to.rank > FiveClass.SPECIAL_MENTION.rank for step in judged.distance)
    by_loss = next(step for step in judged.distance if step.field == "expected_loss")
    assert by_loss.to is FiveClass.DOUBTFUL


def test_a_computed_figure_that_contradicts_is_told() -> None:
    values = case("1-2", 19) | {"overdue_days": 500, "base_date": "2006-12-31"}
    answer = classified(RULES.table("1-2"), values, BASE)
    assert [(p["field"], p["code"]) for p in answer["problems"]] == [("overdue_days", "W002")]
    values["overdue_days"] = 0
    assert not classified(RULES.table("1-2"), values, BASE)["problems"]


@pytest.mark.parametrize("day", ["9999-12-31", "1899-12-31", "2200-01-01"])
def test_a_base_date_out_of_the_ordinary_is_refused(day: str) -> None:
    with pytest.raises(RowInputError):
        base_date_of({"base_date": day}, "第1行")


def test_months_up_to_the_last_day_there_is() -> None:
    assert months_between(date(9999, 11, 30), date.max) == 1


def test_a_kept_warning_on_the_rate_knows_the_figures() -> None:
    table, values = RULES.table("1-2"), case("1-2", 3)
    once = evaluate(table, values, Context(BASE)).problems
    double = {"carrying_amount": "2000000.00", "expected_loss": "1800000.00"}
    twice = evaluate(table, values | double, Context(BASE)).problems
    first, second = (next(p for p in found if p.code == "W003") for found in (once, twice))
    assert first.message == second.message
    assert first.values != second.values
    assert "超过90.00%" in first.message


def test_amounts_in_messages_are_written_as_amounts() -> None:
    values = case("1-2", 19) | {"expected_loss": "999999", "remarks": "估计"}
    found = evaluate(RULES.table("1-2"), values, Context(BASE)).problems
    assert "999,999.00元" in next(p.message for p in found if p.code == "E014")


def test_a_table_with_safe_rows_needs_their_drafts() -> None:
    raw = json.loads(RULES.snapshot())
    for field in raw["tables"]["1-1"]["field"]:
        field.pop("draft", None)
    with pytest.raises(DefinitionError, match="'wp_formation': a table with safe rows"):
        check_ruleset(ruleset_from_snapshot(json.dumps(raw).encode()))

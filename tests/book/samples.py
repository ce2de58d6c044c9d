"""Rows for the tests, taken from the worked cases of the shipped rule set."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.forms.loader import load_ruleset

RULESET = load_ruleset("inner-mongolia-2007")
BASE_DATE = date(2006, 12, 31)
CLERK, ACCOUNTANT, OTHER_ACCOUNTANT = "王明", "李桂芳", "赵会计"


def case_values(table_id: str, number: int, **changes: Any) -> dict[str, Any]:
    """The values of a worked case; None takes one out."""
    case = next(c for c in RULESET.table(table_id).cases if c.number == number)
    return {k: v for k, v in {**case.values, **changes}.items() if v is not None}


def finished_values(table_id: str, number: int, **changes: Any) -> dict[str, Any]:
    """The values of a worked case with working paper and initial opinion: nothing is missing."""
    case = next(c for c in RULESET.table(table_id).cases if c.number == number)
    paper = {
        "wp_formation": "按合同形成。",
        "wp_state": "现状清楚。",
        "initial_class": case.expected,
    }
    return case_values(table_id, number, **{**paper, **changes})

"""The worked cases: written down anew here, and those of the rule sets; all come out as stated."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.forms import Context, Table, evaluate, load_ruleset
from app.forms.classify import classified
from app.forms.schema import Case

OLD, NEW = "inner-mongolia-2007", "financial-assets-2023"
CASES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("cases.toml").read_text(encoding="utf-8")
)["case"]


def old_table(id_: str) -> Table:
    """A table of the rule set of 2007."""
    return load_ruleset(OLD).table(id_)


def base_date(case: dict[str, Any]) -> date:
    """The case's base date."""
    return date.fromisoformat(case.get("base_date", "2006-12-31"))


def case_id(case: dict[str, Any]) -> str:
    """How a case is called in the list of tests."""
    return f"{case['number']}-{case['table']}-{case['row']['name']}"


def test_all_26_are_there() -> None:
    assert {case["number"] for case in CASES} == set(range(1, 27))


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_evaluate(case: dict[str, Any]) -> None:
    evaluation = evaluate(old_table(case["table"]), case["row"], Context(base_date(case)))
    assert evaluation.suggested is not None
    assert evaluation.suggested.value == case["class"]
    assert evaluation.at_least is evaluation.suggested
    assert not [p for p in evaluation.problems if p.severity == "error"]
    assert evaluation.error_count == 0


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_classified(case: dict[str, Any]) -> None:
    row = case["row"] | {"base_date": base_date(case).isoformat()}
    answer = classified(old_table(case["table"]), row, base_date(case))
    assert answer["class"] == answer["at_least"] == case["class"]
    assert not [p for p in answer["problems"] if p["severity"] == "error"]
    assert case.get("computed", {}).items() <= answer["computed"].items()
    if "loss_rate" in case:
        assert answer["loss_rate"] == case["loss_rate"]


def test_case_3_is_decided_by_the_liquidation() -> None:
    case = next(case for case in CASES if case["number"] == 3)
    answer = classified(old_table("1-2"), case["row"], base_date(case))
    assert answer["reasons"][0]["floor"] == "loss"
    band = next(r for r in answer["reasons"] if r["rule"] == "common.loss_band")
    assert band["floor"] == "doubtful"
    alone = case["row"] | {"counterparty_state": "normal", "due_on": "", "interest_paid": True}
    assert classified(old_table("1-2"), alone, base_date(case))["class"] == "doubtful"


@pytest.mark.parametrize(
    ("number", "printed", "right", "difference"),
    [
        (5, "57600.00", "580,800.00", "523,200.00"),
        (6, "338500.00", "338,000.00", "500.00"),
    ],
)
def test_the_printed_net_is_caught(number: int, printed: str, right: str, difference: str) -> None:
    case = next(case for case in CASES if case["number"] == number)
    evaluation = evaluate(
        old_table("1-8"), case["row"] | {"carrying_amount": printed}, Context(base_date(case))
    )
    [problem] = evaluation.problems
    assert (problem.field, problem.severity) == ("carrying_amount", "error")
    shown = f"{Decimal(printed):,.2f}"
    amounts = re.findall(r"[\d,]+\.\d\d", problem.message)
    assert amounts == [shown, right, difference]
    assert evaluation.suggested is not None
    assert evaluation.suggested.value == case["class"]


SHIPPED = [
    pytest.param(table, case, id=f"{name[-4:]}-{table.id}-{case.number}")
    for name in (OLD, NEW)
    for table in load_ruleset(name).tables.values()
    for case in table.cases
]


@pytest.mark.parametrize(("table", "case"), SHIPPED)
def test_shipped(table: Table, case: Case) -> None:
    evaluation = evaluate(table, case.values, Context(case.base_date, complete=True))
    assert evaluation.suggested is not None, evaluation.problems
    assert evaluation.suggested.value == case.expected
    answer = classified(table, case.values, case.base_date)
    assert answer["class"] == answer["at_least"] == case.expected
    found = {p.code for p in evaluation.problems}
    errors = {code for code in found if code.startswith("E")}
    assert errors == ({case.problem} if case.problem.startswith("E") else set())
    assert not case.problem or case.problem in found
    ignored = [p for p in answer["problems"] if p["code"] in ("E008", "W002")]
    assert not ignored, "a case holds a value that is not asked"


@pytest.mark.parametrize("name", [OLD, NEW])
def test_the_26_are_shown_beside_their_tables(name: str) -> None:
    shown = {
        (table.id, case.number, case.expected)
        for table in load_ruleset(name).tables.values()
        for case in table.cases
    }
    wanted = {(c["table"], c["number"], c["class"]) for c in CASES if c["number"] < 24}
    assert wanted <= shown
    for number, expected in ((24, "special_mention"), (25, "doubtful"), (26, "loss")):
        assert [key for key in shown if key[1:] == (number, expected)]

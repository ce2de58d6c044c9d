"""Every check between fields: rows that fail it and rows that pass; and every general problem."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.forms import FiveClass, Table
from tests.forms.rows import codes, data, judged, name_of, row_tables

PAIRS: list[dict[str, Any]] = data("checks.toml")["pair"]


def pairs(table: Table) -> Iterator[dict[str, Any]]:
    """The pairs that speak of a check of the table."""
    own = {check.code for check in table.checks}
    return (pair for pair in PAIRS if table.id in pair["tables"] and pair["code"] in own)


def rows_of(kind: str) -> list[Any]:
    """One parameter for each row of the pairs."""
    return [
        pytest.param(table, pair, changes, id=f"{name_of(table)}-{pair['code']}-{place}")
        for table in row_tables()
        for pair in pairs(table)
        for place, changes in enumerate(pair[kind])
    ]


def changed(pair: dict[str, Any], table: Table, changes: dict[str, Any]) -> dict[str, Any]:
    """The changes of a row that the table has fields for."""
    given = {k: v for k, v in pair.get("given", {}).items() if k in table.fields}
    return given | changes


def context(pair: dict[str, Any]) -> dict[str, Any]:
    """What the pair's rows are judged against."""
    return {"last_class": FiveClass(pair["last_class"])} if "last_class" in pair else {}


@pytest.mark.parametrize("table", row_tables(), ids=name_of)
def test_every_check_has_rows_for_and_against_it(table: Table) -> None:
    told = {pair["code"] for pair in pairs(table) if pair["fires"] and pair["quiet"]}
    assert {check.code for check in table.checks} == told


def test_pairs_name_only_checks_that_are_there() -> None:
    known = {(table.id, check.code) for table in row_tables() for check in table.checks}
    told = {(id_, pair["code"]) for pair in PAIRS for id_ in pair["tables"]}
    assert told == known


@pytest.mark.parametrize(("table", "pair", "changes"), rows_of("fires"))
def test_the_check_fails(table: Table, pair: dict[str, Any], changes: dict[str, Any]) -> None:
    evaluation = judged(table, changed(pair, table, changes), **context(pair))
    problem = next((p for p in evaluation.problems if p.code == pair["code"]), None)
    assert problem is not None, codes(evaluation)
    assert problem.severity == ("error" if problem.code.startswith("E") else "warning")
    assert problem.field in table.fields
    for text in (problem.message, problem.way_out):
        assert text
        assert not set("{}") & set(text)
        assert "（未定）" not in text
        assert "（未填）" not in text
        assert "None" not in text
    # The values still count: an answer is not made worse or better by the check.
    assert evaluation.suggested is not None
    errors = [p for p in evaluation.problems if p.severity == "error"]
    assert evaluation.error_count == len(errors)
    assert evaluation.warning_count == len(evaluation.problems) - len(errors)


@pytest.mark.parametrize(("table", "pair", "changes"), rows_of("quiet"))
def test_the_check_passes(table: Table, pair: dict[str, Any], changes: dict[str, Any]) -> None:
    evaluation = judged(table, changed(pair, table, changes), **context(pair))
    assert pair["code"] not in codes(evaluation)

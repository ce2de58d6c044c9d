"""Every rule of both rule sets: rows in which it holds and rows in which it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.forms import Table
from app.forms.results import Reason
from tests.forms.rows import class_of, codes, data, judged, name_of, row_tables, rules

PAIRS: list[dict[str, Any]] = data("rules.toml")["pair"]


def pairs(table: Table) -> Iterator[dict[str, Any]]:
    """The pairs that speak of a rule of the table."""
    own = {rule.id for rule in table.rules}
    return (pair for pair in PAIRS if table.id in pair["tables"] and pair["rule"] in own)


def rows_of(kind: str) -> list[Any]:
    """One parameter for each row of the pairs."""
    return [
        pytest.param(table, pair, changes, id=f"{name_of(table)}-{pair['rule']}-{place}")
        for table in row_tables()
        for pair in pairs(table)
        for place, changes in enumerate(pair[kind])
    ]


@pytest.mark.parametrize("table", row_tables(), ids=name_of)
def test_every_rule_has_rows_for_and_against_it(table: Table) -> None:
    told = {pair["rule"] for pair in pairs(table) if pair["holds"] and pair["fails"]}
    assert {rule.id for rule in table.rules} == told


@pytest.mark.parametrize(("table", "pair", "changes"), rows_of("holds"))
def test_the_rule_holds(table: Table, pair: dict[str, Any], changes: dict[str, Any]) -> None:
    evaluation = judged(table, pair.get("given", {}) | changes)
    reason = next((r for r in evaluation.reasons if r.rule == pair["rule"]), None)
    assert reason is not None, rules(evaluation)
    assert reason.text
    assert not set("{}") & set(reason.text)
    assert "（未填）" not in reason.text
    assert "（未定）" not in reason.text
    assert reason.basis
    assert set(reason.fields) <= set(table.fields)
    assert reason.fields
    # At least the rule's class; on the rule set of 2007, where nothing else comes in, just that.
    assert reason.floor is not None
    assert evaluation.suggested is not None
    assert evaluation.suggested.rank >= reason.floor.rank
    if "class" in pair and (table.ruleset.parent == "" or pair["rule"].startswith("finance")):
        assert class_of(evaluation) == pair["class"], (rules(evaluation), codes(evaluation))


@pytest.mark.parametrize(("table", "pair", "changes"), rows_of("fails"))
def test_the_rule_does_not_hold(
    table: Table, pair: dict[str, Any], changes: dict[str, Any]
) -> None:
    evaluation = judged(table, pair.get("given", {}) | changes)
    assert pair["rule"] not in rules(evaluation)
    assert evaluation.suggested is not None, "a rule that is open proves nothing"


def test_pairs_name_only_rules_that_are_there() -> None:
    known = {(table.id, rule.id) for table in row_tables() for rule in table.rules}
    told = {(id_, pair["rule"]) for pair in PAIRS for id_ in pair["tables"]}
    assert told == known


def printed(basis: str) -> str:
    """A basis as a paper gives it."""
    return Reason("a.b", None, "到期", basis, (), "floor", "D").printed_basis


def test_a_paper_does_not_say_that_a_rule_can_be_changed() -> None:
    assert printed("默认规则：划为损失；联社可在规则集中修改。") == "默认规则：划为损失。"
    assert printed("到期没有兑付的，划为损失") == "到期没有兑付的，划为损失。"
    for table in row_tables():
        for rule in table.rules:
            words = printed(rule.basis)
            assert len(words) > 4, rule.id
            assert "规则集" not in words, rule.id

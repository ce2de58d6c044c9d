"""wuji describe: the definitions as the program reads them."""

from __future__ import annotations

from typing import Any

import pytest

from app.forms import builtin_rulesets, load_ruleset
from tests.cli.running import CHINESE, Wuji

TABLES = (
    "1-1",
    "1-2",
    "1-3",
    "1-4",
    "1-5",
    "1-6",
    "1-7",
    "1-8",
    "1-9",
    "1-10",
    "1-11",
    "1-12",
    "2",
)
TABLE_KEYS = {"table", "title", "method", "fields", "rules", "columns", "cases"}
FIELD_KEYS = {
    "key", "label", "type", "instruction", "example", "source", "asked_when", "optional",
    "computed", "choices",
}  # fmt: skip
TYPES = {"text", "long", "money", "date", "int", "rate", "bool", "one", "many", "class5", "code"}


@pytest.fixture(params=builtin_rulesets())
def described(wuji: Wuji, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Everything a rule set describes, by table."""
    found = wuji("describe", "--json", "--ruleset", request.param).json
    assert found["ruleset"] == request.param
    return {table["table"]: table for table in found["tables"]}


def test_all_tables_are_described_in_their_order(described: dict[str, Any]) -> None:
    assert tuple(described) == TABLES


def test_tables_have_the_shape_of_the_contract(described: dict[str, Any]) -> None:
    for table in described.values():
        assert set(table) >= TABLE_KEYS
        assert table["title"]
        assert table["method"]


def test_fields_have_the_shape_of_the_contract(described: dict[str, Any]) -> None:
    for table in described.values():
        for field in table["fields"]:
            assert set(field) >= FIELD_KEYS
            assert field["type"] in TYPES
            assert type(field["optional"]) is bool
            assert type(field["computed"]) is bool
            assert field["source"] in ("S", "R", "D")
            assert field["asked_when"] is None or isinstance(field["asked_when"], str)
            assert CHINESE.search(field["instruction"]), (table["table"], field["key"])


def test_choices_are_explained_one_by_one(described: dict[str, Any]) -> None:
    for table in described.values():
        for field in table["fields"]:
            assert bool(field["choices"]) == (field["type"] in ("one", "many")), field["key"]
            for choice in field["choices"]:
                assert set(choice) == {"code", "label", "explanation"}
                assert CHINESE.search(choice["explanation"])


def test_rules_have_floor_text_basis_and_source(described: dict[str, Any]) -> None:
    for table in described.values():
        for rule in table["rules"]:
            assert set(rule) >= {"id", "floor", "text", "basis", "source"}
            assert rule["basis"]
            assert rule["source"] in ("S", "R", "D")
        ids = [rule["id"] for rule in table["rules"]]
        assert len(ids) == len(set(ids))


def test_columns_name_fields(described: dict[str, Any]) -> None:
    for table in described.values():
        keys = {field["key"] for field in table["fields"]}
        assert {column["field"] for column in table["columns"]} <= keys


def test_what_is_printed_is_what_is_used(described: dict[str, Any], wuji: Wuji) -> None:
    ruleset_id = wuji("describe", "1-2", "--json").json["ruleset"]
    ruleset = load_ruleset(ruleset_id)
    shown = wuji("describe", "--json", "--ruleset", ruleset_id).json
    assert shown["hash"] == ruleset.hash
    for table in shown["tables"]:
        definition = ruleset.table(table["table"])
        assert [f["key"] for f in table["fields"]] == list(definition.fields)
        assert [r["id"] for r in table["rules"]] == [r.id for r in definition.rules]
        assert len(table["columns"]) == len(definition.columns)
        assert [c["number"] for c in table["cases"]] == [c.number for c in definition.cases]


def test_cases_come_out_as_they_say(described: dict[str, Any]) -> None:
    numbers = [case["number"] for table in described.values() for case in table["cases"]]
    assert set(range(1, 24)) <= set(numbers)


def test_one_table_alone(wuji: Wuji) -> None:
    (table,) = wuji("describe", "1-8", "--json").json["tables"]
    assert table["table"] == "1-8"


def test_the_list_for_people(wuji: Wuji) -> None:
    lines = wuji("describe").lines
    assert len(lines) == len(TABLES)
    for table, line in zip(TABLES, lines, strict=True):
        assert line.startswith(f"附表{table}  ")


def test_one_table_for_people(wuji: Wuji) -> None:
    shown = wuji("describe", "1-2", "--ruleset", "inner-mongolia-2007").out
    for word in (
        "交易对手  counterparty",
        "· 停止经营（ceased）",
        "规则",
        "interbank.deposit_overdue_over_30",
        "案例2",
    ):
        assert word in shown, word


@pytest.mark.parametrize("word", ["1-13", "9", "table", "1-1 "])
def test_an_unknown_table_is_refused(wuji: Wuji, word: str) -> None:
    assert "可选：1-1、" in wuji.refused("describe", word)

"""wuji classify: one row or many, without a book."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from app.forms import builtin_rulesets, load_ruleset
from tests.cli.running import Done, Wuji

RULESET = load_ruleset("inner-mongolia-2007")
CASES = [(t.id, c) for t in RULESET.row_tables for c in t.cases]
ANSWER = {
    "table", "class", "at_least", "loss_rate", "computed", "reasons", "distance", "evidence",
    "problems",
}  # fmt: skip
CLASSES = {"normal", "special_mention", "substandard", "doubtful", "loss"}


def case(table_id: str, number: int) -> dict[str, Any]:
    """What is known of a worked case with its base date; no opinion, no working paper yet."""
    found = next(c for t, c in CASES if (t, c.number) == (table_id, number))
    known = {k: v for k, v in found.values.items() if not k.startswith(("wp_", "initial_"))}
    return {**known, "base_date": found.base_date.isoformat()}


class Classify:
    """Writes rows to a file and has them classified."""

    def __init__(self, wuji: Wuji, folder: Path) -> None:
        self.wuji, self.file = wuji, folder / "rows.json"

    def __call__(self, table_id: str, rows: Any, *more: str, code: int = 0) -> Done:
        """The answer to plain data, or to raw text."""
        raw = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
        self.file.write_bytes(raw)
        return self.wuji("classify", table_id, self.file, *more, code=code)

    def refused(self, table_id: str, rows: Any) -> str:
        return self(table_id, rows, code=2).err


@pytest.fixture
def classify(wuji: Wuji, tmp_path: Path) -> Classify:
    """The command on rows of the test's own."""
    return Classify(wuji, tmp_path)


def test_an_answer_has_the_shape_of_the_contract(classify: Classify) -> None:
    answer = classify("1-2", case("1-2", 2)).json
    assert set(answer) >= ANSWER
    assert (answer["table"], answer["class"], answer["at_least"]) == ("1-2", "doubtful", "doubtful")
    assert answer["computed"]["overdue_days"] == 61
    assert answer["computed"]["overdue_band"] == "to_90"
    first = answer["reasons"][0]
    assert first["rule"] == "interbank.deposit_overdue_over_30"
    assert first["floor"] == "doubtful"
    for reason in answer["reasons"]:
        assert set(reason) >= {"rule", "floor", "text", "basis", "fields"}
    for step in answer["distance"]:
        assert set(step) == {"to", "text"}
    for need in answer["evidence"]:
        assert set(need) == {"paper", "present"}
        assert need["present"] is None
    assert answer["problems"] == []


def test_the_deciding_reason_comes_first(classify: Classify) -> None:
    row = case("1-2", 2) | {"counterparty_state": "strained", "interest_paid": False}
    floors = [reason["floor"] for reason in classify("1-2", row).json["reasons"]]
    assert floors[0] == "doubtful"
    assert "special_mention" in floors


@pytest.mark.parametrize(("table_id", "one"), CASES, ids=lambda one: getattr(one, "number", one))
def test_worked_cases(classify: Classify, table_id: str, one: Any) -> None:
    row = {**one.values, "base_date": one.base_date.isoformat()}
    done = classify(table_id, row, "--ruleset", RULESET.id, code=1 if one.problem[:1] == "E" else 0)
    assert done.json["class"] == one.expected
    codes = {p["code"] for p in done.json["problems"]}
    assert codes >= ({one.problem} if one.problem else set())


def test_an_object_gives_an_object_and_a_list_a_list(classify: Classify) -> None:
    row = case("1-2", 19)
    assert isinstance(classify("1-2", row).json, dict)
    assert classify("1-2", []).json == []
    assert [a["class"] for a in classify("1-2", [row, case("1-2", 2), row]).json] == [
        "normal",
        "doubtful",
        "normal",
    ]


def test_json_is_printed_with_or_without_asking(classify: Classify) -> None:
    assert classify("1-2", case("1-2", 1)).json == classify("1-2", case("1-2", 1), "--json").json


def test_standard_input(wuji: Wuji, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = json.dumps(case("1-2", 1), ensure_ascii=False).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert wuji("classify", "1-2", "-").json["class"] == "substandard"


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"carrying_amount": 1000000, "expected_loss": 300000}, "0.3000"),
        ({"carrying_amount": "1000000.00", "expected_loss": "299900"}, "0.2999"),
        ({"carrying_amount": 1000000.0, "expected_loss": 0.1}, "0.0000"),
        ({"carrying_amount": "1,000,000", "expected_loss": "90.01万"}, "0.9001"),
        ({"carrying_amount": "0", "expected_loss": "0"}, "0.0000"),
    ],
)
def test_money_may_be_text_or_number(
    classify: Classify, changes: dict[str, Any], shown: str
) -> None:
    row = case("1-2", 19) | {"loss_basis": "estimated", "remarks": "说明", **changes}
    assert classify("1-2", row).json["loss_rate"] == shown


@pytest.mark.parametrize("written", [True, "是", "true"])
def test_yes_and_no(classify: Classify, written: Any) -> None:
    row = case("1-2", 19)
    assert classify("1-2", row | {"ownership_disputed": written}).json["class"] == "substandard"
    assert classify("1-2", row | {"ownership_disputed": "否"}).json["class"] == "normal"


def test_a_month_counts_from_its_first_day(classify: Classify) -> None:
    row = case("1-5", 21) | {"base_date": "2006-12-31"}
    by_day = classify("1-5", row | {"formed_on": "2006-07-01"}).json
    by_month = classify("1-5", row | {"formed_on": "2006-07"}).json
    assert by_month["computed"]["age_days"] == by_day["computed"]["age_days"] == 183


class TestUnanswered:
    """What isn't answered leaves the class open, not good."""

    def test_no_class_while_a_rule_is_open(self, classify: Classify) -> None:
        row = case("1-2", 19)
        del row["counterparty_state"]
        done = classify("1-2", row, code=1)
        assert done.json["class"] is None
        assert done.json["at_least"] == "normal"
        (problem,) = done.json["problems"]
        assert set(problem) >= {"field", "code", "severity", "message"}
        assert (problem["field"], problem["code"]) == ("counterparty_state", "E001")

    def test_a_class_when_nothing_could_change_it(self, classify: Classify) -> None:
        row = case("1-2", 3)
        del row["interest_paid"]
        done = classify("1-2", row, code=1)
        assert done.json["class"] == done.json["at_least"] == "loss"

    def test_accuracy_none_is_an_answer_and_missing_is_not(self, classify: Classify) -> None:
        row = case("1-2", 19)
        assert classify("1-2", row | {"accuracy": []}).json["class"] == "normal"
        del row["accuracy"]
        done = classify("1-2", row, code=1)
        assert done.json["class"] is None
        assert [p["field"] for p in done.json["problems"]] == ["accuracy"]

    def test_opinions_and_working_paper_may_be_left_out(self, classify: Classify) -> None:
        row = case("1-2", 2)
        assert not [key for key in row if key.startswith(("wp_", "initial_"))]
        assert classify("1-2", row).json["problems"] == []


class TestProblems:
    """What is wrong with a row is told in the answer; exit status 1."""

    BAD: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"carrying_amount": "-1"}, "carrying_amount", "E004"),
        ({"carrying_amount": "1.005"}, "carrying_amount", "E005"),
        ({"carrying_amount": "viel"}, "carrying_amount", "E002"),
        ({"carrying_amount": [1]}, "carrying_amount", "E002"),
        ({"carrying_amount": {"a": 1}}, "carrying_amount", "E002"),
        ({"carrying_amount": True}, "carrying_amount", "E002"),
        ({"formed_on": "2007-13-01"}, "formed_on", "E002"),
        ({"counterparty_state": "tot"}, "counterparty_state", "E003"),
        ({"accuracy": ["alles"]}, "accuracy", "E003"),
        ({"accuracy": "account_account"}, "accuracy_amount", "E001"),
        ({"interest_paid": "vielleicht"}, "interest_paid", "E002"),
        ({"subject": "9999"}, "subject", "E009"),
        (
            {"loss_basis": "estimated", "expected_loss": "1000000.01", "remarks": "x"},
            "expected_loss",
            "E014",
        ),
    )

    @pytest.mark.parametrize(("changes", "field", "code"), BAD)
    def test_bad_values(
        self, classify: Classify, changes: dict[str, Any], field: str, code: str
    ) -> None:
        row = case("1-2", 2) | changes
        done = classify("1-2", row, "--ruleset", RULESET.id, code=1)
        errors = [p for p in done.json["problems"] if p["severity"] == "error"]
        assert [(p["field"], p["code"]) for p in errors] == [(field, code)]

    def test_a_date_after_the_base_date(self, classify: Classify) -> None:
        row = case("1-2", 19) | {"formed_on": "2007-01-01"}
        (problem,) = classify("1-2", row, code=1).json["problems"]
        assert (problem["field"], problem["code"]) == ("formed_on", "E006")
        assert "2006-12-31" in problem["message"]

    def test_an_unknown_key_names_the_likeliest(self, classify: Classify) -> None:
        row = case("1-2", 2) | {"counterparti": "某银行"}
        (problem,) = classify("1-2", row, code=1).json["problems"]
        assert problem["severity"] == "error"
        assert "counterparty" in problem["message"]

    def test_a_value_that_is_not_asked_is_ignored_with_a_warning(self, classify: Classify) -> None:
        row = case("1-2", 2) | {"compliance_amount": "10.00", "bond_name": ""}
        done = classify("1-2", row)
        assert done.json["class"] == "doubtful"
        (problem,) = done.json["problems"]
        assert (problem["field"], problem["severity"]) == ("compliance_amount", "warning")

    def test_the_others_are_answered_all_the_same(self, classify: Classify) -> None:
        bad = case("1-2", 2) | {"carrying_amount": "viel"}
        done = classify("1-2", [bad, case("1-2", 2)], code=1)
        assert [answer["class"] for answer in done.json] == [
            done.json[0]["class"],
            "doubtful",
        ]
        assert done.json[1]["problems"] == []

    def test_printed_nets_that_do_not_agree(self, classify: Classify) -> None:
        row = case("1-8", 6) | {"carrying_amount": "338500.00"}
        done = classify("1-8", row, code=1)
        (problem,) = done.json["problems"]
        assert problem["field"] == "carrying_amount"
        for figure in ("338,500.00", "338,000.00", "500.00"):
            assert figure in problem["message"]


class TestRefused:
    """What can't be judged at all: exit status 2, one line."""

    @pytest.mark.parametrize(
        "raw",
        [b"", b"{", b"hello", b"[1,]", b"\xff\xfe{}", b'{"a": NaN}', b"[" * 100_000, b'{"a":1}{}'],
    )
    def test_no_json(self, classify: Classify, raw: bytes) -> None:
        assert "rows.json" in classify.refused("1-2", raw) or b"NaN" in raw

    @pytest.mark.parametrize("rows", [1, "x", None, [1], [None], [[]]])
    def test_no_row(self, classify: Classify, rows: Any) -> None:
        assert "应是字段和值组成的对象" in classify.refused("1-2", rows)

    @pytest.mark.parametrize("day", [None, "", "2006-12", "gestern", 20061231, "2006-02-30", []])
    def test_no_base_date(self, classify: Classify, day: Any) -> None:
        row = case("1-2", 2) | {"base_date": day}
        assert "base_date" in classify.refused("1-2", row)

    def test_the_row_without_a_base_date_is_named(self, classify: Classify) -> None:
        row = case("1-2", 2)
        assert "第2行" in classify.refused("1-2", [row, {}, row])

    @pytest.mark.parametrize("table_id", ["1-13", "", "x", "2"])
    def test_an_unknown_table(self, classify: Classify, table_id: str) -> None:
        assert "附表" in classify.refused(table_id, {}) or table_id != "2"

    def test_no_file(self, wuji: Wuji) -> None:
        assert "none.json" in wuji.refused("classify", "1-2", "none.json")

    def test_a_folder(self, wuji: Wuji, tmp_path: Path) -> None:
        wuji.refused("classify", "1-2", tmp_path)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"base_date": "2006-12-31", "carrying_amount": ' + b"9" * 5000 + b"}",
        b'{"base_date": "2006-12-31", "carrying_amount": 1e99999}',
        b'{"base_date": "2006-12-31", "carrying_amount": -0}',
        b'{"base_date": "2006-12-31", "\\ud800": 1, "name": "\\udfff"}',
        b'{"base_date": "2006-12-31", "name": "' + b"x" * 100_000 + b'"}',
        '\ufeff{"base_date": "2006-12-31"}'.encode(),
    ],
)
def test_strange_but_readable_json_is_answered(classify: Classify, raw: bytes) -> None:
    assert classify("1-2", raw, code=1).json["class"] is None


@pytest.mark.parametrize(
    ("day", "ruleset"),
    [("2023-06-30", "inner-mongolia-2007"), ("2023-07-01", "financial-assets-2023")],
)
def test_each_row_is_judged_by_the_rules_in_force(
    classify: Classify, day: str, ruleset: str
) -> None:
    newest = set(load_ruleset("financial-assets-2023").table("1-2").fields)
    extra = newest - set(RULESET.table("1-2").fields)
    assert extra
    done = classify("1-2", {"base_date": day}, code=1)
    asked = {p["field"] for p in done.json["problems"]}
    assert bool(asked & extra) == (ruleset == "financial-assets-2023")


@pytest.mark.parametrize("ruleset", builtin_rulesets())
def test_an_empty_row_of_every_table(classify: Classify, ruleset: str) -> None:
    for table in load_ruleset(ruleset).row_tables:
        row = {"base_date": "2025-12-31"}
        answer = classify(table.id, row, "--ruleset", ruleset, code=1).json
        assert answer["class"] is None
        assert answer["at_least"] in CLASSES
        assert {p["code"] for p in answer["problems"]} == {"E001"}


def test_many_rows_at_once(classify: Classify) -> None:
    answers = classify("1-2", [case("1-2", 2)] * 500).json
    assert len(answers) == 500
    assert {answer["class"] for answer in answers} == {"doubtful"}

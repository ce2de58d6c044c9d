"""General problems: each code of the catalogue that a row can have, and what it says."""

from __future__ import annotations

from typing import Any

import pytest

from app.forms import FiveClass, RuleSet
from app.forms.classify import classified
from tests.forms.rows import BASE, NEW, codes, judged, row, rulesets, table

# Found by the book: they need other rows, the ledger, a listing or a person.
OF_THE_BOOK = {"E015", "E016", "E017", "W004", "W005", "W006", "W008", "W009", "W010"}

# Code, table, changes of the row in order, field, words that the message must hold.
RAISED: list[tuple[str, str, dict[str, Any], str, tuple[str, ...]]] = [
    ("E001", "1-2", {"counterparty": ""}, "counterparty", ("交易对手",)),
    ("E001", "1-2", {"counterparty": "  "}, "counterparty", ("交易对手",)),
    ("E001", "1-2", {"counterparty": None}, "counterparty", ("交易对手",)),
    ("E001", "1-2", {"accuracy": None}, "accuracy", ("准确性",)),
    ("E001", "1-2", {"compliance": "misbooked"}, "compliance_amount", ("合规性（金额）",)),
    ("E001", "1-2", {"expected_loss": "1.00"}, "remarks", ("备注",)),
    ("E002", "1-2", {"carrying_amount": "一百"}, "carrying_amount", ("账面金额", "一百", "金额")),
    ("E002", "1-2", {"carrying_amount": True}, "carrying_amount", ("账面金额", "是")),
    ("E002", "1-2", {"formed_on": "2006-13-01"}, "formed_on", ("2006-13-01", "日期")),
    ("E002", "1-2", {"formed_on": "2007-02-29"}, "formed_on", ("2007-02-29",)),
    ("E002", "1-2", {"due_on": "2006-11"}, "due_on", ("2006-11",)),
    ("E002", "1-2", {"interest_paid": "也许"}, "interest_paid", ("也许", "是或否")),
    ("E002", "1-8", {"depreciation_years": "五年"}, "depreciation_years", ("五年", "整数")),
    ("E002", "1-2", {"counterparty": ["某银行"]}, "counterparty", ("某银行", "文字")),
    ("E002", "1-9", {"papers": 3}, "papers", ("3", "列表")),
    ("E003", "1-2", {"kind": "deposit"}, "kind", ("deposit", "类别")),
    ("E003", "1-2", {"accuracy": ["wrong"]}, "accuracy", ("wrong",)),
    ("E003", "1-4", {"kind": "interest", "underlying_class": "不良"}, "underlying_class",
     ("不良",)),
    ("E004", "1-2", {"carrying_amount": "-0.01"}, "carrying_amount", ("-0.01",)),
    ("E004", "1-8", {"depreciation_years": -5}, "depreciation_years", ("-5",)),
    ("E005", "1-2", {"carrying_amount": "0.001"}, "carrying_amount", ("0.001", "两位小数")),
    ("E006", "1-2", {"formed_on": "2007-01-01"}, "formed_on", ("2007-01-01", "2006-12-31")),
    ("E006", "1-3", {"formed_on": "2007-01"}, "formed_on", ("2007年1月", "2006-12-31")),
    ("E006", "1-8", {"formed_on": "2007"}, "formed_on", ("2007年", "2006-12-31")),
    ("E007", "1-3", {"estimated_price": "5000.00", "expected_loss": "5999.99"}, "expected_loss",
     ("5,999.99", "6,000.00")),
    ("E009", "1-2", {"subject": "9999"}, "subject", ("9999",)),
    ("E010", "1-6", {"investment_type": "other", "agreement": True, "agreement_legality": "legal",
                     "share_percent": "138%"}, "share_percent", ("138%", "1")),
    ("E010", "1-8", {"depreciation_years": 101}, "depreciation_years", ("101", "100")),
    ("E011", "1-2", {"interest_paid": False, "initial_class": "normal"}, "initial_class",
     ("正常", "关注")),
    ("E012", "1-2", {"initial_class": "loss"}, "initial_reason", ("损失", "正常")),
    ("E013", "1-2", {"counterparty": "长" * 201}, "counterparty", ("200",)),
    ("E014", "1-2", {"expected_loss": "10000.01", "remarks": "全损"}, "expected_loss",
     ("10,000.01", "10,000.00")),
    ("W001", "1-2", {"subject": "1391"}, "subject", ("1-5", "其他应收款")),
    ("W001", "1-1", {"subject": "1231"}, "subject", ("1-2",)),
    ("W003", "1-2", {"counterparty_state": "ceased"}, "expected_loss", ("0.00%", "可疑")),
    ("W007", "1-1", {"expected_loss": "1.00", "remarks": "短款"}, "expected_loss", ("1.00",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "id_", "changes", "field", "words"),
    RAISED,
    ids=[f"{code}-{id_}-{place}" for place, (code, id_, *_) in enumerate(RAISED)],
)
def test_the_problem_is_found(
    code: str, id_: str, changes: dict[str, Any], field: str, words: tuple[str, ...]
) -> None:
    evaluation = judged(table(id_), changes)
    problem = next(p for p in evaluation.problems if p.code == code)
    assert problem.field == field
    assert problem.severity == ("error" if code.startswith("E") else "warning")
    for word in words:
        assert word in problem.message + problem.way_out
    for text in (problem.message, problem.way_out):
        assert not set("{}") & set(text)
        assert "None" not in text
        assert "Decimal" not in text


@pytest.mark.parametrize("ruleset", rulesets(), ids=lambda r: r.id)
def test_every_code_is_raised_somewhere(ruleset: RuleSet) -> None:
    raised = {code for code, *_ in RAISED} | {"E008", "W002"} | OF_THE_BOOK
    assert set(ruleset.problems) == raised


def test_texts_of_the_catalogue_differ() -> None:
    problems = rulesets()[0].problems.values()
    assert len({p.text for p in problems}) == len(problems)
    assert all(len(p.way_out) >= 6 for p in problems)


@pytest.mark.parametrize("ruleset", rulesets(), ids=lambda r: r.id)
def test_every_text_is_a_sentence_and_says_nothing_twice(ruleset: RuleSet) -> None:
    texts = [(one.text, one.way_out) for one in ruleset.problems.values()]
    for table_ in ruleset.tables.values():
        texts += [(check.text, check.way_out) for check in table_.checks]
    for text, way_out in texts:
        assert text.endswith(("。", "？"))
        assert not ("{expected}" in text and "{expected}" in way_out), text


@pytest.mark.parametrize("day", ["2006-12-31", "2006-12", "2006", "2004-02-29"])
def test_up_to_the_base_date_a_formation_is_in_order(day: str) -> None:
    assert "E006" not in codes(judged(table("1-2"), {"formed_on": day}))


def test_an_unknown_key_names_the_likeliest() -> None:
    values = row(table("1-2")) | {"counterparti": "某银行", "zzz": 1}
    problems = classified(table("1-2"), values, BASE)["problems"]
    assert [(p["field"], p["code"], p["severity"]) for p in problems] == [
        ("counterparti", "E008", "error"),
        ("zzz", "E008", "error"),
    ]
    assert "“counterparty”（交易对手）" in problems[0]["message"]
    assert "是否" not in problems[1]["message"]


def test_a_value_that_is_not_asked_is_ignored_with_a_warning() -> None:
    values = row(table("1-2")) | {"bond_name": "国债0601", "compliance_note": "  "}
    answer = classified(table("1-2"), values, BASE)
    [problem] = answer["problems"]
    assert (problem["field"], problem["code"], problem["severity"]) == (
        "bond_name",
        "W002",
        "warning",
    )
    assert "国债0601" in problem["message"]
    assert answer["class"] == "normal"


def test_a_value_that_is_not_asked_does_not_count() -> None:
    evaluation = judged(table("1-2"), {"bond_name": "国债0601", "compliance_amount": "-5"})
    assert not evaluation.problems
    assert "bond_name" not in evaluation.typed
    assert set(evaluation.ignored) == {"bond_name", "compliance_amount"}


@pytest.mark.parametrize(
    ("value", "found"),
    [("normal", "E011"), ("special_mention", "E011"), ("substandard", ""), ("doubtful", "E012")],
)
def test_the_initial_opinion(value: str, found: str) -> None:
    changes = {"ownership_disputed": True, "initial_class": value}
    assert [c for c in codes(judged(table("1-2"), changes)) if c != "W003"] == [found] * bool(found)
    given = judged(table("1-2"), changes | {"initial_reason": "对方已停业"})
    assert ("E012" in codes(given)) is False


def test_a_second_estimate_needs_a_confirmation() -> None:
    last = FiveClass.DOUBTFUL
    evaluation = judged(table("1-2", NEW), last_class=last)
    assert [(p.field, p.code) for p in evaluation.problems] == [("cured_confirmed", "E001")]
    assert not judged(table("1-2", NEW), {"cured_confirmed": True}, last_class=last).problems


def test_working_papers_and_opinion_are_needed_only_when_complete() -> None:
    blank = {"wp_formation": "", "wp_state": "", "initial_class": ""}
    assert not judged(table("1-2"), blank).problems
    missing = judged(table("1-2"), blank, complete=True)
    assert [p.field for p in missing.problems] == ["wp_formation", "wp_state", "initial_class"]


def test_problems_stand_in_the_order_of_the_form() -> None:
    changes = {"limitation": "", "counterparty": "", "carrying_amount": "x"}
    fields = [p.field for p in judged(table("1-2"), changes).problems]
    assert fields == ["counterparty", "carrying_amount", "limitation"]

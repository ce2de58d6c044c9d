"""Classifying without a book: the answer's shape, rows as people write them, unreadable ones."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.forms import Context, FiveClass, Table, evaluate, load_ruleset, ruleset_for
from app.forms.classify import RowInputError, classified, classify_rows
from app.forms.describe import described
from app.forms.schema import FieldDef
from tests.forms.rows import (
    BASE,
    NEW,
    OLD,
    class_of,
    codes,
    judged,
    name_of,
    row,
    row_tables,
    table,
)


def classes(rows: list[Any], id_: str = "1-2") -> list[str | None]:
    """The classes of rows, each by the rule set in force."""
    return [answer["class"] for answer in classify_rows(id_, rows, ruleset_for)]


def test_the_answer_has_the_shape_of_the_contract() -> None:
    values = row(table("1-2"), {"due_on": "base-61", "initial_class": "doubtful"})
    values |= {"initial_reason": ""}
    answer = classified(table("1-2"), values, BASE)
    assert {
        "table", "class", "at_least", "loss_rate", "computed", "reasons", "distance", "evidence",
        "problems",
    } <= set(answer)  # fmt: skip
    assert answer["table"] == "1-2"
    assert answer["class"] == answer["at_least"] == "doubtful"
    assert answer["loss_rate"] == "0.0000"
    assert answer["computed"]["overdue_days"] == 61
    assert answer["computed"]["overdue_band"] == "to_90"
    [reason] = answer["reasons"]
    assert {"rule", "floor", "text", "basis", "fields"} <= set(reason)
    assert reason["rule"] == "interbank.deposit_overdue_over_30"
    assert "61天" in reason["text"]
    assert set(reason["fields"]) <= {"kind", "due_on"}
    assert all(set(e) == {"paper", "present"} and e["present"] is None for e in answer["evidence"])
    assert all(set(d) == {"to", "text"} for d in answer["distance"])
    assert [p["code"] for p in answer["problems"]] == ["W003"]
    assert json.loads(json.dumps(answer)) == answer


@pytest.mark.parametrize("known", row_tables(), ids=name_of)
def test_every_answer_is_plain_json(known: Table) -> None:
    for case in known.cases:
        answer = classified(known, case.values, case.base_date)
        assert json.loads(json.dumps(answer)) == answer
        for key, value in answer["computed"].items():
            if known.fields[key].type == "money":
                assert Decimal(value).as_tuple().exponent == -2


def test_an_answer_without_a_class() -> None:
    answer = classified(table("1-2"), {}, BASE)
    assert answer["class"] is None
    assert answer["at_least"] == "normal"
    assert answer["loss_rate"] is None
    assert {p["severity"] for p in answer["problems"]} == {"error"}


def test_values_as_json_and_people_have_them() -> None:
    values = row(table("1-2"))
    written = values | {
        "carrying_amount": 10000,
        "expected_loss": 0.0,
        "interest_paid": "是",
        "ownership_disputed": "否",
        "kind": "存放同业款项",
        "counterparty_state": "正常",
        "formed_on": "2004年1月5日",
        "accuracy": "相符",
    }
    first, second = (classified(table("1-2"), v, BASE) for v in (values, written))
    assert first == second


def test_no_accuracy_is_unanswered_and_an_empty_list_is_an_answer() -> None:
    values = row(table("1-2"))
    assert classified(table("1-2"), values | {"accuracy": []}, BASE)["class"] == "normal"
    del values["accuracy"]
    answer = classified(table("1-2"), values, BASE)
    assert answer["class"] is None
    assert [(p["field"], p["code"]) for p in answer["problems"]] == [("accuracy", "E001")]


def test_computed_values_given_are_not_taken() -> None:
    values = row(table("1-2"), {"due_on": "base-61"}) | {"overdue_days": 5, "loss_rate": "0.99"}
    answer = classified(table("1-2"), values, BASE)
    assert answer["computed"]["overdue_days"] == 61
    assert answer["class"] == "doubtful"


def test_rows_come_out_in_order_by_the_rule_set_of_their_base_date() -> None:
    old = row(table("1-4"), {"due_on": "base-91", "formed_on": "base-91"})
    new = old | {"subject": "1122", "base_date": "2023-12-31", "formed_on": "2023-10-01"}
    new |= {"due_on": "2023-12-30", "credit_impaired": False, "evading": False}
    new |= {"in_liquidation": False, "debtor_npl_here": False, "debtor_overdue_elsewhere": False}
    new |= {"technical_overdue": False}
    rows = [old | {"base_date": "2006-12-31"}, new]
    assert classes(rows, "1-4") == ["normal", "special_mention"]
    assert classes(rows[::-1], "1-4") == ["special_mention", "normal"]


@pytest.mark.parametrize("last", ["损失", "loss", " 损失 "])
def test_the_last_class_by_code_or_label(last: str) -> None:
    answer = classified(table("1-2", NEW), row(table("1-2", NEW)) | {"last_class": last}, BASE)
    assert [(p["field"], p["code"]) for p in answer["problems"]] == [("cured_confirmed", "E001")]


@pytest.mark.parametrize("last", ["不良", 4, ["loss"]])
def test_an_unknown_last_class(last: Any) -> None:
    answer = classified(table("1-2", NEW), row(table("1-2", NEW)) | {"last_class": last}, BASE)
    assert [(p["field"], p["code"]) for p in answer["problems"]] == [("last_class", "E003")]


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"base_date": ""},
        {"base_date": "2006-12"},
        {"base_date": "2006-13-01"},
        {"base_date": 20061231},
        {"base_date": None},
        [],
        "row",
        7,
        None,
    ],
)
def test_a_row_without_a_readable_base_date(bad: Any) -> None:
    with pytest.raises(RowInputError, match=r"^第2行：[^\n]+$"):
        classes([row(table("1-2")) | {"base_date": "2006-12-31"}, bad])


@pytest.mark.parametrize("base", ["2006-12-31", "2006年12月31日", "20061231", " 2006.12.31 "])
def test_a_base_date_as_people_write_it(base: str) -> None:
    assert classes([row(table("1-2")) | {"base_date": base}]) == ["normal"]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@settings(max_examples=200)
@given(known=st.sampled_from(row_tables()), data=st.data())
def test_no_value_makes_an_evaluation_fail(known: Table, data: st.DataObject) -> None:
    keys = st.sampled_from(sorted(known.fields))
    values = row(known) | data.draw(st.dictionaries(keys, JUNK, max_size=6))
    evaluation = evaluate(known, values, Context(BASE, complete=data.draw(st.booleans())))
    answer = classified(known, values, BASE)
    assert answer["at_least"] in {member.value for member in FiveClass}
    assert evaluation.error_count + evaluation.warning_count == len(evaluation.problems)
    for problem in evaluation.problems:
        assert problem.message
        assert problem.way_out
    assert evaluation.reasons is not None
    assert evaluation.distance is not None


def answers_of(field: FieldDef) -> st.SearchStrategy[Any]:
    """Answers that a field may have, none included."""
    some: st.SearchStrategy[Any]
    match field.type:
        case "bool":
            some = st.booleans()
        case "one":
            some = st.sampled_from([choice.code for choice in field.choices])
        case "many":
            codes = st.sampled_from([choice.code for choice in field.choices])
            return st.none() | st.lists(codes, unique=True, max_size=3)
        case "money":
            some = st.sampled_from(["0.00", "1.00", "2999.99", "3000.00", "9000.01", "10000.00"])
        case "date":
            days = st.integers(-40, 1200).map(
                lambda days: date.fromordinal(BASE.toordinal() - days)
            )
            some = days.map(date.isoformat)
        case "int":
            some = st.sampled_from([0, 1, 5, 36, 60])
        case "class5":
            some = st.sampled_from([member.value for member in FiveClass])
        case _:
            return st.just("文字")
    return some if field.key in ("carrying_amount",) else some | st.none()


@settings(max_examples=300)
@given(known=st.sampled_from(row_tables()), data=st.data())
def test_an_open_class_can_only_get_what_the_rules_leave(known: Table, data: st.DataObject) -> None:
    """A class that was given stays, whatever is answered to what was open."""
    keys = [k for k, f in known.fields.items() if f.part == "row" and not f.computed]
    keys.remove("subject")
    changed = data.draw(st.lists(st.sampled_from(keys), max_size=6, unique=True))
    values = row(known)
    values |= {key: data.draw(answers_of(known.fields[key]), label=key) for key in changed}
    first = evaluate(known, values, Context(BASE))
    missing = [p.field for p in first.problems if p.code == "E001" and p.field != "remarks"]
    later = dict(values)
    for _ in range(4):
        # New answers may ask new questions; these count as open before too.
        for key in missing:
            later[key] = data.draw(
                answers_of(known.fields[key]).filter(lambda v: v is not None), label=key
            )
        second = evaluate(known, later, Context(BASE))
        missing = [p.field for p in second.problems if p.code == "E001" and p.field != "remarks"]
        if not missing:
            break
    if first.suggested is not None:
        assert second.suggested is first.suggested


def test_what_is_described() -> None:
    for known in load_ruleset(OLD).tables.values():
        told = described(known)
        assert {"table", "title", "method", "fields", "rules", "columns", "cases"} <= set(told)
        assert [f["key"] for f in told["fields"]] == list(known.fields)
        for field in told["fields"]:
            assert {
                "key", "label", "type", "instruction", "example", "source", "asked_when",
                "optional", "computed", "choices",
            } <= set(field)  # fmt: skip
        for rule in told["rules"]:
            assert {"id", "floor", "text", "basis", "source"} <= set(rule)
        assert json.dumps(told, default=str)


# ---------------------------------------------------------------- evidence and distance


def test_evidence_asked_for_and_attached() -> None:
    changes = {"due_on": "base-61"}
    needed = judged(table("1-2"), changes).evidence
    papers = [need.paper for need in needed]
    assert len(set(papers)) == len(papers)
    assert "催收记录" in papers
    assert {need.present for need in needed} == {None}
    some = judged(table("1-2"), changes, papers=frozenset(["催收记录"])).evidence
    assert {need.paper for need in some if need.present} == {"催收记录"}
    assert all(need.present is not None for need in some)


@pytest.mark.parametrize("known", row_tables(), ids=name_of)
def test_a_row_in_order_asks_for_its_tables_papers(known: Table) -> None:
    assert judged(known).evidence


def test_how_far_to_the_next_class_by_the_rate() -> None:
    changes = {"carrying_amount": "400000.00", "expected_loss": "98400.00", "remarks": "估计"}
    distance = judged(table("1-2"), changes).distance
    [to] = [d for d in distance if d.to is FiveClass.DOUBTFUL]
    for word in ("24.60%", "30.00%", "5.40", "21,600.00元", "可疑"):
        assert word in to.text
    assert to.field == "expected_loss"


def test_how_far_to_the_next_class_by_days() -> None:
    distance = judged(table("1-2"), {"due_on": "base-19"}).distance
    [to] = [d for d in distance if d.to is FiveClass.DOUBTFUL and d.field != "expected_loss"]
    for word in ("19天", "30天", "12天", "可疑"):
        assert word in to.text


def test_no_distance_beyond_loss() -> None:
    assert judged(table("1-2"), {"counterparty_state": "closed"}).distance == ()


@pytest.mark.parametrize("days", [0, 1, 29, 30, 31, 89, 90])
def test_the_step_comes_on_the_day_that_was_told(days: int) -> None:
    changes = {"due_on": f"base-{days}" if days else "base+0"}
    now = judged(table("1-2"), changes)
    for step in now.distance:
        if step.field == "expected_loss":
            continue
        left = int(step.text.rpartition("还有")[2].partition("天")[0])
        due = (BASE.toordinal() - days) if days else BASE.toordinal()
        fixed = {"due_on": date.fromordinal(due).isoformat()}
        before = judged(
            table("1-2"), fixed, base_date=date.fromordinal(BASE.toordinal() + left - 1)
        )
        then = judged(table("1-2"), fixed, base_date=date.fromordinal(BASE.toordinal() + left))
        assert before.suggested is not None
        assert then.suggested is not None
        assert before.suggested.rank < step.to.rank <= then.suggested.rank


def test_reading_an_evaluation_changes_nothing() -> None:
    evaluation = judged(table("1-2"), {"due_on": "base-61", "expected_loss": "5", "remarks": "x"})
    before = class_of(evaluation), codes(evaluation), evaluation.expected_loss
    _ = evaluation.typed, evaluation.states, evaluation.reasons, evaluation.distance
    assert (class_of(evaluation), codes(evaluation), evaluation.expected_loss) == before


def test_an_evaluation_does_not_change_the_values() -> None:
    values = row(table("1-3"))
    before = json.dumps(values)
    evaluate(table("1-3"), values, Context(BASE))
    classified(table("1-3"), values, BASE)
    assert json.dumps(values) == before

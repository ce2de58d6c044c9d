"""Review: who may say what, layers, questions, checks, audit, conflicts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book
from app.forms.classes import FiveClass
from app.union.case import case_of
from app.union.changing import opinions_of
from app.union.errors import ConflictError, UnionError
from app.union.intake import collect
from app.union.review import review
from tests.union.county import AUDITOR, CLERK, DEPARTMENT, LEADER, REVIEWER, SECOND, County
from tests.union.steps import checked, decided, entry, of_office, reviewed, through


def row_of(book: Book, **wanted: str) -> Any:
    """A row with this suggestion, table or field."""
    for row in book.rows():
        if wanted.get("class_") and (not row.suggested or row.suggested.value != wanted["class_"]):
            continue
        if wanted.get("field") and wanted["field"] not in book.ruleset.table(row.table_id).fields:
            continue
        return row
    raise AssertionError(wanted)


def refused(book: Book, word: str, *entries: Any, by: str = REVIEWER) -> None:
    """Nothing is written, the message holds the word."""
    before = book.verify_history().head
    with pytest.raises(UnionError, match=word):
        review(book, entries, by=by)
    assert book.verify_history().head == before


def test_an_opinion_is_kept_and_the_row_as_sent_stays(collected: Book) -> None:
    row = row_of(collected, class_="normal")
    done = review(collected, [entry(row.id, class_="关注", reason="回函不全")], by=REVIEWER)
    assert done.stages == {"reviewed": 1}
    after = collected.row(row.id)
    assert after.values["review_class"] == "special_mention"
    assert after.values["review_reason"] == "回函不全"
    assert after.suggested == row.suggested
    assert after.stage == "reviewed"
    assert after.version == row.version + 1
    own = {k: v for k, v in after.values.items() if k in row.values}
    assert own == row.values
    opinion = opinions_of(collected, row.id)[0]
    assert (opinion.stage, opinion.class_, opinion.by) == (
        "review", FiveClass.SPECIAL_MENTION, REVIEWER,
    )  # fmt: skip
    assert collected.verify_history().whole


def test_another_opinion_does_not_wipe_out_the_first(collected: Book) -> None:
    row = row_of(collected, class_="normal")
    review(collected, [entry(row.id, class_="normal")], by=REVIEWER)
    review(collected, [entry(row.id, class_="doubtful", reason="又查到诉讼")], by=SECOND)
    assert [one.by for one in opinions_of(collected, row.id)] == [REVIEWER, SECOND]


def test_differing_opinions_need_a_reason(collected: Book) -> None:
    row = row_of(collected, class_="normal")
    refused(collected, "理由", entry(row.id, class_="loss"))
    refused(collected, "理由", entry(row.id, loss="1.00"))


def test_a_reason_is_needed_against_the_offices_opinion_and_against_the_suggestion(
    county: County, collected: Book
) -> None:
    row_id = row_of(collected, class_="normal").id
    office = row_id.partition("-")[0]
    stricter = {"initial_class": "doubtful", "initial_reason": "从严"}
    county.change(office, lambda book: book.set_values(row_id, stricter, by=CLERK))
    assert collect(collected, county.export(office), by=REVIEWER).taken
    refused(collected, "与初分意见不同", entry(row_id, class_="normal"))
    refused(collected, "与程序建议不同", entry(row_id, class_="doubtful"))


def test_only_some_of_many_faults_are_told(collected: Book) -> None:
    refused(collected, "还有2笔", *(entry(f"XX-000{n}", class_="normal") for n in range(7)))


def test_a_cancelled_bulk_writes_nothing(collected: Book) -> None:
    rows = of_office(collected, "QS")
    entries = [entry(row.id, class_=row.suggested.value) for row in rows if row.suggested]

    def stop(done: int, total: int, text: str) -> None:
        assert (total, text) == (len(entries), f"第{done + 1}笔，共{total}笔")
        if done == len(entries) - 1:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        review(collected, entries, by=REVIEWER, progress=stop)
    assert {row.stage for row in of_office(collected, "QS")} == {"submitted"}
    assert not any(opinions_of(collected, row.id) for row in rows)


def test_nobody_reviews_what_he_prepared(collected: Book) -> None:
    collected.add_person(CLERK, "working_group", by=REVIEWER)
    row = row_of(collected)
    refused(collected, "自己", entry(row.id, class_="normal", reason="同意"), by=CLERK)


@pytest.mark.parametrize(
    ("by", "given", "word"),
    [
        (REVIEWER, {"audit_opinion": "属实"}, "audit_opinion"),
        (REVIEWER, {"department_opinion": "同意"}, "department_opinion"),
        (REVIEWER, {"vote": "同意5票", "class_": "normal"}, "vote"),
        (AUDITOR, {"class_": "loss"}, "class"),
        (DEPARTMENT, {"loss": "1.00"}, "loss"),
        (LEADER, {"class_": "normal"}, "领导小组"),
        ("", {"class_": "normal"}, "署名"),
        (AUDITOR, {}, "审计意见"),
        (DEPARTMENT, {"class_": "loss"}, "审核意见"),
        (REVIEWER, {}, "没有写"),
        (REVIEWER, {"class_": "最好"}, "最好"),
        (REVIEWER, {"class_": "normal", "institution": "XX"}, "XX"),
        (REVIEWER, {"marks": (("没有这项", "为什么"),), "reason": "不清"}, "没有这项"),
        (REVIEWER, {"marks": (("备注", "为什么"),)}, "理由"),
        (REVIEWER, {"marks": ()}, "没有退回"),
        (REVIEWER, {"loss": "一点", "reason": "重估"}, "一点"),
        (REVIEWER, {"valuations": {"investee_equity": "5"}, "reason": "重估"}, "investee_equity"),
    ],
)
def test_what_is_not_ones_say_is_refused(
    collected: Book, by: str, given: dict[str, Any], word: str
) -> None:
    row = row_of(collected, class_="normal")
    refused(collected, word, entry(row.id, **given), by=by)


def test_every_fault_is_told_and_nothing_is_written(collected: Book) -> None:
    third = list(collected.rows())[2]
    refused(
        collected, "(?s)XX-0001.*YY-0001",
        entry("XX-0001", class_="normal"), entry("YY-0001", class_="normal"),
        entry(third.id, class_="normal", reason="同意"),
    )  # fmt: skip
    assert collected.row(third.id).stage == "submitted"


# Layers


def test_a_loss_of_the_unions_own_is_evaluated_beside_the_offices(collected: Book) -> None:
    row = row_of(collected, class_="normal", field="loss_basis")
    carrying = Decimal(row.values["carrying_amount"])
    loss = f"{carrying / 2:.2f}"
    review(collected, [entry(row.id, loss=loss, reason="重新估计")], by=REVIEWER)
    review(collected, [entry(row.id, class_="可疑", reason="按重新估计")], by=REVIEWER)
    after = collected.row(row.id)
    assert after.values.get("expected_loss") == row.values.get("expected_loss")
    assert after.review_loss == Decimal(loss)
    assert after.layer_class is FiveClass.DOUBTFUL
    assert after.suggested is FiveClass.NORMAL
    case = case_of(collected, row.id)
    assert case.sent_class is FiveClass.NORMAL
    assert case.layered is not None
    assert case.layered.suggested is FiveClass.DOUBTFUL
    assert case.layered_loss == Decimal(loss)
    assert case.row.layers["review"]["reason"] == "重新估计"


def test_a_value_that_contradicts_the_row_is_refused(collected: Book) -> None:
    row = row_of(collected, class_="normal", field="loss_basis")
    more = Decimal(row.values["carrying_amount"]) + 1
    refused(collected, "损失", entry(row.id, loss=f"{more:.2f}", reason="重估"))


def test_an_emptied_value_leaves_the_layer(collected: Book) -> None:
    row = row_of(collected, class_="normal", field="market_value")
    review(
        collected, [entry(row.id, valuations={"market_value": "1.00"}, reason="市价下跌")],
        by=REVIEWER,
    )  # fmt: skip
    assert collected.row(row.id).layers["review"]["values"] == {"market_value": "1.00"}
    review(
        collected, [entry(row.id, valuations={"market_value": None}, reason="撤回")], by=REVIEWER
    )
    assert collected.row(row.id).layers["review"]["values"] == {}


# Department, site, audit


def test_what_the_department_adjusts_is_checked_on_site_first(collected: Book) -> None:
    row = row_of(collected, class_="normal")
    refused(
        collected, "不能由归口部门审核", entry(row.id, department_opinion="同意"), by=DEPARTMENT
    )
    reviewed(collected, [row])
    done = review(
        collected, [entry(row.id, department_opinion="应下调", class_="关注")], by=DEPARTMENT
    )
    assert done.stages == {"under_review": 1}
    again = {"class_": "关注", "reason": "按现场情况"}
    refused(collected, "site_check", entry(row.id, **again))
    review(collected, [entry(row.id, site_check="周审现场查看，账实相符。", **again)], by=REVIEWER)
    assert collected.row(row.id).stage == "reviewed"
    assert collected.row(row.id).values["site_check"].startswith("周审")
    checked(collected, [collected.row(row.id)])
    assert collected.row(row.id).stage == "checked"
    assert [one.stage for one in opinions_of(collected, row.id)] == [
        "review", "department", "site_check", "review", "department",
    ]  # fmt: skip


def test_the_audit_leaves_the_stage_alone(collected: Book) -> None:
    row = row_of(collected, class_="loss")
    reviewed(collected, [row])
    review(collected, [entry(row.id, audit_opinion="责任已查明。")], by=AUDITOR)
    after = collected.row(row.id)
    assert (after.stage, after.values["audit_opinion"]) == ("reviewed", "责任已查明。")


def test_the_audit_has_no_say_after_the_determination(collected: Book, tmp_path: Path) -> None:
    row = row_of(collected, class_="normal")
    through(collected, [row], tmp_path / "纪要.txt")
    refused(collected, "不能由审计写意见", entry(row.id, audit_opinion="属实"), by=AUDITOR)


# Questions


def test_questions_return_a_row_and_can_be_taken_back(collected: Book) -> None:
    row = row_of(collected)
    marks = (("备注", "写明来由"), ("evidence", "缺对账单"))
    review(collected, [entry(row.id, marks=marks, reason="依据不足")], by=REVIEWER)
    after = collected.row(row.id)
    assert after.stage == "returned"
    assert [(m["field"], m["note"], m["by"]) for m in after.marks] == [
        ("remarks", "写明来由", REVIEWER), ("evidence", "缺对账单", REVIEWER),
    ]  # fmt: skip
    review(collected, [entry(row.id, marks=())], by=REVIEWER)
    assert (collected.row(row.id).stage, collected.row(row.id).marks) == ("under_review", ())


def test_a_row_that_was_sent_back_waits_for_its_office(
    county: County, collected: Book, tmp_path: Path
) -> None:
    row = row_of(collected)
    marks = (("备注", "写明来由"),)
    review(collected, [entry(row.id, marks=marks, reason="依据不足")], by=REVIEWER)
    decided(county, collected, tmp_path / "decisions")
    for given in ({"marks": ()}, {"class_": "关注", "reason": "回函不全"}):
        refused(collected, "等重新上报", entry(row.id, **given))


# Two at once


def test_the_second_is_shown_the_firsts_change(collected: Book) -> None:
    row = row_of(collected, class_="normal")
    seen = row.version
    first = entry(row.id, class_="关注", reason="回函不全", version=seen)
    review(collected, [first], by=REVIEWER)
    with pytest.raises(ConflictError, match=r"周审.*关注.*回函不全") as conflict:
        review(collected, [entry(row.id, class_="normal", version=seen)], by=SECOND)
    assert conflict.value.row_id == row.id
    assert [one.by for one in opinions_of(collected, row.id)] == [REVIEWER]
    now = collected.row(row.id).version
    second = entry(row.id, class_="normal", reason="回函已到", version=now)
    review(collected, [second], by=SECOND)
    assert len(opinions_of(collected, row.id)) == 2


def test_an_office_changes_nothing_in_a_unions_rows(collected: Book) -> None:
    from app.book.errors import BookError

    row = of_office(collected, "QS")[0]
    with pytest.raises(BookError, match="已经上报"):
        collected.set_values(row.id, {"remarks": "改"}, by=REVIEWER)

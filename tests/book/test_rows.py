"""Rows: ids, values, what is stored beside them, what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.book.types import Row
from app.book.working_paper import basis_draft
from app.forms.classes import FiveClass
from app.forms.evaluation import Context, evaluate
from tests.book.samples import CLERK, case_values, finished_values


def test_ids_begin_with_the_office_and_are_never_used_twice(book: Book) -> None:
    first = book.add_row("1-2", {}, by=CLERK)
    second = book.add_row("1-5", {}, by=CLERK)
    book.remove_row(second.id, by=CLERK)
    third = book.add_row("1-5", {}, by=CLERK)
    assert [first.id, second.id, third.id] == ["QS01-0001", "QS01-0002", "QS01-0003"]


def test_rows_are_numbered_within_their_table(book: Book) -> None:
    names = "甲乙丙丁"
    rows = book.add_rows("1-5", [{"name": name} for name in names], by=CLERK, source="typed")
    other = book.add_row("1-2", {}, by=CLERK)
    assert [row.seq for row in rows] == [1, 2, 3, 4]
    assert other.seq == 1
    book.remove_row(rows[1].id, by=CLERK)
    assert [(row.seq, row.values["name"]) for row in book.rows("1-5")] == [
        (1, "甲"),
        (2, "丙"),
        (3, "丁"),
    ]


def test_a_finished_row_is_prepared_with_its_class(deposit: Row) -> None:
    assert deposit.stage == "prepared"
    assert deposit.prepared_by == CLERK
    assert deposit.finished
    assert (deposit.suggested, deposit.at_least) == (FiveClass.NORMAL, FiveClass.NORMAL)
    assert deposit.expected_loss == Decimal("0.00")


def test_what_is_added_is_what_is_read(book: Book, deposit: Row) -> None:
    assert book.row(deposit.id) == deposit
    assert list(book.rows()) == [deposit]


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("carrying_amount", "1,234.5万", "12345000.00"),
        ("carrying_amount", "￥１２３", "123.00"),
        ("formed_on", "2004年3月", "2004-03"),
        ("kind", "存放同业款项", "interbank_deposit"),
        ("agreement", "是", True),
        (
            "accuracy",
            ["account_voucher", "account_account"],
            ["account_account", "account_voucher"],
        ),
        ("accuracy", [], []),
        ("initial_class", "可疑", "doubtful"),
    ],
)
def test_values_are_stored_in_one_form(book: Book, field: str, typed: Any, stored: Any) -> None:
    row = book.add_row("1-2", {}, by=CLERK)
    assert book.set_values(row.id, {field: typed}, by=CLERK).values == {field: stored}


def test_unreadable_text_is_kept_and_counts_nothing(book: Book, deposit: Row) -> None:
    changed = book.set_values(deposit.id, {"carrying_amount": "四十二万"}, by=CLERK)
    assert changed.values["carrying_amount"] == "四十二万"
    assert changed.stage == "draft"
    line = book.row_list("1-2")[0]
    assert line.carrying_amount is None
    assert [p.code for p in book.evaluate(changed).problems] == ["E002"]
    assert book.progress()["1-2"].carrying_amount == 0


def test_emptying_a_field_takes_its_value_away(book: Book, deposit: Row) -> None:
    for nothing in (None, "", "  "):
        book.set_values(deposit.id, {"remarks": "x"}, by=CLERK)
        assert "remarks" not in book.set_values(deposit.id, {"remarks": nothing}, by=CLERK).values


def test_a_value_no_longer_asked_is_kept_aside_and_comes_back(book: Book) -> None:
    values = finished_values("1-2", 19, compliance="misbooked", compliance_amount="5000")
    values["initial_class"] = "special_mention"
    row = book.add_row("1-2", values, by=CLERK)
    assert row.finished
    aside = book.set_values(
        row.id, {"compliance": "compliant", "initial_class": "normal"}, by=CLERK
    )
    assert aside.values["compliance_amount"] == "5000.00"
    assert aside.finished
    assert aside.warnings == 0
    assert "compliance_amount" not in book.evaluate(aside).typed
    again = book.set_values(row.id, {"compliance": "misbooked"}, by=CLERK)
    assert "compliance_amount" in book.evaluate(again).typed


def test_an_unknown_field_names_the_likeliest(book: Book, deposit: Row) -> None:
    with pytest.raises(BookError, match=r"carying_amount.*“carrying_amount”（账面金额）"):
        book.set_values(deposit.id, {"carying_amount": "1"}, by=CLERK)


def test_computed_fields_and_the_unions_are_refused(book: Book, deposit: Row) -> None:
    with pytest.raises(BookError, match="由程序计算"):
        book.set_values(deposit.id, {"overdue_days": 5}, by=CLERK)
    with pytest.raises(BookError, match="由联社填写"):
        book.set_values(deposit.id, {"determined_class": "normal"}, by=CLERK)


@pytest.mark.parametrize("table_id", ["2", "1-13", "cash", ""])
def test_rows_need_a_table_that_holds_rows(book: Book, table_id: str) -> None:
    with pytest.raises(BookError, match="没有认定表"):
        book.add_row(table_id, {}, by=CLERK)


def test_an_unknown_person_is_refused_with_the_likeliest(book: Book) -> None:
    with pytest.raises(BookError, match=r"没有“王明明”这个人（是否指“王明”？）"):
        book.add_row("1-2", {}, by="王明明")


def test_an_opinion_needs_a_name(book: Book) -> None:
    row = book.add_row("1-2", case_values("1-2", 19, initial_class=None), by="")
    with pytest.raises(BookError, match="署名"):
        book.set_values(row.id, {"initial_class": "normal"}, by="")


def test_rows_are_found_by_the_offices_own_number(book: Book) -> None:
    row = book.add_row("1-8", {"asset_no": "GD-1"}, by=CLERK)
    assert book.find_row("1-8:GD-1").id == book.find_row(row.id).id == row.id
    for wrong in ("1-8:GD-2", "1-9:GD-1", "QS01-9999", ""):
        with pytest.raises(BookError, match="没有"):
            book.find_row(wrong)
    book.add_row("1-8", {"asset_no": "GD-1"}, by=CLERK)
    with pytest.raises(BookError, match="有几笔"):
        book.find_row("1-8:GD-1")


@pytest.mark.parametrize(
    ("numbers", "words"),
    [(["A1", "A2", "A1"], "第1笔和第3笔"), (["B9"], "已经有了")],
)
def test_a_listing_with_a_repeated_number_is_refused(
    book: Book, numbers: list[str], words: str
) -> None:
    book.add_row("1-5", {"asset_no": "B9"}, by=CLERK)
    listed = [{"asset_no": number} for number in numbers]
    with pytest.raises(BookError, match=words):
        book.add_rows("1-5", listed, by=CLERK, source="list.csv")
    assert book.row_count("1-5") == 1


def test_unknown_columns_and_sources_stay_with_the_row(book: Book) -> None:
    row = book.add_rows(
        "1-5", [{"name": "张三借款"}], by=CLERK, source="list.csv", printed=[{"经办": "老王"}]
    )[0]
    row = book.set_values(row.id, {"debtor": "张三"}, by=CLERK)
    assert row.printed == {"经办": "老王"}
    assert row.provenance == {"name": "list.csv", "debtor": "typed"}


def test_nothing_changed_writes_nothing(book: Book, deposit: Row) -> None:
    before = book.verify_history().entries
    again = book.set_values(deposit.id, {"carrying_amount": "420,000"}, by=CLERK)
    assert again == deposit
    assert book.verify_history().entries == before


def test_many_rows_change_in_one_transaction(book: Book, deposit: Row) -> None:
    other = book.add_row("1-8", {"asset_no": "GD-1"}, by=CLERK)
    given: list[tuple[str, dict[str, Any]]] = [
        (deposit.id, {"remarks": "甲"}), ("1-8:GD-1", {"remarks": "乙"}),
        (deposit.id, {"remarks": "甲"}),
    ]  # fmt: skip
    assert book.set_many(given, by=CLERK, source="fill.json") == 2
    assert book.row(other.id).values["remarks"] == "乙"
    numbers = {change.change_no for change in book.history(field="remarks")}
    assert len(numbers) == 1
    with pytest.raises(BookError, match="没有"):
        book.set_many([(deposit.id, {"remarks": "丙"}), ("QS01-9999", {})], by=CLERK)
    assert book.row(deposit.id).values["remarks"] == "甲"


def test_safe_items_are_finished_without_a_written_working_paper(book: Book) -> None:
    values = finished_values("1-1", 111, wp_formation=None, wp_state=None)
    row = book.add_row("1-1", values, by=CLERK)
    assert row.finished
    texts = book.paper_texts(row)
    assert texts["wp_formation"].drafted
    assert texts["wp_state"].text
    assert "wp_state" not in book.row(row.id).values


def test_a_default_rule_is_named_once_in_a_draft(book: Book) -> None:
    table = book.ruleset.table("1-5")
    for case in table.cases:
        reasons = evaluate(table, case.values, Context(case.base_date))
        assert "依据：默认规则：" not in basis_draft(reasons)
    assert "依据（默认规则）：" in "".join(
        basis_draft(evaluate(table, case.values, Context(case.base_date))) for case in table.cases
    )


def test_the_basis_is_drafted_from_the_reasons_until_the_clerk_writes(book: Book) -> None:
    row = book.add_row("1-3", finished_values("1-3", 14), by=CLERK)
    draft = book.paper_texts(row)["wp_basis"]
    assert draft.drafted
    first = book.evaluate(row).reasons[0]
    assert first.text.rstrip("。") in draft.text
    assert "损失" in draft.text
    changed = book.set_values(row.id, {"wp_basis": "评估报告已附。"}, by=CLERK)
    own = book.paper_texts(changed)["wp_basis"]
    assert (own.text, own.drafted) == ("评估报告已附。", False)

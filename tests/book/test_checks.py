"""Checks of a whole book: rows, duplicates, table 2, ledger, printed totals; keeping warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from app.book.book import Book
from app.book.checks import (
    blocking,
    check_book,
    check_list,
    keep_many,
    problem_id,
    row_findings,
)
from app.book.errors import BookError
from app.book.store import Store
from app.book.types import Balance, Finding, Row
from app.forms.loader import ruleset_from_snapshot
from app.forms.ruleset import RuleSet
from tests.book.samples import ACCOUNTANT, BASE_DATE, CLERK, RULESET, case_values, finished_values

Amount = Decimal


def codes(book: Book) -> list[str]:
    return [one.code for one in check_book(book)]


def only(book: Book, code: str) -> Finding:
    found = [one for one in check_book(book) if one.code == code]
    assert len(found) == 1
    return found[0]


def confirmed(book: Book, table_id: str, number: int, **changes: object) -> Row:
    """A row that no check has anything against."""
    row = book.add_row(table_id, finished_values(table_id, number, **changes), by=CLERK)
    book.confirm([row.id], by=ACCOUNTANT)
    return row


def test_a_whole_book_has_no_findings(book: Book) -> None:
    confirmed(book, "1-2", 19)
    book.set_balances([Balance("1221", "存放同业款项", Amount("420000.00"))], by=CLERK)
    assert check_book(book) == []
    assert all(line.holds for line in check_list(book))


def test_problems_of_rows_are_found_in_the_order_of_tables(book: Book) -> None:
    later = book.add_row("1-5", {"name": "张三"}, by=CLERK)
    first = book.add_row("1-2", {"name": "农行"}, by=CLERK)
    found = check_book(book)
    assert [one.row_id for one in found] == sorted(
        (one.row_id for one in found), key=[first.id, later.id].index
    )
    assert found[0].table_id == "1-2"
    assert {one.code for one in found} == {"E001"}
    assert row_findings(book, first.id) == [one for one in found if one.row_id == first.id]


def test_an_unconfirmed_row_is_an_error_of_its_own(book: Book, deposit: Row) -> None:
    assert only(book, "E016").row_id == deposit.id
    assert codes(book) == ["E016"]
    book.confirm(None, by=ACCOUNTANT)
    assert codes(book) == []


def test_a_draft_that_time_has_made_right_waits_for_its_confirmation(
    book: Book, book_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "today", lambda _: date(2007, 1, 19))
    row = book.add_row("1-5", finished_values("1-5", 10), by=CLERK)
    assert (row.stage, only(book, "E103").field) == ("draft", "recovered_on")
    monkeypatch.setattr(Store, "today", lambda _: date(2007, 1, 22))
    book.close()
    with Book.open(book_path, write=False) as looked_at:
        assert codes(looked_at) == ["E016"]
        assert looked_at.row(row.id).stage == "draft"
    with Book.open(book_path) as again:
        assert codes(again) == ["E016"]
        renewed = again.row(row.id)
        assert (renewed.stage, renewed.errors, renewed.prepared_by) == ("prepared", 0, CLERK)
        again.confirm(None, by=ACCOUNTANT)
        assert codes(again) == []


def test_a_draft_that_time_has_made_right_can_be_confirmed_at_once(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "today", lambda _: date(2007, 1, 19))
    rows = [book.add_row("1-5", finished_values("1-5", 10), by=CLERK) for _ in "12"]
    monkeypatch.setattr(Store, "today", lambda _: date(2007, 1, 22))
    assert book.confirm([rows[0].id], by=ACCOUNTANT) == 1
    assert book.confirm(None, by=ACCOUNTANT) == 1
    assert book.row(rows[1].id).prepared_by == CLERK


def test_checking_again_does_not_end_redoing(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "today", lambda _: date(2007, 1, 19))
    row = book.add_row("1-5", finished_values("1-5", 10), by=CLERK)
    book.set_values(row.id, {"remarks": "甲"}, by=CLERK)
    book.undo(CLERK)
    monkeypatch.setattr(Store, "today", lambda _: date(2007, 1, 22))
    check_book(book)
    assert book.row(row.id).stage == "prepared"
    assert book.redo(CLERK)
    assert book.row(row.id).values["remarks"] == "甲"


@pytest.mark.parametrize("checked_before", [False, True])
def test_a_history_that_was_changed_is_an_error(
    book: Book, deposit: Row, checked_before: bool
) -> None:
    book.confirm(None, by=ACCOUNTANT)
    if checked_before:
        assert codes(book) == []
    with book.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER history_no_delete")
        connection.exec_driver_sql("DELETE FROM history WHERE kind = 'confirm'")
    (found,) = check_book(book)
    assert (found.code, found.severity) == ("E017", "error")
    assert "账套内容不符" in found.message


def test_rules_older_than_a_problem_do_not_hide_it(book: Book) -> None:
    content = msgspec.json.decode(RULESET.snapshot())
    known = content["ruleset"]["problem"]
    content["ruleset"]["problem"] = [one for one in known if one["code"] != "E017"]
    book.store.ruleset = ruleset_from_snapshot(msgspec.json.encode(content))
    with book.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER history_no_update")
        connection.exec_driver_sql("UPDATE history SET by = '外人' WHERE id = 2")
    assert only(book, "E017").message.startswith("历史记录从第2条起")


def test_a_number_that_stands_twice_is_an_error_of_the_later(book: Book) -> None:
    rows = [confirmed(book, "1-5", 151, asset_no="J-1", name=name) for name in "甲乙丙"]
    confirmed(book, "1-4", 141, asset_no="J-1")
    found = [one for one in check_book(book) if one.code == "E015"]
    assert [one.row_id for one in found] == [rows[1].id, rows[2].id]
    assert "J-1" in found[0].message
    assert found[0].field == "asset_no"


def test_doubles_are_warned_of_once_per_later_row(book: Book) -> None:
    rows = [confirmed(book, "1-5", 151) for _ in range(31)]
    found = [one for one in check_book(book) if one.code == "W004"]
    assert [one.row_id for one in found] == [row.id for row in rows[1:]]
    assert all("第1笔" in one.message for one in found)


def test_what_is_missing_in_table_two_is_an_error(book: Book) -> None:
    row = confirmed(book, "1-3", 14)
    found = check_book(book)
    assert {(one.table_id, one.row_id, one.code) for one in found} == {("2", row.id, "E001")}
    assert {one.field for one in found} == {
        "collection", "recoverable", "responsible", "responsibility_opinion",
    }  # fmt: skip
    told = {"collection": "多次催收。", "recoverable": "0", "responsible": "无"}
    book.set_big_loss(row.id, {**told, "responsibility_opinion": "市场原因。"}, by=CLERK)
    assert check_book(book) == []


# Against the ledger


def test_a_difference_to_the_ledger_shows_both_sides(book: Book) -> None:
    confirmed(book, "1-5", 151)
    book.set_balances([Balance("1391", "其他应收款", Amount("21250.00"))], by=CLERK)
    found = only(book, "W005")
    assert (found.left, found.right, found.difference) == (
        Amount("21250.00"), Amount("20000.00"), Amount("1250.00"),
    )  # fmt: skip
    assert found.category == "表间"
    assert "1391" in found.message
    assert "1,250.00元" in found.message
    assert found.table_id == "1-5"


def test_without_balances_nothing_is_compared(book: Book) -> None:
    confirmed(book, "1-5", 151)
    assert check_book(book) == []


def test_a_subject_without_rows_is_no_difference(book: Book) -> None:
    book.set_balances(
        [Balance("1371", "待处理抵债资产", Amount("5.00")), Balance("1521", "在建工程")], by=CLERK
    )
    found = only(book, "W008")
    assert "1371" in found.message
    assert codes(book) == ["W008"]


def test_rows_without_a_balance_are_a_difference(book: Book) -> None:
    confirmed(book, "1-5", 151)
    book.set_balances([Balance("1521", "在建工程")], by=CLERK)
    assert only(book, "W005").difference == Amount("-20000.00")


def test_fixed_assets_tie_by_cost_and_depreciation(book: Book) -> None:
    confirmed(book, "1-8", 6)
    cost, depreciation = Amount("390000.00"), Amount("52000.00")

    def differences(debit: Amount, credit: Amount) -> dict[str, Amount | None]:
        book.set_balances(
            [Balance("1501", "固定资产", debit), Balance("1502", "累计折旧", credit=credit)],
            by=CLERK,
        )
        return {one.field: one.difference for one in check_book(book) if one.code == "W005"}

    assert differences(cost, depreciation) == {}
    assert differences(cost + 1, depreciation) == {"cost": Amount("1.00")}
    assert differences(cost, depreciation - 2) == {"accumulated_depreciation": Amount("-2.00")}


def test_netting_subjects_are_not_compared(book: Book) -> None:
    confirmed(book, "1-12", 18)
    book.set_balances([Balance("3121", "历年亏损挂账", Amount("1.00"))], by=CLERK)
    subjects = {row.values["subject"] for row in book.rows("1-12")}
    assert "W008" not in codes(book)
    assert ("W005" in codes(book)) is ("3121" not in subjects)


def test_a_value_that_does_not_count_is_not_summed(book: Book) -> None:
    row = confirmed(book, "1-8", 6)
    book.set_balances([Balance("1501", "固定资产", Amount("390000.00"))], by=CLERK)
    book.set_values(row.id, {"cost": "三十九万"}, by=CLERK)
    found = [one for one in check_book(book) if one.code == "W005" and one.field == "cost"]
    assert [one.right for one in found] == [Amount("0.00")]


# Printed totals


def listing(book: Book, total: str) -> list[Row]:
    given = [case_values("1-5", 151, name=name, carrying_amount="100.10") for name in "甲乙丙"]
    totals = {"carrying_amount": Amount(total)}
    return book.add_rows("1-5", given, by=CLERK, source="其他应收款.csv", totals=totals)


def test_printed_totals_are_compared_with_the_rows(book: Book) -> None:
    listing(book, "300.30")
    assert "W006" not in codes(book)
    listing(book, "300.31")
    found = only(book, "W006")
    assert (found.left, found.right, found.difference) == (
        Amount("300.31"), Amount("300.30"), Amount("0.01"),
    )  # fmt: skip
    assert "其他应收款.csv" in found.message


def test_a_corrected_row_settles_a_printed_total(book: Book) -> None:
    rows = listing(book, "300.31")
    book.set_values(rows[0].id, {"carrying_amount": "100.11"}, by=CLERK)
    assert "W006" not in codes(book)


def test_a_correction_does_not_unsettle_a_total_that_agreed(book: Book) -> None:
    rows = listing(book, "300.30")
    book.set_values(rows[0].id, {"carrying_amount": "1.00"}, by=CLERK)
    assert "W006" not in codes(book)


def test_an_import_whose_rows_are_gone_is_forgotten(book: Book) -> None:
    for row in listing(book, "999.00"):
        assert len(book.imports()) == 1
        book.remove_row(row.id, by=CLERK)
    assert book.imports() == []
    assert check_book(book) == []


# Problems that the catalogue of an older period may lack


def with_problems(*codes_: str) -> RuleSet:
    """The shipped rule set with these problems in its catalogue."""
    raw = msgspec.json.decode(RULESET.snapshot())
    known = [one for one in raw["ruleset"]["problem"] if one["code"] not in codes_]
    text = {"text": "{value}相差{expected}。", "way_out": "请说明理由。"}
    raw["ruleset"]["problem"] = [*known, *({"code": code, **text} for code in codes_)]
    return ruleset_from_snapshot(msgspec.json.encode(raw))


@pytest.fixture
def newer(book: Book) -> Iterator[Book]:
    """A book whose rule set knows W009 and W010."""
    path = book.path.with_name("newer.wuji")
    ruleset = with_problems("W009", "W010")
    with Book.create(path, book.institution, BASE_DATE, ruleset=ruleset) as made:
        made.add_person(CLERK, "preparer")
        yield made


@pytest.mark.parametrize(("reported", "wanted"), [("999.99", True), ("1000.00", False)])
def test_netting_losses_above_the_reported_figure_are_explained(
    newer: Book, reported: str, wanted: bool
) -> None:
    carried = finished_values("1-12", 18, subject="3121", carrying_amount="1000")
    newer.add_row("1-12", carried, by=CLERK)
    newer.set_balances([Balance("3121", "历年亏损挂账", Amount(reported))], by=CLERK)
    assert ("W009" in codes(newer)) is wanted
    if wanted:
        found = only(newer, "W009")
        assert (found.difference, found.row_id) == (Amount("-0.01"), "")
        newer.keep(found.id, "按联社要求列报", by=CLERK)
        assert only(newer, "W009").kept is not None


def test_a_last_period_changed_afterwards_is_reported(newer: Book) -> None:
    row = newer.add_row("1-5", case_values("1-5", 151), by=CLERK)
    first = newer.period
    second = newer.add_period(
        date(2007, 12, 31), carry_forward=True, ruleset=newer.ruleset, by=CLERK
    )
    assert "W010" not in codes(newer)
    newer.select_period(first.id)
    newer.set_values(row.id, {"carrying_amount": "20000.01"}, by=CLERK)
    newer.select_period(second.id)
    assert only(newer, "W010").difference == Amount("0.01")


# Keeping


@pytest.fixture
def differing(book: Book) -> Book:
    """A book whose only finding is a difference to the ledger."""
    confirmed(book, "1-5", 151)
    book.set_balances([Balance("1391", "其他应收款", Amount("21250.00"))], by=CLERK)
    return book


def test_a_kept_warning_stays_with_its_reason(differing: Book) -> None:
    found = only(differing, "W005")
    kept = differing.keep(found.id, "与总账的差额已查明", by=CLERK, note="上月少记一笔")
    assert (kept.finding_id, kept.reason, kept.note, kept.by) == (
        found.id, "与总账的差额已查明", "上月少记一笔", CLERK,
    )  # fmt: skip
    again = only(differing, "W005")
    assert again.kept == kept == differing.kept()[0]
    assert blocking(check_book(differing)) == []
    assert differing.history()[-1].kind == "keep"


def test_a_reason_holds_while_the_values_stay_the_same(differing: Book) -> None:
    differing.keep(only(differing, "W005").id, "已查明", by=CLERK)
    differing.set_balances([Balance("1391", "其他应收款", Amount("21251.00"))], by=CLERK)
    assert only(differing, "W005").kept is None
    differing.set_balances([Balance("1391", "其他应收款", Amount("21250.00"))], by=CLERK)
    assert only(differing, "W005").kept is not None


def warned(book: Book) -> Row:
    """A finished row with one warning: an estimate below what its class implies (case 3)."""
    values = finished_values("1-2", 3)
    return book.add_row("1-2", values, by=CLERK)


def test_a_rows_kept_warning_is_not_counted_any_more(book: Book) -> None:
    row = warned(book)
    assert row.warnings == 1
    book.keep(problem_id(row.id, "expected_loss", "W003"), "清算组已通知", by=CLERK)
    assert book.row(row.id).warnings == 0
    assert book.row(row.id).stage == "prepared"
    book.set_values(row.id, {"remarks": "补充说明"}, by=CLERK)
    assert book.row(row.id).warnings == 0
    book.set_values(row.id, {"expected_loss": "890000"}, by=CLERK)
    assert book.row(row.id).warnings == 1
    book.set_values(row.id, {"expected_loss": "900000"}, by=CLERK)
    assert book.row(row.id).warnings == 0


def test_the_reason_of_a_kept_warning_can_be_changed(book: Book) -> None:
    row = warned(book)
    id_ = problem_id(row.id, "expected_loss", "W003")
    book.keep(id_, "清算组已通知", by=CLERK)
    book.keep(id_, "已核对原始凭证，情况属实", by=CLERK)
    assert [one.reason for one in book.kept()] == ["已核对原始凭证，情况属实"]


def test_a_reason_can_be_undone_and_done_again(book: Book) -> None:
    row = warned(book)
    book.keep(problem_id(row.id, "expected_loss", "W003"), "清算组已通知", by=CLERK)
    assert book.undo(CLERK)
    assert book.kept() == []
    assert book.row(row.id).warnings == 1
    assert book.redo(CLERK)
    assert [one.reason for one in book.kept()] == ["清算组已通知"]
    assert book.row(row.id).warnings == 0


def test_keeping_a_warning_leaves_the_confirmation(book: Book) -> None:
    row = warned(book)
    book.confirm(None, by=ACCOUNTANT)
    book.keep(problem_id(row.id, "expected_loss", "W003"), "清算组已通知", by=CLERK)
    assert book.row(row.id).stage == "confirmed"


def test_taking_a_reason_back(book: Book) -> None:
    row = warned(book)
    id_ = problem_id(row.id, "expected_loss", "W003")
    book.keep(id_, "清算组已通知", by=CLERK)
    book.unkeep(id_, by=CLERK, why="通知有误")
    assert book.kept() == []
    assert book.row(row.id).warnings == 1
    assert book.undo(CLERK)
    assert book.row(row.id).warnings == 0
    with pytest.raises(BookError, match="没有保留过"):
        book.unkeep("W003-0000-0000", by=CLERK)


@pytest.mark.parametrize("case", ["double", "row"])
def test_warnings_of_every_kind_can_be_kept(book: Book, case: str) -> None:
    make: dict[str, Callable[[], object]] = {
        "double": lambda: [confirmed(book, "1-5", 151) for _ in "12"],
        "row": lambda: warned(book),
    }
    make[case]()
    found = next(one for one in check_book(book) if one.severity == "warning")
    book.keep(found.id, "已核对", by=CLERK)
    assert next(one for one in check_book(book) if one.id == found.id).kept is not None


def estimates(book: Book) -> list[str]:
    """The same warning on three rows, and one of another check."""
    ids = [problem_id(warned(book).id, "expected_loss", "W003") for _ in range(3)]
    assert {one.code for one in check_book(book)} == {"W003", "W004", "E016"}
    return ids


def test_several_of_one_check_are_kept_with_one_reason(book: Book) -> None:
    ids = estimates(book)
    kept = keep_many(book, [*ids, ids[0]], "清算组已通知", by=CLERK, note="见通知")
    assert [one.finding_id for one in kept] == ids
    assert {(one.reason, one.note, one.by) for one in kept} == {("清算组已通知", "见通知", CLERK)}
    assert [row.warnings for row in book.rows("1-2")] == [0, 0, 0]
    assert len({one.change_no for one in book.history() if one.kind == "keep"}) == 1
    book.set_values(book.row_list("1-2")[0].id, {"expected_loss": "890000"}, by=CLERK)
    assert [row.warnings for row in book.rows("1-2")] == [1, 0, 0]


def test_keeping_several_is_undone_in_one_step(book: Book) -> None:
    ids = estimates(book)
    keep_many(book, ids, "清算组已通知", by=CLERK)
    assert book.undo(CLERK)
    assert book.kept() == []
    assert [row.warnings for row in book.rows("1-2")] == [1, 1, 1]
    assert book.redo(CLERK)
    assert [one.finding_id for one in book.kept()] == ids


def test_what_cannot_be_kept_together_is_refused_whole(book: Book) -> None:
    ids = estimates(book)
    found = check_book(book)
    double = next(one.id for one in found if one.code == "W004")
    errors = [one.id for one in found if one.severity == "error"]
    for wrong, words in (
        ([*ids, double], "不是同一种"),
        ([*ids, errors[0]], "不是同一种"),
        (errors, "是错误，不能保留"),
        ([*ids, "W003-0000-0000"], "没有编号为"),
    ):
        with pytest.raises(BookError, match=words):
            keep_many(book, wrong, "清算组已通知", by=CLERK)
    with pytest.raises(BookError, match="要写理由"):
        keep_many(book, ids, " ", by=CLERK)
    assert book.kept() == []


def test_differences_to_the_ledger_are_kept_together(book: Book) -> None:
    confirmed(book, "1-2", 19)
    confirmed(book, "1-5", 151)
    given = [Balance("1221", "存放同业款项", Amount("1.00"))]
    given.append(Balance("1391", "其他应收款", Amount("2.00")))
    book.set_balances(given, by=CLERK)
    ids = [one.id for one in check_book(book)]
    assert len(keep_many(book, ids, "与总账的差额已查明", by=CLERK)) == 2
    assert blocking(check_book(book)) == []


def test_errors_unknown_problems_and_empty_reasons_are_refused(book: Book, deposit: Row) -> None:
    with pytest.raises(BookError, match="是错误，不能保留"):
        book.keep(only(book, "E016").id, "x", by=CLERK)
    for wrong in ("W003-0000-0000", "W005-0000-0000", "E001-0000-0000", "", "W004"):
        with pytest.raises(BookError, match="没有编号为"):
            book.keep(wrong, "x", by=CLERK)
    row = warned(book)
    with pytest.raises(BookError, match="要写理由"):
        book.keep(problem_id(row.id, "expected_loss", "W003"), " ", by=CLERK)


def test_ids_of_findings_are_short_stable_and_different(book: Book) -> None:
    for name in "甲乙":
        book.add_row("1-2", {"name": name}, by=CLERK)
    ids = [one.id for one in check_book(book)]
    assert len(set(ids)) == len(ids)
    assert ids == [one.id for one in check_book(book)]
    assert all(len(id_) == 14 and id_[4] == id_[9] == "-" for id_ in ids)


def test_the_check_list_holds_relations_that_agree_too(book: Book) -> None:
    confirmed(book, "1-8", 6)
    confirmed(book, "1-3", 14)
    book.set_balances([Balance("1501", "固定资产", Amount("390000.00"))], by=CLERK)
    lines = check_list(book)
    assert {line.category for line in lines} == {"表内", "表间"}
    assert any("原值－累计折旧－减值准备" in line.relation for line in lines)
    assert any("附表2" in line.relation and line.holds for line in lines)
    assert any("汇总表合计" in line.relation and line.holds for line in lines)
    failing = [line for line in lines if not line.holds]
    assert {line.subject for line in failing} == {"1371", "1502"}
    assert all(line.difference == line.left - line.right for line in lines)

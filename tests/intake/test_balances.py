"""Balance sheets of the general ledger: layouts, sub-accounts, units, faults."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.intake.balances import BalanceListing, import_balances, read_balances
from app.intake.messages import FaultsError, IntakeError
from tests.intake.sheets import BASE_DATE, CLERK, codes, csv_file, workbook

HEAD = ["科目代码", "科目名称", "借方余额", "贷方余额"]


def balances(path: Path) -> BalanceListing:
    """The balances of a file on the base date."""
    return read_balances(path, BASE_DATE)


def figures(listing: BalanceListing) -> dict[str, tuple[str, str]]:
    """Both sides by code."""
    return {line.code: (str(line.debit), str(line.credit)) for line in listing.lines}


def test_both_sides_in_two_columns(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["业务状况表"], ["日期：2006-12-31", "", "", "单位：元"], HEAD,
        [1011, "现金", 1.5, None], ["1502", "累计折旧", "-", "2,000.10"],
        ["合计", "", 1.5, 2000.1], ["制表：", "", "", ""],
    ]  # fmt: skip
    listing = balances(workbook(tmp_path / "a.xlsx", rows))
    assert figures(listing) == {"1011": ("1.50", "0.00"), "1502": ("0.00", "2000.10")}
    assert (listing.notes, listing.faults) == ([], [])


def test_one_column_with_a_side(tmp_path: Path) -> None:
    rows = [
        ["单位：万元", "", "", ""],
        ["科目号", "名称", "方向", "期末余额"],
        ["1501", "固定资产", "借", "3"],
        ["1502", "累计折旧", "贷", "1.2345"],
        ["1391", "其他应收款", "平", ""],
    ]
    listing = balances(csv_file(tmp_path / "a.csv", rows, encoding="gb18030"))
    assert figures(listing) == {
        "1501": ("30000.00", "0.00"),
        "1502": ("0.00", "12345.00"),
        "1391": ("0.00", "0.00"),
    }
    assert codes(listing.notes) == ["N002"]


def test_of_opening_turnover_and_closing_the_closing_is_taken(tmp_path: Path) -> None:
    top = ["科目", None, "期初余额", None, "本期发生额", None, "期末余额", None]
    low = ["代码", "名称", "借方", "贷方", "借方", "贷方", "借方", "贷方"]
    rows: list[list[Any]] = [["单位：元"], top, low, ["1391", "其他应收款", 1, 2, 3, 4, 5, 6]]
    merged = ["A2:B2", "C2:D2", "E2:F2", "G2:H2"]
    listing = balances(workbook(tmp_path / "a.xlsx", rows, merged=merged))
    assert figures(listing) == {"1391": ("5.00", "6.00")}


def test_another_date_is_told(tmp_path: Path) -> None:
    rows = [["2005年12月31日 单位：元", "", "", ""], HEAD, ["1011", "现金", "1", ""]]
    assert codes(balances(csv_file(tmp_path / "a.csv", rows)).notes) == ["N003"]


def test_sub_accounts_count_once(tmp_path: Path, book: Book) -> None:
    rows = [
        ["单位：元", "", "", ""], HEAD,
        ["1391", "其他应收款", "100", ""], ["139101", "职工借款", "60", ""],
        ["141101", "国债", "7", ""], ["141102", "金融债", "8", ""],
        ["2011", "活期存款", "", "999"], ["1011", "现金", "1", ""], ["1011", "现金", "2", ""],
    ]  # fmt: skip
    report = import_balances(book, balances(csv_file(tmp_path / "a.csv", rows)), by=CLERK)
    stored = {balance.subject: balance for balance in book.balances()}
    assert set(stored) == {"1391", "1411", "1011"}
    assert stored["1391"].debit == Decimal("100.00")
    assert (stored["1411"].debit, stored["1411"].name) == (Decimal("15.00"), "短期投资")
    assert stored["1011"].debit == Decimal("3.00")
    assert codes(report.notes) == ["N032", "N031", "N031", "N033", "N030"]
    assert report.balances == 3


def test_balances_replace_those_of_before(tmp_path: Path, book: Book) -> None:
    for amount in ("1", "2"):
        rows = [["单位：元", "", "", ""], HEAD, ["1011", "现金", amount, ""]]
        import_balances(book, balances(csv_file(tmp_path / "a.csv", rows)), by=CLERK)
    (balance,) = book.balances()
    assert balance.debit == Decimal("2.00")


def test_every_faulty_balance_is_named_and_nothing_written(tmp_path: Path, book: Book) -> None:
    rows: list[list[Any]] = [
        ["单位：元"],
        HEAD,
        ["1011", "现金", "很多", None],
        ["1012", "周转金", 1, 0.123],
    ]
    listing = balances(workbook(tmp_path / "a.xlsx", rows, name="表"))
    assert [fault.address for fault in listing.faults] == ["C3", "D4"]
    with pytest.raises(FaultsError, match=r"C3.*很多.*D4.*0\.123"):
        import_balances(book, listing, by=CLERK)
    assert book.balances() == []


def test_error_values_are_faults(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = workbook(tmp_path / "a.xlsx", [["单位：元"], HEAD, ["1011", "现金", 1, 2]])
    made = load_workbook(path)
    made.active["C3"] = "=1+1"
    made.save(path)
    (fault,) = balances(path).faults
    assert (fault.address, fault.found) == ("C3", "公式")


@pytest.mark.parametrize(
    "rows",
    [
        [["户名", "余额"], ["甲", "1"]],
        [["科目代码", "科目名称"], ["1011", "现金"]],
        [["科目代码", "科目名称", "借方余额"], ["1011", "现金", "1"]],
    ],
    ids=["no-code", "no-amount", "one-side"],
)
def test_another_listing_is_no_balance_sheet(tmp_path: Path, rows: list[list[str]]) -> None:
    with pytest.raises(IntakeError) as caught:
        balances(csv_file(tmp_path / "a.csv", rows))
    assert caught.value.code == "I030"


def test_a_balance_sheet_without_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as caught:
        balances(csv_file(tmp_path / "a.csv", [HEAD, ["合计", "", "1", "1"]]))
    assert caught.value.code == "I027"


def other_subject(tmp_path: Path, code: str = "1399", name: str = "其他暂付") -> BalanceListing:
    """A sheet with a subject that the chart does not know."""
    rows = [["单位：元"], HEAD, ["1391", "其他应收款", "5", ""], [code, name, "7.50", ""]]
    return balances(csv_file(tmp_path / "a.csv", rows))


def test_unknown_subjects_are_named_and_left_out(book: Book, tmp_path: Path) -> None:
    report = import_balances(book, other_subject(tmp_path), by=CLERK)
    assert codes(report.notes) == ["N030"]
    assert [(one.code, one.name, one.debit) for one in report.unknown] == [
        ("1399", "其他暂付", Decimal("7.50"))
    ]
    assert [b.subject for b in book.balances()] == ["1391"]


def test_a_subject_of_the_sheet_is_taken_into_the_chart_with_its_name(
    book: Book, tmp_path: Path
) -> None:
    report = import_balances(book, other_subject(tmp_path), by=CLERK, own={"1399": "1-5"})
    assert (report.unknown, report.notes) == ([], [])
    assert [(s.code, s.name, s.table) for s in book.own_subjects()] == [("1399", "其他暂付", "1-5")]
    assert {b.subject: b.debit for b in book.balances()}["1399"] == Decimal("7.50")
    assert import_balances(book, other_subject(tmp_path), by=CLERK).unknown == []


def test_a_subject_that_the_sheet_does_not_name_can_not_be_taken_from_it(
    book: Book, tmp_path: Path
) -> None:
    with pytest.raises(IntakeError) as caught:
        import_balances(book, other_subject(tmp_path), by=CLERK, own={"1398": "1-5"})
    assert caught.value.code == "I042"
    assert book.balances() == []


@pytest.mark.parametrize(
    ("code", "name", "table"), [("1399", "", "1-5"), ("1399", "甲", "2"), ("13915", "甲", "1-5")]
)
def test_a_subject_that_can_not_be_one_leaves_everything_as_it_was(
    book: Book, tmp_path: Path, code: str, name: str, table: str
) -> None:
    before = len(book.history())
    with pytest.raises(BookError):
        import_balances(book, other_subject(tmp_path, code, name), by=CLERK, own={code: table})
    assert (book.balances(), book.own_subjects(), len(book.history())) == ([], [], before)

"""Cells that can't be read: every one is named, and nothing is written."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from app.book.book import Book
from app.book.checks import check_book
from app.intake.importing import import_listing
from app.intake.messages import FaultsError, IntakeError
from tests.intake.sheets import CLERK, asset, assets, codes, csv_file, listed, workbook


@pytest.mark.parametrize(
    ("changed", "address", "found", "expected"),
    [
        ({"formed_on": "不知道"}, "E3", "不知道", "日期"),
        ({"formed_on": "98.3.2"}, "E3", "98.3.2", "年月"),
        ({"formed_on": time(3, 4)}, "E3", "03:04:00", "日期"),
        ({"formed_on": True}, "E3", "是", "日期"),
        ({"cost": "五千"}, "F3", "五千", "金额"),
        ({"cost": 5000.123}, "F3", "5000.123", "两位小数"),
        ({"cost": "5,00"}, "F3", "5,00", "金额"),
        ({"cost": date(2004, 1, 2)}, "F3", "2004-01-02", "金额"),
        ({"cost": "=1+1"}, "F3", "=1+1", "金额"),
        ({"cost": "@SUM(A1)"}, "F3", "@SUM(A1)", "金额"),
        ({"depreciation": 1e20}, "G3", "100000000000000000000", "一千万亿"),
        ({"net": False}, "H3", "否", "金额"),
    ],
)
def test_each_kind_of_fault_names_cell_found_and_expected(
    tmp_path: Path, book: Book, changed: dict[str, Any], address: str, found: str, expected: str
) -> None:
    path = workbook(tmp_path / "a.xlsx", assets(asset(1, **changed), asset(2)), name="明细")
    listing = listed(path, table="1-8")
    (fault,) = listing.faults
    assert (fault.sheet, fault.address, fault.found) == ("明细", address, found)
    assert expected in fault.expected
    with pytest.raises(FaultsError, match=f"明细.*{address}") as caught:
        import_listing(book, listing, by=CLERK)
    assert caught.value.code == "I028"
    assert "\n" not in str(caught.value)
    assert (book.row_count(None), book.imports()) == (0, [])


def test_every_faulty_cell_is_named(tmp_path: Path, book: Book) -> None:
    rows = assets(*(asset(n, cost="?", formed_on="?") for n in range(1, 31)))
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    with pytest.raises(FaultsError) as caught:
        import_listing(book, listing, by=CLERK)
    assert len(caught.value.faults) == 60
    assert all(fault.address in str(caught.value) for fault in listing.faults)
    assert "有60处" in str(caught.value)


def test_a_long_text_is_cut_in_the_message(tmp_path: Path) -> None:
    listing = listed(workbook(tmp_path / "a.xlsx", assets(asset(1, cost="长" * 500))))
    (fault,) = listing.faults
    assert fault.found.endswith("…")
    assert len(fault.found) == 41


def test_formulas_never_computed_and_error_values_are_faults(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", assets(asset(1), asset(2)))
    book = load_workbook(path)
    sheet = book.active
    sheet["H3"] = "=F3-G3"
    sheet["F4"] = "#REF!"
    sheet["F4"].data_type = "e"
    book.save(path)
    listing = listed(path)
    assert [(fault.address, fault.found) for fault in listing.faults] == [
        ("H3", "公式"),
        ("F4", "#REF!"),
    ]
    assert "重新计算" in listing.faults[0].expected


def test_a_formula_that_pretends_to_be_text_is_text(tmp_path: Path, book: Book) -> None:
    names = ["=1+1", "+86", "-x", "@SUM(A1)", '=HYPERLINK("http://x")']
    rows = assets(*(asset(n, name=name) for n, name in enumerate(names, 1)))
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    report = import_listing(book, listing, by=CLERK)
    assert [book.row(row_id).values["name"] for row_id in report.row_ids] == names


@pytest.mark.parametrize(
    ("column", "label"), [(3, "资产名称"), (5, "原值"), (6, "累计折旧"), (7, "账面净值")]
)
def test_a_missing_required_column_is_named(
    tmp_path: Path, book: Book, column: int, label: str
) -> None:
    rows = assets(asset(1), asset(2))
    for row in rows[1:]:
        del row[column]
    listing = listed(workbook(tmp_path / "a.xlsx", rows), table="1-8")
    (fault,) = listing.faults
    assert fault.address == "A2"
    assert label in fault.expected
    with pytest.raises(FaultsError, match=label):
        import_listing(book, listing, by=CLERK)
    assert book.row_count(None) == 0


def test_the_same_number_twice_names_both_cells(tmp_path: Path, book: Book) -> None:
    rows = assets(asset(1), asset(2, asset_no="G9"), asset(3, asset_no="G9"))
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    (fault,) = listing.faults
    assert (fault.address, fault.found) == ("B5", "G9")
    assert "B4" in fault.expected
    with pytest.raises(FaultsError, match=r"B5.*G9.*B4"):
        import_listing(book, listing, by=CLERK)
    assert book.row_count(None) == 0


def test_a_number_that_the_book_has_names_both_places(tmp_path: Path, book: Book) -> None:
    first = listed(workbook(tmp_path / "a.xlsx", assets(asset(1), asset(2))))
    import_listing(book, first, by=CLERK)
    rows = assets(asset(7), asset(8, asset_no="G2"))
    listing = listed(workbook(tmp_path / "b.xlsx", rows))
    with pytest.raises(IntakeError, match=r"b\.xlsx.*B4.*G2.*第2笔.*QS-0002") as caught:
        import_listing(book, listing, by=CLERK)
    assert caught.value.code == "I029"
    assert book.row_count(None) == 2


def test_unknown_words_leave_a_listings_field_open(tmp_path: Path, book: Book) -> None:
    rows = assets(*(asset(n, category="神秘设备") for n in (1, 2, 3)), asset(4))
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    assert not listing.faults
    assert [row.values.get("category") for row in listing.rows] == [None] * 3 + ["electronics"]
    (note,) = [note for note in listing.notes if note.code == "N005"]
    assert "3处" in note
    assert "C3" in note
    report = import_listing(book, listing, by=CLERK)
    assert not report.contradicted


def test_a_negative_amount_is_taken_in_and_reported(tmp_path: Path, book: Book) -> None:
    rows = assets(asset(1, cost="(5000.50)"))
    report = import_listing(book, listed(workbook(tmp_path / "a.xlsx", rows)), by=CLERK)
    assert report.contradicted
    found = next(finding for finding in report.findings if finding.code == "E004")
    assert found.message.startswith("工作表“Sheet1”F3：")
    assert book.row(report.row_ids[0]).values["cost"] == "-5000.50"


def test_a_date_after_the_base_date_is_taken_in_and_reported(tmp_path: Path, book: Book) -> None:
    rows = assets(asset(1, formed_on="2007-01-01"))
    report = import_listing(book, listed(workbook(tmp_path / "a.xlsx", rows)), by=CLERK)
    assert report.contradicted
    (found,) = (finding for finding in report.findings if finding.code == "E006")
    assert found.message.startswith("工作表“Sheet1”E3：")


def test_a_printed_total_that_differs_is_taken_in_and_reported(tmp_path: Path, book: Book) -> None:
    rows = assets(asset(1), ["合计", "", "", "", "", 5000.5, 1000.25, 4000])
    report = import_listing(book, listed(workbook(tmp_path / "a.xlsx", rows)), by=CLERK)
    assert report.contradicted
    (found,) = report.findings
    assert (found.code, found.severity) == ("W006", "warning")
    assert "H4" in found.message
    assert str(found.difference) == "-0.25"
    (record,) = book.imports()
    assert found.id in {one.id for one in check_book(book)}
    printed, summed = record.totals["carrying_amount"]
    assert (str(printed), str(summed)) == ("4000.00", "4000.25")


def test_what_is_merely_unanswered_is_no_finding(tmp_path: Path, book: Book) -> None:
    report = import_listing(book, listed(workbook(tmp_path / "a.xlsx", assets(asset(1)))), by=CLERK)
    assert (report.findings, report.contradicted) == ([], False)
    assert book.row(report.row_ids[0]).errors > 0


def test_rows_alike_in_name_date_and_amount_are_warned_of(tmp_path: Path, book: Book) -> None:
    rows = assets(asset(1), asset(2, name="微机1号"), asset(3))
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    assert "N018" in codes(listing.notes)
    report = import_listing(book, listing, by=CLERK)
    (found,) = report.findings
    assert (found.code, found.row_id) == ("W004", report.row_ids[1])
    assert not report.contradicted
    assert "N018" not in codes(report.notes)


def test_a_subject_of_another_table_is_only_warned_of(tmp_path: Path, book: Book) -> None:
    listing = listed(workbook(tmp_path / "a.xlsx", assets(asset(1))), table="1-8", subject="1391")
    report = import_listing(book, listing, by=CLERK)
    assert "W001" in codes(report.findings)
    assert not report.contradicted


def test_an_unknown_subject_of_a_column_is_an_error_of_the_row(tmp_path: Path, book: Book) -> None:
    rows = [
        ["户名", "科目", "余额", "挂账日期", "款项性质"],
        ["甲", "9999", "1", "2004.1.1", "押金"],
    ]
    report = import_listing(book, listed(csv_file(tmp_path / "a.csv", rows)), by=CLERK)
    assert "E009" in codes(report.findings)
    assert report.contradicted


def test_a_number_of_more_than_fifteen_digits_is_told(tmp_path: Path) -> None:
    rows = assets(asset(1, asset_no=6222021234567890123), asset(2, asset_no="6222021234567890124"))
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    (note,) = [note for note in listing.notes if note.code == "N015"]
    assert note.address == "B3"


def test_progress_is_told_and_may_stop_everything(tmp_path: Path, book: Book) -> None:
    class StoppedError(Exception):
        """Raised by the one who waits."""

    def stop(done: int, total: int, text: str) -> None:
        raise StoppedError

    listing = listed(workbook(tmp_path / "a.xlsx", assets(asset(1))))
    with pytest.raises(StoppedError):
        import_listing(book, listing, by=CLERK, progress=stop)
    assert book.row_count(None) == 0
    told: list[tuple[int, int]] = []
    import_listing(book, listing, by=CLERK, progress=lambda d, t, _: told.append((d, t)))
    assert told
    assert told[0] == (0, 1)

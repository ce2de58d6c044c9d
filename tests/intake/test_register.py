"""The register in: rows go to their tables, known assets are filled where they are empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.book.register_columns import COLUMNS
from app.intake.messages import FaultsError, IntakeError
from app.intake.register import RegisterListing, recognise_register
from app.intake.register_import import RegisterReport, import_register
from app.intake.workbook import read_sheets
from tests.book.samples import finished_values
from tests.intake.sheets import codes, csv_file, workbook

CLERK = "王明"
TITLES = [["非信贷资产五级分类登记簿"], ["金额单位：万元　比率单位：小数"]]


def line(**cells: Any) -> list[Any]:
    """A line of the register: a car of 青山信用社, with changes by column."""
    usual = {
        "asset_no": "GZ-9",
        "name": "桑塔纳轿车",
        "institution": "青山信用社",
        "asset_kind": "固定资产",
        "subject": "1501 固定资产",
        "carrying_amount": "10.5",
        "formed_on": "2003-12-18",
        "classified_on": "2006-12-31",
        "initial_class": "损失",
        "background": "形成时间及原因：购入。\n资产现状：已丢失。",
        "currency": "人民币",
    }
    given = {**usual, **cells}
    return [given.get(key, "") for key in COLUMNS]


def sheet(path: Path, *lines: Sequence[Any], heads: Sequence[str] = ()) -> Path:
    """A register with its titles."""
    return workbook(path / "登记簿.xlsx", [*TITLES, list(heads or COLUMNS.values()), *lines])


def recognised(book: Book, path: Path) -> RegisterListing:
    return recognise_register(
        read_sheets(path),
        book.ruleset,
        institution=book.institution,
        base_date=book.period.base_date,
        chart=book.chart(),
    )


def taken_in(book: Book, path: Path) -> RegisterReport:
    return import_register(book, recognised(book, path), by=CLERK)


def only_row(book: Book) -> Mapping[str, Any]:
    [row] = list(book.rows())
    return row.values


def test_a_line_becomes_a_row_of_its_table(book: Book, tmp_path: Path) -> None:
    report = taken_in(book, sheet(tmp_path, line()))
    assert (len(report.added), report.filled) == (1, [])
    [row] = list(book.rows("1-8"))
    assert row.values["carrying_amount"] == "105000.00"
    assert row.values["initial_class"] == "loss"
    assert row.values["wp_formation"] == "购入。"
    assert row.values["wp_state"] == "已丢失。"
    assert row.provenance["name"] == "登记簿.xlsx"


def test_rows_of_several_tables_stand_in_one_file(book: Book, tmp_path: Path) -> None:
    other = line(asset_no="QT-1", asset_kind="", subject="1391", name="暂付款", initial_class="")
    third = line(asset_no="DZ-1", asset_kind="附表1-3", subject="", initial_class="")
    listing = recognised(book, sheet(tmp_path, line(), other, third))
    assert [part.table_id for part in listing.parts] == ["1-3", "1-5", "1-8"]
    import_register(book, listing, by=CLERK)
    assert {row.table_id: row.values.get("subject") for row in book.rows()} == {
        "1-3": None,
        "1-5": "1391",
        "1-8": "1501",
    }


def test_heads_may_be_called_otherwise(book: Book, tmp_path: Path) -> None:
    words = {"asset_no": "资产编码", "carrying_amount": "账面余额", "initial_class": "初分结果"}
    heads = [words.get(key, title) for key, title in COLUMNS.items()]
    taken_in(book, sheet(tmp_path, line(), heads=heads))
    assert only_row(book)["carrying_amount"] == "105000.00"


def test_an_unknown_column_stays_with_the_row(book: Book, tmp_path: Path) -> None:
    path = sheet(tmp_path, [*line(), "二号库房"], heads=[*COLUMNS.values(), "库位"])
    report = taken_in(book, path)
    assert "N004" in codes(report.notes)
    [row] = list(book.rows())
    assert row.printed["库位"] == "二号库房"


def test_the_unions_opinions_are_kept_as_printed(book: Book, tmp_path: Path) -> None:
    taken_in(book, sheet(tmp_path, line(determined_class="损失", determined_by="领导小组")))
    [row] = list(book.rows())
    assert "determined_class" not in row.values
    assert row.printed == {"初始认定结果": "损失", "认定人": "领导小组"}


def test_opinions_of_another_date_are_asked_again(book: Book, tmp_path: Path) -> None:
    old = line(classified_on="2005-12-31", expected_loss="10.5", loss_measurement="丢失")
    report = taken_in(book, sheet(tmp_path, old))
    assert "N042" in codes(report.notes)
    values = only_row(book)
    assert not {"initial_class", "expected_loss", "remarks", "wp_basis"} & set(values)
    assert values["wp_state"] == "已丢失。"


def test_a_known_asset_gets_only_what_it_lacks(book: Book, tmp_path: Path) -> None:
    row = book.add_row("1-8", {"asset_no": "GZ-9", "name": "轿车"}, by=CLERK)
    report = taken_in(book, sheet(tmp_path, line()))
    assert (report.added, report.filled) == ([], [row.id])
    filled = book.row(row.id).values
    assert (filled["name"], filled["carrying_amount"]) == ("轿车", "105000.00")
    [note] = [note for note in report.notes if note.code == "N043"]
    assert note.startswith("B4“资产名称”是“桑塔纳轿车”")
    again = taken_in(book, sheet(tmp_path, line()))
    assert (again.added, again.filled, again.unchanged) == ([], [], 1)


def test_an_asset_is_also_known_by_its_id(book: Book, tmp_path: Path) -> None:
    row = book.add_row("1-8", {"name": "轿车"}, by=CLERK)
    report = taken_in(book, sheet(tmp_path, line(asset_no=row.id)))
    assert report.filled == [row.id]
    assert "asset_no" not in book.row(row.id).values


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"carrying_amount": "很多"}, "F4"),
        ({"asset_kind": "杂项", "subject": "9999"}, "D4"),
        ({"formed_on": "去年"}, "G4"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_written(
    book: Book, tmp_path: Path, change: dict[str, Any], place: str
) -> None:
    path = sheet(tmp_path, line(**change), line(asset_no="GZ-10"))
    with pytest.raises(FaultsError, match=place):
        taken_in(book, path)
    assert book.row_count(None) == 0


def test_the_same_number_twice_in_a_table_is_refused(book: Book, tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match="A5"):
        taken_in(book, sheet(tmp_path, line(), line()))
    assert book.row_count(None) == 0


def test_all_tables_come_in_or_none(book: Book, tmp_path: Path) -> None:
    path = sheet(tmp_path, line(initial_class=""), line(asset_no="QT-1", asset_kind="1-5"))
    with pytest.raises(BookError, match="署名"):
        import_register(book, recognised(book, path), by="")
    assert book.row_count(None) == 0


def test_rows_of_other_offices_are_left_out(book: Book, tmp_path: Path) -> None:
    other = line(asset_no="BH-1", institution="白河信用社")
    report = taken_in(book, sheet(tmp_path, line(), other))
    assert len(report.added) == 1
    assert "N040" in codes(report.notes)
    strangers = [line(institution="甲社"), line(institution="乙社", asset_no="2")]
    with pytest.raises(IntakeError, match="甲社") as refused:
        taken_in(book, sheet(tmp_path, *strangers))
    assert refused.value.code == "I041"


def test_a_register_of_one_office_under_another_name_is_noted(book: Book, tmp_path: Path) -> None:
    report = taken_in(book, sheet(tmp_path, line(institution="青山农村信用合作社")))
    assert (len(report.added), codes(report.notes)[:1]) == (1, ["N041"])


def test_totals_are_passed_over_and_noted(book: Book, tmp_path: Path) -> None:
    total = ["合计", "", "", "", "", "10.5"]
    report = taken_in(book, sheet(tmp_path, line(), total))
    assert len(report.added) == 1
    assert "N044" in codes(report.notes)


def test_another_file_is_no_register(book: Book, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "x.csv", [["名称", "数量"], ["桌子", "3"]])
    with pytest.raises(IntakeError) as refused:
        taken_in(book, path)
    assert refused.value.code == "I040"


def test_a_draft_of_the_program_stays_a_draft(book: Book, tmp_path: Path) -> None:
    from app.papers.register_file import write_register

    values = finished_values("1-8", 6)
    book.add_row("1-8", values, by=CLERK)
    path = tmp_path / "out.csv"
    write_register(book, path)
    report = taken_in(book, path)
    assert (report.added, report.filled, report.unchanged) == ([], [], 1)
    assert not [note for note in report.notes if note.code == "N043"]
    assert "wp_basis" not in only_row(book)
    assert book.period.base_date == date(2006, 12, 31)

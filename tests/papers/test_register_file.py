"""The register out: 29 columns in order, units said and applied, nothing becomes a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.book.book import Book
from app.book.register_columns import COLUMNS
from app.book.types import Institution
from app.intake.register import recognise_register
from app.intake.register_import import import_register
from app.intake.workbook import read_sheets
from app.papers.errors import PaperError
from app.papers.register_file import RegisterUnits, write_register
from tests.book.samples import BASE_DATE, CLERK, RULESET, finished_values

OFFICIAL = (
    "资产编号,资产名称,所属机构,资产类型,核算科目,账面价值,资产取得日期,分类时间,预计损失,预计损失率,背景资料,风险因素分析,"
    "损失测算,初分意见,初分意见说明,处置措施及管理办法,初分类操作员,初分类日期,初审意见,初审认定结果,初审操作员,初审日期,"
    "初始认定结果,认定说明,认定人,认定日期,认定状态,法人联社号,币种"
)


def make_book(path: Path) -> Book:
    """An empty book of 青山信用社 with a clerk."""
    book = Book.create(path, Institution("QS", "青山信用社"), BASE_DATE, ruleset=RULESET)
    book.add_person(CLERK, "preparer")
    return book


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """Three rows of two tables; one name looks like a formula, one amount has fen."""
    with make_book(tmp_path / "a.wuji") as made:
        changes: dict[str, Any] = {"asset_no": "TY-1", "name": "=存放农行", "remarks": "+产权未定"}
        made.add_row("1-2", finished_values("1-2", 1, **changes), by=CLERK)
        made.add_row("1-2", finished_values("1-2", 19, carrying_amount="420000.07"), by=CLERK)
        made.add_row("1-8", finished_values("1-8", 6, asset_no="GZ-1"), by=CLERK)
        yield made


def csv_lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_columns_are_those_of_the_provincial_systems() -> None:
    assert list(COLUMNS.values()) == OFFICIAL.split(",")
    assert len(COLUMNS) == 29


def test_a_csv_says_its_units_and_holds_every_row(book: Book, tmp_path: Path) -> None:
    out = tmp_path / "r.csv"
    assert write_register(book, out) == 3
    lines = csv_lines(out)
    assert "金额单位：元　比率单位：%" in lines[1][0]
    assert lines[2] == OFFICIAL.split(",")
    first = dict(zip(COLUMNS, lines[3], strict=True))
    assert (first["asset_no"], first["institution"]) == ("TY-1", "青山信用社")
    assert (first["subject"], first["carrying_amount"]) == ("1221 存放同业款项", "750000.00")
    assert (first["initial_class"], first["initial_by"]) == ("次级", CLERK)
    assert first["background"].startswith("形成时间及原因：")
    assert first["currency"] == "人民币"
    assert lines[4][0] == "QS-0002"
    assert len(lines) == 6


def test_other_units_lose_nothing(book: Book, tmp_path: Path) -> None:
    out = tmp_path / "r.csv"
    write_register(book, out, units=RegisterUnits("万元", "小数"), union_code="1504")
    lines = csv_lines(out)
    assert "金额单位：万元　比率单位：小数" in lines[1][0]
    second = dict(zip(COLUMNS, lines[4], strict=True))
    assert second["carrying_amount"] == "42.000007"
    assert dict(zip(COLUMNS, lines[3], strict=True))["loss_rate"] == "0.2500"
    assert second["union_code"] == "1504"


def test_texts_never_become_formulas(book: Book, tmp_path: Path) -> None:
    write_register(book, tmp_path / "r.csv")
    cells = [cell for line in csv_lines(tmp_path / "r.csv") for cell in line]
    assert "\t=存放农行" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    write_register(book, tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    assert (sheet["B4"].value, sheet["B4"].data_type) == ("=存放农行", "s")


def test_the_workbook_holds_numbers_and_dates(book: Book, tmp_path: Path) -> None:
    out = tmp_path / "r.xlsx"
    write_register(book, out)
    sheet = openpyxl.load_workbook(out).active
    assert [cell.value for cell in sheet[3]] == OFFICIAL.split(",")
    assert (sheet["F5"].value, sheet["F5"].number_format) == (420000.07, "#,##0.00")
    assert sheet["J4"].value == 25
    assert sheet["H4"].value.date() == BASE_DATE


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
@pytest.mark.parametrize("units", [RegisterUnits(), RegisterUnits("万元", "小数")])
def test_it_comes_back_as_it_went_out(
    book: Book, tmp_path: Path, suffix: str, units: RegisterUnits
) -> None:
    out = tmp_path / f"r.{suffix}"
    write_register(book, out, units=units)
    with make_book(tmp_path / "b.wuji") as other:
        listing = recognise_register(
            read_sheets(out),
            other.ruleset,
            institution=other.institution,
            base_date=BASE_DATE,
        )
        import_register(other, listing, by=CLERK)
        carried = ("name", "subject", "carrying_amount", "formed_on", "expected_loss", "remarks",
                   "wp_formation", "wp_state", "wp_measures", "initial_class")  # fmt: skip
        for row, back in zip(book.rows(), other.rows(), strict=True):
            mine = {**row.values, "expected_loss": f"{row.expected_loss:.2f}"}
            for key in carried:
                assert back.values.get(key) == mine.get(key), key
        again = tmp_path / f"again.{suffix}"
        write_register(other, again, units=units)
    if suffix == "csv":
        state = list(COLUMNS).index("state")
        before, after = csv_lines(out), csv_lines(again)
        for line in (*before, *after):
            del line[state:]
        assert before == after


def test_other_suffixes_and_empty_periods_are_refused(book: Book, tmp_path: Path) -> None:
    with pytest.raises(PaperError, match=r"xlsx 或 \.csv"):
        write_register(book, tmp_path / "r.txt")
    with make_book(tmp_path / "c.wuji") as empty, pytest.raises(PaperError, match="没有一笔资产"):
        write_register(empty, tmp_path / "r.csv")
    assert not (tmp_path / "r.csv").exists()

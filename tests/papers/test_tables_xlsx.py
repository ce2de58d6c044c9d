"""The workbook of determination tables: cell by cell, live formulas, nothing but text as text."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from app.papers.model import PaperRow, TablePaper
from app.papers.tables_xlsx import write_tables_xlsx
from app.papers.workbook import column_letters, sheet_name
from tests.papers import samples
from tests.papers.golden import FOLDER, WORKBOOKS, cells_text


@pytest.mark.parametrize("name", WORKBOOKS)
def test_every_cell_is_as_it_was(name: str, tmp_path: Path) -> None:
    WORKBOOKS[name](tmp_path / "book.xlsx")
    golden = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert cells_text(tmp_path / "book.xlsx") == golden


def written(tmp_path: Path, *papers: TablePaper) -> Path:
    """The papers as a workbook."""
    return write_tables_xlsx(papers, samples.head(), tmp_path / "tables.xlsx")


def with_columns(paper: TablePaper, **changes: object) -> TablePaper:
    """The paper with one column changed; ``key`` says which."""
    key = changes.pop("key")
    columns = tuple(
        replace(column, **changes) if column.key == key else column  # type: ignore[arg-type]
        for column in paper.columns
    )
    return replace(paper, columns=columns)


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-不详", "@cmd", "=cmd|'/c calc'!A0", "\t=2", "{=1}"]
)
def test_texts_never_become_formulas(tmp_path: Path, text: str) -> None:
    row = samples.row_1_2(1, name=text, amount="1.00", loss="0.00", remark=text)
    sheet = openpyxl.load_workbook(written(tmp_path, samples.table_paper([row]))).worksheets[0]
    found = [cell for cell in sheet[7] if cell.value == text]
    assert len(found) == 2
    assert all(cell.data_type == "s" for cell in found)


def test_control_characters_do_not_break_the_file(tmp_path: Path) -> None:
    row = samples.row_1_2(1, name="农\x07行\x00", amount="1.00", loss="0.00", remark="a\x0bb")
    sheet = openpyxl.load_workbook(written(tmp_path, samples.table_paper([row]))).worksheets[0]
    assert str(sheet["B7"].value).startswith("农")


def test_sums_and_rates_are_live_and_carry_their_value(tmp_path: Path) -> None:
    path = written(tmp_path, samples.large_table(120))
    live = openpyxl.load_workbook(path).worksheets[0]
    shown = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    amounts = [row.values[3] for row in samples.many_rows(120)]
    total = sum((a for a in amounts if isinstance(a, Decimal)), Decimal(0))
    assert live["D127"].value == "=SUM(D7:D126)"
    assert shown["D127"].value == float(total)
    assert live["T127"].value == "=IF(D127=0,0,S127/D127)"


def test_computed_columns_are_live_formulas(tmp_path: Path) -> None:
    expression = "expected_loss / carrying_amount if carrying_amount > 0 else 0"
    paper = with_columns(samples.table_paper(), key="loss_rate", formula=expression)
    path = written(tmp_path, paper)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet["T7"].value == "=IF(D7>0,(S7/D7),0)"
    assert openpyxl.load_workbook(path, data_only=True).worksheets[0]["T8"].value == 0.4


def test_choices_are_offered_long_lists_from_a_hidden_sheet(tmp_path: Path) -> None:
    long = tuple(f"很长的选项名称第{n}号，写得清清楚楚" for n in range(20))
    paper = with_columns(samples.table_paper(), key="compliance", choices=("合规", "不合规"))
    paper = with_columns(paper, key="litigation", choices=long)
    workbook = openpyxl.load_workbook(written(tmp_path, paper))
    rules = {
        str(r.sqref): r.formula1 for r in workbook.worksheets[0].data_validations.dataValidation
    }
    assert rules == {"G7:G8": '"合规,不合规"', "P7:P8": "选项!$A$1:$A$20"}
    assert workbook["选项"].sheet_state == "hidden"
    assert [row[0].value for row in workbook["选项"].iter_rows()] == list(long)


def test_print_settings(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path, samples.table_paper())).worksheets[0]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$6"
    assert sheet.freeze_panes == "C7"
    assert samples.SEAL_CODE in sheet.oddFooter.left.text
    assert sheet.oddFooter.center.text.endswith("第 &P 页　共 &N 页")


def test_dates_and_reported_months(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path, samples.table_paper())).worksheets[0]
    assert sheet["E7"].is_date
    assert sheet["E7"].number_format == "yyyy-mm-dd"


def test_rows_are_taken_as_they_come(tmp_path: Path) -> None:
    seen: list[int] = []

    def rows() -> list[PaperRow]:
        return samples.two_rows()

    paper = TablePaper(samples.head(), samples.COLUMNS_1_2, iter(rows()), 2, "同业债权")
    write_tables_xlsx(
        [paper], samples.head(), tmp_path / "t.xlsx", progress=lambda done, of: seen.append(done)
    )
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames == ["1-2 同业债权"]


@pytest.mark.parametrize(
    ("text", "taken", "name"),
    [
        ("1-2 同业债权", [], "1-2 同业债权"),
        ("a/b:c*d?[e]\\f", [], "a-b-c-d--e--f"),
        ("长" * 40, [], "长" * 31),
        ("表", ["表"], "表(2)"),
        ("长" * 40, ["长" * 31], "长" * 28 + "(2)"),
    ],
)
def test_sheet_names(text: str, taken: list[str], name: str) -> None:
    assert sheet_name(text, taken) == name


def test_column_letters() -> None:
    assert [column_letters(i) for i in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip

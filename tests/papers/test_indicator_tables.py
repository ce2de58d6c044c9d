"""Indicators and migration in print and in the workbook: exact values beside live formulas."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from app.book.indicators import ClassSum, Indicators, IndicatorSheet, progress_across, total_of
from app.book.migration import Migration, Moved
from app.forms.classes import FiveClass
from app.papers.figures import FigureTable, printed
from app.papers.indicator_tables import indicator_table, migration_tables, office_table
from app.papers.summary_tables import SummaryPaper, write_summary_pdf
from app.papers.summary_xlsx import write_summary_xlsx
from tests.papers import samples
from tests.papers.reading import page_texts

NORMAL, MENTION, SUBSTANDARD, DOUBTFUL, LOSS = FiveClass


def line(key: str, title: str, normal: str, doubtful: str, provisions: str = "0") -> Indicators:
    """Indicators of a table with normal and doubtful rows, half of the doubtful lost."""
    classes = dict.fromkeys(FiveClass, ClassSum())
    classes[NORMAL] = ClassSum(2, Decimal(normal))
    classes[DOUBTFUL] = ClassSum(1, Decimal(doubtful), Decimal(doubtful) / 2)
    held = Decimal(provisions)
    return Indicators(key, title, classes, ClassSum(), held, "expected_loss")


def sheet(*lines: Indicators) -> IndicatorSheet:
    return IndicatorSheet("initial", lines, total_of(lines, "expected_loss"))


NOW = sheet(line("1-2", "同业债权", "600.00", "400.00", "50.00"), line("1-8", "固定资产", "8", "0"))
BEFORE = sheet(line("1-2", "同业债权", "500.00", "500.00"))
MOVED = Migration(
    {
        (NORMAL, NORMAL): Moved(3, Decimal("300"), Decimal("310")),
        (NORMAL, DOUBTFUL): Moved(1, Decimal("100"), Decimal("90")),
        (LOSS, SUBSTANDARD): Moved(2, Decimal("40"), Decimal("40")),
        (MENTION, None): Moved(1, Decimal("7"), Decimal("7")),
    },
    {NORMAL: Moved(1, Decimal("0"), Decimal("11"))},
    {DOUBTFUL: Moved(2, Decimal("60"), Decimal("0"))},
)


def texts(table: FigureTable, row: int) -> dict[str, str]:
    """What a line prints, by column."""
    keys = [column.key for column in table.columns]
    return dict(zip(keys, table.texts(table.rows[row]), strict=True))


def test_a_line_prints_amounts_ratios_and_progress() -> None:
    table = indicator_table(NOW, BEFORE, "初分")
    first, second, total = (texts(table, row) for row in range(3))
    assert first["table"] == "附表1-2"
    assert (first["amount"], first["bad"], first["ratio"]) == ("1,000.00", "400.00", "40.00%")
    assert (first["ratio_before"], first["progress"]) == ("50.00%", "+10.00")
    assert (first["loss"], first["coverage"]) == ("200.00", "25.00%")
    assert (second["coverage"], second["ratio_before"]) == ("—", "—")
    assert total["count"] == "6"
    assert "拨备覆盖率为已提准备除以预计损失额" in table.note


ALIKE = sheet(line("1-2", "同业债权", "750.00", "250.00"))


def test_progress_is_that_of_the_offices_in_both_periods(tmp_path: Path) -> None:
    table = indicator_table(NOW, BEFORE, "初分", alike=ALIKE)
    first, second, total = (texts(table, row) for row in range(3))
    assert (first["ratio"], first["ratio_alike"]) == ("40.00%", "25.00%")
    assert (first["ratio_before"], first["progress"]) == ("50.00%", "+25.00")
    assert (second["ratio_alike"], second["progress"]) == ("—", "—")
    assert total["progress"] == "+25.00"
    assert "可比占比" in table.note
    paper = SummaryPaper(samples.head(table_id=""), samples.summary_paper().parts, figures=(table,))
    path = write_summary_xlsx(paper, tmp_path / "summary.xlsx")
    cells = openpyxl.load_workbook(path)["指标"]
    assert cells["I6"].value == "=(H6-G6)*100"
    assert openpyxl.load_workbook(path, data_only=True)["指标"]["I6"].value == pytest.approx(25)


def test_without_an_earlier_period_there_is_no_progress() -> None:
    keys = {column.key for column in indicator_table(NOW, None, "初分").columns}
    assert not keys & {"progress", "ratio_before"}


def test_offices_are_set_against_their_mean() -> None:
    offices = [line("QS", "青山", "900", "100"), line("BH", "白河", "700", "300")]
    across = progress_across({one.key: one.non_performing_ratio for one in offices})
    table = office_table(offices, across, total_of(offices, "expected_loss"))
    assert texts(table, 0)["across"] == "+10.00"
    assert texts(table, 1)["across"] == "-10.00"
    assert texts(table, 2)["across"] == "—"
    assert texts(table, 2)["ratio"] == "20.00%"


def test_every_row_and_amount_stands_in_the_matrix() -> None:
    count, opening, closing = migration_tables(MOVED, "初分")
    assert texts(count, 0)["doubtful"] == "1"
    assert texts(count, 0)["rate"] == "25.00%"
    assert texts(count, 7)["sum"] == "10"
    assert texts(opening, 7)["sum"] == "507.00"
    assert texts(closing, 7)["sum"] == "458.00"
    assert texts(opening, 7)["rate"] == "22.73%"
    assert opening.rows[7].values["rate"] == Fraction(100, 440)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A summary's workbook with indicators and migration."""
    figures = (indicator_table(NOW, BEFORE, "初分"), *migration_tables(MOVED, "初分"))
    paper = SummaryPaper(samples.head(table_id=""), samples.summary_paper().parts, figures=figures)
    return write_summary_xlsx(paper, tmp_path / "summary.xlsx")


def test_the_workbook_has_formulas_with_their_values(workbook: Path) -> None:
    live, shown = openpyxl.load_workbook(workbook), openpyxl.load_workbook(workbook, data_only=True)
    matrices = ["迁徙（笔数）", "迁徙（上期余额）", "迁徙（本期余额）"]
    assert live.sheetnames[-6:-2] == ["指标", *matrices]
    cells, values = live["指标"], shown["指标"]
    assert cells["F6"].value == "=IF(D6=0,0,E6/D6)"
    assert values["F6"].value == pytest.approx(0.4)
    assert (cells["H6"].value, values["H6"].value) == ("=(G6-F6)*100", pytest.approx(10))
    assert (cells["D8"].value, values["D8"].value) == ("=ROUND(SUM(D6:D7),2)", 1008)
    assert (cells["M8"].value, values["M8"].value) == ("=ROUND(SUM(M6:M7),2)", 50)
    matrix = live["迁徙（上期余额）"]
    assert str(matrix["J6"].value).startswith("=IF(B6+C6+D6+E6+F6=0,0,(C6+D6+E6+F6)/")
    assert str(matrix["J13"].value).startswith("=IF(SUM(B6,C6")
    assert shown["迁徙（上期余额）"]["J13"].value == pytest.approx(100 / 440)


def test_the_pdf_prints_the_tables_and_their_notes(tmp_path: Path) -> None:
    parts = samples.summary_paper().parts[:1]
    figures = (indicator_table(NOW, None, "初分"),)
    paper = SummaryPaper(samples.head(table_id=""), parts, figures=figures)
    pages = page_texts(write_summary_pdf(paper, tmp_path / "summary.pdf").path)
    assert pages[-1].startswith("非信贷资产风险分类指标表（初分）")
    assert "拨备覆盖率为已提准备除以预计损失额。" in pages[-1]
    assert "单位公章" in pages[-1]


def test_a_printed_table_has_no_sum_of_its_own() -> None:
    paper = printed(indicator_table(NOW, None, "初分"), samples.head())
    assert not paper.with_total
    assert paper.head.number == ""

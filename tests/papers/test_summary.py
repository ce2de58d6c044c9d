"""The summary as PDF and workbook: lines, subtotals, ratios, checks, the change since last."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from app.book.types import CheckLine
from app.papers.seal import Stamp
from app.papers.summary_from_book import netted_note
from app.papers.summary_tables import (
    SummaryPaper,
    SummaryPart,
    TableSum,
    points_text,
    write_summary_pdf,
)
from app.papers.summary_xlsx import write_summary_xlsx
from tests.papers import samples
from tests.papers.reading import page_texts


def test_each_part_has_its_page_and_the_last_one_names_and_seal(
    tmp_path: Path, stamp: Stamp
) -> None:
    result = write_summary_pdf(samples.summary_paper(), tmp_path / "summary.pdf", stamp=stamp)
    texts = page_texts(result.path)
    assert len(texts) == 3
    assert texts[0].startswith("非信贷资产风险分类汇总表（初分）填报单位：青山信用社")
    assert "同业债权1,750,000.001,750,000.000.000.000.000.00750,000.001,000,000.00" in texts[0]
    assert "存放联行款项200.00350.00—300.00" in texts[0]
    assert "非信贷资产合计" in texts[1]
    assert texts[2].startswith("非信贷资产风险分类变动表（初分）")
    assert "现金及周转金2,400.001,200.00-1,200.00" in texts[2]
    assert ["单位公章" in text for text in texts] == [False, False, True]
    assert result.seal is not None
    assert result.seal.page == 2


def test_a_page_says_which_lines_its_differences_leave_out(tmp_path: Path) -> None:
    summary = samples.summary()
    note = netted_note(summary)
    part = SummaryPart("汇总表（初分）", summary, note=note)
    paper = SummaryPaper(samples.head(table_id=""), (part,))
    [text] = page_texts(write_summary_pdf(paper, tmp_path / "summary.pdf").path)
    assert "存放联行款项的总账余额是轧差后的数，不与分类余额比较" in text
    plain = replace(summary, lines=summary.lines[:1])
    assert not netted_note(plain)
    mixed = replace(summary.lines[0], difference=Decimal("-5.00"))
    said = netted_note(replace(summary, lines=(mixed,)))
    assert said == f"{mixed.title}的差额不含其中轧差科目的总账余额。"


def test_rows_without_an_opinion_get_a_column(tmp_path: Path) -> None:
    lines = samples.summary().lines
    open_line = replace(lines[0], unreviewed=Decimal("77.00"))
    summary = replace(samples.summary(), lines=(open_line, *lines[1:]))
    paper = SummaryPaper(samples.head(table_id=""), (SummaryPart("汇总表（初审）", summary),))
    result = write_summary_pdf(paper, tmp_path / "summary.pdf")
    [text] = page_texts(result.path)
    assert "未审" in text
    assert "77.00" in text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (Fraction(1, 80), "+1.25"),
        (Fraction(-1, 80), "-1.25"),
        (Fraction(0), "0.00"),
        (Fraction(1, 100000), "0.00"),
    ],
)
def test_changes_of_ratios_are_points(change: Fraction, text: str) -> None:
    assert points_text(change) == text


def full_paper() -> SummaryPaper:
    """A summary with tables and checks."""
    base = replace(samples.summary(), netted=False)
    total = base.total
    paper = samples.summary_paper()
    return replace(
        paper,
        parts=(paper.parts[0], SummaryPart("非信贷资产风险分类轧差前汇总表（初分）", base)),
        tables=(
            TableSum("1-1", "现金类", 6, Decimal("1550.00"), Decimal("47.50")),
            TableSum(
                "1-2", "同业债权", 6, total.classified - 1550, total.expected_loss - Decimal("47.5")
            ),
        ),
        checks=(
            CheckLine("1221 = 附表1-2", "表间", True, Decimal("1.00"), Decimal("1.00"), Decimal(0)),
            CheckLine("1501 = 附表1-8", "表间", False, Decimal("3.00"), Decimal(1), Decimal(2)),
        ),
    )


def test_the_workbook_checks_itself(tmp_path: Path) -> None:
    path = write_summary_xlsx(full_paper(), tmp_path / "summary.xlsx")
    shown = openpyxl.load_workbook(path, data_only=True)
    assert shown.sheetnames == ["汇总表（初分）", "轧差前汇总表（初分）", "各表合计", "校验清单"]
    rows = [row for row in shown["校验清单"].iter_rows(min_row=5, values_only=True) if row[0]]
    results = {row[0]: row[2] for row in rows}
    assert results.pop("1501 = 附表1-8") == "不通过"
    assert set(results.values()) == {"通过"}
    assert "轧差前汇总表（初分）：非信贷资产合计预计损失额 = 各认定表预计损失额之和" in results
    assert rows[-1] == ("1501 = 附表1-8", "表间", "不通过", 3, 1, 2)
    live = openpyxl.load_workbook(path)["校验清单"]
    assert str(live.cell(live.max_row, 6).value).startswith("=ROUND(D")
    assert str(live.cell(live.max_row, 3).value).startswith("=IF(ABS(F")


def test_a_tolerance_lets_small_differences_pass(tmp_path: Path) -> None:
    paper = replace(full_paper(), tolerance=Decimal("2.00"))
    path = write_summary_xlsx(paper, tmp_path / "summary.xlsx")
    sheet = openpyxl.load_workbook(path, data_only=True)["校验清单"]
    assert sheet.cell(sheet.max_row, 3).value == "通过"


def test_subtotals_are_formulas_with_their_values(tmp_path: Path) -> None:
    path = write_summary_xlsx(samples.summary_paper(), tmp_path / "summary.xlsx")
    live = openpyxl.load_workbook(path)["汇总表（初分）"]
    shown = openpyxl.load_workbook(path, data_only=True)["汇总表（初分）"]
    lines = samples.summary().lines
    for row, line in enumerate(lines, 6):
        assert shown.cell(row, 3).value == float(line.classified)
        assert shown.cell(row, 11).value == float(line.non_performing)
        assert shown.cell(row, 12).value == pytest.approx(float(line.non_performing_ratio))
        if line.sum_of:
            assert str(live.cell(row, 2).value).startswith("=ROUND(SUM(")
    assert live["D7"].value == "—"
    assert live["D8"].value == "=ROUND(SUM(D6,D7),2)"
    assert live["B13"].value == "=ROUND(SUM(B8,B12),2)"

"""Table 2 as PDF: a sheet per big loss, each with names and seal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.papers.big_loss_pdf import write_big_loss_pdf
from app.papers.model import BigLossPaper
from app.papers.seal import Stamp
from tests.papers import samples
from tests.papers.reading import bookmarks, page_texts


def test_a_sheet_holds_facts_texts_evidence_and_opinions(tmp_path: Path) -> None:
    result = write_big_loss_pdf(samples.big_loss_paper(1), tmp_path / "2.pdf")
    [text] = page_texts(result.path)
    for part in (
        "附表2大额损失类资产认定表",
        "资产项目固定资产资产名称桑塔纳轿车",
        "来源附表1-8第12号",
        "预计可收回额0.00",
        "责任认定意见保管人负直接责任，已责令赔偿。",
        "1.机动车行驶证2.公安机关报案回执3.盘点表",
        "初分意见⑤损失初审意见审计意见认定结果",
        "填表人：王明复核人：李桂芳负责人：张建国单位公章：日期：",
    ):
        assert part in text, part


def test_every_sheet_has_its_page_bookmark_and_seal(tmp_path: Path, stamp: Stamp) -> None:
    result = write_big_loss_pdf(samples.big_loss_paper(3), tmp_path / "2.pdf", stamp=stamp)
    texts = page_texts(result.path)
    assert [page for _, page in bookmarks(result.path)] == [0, 1, 2]
    assert result.seal is not None
    assert result.seal.page == 0
    # The first seal comes with the signature; the others are drawn.
    assert ["非信贷资产分类业务章" in text for text in texts] == [False, True, True]


def test_without_attachments_nothing_is_said_of_what_is_required(tmp_path: Path) -> None:
    sheet = replace(samples.big_loss_sheet(), evidence=())
    paper = BigLossPaper(samples.head(table_id="2"), [sheet], 1)
    text = "".join(page_texts(write_big_loss_pdf(paper, tmp_path / "2.pdf").path))
    assert "没有附资料。" in text
    assert "没有要求的资料" not in text


def test_what_is_missing_is_listed(tmp_path: Path) -> None:
    sheet = samples.big_loss_sheet(missing=("责任人", "责任认定意见"))
    paper = BigLossPaper(samples.head(table_id="2"), [sheet], 1)
    result = write_big_loss_pdf(paper, tmp_path / "2.pdf")
    assert "尚待补充责任人、责任认定意见" in "".join(page_texts(result.path))


def test_a_period_without_big_losses_has_a_sheet_that_says_so(tmp_path: Path) -> None:
    result = write_big_loss_pdf(samples.big_loss_paper(0), tmp_path / "2.pdf")
    [text] = page_texts(result.path)
    assert "本期没有需要填报附表2的资产。" in text
    assert result.seal is not None

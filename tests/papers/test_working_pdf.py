"""Working papers as PDF: cover, all parts, bookmarks, the accountant's stamp."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from app.papers.model import PaperItem, PaperResult, PaperSection, WorkingPaper, WorkingPapers
from app.papers.seal import Stamp
from app.papers.working_pdf import write_working_papers_pdf
from tests.papers import samples
from tests.papers.reading import bookmarks, need_seal_on_its_line, outside, page_sizes, page_texts


def written(tmp_path: Path, *papers: WorkingPaper) -> PaperResult:
    """The papers as a file."""
    given = WorkingPapers(samples.head(), papers, len(papers), Decimal("1000000.00"))
    return write_working_papers_pdf(given, tmp_path / "papers.pdf")


def test_the_cover_names_office_table_count_and_sum(tmp_path: Path) -> None:
    result = written(tmp_path, samples.working_paper())
    cover = page_texts(result.path)[0]
    for part in (
        "非信贷资产风险分类工作底稿（同业债权分类认定表）",
        "填报单位青山信用社（150402）",
        "基准日2006年12月31日",
        "对应认定表附表1-2同业债权分类认定表",
        "资产笔数1笔账面金额合计1,000,000.00元",
        "填表人：王明复核人：李桂芳负责人：张建国单位公章：日期：2007年1月15日",
    ):
        assert part in cover
    assert set(page_sizes(result.path)) == {(595, 842)}


def test_all_parts_of_a_paper_are_printed(tmp_path: Path) -> None:
    result = written(tmp_path, samples.working_paper())
    text = "".join(page_texts(result.path)[1:])
    for part in (
        "资产项目1221存放同业款项编号150402-0002",
        "资产名称农行××支行（第二笔）认定表序号2",
        "账面金额1,000,000.00大写金额壹佰万元整",
        "形成时间2004-03-10分类结果④可疑",
        "形成时间及原因2007年3月20日存入",
        "资产现状该笔存放同业款项",
        "综合以上，划为可疑。",
        "1存放同业协议已附协议.jpg、补充协议.jpg",
        "3催收回执未附",
        "账账相符账表相符账款相符账实相符账据相符内外账相符相符相符相符相符不符相符",
        "各级意见初分意见④可疑",
        "按估计数填列。（王明）",
        "账务已经核对，与本底稿所列一致。初分人：王明会计：李桂芳",
        "青山信用社会计核对章李桂芳2007-01-12",
        "3没有按期结息关注没有按期支付利息的，至少划为关注。",
        "填报内容：基本情况资产编号TY-2004-002",
        "交易对手经营状况经营恶化、支付出现风险到期日2004-04-09",
    ):
        assert part in text, part


def test_each_asset_begins_a_page_and_has_a_bookmark(tmp_path: Path) -> None:
    result = written(tmp_path, *(samples.working_paper(seq) for seq in (1, 2, 3)))
    marks = bookmarks(result.path)
    texts = page_texts(result.path)
    assert [title for title, _ in marks] == [
        f"{seq}　农行××支行（第二笔）（150402-000{seq}）④ 可疑" for seq in (1, 2, 3)
    ]
    assert [page for _, page in marks] == [1, 3, 5]
    assert all("（续）" not in texts[page] for _, page in marks)
    assert all("工作底稿（续）" in texts[page + 1] for _, page in marks)
    assert f"第{result.pages}页共{result.pages}页" in texts[-1]


def test_an_unconfirmed_paper_has_no_stamp(tmp_path: Path) -> None:
    result = written(tmp_path, samples.working_paper(confirmed_by="", confirmed_on=None))
    text = "".join(page_texts(result.path))
    assert "会计尚未确认" in text
    assert "会计核对章" not in text


def test_an_open_result_says_so(tmp_path: Path) -> None:
    result = written(tmp_path, samples.working_paper(result="", reasons=(), evidence=()))
    text = "".join(page_texts(result.path))
    assert "分类结果尚未得出" in text
    assert "没有发现需要下调分类的情况。" in text
    assert "没有要求的资料。" in text


def test_a_very_long_text_flows_over_pages_with_its_label(tmp_path: Path) -> None:
    story = "\n".join(f"第{n}段：{samples.LONG_REMARK}" for n in range(1, 60))
    paper = samples.working_paper(narrative=(PaperItem("资产现状", story, wide=True),))
    result = written(tmp_path, paper)
    texts = page_texts(result.path)
    together = "".join(texts)
    assert all(f"第{n}段" in together for n in range(1, 60))
    assert sum("资产现状" in text for text in texts) >= 2


def test_nothing_leaves_the_page(tmp_path: Path) -> None:
    long_name = "青山县农村信用合作社联合社营业部办公大楼及附属设施" * 6
    section = PaperSection("长", (PaperItem("名称" * 8, long_name), PaperItem("x", "y" * 300)))
    paper = samples.working_paper(name=long_name, sections=(section,))
    result = written(tmp_path, paper)
    assert not outside(result.path, (50, 18, 595 - 35, 842 - 30))


def test_the_office_seal_belongs_on_the_cover(tmp_path: Path, stamp: Stamp) -> None:
    given = samples.working_papers(2)
    result = write_working_papers_pdf(given, tmp_path / "papers.pdf", stamp=stamp)
    assert result.seal is not None
    assert result.seal.page == 0
    need_seal_on_its_line(result.path, result.seal)


def test_no_last_page_has_only_a_line_or_two(tmp_path: Path) -> None:
    seen = set()
    for lines in range(18, 60, 3):
        items = tuple(PaperItem(f"项{n}", f"值{n}。") for n in range(2 * lines))
        result = written(tmp_path, samples.working_paper(sections=(PaperSection("长", items),)))
        seen.add(page_texts(result.path)[-1].count("值"))
    assert min(seen) >= 10
    assert len(seen) > 1


def test_the_opinions_stand_on_one_page_with_the_confirmation(tmp_path: Path) -> None:
    below = set()
    for lines in range(1, 40, 2):
        narrative = PaperItem("资产现状", "\n".join(["催收无果。"] * lines))
        result = written(tmp_path, samples.working_paper(narrative=(narrative,), kept=()))
        pages = page_texts(result.path)
        [opinions] = [n for n, text in enumerate(pages) if "各级意见" in text]
        [stamp] = [n for n, text in enumerate(pages) if "会计核对章" in text]
        assert opinions == stamp, f"{lines} lines"
        below.add(stamp)
    assert len(below) > 1


@pytest.mark.parametrize("lines", [20, 38])
def test_opinions_of_many_short_lines_stay_on_the_page(tmp_path: Path, lines: int) -> None:
    text = "\n".join(["已催收。"] * lines)
    opinions = tuple(PaperItem(f"{who}意见", text, wide=True) for who in ("初分", "部门", "稽核"))
    result = written(tmp_path, samples.working_paper(opinions=opinions))
    assert not outside(result.path, (50, 18, 595 - 35, 842 - 30))
    told = "".join(page_texts(result.path))
    assert told.count("已催收。") == 3 * lines
    assert "会计核对章" in told

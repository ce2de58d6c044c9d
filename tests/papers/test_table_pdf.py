"""Determination tables as PDF: head on each page, sums, pages, nothing cut, the seal's place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.forms.loader import builtin_rulesets, load_ruleset
from app.papers import wording
from app.papers.cells import paper_columns
from app.papers.fit import PAD, fit_columns
from app.papers.model import PaperResult, TablePaper
from app.papers.seal import Stamp
from app.papers.table_pdf import write_table_pdf
from app.papers.text import wrap
from app.papers.wording import by_standard_rate
from tests.papers import samples
from tests.papers.reading import need_seal_on_its_line, outside, page_sizes, page_texts

HEAD = (
    "附表1-2同业债权分类认定表填报单位：青山信用社（150402）基准日：2006年12月31日单位：元"
    "序号交易对手核算科目账面金额形成时间债券名称操作风险信用风险"
)


def written(tmp_path: Path, paper: TablePaper, stamp: Stamp | None = None) -> PaperResult:
    """The paper as a file."""
    return write_table_pdf(paper, tmp_path / "table.pdf", stamp=stamp)


def test_two_rows_stand_on_one_page_with_head_sum_and_names(tmp_path: Path) -> None:
    result = written(tmp_path, samples.table_paper())
    [text] = page_texts(result.path)
    assert result.pages == 1
    assert page_sizes(result.path) == [(842, 595)]
    assert text.startswith(HEAD)
    for part in (
        "1农行××支行（第一笔）1221存放同业款项750,000.002004-03-10合规准确有合法合规齐全",
        "75,000.0010.00%可疑2农行",
        samples.LONG_REMARK,
        "合计共2笔1,750,000.00475,000.0027.14%（以下空白）",
        "填表人：王明复核人：李桂芳负责人：张建国单位公章：日期：2007年1月15日",
        "封印码7K3M-Q9XT-4HRD第1页共1页",
        "依据：农村信用社非信贷资产风险分类（2007年）",
    ):
        assert part in text, part


def test_the_head_is_repeated_and_pages_are_counted(tmp_path: Path) -> None:
    result = written(tmp_path, samples.large_table(60))
    texts = page_texts(result.path)
    assert len(texts) == result.pages > 3
    for number, text in enumerate(texts, 1):
        assert text.startswith(HEAD)
        assert f"第{number}页共{result.pages}页" in text
    assert [i for i, text in enumerate(texts) if "合计" in text] == [result.pages - 1]


def test_every_row_is_printed_once_in_order(tmp_path: Path) -> None:
    result = written(tmp_path, samples.large_table(60))
    text = "".join(page_texts(result.path))
    places = [text.index(f"{samples.NAMES[seq % 5]}{seq}1221") for seq in range(1, 61)]
    assert places == sorted(places)
    assert text.count("1221存放同业款项") == 60


@pytest.mark.parametrize("count", range(10, 20))
def test_the_sum_stands_on_a_page_with_several_rows(tmp_path: Path, count: int) -> None:
    result = written(tmp_path, samples.large_table(count))
    last = page_texts(result.path)[-1]
    for seq in range(count - 3, count + 1):
        assert f"{samples.NAMES[seq % 5]}{seq}1221" in last
    assert f"共{count}笔" in last


def test_nothing_reaches_beyond_the_margins(tmp_path: Path) -> None:
    result = written(tmp_path, samples.large_table(30))
    assert not outside(result.path, (30, 15, 842 - 30, 595 - 25))


def test_a_text_longer_than_a_page_flows_on(tmp_path: Path) -> None:
    remark = "".join(f"第{n}段：{samples.LONG_REMARK}" for n in range(1, 40))
    row = samples.row_1_2(1, name="农行", amount="100.00", loss="10.00", remark=remark)
    result = written(tmp_path, samples.table_paper([row, *samples.two_rows()]))
    texts = page_texts(result.path)
    assert len(texts) > 1
    # Only the page's own head and foot stand between the parts.
    together = "".join(texts)
    assert all(f"第{n}段" in together for n in range(1, 40))
    assert sum(text.count("也没有按期支付利息") for text in texts) >= 38


def test_figures_too_wide_are_made_smaller_not_cut(tmp_path: Path) -> None:
    huge = "999999999999999.99"
    result = written(
        tmp_path,
        samples.table_paper([samples.row_1_2(1, name="农行", amount=huge, loss=huge)]),
    )
    [text] = page_texts(result.path)
    assert text.count("999,999,999,999,999.99") == 4


def test_a_name_with_its_office_takes_two_lines_however_long_the_rest_is() -> None:
    columns = paper_columns(load_ruleset(builtin_rulesets()[0]).table("1-5"))
    texts = tuple(
        "李国强（经办）" if column.key == "responsible" else samples.LONG_REMARK
        for column in columns
        if column.kind in ("text", "long")
    )
    words = [column for column in columns if column.kind in ("text", "long")]
    size, widths = fit_columns(words, [texts] * 5, 300.0, dense=True)
    place = [column.key for column in words].index("responsible")
    assert len(wrap("李国强（经办）", widths[place] - 2 * PAD, size)) == 2


def test_rare_and_missing_characters_in_names(tmp_path: Path) -> None:
    row = samples.row_1_2(1, name="䶮喆堃㛃𬀩㐀与𡱖", amount="100.00", loss="0.00")
    result = written(tmp_path, samples.table_paper([row]))
    [text] = page_texts(result.path)
    assert "䶮喆堃㛃𬀩㐀与〔U+21C56〕" in text
    assert [lack.code_point for lack in result.missing] == ["U+21C56"]


def test_an_empty_table_says_so(tmp_path: Path) -> None:
    result = written(tmp_path, samples.table_paper([]))
    [text] = page_texts(result.path)
    assert "本期没有应填列的资产。" in text
    assert "合计共0笔0.00" in text


def test_without_a_seal_code_the_paper_is_a_draft(tmp_path: Path) -> None:
    result = written(tmp_path, samples.table_paper(seal_code=""))
    [text] = page_texts(result.path)
    assert "草稿，未封印" in text
    assert text.count("草稿") == 2, "at the foot and across the page"
    assert "封印码" not in text


def test_across_a_sealed_paper_and_a_final_one_nothing_stands(tmp_path: Path) -> None:
    [sealed] = page_texts(written(tmp_path, samples.table_paper()).path)
    assert "草稿" not in sealed
    paper = samples.table_paper(seal_code="")
    final = replace(paper, head=replace(paper.head, unsealed=wording.FINAL))
    [text] = page_texts(written(tmp_path, final).path)
    assert "草稿" not in text


@pytest.mark.parametrize("count", [2, 13, 60])
def test_the_seal_lies_on_its_line_and_cuts_no_word(
    tmp_path: Path, stamp: Stamp, count: int
) -> None:
    result = written(tmp_path, samples.large_table(count), stamp)
    seal = result.seal
    assert seal is not None
    assert seal.page == result.pages - 1
    need_seal_on_its_line(result.path, seal)
    assert seal.bottom > 20


def test_the_same_input_gives_the_same_file(tmp_path: Path) -> None:
    first = written(tmp_path, samples.table_paper()).path.read_bytes()
    assert written(tmp_path, samples.table_paper()).path.read_bytes() == first


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "table.pdf"
    path.write_bytes(b"old")

    def stop(done: int, of: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        write_table_pdf(samples.large_table(100), path, progress=stop)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_headers_of_all_tables_are_drawn_whole(tmp_path: Path) -> None:
    for name in builtin_rulesets():
        for table in load_ruleset(name).row_tables:
            columns = paper_columns(table)
            paper = TablePaper(samples.head(title=table.title), columns, [], 0)
            result = written(tmp_path, paper)
            text = "".join(sorted(page_texts(result.path)[0]))
            wanted = "".join(sorted("".join(column.title for column in columns)))
            assert all(text.count(char) >= wanted.count(char) for char in set(wanted)), table.id
            assert not result.missing


@pytest.mark.parametrize(
    ("remarks", "said"),
    [
        ("按标准比率计提，附明细。", True),
        ("按标准估计损失。", True),
        ("未按标准流程交接，待补。", False),
        ("按标准成本入账。", False),
        ("未按标准比率计提。", False),
        ("不按标准比率估计。", False),
    ],
)
def test_the_standard_rate_is_named_once(remarks: str, said: bool) -> None:
    assert by_standard_rate(remarks) == (remarks if said else f"按标准比率。{remarks}")

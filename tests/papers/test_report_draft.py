"""Reports drafted from a book: figures are the book's, lead to rows, and gaps are listed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from shutil import copyfile

import pytest

from app.book.book import Book
from app.book.indicators import indicators
from app.forms.classes import FiveClass
from app.forms.values import amount_text
from app.papers import report_loss, report_words
from app.papers.from_book import Sealing
from app.papers.report_draft import analysis_report
from app.papers.report_facts import MOST_MEASURES, ZERO, RowFacts, TableFacts
from app.papers.report_loss import loss_report
from app.papers.report_model import Chart, Report, ReportTable, Sentence
from tests.book.samples import CLERK, RULESET
from tests.papers import report_book

NO_SEAL = Sealing()


@pytest.fixture(scope="module")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report_book.filled(tmp_path_factory.mktemp("books") / "a.wuji")


@pytest.fixture
def book(_filled: Path, tmp_path: Path) -> Iterator[Book]:
    """One period of the sample office, the test's own copy."""
    with Book.open(copyfile(_filled, tmp_path / "a.wuji")) as made:
        yield made


def sentences(report: Report) -> Iterator[Sentence]:
    for paragraph in report.paragraphs():
        yield from paragraph.sentences


def titles(report: Report) -> list[str]:
    return [section.title for section in report.sections if section.level == 1]


def table(report: Report, caption: str) -> ReportTable:
    return next(
        block
        for section in report.sections
        for block in section.blocks
        if isinstance(block, ReportTable) and block.caption.startswith(caption)
    )


def test_the_basic_situation_says_what_the_indicators_say(book: Book) -> None:
    report = analysis_report(book, NO_SEAL)
    total = indicators(book).total
    text = report.text
    assert f"共有非信贷资产{total.all.count}笔，账面余额{amount_text(total.all.amount)}元" in text
    for five, sums in total.classes.items():
        assert f"{five.label}{sums.count}笔、{amount_text(sums.amount)}元" in text
    assert f"后三类不良资产{total.bad.count}笔、{amount_text(total.bad.amount)}元" in text
    assert "对预计损失额的拨备覆盖率" in text
    assert "安全性非信贷资产" in text


def test_classes_table_and_charts_show_the_same(book: Book) -> None:
    report = analysis_report(book, NO_SEAL)
    classes = table(report, "五级分类情况")
    assert classes.lines[-1][0] == "合计"
    charts = [b for s in report.sections for b in s.blocks if isinstance(b, Chart)]
    assert [chart.title for chart in charts] == [
        "五级分类金额（元）",
        "五级分类笔数",
        "各类资产预计损失（元）",
    ]
    assert [bar.shown for bar in charts[0].bars] == [line[2] for line in classes.lines[:5]]
    assert [f"{line[1]}笔" for line in classes.lines[:5]] == [bar.shown for bar in charts[1].bars]


def test_every_listed_row_is_there_and_adds_up(book: Book) -> None:
    report = analysis_report(book, NO_SEAL)
    amounts = {row.id: Decimal(row.values["carrying_amount"]) for row in book.rows()}
    checked = 0
    for sentence in sentences(report):
        assert set(sentence.rows) <= set(amounts)
        said = re.match(r"\D*?(\d+)笔、([\d,]+\.\d\d)元", sentence.text)
        if sentence.rows and said:
            checked += 1
            assert int(said[1]) == len(sentence.rows), sentence.text
            whole = sum((amounts[row] for row in sentence.rows), Decimal(0))
            assert Decimal(said[2].replace(",", "")) == whole, sentence.text
    assert checked > 8
    classes = table(report, "五级分类情况")
    for line, ids in zip(classes.lines[:5], classes.rows[:5], strict=True):
        assert int(line[1]) == len(ids)


def test_each_table_has_reasons_verdict_and_disposal(book: Book) -> None:
    report = analysis_report(book, NO_SEAL)
    section = next(s for s in report.sections if s.title.endswith("待处理抵债资产类（附表1-3）"))
    text = "".join(p.text for p in Report(report.head, (section,)).paragraphs())
    assert "损失类1笔" in text
    assert "依据：" in text
    assert "总体评价：待处理抵债资产类大部分是不良资产" in text
    assert "处置建议：" in text
    assert "默认规则" not in report.text


def test_wrongly_booked_items_are_listed_to_be_moved(book: Book) -> None:
    report = analysis_report(book, NO_SEAL)
    booked = table(report, "应调整账务的资产")
    [line] = booked.lines
    assert line[2].startswith("1501 ")
    assert (line[4], line[5]) == ("违规使用会计科目", "1,000.00")
    assert booked.rows == ((line[0],),)
    assert any("不能调整" in gap for gap in report.missing)


def test_kept_warnings_stand_with_their_reasons(book: Book) -> None:
    kept = table(analysis_report(book, NO_SEAL), "保留的警告及理由")
    assert kept.lines
    assert all(line[2] == "已查明，次月补记" and line[3] == CLERK for line in kept.lines)


def test_suggestions_follow_from_the_rules_that_held(book: Book) -> None:
    text = analysis_report(book, NO_SEAL).text
    assert "违规列账和用错科目的，按所附清单调整账务" in text
    assert "房改、买断工龄" not in text


def test_without_a_last_period_nothing_is_compared(book: Book) -> None:
    report = analysis_report(book, NO_SEAL)
    assert not [title for title in titles(report) if "上期" in title]
    assert "上期数据：账套中没有上一期，没有作比较。" in report.missing
    assert titles(report)[-1].endswith("本报告尚缺的内容")


def test_what_lacks_data_is_left_out_and_listed(tmp_path: Path) -> None:
    with report_book.make_book(tmp_path / "b.wuji") as bare:
        report_book.add(bare, "1-2", 19, initial_class=None)
        report = analysis_report(bare, NO_SEAL)
    gaps = "".join(report.missing)
    for word in ("已提准备", "总账余额", "还没有初分意见", "上期数据"):
        assert word in gaps
    assert "拨备覆盖率4" not in report.text
    assert "与总账核对" not in report.text.replace("没有与总账核对", "")


def test_a_second_period_is_compared_and_explained(book: Book) -> None:
    report_book.go_on(book)
    report = analysis_report(book, NO_SEAL)
    assert any(title.endswith("与上期比较") for title in titles(report))
    text = report.text
    assert "上期（2006年12月31日）共6笔" in text
    assert "本期已无1笔" in text
    assert "下迁率" in text
    moved = table(report, "类别变动的资产")
    assert all(line[3] != line[4] for line in moved.lines)
    assert {line[4] for line in moved.lines} == {"损失"}


def test_sections_are_numbered_in_chinese(book: Book) -> None:
    numbers = [title.partition("、")[0] for title in titles(analysis_report(book, NO_SEAL))]
    assert numbers == list("一二三四五六七")


# Losses


def test_the_loss_report_holds_every_loss_row(book: Book) -> None:
    report = loss_report(book, NO_SEAL)
    rows = {r.id for r in book.rows() if r.values.get("initial_class") == "loss"}
    losses = indicators(book).total.classes[FiveClass.LOSS]
    assert f"共{losses.count}笔、{amount_text(losses.amount)}元" in report.text
    each = table(report, "损失类资产逐笔情况")
    assert {line[0] for line in each.lines[:-1]} == rows
    assert each.lines[-1][3] == amount_text(losses.amount)


def test_a_long_loss_report_shows_the_largest_and_says_so(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = table(loss_report(book, NO_SEAL), "损失类资产逐笔情况")
    assert len(every.lines) > 2
    for module in (report_loss, report_words):
        monkeypatch.setattr(module, "MOST_LINES", 1)
    report = loss_report(book, NO_SEAL)
    shown = table(report, "损失类资产逐笔情况")
    assert shown.lines == (every.lines[0], every.lines[-1])
    assert shown.rows == ((every.lines[0][0],), ())
    assert f"共{len(every.lines) - 1}笔，列出金额最大的1笔" in shown.caption


def test_of_measures_the_largest_are_kept() -> None:
    table = TableFacts(RULESET.table("1-1"))
    amounts = [(number * 7) % 31 for number in range(31)]
    for amount in amounts:
        facts = RowFacts("", "1-1", "", "", Decimal(amount), ZERO, None, None, "", "")
        table.note_measures(facts, str(amount))
    kept = [text for _, text in table.largest_measures()]
    assert kept == [str(amount) for amount in sorted(amounts, reverse=True)[:MOST_MEASURES]]
    assert len(table.measures) <= 2 * MOST_MEASURES


def test_causes_stand_under_their_kinds(book: Book) -> None:
    report = loss_report(book, NO_SEAL)
    kinds = [section.title for section in report.sections if section.level == 2]
    assert kinds
    assert set(kinds) <= {"信用和市场风险方面", "管理和操作方面", "能力和诚信方面"}


def test_proof_responsibility_and_votes_are_told_or_missed(book: Book) -> None:
    report = loss_report(book, NO_SEAL)
    proof = next(
        block
        for section in report.sections
        if section.title.endswith("认定材料和证据")
        for block in section.blocks
        if isinstance(block, ReportTable)
    )
    assert any("机动车行驶证" in line[2] for line in proof.lines)
    has, lacks = (sum(len(line[place]) for line in proof.lines) for place in (2, 3))
    widths = [column.width for column in proof.columns[2:]]
    assert (widths[0] > widths[1]) == (has > lacks), "the fuller list has more of the room"
    assert "责任人：王某；责任认定：负领导责任。" in report.text
    assert any("表决和会议纪要" in gap for gap in report.missing)


def test_without_losses_it_says_so(tmp_path: Path) -> None:
    with report_book.make_book(tmp_path / "c.wuji") as fine:
        report_book.add(fine, "1-2", 19)
        report = loss_report(fine, NO_SEAL)
    assert "没有划为损失类的非信贷资产" in report.text
    assert len(titles(report)) == 2

"""All sheets of table 2 in one signed PDF: order, list in front, opinions of every stage, none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.book.book import Book
from app.papers import wording
from app.papers.big_loss_pdf import write_big_loss_pdf
from app.papers.big_loss_set import FEW, big_loss_set
from app.papers.export import BIG_LOSS_SET, PapersMade, make_papers
from app.papers.from_book import BIG_LOSSES, Sealing
from app.papers.model import BigLossLine, BigLossPaper
from app.papers.seal import Stamp
from app.papers.sign import PaperKey, verify_pdf
from app.union.determination import determine
from app.union.review import review
from tests.papers import report_book, samples
from tests.papers.reading import bookmarks, outside, page_texts
from tests.union.county import AUDITOR, DEPARTMENT, LEADER, REVIEWER, collected_union, county_in
from tests.union.levels import levels_in
from tests.union.steps import entry

AT = datetime(2007, 1, 15, 14, 3)
NAME = "forms/big-losses.pdf"
BUILDING, CLAIM = "BH-0007", "QS-0004"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Book]:
    """An office's book without rows."""
    with report_book.make_book(tmp_path / "office.wuji") as book:
        yield book


@pytest.fixture
def union(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Book]:
    """A union's book; one claim has gone all the way and was valued otherwise on it."""
    base = tmp_path_factory.getbasetemp()
    county = county_in(base, tmp_path / "county")
    collected_union(base, county)
    minutes = tmp_path / "纪要.txt"
    minutes.write_text("会议纪要第1号", encoding="utf-8")
    with Book.open(county.union) as book:
        given = entry(CLAIM, class_="loss", loss="100000.00", reason="债务人已注销。")
        review(book, [given], by=REVIEWER)
        review(book, [entry(CLAIM, audit_opinion="情况属实。")], by=AUDITOR)
        review(book, [entry(CLAIM, department_opinion="同意初审。")], by=DEPARTMENT)
        determine(book, [entry(CLAIM, vote="同意5票", minutes=minutes)], by=LEADER)
        yield book


def written(book: Book, folder: Path, key: PaperKey) -> PapersMade:
    """What comes of the set in a folder."""
    return make_papers(book, folder, seal_code="", key=key, at=AT, parts=(BIG_LOSS_SET,))


def many(lines: int) -> BigLossPaper:
    """A union's paper with so many sheets."""
    paper = samples.big_loss_paper(lines)
    sheets = [replace(sheet, office="青山信用社（QS）") for sheet in paper.sheets]
    listed = (
        BigLossLine(one.asset_id, one.office, "1-8", one.name, Decimal(100), Decimal("90.00"))
        for one in sheets
    )
    return replace(paper, sheets=sheets, lines=tuple(listed), consolidated=True, answered=True)


# At an office


def test_an_office_with_few_has_its_sheets_alone_with_names_and_seal(
    office: Book, tmp_path: Path, office_key: PaperKey
) -> None:
    report_book.fill(office)
    made = written(office, tmp_path, office_key)
    assert list(made.files) == [NAME]
    assert not made.notes
    texts = page_texts(made.files[NAME])
    assert len(texts) == len(office.big_losses()) <= FEW
    for text, sheet in zip(texts, office.big_losses(), strict=True):
        assert str(sheet.row.values["name"]) in text
        assert "初分意见⑤损失（" in text
        assert "填表人：" in text
    assert "责任认定意见负领导责任。" in "".join(texts)
    assert verify_pdf(made.files[NAME]).bottom_line


def test_an_office_with_many_has_a_list_in_front_that_names_their_pages(
    office: Book, tmp_path: Path, office_key: PaperKey
) -> None:
    ids = [
        report_book.add(office, "1-3", 14, name=f"第{number}批车辆") for number in range(FEW + 2)
    ]
    path = written(office, tmp_path, office_key).files[NAME]
    texts = page_texts(path)
    assert wording.BIG_LOSS_LIST in texts[0]
    assert "填表人：" not in texts[0]
    begins = bookmarks(path)
    assert [title.rpartition("（")[2] for title, _ in begins] == [f"{one}）" for one in ids]
    for number, (row_id, (_, page)) in enumerate(zip(ids, begins, strict=True)):
        assert f"{row_id}第{number}批车辆1-3380,000.00354,000.00{page + 1}" in texts[0]
        assert f"第{number}批车辆" in texts[page]
    assert f"合计{len(ids)}笔{380_000 * len(ids):,}.00" in texts[0]
    assert verify_pdf(path).bottom_line


# At a union


def test_a_union_has_every_office_with_all_opinions(
    union: Book, tmp_path: Path, office_key: PaperKey
) -> None:
    path = written(union, tmp_path, office_key).files[NAME]
    texts = page_texts(path)
    assert "汇总单位：某县联社（LS）" in texts[0]
    assert "白河信用社（BH）小计1笔432,000.00" in texts[0]
    assert "青山信用社（QS）小计1笔103,200.00100,000.00" in texts[0]
    assert [title.partition(" ")[0] for title, _ in bookmarks(path)] == [
        "白河信用社（BH）",
        "青山信用社（QS）",
    ]
    (_, first), (_, second) = bookmarks(path)
    untouched, claim = "".join(texts[first:second]), "".join(texts[second:])
    assert "初审意见审计意见认定结果" in untouched
    day = wording.date_words(date.today())
    for said in (
        "预计损失额100,000.00元",
        "初分意见④可疑；预计损失额",
        f"初审意见⑤损失；预计损失额100,000.00元；理由：债务人已注销（{REVIEWER}，{day}）",
        f"归口部门审核意见同意初审（{DEPARTMENT}，{day}）",
        f"审计意见情况属实（{AUDITOR}，{day}）",
        f"表决：同意5票；会议纪要：纪要.txt（{LEADER}，{day}）",
    ):
        assert said in claim, said
    check = verify_pdf(path)
    assert check.bottom_line
    assert ["填表人：" in text for text in texts] == [True, *(False for _ in texts[1:])]


def test_what_no_longer_is_a_loss_has_no_sheet(
    union: Book, tmp_path: Path, office_key: PaperKey
) -> None:
    better = entry(BUILDING, class_="doubtful", reason="已有人愿意接手。")
    review(union, [better], by=REVIEWER)
    text = "".join(page_texts(written(union, tmp_path, office_key).files[NAME]))
    assert BUILDING not in text
    assert CLAIM in text


def test_what_goes_up_says_so_and_above_stands_what_the_union_below_said(
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
    office_key: PaperKey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    levels = levels_in(tmp_path_factory.getbasetemp(), tmp_path / "levels")
    with Book.open(levels.union) as county:
        package = levels.up(county).package
        monkeypatch.setattr(county.ruleset, "big_loss_threshold", Decimal(1000))
        here = page_texts(written(county, tmp_path / "county", office_key).files[NAME])
    with Book.open(levels.book("SL")) as above:
        assert levels.taken_above(above, package).taken
        monkeypatch.setattr(above.ruleset, "big_loss_threshold", Decimal(1000))
        there = page_texts(written(above, tmp_path / "above", office_key).files[NAME])
    assert "认定结果拟认定⑤损失；超出权限，报省联社；表决：同意5票" in "".join(here)
    assert "某县联社（LS）" in there[0]
    assert "下级联社意见拟认定⑤损失；同意；情况属实；表决：同意5票" in "".join(there)


# The list


def test_a_list_of_several_pages_keeps_the_numbers_of_all_pages(
    tmp_path: Path, stamp: Stamp
) -> None:
    result = write_big_loss_pdf(many(60), tmp_path / "many.pdf", stamp=stamp)
    texts = page_texts(result.path)
    assert len(texts) == result.pages
    assert all(f"第{n}页共{len(texts)}页" in text for n, text in enumerate(texts, 1))
    lists = [wording.BIG_LOSS_LIST in text for text in texts]
    front = sum(lists)
    assert front > 1
    assert lists[:front] == [True] * front
    assert bookmarks(result.path)[0][1] == front
    assert (
        f"150402-0060桑塔纳轿车1-8100.0090.00{bookmarks(result.path)[-1][1] + 1}"
        in texts[front - 1]
    )
    assert "合计60笔6,000.005,400.00" in texts[front - 1]
    assert result.seal is not None
    assert result.seal.page == front - 1
    assert not outside(result.path, (30, 15, 565, 830))


# None


def test_a_period_without_any_has_no_file_and_one_line_says_so(
    office: Book, tmp_path: Path, office_key: PaperKey
) -> None:
    report_book.add(office, "1-3", 14, carrying_amount="99999.99", expected_loss="99000.00")
    made = written(office, tmp_path, office_key)
    assert not made.files
    assert made.notes == [wording.NO_BIG_LOSS_SET]


def test_a_rule_set_without_table_2_has_none(
    office: Book, tmp_path: Path, office_key: PaperKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_book.fill(office)
    monkeypatch.delitem(office.ruleset.tables, BIG_LOSSES)
    assert big_loss_set(office, Sealing()) is None
    made = written(office, tmp_path, office_key)
    assert not made.files
    assert made.notes == [wording.no_table_2(office.ruleset.title)]

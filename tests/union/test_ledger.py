"""The ledger (台账) at office and union: set up, kept up with history, out and in as a workbook."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.book.followups import set_followups
from app.intake.ledger import ledger_in, read_ledger
from app.papers.ledger_xlsx import BETTER, NEW, SAME, WORSE, moved, write_ledger
from tests.union.county import CLERK, HEAD, LEADER, ROWS, County
from tests.union.steps import decided, of_office, through
from tests.union.test_decisions import received


@pytest.fixture
def office(county: County, collected: Book, tmp_path: Path) -> Path:
    """The book of QS after its decision; its period is closed."""
    through(collected, of_office(collected, "QS"), tmp_path / "纪要.txt")
    received(county, "QS", decided(county, collected, tmp_path / "d")["QS"].path)
    return county.book("QS")


def test_it_is_set_up_at_both_ends(office: Path, collected: Book) -> None:
    with Book.open(office) as book:
        ledger = book.followups()
        rows = {row.id: row for row in book.rows()}
    assert [one.row_id for one in ledger] == [one.row_id for one in collected.followups()]
    assert len(ledger) == ROWS
    for one in ledger:
        row = rows[one.row_id]
        assert one.class_.value == row.values["determined_class"]
        assert one.expected_loss == row.determined_loss
        assert one.responsible == CLERK
        assert one.classes == ((date(2006, 12, 31), one.class_),)
        assert (one.last_amount, moved(one)) == (None, NEW)


def test_it_is_kept_up_with_history_though_the_period_is_closed(office: Path) -> None:
    with Book.open(office) as book:
        row_id = book.followups()[0].row_id
        given = {"responsible": "陈某", "next_review": "2007-03-31", "recovered": "1,000.50"}
        assert set_followups(book.store, [(row_id, given)], by=HEAD, why="清收") == 1
        assert set_followups(book.store, [(row_id, given)], by=HEAD) == 0
        one = next(one for one in book.followups() if one.row_id == row_id)
        assert (one.responsible, one.next_review) == ("陈某", "2007-03-31")
        assert one.recovered == Decimal("1000.50")
        told = {
            change.field: change for change in book.history(row_id) if change.kind == "followup"
        }
        assert told.keys() == given.keys()
        assert {(change.by, change.why) for change in told.values()} == {(HEAD, "清收")}
        set_followups(book.store, [(row_id, {"next_review": "", "recovered": None})], by=HEAD)
        one = next(one for one in book.followups() if one.row_id == row_id)
        assert (one.next_review, one.recovered) == ("", Decimal("0.00"))
        assert book.verify_history().whole


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"recovered": "-1"}, "不小于0"),
        ({"recovered": "1.005"}, "两位小数"),
        ({"provisions": "一些"}, "金额"),
        ({"next_review": "明年"}, "日期"),
        ({"responsible": "某" * 61}, "太长"),
        ({"class_code": "normal"}, "没有“class_code”"),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_written(
    office: Path, given: dict[str, str], word: str
) -> None:
    with Book.open(office) as book:
        before = book.verify_history().head
        first, second = (one.row_id for one in book.followups()[:2])
        with pytest.raises(BookError, match=word):
            set_followups(book.store, [(first, {"responsible": "陈某"}), (second, given)], by=HEAD)
        with pytest.raises(BookError, match="还没有认定"):
            set_followups(book.store, [("QS-9999", {"responsible": "陈某"})], by=HEAD)
        assert book.verify_history().head == before


def test_the_next_period_goes_on_with_the_ledger(
    county: County, office: Path, collected: Book, tmp_path: Path
) -> None:
    from app.demo import offices
    from app.package.exporting import export_period
    from app.union.intake import collect
    from tests.union.county import PASSPHRASE, REVIEWER, quiet

    day = date(2007, 6, 30)
    with Book.open(office) as book:
        kept = book.followups()[0].row_id
        given = {"responsible": "陈某", "next_review": "2007-09-30", "recovered": "5.00"}
        set_followups(book.store, [(kept, given)], by=HEAD)
        book.add_period(day, carry_forward=True)
        offices.fill_again(book, quiet)
        offices.finish(book, quiet)
        package = export_period(book, tmp_path / "o", PASSPHRASE, by=HEAD, progress=quiet).package
    collected.add_period(day)
    assert collect(collected, package, by=REVIEWER).taken
    through(collected, of_office(collected, "QS"), tmp_path / "纪要.txt")
    received(county, "QS", decided(county, collected, tmp_path / "d2")["QS"].path)
    with Book.open(office) as book:
        ledger = {one.row_id: one for one in book.followups()}
    one = ledger[kept]
    assert (one.responsible, one.next_review, one.recovered) == ("陈某", "2007-09-30", Decimal(0))
    assert [period for period, _ in one.classes] == [date(2006, 12, 31), day]
    assert one.last_amount == one.carrying_amount
    steps = {moved(one) for one in ledger.values()}
    assert steps <= {WORSE, BETTER, SAME}
    assert all(
        moved(one) == SAME for one in ledger.values() if one.classes[0][1] is one.classes[1][1]
    )


def test_the_workbook_goes_out_and_comes_back(office: Path, tmp_path: Path) -> None:
    out = tmp_path / "ledger.xlsx"
    with Book.open(office) as book:
        assert write_ledger(book, out) == ROWS
        workbook = openpyxl.load_workbook(out)
        sheet = workbook.active
        heads = [cell.value for cell in sheet[3]]
        assert heads[:4] == ["编号", "附表", "资产名称", "2006-12-31类别"]
        total = sheet.cell(4 + ROWS, heads.index("账面金额") + 1).value
        assert total.startswith("=SUM(")
        sheet.cell(4, heads.index("本期处置金额") + 1).value = 1234.56
        sheet.cell(5, heads.index("下次复查日期") + 1).value = date(2007, 3, 31)
        workbook.save(out)
        assert set_followups(book.store, read_ledger(out), by=HEAD) == 2
        first, second = book.followups()[:2]
        assert (first.disposed, second.next_review) == (Decimal("1234.56"), "2007-03-31")


def test_before_the_determination_there_is_none(collected: Book, tmp_path: Path) -> None:
    assert write_ledger(collected, tmp_path / "ledger.xlsx") == 0
    assert not (tmp_path / "ledger.xlsx").exists()


def test_entries_that_name_the_ledger() -> None:
    entries = [{"id": "A-1", "table": "台账", "responsible": "甲"}, {"id": "A-2", "name": "x"}]
    assert ledger_in(entries) == [("A-1", {"responsible": "甲"})]


def test_the_union_keeps_its_own(office: Path, collected: Book) -> None:
    row_id = collected.followups()[0].row_id
    set_followups(collected.store, [(row_id, {"provisions": "10"})], by=LEADER)
    with Book.open(office) as book:
        assert next(x for x in book.followups() if x.row_id == row_id).provisions == 0

"""Two periods of a union are compared by the offices that reported in both, and say so."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from app.book.book import Book
from app.book.compared import Compared, compared_offices
from app.book.indicators import indicators
from app.book.migration import earlier_period, migration
from app.book.summary import consolidated_summary
from app.book.types import Balance
from app.models.tables import balances, offices, rows
from app.papers.from_book import Sealing
from app.papers.summary_from_book import summary_paper
from app.papers.summary_tables import summary_tables
from tests.book.samples import BASE_DATE, CLERK, finished_values

LATER = BASE_DATE.replace(year=2007)
NAMES = {"A": "甲社", "B": "乙社", "C": "丙社"}
LEFT_OUT = (
    "只比较两期都已上报的机构。本期还没有上报、未计入上期数的1家：乙社。"
    "上期没有上报、未计入本期数的1家：丙社。"
)


def add(book: Book, office: str, amount: str) -> str:
    """A row of an office."""
    values = finished_values("1-2", 19, carrying_amount=amount, name=f"{office}的", asset_no=office)
    row_id = book.add_row("1-2", values, by=CLERK).id
    with book.store.write(CLERK) as change:
        this = rows.c.id == row_id
        change.connection.execute(update(rows).where(this).values(institution=office))
        book.store.is_union = True
    return row_id


@pytest.fixture
def union(book: Book) -> Book:
    """A and B reported once; the second time A again, and C, but not B."""
    add(book, "A", "100.00")
    other = add(book, "B", "7000.00")
    book.store.is_union = False
    book.set_balances([Balance("1221", "存放同业", Decimal("7100.00"))], by=CLERK)
    book.add_period(LATER, carry_forward=True, by=CLERK)
    book.remove_row(other, by=CLERK)
    with book.store.write(CLERK) as change:
        change.connection.execute(update(rows).where(rows.c.name == "A的").values(institution="A"))
        change.connection.execute(update(balances).values(institution="B"))
        for code, name in NAMES.items():
            office = {"code": code, "name": name, "expected": 1, "added_at": change.at_text}
            change.connection.execute(offices.insert(), office)
    add(book, "C", "30.00")
    return book


def test_the_offices_of_both_periods(union: Book, book: Book) -> None:
    earlier = earlier_period(union)
    assert earlier is not None
    assert compared_offices(union.store, earlier) == Compared(
        frozenset({"A"}), missing=("乙社",), new=("丙社",)
    )
    assert compared_offices(union.store, union.period.id) == Compared()
    union.store.is_union = False
    assert compared_offices(union.store, earlier) == Compared()


def test_summary_and_indicators_of_some_offices(union: Book) -> None:
    earlier = earlier_period(union)
    whole = consolidated_summary(union, "latest", period_id=earlier)
    one = consolidated_summary(union, "latest", period_id=earlier, offices={"A"})
    assert (whole.total.classified, one.total.classified) == (Decimal(7100), Decimal(100))
    assert (whole.total.balance, one.total.balance) == (Decimal(7100), Decimal(0))
    assert indicators(union, "latest", period_id=earlier, offices={"A"}).total.all.count == 1


def test_the_matrix_holds_only_offices_of_both(union: Book) -> None:
    moved = migration(union, "latest")
    assert moved is not None
    assert (moved.new, moved.gone) == ({}, {})
    assert sum(one.count for one in moved.stayed.values()) == 1


def test_the_papers_say_who_is_left_out(union: Book, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    from app.papers.summary_xlsx import write_summary_xlsx

    paper = summary_paper(union, Sealing(""))
    change = next(part for part in paper.parts if part.previous is not None)
    assert change.previous is not None
    assert (change.previous.total.classified, change.summary.total.classified) == (
        Decimal("100.00"), Decimal("100.00"),
    )  # fmt: skip
    shown = next(one for one in paper.figures if "指标" in one.title).rows[-1].values
    assert shown["amount"] == Decimal("130.00")
    assert shown["ratio_alike"] == shown["ratio_before"]
    assert shown["progress"] == 0
    noted = [table for table in summary_tables(paper) if LEFT_OUT in table.note]
    assert {table.head.title.partition("（")[0] for table in noted} == {
        "非信贷资产风险分类变动表", "非信贷资产风险分类指标表", "非信贷资产分类迁徙表",
    }  # fmt: skip
    write_summary_xlsx(paper, tmp_path / "summary.xlsx")
    sheets = load_workbook(tmp_path / "summary.xlsx")
    told = [sheet.title for sheet in sheets if LEFT_OUT in [cell.value for cell in sheet["A"]]]
    assert any("变动" in title for title in told)


def test_nothing_is_said_where_all_report_again(book: Book) -> None:
    add(book, "A", "100.00")
    book.store.is_union = False
    book.add_period(LATER, carry_forward=True, by=CLERK)
    paper = summary_paper(book, Sealing(""))
    assert not any(part.note for part in paper.parts)

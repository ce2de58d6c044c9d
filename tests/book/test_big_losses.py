"""Table 2: sheets come, stay in step and go with their rows."""

from __future__ import annotations

from datetime import date

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.book.types import Row
from tests.book.samples import CLERK, finished_values


def sheets(book: Book) -> list[str]:
    return [sheet.row_id for sheet in book.big_losses()]


@pytest.mark.parametrize(
    ("table_id", "number", "amount", "wanted"),
    [
        ("1-5", 12, "100000.00", True),
        ("1-5", 12, "99999.99", False),
        ("1-3", 14, "380000.00", True),
        ("1-9", 8, "300000.00", True),
        ("1-6", 4, "105400.00", False),  # investments have no sheet
        ("1-12", 1801, "203665.01", False),
        ("1-2", 1, "750000.00", False),
    ],
)
def test_who_needs_a_sheet(
    book: Book, table_id: str, number: int, amount: str, wanted: bool
) -> None:
    values = finished_values(table_id, number, carrying_amount=amount)
    row = book.add_row(table_id, values, by=CLERK)
    assert sheets(book) == ([row.id] if wanted else [])


def test_a_sheet_takes_over_row_working_paper_and_evidence(book: Book, vehicles: Row) -> None:
    book.attach(vehicles.id, b"x", "p.jpg", by=CLERK, paper="评估报告")
    book.attach(vehicles.id, b"y", "现场照片.jpg", by=CLERK)
    values = book.big_losses()[0].values
    assert values["item"] == book.ruleset.table("1-3").short_title
    assert values["name"] == vehicles.values["name"]
    assert values["carrying_amount"] == "380000.00"
    assert values["wp_formation"] == vehicles.values["wp_formation"]
    assert "损失" in values["wp_basis"]
    assert values["initial_class"] == "loss"
    assert values["evidence"].split("\n") == ["评估报告", "现场照片.jpg"]


def test_what_the_clerk_adds_is_kept_with_history(book: Book, vehicles: Row) -> None:
    book.set_big_loss(vehicles.id, {"recoverable": "1,000", "responsible": "王某"}, by=CLERK)
    sheet = book.big_losses()[0]
    assert sheet.own == {"recoverable": "1000.00", "responsible": "王某"}
    assert {problem.field for problem in sheet.problems} == {"collection", "responsibility_opinion"}
    entries = book.history(vehicles.id, "recoverable")
    assert [(e.kind, e.old, e.new) for e in entries] == [("big_loss_set", None, "1000.00")]


def test_what_comes_from_the_row_is_not_typed_on_the_sheet(book: Book, vehicles: Row) -> None:
    with pytest.raises(BookError, match="由程序计算"):
        book.set_big_loss(vehicles.id, {"carrying_amount": "1"}, by=CLERK)


def test_a_sheet_stays_in_step_and_goes_with_its_reason(book: Book, vehicles: Row) -> None:
    book.set_big_loss(vehicles.id, {"responsible": "王某"}, by=CLERK)
    book.set_values(vehicles.id, {"carrying_amount": "390000"}, by=CLERK)
    assert book.big_losses()[0].values["carrying_amount"] == "390000.00"
    assert book.big_losses()[0].own == {"responsible": "王某"}
    book.set_values(vehicles.id, {"carrying_amount": "90000"}, by=CLERK)
    assert sheets(book) == []
    gone = [e for e in book.history(vehicles.id) if e.kind == "big_loss"][-1]
    assert gone.old == {"responsible": "王某"}
    with pytest.raises(BookError, match="不需要填附表2"):
        book.set_big_loss(vehicles.id, {"responsible": "李某"}, by=CLERK)


def test_the_latest_opinion_counts(book: Book) -> None:
    values = finished_values("1-3", 131, carrying_amount="150000")
    row = book.add_row("1-3", values, by=CLERK)
    assert sheets(book) == []
    book.set_values(row.id, {"initial_class": "loss", "initial_reason": "车已报废"}, by=CLERK)
    assert sheets(book) == [row.id]


def test_a_removed_row_takes_its_sheet_along(book: Book, vehicles: Row) -> None:
    book.remove_row(vehicles.id, by=CLERK)
    assert sheets(book) == []


def test_rows_and_their_sheets_are_filled_together(book: Book) -> None:
    row = book.add_row("1-3", finished_values("1-3", 14, carrying_amount="9"), by=CLERK)
    assert sheets(book) == []
    given = [(f"{row.id}#2", {"recoverable": "0"}), (row.id, {"carrying_amount": "380000"})]
    assert book.set_many(given, by=CLERK, source="fill.json") == 2
    assert book.big_losses()[0].own == {"recoverable": "0.00"}
    assert book.set_many(given[:1], by=CLERK) == 0
    with pytest.raises(BookError, match="没有编号为"):
        book.set_many([("QS01-9999#2", {})], by=CLERK)


TEXTS = {
    "recoverable": "1000.00", "responsible": "王某", "collection": "多次催收。",
    "responsibility_opinion": "已处理。",
}  # fmt: skip


@pytest.mark.parametrize("way", ["opinion", "removed", "amount", "toggled"])
def test_a_sheet_that_comes_back_says_what_the_clerk_wrote(
    book: Book, vehicles: Row, way: str
) -> None:
    book.set_big_loss(vehicles.id, TEXTS, by=CLERK)
    if way == "removed":
        book.remove_row(vehicles.id, by=CLERK)
    elif way == "amount":
        book.set_values(vehicles.id, {"carrying_amount": "1"}, by=CLERK)
    else:
        book.set_values(vehicles.id, {"initial_class": "doubtful"}, by=CLERK)
    assert sheets(book) == []
    if way == "toggled":
        book.set_values(vehicles.id, {"initial_class": "loss"}, by=CLERK)
    else:
        assert book.undo(CLERK)
    assert book.big_losses()[0].own == TEXTS
    assert book.big_losses()[0].problems == ()


def test_a_sheet_dropped_in_the_last_period_does_not_come_back(book: Book, vehicles: Row) -> None:
    book.set_big_loss(vehicles.id, TEXTS, by=CLERK)
    book.set_values(vehicles.id, {"initial_class": "doubtful"}, by=CLERK)
    book.add_period(date(2007, 12, 31), carry_forward=True, by=CLERK)
    book.set_values(vehicles.id, {"initial_class": "loss"}, by=CLERK)
    assert [sheet.own for sheet in book.big_losses()] == [{}]

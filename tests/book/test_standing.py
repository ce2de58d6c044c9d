"""Figures of the campaign: by table and class, beside the last period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.book.book import Book
from app.book.lists import COUNTS_AS, row_count
from app.book.standing import Share, standing
from app.book.types import Row
from app.forms.classes import FiveClass
from tests.book.samples import ACCOUNTANT, CLERK, case_values, finished_values


def test_rows_are_counted_by_the_class_that_counts(book: Book, deposit: Row) -> None:
    worse = finished_values("1-2", 19, name="乙", initial_class="doubtful")
    book.add_row("1-2", worse, by=CLERK)
    book.add_row("1-2", {"name": "丙", "carrying_amount": "1.00"}, by=CLERK)
    book.confirm([deposit.id], by=ACCOUNTANT)
    now, last = standing(book.store)
    assert last is None
    table = now.tables["1-2"]
    assert (table.rows, table.confirmed) == (3, 1)
    assert table.classes[FiveClass.NORMAL] == Share(1, Decimal("420000.00"))
    assert now.share(FiveClass.DOUBTFUL) == Share(1, Decimal("420000.00"))
    assert now.share(None) == Share(1, Decimal("1.00"))
    assert now.share(FiveClass.LOSS) == Share()


def test_every_figure_can_be_listed(book: Book, deposit: Row) -> None:
    book.add_row("1-2", finished_values("1-2", 19, initial_class="doubtful"), by=CLERK)
    book.add_row("1-3", case_values("1-3", 14, cost=None), by=CLERK)
    now, _ = standing(book.store)
    for member in (*FiveClass, None):
        only = f"{COUNTS_AS}{member.value if member else ''}"
        assert row_count(book.store, None, only=only) == now.share(member).count


def test_losses_by_table(book: Book, vehicles: Row) -> None:
    now, _ = standing(book.store)
    assert now.loss("1-3") == vehicles.expected_loss
    assert now.loss("1-2") == 0
    assert row_count(book.store, "1-3", only="with_loss") == 1


def test_the_last_period_stands_beside(book: Book, deposit: Row) -> None:
    book.add_period(date(2007, 12, 31), carry_forward=True, by=CLERK)
    book.remove_row(deposit.id, by=CLERK)
    now, last = standing(book.store)
    assert (now.base_date, now.share(FiveClass.NORMAL).count) == (date(2007, 12, 31), 0)
    assert last is not None
    assert (last.base_date, last.share(FiveClass.NORMAL).count) == (date(2006, 12, 31), 1)

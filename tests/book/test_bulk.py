"""A row copied."""

from __future__ import annotations

import pytest

from app.book.book import Book
from app.book.bulk import copy_row
from app.book.errors import BookError
from app.book.types import Row
from tests.book.samples import ACCOUNTANT, CLERK, finished_values


def test_a_copy_takes_the_facts_over(book: Book) -> None:
    values = finished_values("1-2", 19, asset_no="A1", remarks="原件")
    row = book.add_row("1-2", values, by=CLERK)
    copy = copy_row(book.store, row.id, by=CLERK)
    assert copy.id != row.id
    assert (copy.seq, copy.stage) == (2, "draft")
    assert copy.values["carrying_amount"] == row.values["carrying_amount"]
    assert not {"asset_no", "wp_formation", "wp_state", "initial_class"} & copy.values.keys()
    assert set(copy.provenance.values()) == {"copied"}
    book.undo(CLERK)
    assert book.row_count("1-2") == 1


def test_who_copied_a_row_does_not_confirm_it(book: Book, deposit: Row) -> None:
    copy = copy_row(book.store, deposit.id, by=ACCOUNTANT)
    given = {k: deposit.values[k] for k in ("wp_formation", "wp_state", "initial_class")}
    book.set_values(copy.id, given, by=CLERK)
    with pytest.raises(BookError):
        book.confirm([copy.id], by=ACCOUNTANT)

"""A new row that was left empty is taken back; one with anything in it stays."""

from __future__ import annotations

from app.book.blank import is_blank, take_back
from app.book.book import Book
from app.book.types import Row
from app.book.undo import undo
from tests.book.samples import CLERK


def test_adding_is_undone_and_what_was_done_before_is_next(book: Book, deposit: Row) -> None:
    book.set_values(deposit.id, {"name": "改过的"}, by=CLERK)
    new = book.add_row("1-2", {}, by=CLERK)
    assert is_blank(book.store, new.id)
    assert take_back(book.store, new.id, by=CLERK)
    assert [row.id for row in book.rows("1-2")] == [deposit.id]
    assert [(c.kind, c.why) for c in book.history(new.id)] == [("add", ""), ("remove", "撤销")]
    assert book.verify_history().whole
    book.redo(CLERK)
    assert [row.id for row in book.rows("1-2")] == [deposit.id, new.id]
    book.undo(CLERK)
    book.undo(CLERK)
    assert book.row(deposit.id).values["name"] == deposit.values["name"]


def test_a_row_with_anything_in_it_stays(book: Book) -> None:
    new = book.add_row("1-2", {}, by=CLERK)
    book.save_draft(new.id, "name", "存放")
    assert not take_back(book.store, new.id, by=CLERK)
    book.set_values(new.id, {"wp_state": "按期付息。"}, by=CLERK)
    assert not take_back(book.store, new.id, by=CLERK)
    book.undo(CLERK)
    book.attach_contents(new.id, [(b"%PDF", "对账单.pdf", "")], by=CLERK)
    assert not take_back(book.store, new.id, by=CLERK)
    assert book.row(new.id).id == new.id


def test_a_row_stays_where_something_else_was_done_since(book: Book, deposit: Row) -> None:
    new = book.add_row("1-2", {}, by=CLERK)
    book.set_values(deposit.id, {"name": "改过的"}, by=CLERK)
    assert not take_back(book.store, new.id, by=CLERK)
    assert undo(book.store, CLERK, only=1) is None
    assert book.row(deposit.id).values["name"] == "改过的"


def test_a_row_that_is_gone_is_none_to_take_back(book: Book) -> None:
    new = book.add_row("1-2", {}, by=CLERK)
    book.undo(CLERK)
    assert not take_back(book.store, new.id, by=CLERK)

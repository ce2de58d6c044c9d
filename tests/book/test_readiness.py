"""What keeps a period from being sealed."""

from __future__ import annotations

from app.book.book import Book
from app.book.keys import create_key
from app.book.readiness import lacking_roles, readiness
from app.book.types import Row
from tests.book.samples import ACCOUNTANT, CLERK

HEAD = "赵强"


def test_an_empty_book_can_not_be_sealed(book: Book) -> None:
    state = readiness(book)
    assert (state.rows, state.findings, state.has_key, state.sealers) == (0, (), False, ())
    assert not state.allows(CLERK)


def test_findings_are_told_apart_until_nothing_is_left(book: Book, deposit: Row) -> None:
    book.set_values(deposit.id, {"subject": "1391"}, by=CLERK)
    state = readiness(book)
    assert [f.code for f in state.warnings] == ["W001"]
    book.set_values(deposit.id, {"subject": "1221", "carrying_amount": ""}, by=CLERK)
    state = readiness(book)
    assert "E001" in {f.code for f in state.errors}
    assert state.unconfirmed == state.warnings == []
    book.set_values(deposit.id, {"carrying_amount": "420000"}, by=CLERK)
    state = readiness(book)
    assert [f.row_id for f in state.unconfirmed] == [deposit.id]
    assert (state.errors, len(state.findings)) == ([], 1)


def test_only_a_head_may_seal_and_only_with_a_key(book: Book, deposit: Row) -> None:
    book.confirm(None, by=ACCOUNTANT)
    book.add_person(HEAD, "head")
    assert not readiness(book).allows(HEAD)
    create_key(book, "correct horse", by=HEAD)
    assert readiness(book).allows(HEAD)
    assert not readiness(book).allows(ACCOUNTANT)
    book.remove_row(deposit.id, by=CLERK)
    assert not readiness(book).allows(HEAD)


def test_the_roles_nobody_has_are_named(book: Book) -> None:
    assert lacking_roles(book) == ["head"]
    book.add_person(HEAD, "head")
    assert lacking_roles(book) == []

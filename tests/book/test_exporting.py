"""While a book is exported it stays as it is; only the sealing writes."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.book.types import Row
from tests.book.samples import ACCOUNTANT, CLERK

REFUSED = "^正在导出，请等导出结束或取消。$"


def test_nothing_changes_while_an_export_runs(book: Book, deposit: Row) -> None:
    entries = book.verify_history().entries
    with book.exporting():
        for change in (
            lambda: book.set_values(deposit.id, {"remarks": "x"}, by=CLERK),
            lambda: book.add_row("1-2", {}, by=CLERK),
            lambda: book.undo(CLERK),
            lambda: book.confirm(None, by=ACCOUNTANT),
            lambda: book.add_person("张建国", "head"),
            lambda: book.add_period(date(2007, 3, 31), by=CLERK),
            lambda: book.select_period(book.period.id),
        ):
            with pytest.raises(BookError, match=REFUSED):
                change()
    assert book.verify_history().entries == entries
    book.set_values(deposit.id, {"remarks": "x"}, by=CLERK)


def test_the_sealing_may_write_and_others_are_not_kept_waiting(book: Book, deposit: Row) -> None:
    book.confirm(None, by=ACCOUNTANT)
    told: list[str] = []

    def other() -> None:
        try:
            book.set_values(deposit.id, {"remarks": "x"}, by=CLERK)
        except BookError as error:
            told.append(str(error))

    with book.exporting(), book.sealing("ABCD", by=CLERK):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(timeout=30)
        assert told == ["正在导出，请等导出结束或取消。"]
    assert book.period.state == "sealed"


def test_a_failed_export_lets_the_book_go(book: Book, deposit: Row) -> None:
    with pytest.raises(OSError, match="disk full"), book.exporting():
        raise OSError("disk full")
    with book.exporting(), pytest.raises(BookError, match=REFUSED), book.exporting():
        pass
    assert book.set_values(deposit.id, {"remarks": "x"}, by=CLERK).values["remarks"] == "x"


def test_papers_are_those_of_the_moment_of_the_export(book: Book, deposit: Row) -> None:
    paper = book.evaluate(deposit).evidence[0].paper
    for files in (0, 1):
        with book.exporting():
            assert (book.context(deposit).papers == frozenset({paper})) is bool(files)
        book.attach_contents(deposit.id, [(b"x", "a.txt", paper)], by=CLERK)
        assert book.context(deposit).papers == frozenset({paper})

"""What was saved goes from the side file into the book where nobody waits for it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.book.book import Book
from app.book.types import Row
from tests.book.copying import copied_elsewhere
from tests.book.samples import CLERK


def own_name(path: Path, row: Row) -> object:
    """What the book's own file says, without its side file."""
    alone = path.with_name("alone.wuji")
    copied_elsewhere(path, alone)
    with closing(sqlite3.connect(alone)) as connection:
        query = "SELECT name FROM rows WHERE id = ?"
        found = connection.execute(query, (row.id,)).fetchone()
    return found and found[0]


def test_what_was_saved_is_put_away(book: Book, book_path: Path, deposit: Row) -> None:
    book.store.put_away()
    book.set_values(deposit.id, {"name": "改过的名称"}, by=CLERK)
    assert own_name(book_path, deposit) == deposit.values["name"]
    book.store.put_away()
    assert own_name(book_path, deposit) == "改过的名称"


def test_somebody_may_write_and_read_meanwhile(book: Book, book_path: Path, deposit: Row) -> None:
    with book.store.read() as reading, book.store.write(CLERK):
        reading.exec_driver_sql("SELECT count(*) FROM rows").scalar_one()
        book.store.put_away()
    assert own_name(book_path, deposit) == deposit.values["name"]


def test_who_only_reads_puts_nothing_away(book: Book, book_path: Path, deposit: Row) -> None:
    book.store.put_away()
    book.set_values(deposit.id, {"name": "改过的名称"}, by=CLERK)
    with Book.open(book_path, write=False) as reader:
        reader.store.put_away()
    assert own_name(book_path, deposit) == deposit.values["name"]


def test_what_the_disk_refuses_stays_in_the_side_file(
    book: Book, book_path: Path, deposit: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def cursor(self) -> Full:
            return self

        def execute(self, _statement: str) -> None:
            raise sqlite3.OperationalError("disk I/O error")

        def close(self) -> None:
            pass

    book.set_values(deposit.id, {"name": "改过的名称"}, by=CLERK)
    with monkeypatch.context() as patch:
        patch.setattr(book.store.engine, "raw_connection", Full)
        book.store.put_away()
    assert book.row(deposit.id).values["name"] == "改过的名称"

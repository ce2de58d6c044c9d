"""What is asked of a book gives the same in a database as in a file, in the same order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.book.backup import restore
from app.book.book import Book
from app.book.checks import check_book, check_list
from app.book.indicators import indicators, office_indicators
from app.book.lists import ORDERS, ids_of, key_of, lines_of, row_keys
from app.book.summary import consolidated_summary
from app.union import queue
from app.union.offices import office_states
from tests.postgres.server import Server
from tests.union.county import County, collected_union, county_in

STAGES = ("suggested", "initial", "reviewed", "determined")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A union's book in which values of every kind are missing here and there."""
    base, folder = tmp_path_factory.getbasetemp(), tmp_path_factory.mktemp("queries")
    county: County = county_in(base, folder / "county")
    collected_union(base, county)
    missing = ("asset_no", "subject", "carrying_amount", "expected_loss", "name", "suggested")
    with closing(sqlite3.connect(county.union)) as store, store:
        for number, column in enumerate(missing):
            store.execute(f"UPDATE rows SET {column} = NULL WHERE key % 7 = {number}")
        store.execute("UPDATE rows SET name = 'b', initials = 'b' WHERE key % 5 = 0")
        store.execute("UPDATE rows SET name = 'B', initials = 'B' WHERE key % 5 = 1")
    return county.union


@pytest.fixture(scope="module")
def both(file: Path, postgres: Server) -> Iterator[tuple[Book, Book]]:
    """The same book in a file and in a database; only looked at."""
    name = postgres.database()
    url = postgres.url(name)
    restore(file, url)
    with Book.open(file, write=False) as one, Book.open(url, write=False) as other:
        yield one, other
    postgres.drop(name)


@pytest.mark.parametrize("descending", [False, True])
def test_lists_come_in_the_same_order(both: tuple[Book, Book], descending: bool) -> None:
    one, other = both
    for order in ORDERS:
        lines = one.row_list(None, order_by=order, descending=descending)
        assert lines
        assert other.row_list(None, order_by=order, descending=descending) == lines, order
        for book in both:
            keys = row_keys(book.store, None, order_by=order, descending=descending)
            assert lines_of(book.store, keys) == lines, order
            assert ids_of(book.store, None, keys) == [line.id for line in lines]
            assert key_of(book.store, lines[0].id) == keys[0]


def test_queues_come_in_the_same_order(both: tuple[Book, Book]) -> None:
    one, other = both
    for order in queue.ORDERS:
        lines = queue.review_queue(one, order_by=order)
        assert lines
        assert queue.review_queue(other, order_by=order) == lines, order


@pytest.mark.parametrize("search", ["信用社", "B", "b", "1", "%", "_", "没有的"])
def test_searches_find_the_same(both: tuple[Book, Book], search: str) -> None:
    one, other = both
    assert other.row_list(None, search=search) == one.row_list(None, search=search)
    assert other.row_count(None, search=search) == one.row_count(None, search=search)


def test_sums_are_the_same(both: tuple[Book, Book]) -> None:
    one, other = both
    for stage in STAGES:
        for netted in (True, False):
            summary = consolidated_summary(one, stage, netted=netted)
            assert consolidated_summary(other, stage, netted=netted) == summary
        assert indicators(other, stage) == indicators(one, stage)
        assert office_indicators(other, stage) == office_indicators(one, stage)
    assert other.progress() == one.progress()
    assert office_states(other) == office_states(one)
    total = consolidated_summary(one, "initial", netted=False).total
    assert total.classified > 0


def test_checks_find_the_same(both: tuple[Book, Book]) -> None:
    one, other = both
    assert check_list(other) == check_list(one)
    found = check_book(one)
    assert found
    assert check_book(other) == found


def test_rows_and_history_are_the_same(both: tuple[Book, Book]) -> None:
    one, other = both
    assert list(other.rows()) == list(one.rows())
    assert other.history() == one.history()
    assert other.kept() == one.kept()
    assert other.attachments() == one.attachments()
    assert other.balances() == one.balances()
    assert other.chart() == one.chart()

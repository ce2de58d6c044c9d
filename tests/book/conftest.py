"""A book with its people, and one with a few rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.book.book import Book, Institution
from app.book.types import Row
from tests.book.samples import (
    ACCOUNTANT,
    BASE_DATE,
    CLERK,
    OTHER_ACCOUNTANT,
    RULESET,
    finished_values,
)


@pytest.fixture
def book_path(tmp_path: Path) -> Path:
    """Where the test's book lies."""
    return tmp_path / "青山.wuji"


@pytest.fixture
def book(book_path: Path) -> Iterator[Book]:
    """An open book of 青山信用社 with a clerk and two accountants."""
    institution = Institution("QS01", "青山信用社")
    with Book.create(book_path, institution, BASE_DATE, ruleset=RULESET) as made:
        made.add_person(CLERK, "preparer")
        made.add_person(ACCOUNTANT, "accountant")
        made.add_person(OTHER_ACCOUNTANT, "accountant")
        yield made


@pytest.fixture
def deposit(book: Book) -> Row:
    """A finished row of 1-2: 420,000 with a bank that operates normally."""
    return book.add_row("1-2", finished_values("1-2", 19), by=CLERK)


@pytest.fixture
def vehicles(book: Book) -> Row:
    """A finished row of 1-3 that is a big loss: 380,000."""
    return book.add_row("1-3", finished_values("1-3", 14), by=CLERK)

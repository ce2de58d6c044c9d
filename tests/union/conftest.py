"""A county of each test's own, and its union's book, open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.book.book import Book
from tests.union.county import County, collected_union, county_in


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> County:
    """Two offices with sealed packages, a union without any."""
    return county_in(tmp_path_factory.getbasetemp(), tmp_path / "county")


@pytest.fixture
def union(county: County) -> Iterator[Book]:
    """The union's book, nothing taken in yet."""
    with Book.open(county.union) as book:
        yield book


@pytest.fixture
def collected(tmp_path_factory: pytest.TempPathFactory, county: County) -> Iterator[Book]:
    """The union's book with both offices' packages."""
    collected_union(tmp_path_factory.getbasetemp(), county)
    with Book.open(county.union) as book:
        yield book

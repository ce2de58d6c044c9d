"""A county of each test's own, and its union's book, open: in a file and in a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.book.book import Book
from tests.postgres.server import Server
from tests.union.county import County, collected_union, county_in


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> County:
    """Two offices with sealed packages, a union without any."""
    return county_in(tmp_path_factory.getbasetemp(), tmp_path / "county")


@pytest.fixture(params=["file", "database"])
def kept_in(request: pytest.FixtureRequest) -> str:
    """Where the union's book lies: every test of its work runs on both."""
    return str(request.param)


@contextmanager
def opened(
    request: pytest.FixtureRequest, kept_in: str, county: County, name: str
) -> Iterator[Book]:
    """The county's union book, or a database with the same in it."""
    if kept_in == "file":
        with Book.open(county.union) as book:
            yield book
        return
    server: Server = request.getfixturevalue("postgres")
    database = server.copy(name, county.union)
    try:
        with Book.open(server.url(database)) as book:
            yield book
    finally:
        server.drop(database)


@pytest.fixture
def union(request: pytest.FixtureRequest, kept_in: str, county: County) -> Iterator[Book]:
    """The union's book, nothing taken in yet."""
    with opened(request, kept_in, county, "union") as book:
        yield book


@pytest.fixture
def collected(
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    kept_in: str,
    county: County,
) -> Iterator[Book]:
    """The union's book with both offices' packages."""
    collected_union(tmp_path_factory.getbasetemp(), county)
    with opened(request, kept_in, county, "collected") as book:
        yield book

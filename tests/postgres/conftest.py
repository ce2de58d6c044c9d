"""Databases of each test's own on the process's server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from app.book.book import Book, Institution
from tests.postgres.server import Server

BASE_DATE = date(2006, 12, 31)
UNION = Institution("LS", "某县联社")


@pytest.fixture
def url(postgres: Server) -> Iterator[str]:
    """An empty database."""
    name = postgres.database()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def made(url: str) -> str:
    """A database with a union's book in it, closed."""
    with Book.create(url, UNION, BASE_DATE, union=True) as book:
        book.add_person("周审", "working_group")
    return url

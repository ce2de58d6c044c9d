"""A book to take listings into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.book.book import Book, Institution
from tests.intake.sheets import BASE_DATE, CLERK, RULESET


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """A new book of the sample office with a clerk."""
    institution = Institution("QS", "青山信用社")
    with Book.create(tmp_path / "b.wuji", institution, BASE_DATE, ruleset=RULESET) as made:
        made.add_person(CLERK, "preparer")
        yield made

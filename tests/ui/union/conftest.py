"""A county of each test's own, its union's book on the window's desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from tests.ui.hands import open_desk
from tests.union.county import REVIEWER, County, collected_union, county_in


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> County:
    """Two offices with sealed packages, a union without any."""
    return county_in(tmp_path_factory.getbasetemp(), tmp_path / "county")


@pytest.fixture
def fresh_view(county: County, window: MainWindow, qtbot: QtBot) -> Iterator[DeskView]:
    """The union's book, nothing taken in yet; a reviewer works."""
    yield from _opened(county.union, window, qtbot)


@pytest.fixture
def view(
    tmp_path_factory: pytest.TempPathFactory, county: County, window: MainWindow, qtbot: QtBot
) -> Iterator[DeskView]:
    """The union's book with both offices' packages; a reviewer works."""
    collected_union(tmp_path_factory.getbasetemp(), county)
    yield from _opened(county.union, window, qtbot)


def _opened(path: Path, window: MainWindow, qtbot: QtBot) -> Iterator[DeskView]:
    with Book.open(path) as book:
        found = open_desk(window, book, qtbot)
        window.desk.choose_person(REVIEWER)
        yield found
        window.desk.close_book()

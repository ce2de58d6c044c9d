"""What the pictures share: the variant that is asked for, a desk with all cases, a county."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.book.types import Balance
from app.ui.desk_view import DeskView
from app.ui.fonts import load_fonts
from app.ui.look import Look
from app.ui.main_window import MainWindow
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import add_cases, open_desk
from tests.ui.pictures.taking import (
    FOLDER,
    VARIANT,
    Taker,
    take,
)
from tests.union.county import County, collected_union, county_in


@pytest.fixture(scope="session")
def look(qapp: QApplication) -> Look:
    """The look of the variant that is asked for, light at 100% if none is."""
    assert qapp is not None
    made = Look(load_fonts(), VARIANT.theme, VARIANT.percent / 100)
    made.apply()
    return made


@pytest.fixture
def window(window: MainWindow) -> MainWindow:
    """The window as large as the variant's screen."""
    window.resize(VARIANT.width, VARIANT.height)
    return window


@pytest.fixture
def picture(tmp_path: Path) -> Taker:
    """Takes a picture of a widget and checks it."""
    folder = Path(FOLDER or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return lambda widget, name: take(widget, folder / f"{name}.png")


@pytest.fixture
def view(window: MainWindow, make_book: BookMaker, qtbot: QtBot) -> DeskView:
    """The desk of a book that holds all worked cases and a few balances."""
    book = make_book()
    add_cases(book, PREPARER)
    amounts = {"1391": "108000.00", "1392": "4800.00", "1221": "1256000.00", "1231": "1200500.00"}
    book.set_balances(
        [Balance(c, book.chart()[c].name, Decimal(a)) for c, a in amounts.items()], by=PREPARER
    )
    view = open_desk(window, book, qtbot)
    qtbot.waitUntil(lambda: view.desk.tally.sheets > 0)
    return view


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> County:
    """A made-up county whose union has both packages."""
    found = county_in(tmp_path_factory.getbasetemp(), tmp_path / "county")
    collected_union(tmp_path_factory.getbasetemp(), found)
    return found

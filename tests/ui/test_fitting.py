"""Small screens and large letters: no page asks for more room than there is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.overview_page import OverviewPage
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import add_cases, open_desk, wait_for

ROOM = (1366, 728)
"""A laptop's screen without the task bar."""


@pytest.fixture
def zoomed(look: Look) -> Iterator[Look]:
    """The program's own zoom at 150%."""
    look.zoom = 1.5
    look.apply()
    yield look
    look.zoom = 1.0
    look.apply()


def test_every_page_fits_a_laptop_at_150_percent(
    zoomed: Look, window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    add_cases(book, PREPARER)
    view = open_desk(window, book, qtbot)
    assert zoomed.zoom == 1.5
    too_large = {}
    for entry in view.navigation.lines.entries:
        if entry.key and (not entry.key.startswith("table:") or entry.key == "table:1-2"):
            view.go(entry.key)
            QApplication.processEvents()
            asked = window.minimumSizeHint()
            if asked.width() > ROOM[0] or asked.height() > ROOM[1]:
                too_large[entry.key] = (asked.width(), asked.height())
    assert too_large == {}


def test_charts_stand_below_the_table_where_there_is_no_room_beside_it(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    add_cases(book, PREPARER)
    view = open_desk(window, book, qtbot)
    page = view.go("overview")
    assert isinstance(page, OverviewPage)
    qtbot.waitUntil(lambda: bool(page.losses.bars))
    assert page.columns.is_wide
    assert page.columns.right.x() > page.table.x()
    window.resize(960, 640)
    wait_for(qtbot, lambda: page.columns.right.y() > page.table.geometry().bottom())
    shown = page.table.verticalHeader().length()
    assert page.table.viewport().height() >= shown
    assert page.columns.verticalScrollBar().maximum() > 0
    window.resize(1366, 768)
    wait_for(qtbot, lambda: page.columns.right.x() > page.table.geometry().right())

"""A row open in its form, and the pane of its evidence."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.types import Attachment
from app.ui.evidence_view import EvidenceView
from app.ui.form_view import FormView
from app.ui.main_window import MainWindow
from app.ui.side_pane import EVIDENCE
from app.ui.table_page import TablePage
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import INTERBANK, open_desk, open_form, open_table, wait_for


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """Two finished rows in 1-2."""
    book = make_book()
    for name in ("第一笔", "第二笔"):
        book.add_row("1-2", {**INTERBANK, "name": name}, by=PREPARER)
    return book


@pytest.fixture
def row_id(book: Book) -> str:
    """The first row."""
    return next(book.rows("1-2")).id


@pytest.fixture
def page(window: MainWindow, book: Book, row_id: str, qtbot: QtBot) -> TablePage:
    """The page of 1-2, the first row in the form, its evidence beside it."""
    page = open_table(open_desk(window, book, qtbot), "1-2")
    open_form(page, row_id)
    page.side.setCurrentIndex(EVIDENCE)
    return page


@pytest.fixture
def form(page: TablePage) -> FormView:
    """The form of the row."""
    assert page.form is not None
    return page.form


@pytest.fixture
def evidence(page: TablePage) -> EvidenceView:
    """The pane."""
    return page.side.evidence


def attached(qtbot: QtBot, book: Book, row_id: str, count: int) -> list[Attachment]:
    """Waits until the row has so many files."""
    wait_for(qtbot, lambda: len(book.attachments(row_id)) == count)
    return book.attachments(row_id)

"""A row that was added by mistake leaves nothing behind; one with anything in it stays."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.evidence.adding import EvidenceAdder, given_paths
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.new_row import NOT_KEPT
from app.ui.table_page import TablePage
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import (
    INTERBANK,
    enter,
    open_desk,
    open_table,
    press,
    scanned_seal,
    type_text,
    wait_for,
)

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """One finished row in 1-2."""
    made = make_book()
    made.add_row("1-2", {**INTERBANK, "name": "第一笔"}, by=PREPARER)
    return made


@pytest.fixture
def view(window: MainWindow, book: Book, qtbot: QtBot) -> DeskView:
    """The desk of the book."""
    return open_desk(window, book, qtbot)


@pytest.fixture
def page(view: DeskView) -> TablePage:
    """The page of 1-2."""
    return open_table(view, "1-2")


def names(book: Book, table_id: str = "1-2") -> list[str]:
    """What the rows are called."""
    return [str(row.values.get("name") or "") for row in book.rows(table_id)]


def test_esc_takes_the_empty_row_away(
    page: TablePage, view: DeskView, book: Book, told: list[Message], qtbot: QtBot
) -> None:
    view.row.do_add_row()
    view.row.do_add_row()  # pressed twice there is still one
    assert names(book) == ["第一笔", ""]
    press(qtbot, Qt.Key.Key_Escape)
    assert names(book) == ["第一笔"]
    assert page.session is None
    assert page.list.view.hasFocus()
    assert page.list.view.rows.rowCount() == 1
    assert [message.text for message in told] == [NOT_KEPT]
    view.hands.do_redo()
    assert names(book) == ["第一笔", ""]
    view.hands.do_undo()
    assert names(book) == ["第一笔"]
    assert book.verify_history().whole


def test_an_empty_row_does_not_outlive_being_left(
    page: TablePage, view: DeskView, book: Book, told: list[Message]
) -> None:
    page.add_row()
    view.row.do_previous_row()
    assert page.session is not None
    assert page.session.name == "第一笔"
    page.add_row()
    page.list.view.choose_place(0)
    page.list.view.clicked.emit(page.list.view.currentIndex())
    assert page.session.name == "第一笔"
    assert page.head.place.text().endswith("1/1 笔")
    page.add_row()
    view.go(navigation.PROBLEMS)
    assert view.page is not page
    assert names(book) == ["第一笔"]
    assert open_table(view, "1-2").sheet.isHidden()
    page.add_row()
    view.do_new_period()
    assert names(book) == ["第一笔"]
    assert [message.text for message in told] == [NOT_KEPT] * 4


def test_the_book_is_closed_without_it(page: TablePage, window: MainWindow, book: Book) -> None:
    page.add_row()
    window.do_close_book()
    with Book.open(book.path, write=False) as again:
        assert names(again) == ["第一笔"]


def test_what_was_typed_or_taken_back_decides(
    page: TablePage, view: DeskView, book: Book, told: list[Message], qtbot: QtBot
) -> None:
    page.add_row()
    assert page.form is not None
    page.form.go_to("wp_state")
    type_text(qtbot, "按期付息。")
    press(qtbot, Qt.Key.Key_Escape)
    assert names(book) == ["第一笔", ""]
    assert not told
    page.add_row()
    page.form.go_to("name")
    type_text(qtbot, "存")
    enter(qtbot)
    view.hands.do_undo()
    told.clear()
    press(qtbot, Qt.Key.Key_Escape)
    assert len(names(book)) == 2
    assert [message.text for message in told] == [NOT_KEPT]


def test_a_confirmed_value_stays(view: DeskView, book: Book, qtbot: QtBot) -> None:
    page = open_table(view, "1-9")
    page.add_row()
    assert page.form is not None
    page.form.go_to("subject")
    enter(qtbot)
    page.close_form()
    assert len(names(book, "1-9")) == 1


def test_evidence_on_its_way_finds_its_row(
    page: TablePage, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    page.add_row()
    assert page.session is not None
    row_id = page.session.row.id
    scan = scanned_seal(book.path.with_name("对账单.png"))
    EvidenceAdder(view.desk).add(row_id, given_paths([scan]))
    page.close_form()
    wait_for(qtbot, lambda: len(book.attachments(row_id)) == 1)


def test_a_removal_with_a_reason_is_one(page: TablePage, book: Book, told: list[Message]) -> None:
    page.add_row()
    assert page.session is not None
    row_id = page.session.row.id
    page.remove(row_id, "登记错了")
    assert book.history(row_id)[-1].why == "登记错了"
    assert [message.kind for message in told] == ["good"], "said once, and no row is missed"


def test_another_zoom_leaves_the_row_new(
    page: TablePage, window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    page.add_row()
    window._rebuild()
    view = window.desk_view
    assert isinstance(view, DeskView)
    fresh = view.table_page
    assert fresh is not None
    assert fresh.session is not None
    fresh.close_form()
    assert names(book) == ["第一笔"]

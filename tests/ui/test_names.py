"""Screen readers: everything that takes the focus has a name, on every page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.ui.desk_view import DeskView
from app.ui.help_window import HelpWindow
from app.ui.main_window import MainWindow
from app.ui.new_book_dialog import NewBookDialog
from app.ui.people_dialog import PeopleDialog
from app.ui.subjects_dialog import SubjectsDialog
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import add_cases, open_desk, open_form, open_table


@pytest.fixture
def view(window: MainWindow, make_book: BookMaker, qtbot: QtBot) -> DeskView:
    book = make_book()
    add_cases(book, PREPARER)
    return open_desk(window, book, qtbot)


def nameless(root: QWidget) -> list[str]:
    """Visible widgets that take the focus and tell a screen reader nothing."""
    buddies = {label.buddy() for label in root.findChildren(QLabel)}
    return [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and not isinstance(widget, QLabel)  # says its own text
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.focusProxy() is None
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and widget not in buddies
    ]


def test_pages_and_forms(window: MainWindow, view: DeskView) -> None:
    found = {}
    for entry in view.navigation.lines.entries:
        if entry.key:
            view.go(entry.key)
            found[entry.key] = nameless(window)
    page = open_table(view, "1-2")
    open_form(page, view.desk.book.row_list("1-2", limit=1)[0].id)
    found["form"] = nameless(window)
    assert {key: names for key, names in found.items() if names} == {}


@pytest.mark.parametrize("kind", [NewBookDialog, PeopleDialog, SubjectsDialog])
def test_dialogs(window: MainWindow, view: DeskView, qtbot: QtBot, kind: type) -> None:
    dialog = kind(view.desk, window)
    dialog.open()
    assert nameless(dialog) == []
    dialog.reject()


def test_the_help(window: MainWindow, view: DeskView) -> None:
    window.do_help()
    assert nameless(window.findChildren(HelpWindow)[-1]) == []

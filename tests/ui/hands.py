"""What a clerk's hands do in the tests, and rows to do it with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.forms.schema import Case
from app.forms.table import Table
from app.ui.desk_view import DeskView
from app.ui.form_view import FormView
from app.ui.main_window import MainWindow
from app.ui.table_page import TablePage
from tests.rows import INTERBANK as INTERBANK


def case_values(table: Table, case: Case) -> dict[str, Any]:
    """What a clerk would type in for a worked case."""
    return {
        key: value
        for key, value in case.values.items()
        if key in table.fields
        and not table.fields[key].computed
        and table.fields[key].part != "union"
    }


def add_cases(book: Book, by: str) -> None:
    """Puts every worked case of the book's base date into its table."""
    for table in book.ruleset.row_tables:
        given = [
            case_values(table, case)
            for case in table.cases
            if case.base_date == book.period.base_date
        ]
        if given:
            book.add_rows(table.id, given, by=by, source="案例")


def open_desk(window: MainWindow, book: Book, qtbot: QtBot) -> DeskView:
    """Puts a book on the window's desk."""
    window.desk.take(book)
    view = window.desk_view
    assert isinstance(view, DeskView)
    qtbot.waitUntil(view.isVisible)
    return view


def open_table(view: DeskView, table_id: str) -> TablePage:
    """Shows a table's page."""
    page = view.go(f"table:{table_id}")
    assert isinstance(page, TablePage)
    return page


def open_form(page: TablePage, row_id: str) -> FormView:
    """Opens a row and returns its form."""
    assert page.open_row(row_id)
    assert page.form is not None
    return page.form


def focused() -> QWidget:
    """The widget that has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def type_text(qtbot: QtBot, text: str) -> None:
    """Types into whatever has the keyboard, Chinese as an input method would commit it."""
    widget = focused()
    if text.isascii():
        qtbot.keyClicks(widget, text)  # type: ignore[no-untyped-call]
        return
    from PySide6.QtGui import QInputMethodEvent

    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def press(qtbot: QtBot, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    """Presses a key where the keyboard is."""
    qtbot.keyClick(focused(), key, modifier)  # type: ignore[no-untyped-call]


def enter(qtbot: QtBot) -> None:
    """Presses Enter."""
    press(qtbot, Qt.Key.Key_Return)


def click(qtbot: QtBot, button: QWidget) -> None:
    """Clicks with the left button."""
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]


def button_named(parent: QWidget, words: str) -> QPushButton:
    """The visible button with these words; what has just been added comes into sight first."""
    QApplication.processEvents()
    found = [b for b in parent.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    assert len(found) == 1, [b.text() for b in parent.findChildren(QPushButton)]
    return found[0]


def go_back(dialog: QDialog, qtbot: QtBot) -> None:
    """Leaves a dialog by the one button that changes nothing."""
    buttons = [one for one in dialog.findChildren(QPushButton) if one.isVisible()]
    [back] = [one for one in buttons if one.text() in ("取消", "关闭", "知道了")]
    click(qtbot, back)
    wait_for(qtbot, lambda: not dialog.isVisible())


def wait_for(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    """Waits until the condition holds, a few seconds at most."""
    qtbot.waitUntil(condition, timeout=5000)


def scanned_seal(path: Path) -> Path:
    """A picture of a made-up round stamp on white paper."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (400, 400), "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((60, 60, 340, 340), outline=(200, 20, 30), width=10)
    pen.rectangle((150, 190, 250, 210), fill=(200, 20, 30))
    image.save(path)
    return path

"""Buttons: Enter presses them; turned off under the keyboard they hand it to their page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.buttons import push_button, resting_place
from tests.ui.hands import focused, press


class Beside(QWidget):
    """A page with a button between two lines, and a line beside the page."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = QStackedWidget()
        self.page = QWidget()
        self.stack.addWidget(self.page)
        self.first, self.last, self.other = QLineEdit(), QLineEdit(), QLineEdit()
        self.button = push_button("全部确认")
        inner = QVBoxLayout(self.page)
        for widget in (self.first, self.last, self.button):
            inner.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.addWidget(self.stack)
        layout.addWidget(self.other)


@pytest.fixture
def beside(qtbot: QtBot) -> Beside:
    """In sight, the keyboard on the button."""
    found = Beside()
    qtbot.addWidget(found)
    found.show()
    qtbot.waitActive(found)
    found.button.setFocus()
    return found


def test_the_page_has_the_keyboard_while_its_button_is_off(beside: Beside, qtbot: QtBot) -> None:
    assert resting_place(beside.button) is beside.page
    beside.button.setEnabled(False)
    assert focused() is beside.page
    beside.button.setEnabled(True)
    assert focused() is beside.button


def test_tab_starts_with_the_page(beside: Beside, qtbot: QtBot) -> None:
    beside.button.hide()
    assert focused() is beside.page
    press(qtbot, Qt.Key.Key_Tab)
    assert focused() is beside.first


def test_who_has_moved_on_is_left_alone(beside: Beside, qtbot: QtBot) -> None:
    beside.button.setEnabled(False)
    beside.other.setFocus()
    beside.button.setEnabled(True)
    assert focused() is beside.other


def test_tab_leaves_a_button_as_ever(beside: Beside, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_Tab)
    assert focused() is beside.other

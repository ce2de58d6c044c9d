"""A day outside the forms: read in any usual way, shown in full."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.ui.fields.day import show_in_full


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("20071231", "2007-12-31"),
        ("2007年12月31日", "2007-12-31"),
        ("2007-12", "2007-12"),
        ("x", "x"),
    ],
)
def test_a_day_outside_the_forms_is_shown_as_it_was_understood(
    qtbot: QtBot, typed: str, shown: str
) -> None:
    line = QLineEdit()
    qtbot.addWidget(line)
    show_in_full(line)
    line.setText(typed)
    line.editingFinished.emit()
    assert line.text() == shown
    line.editingFinished.emit()
    assert line.text() == shown

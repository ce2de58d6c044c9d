"""Enter leads from line to line and finishes behind the last."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.fields.base import Line
from app.ui.fields.leading import lead_through
from tests.ui.hands import press


def test_enter_skips_what_is_not_asked_and_finishes_behind_the_last(qtbot: QtBot) -> None:
    box, lines, done = QWidget(), [Line() for _ in range(4)], []
    qtbot.addWidget(box)
    layout = QVBoxLayout(box)
    for line in lines:
        layout.addWidget(line)
    lines[1].setVisible(False)
    lines[2].setEnabled(False)
    lead_through(lines, lambda: done.append(True))
    with qtbot.waitActive(box):
        box.show()
        box.activateWindow()
    lines[0].setFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert lines[3].hasFocus()
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert lines[0].hasFocus()
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert lines[0].hasFocus()
    assert not done
    lines[3].setFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert done == [True]

"""Widgets side by side that wrap as words do."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.flow_layout import FlowLayout


def test_rows_keep_the_margins_and_wrap_within_them(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    flow = FlowLayout(box, 6)
    flow.setContentsMargins(11, 3, 4, 5)
    buttons = [QPushButton(words) for words in ("基本情况", "操作风险", "信用风险")]
    for button in buttons:
        flow.addWidget(button)
    width = buttons[0].sizeHint().width()
    height = buttons[0].sizeHint().height()
    room = 11 + 2 * width + 6 + 4
    box.resize(room, flow.heightForWidth(room))
    box.show()
    assert [(button.x(), button.y()) for button in buttons] == [
        (11, 3), (11 + width + 6, 3), (11, 3 + height + 6),
    ]  # fmt: skip
    assert box.height() == 3 + 2 * height + 6 + 5
    assert flow.sizeHint().width() == 11 + 3 * width + 2 * 6 + 4


def test_what_is_lower_stands_in_the_middle_of_its_row(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    flow = FlowLayout(box, 6)
    choice, button = QComboBox(), QPushButton("重新检查")
    button.setMinimumHeight(60)
    flow.addWidget(choice)
    flow.addWidget(button)
    box.resize(400, 60)
    box.show()
    assert abs(choice.geometry().center().y() - button.geometry().center().y()) <= 1

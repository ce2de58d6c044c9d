"""A line to search with, at every size of letters."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.ui.look import Look
from app.ui.search_field import SIGN, SearchField


@pytest.mark.parametrize("zoom", [1.0, 2.0])
def test_its_signs_grow_with_the_letters(look: Look, qtbot: QtBot, zoom: float) -> None:
    large = Look(look.family, "light", zoom)
    line = SearchField(large)
    qtbot.addWidget(line)
    line.resize(300, 60)
    line.show()
    glass = line.findChild(QLabel)
    assert glass is not None
    assert glass.height() == large.px(SIGN)
    assert glass.geometry().right() < line.textMargins().left() + large.px(8)
    assert abs(glass.geometry().center().y() - line.rect().center().y()) <= 1


def test_the_cross_is_there_while_there_are_words(look: Look, qtbot: QtBot) -> None:
    line = SearchField(look)
    qtbot.addWidget(line)
    line.resize(300, 30)
    line.show()
    assert line.cross.isHidden()
    line.setPlaceholderText("找名称、编号、金额")
    assert line.textMargins().right() == 0
    line.setText("cf")
    assert line.textMargins().right() > 0
    assert line.cross.isVisible()
    assert line.rect().contains(line.cross.geometry())
    line.cross.click()
    assert line.text() == ""
    assert line.cross.isHidden()

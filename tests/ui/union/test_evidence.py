"""The reviewer sees the evidence beside the row, with the boxes the clerk has drawn."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.ui.desk_view import DeskView
from app.ui.union.queue_page import QueuePage
from tests.ui.hands import focused, press, wait_for
from tests.union.county import BOX


def test_a_reviewer_sees_where_a_value_was_found(view: DeskView, qtbot: QtBot) -> None:
    book = view.desk.book
    pointed = next(one for one in book.attachments() if one.boxes)
    page = view.go("review")
    assert isinstance(page, QueuePage)
    assert page.open_row(pointed.row_id, BOX.field)
    press(qtbot, Qt.Key.Key_F3)
    paper = page.pane.side.evidence.beside.view
    wait_for(qtbot, lambda: paper.area.isVisible() and not paper.sheet.image.isNull())
    assert paper.title.text() == pointed.name
    assert paper.box_of(BOX.field) == BOX
    assert paper.sheet.focused == BOX.field
    assert not page.list.isVisible(), "form and paper share the room"
    assert paper.width() > page.width() * 2 // 5
    assert not paper.drop_button.isVisible()

    mouse: Any = qtbot
    mouse.mousePress(paper.sheet, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    mouse.mouseRelease(paper.sheet, Qt.MouseButton.LeftButton, pos=QPoint(120, 90))
    assert book.attachments(pointed.row_id)[0].boxes == pointed.boxes, "nothing is drawn over it"

    assert focused() is not None
    press(qtbot, Qt.Key.Key_F3)
    assert page.list.isVisible()
    assert not paper.isVisible()

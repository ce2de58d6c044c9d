"""The union's queue in a narrow window: list and opinion take turns beside the form."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.union.queue_page import QueuePage


def test_list_and_opinion_take_turns(view: DeskView, window: MainWindow, qtbot: QtBot) -> None:
    page = view.go(navigation.REVIEW)
    assert isinstance(page, QueuePage)
    with qtbot.waitSignal(page.list.loaded, timeout=30_000):
        page.list.reload()
    page.open_row(page.list.view.lines.ids[0])
    assert page.list.isVisible()
    assert page.pane.isVisible()
    window.resize(960, 640)
    qtbot.waitUntil(lambda: not page.list.isVisible())
    assert window.width() == 960
    window.actions_by_name["toggle_list"].trigger()
    assert page.list.isVisible()
    assert not page.pane.isVisible()
    window.actions_by_name["toggle_list"].trigger()
    assert page.pane.isVisible()
    page.close_row()
    assert page.list.isVisible()
    page.list.view.selectAll()
    qtbot.waitUntil(lambda: page.pane.opinion.bulk > 1)
    assert page.list.view.horizontalScrollBar().maximum() == 0

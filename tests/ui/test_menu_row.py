"""The row of menus and messages: nothing is covered, and a short message moves nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from app.ui.look import Look
from app.ui.main_window import MainWindow
from tests.ui.hands import wait_for


@pytest.fixture(params=[1.0, 1.5])
def zoomed(request: pytest.FixtureRequest, look: Look) -> Iterator[float]:
    """The window's zoom."""
    look.zoom = request.param
    look.apply()
    yield look.zoom
    look.zoom = 1.0
    look.apply()


def _page_top(window: MainWindow) -> int:
    return window.stack.mapTo(window, QPoint(0, 0)).y()


def _bar_bottom(window: MainWindow) -> int:
    bar = window.menu_row.bar
    assert bar.isVisible()
    return bar.mapTo(window, bar.rect().bottomLeft()).y()


def _is_whole(window: MainWindow) -> bool:
    """Whether all words of the message are seen."""
    bar = window.menu_row.bar
    return bar.height() >= bar.heightForWidth(bar.width())


def test_a_message_covers_nothing_and_a_short_one_moves_nothing(
    zoomed: float, window: MainWindow, qtbot: QtBot
) -> None:
    assert window.look.zoom == zoomed
    menus, top = window.menu_row.menus, _page_top(window)
    left = menus.geometry()
    window.messages.tell("已给40笔填写「诉讼情况」。", "要改回去，按 Ctrl+Z。", kind="good")
    wait_for(qtbot, lambda: _is_whole(window))
    assert (_page_top(window), menus.geometry()) == (top, left)
    assert _bar_bottom(window) < top
    assert window.menu_row.bar.geometry().left() > menus.geometry().right()
    window.messages.tell("很长的话。" * 60, kind="error")
    wait_for(qtbot, lambda: _is_whole(window) and _page_top(window) > top)
    assert _bar_bottom(window) < _page_top(window)
    window.messages.clear()
    wait_for(qtbot, lambda: _page_top(window) == top)


def test_only_the_bar_of_the_new_look_shows_what_is_told(window: MainWindow, look: Look) -> None:
    before = window.menu_row.bar
    window.menu_row.renew(look, window.messages)
    window.messages.tell("做好了。", kind="good")
    assert window.menu_row.bar.isVisible()
    assert not before.isVisible()


def test_a_message_is_announced_to_a_screen_reader(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[str] = []
    monkeypatch.setattr(
        "app.ui.message_bar.QAccessible.updateAccessibility",
        lambda event: announced.append(event.message()),
    )
    window.messages.tell("磁盘空间不够。", "请清理磁盘。", kind="error")
    assert announced == ["磁盘空间不够。请清理磁盘。"]

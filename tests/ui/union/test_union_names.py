"""The union's pages and questions: whatever takes the focus has a name, and Tab reaches it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.union.key_question import ask_key
from app.ui.union.queue_page import QueuePage
from app.ui.union.sign_dialog import ask_folder_and_passphrase
from tests.ui.hands import go_back, wait_for
from tests.ui.reading_aloud import silent
from tests.ui.union.acting import active_dialog, wait_idle


def queue(view: DeskView, key: str, qtbot: QtBot) -> QueuePage:
    """A page with a queue, its first row open."""
    page = view.go(key)
    assert isinstance(page, QueuePage)
    with qtbot.waitSignal(page.list.loaded, timeout=5000):
        page.list.reload()
    if page.list.view.lines.ids:
        page.open_row(page.list.view.lines.ids[0])
    return page


def test_pages(window: MainWindow, view: DeskView, qtbot: QtBot) -> None:
    found = {}
    for key in [entry.key for entry in view.navigation.lines.entries if entry.key]:
        view.go(key)
        wait_idle(window, qtbot)
        found[key] = silent(window)
    assert {key: names for key, names in found.items() if names} == {}


@pytest.mark.parametrize("key", [navigation.REVIEW, navigation.DETERMINE])
def test_a_row_with_its_opinion(window: MainWindow, view: DeskView, qtbot: QtBot, key: str) -> None:
    page = queue(view, key, qtbot)
    wait_idle(window, qtbot)
    found = {}
    for place in range(page.pane.side.count()):
        page.pane.side.setCurrentIndex(place)
        found[place] = silent(window)
    assert {place: names for place, names in found.items() if names} == {}


def mark(view: DeskView, qtbot: QtBot) -> None:
    queue(view, navigation.REVIEW, qtbot).ask_mark()


def key(view: DeskView, _qtbot: QtBot) -> None:
    ask_key(
        view, view.look, whose="青山信用社", code="AB12-CD34", earlier="EF56-0078",
        then=lambda: None, otherwise=lambda: None,
    )  # fmt: skip


def signing(view: DeskView, _qtbot: QtBot) -> None:
    ask_folder_and_passphrase(
        view, view.desk, title="写决定", text="给各社的决定。", action="写", folder=Path("/"),
        then=lambda _folder, _passphrase: None,
    )  # fmt: skip


@pytest.mark.parametrize("ask", [mark, key, signing])
def test_questions(
    window: MainWindow, view: DeskView, qtbot: QtBot, ask: Callable[[DeskView, QtBot], None]
) -> None:
    ask(view, qtbot)
    dialog: QDialog = active_dialog(window, qtbot)
    wait_for(qtbot, dialog.isActiveWindow)
    assert silent(dialog) == []
    go_back(dialog, qtbot)

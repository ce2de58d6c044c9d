"""Buttons of the union's pages that no other test presses, and an office's page of answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.book.keys import create_key
from app.ui import navigation
from app.ui.desk import Desk
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.union.sign_dialog import ask_folder_and_passphrase
from tests.ui.hands import button_named, click, go_back
from tests.ui.union.acting import active_dialog, back_to, line_named, wait_idle
from tests.ui.union.test_union_names import queue


def leave(window: MainWindow, qtbot: QtBot, title: str) -> QDialog:
    """Leaves the dialog that is open by its own button."""
    dialog = active_dialog(window, qtbot)
    assert dialog.windowTitle() == title
    go_back(dialog, qtbot)
    back_to(window, qtbot)
    return dialog


def test_what_is_taken_in_is_asked_for(
    view: DeskView, window: MainWindow, asked: list[str], qtbot: QtBot
) -> None:
    page: Any = view.go(navigation.OFFICES)
    wait_idle(window, qtbot)
    click(qtbot, button_named(page, "接收上报包…"))
    assert asked == ["接收上报包"]
    page.table.selectRow(0)
    click(qtbot, page.excuse_button)
    leave(window, qtbot, "不要求上报")


def test_the_folder_of_signed_files_is_chosen(
    desk: Desk, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_key(desk.book, "county-2006")
    given: list[tuple[Path, str]] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ask_folder_and_passphrase(
        parent, desk, title="写回执", text="", action="写", folder=tmp_path,
        then=lambda out, passphrase: given.append((out, passphrase)),
    )  # fmt: skip
    line_named(dialog, "密钥口令").setText("county-2006")
    out = tmp_path / "回执"
    for chosen in (str(out), ""):  # the second time nothing is chosen
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, c=chosen: c)
        click(qtbot, button_named(dialog, "选择…"))
    click(qtbot, button_named(dialog, "写"))
    assert given == [(out, "county-2006")]


def test_the_tools_of_a_row_under_review(
    view: DeskView, window: MainWindow, asked: list[str], qtbot: QtBot
) -> None:
    page = queue(view, navigation.REVIEW, qtbot)
    wait_idle(window, qtbot)
    tools = {one.accessibleName()[:3]: one for one in page.sheet.findChildren(QToolButton)}
    first = page.session.row.id  # type: ignore[union-attr]
    click(qtbot, tools["下一笔"])
    assert page.session is not None
    assert page.session.row.id != first
    click(qtbot, tools["上一笔"])
    assert page.session.row.id == first
    click(qtbot, page.pane.opinion.mark_button)
    leave(window, qtbot, "提问题")
    with qtbot.waitSignal(page.list.loaded, timeout=5000):
        window.actions_by_name["check"].trigger()
    click(qtbot, tools["关上这"])
    assert page.session is None

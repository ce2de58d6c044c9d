"""A union's book made in the window."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from app.book.book import Book, Institution
from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.new_book_dialog import NewBookDialog
from app.ui.shortcuts import SHORTCUTS
from tests.ui.hands import button_named, click, press, wait_for
from tests.ui.union.acting import active_dialog


def test_a_unions_book_is_made_and_opens_on_its_register(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.do_new_book()
    dialog = next(iter(window.findChildren(NewBookDialog)))
    assert active_dialog(window, qtbot) is dialog
    dialog.union.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    assert dialog.accountant.isHidden()
    for line, text in (
        (dialog.code, "LS"), (dialog.name, "某县联社"), (dialog.day, "2006-12-31"),
        (dialog.preparer, "周审"), (dialog.path, str(tmp_path / "联社.wuji")),
    ):  # fmt: skip
        line.setText(text)
    click(qtbot, dialog.create_button)
    view = window.desk_view
    assert isinstance(view, DeskView)
    book = window.desk.book
    assert book.is_union
    assert [(one.name, one.role) for one in book.people()] == [("周审", "working_group")]
    assert view.navigation.current_key() == navigation.OFFICES


def test_a_unions_menus_hold_what_works_there(fresh_view: DeskView, window: MainWindow) -> None:
    actions = window.actions_by_name
    office = {one.name for one in SHORTCUTS if one.office}
    assert {"import_rows", "import_balances", "template", "add_row"} <= office
    assert not any(actions[name].isVisible() for name in office)
    shown = (name for name, action in actions.items() if action.isVisible())
    assert {"take_in", "people", "key", "subjects", "new_period", "undo"} <= set(shown)
    assert actions["keep_warning"].text() == "对这一项提问题…"
    window.do_close_book()
    assert all(actions[name].isVisible() for name in office)
    assert actions["keep_warning"].text() == "保留警告并说明…"


def test_a_book_that_was_made_in_a_database_before_it_was_cancelled_is_told_of(
    window: MainWindow, qtbot: QtBot, told: list[Message], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    dialog = NewBookDialog(window.desk, window, url=make_url("postgresql://u@server/county"))
    dialog.open()
    for line, text in (
        (dialog.code, "LS"), (dialog.name, "某县联社"), (dialog.day, "2006-12-31"),
        (dialog.preparer, "周审"),
    ):  # fmt: skip
        line.setText(text)
    started = Event()

    def made() -> Book:
        started.set()
        return Book.create(
            tmp_path / "made.wuji", Institution("LS", "某县联社"), date(2006, 12, 31), union=True
        )

    monkeypatch.setattr(dialog, "_maker", lambda _day: made)
    click(qtbot, dialog.create_button)
    assert started.wait(10)
    click(qtbot, button_named(dialog, "取消"))
    wait_for(qtbot, lambda: bool(told))
    assert not window.desk.has_book
    assert "已经建好" in told[0].text
    assert "made.wuji" in told[0].text
    assert "连接联社数据库" in told[0].way_out

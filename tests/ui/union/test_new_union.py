"""A union's book made in the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.new_book_dialog import NewBookDialog
from app.ui.shortcuts import SHORTCUTS
from tests.ui.hands import click, press
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

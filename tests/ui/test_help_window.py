"""帮助 (F1): the field in focus first, search, and the way back into the form."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.ui.desk_view import DeskView
from app.ui.form_view import FormView
from app.ui.help_window import NO_ROW, TO_FIELD, HelpWindow
from app.ui.keys_page import KeysPage
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.shortcuts import shortcut_lines
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import (
    INTERBANK,
    enter,
    open_desk,
    open_form,
    open_table,
    press,
    type_text,
    wait_for,
)


@pytest.fixture
def view(window: MainWindow, make_book: BookMaker, qtbot: QtBot) -> DeskView:
    book = make_book()
    book.add_rows("1-2", [INTERBANK], by=PREPARER, source="typed")
    return open_desk(window, book, qtbot)


@pytest.fixture
def form(view: DeskView) -> FormView:
    return open_form(open_table(view, "1-2"), view.desk.book.row_list("1-2", limit=1)[0].id)


def press_f1(window: MainWindow, qtbot: QtBot) -> HelpWindow:
    """The help as it opens at the key."""
    press(qtbot, Qt.Key.Key_F1)
    wait_for(qtbot, lambda: bool(window.findChildren(HelpWindow)))
    found = window.findChildren(HelpWindow)[-1]
    wait_for(qtbot, lambda: any(topic.initials for topic in found.topics) and found.line.hasFocus())
    return found


def test_f1_shows_the_field_in_focus_first(
    window: MainWindow, form: FormView, qtbot: QtBot
) -> None:
    form.go_to("formed_on")
    wait_for(qtbot, lambda: form.focused_key == "formed_on")
    found = press_f1(window, qtbot)
    assert found.topic is not None
    assert (found.topic.kind, found.topic.field) == ("field", "formed_on")
    assert found.topic.text.split("\n")[0] in found.pane.toPlainText()
    assert found.way.text() == TO_FIELD


def test_enter_on_a_result_goes_to_the_field(
    window: MainWindow, form: FormView, qtbot: QtBot
) -> None:
    found = press_f1(window, qtbot)
    type_text(qtbot, form.table.fields["counterparty"].label)
    wanted = next(n for n, t in enumerate(found.found) if t.field == "counterparty")
    enter(qtbot)
    assert found.list.hasFocus()
    found.list.selectRow(wanted)
    enter(qtbot)
    wait_for(qtbot, lambda: form.focused_key == "counterparty")
    wait_for(qtbot, lambda: not window.findChildren(HelpWindow))


def test_without_a_row_the_window_stays(window: MainWindow, view: DeskView, qtbot: QtBot) -> None:
    open_table(view, "1-2")
    found = press_f1(window, qtbot)
    found.line.setText("到期日")
    place = next(n for n, topic in enumerate(found.found) if topic.kind == "field")
    found.list.selectRow(place)
    assert found.way.text() == NO_ROW
    enter(qtbot)
    enter(qtbot)
    assert found.isVisible()


def test_what_is_not_there_is_said(window: MainWindow, qtbot: QtBot) -> None:
    found = press_f1(window, qtbot)
    found.line.setText("没有这样的词")
    assert found.count.text().startswith("没有找到")
    assert found.pane.toPlainText() == ""
    found.line.setText("案例")
    assert found.pane.toPlainText()


def test_cases_rules_and_tables_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    found = press_f1(window, qtbot)
    for kind in ("case", "rule", "check", "table", "choice", "band"):
        topic = next(topic for topic in found.topics if topic.kind == kind)
        found.line.setText(topic.title)
        place = found.found.index(topic)
        found.list.selectRow(place)
        shown = "".join(found.pane.toPlainText().split())
        assert "".join(topic.text.split())[:12] in shown


def test_the_keys_have_a_page(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["shortcuts"].trigger()
    found = window.findChildren(HelpWindow)[-1]
    assert found.tabs.tabText(found.tabs.currentIndex()) == "快捷键"
    words = {label.text() for label in found.tabs.currentWidget().findChildren(QLabel)}
    assert {text for line in shortcut_lines() for text in line} <= words


def test_keys_scroll_up_and_down_only(look: Look, qtbot: QtBot) -> None:
    page = KeysPage(look, shortcut_lines())
    qtbot.addWidget(page)
    page.resize(900, 500)
    page.show()
    qtbot.waitUntil(lambda: page.is_wide)
    tall = page.verticalScrollBar().maximum()
    page.resize(page.widget().minimumSizeHint().width() * 2 // 3, 500)
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() > tall)
    assert not page.is_wide
    assert page.horizontalScrollBar().maximum() == 0

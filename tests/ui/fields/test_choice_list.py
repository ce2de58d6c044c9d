"""A list of answers inside a form: it is open only while its field has the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.fields.choice_list import ChoiceList
from app.ui.form_view import FormView
from app.ui.main_window import MainWindow
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import open_desk, open_form, open_table, press, wait_for


@pytest.fixture
def form(window: MainWindow, make_book: BookMaker, qtbot: QtBot) -> FormView:
    """A new asset of 1-8, nothing answered."""
    book = make_book()
    row_id = book.add_row("1-8", {"name": "营业楼"}, by=PREPARER).id
    return open_form(open_table(open_desk(window, book, qtbot), "1-8"), row_id)


@pytest.mark.parametrize("way", ["next problem", "jump"])
def test_what_is_typed_elsewhere_never_goes_to_a_list_that_was_left(
    form: FormView, qtbot: QtBot, way: str
) -> None:
    editor = form.rows["use_value"].editor
    assert isinstance(editor, ChoiceList)
    form.go_to("use_value")
    popup = editor.completer.popup()
    wait_for(qtbot, popup.isVisible)
    if way == "next problem":
        form.go_to_next_problem()
    else:
        form.go_to("wp_formation")
    QApplication.processEvents()
    assert form.focused_key != "use_value"
    assert not popup.isVisible()
    press(qtbot, Qt.Key.Key_1)
    assert editor.raw() is None
    assert form.session is not None
    assert form.session.value("use_value") is None


def test_the_list_opens_where_its_field_has_come_to_be(form: FormView, qtbot: QtBot) -> None:
    assert form.session is not None
    form.session.commit("remarks", "出租")
    form.go_to("usage")
    press(qtbot, Qt.Key.Key_1)  # brings a question under the field, and goes on
    if form.focused_key != "use_value":
        form.go_to("use_value")
    editor = form.rows["use_value"].editor
    assert isinstance(editor, ChoiceList)
    popup = editor.completer.popup()
    wait_for(qtbot, popup.isVisible)
    assert form.rows["usage"].text_below("doubt")
    below = editor.line.mapToGlobal(editor.line.rect().bottomLeft()).y()
    above = editor.line.mapToGlobal(editor.line.rect().topLeft()).y()
    assert popup.geometry().top() >= below or popup.geometry().bottom() <= above


def test_the_list_goes_with_its_field(form: FormView, qtbot: QtBot) -> None:
    editor = form.rows["use_value"].editor
    assert isinstance(editor, ChoiceList)
    form.go_to("use_value")
    popup = editor.completer.popup()
    wait_for(qtbot, popup.isVisible)
    bar = form.area.verticalScrollBar()  # as when a line above the field goes
    bar.setValue(bar.value() + (-30 if bar.value() > 30 else 30))
    press(qtbot, Qt.Key.Key_1)
    below = editor.line.mapToGlobal(editor.line.rect().bottomLeft()).y() + 1
    above = editor.line.mapToGlobal(QPoint(0, 0)).y() - 1
    wait_for(qtbot, lambda: popup.geometry().top() == below or popup.geometry().bottom() == above)
    assert popup.isVisible()


def test_what_is_taken_as_complete_closes_its_list(form: FormView, qtbot: QtBot) -> None:
    editor = form.rows["use_value"].editor
    assert isinstance(editor, ChoiceList)
    form.go_to("use_value")
    wait_for(qtbot, editor.completer.popup().isVisible)
    form.commit_focused()  # F8 does so, also where there is nothing to go on to
    assert not editor.completer.popup().isVisible()
    assert form.focused_key == "use_value"

"""F8 wherever one is, and where the steps of the campaign put the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.problems_page import ProblemsPage
from app.ui.submit_page import SubmitPage
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import INTERBANK, focused, open_desk, open_table, press, wait_for


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """A book with two deposits that both lack something."""
    made = make_book()
    for name in "甲乙":
        given = {**INTERBANK, "name": f"存放{name}银行", "vouchers": None, "litigation": None}
        made.add_row("1-2", given, by=PREPARER)
    return made


@pytest.fixture
def view(window: MainWindow, book: Book, qtbot: QtBot) -> DeskView:
    """The desk of the book."""
    return open_desk(window, book, qtbot)


def test_f8_in_the_list_begins_with_the_first_row(view: DeskView, qtbot: QtBot) -> None:
    page = open_table(view, "1-2")
    page.list.view.setFocus()
    page.list.view.choose_place(0)
    first = page.list.view.current_id()
    press(qtbot, Qt.Key.Key_F8)
    assert page.form is not None
    assert page.session is not None
    assert page.session.row.id == first
    assert page.form.focused_key == "vouchers"


def test_a_field_is_filled_as_in_the_row_above(
    view: DeskView, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    page = open_table(view, "1-2")
    first, second = (line.id for n in range(2) if (line := page.list.view.rows.line(n)))
    book.set_values(first, {"vouchers": "complete", "initial_class": "normal"}, by=PREPARER)
    assert page.open_row(second, "vouchers")
    press(qtbot, Qt.Key.Key_Apostrophe, Qt.KeyboardModifier.ControlModifier)
    assert book.row(second).values["vouchers"] == "complete"
    assert "照上一笔“存放甲银行”填写" in told[-1].text
    for field in ("carrying_amount", "initial_class"):
        assert page.open_row(second, field)
        press(qtbot, Qt.Key.Key_Apostrophe, Qt.KeyboardModifier.ControlModifier)
        assert "每一笔不同" in told[-1].text
    press(qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert book.row(second).values.get("vouchers") is None
    page.close_form()
    press(qtbot, Qt.Key.Key_Apostrophe, Qt.KeyboardModifier.ControlModifier)
    assert "先打开一笔" in told[-1].text


def test_commands_follow_the_asset_in_hand(view: DeskView, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_table(view, "1-2")
    first, second = (line.id for n in range(2) if (line := page.list.view.rows.line(n)))
    page.open_row(first)
    page.list.apply_filter("存放乙银行")
    assert not page.list.view.current_id()
    asked: list[str] = []
    monkeypatch.setattr(page, "ask_remove", asked.append)
    view.row.do_remove_row()
    assert asked == [first]
    assert page._name_of(first) == "存放甲银行"
    view.desk.book.set_values(first, {"vouchers": "complete", "litigation": "none"}, by=PREPARER)
    page.reload_row()
    view.row.do_next_problem()
    assert page.session is not None
    assert page.session.row.id == second


def test_f8_on_a_page_without_rows_shows_the_problems(view: DeskView, qtbot: QtBot) -> None:
    view.go(navigation.SUBMIT)
    press(qtbot, Qt.Key.Key_F8)
    assert isinstance(view.page, ProblemsPage)


def test_that_a_table_has_no_problems_is_not_said_over_another(
    view: DeskView, told: list[Message], qtbot: QtBot
) -> None:
    cleared: list[bool] = []
    view.desk.messages.cleared.connect(lambda: cleared.append(True))
    open_table(view, "1-7").list.take_keyboard()
    press(qtbot, Qt.Key.Key_F8)
    assert told[-1].text == "附表1-7没有要处理的问题。"
    assert not cleared
    open_table(view, "1-2")
    assert cleared == [True]


def test_the_step_to_confirm_waits_for_what_is_to_be_done_there(
    view: DeskView, qtbot: QtBot
) -> None:
    view.do_step("confirm")
    page = view.page
    assert isinstance(page, SubmitPage)
    wait_for(qtbot, lambda: page.state is not None)
    wait_for(qtbot, lambda: getattr(focused(), "text", lambda: "")() == "去处理")


def test_a_field_out_of_hand_is_left_alone(
    view: DeskView, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    page = open_table(view, "1-2")
    first, second = (line.id for n in range(2) if (line := page.list.view.rows.line(n)))
    book.set_values(first, {"remarks": "上一笔的"}, by=PREPARER)
    book.set_values(second, {"remarks": "自己的"}, by=PREPARER)
    assert page.open_row(second, "remarks")
    page.list.view.setFocus()
    press(qtbot, Qt.Key.Key_Apostrophe, Qt.KeyboardModifier.ControlModifier)
    assert book.row(second).values["remarks"] == "自己的"
    assert "到要填的那一项" in told[-1].text


def test_what_the_book_refuses_is_not_told_as_filled(
    view: DeskView, book: Book, told: list[Message]
) -> None:
    page = open_table(view, "1-2")
    first, second = (line.id for n in range(2) if (line := page.list.view.rows.line(n)))
    book.set_values(first, {"remarks": "上一笔的"}, by=PREPARER)
    assert page.open_row(second, "remarks")
    with book.store.exporting():
        view.row.do_same_as_above()
    assert told[-1].kind == "error"
    assert not book.row(second).values.get("remarks")


def test_undo_puts_the_hands_where_it_has_changed_something(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    page = open_table(view, "1-2")
    line = page.list.view.rows.line(0)
    assert line is not None
    book.set_values(line.id, {"vouchers": "complete"}, by=PREPARER)
    assert page.open_row(line.id, "remarks")
    view.hands.do_undo()
    assert page.form is not None
    assert page.form.key_in_hand == "vouchers"
    assert not book.row(line.id).values.get("vouchers")


def test_the_search_line_says_what_the_list_in_sight_is_searched_for(
    view: DeskView, qtbot: QtBot
) -> None:
    page = open_table(view, "1-2")
    line = view.top.search
    line.setText("乙银行")
    wait_for(qtbot, lambda: page.list.view.rows.rowCount() == 1)
    other = open_table(view, "1-5")
    assert line.text() == ""
    assert other.list.search == ""
    open_table(view, "1-2")
    assert line.text() == "乙银行"
    page.list.show_all()
    assert line.text() == ""
    assert page.list.view.rows.rowCount() == 2

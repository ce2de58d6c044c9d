"""The list of problems: several warnings of one check chosen and kept with one reason."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QLabel
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.kept import LEDGER_REASONS, REASONS
from app.book.types import Balance
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.problems_page import KEEP_ONE, ProblemsPage
from app.ui.set_many_dialog import SetManyDialog
from app.ui.shortcuts import shortcut_lines
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import (
    INTERBANK,
    button_named,
    click,
    enter,
    focused,
    open_desk,
    press,
    type_text,
    wait_for,
)
from tests.ui.union.acting import active_dialog

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
DOUBTFUL = {**INTERBANK, "due_on": "2006-10-01", "initial_class": "doubtful"}
"""A finished row whose estimate of no loss is a warning (W003)."""


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """Three rows with the same warning, one of them with an error before it; one of the ledger."""
    made = make_book()
    for number, name in enumerate("甲乙丙", start=1):
        wrong = {"accuracy": None} if name == "乙" else {}
        amount = f"{number}00000.00"
        given = {**DOUBTFUL, "name": f"存放{name}银行", "carrying_amount": amount, **wrong}
        made.add_row("1-2", given, by=PREPARER)
    made.set_balances([Balance("1221", "存放同业款项", Decimal("100.00"))], by=PREPARER)
    return made


@pytest.fixture
def view(window: MainWindow, book: Book, qtbot: QtBot) -> DeskView:
    """The desk of the book."""
    return open_desk(window, book, qtbot)


@pytest.fixture
def page(view: DeskView, qtbot: QtBot) -> ProblemsPage:
    """The page after its check, with the keyboard on the first line."""
    found = view.go("problems")
    assert isinstance(found, ProblemsPage)
    wait_for(qtbot, lambda: found.view.lines.rowCount() > 0)
    assert codes(found) == ["E001", "W003", "W003", "W003", "W005"], "what blocks stands first"
    found.view.setFocus()
    found.view.choose([1], 1)
    return found


def codes(page: ProblemsPage) -> list[str]:
    """The checks of the lines that are shown."""
    return [finding.code for finding in page.view.lines.findings]


def give_reason(window: MainWindow, qtbot: QtBot) -> str:
    """Takes the first reason of the open question; returns what was asked."""
    asked = next(d for d in window.findChildren(QDialog) if d.isVisible())
    choice = asked.findChild(QComboBox)
    assert choice is not None
    choice.setCurrentIndex(0)
    words = "".join(label.text() for label in asked.findChildren(QLabel))
    click(qtbot, button_named(asked, "保留"))
    return words


def test_a_reason_typed_at_once_is_not_lost(
    window: MainWindow, page: ProblemsPage, book: Book, qtbot: QtBot
) -> None:
    press(qtbot, Qt.Key.Key_F7)
    asked = active_dialog(window, qtbot)
    press(qtbot, Qt.Key.Key_Return)
    assert asked.isVisible()
    assert book.kept() == []
    type_text(qtbot, "abc")
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: bool(book.kept()))
    assert [(one.reason, one.note) for one in book.kept()] == [("abc", "")]


def test_arrows_choose_a_reason_while_the_note_is_written(
    window: MainWindow, page: ProblemsPage, book: Book, qtbot: QtBot
) -> None:
    press(qtbot, Qt.Key.Key_F7)
    choice = active_dialog(window, qtbot).findChild(QComboBox)
    assert choice is not None
    for key, place in ((Qt.Key.Key_Down, 0), (Qt.Key.Key_Down, 1), (Qt.Key.Key_Up, 0)):
        press(qtbot, key)
        assert choice.currentIndex() == place
    type_text(qtbot, "ab")
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    type_text(qtbot, "c")
    press(qtbot, Qt.Key.Key_Up)
    assert choice.currentIndex() == 0  # within the text
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: bool(book.kept()))
    assert [(one.reason, one.note) for one in book.kept()] == [(REASONS[0], "ab\nc")]


def test_one_enter_too_many_behind_a_reason_opens_nothing(
    window: MainWindow, page: ProblemsPage, qtbot: QtBot
) -> None:
    asked: list[object] = []
    page.finding_asked.connect(asked.append)
    page.pause.setInterval(60_000)
    press(qtbot, Qt.Key.Key_F7)
    give_reason(window, qtbot)
    window.activateWindow()  # as a window manager does
    wait_for(qtbot, page.view.hasFocus)
    press(qtbot, Qt.Key.Key_Return)
    assert not asked
    wait_for(qtbot, lambda: "已保留1个" in page.count.text())
    press(qtbot, Qt.Key.Key_Return)
    assert not asked
    page.pause.start(0)
    wait_for(qtbot, lambda: not page.pause.isActive())
    press(qtbot, Qt.Key.Key_Return)
    assert len(asked) == 1


def test_what_is_told_of_others_goes_when_one_more_is_kept(
    window: MainWindow, page: ProblemsPage, qtbot: QtBot
) -> None:
    page.desk.messages.tell("已保留8个警告，理由都记下了。", kind="good")
    cleared: list[bool] = []
    page.desk.messages.cleared.connect(lambda: cleared.append(True))
    press(qtbot, Qt.Key.Key_F7)
    give_reason(window, qtbot)
    wait_for(qtbot, lambda: "已保留1个" in page.count.text())
    assert cleared


def test_the_same_warnings_are_kept_with_one_reason_by_keyboard(
    window: MainWindow, page: ProblemsPage, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    press(qtbot, Qt.Key.Key_A, CONTROL)
    assert page.view.chosen_places() == [1, 2, 3]
    assert page.keep_button.text() == "保留这3个并说明…"
    assert "选中3个同样的警告" in page.detail.text()
    press(qtbot, Qt.Key.Key_F7)
    words = give_reason(window, qtbot)
    assert "3个同样的警告" in words
    assert "存放甲银行、存放乙银行、存放丙银行" in words
    wait_for(qtbot, lambda: "已保留3个" in page.count.text())
    assert [one.code for one in book.kept()] == ["W003"] * 3
    assert len({one.reason for one in book.kept()}) == 1
    assert told[-1].text == "已保留3个警告，理由都记下了。"
    assert codes(page) == ["E001", "W005"]
    assert page.view.chosen_places() == [1]
    window.activateWindow()  # as a window manager does
    wait_for(qtbot, page.view.hasFocus)
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    wait_for(qtbot, lambda: "已保留" not in page.count.text() and len(codes(page)) == 5)
    assert book.kept() == []


def test_the_same_warnings_are_a_click_away(
    window: MainWindow, page: ProblemsPage, book: Book, qtbot: QtBot
) -> None:
    assert page.same_button.text() == "选中同样的3个"
    click(qtbot, page.same_button)
    assert page.view.chosen_places() == [1, 2, 3]
    assert focused() == page.view
    click(qtbot, page.keep_button)
    give_reason(window, qtbot)
    wait_for(qtbot, lambda: len(book.kept()) == 3)


def test_errors_among_the_chosen_are_never_kept(
    page: ProblemsPage, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    press(qtbot, Qt.Key.Key_Up, SHIFT)
    words = "选中的里面有1个错误，不能保留"
    assert not page.keep_button.isEnabled()
    assert words in page.detail.text()
    press(qtbot, Qt.Key.Key_F7)
    assert words in told[-1].text
    assert book.kept() == []


def test_different_checks_are_not_kept_together(
    page: ProblemsPage, qtbot: QtBot, told: list[Message]
) -> None:
    page.view.choose([2, 4], 4)
    assert page.keep_button.text() == KEEP_ONE
    assert not page.keep_button.isEnabled()
    assert "不是同一种警告" in page.detail.text()
    press(qtbot, Qt.Key.Key_F7)
    assert "按 Ctrl+A" in told[-1].text
    press(qtbot, Qt.Key.Key_A, CONTROL)
    assert page.view.chosen_places() == [4]
    assert page.keep_button.isEnabled()
    assert not page.same_button.isVisible()


def test_a_difference_of_sums_is_kept_with_words_of_its_own(
    window: MainWindow, page: ProblemsPage, book: Book, qtbot: QtBot
) -> None:
    page.view.choose([4], 4)
    press(qtbot, Qt.Key.Key_F7)
    dialog = active_dialog(window, qtbot)
    keep = button_named(dialog, "保留")
    press(qtbot, Qt.Key.Key_Down)
    assert dialog.findChildren(QComboBox)[0].currentText() == LEDGER_REASONS[0]
    assert not keep.isEnabled(), "a ready phrase explains no difference"
    enter(qtbot)
    assert book.kept() == []
    type_text(qtbot, "abc")
    assert keep.isEnabled()
    enter(qtbot)
    wait_for(qtbot, lambda: len(book.kept()) == 1)
    assert [(k.code, k.reason, k.note) for k in book.kept()] == [("W005", LEDGER_REASONS[0], "abc")]


def test_differences_kept_together_are_told_one_by_one(
    window: MainWindow, page: ProblemsPage, book: Book, qtbot: QtBot
) -> None:
    others = [Balance(code, book.chart()[code].name, Decimal(1)) for code in ("1011", "1111")]
    book.set_balances([*book.balances(), *others], by=PREPARER)
    page.renew()
    wait_for(qtbot, lambda: codes(page).count("W008") == 2)
    page.view.choose([codes(page).index("W008")], codes(page).index("W008"))
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_F7)
    dialog = active_dialog(window, qtbot)
    said = "".join(label.text() for label in dialog.findChildren(QLabel))
    assert "科目1011" in said
    assert "科目1111" in said
    dialog.reject()


def test_a_line_alone_says_why_it_is_not_kept(
    page: ProblemsPage, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    press(qtbot, Qt.Key.Key_Up)
    press(qtbot, Qt.Key.Key_F7)
    assert told[-1].text == "这是错误，不能保留，要改正。"
    book.keep(page.view.lines.findings[1].id, "已核对", by=PREPARER)
    page.renew()
    wait_for(qtbot, lambda: "已保留1个" in page.count.text())
    page.filter.setCurrentIndex(page.filter.findData("kept"))
    page.go_button.setFocus()
    press(qtbot, Qt.Key.Key_F7)
    assert told[-1].text == "这个警告已经保留了。"
    assert page.unkeep_button.isVisible()


def test_what_was_chosen_together_stays_chosen(page: ProblemsPage, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_A, CONTROL)
    page.filter.setCurrentIndex(page.filter.findData("warning"))
    assert codes(page) == ["W003", "W003", "W003", "W005"]
    assert page.view.chosen_places() == [0, 1, 2]


def test_the_keys_are_on_the_sheet() -> None:
    assert ("Ctrl+A、F7", "在问题里：选中同样的警告、一起保留") in shortcut_lines()


# ── the same field of several rows


def many_dialog(view: DeskView, qtbot: QtBot) -> SetManyDialog:
    """The open dialog that fills a field for many rows."""
    wait_for(qtbot, lambda: any(d.isVisible() for d in view.findChildren(SetManyDialog)))
    return next(d for d in view.findChildren(SetManyDialog) if d.isVisible())


def test_rows_that_lack_the_same_field_are_filled_together(
    view: DeskView, page: ProblemsPage, book: Book, qtbot: QtBot
) -> None:
    assert page.fill_button.isHidden() is False
    assert page.fill_button.text() == "这一项3笔一起填…"
    for name in ("丁", "戊"):
        book.add_row("1-2", {**DOUBTFUL, "name": name, "accuracy": None}, by=PREPARER)
    page.renew()
    wait_for(qtbot, lambda: codes(page).count("E001") == 3)
    page.view.choose([0], 0)
    assert page.fill_button.text() == "这一项3笔一起填…"
    press(qtbot, Qt.Key.Key_M, CONTROL)
    dialog = many_dialog(view, qtbot)
    table = view.table_page
    assert table is not None
    names = [table.list.view.rows.line(place) for place in range(3)]
    assert [line.name for line in names if line is not None] == ["存放乙银行", "丁", "戊"]
    assert table.list.view.rows.rowCount() == 3
    assert (dialog.field.currentData(), dialog.count) == ("accuracy", 3)
    dialog.reject()
    table.list.show_all()
    assert table.list.view.rows.rowCount() == 5


def test_only_the_chosen_problems_are_filled_together(
    view: DeskView, page: ProblemsPage, qtbot: QtBot
) -> None:
    page.view.choose([1, 3], 1)
    assert page.fill_button.text() == "这一项2笔一起填…"
    click(qtbot, page.fill_button)
    dialog = many_dialog(view, qtbot)
    assert (dialog.field.currentData(), dialog.count) == ("expected_loss", 2)
    dialog.reject()


@pytest.mark.parametrize("field", ["name", "carrying_amount"])
def test_what_differs_in_every_row_is_not_filled_together(
    page: ProblemsPage, book: Book, qtbot: QtBot, field: str
) -> None:
    for name in ("丁", "戊"):
        book.add_row("1-2", {**DOUBTFUL, "name": name, field: None}, by=PREPARER)
    page.renew()
    wait_for(qtbot, lambda: sum(one.field == field for one in page.findings) >= 2)
    listed = page.view.lines.findings
    place = next(n for n, one in enumerate(listed) if one.field == field)
    page.view.choose([place], place)
    assert page.fill_button.isHidden()


def test_rows_that_are_gone_are_not_filled(
    view: DeskView, page: ProblemsPage, told: list[Message]
) -> None:
    view.hands.fill_these("1-2", ("QS01-9999",), "remarks")
    assert "不在表里" in told[-1].text
    assert not [d for d in view.findChildren(SetManyDialog) if d.isVisible()]


def test_a_problem_that_no_other_row_has_is_gone_to(
    page: ProblemsPage, qtbot: QtBot, told: list[Message]
) -> None:
    page.view.choose([4], 4)  # of sums
    assert page.fill_button.isHidden()
    press(qtbot, Qt.Key.Key_M, CONTROL)
    assert "没有别的几笔" in told[-1].text

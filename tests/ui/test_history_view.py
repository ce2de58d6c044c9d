"""The history beside the form: what a period took over, and how a row differs from the last one."""

from __future__ import annotations

from datetime import date

from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.ui.main_window import MainWindow
from app.ui.side_pane import HISTORY
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import INTERBANK, open_desk, open_form, open_table


def history_of(window: MainWindow, book: Book, qtbot: QtBot, row_id: str) -> str:
    """What the history of a row of 1-2 shows."""
    page = open_table(open_desk(window, book, qtbot), "1-2")
    open_form(page, row_id)
    page.side.setCurrentIndex(HISTORY)
    return page.side.history.toPlainText()


def test_a_carried_row_is_shown_beside_the_last_period(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    row = book.add_row("1-2", {**INTERBANK, "name": "某行", "bond_name": "国债0601"}, by=PREPARER)
    book.add_period(date(2023, 12, 31), carry_forward=True, by=PREPARER)
    book.set_values(row.id, {"name": "某行清算组"}, by=PREPARER)
    shown = history_of(window, book, qtbot, row.id)
    assert "与上期（2006-12-31）相比" in shown
    assert "资产名称：某行 → 某行清算组" in shown
    assert "核算科目：1221 存放同业款项 → 1011 存放同业" in shown
    assert "合规性（内容）：合规 → （空）" in shown
    assert "由上一期带过来" in shown
    assert "没有带过来" not in shown


def test_what_was_left_behind_stands_in_the_history(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    row = book.add_row("1-2", {**INTERBANK, "subject": "9999"}, by=PREPARER)
    book.add_period(date(2007, 12, 31), carry_forward=True, by=PREPARER)
    shown = history_of(window, book, qtbot, row.id)
    assert "没有带过来：核算科目“9999”，上期的科目表里也没有这个科目" in shown


def test_a_new_row_is_compared_with_nothing(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    row = book.add_row("1-2", INTERBANK, by=PREPARER)
    assert "相比" not in history_of(window, book, qtbot, row.id)

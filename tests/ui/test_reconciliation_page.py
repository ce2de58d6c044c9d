"""账务核对: one counting for the page, its badge and the overview's line."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.checks import check_book
from app.book.types import Balance
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.navigation import RECONCILIATION
from app.ui.overview_page import OverviewPage
from app.ui.reconciliation_page import ReconciliationPage
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import INTERBANK, focused, open_desk, open_table, press, wait_for


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """Balances without rows: two of assets, and the depreciation of one of them."""
    made = make_book()
    given = [
        Balance("1391", "其他应收款", Decimal("100.00")),
        Balance("1501", "固定资产", Decimal("900.00")),
        Balance("1502", "累计折旧", credit=Decimal("300.00")),
    ]
    made.set_balances(given, by=PREPARER)
    return made


@pytest.fixture
def page(window: MainWindow, book: Book, qtbot: QtBot) -> ReconciliationPage:
    """The page as it opens."""
    found = open_desk(window, book, qtbot).go("reconciliation")
    assert isinstance(found, ReconciliationPage)
    return found


def view_of(window: MainWindow) -> DeskView:
    """The desk in the window."""
    return window.findChildren(DeskView)[0]


def test_the_page_counts_as_its_badge_and_the_overview(
    window: MainWindow, page: ReconciliationPage, qtbot: QtBot
) -> None:
    view = view_of(window)
    wait_for(qtbot, lambda: view.desk.tally.differences > 0)
    assert page.state.text() == "3个科目，2个还没有登记，1个等所在的表登记后再核对。"
    assert view.desk.tally.differences == 2
    words = {row.texts[1]: (row.sign, row.texts[0]) for row in page.table.lines.rows}
    assert words["1501"] == ("warning", "还没有登记")
    assert words["1502"] == ("info", "等待登记")
    overview = view.go("overview")
    assert isinstance(overview, OverviewPage)
    line = next(r for r in overview.table.lines.rows if r.key == RECONCILIATION)
    assert line.texts[4] == "2"


def test_what_is_no_subject_is_counted_beside_them(page: ReconciliationPage, book: Book) -> None:
    book.set_balances(
        [
            Balance("1221", "存放同业款项", Decimal("250000.00")),
            Balance("3121", "历年亏损挂账", Decimal("9.00")),
        ],
        by=PREPARER,
    )
    deficit = {**INTERBANK, "subject": "3121", "initial_class": "loss"}
    book.add_rows("1-2", [INTERBANK, deficit], by=PREPARER, source="typed")
    page.renew()
    assert page.state.text().startswith("1个科目，全部核对过。另有1个账务警告，见“问题”。")
    assert page.problems_button.isVisible()


def test_a_subject_that_is_not_entered_yet_leads_to_where_it_is(
    window: MainWindow, page: ReconciliationPage, qtbot: QtBot, told: list[Message]
) -> None:
    place = next(n for n, row in enumerate(page.table.lines.rows) if row.texts[1] == "1501")
    page.table.setFocus()
    page.table.selectRow(place)
    press(qtbot, Qt.Key.Key_Return)
    view = view_of(window)
    assert view.navigation.current_key() == "table:1-8"
    shown = view.table_page
    assert shown is not None
    assert shown.isAncestorOf(focused())
    assert told[-1].text == "1501 固定资产还没有登记，总账余额900.00元。"
    assert "新增" in told[-1].way_out
    assert not shown.list.search
    shown.add_row()
    assert shown.session is not None
    assert shown.session.row.values == {"subject": "1501"}
    shown.session.store("name", "营业楼")
    shown.add_row()
    assert "subject" not in shown.session.row.values, "the next one may be of another"


def test_a_subject_is_wanted_no_longer_than_its_table_is_looked_at(
    window: MainWindow, page: ReconciliationPage, qtbot: QtBot
) -> None:
    place = next(n for n, row in enumerate(page.table.lines.rows) if row.texts[1] == "1501")
    page.table.setFocus()
    page.table.selectRow(place)
    press(qtbot, Qt.Key.Key_Return)
    view = view_of(window)
    view.go("overview")
    shown = open_table(view, "1-8")
    shown.add_row()
    assert shown.session is not None
    assert "subject" not in shown.session.row.values


def test_what_is_explained_shows_its_reason_in_place_of_clues(
    page: ReconciliationPage, book: Book, qtbot: QtBot
) -> None:
    wait_for(qtbot, lambda: "没有找到像是原因的一笔" in page.why.text())
    finding = next(f for f in check_book(book) if "1391" in f.message)
    book.keep(finding.id, "总账多记", by=PREPARER, note="次月冲回")
    page.renew()
    page.table.selectRow(0)
    assert page.why.text() == "1391 其他应收款：各笔比总账少100.00元。已说明：总账多记，次月冲回。"
    assert page.clues.isHidden()


def test_a_search_that_ends_late_leaves_the_reason(
    page: ReconciliationPage, book: Book, qtbot: QtBot
) -> None:
    wait_for(qtbot, lambda: "没有找到像是原因的一笔" in page.why.text())
    tie = page._tie()
    assert tie is not None
    finding = next(f for f in check_book(book) if "1391" in f.message)
    book.keep(finding.id, "总账多记", by=PREPARER, note="次月冲回")
    page.renew()
    page._show_clues((tie, []))
    assert "已说明：总账多记" in page.why.text()

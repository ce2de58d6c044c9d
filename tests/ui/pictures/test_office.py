"""An office's pages, from the start page to sealing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.book.pointing import set_box
from app.book.types import Box
from app.ui import remembered
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.overview_page import OverviewPage
from app.ui.problems_page import ProblemsPage
from app.ui.reconciliation_page import ReconciliationPage
from app.ui.search_page import SearchPage
from app.ui.side_pane import EVIDENCE, HISTORY, PAPER
from app.ui.submit_page import SubmitPage
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.evidence.papers import draw_photo
from tests.ui.hands import add_cases, enter, open_desk, open_form, open_table, type_text, wait_for
from tests.ui.pictures.taking import (
    HOME,
    Taker,
    row_named,
)


def test_start_page(
    window: MainWindow,
    picture: Taker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ("青山信用社", "绿水信用社")
    books = [remembered.RecentBook(HOME / f"{name}.wuji", name) for name in names]
    assert window.start is not None
    picture(window, "start-first")
    monkeypatch.setattr(remembered, "recent_books", lambda _settings: books)
    window.start.renew()
    window.start.setFocus()
    picture(window, "start")


def test_main_window(view: DeskView, window: MainWindow, picture: Taker) -> None:
    page = open_table(view, "1-2")
    form = open_form(page, row_named(page, "城市信用"))
    form.go_to("counterparty_state")
    picture(window, "main-window")


@pytest.mark.parametrize("key", ["overview", "summary", "reports"])
def test_pages(view: DeskView, window: MainWindow, picture: Taker, key: str) -> None:
    view.go(key)
    picture(window, key)


def test_problems_page(view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot) -> None:
    page = view.go("problems")
    assert isinstance(page, ProblemsPage)
    qtbot.waitUntil(lambda: bool(page.findings))
    picture(window, "problems")


def test_answers_that_remarks_speak_against(
    view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot
) -> None:
    row_id = view.desk.book.row_list("1-8")[0].id
    view.desk.book.set_values(row_id, {"remarks": "2006年起出租", "usage": "own_use"}, by=PREPARER)
    form = open_form(open_table(view, "1-8"), row_id)
    form.go_to("usage")
    picture(window, "hint-in-form")
    page = view.go("problems")
    assert isinstance(page, ProblemsPage)
    page.show_only("hint")
    qtbot.waitUntil(lambda: page.view.current() is not None)
    picture(window, "hints")


def test_submit_page(view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot) -> None:
    page = view.go("submit")
    assert isinstance(page, SubmitPage)
    qtbot.waitUntil(lambda: page.state is not None)
    page.folder.setText(str(HOME / "上报2006-12-31"))
    picture(window, "submit")


def test_after_a_crash(
    window: MainWindow, make_book: BookMaker, picture: Taker, qtbot: QtBot
) -> None:
    book = make_book()
    add_cases(book, PREPARER)
    row = book.row_list("1-2")[0]
    book.set_values(row.id, {"remarks": "已与对方核对"}, by=PREPARER)
    book.save_draft(row.id, "counterparty", "某某城市信用社营")
    remembered.begin_work(window.settings, book.path)
    view = open_desk(window, book, qtbot)
    qtbot.waitUntil(lambda: view.desk.tally.sheets > 0)
    picture(window, "after-a-crash")


def test_reminder(view: DeskView, window: MainWindow, picture: Taker) -> None:
    page = view.go("overview")
    assert isinstance(page, OverviewPage)
    page.away.now = lambda: datetime.now(UTC) + timedelta(days=9)
    page.away.renew()
    assert page.away.isVisible()
    picture(window, "backup-reminder")


def test_list_alone(view: DeskView, window: MainWindow, picture: Taker) -> None:
    open_table(view, "1-8").list.view.choose_place(0)
    picture(window, "list")


def test_empty_table(view: DeskView, window: MainWindow, picture: Taker) -> None:
    page = open_table(view, "1-7")
    for row in list(view.desk.book.rows("1-7")):
        view.desk.book.remove_row(row.id, by=PREPARER)
    page.list.reload()
    picture(window, "empty-table")


@pytest.mark.parametrize(
    ("tab", "name"), [(PAPER, "working-paper"), (EVIDENCE, "evidence"), (HISTORY, "history")]
)
def test_side_pane(
    view: DeskView,
    window: MainWindow,
    picture: Taker,
    tab: int,
    name: str,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    page = open_table(view, "1-5")
    open_form(page, row_named(page, "挪用"))
    file = draw_photo(tmp_path / "报案回执.png")
    evidence = page.side.evidence
    page.side.setCurrentIndex(EVIDENCE)
    evidence.attach([file], evidence.needs.item(0).text())
    wait_for(qtbot, lambda: evidence.files.count() == 1)
    page.side.setCurrentIndex(tab)
    picture(window, name)


def test_paper_beside_the_form(
    view: DeskView,
    window: MainWindow,
    picture: Taker,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    page, book = open_table(view, "1-2"), view.desk.book
    row_id = row_named(page, "城市信用")
    slip = book.attach(row_id, draw_photo(tmp_path / "存单.png"), by=PREPARER)
    for field, rect in (("carrying_amount", (800, 3150, 8000, 3800)),
                        ("formed_on", (800, 4000, 5200, 4500))):  # fmt: skip
        set_box(book, slip.id, Box(field, 1, rect), by=PREPARER)
    open_form(page, row_id).go_to("carrying_amount")
    page.toggle_paper()
    paper = page.side.evidence.beside.view
    wait_for(qtbot, lambda: paper.area.isVisible() and not paper.renderer.worker.busy)
    picture(window, "evidence-beside")


def test_reasons(view: DeskView, window: MainWindow, picture: Taker) -> None:
    page = open_table(view, "1-2")
    form = open_form(page, row_named(page, "城市信用"))
    form.result.toggle.click()
    picture(window, "reasons")


def test_problems_in_the_form(view: DeskView, window: MainWindow, picture: Taker) -> None:
    page = open_table(view, "1-2")
    row = view.desk.book.add_row(
        "1-2", {"subject": "1391", "carrying_amount": "12.345", "formed_on": "前年"}, by=PREPARER
    )
    page.list.reload()
    form = open_form(page, row.id)
    form.check_now()
    form.go_to("formed_on")
    picture(window, "problems-in-form")


def test_big_loss_sheet(view: DeskView, window: MainWindow, picture: Taker) -> None:
    sheet = view.desk.book.big_losses()[0]
    view.open_row("2", sheet.row_id)
    picture(window, "big-loss")


def test_unknown_subject_in_the_form(view: DeskView, window: MainWindow, picture: Taker) -> None:
    page = open_table(view, "1-5")
    row = view.desk.book.add_row("1-5", {"subject": "1399", "name": "暂付款"}, by=PREPARER)
    page.list.reload()
    form = open_form(page, row.id)
    form.check_now()
    form.go_to("subject")
    picture(window, "unknown-subject")


def test_narrow_window(view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot) -> None:
    window.resize(1024, 700)
    page = open_table(view, "1-2")
    form = open_form(page, row_named(page, "城市信用"))
    qtbot.waitUntil(lambda: not page.side.isVisible())
    form.go_to("counterparty_state")
    picture(window, "narrow")


def test_overview_beside_last_period(
    view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot
) -> None:
    book = view.desk.book
    period = book.add_period(date(2007, 12, 31), carry_forward=True, by=PREPARER)
    view.desk.enter_period(period.id)
    view.go("overview")
    qtbot.waitUntil(lambda: view.desk.tally.last is not None)
    picture(window, "overview-second-period")


def test_reconciliation_with_clues(
    view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot
) -> None:
    book = view.desk.book
    extra = {"name": "拆放城市信用社", "subject": "1231", "carrying_amount": "60000.00"}
    book.add_rows("1-2", [extra, extra], by=PREPARER, source="typed")
    page = view.go("reconciliation")
    assert isinstance(page, ReconciliationPage)
    page.table.selectRow(
        next(n for n, row in enumerate(page.table.lines.rows) if row.texts[1] == "1231")
    )
    qtbot.waitUntil(lambda: "正在找" not in page.why.text())
    picture(window, "reconciliation")


def test_what_a_search_finds(
    view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot
) -> None:
    view.top.search.setFocus()
    type_text(qtbot, "存放")
    enter(qtbot)
    qtbot.waitUntil(lambda: isinstance(view.page, SearchPage))
    view.desk.messages.tell("这是最后一笔。", "要登记新的一笔，按 Ctrl+N。")
    picture(window, "search")


def test_a_menu(view: DeskView, window: MainWindow, picture: Taker) -> None:
    menu = window.actions_by_name["undo"].associatedObjects()[-1]
    assert isinstance(menu, QMenu)
    menu.popup(window.mapToGlobal(window.rect().center()))
    picture(menu, "menu")
    menu.close()

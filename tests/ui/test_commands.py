"""Every command of the menus, and the buttons of the pages: what they say is what they do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.types import Institution
from app.ui import navigation
from app.ui.balance_dialog import BalanceDialog
from app.ui.balance_import_dialog import BalanceImportDialog
from app.ui.database_dialog import DatabaseDialog
from app.ui.desk_view import DeskView
from app.ui.import_dialog import ImportDialog
from app.ui.key_dialog import KeyDialog
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.new_book_dialog import NewBookDialog
from app.ui.overview_page import OverviewPage
from app.ui.people_dialog import PeopleDialog
from app.ui.period_dialog import PeriodDialog
from app.ui.problems_page import ProblemsPage
from app.ui.restore_dialog import RestoreDialog
from app.ui.shortcuts import SHORTCUTS
from app.ui.sign_line import SignLine
from app.ui.subjects_dialog import SubjectsDialog
from app.ui.submit_page import SubmitPage
from app.ui.union.reports_page import ReportsPage
from tests.ui.conftest import BASE_DATE, PREPARER, BookMaker
from tests.ui.hands import (
    INTERBANK,
    button_named,
    click,
    go_back,
    open_desk,
    open_form,
    open_table,
    wait_for,
)

OPENS: dict[str, type[QDialog]] = {
    "open_database": DatabaseDialog,
    "new_book": NewBookDialog,
    "new_period": PeriodDialog,
    "restore_backup": RestoreDialog,
    "import_rows": ImportDialog,
    "import_balances": BalanceImportDialog,
    "subjects": SubjectsDialog,
    "people": PeopleDialog,
    "key": KeyDialog,
}
"""Commands that open a dialog; it closes by its own button."""
ASKS = {
    "open_book": "打开账套",
    "backup": "备份到",
    "template": "模板保存在",
    "take_in": "接收联社答复",
    "import_rows": "选择清单",
    "import_balances": "选择科目余额表",
}
"""Commands that ask for a file or a folder, by the title of the question."""
ON_PAGES = {"overview", "check", "check_all", "remove_row", "paste_rows", "quit"}
ZOOMS = {"zoom_out": 0.9, "zoom_reset": 1.0}
ELSEWHERE = {
    "close_book": "test_a_book_is_not_put_away_while_work_needs_it",
    "undo": "test_a_block_is_previewed_then_pasted_as_one_change",
    "redo": "test_a_block_is_previewed_then_pasted_as_one_change",
    "undo_list": "test_undo_as_far_as_one_likes",
    "add_row": "test_a_new_row_alone_is_chosen_while_ctrl_is_down",
    "copy_row": "test_a_copy_opens_at_its_name",
    "set_many": "test_a_field_is_set_for_the_chosen_rows",
    "find": "test_the_search_is_one_key_away_from_everywhere",
    "same_as_above": "test_a_field_is_filled_as_in_the_row_above",
    "next_row": "test_ctrl_enter_goes_to_the_next_asset_and_back",
    "previous_row": "test_ctrl_enter_goes_to_the_next_asset_and_back",
    "next_problem": "test_a_visitor_who_does_every_step",
    "keep_warning": "test_f7_keeps_the_warning_of_the_field_in_focus",
    "close_form": "test_a_worked_case_of_every_table_by_keyboard_alone",
    "toggle_list": "test_f6_hides_and_shows_the_list",
    "toggle_side": "test_f9_shows_the_side_pane_in_a_narrow_window",
    "toggle_paper": "test_without_a_paper_there_is_a_word",
    "zoom_in": "test_zoom_keeps_the_open_row",
    "help": "test_f1_shows_the_field_in_focus_first",
    "shortcuts": "test_the_keys_have_a_page",
    "tour": "test_a_book_is_not_put_away_while_work_needs_it",
    "about": "test_about_names_version_and_licences",
}
"""Commands that another test gives, by its name."""


@pytest.fixture
def view(window: MainWindow, make_book: BookMaker, qtbot: QtBot) -> DeskView:
    """The desk of a book with one row."""
    book = make_book()
    book.add_row("1-2", INTERBANK, by=PREPARER)
    return open_desk(window, book, qtbot)


def dialog_of(window: MainWindow, kind: type[QDialog], qtbot: QtBot) -> QDialog:
    """The one dialog of its kind, once it has come into sight."""

    def found() -> list[QDialog]:
        return [one for one in window.findChildren(kind) if one.isVisible()]

    wait_for(qtbot, lambda: len(found()) == 1)
    return found()[0]


def leave(window: MainWindow, dialog: QDialog, qtbot: QtBot) -> None:
    """Leaves a dialog; the offscreen platform does not make the window active again."""
    go_back(dialog, qtbot)
    window.activateWindow()
    wait_for(qtbot, window.isActiveWindow)


def test_every_command_is_tried_by_a_test() -> None:
    tried = {*OPENS, *ASKS, *ON_PAGES, *ZOOMS, *ELSEWHERE}
    assert tried == {shortcut.name for shortcut in SHORTCUTS}
    folder = Path(__file__).parent
    written = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("test_*.py"))
    tests = set(re.findall(r"^def (test_\w+)", written, re.MULTILINE))
    assert set(ELSEWHERE.values()) <= tests


def test_commands_open_their_dialog_which_closes_by_its_button(
    window: MainWindow, view: DeskView, asked: list[str], qtbot: QtBot
) -> None:
    before = view.desk.book.verify_history().entries
    for name, kind in OPENS.items():
        window.actions_by_name[name].trigger()
        leave(window, dialog_of(window, kind, qtbot), qtbot)
    assert view.desk.book.verify_history().entries == before


def test_commands_ask_for_the_file_they_need(
    window: MainWindow, view: DeskView, asked: list[str], qtbot: QtBot
) -> None:
    open_table(view, "1-2")
    for name, title in ASKS.items():
        asked.clear()
        window.actions_by_name[name].trigger()
        assert asked == [title], name
        for dialog in (one for one in window.findChildren(QDialog) if one.isVisible()):
            leave(window, dialog, qtbot)


CHOOSERS: tuple[tuple[type[Any], str, str], ...] = (
    (NewBookDialog, "选择…", "账套保存在"),
    (RestoreDialog, "选别处的文件…", "选一份备份"),
    (ImportDialog, "选择文件…", "选择清单"),
    (BalanceImportDialog, "选择文件…", "选择科目余额表"),
)


def test_buttons_that_choose_a_file(
    window: MainWindow, view: DeskView, asked: list[str], qtbot: QtBot
) -> None:
    for kind, words, title in CHOOSERS:
        asked.clear()
        dialog = kind(view.desk, window)
        dialog.open()
        wait_for(qtbot, dialog.isActiveWindow)
        click(qtbot, button_named(dialog, words))
        assert asked == [title]
        leave(window, dialog, qtbot)


def test_commands_on_pages_and_rows(
    window: MainWindow, view: DeskView, told: list[Message], qtbot: QtBot
) -> None:
    def give(name: str) -> None:
        window.actions_by_name[name].trigger()

    give("check_all")
    assert isinstance(view.page, ProblemsPage)
    give("overview")
    assert isinstance(view.page, OverviewPage)
    page = open_table(view, "1-2")
    open_form(page, view.desk.book.row_list("1-2", limit=1)[0].id)
    give("check")
    assert "这一笔" in told[-1].text
    QGuiApplication.clipboard().clear()
    give("paste_rows")
    assert "剪贴板里没有表格内容" in told[-1].text
    give("remove_row")
    assert dialog_of(window, QDialog, qtbot).windowTitle() == "移出资产"
    leave(window, dialog_of(window, QDialog, qtbot), qtbot)
    give("quit")
    assert not window.isVisible()


def test_the_size_of_everything(window: MainWindow, look: Look) -> None:
    for name, zoom in ZOOMS.items():
        window.actions_by_name[name].trigger()
        assert look.zoom == pytest.approx(zoom)


def test_buttons_of_a_list(
    window: MainWindow, view: DeskView, asked: list[str], qtbot: QtBot
) -> None:
    page = open_table(view, "1-4")
    click(qtbot, button_named(page, "取一份填报模板…"))
    assert asked == ["模板保存在"]
    for words in ("从清单导入…", "导入"):
        click(qtbot, button_named(page, words))
        leave(window, dialog_of(window, ImportDialog, qtbot), qtbot)
    for count, words in enumerate(("登记第一笔", "新增"), start=1):
        click(qtbot, button_named(page, words))
        assert view.desk.book.row_count("1-4") == count
        assert page.session is not None
        page.session.commit("name", words)  # left empty it would not stay beside another
        page.close_form()


def test_buttons_beside_a_form(view: DeskView, qtbot: QtBot) -> None:
    page = open_table(view, "1-2")
    form = open_form(page, view.desk.book.row_list("1-2", limit=1)[0].id)
    for section, button in list(form.section_bar.buttons.items())[1:]:
        click(qtbot, button)
        assert form.focused_key in {field.key for field in form.sections[section]}
    shown = page.side.isVisible()
    click(qtbot, page.head.tools["paper"])
    assert page.side.isVisible() is not shown


STEPS: dict[str, type[QDialog]] = {
    "登记人员…": PeopleDialog,
    "导入余额…": BalanceImportDialog,
    "导入清单…": ImportDialog,
}


def click_step(view: DeskView, words: str, qtbot: QtBot) -> None:
    """Clicks the button of a step of the overview, once the page has read how things stand."""
    page = view.go(navigation.OVERVIEW)

    def shown() -> list[QPushButton]:
        buttons = page.findChildren(QPushButton)
        return [one for one in buttons if one.text() == words and one.isVisible()]

    wait_for(qtbot, lambda: len(shown()) == 1)
    click(qtbot, shown()[0])


def test_steps_of_the_overview(
    window: MainWindow, tmp_path: Path, asked: list[str], qtbot: QtBot
) -> None:
    book = Book.create(tmp_path / "新.wuji", Institution("QS01", "青山信用社"), BASE_DATE)
    book.add_person(PREPARER, "preparer")
    view = open_desk(window, book, qtbot)
    for words, kind in STEPS.items():
        click_step(view, words, qtbot)
        leave(window, dialog_of(window, kind, qtbot), qtbot)
    book.add_row("1-2", INTERBANK, by=PREPARER)
    view.desk.rows_were_changed()
    for words in ("确认…", "去上报"):
        click_step(view, words, qtbot)
        assert isinstance(view.page, SubmitPage)


def test_buttons_of_the_start_page(window: MainWindow, qtbot: QtBot) -> None:
    assert window.start is not None
    click(qtbot, window.start.database_button)
    leave(window, dialog_of(window, DatabaseDialog, qtbot), qtbot)
    with qtbot.waitSignal(window.start.tour_asked):
        # The tour itself has tests of its own.
        window.actions_by_name["tour"].setEnabled(False)
        click(qtbot, window.start.tour_button)


def test_buttons_of_the_pages(
    window: MainWindow,
    view: DeskView,
    asked: list[str],
    qtbot: QtBot,
) -> None:
    page: Any = view.go(navigation.RECONCILIATION)
    click(qtbot, button_named(page, "登记余额…"))
    leave(window, dialog_of(window, BalanceDialog, qtbot), qtbot)
    click(qtbot, button_named(page, "导入余额…"))
    leave(window, dialog_of(window, BalanceImportDialog, qtbot), qtbot)
    page = view.go(navigation.PROBLEMS)
    wait_for(qtbot, lambda: not window.worker.busy)
    view.desk.book.add_row("1-2", {**INTERBANK, "limitation": None}, by=PREPARER)
    click(qtbot, button_named(page, "重新检查"))
    wait_for(qtbot, lambda: page.view.lines.rowCount() > 0)
    click(qtbot, button_named(view.go(navigation.SUMMARY), "导出报表…"))
    assert isinstance(view.page, ReportsPage)
    asked.clear()
    click(qtbot, button_named(view.go(navigation.ANSWERS), "接收联社答复…"))
    assert asked == ["接收联社答复"]
    page = view.go(navigation.SUBMIT)
    click(qtbot, button_named(page, "印章图片…"))
    leave(window, dialog_of(window, KeyDialog, qtbot), qtbot)
    asked.clear()
    click(qtbot, button_named(page, "选择…"))
    assert asked == ["放在文件夹"]
    wait_for(qtbot, lambda: any(line.button for line in page.card.findChildren(SignLine)))
    click(qtbot, button_named(page.card, "生成密钥"))
    leave(window, dialog_of(window, KeyDialog, qtbot), qtbot)

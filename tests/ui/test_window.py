"""The main window: start page, opening and closing, keys, zoom, what is kept."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QSettings, Qt
from PySide6.QtGui import QFontMetrics, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.book.book import Book
from app.book.types import Institution
from app.ui import navigation, remembered
from app.ui.desk_hands import DeskHands
from app.ui.desk_row import DeskRow
from app.ui.desk_view import DeskView
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.message_bar import MessageBar
from app.ui.messages import Kind, Message, bug_message
from app.ui.search_page import SearchPage
from app.ui.shortcuts import FORM_KEYS, SHORTCUTS, shortcut_lines
from app.ui.start_page import RecentBooks, StartPage
from app.ui.table_page import TablePage
from app.ui.worker import Progress
from tests.ui.conftest import ACCOUNTANT, BASE_DATE, PREPARER, BookMaker
from tests.ui.hands import (
    INTERBANK,
    add_cases,
    button_named,
    click,
    enter,
    focused,
    go_back,
    open_desk,
    open_form,
    open_table,
    press,
    type_text,
    wait_for,
)

CTRL = Qt.KeyboardModifier.ControlModifier


class StrayWindows(QObject):
    """Notes every window that shows up beside the one there is to be."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Watches widgets being shown as windows."""
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
        if shown and watched.isWindow() and watched is not self.window:  # type: ignore[attr-defined]
            self.seen.append(repr(watched))
        return False


def start_page(window: MainWindow) -> StartPage:
    """The start page, which must be there."""
    assert window.start is not None
    return window.start


def closed_book(make_book: BookMaker, name: str = "青山") -> Path:
    """The file of a book that nobody has open."""
    book = make_book(name)
    book.close()
    return book.path


# ── start page


def test_without_books_the_start_page_offers_to_begin(window: MainWindow) -> None:
    page = start_page(window)
    assert page.isVisible()
    assert page.empty.isVisible()
    assert page.tour_button.hasFocus()


def test_who_has_seen_the_tour_and_has_no_book_is_not_told_to_go_on(
    window: MainWindow, settings: QSettings
) -> None:
    page = start_page(window)
    assert page.recent_head.text() == "第一次用五级"
    remembered.set_tour_seen(settings)
    page.renew()
    assert page.recent_head.text() == "最近的账套"


def test_names_of_tables_are_whole_where_the_window_has_room(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    view = open_desk(window, make_book(), qtbot)
    left, look = view.navigation, window.look
    window.resize(look.px(1024), look.px(768))
    wait_for(qtbot, lambda: left.width() == look.px(navigation.WIDTH))
    window.resize(look.px(1366), look.px(768))
    wait_for(qtbot, lambda: left.width() > look.px(navigation.WIDTH))
    small = QFontMetrics(look.font("small"))
    beside = look.px(18) + look.px(38) + look.px(4) + small.horizontalAdvance("9/9")
    names = [entry.title for entry in left.lines.entries]
    cut = [name for name in names if small.horizontalAdvance(name) + beside > left.width()]
    assert cut == []


def test_the_right_button_does_not_move_the_mark_of_the_navigation(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    navigation = open_desk(window, make_book(), qtbot).navigation
    before = navigation.current_key()
    place = navigation.visualRect(navigation.lines.index(4)).center()
    QTest.mouseClick(navigation.viewport(), Qt.MouseButton.RightButton, pos=place)
    assert navigation.current_key() == before
    QTest.mouseClick(navigation.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert navigation.current_key() != before


def test_keys_that_look_for_a_page_leave_the_mark_on_the_one_shown(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    view = open_desk(window, make_book(), qtbot)
    navigation = view.navigation
    before, shown = navigation.current_key(), view.page
    navigation.setFocus()
    press(qtbot, Qt.Key.Key_End)
    last = navigation.keyboard_key()
    assert (navigation.current_key(), view.page) == (before, shown)
    view.desk.rows_were_changed()
    QApplication.processEvents()
    assert navigation.keyboard_key() == last, "what is counted beside takes nobody's place away"
    press(qtbot, Qt.Key.Key_Tab)
    navigation.setFocus()
    assert navigation.keyboard_key() == before
    press(qtbot, Qt.Key.Key_End)
    press(qtbot, Qt.Key.Key_Return)
    assert navigation.current_key() == last
    assert view.page is not shown


@pytest.mark.parametrize("page", ["overview", "table:2"])
def test_pages_of_the_book_before_hear_of_nothing_any_more(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot, page: str
) -> None:
    left = open_desk(window, make_book("青山"), qtbot).go(page)
    assert left is not None
    open_desk(window, make_book("绿水"), qtbot)
    wait_for(qtbot, lambda: not isValid(left))
    with qtbot.captureExceptions() as raised:
        window.desk.rows_were_changed("1-2")
    assert raised == []


def test_recent_books_are_listed_newest_first(
    window: MainWindow, make_book: BookMaker, settings: QSettings
) -> None:
    for name in ("青山", "绿水"):
        remembered.add_recent(settings, closed_book(make_book, name), f"{name}信用社")
    start_page(window).renew()
    texts = [start_page(window).recent.item(n).text() for n in range(2)]
    assert [text.split("\n")[0] for text in texts] == ["绿水信用社", "青山信用社"]


def test_a_long_path_loses_its_middle_and_nothing_scrolls(look: Look, qtbot: QtBot) -> None:
    books = RecentBooks()
    qtbot.addWidget(books)
    path = "/home/wangming/" + "很长的文件夹/" * 20 + "青山.wuji"
    books.add_book("青山信用社", path)
    books.resize(300, 100)
    books.show()
    name, shown = books.item(0).text().split("\n")
    assert (name, books.item(0).toolTip()) == ("青山信用社", path)
    assert shown.endswith("青山.wuji")
    assert len(shown) < len(path)
    assert books.fontMetrics().horizontalAdvance(shown) < books.viewport().width()
    books.resize(5000, 100)
    assert books.item(0).text().endswith(path)


def test_enter_opens_the_recent_book(
    window: MainWindow, make_book: BookMaker, settings: QSettings, qtbot: QtBot
) -> None:
    path = closed_book(make_book)
    remembered.add_recent(settings, path, "青山信用社")
    page = start_page(window)
    page.renew()
    page.recent.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert window.desk.has_book
    assert window.desk.book.path == path.resolve()
    assert window.windowTitle().startswith("青山信用社")


def test_a_book_that_is_gone_is_no_longer_listed(
    window: MainWindow, settings: QSettings, tmp_path: Path
) -> None:
    path = tmp_path / "没了.wuji"
    path.touch()
    remembered.add_recent(settings, path, "某社")
    path.unlink()
    assert remembered.recent_books(settings) == []


def test_recent_list_keeps_eight(settings: QSettings, tmp_path: Path) -> None:
    for number in range(10):
        path = tmp_path / f"{number}.wuji"
        path.touch()
        remembered.add_recent(settings, path, str(number))
    assert [b.institution for b in remembered.recent_books(settings)] == list("98765432")


def test_opening_by_file_dialog(
    window: MainWindow, make_book: BookMaker, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    path = closed_book(make_book)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(path), ""))
    click(qtbot, start_page(window).open_button)
    assert window.desk.has_book


def test_the_file_dialog_opens_where_the_books_are(
    window: MainWindow,
    make_book: BookMaker,
    settings: QSettings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    remembered.add_recent(settings, closed_book(make_book), "青山信用社")
    listings = tmp_path / "清单"
    listings.mkdir()
    remembered.set_last_folder(settings, listings)
    asked: list[str] = []

    def choose(_parent: object, _title: str, folder: str, _filter: str) -> tuple[str, str]:
        asked.append(folder)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    window.do_open_book()
    assert asked == [str(tmp_path)]


def test_a_file_that_is_no_book_is_told_in_one_line(
    window: MainWindow, told: list[Message], tmp_path: Path
) -> None:
    path = tmp_path / "不是.wuji"
    path.write_text("abc", encoding="utf-8")
    window.open_book(path)
    assert not window.desk.has_book
    assert start_page(window).isVisible()
    assert len(told) == 1
    assert told[0].kind == "error"
    assert told[0].detail == ""


def test_a_book_in_use_is_told(
    window: MainWindow, make_book: BookMaker, told: list[Message]
) -> None:
    book = make_book()
    window.open_book(book.path)
    assert not window.desk.has_book
    assert "正在另一个窗口" in told[0].text


def test_demonstration_runs_in_the_worker_and_opens_its_book(
    window: MainWindow,
    make_book: BookMaker,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    path = closed_book(make_book)
    seen: list[tuple[str, bool]] = []

    def made(folder: Path, progress: Progress) -> Path:
        progress(1, 2, "填表")
        seen.append((folder.name, threading.current_thread() is threading.main_thread()))
        return path

    monkeypatch.setattr("app.ui.demo_job.made_demo", made)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(tmp_path))
    click(qtbot, start_page(window).demo_button)
    wait_for(qtbot, lambda: window.desk.has_book)
    assert seen == [("五级演示", False)]


def test_demonstration_never_takes_a_folder_that_is_there(tmp_path: Path) -> None:
    from app.ui.demo_job import free_folder

    wanted = tmp_path / "五级演示"
    wanted.mkdir()
    assert free_folder(wanted).name == "五级演示2"


# ── the desk


def test_last_page_of_the_book_comes_back(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    view = open_desk(window, book, qtbot)
    view.go("table:1-8")
    window.do_close_book()
    view = open_desk(window, Book.open(book.path), qtbot)
    assert view.navigation.current_key() == "table:1-8"


def test_person_of_the_book_comes_back(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    open_desk(window, book, qtbot)
    assert window.desk.by == PREPARER
    window.desk.choose_person(ACCOUNTANT)
    window.do_close_book()
    open_desk(window, Book.open(book.path), qtbot)
    assert window.desk.by == ACCOUNTANT


def test_nobody_is_guessed_where_two_could_work(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    book.add_person("钱进", "preparer")
    view = open_desk(window, book, qtbot)
    assert window.desk.person is None
    assert view.top.person.text() == "请选择人员"


def test_top_bar_says_when_it_was_saved(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    row = book.add_row("1-2", INTERBANK, by=PREPARER)
    view = open_desk(window, book, qtbot)
    form = open_form(open_table(view, "1-2"), row.id)
    form.go_to("name")
    type_text(qtbot, "新名")
    enter(qtbot)
    moment = book.saved_at
    assert moment is not None
    assert view.top.saved.text() == f"已保存 {moment.astimezone():%H:%M:%S}"


def test_navigation_follows_what_is_filled(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    row = book.add_row("1-2", {**INTERBANK, "kind": None}, by=PREPARER)
    view = open_desk(window, book, qtbot)

    def entry() -> tuple[str, int]:
        found = next(e for e in view.navigation.lines.entries if e.key == "table:1-2")
        return found.progress, found.errors

    wait_for(qtbot, lambda: entry() == ("0/1", 1))
    form = open_form(open_table(view, "1-2"), row.id)
    form.go_to("kind")
    type_text(qtbot, "1")
    wait_for(qtbot, lambda: entry() == ("1/1", 0))


def test_arrow_and_enter_in_the_navigation(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    view = open_desk(window, make_book(), qtbot)
    view.navigation.setFocus()
    view.navigation.choose("table:1-1")
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Return)
    page = view.page
    assert isinstance(page, TablePage)
    assert page.table.id == "1-2"
    assert focused() is view.navigation
    press(qtbot, Qt.Key.Key_Return)
    assert page.list.isAncestorOf(focused())


def test_all_pages_can_be_gone_to(window: MainWindow, make_book: BookMaker, qtbot: QtBot) -> None:
    book = make_book()
    add_cases(book, PREPARER)
    view = open_desk(window, book, qtbot)
    strays = StrayWindows(window)
    QApplication.instance().installEventFilter(strays)  # type: ignore[union-attr]
    for entry in list(view.navigation.lines.entries):
        if entry.key:
            page = view.go(entry.key)
            assert page.isVisible()
            assert view.navigation.current_key() == entry.key
            if isinstance(page, TablePage):
                page.list.view.choose_place(0)
                page.list.view.open_current()
    wait_for(qtbot, lambda: not view.desk.worker.busy)
    assert strays.seen == []


def test_gap_lines_cannot_be_chosen(window: MainWindow, make_book: BookMaker, qtbot: QtBot) -> None:
    view = open_desk(window, make_book(), qtbot)
    lines = view.navigation.lines
    gaps = [n for n, entry in enumerate(lines.entries) if not entry.key]
    assert gaps
    assert all(lines.flags(lines.index(n)) == Qt.ItemFlag.NoItemFlags for n in gaps)


def test_recovered_input_is_told_and_shown_on_opening(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    row = book.add_row("1-2", INTERBANK, by=PREPARER)
    book.save_draft(row.id, "counterparty", "断电前写的")
    view = open_desk(window, book, qtbot)
    assert "找回" in view.recovered.text.text()
    assert view.recovered.isVisible()
    page = view.table_page
    assert page is not None
    assert page.form is not None
    assert page.session is not None
    assert page.session.row.id == row.id
    assert page.form.focused_key == "counterparty"


def test_closing_the_window_saves_what_is_typed(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    row = book.add_row("1-2", INTERBANK, by=PREPARER)
    view = open_desk(window, book, qtbot)
    form = open_form(open_table(view, "1-2"), row.id)
    form.go_to("name")
    type_text(qtbot, "没按回车")
    window.close()
    with Book.open(book.path) as again:
        assert again.row(row.id).values["name"] == "没按回车"


def test_another_period_shows_its_own_rows(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    from datetime import date

    book = make_book()
    book.add_row("1-2", INTERBANK, by=PREPARER)
    first = book.period.id
    book.add_period(date(2007, 12, 31), by=PREPARER)
    view = open_desk(window, book, qtbot)
    assert open_table(view, "1-2").list.view.rows.rowCount() == 0
    place = view.top.period.findData(first)
    view.top.period.activated.emit(place)
    page = view.table_page
    assert page is not None
    assert page.list.view.rows.rowCount() == 1
    assert view.top.period.currentText().startswith("2006-12-31")


# ── search


def test_what_was_said_of_one_book_goes_with_it(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    first, other = make_book(), make_book(name="另一本")
    view = open_desk(window, first, qtbot)
    window.messages.tell("不能再改。", kind="error")
    wait_for(qtbot, window.menu_row.bar.isVisible)
    view.desk.take(other)
    wait_for(qtbot, lambda: not window.menu_row.bar.isVisible())


def test_what_was_said_of_one_period_goes_with_it(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    view = open_desk(window, book, qtbot)
    first = book.period.id
    later = book.add_period(date(2007, 12, 31), carry_forward=True, by=PREPARER)
    view.desk.enter_period(later.id)
    window.messages.tell("不能再改。", kind="error")
    wait_for(qtbot, window.menu_row.bar.isVisible)
    view.desk.choose_period(first)
    wait_for(qtbot, lambda: not window.menu_row.bar.isVisible())


def test_ctrl_f_searches_in_the_table(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    for name in ("青山联社存款", "绿水联社存款"):
        book.add_row("1-2", {**INTERBANK, "name": name}, by=PREPARER)
    view = open_desk(window, book, qtbot)
    page = open_table(view, "1-2")
    page.list.view.setFocus()
    press(qtbot, Qt.Key.Key_F, CTRL)
    assert view.top.search.hasFocus()
    type_text(qtbot, "lsck")
    wait_for(qtbot, lambda: page.list.view.rows.rowCount() == 2)
    enter(qtbot)
    assert page.list.view.hasFocus()
    assert not page.sheet.isVisible()
    press(qtbot, Qt.Key.Key_F, CTRL)
    type_text(qtbot, "lsls")
    wait_for(qtbot, lambda: page.list.view.rows.rowCount() == 1)
    enter(qtbot)
    assert page.session is not None, "the only one found is opened"
    assert page.session.values["name"] == "绿水联社存款"


def test_search_from_another_page_finds_in_all_tables(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    for name in ("要找的存款", "要找的拆借"):
        book.add_row("1-2", {**INTERBANK, "name": name}, by=PREPARER)
    view = open_desk(window, book, qtbot)
    view.go(navigation.OVERVIEW)
    view.do_find()
    type_text(qtbot, "要找的")
    wait_for(qtbot, lambda: isinstance(view.page, SearchPage))
    assert view.top.search.hasFocus(), "one is still typing"
    enter(qtbot)
    page = view.page
    assert isinstance(page, SearchPage)
    assert page.view.rows.rowCount() == 2
    assert page.view.hasFocus()
    enter(qtbot)
    table = view.table_page
    assert table is not None
    assert table.session is not None
    assert table.session.values["name"] == "要找的存款"


def test_the_only_one_found_is_opened_at_once(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    book.add_row("1-2", {**INTERBANK, "name": "要找的存款"}, by=PREPARER)
    view = open_desk(window, book, qtbot)
    view.go(navigation.OVERVIEW)
    view.do_find()
    type_text(qtbot, "要找的")
    wait_for(qtbot, lambda: isinstance(view.page, SearchPage))
    enter(qtbot)
    table = view.table_page
    assert table is not None
    assert table.session is not None
    assert table.session.values["name"] == "要找的存款"


def test_an_emptied_search_leads_back_to_where_one_was(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    view = open_desk(window, make_book(), qtbot)
    before = view.go(navigation.RECONCILIATION)
    view.do_find()
    type_text(qtbot, "没有的")
    wait_for(qtbot, lambda: isinstance(view.page, SearchPage))
    view.top.search.clear()
    wait_for(qtbot, lambda: view.page is before)


# ── messages


def test_message_bar_shows_the_message_and_its_way_out(window: MainWindow, qtbot: QtBot) -> None:
    before = window.stack.geometry()
    window.messages.tell("磁盘空间不够。", "请清理磁盘。", kind="error")
    bar = window.menu_row.bar
    assert window.stack.geometry() == before
    assert bar.isVisible()
    assert bar.text.text() == "磁盘空间不够。请清理磁盘。"
    click(qtbot, bar.close_button)
    assert not bar.isVisible()


def test_a_warning_that_was_read_goes_when_the_hand_goes_on(
    window: MainWindow, qtbot: QtBot
) -> None:
    bar = window.menu_row.bar
    window.messages.tell("有2笔要看。", "在“问题”里看。", kind="warning")
    press(qtbot, Qt.Key.Key_Down)
    assert bar.isVisible(), "it cannot have been read yet"
    bar._timer.timeout.emit()
    assert bar.isVisible(), "nothing goes while one may be reading"
    press(qtbot, Qt.Key.Key_Down)
    assert not bar.isVisible()


@pytest.mark.parametrize("kind", ["good", "info"])
def test_good_news_go_by_themselves(window: MainWindow, kind: Kind) -> None:
    window.messages.tell("出了一件事。", kind=kind)
    assert window.menu_row.bar._timer.isActive()
    window.menu_row.bar._timer.timeout.emit()
    assert not window.menu_row.bar.isVisible()


def test_errors_stay_until_they_are_closed(window: MainWindow) -> None:
    window.messages.tell("有2笔要看。", "在“问题”里看。", kind="warning")
    window.messages.tell("磁盘空间不够。", "请清理磁盘。", kind="error")
    assert not window.menu_row.bar._timer.isActive()


def test_a_fault_of_the_program_opens_its_detail_to_be_copied(
    window: MainWindow, qtbot: QtBot
) -> None:
    from PySide6.QtGui import QGuiApplication

    window.messages.told.emit(bug_message(KeyError("字段")))
    dialog = next(d for d in window.findChildren(QDialog) if d.isVisible())
    copy = next(b for b in dialog.findChildren(QPushButton) if b.text() == "复制详情")
    click(qtbot, copy)
    assert "KeyError" in QGuiApplication.clipboard().text()
    go_back(dialog, qtbot)
    click(qtbot, button_named(window, "详情…"))
    assert any(one.windowTitle() == "程序错误" for one in window.findChildren(QDialog))


@pytest.mark.parametrize("way", ["close_book", "open_book", "new_book", "tour", "dropped"])
def test_a_book_is_not_put_away_while_work_needs_it(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot, way: str
) -> None:
    book = make_book()
    open_desk(window, book, qtbot)
    going, may_end = threading.Event(), threading.Event()
    ended: list[str] = []

    def work(_progress: Progress) -> str:
        going.set()
        may_end.wait()
        return "导出的"

    window.worker.start("封印并导出", work, ended.append)
    wait_for(qtbot, going.is_set)
    try:
        if way == "dropped":
            window._open_other(book.path.with_name("other.wuji"))
        else:
            window.actions_by_name[way].trigger()
        assert window.desk.book is book
        assert window.guide is None
        assert "正在做“封印并导出”" in window.menu_row.bar.text.text()
        assert not [d for d in window.findChildren(QDialog) if d.isVisible()]
    finally:
        may_end.set()
    wait_for(qtbot, lambda: ended == ["导出的"] and not window.worker.busy)
    window.actions_by_name["close_book"].trigger()
    assert not window.desk.has_book


# ── keys, zoom, menus


def test_every_shortcut_has_its_action_and_its_words() -> None:
    names = [one.name for one in SHORTCUTS]
    assert len(names) == len(set(names))
    for one in SHORTCUTS:
        assert any(hasattr(d, f"do_{one.name}") for d in (MainWindow, DeskView, DeskRow, DeskHands))


def test_no_two_commands_share_a_key() -> None:
    keys = [QKeySequence(key).toString() for one in SHORTCUTS for key in one.keys]
    assert len(keys) == len(set(keys))


def test_commands_that_need_a_book_wait_for_one(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    assert not window.actions_by_name["add_row"].isEnabled()
    assert window.actions_by_name["open_book"].isEnabled()
    open_desk(window, make_book(), qtbot)
    assert window.actions_by_name["add_row"].isEnabled()


def test_sheet_of_shortcuts_lists_them_all(window: MainWindow) -> None:
    window.actions_by_name["shortcuts"].trigger()
    dialog = next(d for d in window.findChildren(QDialog) if d.isVisible())
    words = {label.text() for label in dialog.findChildren(QLabel)}
    assert {keys for keys, _ in FORM_KEYS} <= words
    assert {text for _, text in shortcut_lines()} <= words


def test_about_names_version_and_licences(window: MainWindow) -> None:
    from app import __version__

    window.actions_by_name["about"].trigger()
    dialog = next(d for d in window.findChildren(QDialog) if d.isVisible())
    words = "".join(label.text() for label in dialog.findChildren(QLabel))
    assert __version__ in words
    assert "Apache-2.0" in words
    assert "OFL" in words


@pytest.fixture
def unzoomed(look: Look) -> object:
    """Brings the look back to 100% afterwards."""
    yield look
    look.zoom = 1.0
    look.apply()


def test_zoom_keeps_the_open_row(
    unzoomed: Look, window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    row = book.add_row("1-2", INTERBANK, by=PREPARER)
    view = open_desk(window, book, qtbot)
    open_form(open_table(view, "1-2"), row.id)
    before = view.font().pointSizeF()
    window.actions_by_name["zoom_in"].trigger()
    wait_for(qtbot, lambda: window.desk_view is not view)
    again = window.desk_view
    assert isinstance(again, DeskView)
    page = again.table_page
    assert page is not None
    assert page.session is not None
    assert page.session.row.id == row.id
    assert page.font().pointSizeF() > before
    assert float(str(window.settings.value("look/zoom"))) == pytest.approx(1.1)


def test_zoom_stays_within_its_steps(unzoomed: Look) -> None:
    for _ in range(20):
        unzoomed.step_zoom(1)
    assert unzoomed.zoom == 2.0
    for _ in range(20):
        unzoomed.step_zoom(-1)
    assert unzoomed.zoom == 0.8
    unzoomed.step_zoom(0)
    assert unzoomed.zoom == 1.0


def test_window_remembers_its_place(window: MainWindow, settings: QSettings) -> None:
    window.resize(1111, 666)
    window.close()
    assert settings.value("window/geometry") is not None


def test_a_new_book_by_the_dialog(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    from app.ui.new_book_dialog import NewBookDialog

    click(qtbot, start_page(window).new_button)
    dialog = window.findChild(NewBookDialog)
    assert dialog is not None
    wait_for(qtbot, dialog.isActiveWindow)
    for line, text in (
        (dialog.code, "qs01"),
        (dialog.name, "青山信用社"),
        (dialog.day, "2007年6月19日"),
        (dialog.preparer, "王明"),
        (dialog.accountant, "李芳"),
        (dialog.head, "赵强"),
    ):
        line.clear()
        line.setFocus()
        type_text(qtbot, text)
    dialog.path.setText(str(tmp_path / "新的"))
    click(qtbot, dialog.create_button)
    book = window.desk.book
    assert book.institution == Institution("QS01", "青山信用社")
    assert book.period.base_date.isoformat() == "2007-06-19"
    assert book.path.name == "新的.wuji"
    assert [p.name for p in book.people()] == ["王明", "李芳", "赵强"]
    assert window.desk.by == "王明"
    assert isinstance(window.desk_view, DeskView)


def test_a_new_book_is_not_made_without_the_necessary(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    from app.ui.new_book_dialog import NewBookDialog

    window.do_new_book()
    dialog = window.findChild(NewBookDialog)
    assert dialog is not None
    told: list[Message] = []
    dialog.messages.told.connect(told.append)
    click(qtbot, dialog.create_button)
    dialog.code.setText("QS01")
    dialog.name.setText("青山信用社")
    dialog.day.setText("前年")
    click(qtbot, dialog.create_button)
    dialog.day.setText(BASE_DATE.isoformat())
    click(qtbot, dialog.create_button)
    dialog.preparer.setText("王明")
    dialog.accountant.setText("王明")
    click(qtbot, dialog.create_button)
    assert ["机构代码" in told[0].text, "基准日" in told[1].text] == [True, True]
    assert ["初分人" in told[2].text, "不同的人" in told[3].text] == [True, True]
    assert not list(tmp_path.glob("*.wuji"))


def test_a_date_that_cannot_be_read_is_told_when_it_is_left(
    window: MainWindow, qtbot: QtBot
) -> None:
    from app.ui.new_book_dialog import NewBookDialog

    window.do_new_book()
    dialog = window.findChild(NewBookDialog)
    assert isinstance(dialog, NewBookDialog)
    heard: list[Message] = []
    dialog.messages.told.connect(heard.append)
    wait_for(qtbot, dialog.isActiveWindow)
    dialog.day.setFocus()
    dialog.day.selectAll()
    type_text(qtbot, "20061345")
    press(qtbot, Qt.Key.Key_Return)
    assert [message.text for message in heard] == ["基准日认不出来，请写成 2006-12-31 这样。"]
    dialog.day.setFocus()
    dialog.day.selectAll()
    type_text(qtbot, "20061231")
    press(qtbot, Qt.Key.Key_Return)
    assert len(heard) == 1
    assert dialog.day.text() == "2006-12-31"
    dialog.reject()


def test_a_new_book_is_suggested_beside_the_last_one_under_a_free_name(
    window: MainWindow, make_book: BookMaker, settings: QSettings, tmp_path: Path
) -> None:
    from app.ui.new_book_dialog import NewBookDialog

    listings = tmp_path / "清单"
    listings.mkdir()
    window.desk.take(make_book("青山信用社"))
    remembered.set_last_folder(settings, listings)
    window.do_new_book()
    dialog = window.findChild(NewBookDialog)
    assert dialog is not None
    dialog.name.setText("青山信用社")
    dialog.name.textEdited.emit("青山信用社")
    dialog.day.setText("20061231")
    dialog.day.editingFinished.emit()
    assert dialog.day.text() == "2006-12-31"
    assert Path(dialog.path.text()) == tmp_path / "青山信用社2.wuji"


def test_the_line_that_is_wrong_has_the_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    from app.ui.new_book_dialog import NewBookDialog

    window.do_new_book()
    dialog = window.findChild(NewBookDialog)
    assert dialog is not None
    told: list[Message] = []
    dialog.messages.told.connect(told.append)
    wrong = []
    for line, text in ((dialog.code, "QS"), (dialog.name, "青山"), (dialog.day, "2006")):
        dialog.create_button.click()
        wrong.append(dialog.focusWidget())
        line.setText(text)
    dialog.create_button.click()
    assert wrong == [dialog.code, dialog.name, dialog.preparer]
    assert dialog.focusWidget() is dialog.day
    dialog.day.setText("2006-12-31")
    for line in (dialog.preparer, dialog.accountant):
        line.setText("王秀英")
    dialog.head.setText("赵国强")
    dialog.create_button.click()
    assert told[-1].text == "初分人和会计都是“王秀英”，要由不同的人担任。"
    assert dialog.focusWidget() is dialog.accountant


def test_a_name_that_is_taken_is_told_as_such(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    from app.ui.new_book_dialog import NewBookDialog

    book = make_book("青山")
    window.desk.take(book)
    window.do_new_book()
    dialog = window.findChild(NewBookDialog)
    assert dialog is not None
    for line, text in ((dialog.code, "QS"), (dialog.name, "青山"), (dialog.preparer, "王明")):
        line.setText(text)
    dialog.path.setText(str(book.path.with_suffix("")))
    told: list[Message] = []
    dialog.messages.told.connect(told.append)
    click(qtbot, dialog.create_button)
    assert "“青山.wuji”已经存在" in told[0].text
    QApplication.processEvents()
    at = dialog.accountant.mapToGlobal(QPoint(0, 0))
    dialog.code.textEdited.emit("QS")
    wait_for(qtbot, lambda: not dialog.findChildren(MessageBar)[0].isVisible())
    QApplication.processEvents()
    assert dialog.accountant.mapToGlobal(QPoint(0, 0)) == at  # a click on its way still hits it
    assert window.desk.book is book


def test_without_any_book_a_new_one_goes_to_the_documents(settings: QSettings) -> None:
    assert remembered.book_folder(settings) == remembered.documents_folder()
    assert remembered.documents_folder().is_dir()

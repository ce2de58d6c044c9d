"""Small screens and large letters: no page asks for more room than there is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.book.types import Balance
from app.ui.ask import make_dialog
from app.ui.balance_dialog import BalanceDialog
from app.ui.database_dialog import DatabaseDialog
from app.ui.desk import Desk
from app.ui.fields.date import DateEditor
from app.ui.fields.field_row import STACKED_BELOW
from app.ui.form_view import FormView
from app.ui.key_dialog import KeyDialog
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.new_book_dialog import NewBookDialog
from app.ui.office_session import OfficeSession
from app.ui.overview_page import OverviewPage
from app.ui.paste_dialog import PasteDialog
from app.ui.people_dialog import PeopleDialog
from app.ui.period_dialog import PeriodDialog
from app.ui.problems_page import ProblemsPage
from app.ui.reconciliation_page import COLUMNS, ReconciliationPage
from app.ui.room import FittingArea, form_layout, make_room, open_at
from app.ui.row_list import ListColumn
from app.ui.sign_line import SignLine
from app.ui.simple_table import TextColumn, TextTable
from app.ui.union.opinion_form import OpinionForm
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import add_cases, open_desk, open_table, wait_for

ROOM = (1366, 728)
"""A laptop's screen without the task bar."""


@pytest.fixture
def zoomed(look: Look, request: pytest.FixtureRequest) -> Iterator[Look]:
    """The program's own zoom, 200% where the test says nothing."""
    look.zoom = getattr(request, "param", 2.0)
    look.apply()
    yield look
    look.zoom = 1.0
    look.apply()


@pytest.mark.parametrize("zoomed", [1.5, 2.0], indirect=True)
def test_every_page_fits_a_laptop_with_large_letters(
    zoomed: Look, window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    add_cases(book, PREPARER)
    window.resize(*ROOM)
    view = open_desk(window, book, qtbot)
    assert zoomed.zoom > 1
    too_large = {}
    for entry in view.navigation.lines.entries:
        if entry.key and (not entry.key.startswith("table:") or entry.key == "table:1-2"):
            view.go(entry.key)
            QApplication.processEvents()
            asked = window.minimumSizeHint()
            if asked.width() > ROOM[0] or asked.height() > ROOM[1]:
                too_large[entry.key] = (asked.width(), asked.height())
    assert too_large == {}
    page = open_table(view, "1-2")
    page.open_row(book.row_list("1-2")[0].id)
    assert page.form is not None
    area = page.form.area
    for side in (False, True):
        if side:
            page.toggle_side()
        QApplication.processEvents()
        assert window.minimumSizeHint().width() <= ROOM[0]
        assert area.viewport().width() >= area.widget().minimumSizeHint().width()


def test_list_and_form_take_turns_where_both_have_no_room(
    zoomed: Look, window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    assert zoomed.zoom == 2
    book = make_book()
    add_cases(book, PREPARER)
    window.resize(*ROOM)
    page = open_table(open_desk(window, book, qtbot), "1-2")
    page.open_row(book.row_list("1-2")[0].id)
    assert page.list.isHidden()
    page.toggle_list()
    assert page.session is None
    assert not page.list.isHidden()


def test_labels_stand_above_their_fields_in_a_narrow_form(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    add_cases(book, PREPARER)
    page = open_table(open_desk(window, book, qtbot), "1-2")
    page.open_row(book.row_list("1-2")[0].id)
    assert page.form is not None
    row = page.form.rows["counterparty"]
    assert row.label.x() + row.label.width() <= row.editor.x()
    page.form.area.setFixedWidth(300)
    wait_for(qtbot, lambda: row.editor.y() >= row.label.geometry().bottom())
    assert row.editor.x() == row.label.x()
    page.form.area.setFixedWidth(500)
    wait_for(qtbot, lambda: row.label.geometry().right() < row.editor.x())


def dialogs(desk: Desk, parent: MainWindow) -> list[QDialog]:
    """Those that open at the size of what stands in them."""
    look = desk.look
    about = make_dialog(parent, look, "", "很长的一句话，" * 40)
    return [
        BalanceDialog(desk, parent),
        DatabaseDialog(desk, parent),
        KeyDialog(desk, parent),
        NewBookDialog(desk, parent),
        PeopleDialog(desk, parent),
        PeriodDialog(desk, parent),
        about,
    ]


def test_dialogs_fit_with_large_letters_and_cut_no_sentence(
    zoomed: Look, window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    open_desk(window, make_book(), qtbot)
    room = window.screen().availableSize()
    assert zoomed.zoom == 2
    for dialog in dialogs(window.desk, window):
        qtbot.addWidget(dialog)
        dialog.show()
        QApplication.processEvents()
        assert dialog.minimumSizeHint().height() <= 0.9 * ROOM[1], dialog
        assert dialog.height() <= room.height(), dialog
        for label in dialog.findChildren(QLabel):
            if label.wordWrap() and label.isVisible():
                assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_charts_stand_below_the_table_where_there_is_no_room_beside_it(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    add_cases(book, PREPARER)
    view = open_desk(window, book, qtbot)
    page = view.go("overview")
    assert isinstance(page, OverviewPage)
    qtbot.waitUntil(lambda: bool(page.losses.bars))
    assert page.columns.is_wide
    assert page.columns.right.x() > page.table.x()
    window.resize(960, 640)
    wait_for(qtbot, lambda: page.columns.right.y() > page.table.geometry().bottom())
    shown = page.table.verticalHeader().length()
    assert page.table.viewport().height() >= shown
    assert page.columns.verticalScrollBar().maximum() > 0
    window.resize(1366, 768)
    wait_for(qtbot, lambda: page.columns.right.x() > page.table.geometry().right())


def test_a_narrow_list_keeps_the_names(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    add_cases(book, PREPARER)
    row = book.row_list("1-8", limit=1)[0].id
    book.set_values(row, {"asset_no": "GD-1"}, by=PREPARER)
    page = open_table(open_desk(window, book, qtbot), "1-8")
    shown = page.list.view
    assert not shown.isColumnHidden(ListColumn.ASSET_NO)
    window.resize(700, 600)
    wait_for(qtbot, lambda: shown.isColumnHidden(ListColumn.ASSET_NO))
    assert shown.columnWidth(ListColumn.NAME) >= 120
    assert not shown.isColumnHidden(ListColumn.AMOUNT)
    window.resize(1366, 768)
    wait_for(qtbot, lambda: not shown.isColumnHidden(ListColumn.ASSET_NO))


def test_dialogs_open_within_the_screen(look: Look, qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    room = dialog.screen().availableSize()
    open_at(dialog, look, 300, 10_000)
    assert dialog.width() == 300
    assert dialog.height() < room.height()


def test_what_can_be_done_stands_below_a_sentence_without_room(look: Look, qtbot: QtBot) -> None:
    line = SignLine(look, "error", "核算科目不在科目表中，请核对代码。", "列入科目表…")
    qtbot.addWidget(line)
    line.resize(500, 60)
    line.show()
    assert line.button is not None
    assert line.button.x() > line.label.x()
    line.resize(200, 120)
    button = line.button
    wait_for(qtbot, lambda: button.y() >= line.label.geometry().bottom())


def test_an_opinion_with_votes_needs_less_than_half_of_a_laptop(
    zoomed: Look, window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    open_desk(window, make_book(), qtbot)
    form = OpinionForm(window.desk)
    qtbot.addWidget(form)
    form.set_role("leading_group")
    beside_navigation = ROOM[0] - zoomed.px(192)
    assert form.minimumSizeHint().width() <= beside_navigation * 45 // 100


def test_what_scrolls_keeps_off_its_bar(look: Look, qtbot: QtBot) -> None:
    held = QLabel("一行字\n" * 40)
    area = FittingArea(held)
    qtbot.addWidget(area)
    area.resize(300, 200)
    area.show()
    qtbot.waitUntil(lambda: area.viewportMargins().right() > 0)
    assert area.verticalScrollBar().maximum() > 0
    area.resize(300, 2 * held.sizeHint().height())
    qtbot.waitUntil(lambda: area.viewportMargins().right() == 0)


def test_what_has_the_keyboard_stays_in_sight_when_more_stands_above_it(qtbot: QtBot) -> None:
    held = QWidget()
    layout = QVBoxLayout(held)
    above, line = QLabel("一行字"), QLineEdit()
    layout.addWidget(above)
    layout.addWidget(line)
    area = FittingArea(held)
    qtbot.addWidget(area)
    area.resize(300, 200)
    with qtbot.waitActive(area):
        area.show()
        area.activateWindow()
    line.setFocus()
    above.setText("一行字\n" * 20)
    wait_for(qtbot, lambda: area.verticalScrollBar().maximum() > 0)
    wait_for(qtbot, lambda: not line.visibleRegion().isEmpty())


def test_problems_keep_their_sentence_and_some_rows_with_large_letters(
    zoomed: Look, window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    assert zoomed.zoom == 2
    book = make_book()
    add_cases(book, PREPARER)
    window.resize(*ROOM)
    view = open_desk(window, book, qtbot)
    page = view.go("problems")
    assert isinstance(page, ProblemsPage)
    wait_for(qtbot, lambda: page.view.lines.rowCount() > 3)
    QApplication.processEvents()
    assert page.view.horizontalScrollBar().maximum() == 0
    assert page.view.viewport().height() >= 2 * zoomed.px(28)
    assert page.view.iconSize().height() == zoomed.px(16)


@pytest.mark.parametrize("zoomed", [1.5, 2.0], indirect=True)
def test_the_difference_is_in_sight_with_large_letters(
    zoomed: Look, window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    book.set_balances([Balance("1221", "存放同业款项", Decimal("1256000.00"))], by=PREPARER)
    window.resize(*ROOM)
    page = open_desk(window, book, qtbot).go("reconciliation")
    assert isinstance(page, ReconciliationPage)
    last = len(COLUMNS) - 1
    table = page.table
    wait_for(qtbot, lambda: table.columnViewportPosition(last) + table.columnWidth(last)
             <= table.viewport().width())  # fmt: skip
    assert not table.isColumnHidden(last)
    assert table.columnWidth(last) >= zoomed.px(120)
    assert table.columnWidth(2) >= zoomed.px(7 * 14)


def test_a_wide_window_shows_more_of_the_names(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    add_cases(book, PREPARER)
    window.resize(1920, 1040)
    page = open_table(open_desk(window, book, qtbot), "1-2")
    page.open_row(book.row_list("1-2")[0].id)
    wait_for(qtbot, lambda: page.list.width() >= page.width() // 4 - 2)


def test_what_a_pasted_column_fills_stays_in_sight(
    zoomed: Look, window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    desk = open_desk(window, make_book(), qtbot).desk
    dialog = PasteDialog(desk, window, desk.book.ruleset.tables["1-2"])
    qtbot.addWidget(dialog)
    dialog.resize(1229, 691)
    dialog.show()
    QApplication.processEvents()
    assert zoomed.zoom == 2
    assert dialog.mapping.horizontalScrollBar().maximum() == 0
    assert dialog.mapping.columnWidth(2) >= zoomed.px(200)
    assert dialog.mapping.verticalHeader().defaultSectionSize() == zoomed.px(30)


def test_what_a_line_of_figures_is_about_stays_readable(look: Look, qtbot: QtBot) -> None:
    figures = [TextColumn(f"第{n}栏", 90, right=True) for n in range(6)]
    table = TextTable(look, "汇总", [TextColumn("项目", 150, stretches=True, least=130), *figures])
    qtbot.addWidget(table)
    table.resize(600, 200)
    table.show()
    qtbot.waitUntil(lambda: table.columnWidth(0) == 130)
    assert table.horizontalScrollBar().maximum() > 0
    table.resize(900, 200)
    qtbot.waitUntil(lambda: table.columnWidth(0) > 300)


def test_columns_that_are_needed_least_go_before_a_table_scrolls(look: Look, qtbot: QtBot) -> None:
    name = TextColumn("名称", 100, stretches=True, least=60)
    spared = (TextColumn("笔数", 60, spare=1), TextColumn("合计", 120, spare=2))
    table = TextTable(look, "核对", [name, *spared, TextColumn("差额", 120)])
    qtbot.addWidget(table)
    table.show()

    def fits(gone: list[int], *, scrolls: bool) -> bool:
        hidden = [place for place in range(4) if table.isColumnHidden(place)]
        return hidden == gone and (table.horizontalScrollBar().maximum() > 0) == scrolls

    for width, gone in ((420, []), (360, [1]), (250, [1, 2])):
        table.resize(width, 200)
        wait_for(qtbot, partial(fits, gone, scrolls=False))
    # Where it has to scroll without them too, they stay.
    table.resize(150, 200)
    wait_for(qtbot, partial(fits, [], scrolls=True))


def test_a_sentence_is_whole_where_what_can_be_done_goes_below_it(look: Look, qtbot: QtBot) -> None:
    held = QWidget()
    layout = QVBoxLayout(held)
    line = SignLine(look, "warning", "要补正：缺投资协议，请补在资料里，写明是哪一份", "撤去")
    layout.addWidget(line)
    layout.addStretch(1)
    qtbot.addWidget(held)
    held.resize(260, 300)
    held.show()
    held.resize(200, 300)
    label = line.label
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))


def test_labels_stand_apart_from_their_lines_by_what_grows_with_the_letters(zoomed: Look) -> None:
    form = form_layout(zoomed)
    assert (form.horizontalSpacing(), form.verticalSpacing()) == (20, 20)


@pytest.mark.parametrize("zoomed", [1.0, 1.5, 2.0], indirect=True)
def test_what_stands_for_an_empty_date_is_whole(zoomed: Look, desk: Desk, qtbot: QtBot) -> None:
    table = desk.book.ruleset.tables["1-1"]
    row = desk.book.add_row(table.id, {"name": "库存现金"}, by=PREPARER)
    form = FormView(desk, table)
    qtbot.addWidget(form)
    form.resize(zoomed.px(600), 500)
    form.show()
    session = OfficeSession(desk, table, row)
    form.show_row(session)
    editor = form.rows["formed_on"].editor
    assert isinstance(editor, DateEditor)
    form.resize(zoomed.px(STACKED_BELOW) + form.width() - form.area.viewport().width(), 500)
    wait_for(qtbot, lambda: form.area.viewport().width() == zoomed.px(STACKED_BELOW))
    line, button = editor.line, editor.calendar_button
    hint = line.placeholderText()
    assert hint == "不填按：2006-12-31"
    words = line.fontMetrics().horizontalAdvance(hint)
    wait_for(qtbot, lambda: line.width() >= words + 2 * zoomed.px(7) + 6)
    form.resize(zoomed.px(900), 500)
    wait_for(qtbot, lambda: form.area.viewport().width() > zoomed.px(800))
    wait_for(qtbot, lambda: button.x() == line.geometry().right() + 1 + zoomed.px(4))
    session.close()


def test_a_size_that_the_window_manager_takes_back_is_asked_for_again(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    layout = QVBoxLayout(dialog)
    dialog.resize(300, 60)
    dialog.show()
    words = QLabel("要填的内容。" * 60)
    words.setWordWrap(True)
    layout.addWidget(words)
    make_room(dialog)
    wait_for(qtbot, lambda: dialog.height() > 60)
    wanted = dialog.height()
    make_room(dialog)
    dialog.resize(300, 60)
    wait_for(qtbot, lambda: dialog.height() == wanted)

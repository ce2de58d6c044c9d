"""Many rows by hand: paste, copy, a field for many, undo as far as one likes; sources of values."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLabel, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.removal import remove_rows
from app.ui.desk_view import DeskView
from app.ui.fields.field_row import source_words
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.paste_dialog import PasteDialog
from app.ui.set_many_dialog import SetManyDialog
from app.ui.shortcuts import shortcut_lines
from app.ui.table_page import TablePage
from app.ui.undo_dialog import UndoDialog
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import (
    INTERBANK,
    button_named,
    click,
    enter,
    focused,
    open_desk,
    open_form,
    open_table,
    press,
    type_text,
    wait_for,
)

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HEAD = "资产编号\t资产名称\t账面金额"


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """A book with three deposits."""
    made = make_book()
    for number, name in enumerate("甲乙丙", start=1):
        given = {**INTERBANK, "asset_no": f"T{number}", "name": f"存放{name}银行"}
        made.add_row("1-2", given, by=PREPARER)
    return made


@pytest.fixture
def view(window: MainWindow, book: Book, qtbot: QtBot) -> DeskView:
    """The desk of the book."""
    return open_desk(window, book, qtbot)


@pytest.fixture
def page(view: DeskView) -> TablePage:
    """The list of 1-2, with the keyboard in it."""
    found = open_table(view, "1-2")
    found.list.view.setFocus()
    found.list.view.choose_place(0)
    return found


def dialog_of(window: MainWindow, kind: type[QDialog]) -> Any:
    """The dialog of this kind that is open."""
    found = next(d for d in window.findChildren(kind) if d.isVisible())
    while not found.isActiveWindow():
        QApplication.processEvents()
    return found


def gone(window: MainWindow) -> bool:
    """Whether no dialog is left and the keyboard is back in the window."""
    left = [d for d in window.findChildren(QDialog) if d.isVisible()]
    if not left:
        window.activateWindow()  # as a window manager does
    return not left and window.isActiveWindow()


def copied(text: str) -> None:
    """What a spreadsheet has put on the clipboard."""
    QGuiApplication.clipboard().setText(text)


def paste_dialog(window: MainWindow, qtbot: QtBot, text: str) -> PasteDialog:
    """Pastes into the list and waits for the preview."""
    copied(text)
    press(qtbot, Qt.Key.Key_V, CONTROL)
    dialog = dialog_of(window, PasteDialog)
    assert isinstance(dialog, PasteDialog)
    wait_for(qtbot, lambda: dialog.plan is not None)
    return dialog


# ── pasting


def test_a_block_is_previewed_then_pasted_as_one_change(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    block = f"{HEAD}\r\nT1\t存放甲银行\t300,000.00\r\nT9\t存放新银行\t5000\r\n"
    dialog = paste_dialog(window, qtbot, block)
    assert [row.texts for row in dialog.preview.lines.rows[:2]] == [
        ("C2", "第1笔 T1", "账面金额", "250,000.00", "300,000.00"),
        ("A3", "存放新银行", "新增一笔", "", "账面金额 5,000.00"),
    ]
    assert dialog.facts.text() == "新增1笔，修改1笔的1格。"
    assert book.row_count("1-2") == 3, "nothing is written before the clerk says so"
    enter(qtbot)
    wait_for(qtbot, lambda: book.row_count("1-2") == 4)
    wait_for(qtbot, lambda: gone(window))
    assert book.find_row("1-2:T1").values["carrying_amount"] == "300000.00"
    wait_for(qtbot, lambda: page.list.view.rows.rowCount() == 4)
    assert told[-1].text == "已粘贴：新增1笔，修改1笔。"
    page.list.view.setFocus()
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    assert book.row_count("1-2") == 3
    assert book.find_row("1-2:T1").values["carrying_amount"] == "250000.00"
    assert told[-1].text == "已撤销：存放甲银行等2笔：粘贴。"
    press(qtbot, Qt.Key.Key_Y, CONTROL)
    assert book.row_count("1-2") == 4


def test_unknown_heads_are_asked_for(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot
) -> None:
    dialog = paste_dialog(window, qtbot, "T2\t123.45\r\nT3\t250000")
    assert not dialog.with_head.isChecked()
    assert not dialog.action.isEnabled()
    assert dialog.facts.text().startswith("认不出栏名")
    for row, key in enumerate(("asset_no", "carrying_amount")):
        box = dialog.field_box(row)
        box.setFocus()
        box.setCurrentIndex(box.findData(key))
        box.activated.emit(box.currentIndex())
        wait_for(qtbot, lambda k=key: k in {m.field for m in dialog.plan.listing.mapping})  # type: ignore[union-attr, misc]
    wait_for(qtbot, dialog.action.isEnabled)
    assert dialog.facts.text() == "修改1笔的1格，1笔没有变化。"
    click(qtbot, dialog.action)
    wait_for(qtbot, lambda: book.find_row("1-2:T2").values["carrying_amount"] == "123.45")


def test_what_cannot_be_read_is_shown_by_cell(
    window: MainWindow, page: TablePage, qtbot: QtBot
) -> None:
    dialog = paste_dialog(window, qtbot, f"{HEAD}\r\nT1\t存放甲银行\t约三十万\r\n")
    line = dialog.preview.lines.rows[0]
    assert (line.texts[:2], line.texts[3], line.sign) == (("C2", "读不出来"), "约三十万", "error")
    assert not dialog.action.isEnabled()
    assert "有1处读不出来" in dialog.facts.text()
    press(qtbot, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_an_empty_clipboard_says_what_to_do(
    window: MainWindow, page: TablePage, qtbot: QtBot, told: list[Message]
) -> None:
    copied("")
    press(qtbot, Qt.Key.Key_V, CONTROL)
    assert not [d for d in window.findChildren(PasteDialog) if d.isVisible()]
    assert told[-1].text.startswith("剪贴板里没有表格内容")


def test_an_empty_table_offers_to_paste(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    empty = open_table(view, "1-4")
    copied(f"{HEAD}\r\nX1\t应收利息\t10\r\n")
    click(qtbot, button_named(empty, "粘贴从表格软件复制的内容…"))
    dialog = dialog_of(window, PasteDialog)
    wait_for(qtbot, lambda: dialog.plan is not None)
    enter(qtbot)
    wait_for(qtbot, lambda: book.row_count("1-4") == 1)
    wait_for(qtbot, lambda: empty.list.view.rows.rowCount() == 1)


def test_in_a_field_the_same_keys_paste_text(page: TablePage, book: Book, qtbot: QtBot) -> None:
    form = open_form(page, book.find_row("1-2:T1").id)
    form.go_to("name")
    copied("粘贴的名称")
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_V, CONTROL)
    enter(qtbot)
    assert book.find_row("1-2:T1").values["name"] == "粘贴的名称"


# ── copying


def test_a_copy_opens_at_its_name(
    page: TablePage, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    press(qtbot, Qt.Key.Key_D, CONTROL)
    assert book.row_count("1-2") == 4
    assert page.session is not None
    assert page.session.row.seq == 4
    assert "asset_no" not in page.session.row.values
    assert page.form is not None
    assert page.form.focused_key == "name"
    assert "资产编号" in told[-1].text
    assert page.form.rows["carrying_amount"].source.text() == "复制"


def test_a_copy_from_within_a_field(page: TablePage, book: Book, qtbot: QtBot) -> None:
    form = open_form(page, book.find_row("1-2:T2").id)
    form.go_to("name")
    press(qtbot, Qt.Key.Key_D, CONTROL)
    assert page.session is not None
    assert page.session.row.values["name"] == "存放乙银行"
    assert book.row_count("1-2") == 4


# ── one field for many


def test_a_field_is_set_for_the_chosen_rows(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    press(qtbot, Qt.Key.Key_Down, SHIFT)
    assert page.list.view.chosen_places() == [(0, 1)]
    press(qtbot, Qt.Key.Key_M, CONTROL)
    dialog = dialog_of(window, SetManyDialog)
    assert focused() == dialog.field
    dialog.field.setCurrentIndex(dialog.field.findData("litigation"))
    QApplication.processEvents()
    dialog.editor.setFocus()
    press(qtbot, Qt.Key.Key_2)
    wait_for(qtbot, dialog.action.isEnabled)
    assert dialog.facts.text() == "2笔现在是别的内容，将被替换。"
    assert dialog.action.text() == "填写2笔"
    click(qtbot, dialog.action)
    wait_for(qtbot, lambda: gone(window))
    values = [book.find_row(f"1-2:T{n}").values["litigation"] for n in (1, 2, 3)]
    assert values[0] == values[1] != "none"
    assert values[2] == "none"
    assert told[-1].text.startswith("已给2笔填写")
    page.list.view.setFocus()
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    assert book.find_row("1-2:T1").values["litigation"] == "none"


def test_rows_whose_remark_may_speak_for_another_answer_can_be_left_aside(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    book.set_values(
        book.find_row("1-2:T2").id, {"remarks": "已起诉，等开庭，另有说明材料"}, by=PREPARER
    )
    page.list.view.setFocus()
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_M, CONTROL)
    dialog = dialog_of(window, SetManyDialog)
    assert not dialog.remarks.isVisible()
    dialog.field.setCurrentIndex(dialog.field.findData("litigation"))
    QApplication.processEvents()
    dialog.editor.setFocus()
    press(qtbot, Qt.Key.Key_2)
    wait_for(qtbot, dialog.remarks.isVisible)
    tick = next(b for b in dialog.remarks.findChildren(QCheckBox) if "已起诉" in b.text())
    assert tick.text() == "已起诉，等开庭，另有说明…（1笔）"
    tick.click()
    assert dialog.action.text() == "填写2笔"
    assert "1笔按备注先不填" in dialog.facts.text()
    click(qtbot, dialog.action)
    wait_for(qtbot, lambda: gone(window))
    assert "按备注留下的1笔没有填" in told[-1].text
    values = [book.find_row(f"1-2:T{n}").values["litigation"] for n in (1, 2, 3)]
    assert values[0] == values[2] != "none"
    assert values[1] == "none"


def test_filling_goes_on_to_what_is_missing_next(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot
) -> None:
    for number in (1, 2):
        row = book.find_row(f"1-2:T{number}").id
        book.set_values(row, {"litigation": None, "limitation": None}, by=PREPARER)
    page.list.reload()
    page.list.view.setFocus()
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_M, CONTROL)
    dialog = dialog_of(window, SetManyDialog)
    for key in ("litigation", "limitation"):
        wait_for(qtbot, lambda key=key: dialog.field.currentData() == key)  # type: ignore[misc]
        wait_for(qtbot, dialog.field.hasFocus)
        press(qtbot, Qt.Key.Key_1)
        press(qtbot, Qt.Key.Key_Return)
        wait_for(qtbot, dialog.action.hasFocus)
        press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: gone(window))
    assert book.row_count("1-2", only="problems") == 0
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    values = book.find_row("1-2:T1").values
    assert values["litigation"]
    assert not values.get("limitation"), "each is a change of its own"


@pytest.mark.parametrize("only_empty", [True, False])
def test_what_somebody_has_written_stays_unless_it_is_meant(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot, only_empty: bool
) -> None:
    book.set_values(book.find_row("1-2:T1").id, {"remarks": "自己写的"}, by=PREPARER)
    page.list.view.setFocus()
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_M, CONTROL)
    dialog = dialog_of(window, SetManyDialog)
    assert not dialog.sparing.only_empty.isVisible()
    dialog.field.setCurrentIndex(dialog.field.findData("remarks"))
    QApplication.processEvents()
    dialog.editor.setFocus()
    type_text(qtbot, "已核对")
    wait_for(qtbot, dialog.sparing.only_empty.isVisible)
    assert dialog.facts.text() == "2笔现在空着，将填上；1笔现在是别的内容，不动。"
    if not only_empty:
        dialog.sparing.only_empty.setFocus()
        press(qtbot, Qt.Key.Key_Space)
        assert "1笔现在是别的内容，将被替换" in dialog.facts.text()
    assert dialog.action.text() == ("填写2笔" if only_empty else "填写3笔")
    click(qtbot, dialog.action)
    wait_for(qtbot, lambda: gone(window))
    written = book.find_row("1-2:T1").values["remarks"]
    assert written == ("自己写的" if only_empty else "已核对")
    assert book.find_row("1-2:T2").values["remarks"] == "已核对"


def test_everything_chosen_in_a_filtered_list_is_only_what_is_seen(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot
) -> None:
    page.list.apply_filter("乙")
    page.list.view.setFocus()
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_M, CONTROL)
    dialog = dialog_of(window, SetManyDialog)
    dialog.field.setCurrentIndex(dialog.field.findData("remarks"))
    QApplication.processEvents()
    dialog.editor.setFocus()
    type_text(qtbot, "已核对")
    wait_for(qtbot, dialog.action.isEnabled)
    assert dialog.action.text() == "填写1笔"
    click(qtbot, dialog.action)
    wait_for(qtbot, lambda: book.find_row("1-2:T2").values.get("remarks") == "已核对")
    assert "remarks" not in book.find_row("1-2:T1").values


def test_an_unreadable_value_for_many_is_told_there(
    window: MainWindow, page: TablePage, qtbot: QtBot
) -> None:
    press(qtbot, Qt.Key.Key_M, CONTROL)
    dialog = dialog_of(window, SetManyDialog)
    said: list[Message] = []
    dialog.messages.told.connect(said.append)
    dialog.field.setCurrentIndex(dialog.field.findData("carrying_amount"))
    QApplication.processEvents()
    dialog.editor.setFocus()
    type_text(qtbot, "1.2.3")
    wait_for(qtbot, lambda: bool(said))
    assert "应为" in said[-1].text
    assert not dialog.action.isEnabled()


def test_nothing_chosen_says_how_to_choose(
    view: DeskView, window: MainWindow, qtbot: QtBot, told: list[Message]
) -> None:
    page = open_table(view, "1-2")
    page.list.view.clearSelection()
    page.list.view.setFocus()
    press(qtbot, Qt.Key.Key_M, CONTROL)
    assert told[-1].text == "先在清单里选几笔。"
    view.go("overview")
    for key in (Qt.Key.Key_M, Qt.Key.Key_D):
        press(qtbot, key, CONTROL)
        assert told[-1].text.startswith("先在左边选一张认定表")


def test_a_field_is_emptied_only_when_that_is_said(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot
) -> None:
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_M, CONTROL)
    dialog = dialog_of(window, SetManyDialog)
    dialog.field.setCurrentIndex(dialog.field.findData("litigation"))
    assert not dialog.ahead.is_coming
    assert not dialog.action.isEnabled()
    dialog.instead.empty.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    wait_for(qtbot, dialog.action.isEnabled)
    assert dialog.facts.text() == "3笔现在是别的内容，将清空。"
    click(qtbot, dialog.action)
    wait_for(qtbot, lambda: "litigation" not in book.find_row("1-2:T3").values)


def test_a_field_that_another_one_works_out_says_so_and_leads_there(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot
) -> None:
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_M, CONTROL)
    dialog = dialog_of(window, SetManyDialog)
    dialog.field.setCurrentIndex(dialog.field.findData("remarks"))
    assert not dialog.easier.isVisible()
    dialog.field.setCurrentIndex(dialog.field.findData("expected_loss"))
    assert dialog.easier.isVisible()
    assert "「损失依据」选“按标准比率”" in dialog.easier.words.text()
    dialog.editor.setFocus()
    press(qtbot, Qt.Key.Key_Tab)
    assert focused() == dialog.easier.button
    enter(qtbot)
    assert dialog.field.currentData() == "loss_basis"
    assert dialog.editor.raw() == "standard"
    assert not dialog.easier.isVisible()
    wait_for(qtbot, dialog.action.isEnabled)
    assert dialog.facts.text() == "3笔现在空着，将填上。"
    click(qtbot, dialog.action)
    wait_for(qtbot, lambda: book.find_row("1-2:T3").values.get("loss_basis") == "standard")


def opinions_dialog(window: MainWindow, book: Book, page: TablePage, qtbot: QtBot) -> Any:
    """All rows chosen, one of them doubtful and one still open, and the opinion to be filled."""
    given: list[dict[str, Any]] = [{"due_on": "2006-10-01"}, {"counterparty_state": None}, {}]
    for number, changes in enumerate(given, start=1):
        row_id = book.find_row(f"1-2:T{number}").id
        book.set_values(row_id, {**changes, "initial_class": None}, by=PREPARER)
    page.list.reload()
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_M, CONTROL)
    dialog = dialog_of(window, SetManyDialog)
    dialog.field.setCurrentIndex(dialog.field.findData("initial_class"))
    QApplication.processEvents()
    return dialog


def test_each_row_gets_the_opinion_that_the_program_worked_out(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    dialog = opinions_dialog(window, book, page, qtbot)
    dialog.editor.setFocus()
    press(qtbot, Qt.Key.Key_Tab)
    assert focused() == dialog.instead.each
    press(qtbot, Qt.Key.Key_Space)
    assert not dialog.editor.isEnabled()
    wait_for(qtbot, dialog.action.isEnabled)
    counted, filled, left, mine = dialog.facts.text().split("\n")
    assert counted == "将填：① 正常1笔，④ 可疑1笔。"
    assert filled == "2笔现在空着，将填上。"
    assert left == "还算不出类别的1笔不动，要先填完：存放乙银行。"
    assert "由您负责" in mine
    wait_for(
        qtbot, lambda: dialog.facts.height() >= dialog.facts.heightForWidth(dialog.facts.width())
    )
    click(qtbot, dialog.action)
    wait_for(qtbot, lambda: gone(window))
    rows = [book.find_row(f"1-2:T{number}") for number in (1, 2, 3)]
    assert [row.values.get("initial_class") for row in rows] == ["doubtful", None, "normal"]
    assert told[-1].text == f"已给2笔填写「初分意见」。{left}"
    form = open_form(page, rows[0].id)
    source = form.rows["initial_class"].source
    assert (source.text(), source.toolTip()) == ("测算", "来源：初分人采用程序测算的结果")
    assert {entry.by for entry in book.history(rows[0].id, "initial_class")} == {PREPARER}
    page.close_form()
    page.list.view.setFocus()
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    assert "initial_class" not in book.row(rows[0].id).values


def test_an_opinion_given_by_hand_stays_unless_it_is_meant(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot
) -> None:
    dialog = opinions_dialog(window, book, page, qtbot)
    given = {"initial_class": "loss", "initial_reason": "对方已失联"}
    for number in (1, 3):
        book.set_values(book.find_row(f"1-2:T{number}").id, given, by=PREPARER)
    dialog.instead.each.setChecked(True)
    wait_for(qtbot, dialog.sparing.only_empty.isVisible)
    assert "2笔现在是别的内容，不动" in dialog.facts.text()
    assert not dialog.action.isEnabled()
    dialog.sparing.only_empty.setChecked(False)
    assert "2笔现在是别的内容，将被替换；其中2笔原来选得更差" in dialog.facts.text()
    assert dialog.action.text() == "填写2笔"


def test_taking_over_what_was_worked_out_is_only_for_the_opinion(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot
) -> None:
    dialog = opinions_dialog(window, book, page, qtbot)
    dialog.instead.each.setChecked(True)
    dialog.instead.empty.setChecked(True)
    assert not dialog.instead.each.isChecked()
    dialog.instead.each.setChecked(True)
    assert not dialog.instead.empty.isChecked()
    dialog.field.setCurrentIndex(dialog.field.findData("remarks"))
    assert not dialog.instead.each.isVisible()
    assert dialog.editor.isEnabled()
    assert not dialog.ahead.is_coming


# ── undo


def test_undo_as_far_as_one_likes(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    row = book.find_row("1-2:T1").id
    for text in ("一", "二", "三"):
        book.set_values(row, {"remarks": text}, by=PREPARER)
    press(qtbot, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.AltModifier)
    dialog = dialog_of(window, UndoDialog)
    assert dialog.back.lines.rows[0].texts[1:] == (PREPARER, "存放甲银行：备注")
    press(qtbot, Qt.Key.Key_Down)
    assert dialog.action.text() == "撤销2处"
    enter(qtbot)
    wait_for(qtbot, lambda: gone(window))
    assert book.row(row).values["remarks"] == "一"
    assert told[-1].text == "已撤销：2处修改。"
    press(qtbot, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.AltModifier)
    dialog = dialog_of(window, UndoDialog)
    dialog.tabs.setCurrentIndex(1)
    dialog.again.setFocus()
    dialog.again.selectRow(1)
    click(qtbot, button_named(dialog, "重做2处"))
    assert book.row(row).values["remarks"] == "三"


def test_what_is_undone_in_another_row_is_shown(
    view: DeskView, page: TablePage, book: Book, qtbot: QtBot
) -> None:
    first, second = book.find_row("1-2:T1").id, book.find_row("1-2:T2").id
    book.set_values(first, {"remarks": "一"}, by=PREPARER)
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    assert not page.sheet.isVisible(), "in the list its line is in sight"
    page.open_row(second)
    press(qtbot, Qt.Key.Key_Y, CONTROL)
    assert page.session is not None
    assert page.session.row.id == first
    assert page.form is not None
    assert page.form.focused_key == "remarks"
    open_table(view, "1-5")
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    shown = view.table_page
    assert shown is not None
    assert shown.session is not None
    assert shown.session.row.id == first
    press(qtbot, Qt.Key.Key_Z, CONTROL)  # the third deposit goes; nothing of it could be shown
    assert book.row_count("1-2") == 2
    assert shown.session.row.id == first


def test_large_changes_are_taken_back_by_the_worker(
    page: TablePage, book: Book, qtbot: QtBot, told: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.desk_hands.AT_ONCE", 0)
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    wait_for(qtbot, lambda: book.row_count("1-2") == 2)
    wait_for(qtbot, lambda: page.list.view.rows.rowCount() == 2)
    assert told[-1].text == "已撤销：存放丙银行：登记。"


def test_nothing_to_undo_is_told(
    view: DeskView, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    press(qtbot, Qt.Key.Key_Y, CONTROL)
    assert told[-1].text == "没有可以重做的修改。"


# ── finding


@pytest.mark.parametrize("where", ["overview", "reconciliation", "table:1-2", "problems", "form"])
def test_the_search_is_one_key_away_from_everywhere(
    view: DeskView, book: Book, qtbot: QtBot, where: str
) -> None:
    if where == "form":
        open_form(open_table(view, "1-2"), book.find_row("1-2:T1").id).go_to("wp_state")
    else:
        view.go(where)
    press(qtbot, Qt.Key.Key_F, CONTROL)
    assert focused() is view.top.search
    type_text(qtbot, "cfyyh")
    enter(qtbot)
    found = view.table_page
    assert found is not None
    assert found.session is not None, "the only one found is opened"
    assert found.session.row.id == book.find_row("1-2:T2").id


def test_rows_that_changed_since_last_period(view: DeskView, book: Book, qtbot: QtBot) -> None:
    period = book.add_period(date(2007, 12, 31), carry_forward=True, by=PREPARER)
    view.desk.enter_period(period.id)
    book.set_values(book.find_row("1-2:T2").id, {"carrying_amount": "1.00"}, by=PREPARER)
    page = open_table(view, "1-2")
    page.list.filter.setCurrentIndex(page.list.filter.findText("与上期有变化"))
    wait_for(qtbot, lambda: page.list.view.rows.rowCount() == 1)
    book.set_values(book.find_row("1-2:T3").id, {"carrying_amount": "2.00"}, by=PREPARER)
    view.desk.rows_were_changed("1-2")
    wait_for(qtbot, lambda: page.list.view.rows.rowCount() == 2)
    page.list.show_all()
    assert page.list.view.rows.rowCount() == 3


# ── where values come from


def test_each_value_says_quietly_where_it_came_from(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    book.add_row("1-2", {**INTERBANK, "name": "导入的"}, by=PREPARER, source="清单.xlsx")
    page = open_table(view, "1-2")
    form = open_form(page, book.row_list("1-2", search="导入的")[0].id)
    row = form.rows["carrying_amount"]
    assert (row.source.text(), row.source.toolTip()) == ("导入", "来源：从清单.xlsx导入")
    proxy = row.editor.focusProxy()
    assert proxy is not None
    assert proxy.accessibleDescription() == "来源：从清单.xlsx导入"
    form.go_to("carrying_amount")
    press(qtbot, Qt.Key.Key_A, CONTROL)
    type_text(qtbot, "7")
    enter(qtbot)
    assert (row.source.text(), row.source.toolTip()) == ("", "来源：录入")
    assert form.rows["overdue_days"].source.toolTip() == "来源：程序计算"
    page.close_form()
    QApplication.processEvents()


def test_every_source_has_its_words() -> None:
    assert source_words("carried") == ("上期", "来源：由上期带来")
    assert source_words("") == ("", "")


def test_the_keys_of_the_list_are_on_the_sheet() -> None:
    keys = [line[0] for line in shortcut_lines()]
    assert {"Ctrl+V", "Ctrl+D", "Ctrl+M", "Ctrl+Alt+Z", "Ctrl+F"} <= set(keys)


def test_a_new_row_alone_is_chosen_while_ctrl_is_down(page: TablePage, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_N, CONTROL)
    assert page.list.view.chosen_places() == [(3, 3)]


def test_the_next_field_for_many_is_a_tab_away_and_the_rows_stay_chosen(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot
) -> None:
    row_id = book.find_row("1-2:T1").id
    book.set_values(row_id, {"litigation": None}, by=PREPARER)
    page.list.reload()
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_M, CONTROL)
    dialog = dialog_of(window, SetManyDialog)
    assert dialog.field.currentData() == "litigation"
    press(qtbot, Qt.Key.Key_Tab)
    assert dialog.editor.isAncestorOf(focused())
    press(qtbot, Qt.Key.Key_2)
    wait_for(qtbot, dialog.action.isEnabled)
    click(qtbot, dialog.action)
    wait_for(qtbot, lambda: gone(window))
    assert page.list.view.chosen_places() == [(0, 2)]
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    assert "litigation" not in book.row(row_id).values
    assert page.list.view.chosen_places() == [(0, 2)]
    press(qtbot, Qt.Key.Key_Y, CONTROL)
    assert page.list.view.chosen_places() == [(0, 2)]


def choose_from_menu(
    page: TablePage, reason: QContextMenuEvent.Reason, words: str, qtbot: QtBot
) -> list[str]:
    """Asks for the list's menu on the second row and takes a line of it; returns all lines."""
    view = page.list.view
    at = view.visualRect(view.rows.index(1, 2)).center()
    if reason == QContextMenuEvent.Reason.Mouse:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=at)  # type: ignore[no-untyped-call]
    target = view.viewport() if reason == QContextMenuEvent.Reason.Mouse else view
    QApplication.sendEvent(target, QContextMenuEvent(reason, at, target.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    offered = {action.text().partition("\t")[0]: action for action in menu.actions()}
    menu.setActiveAction(offered[words])
    qtbot.keyClick(menu, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    return list(offered)


def test_the_menu_of_a_row_offers_what_can_be_done_with_it(page: TablePage, qtbot: QtBot) -> None:
    reasons = QContextMenuEvent.Reason
    offered = choose_from_menu(page, reasons.Mouse, "打开", qtbot)
    assert offered == ["打开", "复制这一笔", "移出资产…"]
    assert page.session is not None
    assert page.session.row.values["asset_no"] == "T2"
    page.close_form()
    choose_from_menu(page, reasons.Keyboard, "移出资产…", qtbot)
    question = next(d for d in page.findChildren(QDialog) if d.isVisible())
    assert any("存放乙银行" in label.text() for label in question.findChildren(QLabel))
    question.reject()
    choose_from_menu(page, reasons.Mouse, "复制这一笔", qtbot)
    assert page.session.row.values["name"] == "存放乙银行"
    assert "asset_no" not in page.session.row.values


def test_the_menu_of_several_rows_fills_them(
    window: MainWindow, page: TablePage, qtbot: QtBot
) -> None:
    press(qtbot, Qt.Key.Key_A, CONTROL)
    words = "给选中的3笔填同一项…"
    lines = choose_from_menu(page, QContextMenuEvent.Reason.Keyboard, words, qtbot)
    assert lines == [words, "移出选中的3笔…"]
    assert dialog_of(window, SetManyDialog).count == 3


def test_filling_the_chosen_rows_is_offered_above_the_list(
    window: MainWindow, page: TablePage, qtbot: QtBot
) -> None:
    link, head = page.list.many_button, page.list.stack.y()
    assert not link.isVisible()
    press(qtbot, Qt.Key.Key_A, CONTROL)
    assert link.isVisible()
    assert link.text() == "选中3笔：填同一项… Ctrl+M"
    assert page.list.stack.y() == head
    click(qtbot, link)
    dialog = dialog_of(window, SetManyDialog)
    assert dialog.count == 3
    dialog.reject()
    assert window.focusWidget() is page.list.view
    page.list.view.choose_place(0)
    assert not link.isVisible()
    page.list.view.selectAll()
    page.list.reload()
    assert page.list.totals.isVisible()
    assert not link.isVisible()


def test_filling_begins_at_what_any_of_the_rows_misses(
    window: MainWindow, page: TablePage, book: Book, qtbot: QtBot
) -> None:
    book.set_values(book.find_row("1-2:T1").id, {"litigation": None}, by=PREPARER)
    book.set_values(book.find_row("1-2:T3").id, {"formed_on": None}, by=PREPARER)
    page.list.reload()
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_M, CONTROL)
    assert dialog_of(window, SetManyDialog).field.currentData() == "formed_on"


def test_without_anything_missing_filling_begins_at_the_first_field_and_says_so(
    window: MainWindow, page: TablePage, qtbot: QtBot
) -> None:
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_M, CONTROL)
    dialog = dialog_of(window, SetManyDialog)
    assert dialog.field.currentIndex() == 0
    assert "选中的3笔要填的都填了。" in "".join(
        label.text() for label in dialog.findChildren(QLabel)
    )


def test_undoing_a_new_row_closes_it_without_complaint(
    page: TablePage, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    press(qtbot, Qt.Key.Key_N, CONTROL)
    assert page.sheet.isVisible()
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    assert book.row_count("1-2") == 3
    assert not page.sheet.isVisible()
    assert [message.kind for message in told] == ["good"]


def test_undoing_the_only_row_leaves_the_keyboard_on_the_page(
    view: DeskView, page: TablePage, qtbot: QtBot
) -> None:
    empty = open_table(view, "1-7")
    press(qtbot, Qt.Key.Key_N, CONTROL)
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    assert focused() is button_named(empty, "登记第一笔")


def test_one_enter_too_many_keeps_what_is_chosen(
    page: TablePage, told: list[Message], qtbot: QtBot
) -> None:
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_Return)
    assert page.session is None
    assert page.list.view.chosen_places() == [(0, 2)]
    assert told[-1].text == "选中了3笔，没有打开。"
    page.list.view.choose_place(1)
    press(qtbot, Qt.Key.Key_Return)
    assert page.session is not None


# ── removing


def test_all_chosen_rows_are_removed_together(
    window: MainWindow, page: TablePage, view: DeskView, book: Book, qtbot: QtBot,
    told: list[Message],
) -> None:  # fmt: skip
    for name in "乙丙":
        book.add_row("1-2", {**INTERBANK, "name": f"存放{name}银行"}, by=PREPARER)
    view.desk.rows_were_changed()
    count = page.list.view.rows.rowCount()
    page.list.view.selectAll()
    press(qtbot, Qt.Key.Key_Delete)
    asked = next(d for d in window.findChildren(QDialog) if d.isVisible())
    words = "".join(label.text() for label in asked.findChildren(QLabel))
    assert f"把选中的{count}笔（" in words
    line = asked.findChild(QLineEdit)
    assert line is not None
    line.setText("登错表")
    click(qtbot, button_named(asked, f"移出{count}笔"))
    wait_for(qtbot, lambda: book.row_count("1-2") == 0)
    wait_for(qtbot, lambda: bool(told) and told[-1].text.startswith(f"已把{count}笔移出"))
    view.hands.do_undo()
    wait_for(qtbot, lambda: book.row_count("1-2") == count)


def test_a_blank_new_row_is_removed_with_the_others(
    page: TablePage, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    view.row.do_add_row()
    ids = [row.id for row in book.rows("1-2")]
    view.hands._remove(page, ids, "登错表")
    wait_for(qtbot, lambda: not view.desk.worker.busy)
    assert book.row_count("1-2") == 0
    press(qtbot, Qt.Key.Key_Return)
    assert book.row_count("1-2") == 0, "one Enter too many adds nothing"


def test_a_book_may_be_closed_while_rows_are_removed(
    page: TablePage, view: DeskView, book: Book, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = threading.Event()

    def slowly(*given: Any, **more: Any) -> int:
        gone.wait(5)
        return remove_rows(*given, **more)

    monkeypatch.setattr("app.book.removal.remove_rows", slowly)
    view.hands._remove(page, [next(iter(book.rows("1-2"))).id], "登错表")
    view.desk.book_closed.connect(gone.set)
    gone.set()
    with qtbot.captureExceptions() as raised:
        view.desk.close_book()
        QApplication.processEvents()
    assert not raised


def test_an_open_row_that_was_removed_meanwhile_is_shut(
    page: TablePage, view: DeskView, book: Book, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = threading.Event()

    def slowly(*given: Any, **more: Any) -> int:
        opened.wait(5)
        return remove_rows(*given, **more)

    monkeypatch.setattr("app.book.removal.remove_rows", slowly)
    row_id = next(iter(book.rows("1-2"))).id
    view.hands._remove(page, [row_id], "登错表")
    page.open_row(row_id, "remarks")
    opened.set()
    wait_for(qtbot, lambda: not view.desk.worker.busy)
    QApplication.processEvents()
    assert page.session is None

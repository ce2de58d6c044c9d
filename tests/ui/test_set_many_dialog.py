"""One field for many rows, by the keys of somebody who does not wait."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.types import Json
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.set_many_dialog import SetManyDialog
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import (
    INTERBANK,
    focused,
    open_desk,
    open_table,
    press,
    type_text,
    wait_for,
)


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """A book with one deposit."""
    made = make_book()
    made.add_row("1-2", {**INTERBANK, "name": "存放甲银行"}, by=PREPARER)
    return made


@pytest.fixture
def view(window: MainWindow, book: Book, qtbot: QtBot) -> DeskView:
    """The desk of the book."""
    return open_desk(window, book, qtbot)


@pytest.fixture
def dialog(window: MainWindow, view: DeskView, qtbot: QtBot) -> SetManyDialog:
    """The dialog, with the keyboard on the field."""
    page = open_table(view, "1-2")
    page.list.view.setFocus()
    page.list.view.choose_place(0)
    press(qtbot, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    found = next(d for d in window.findChildren(SetManyDialog) if d.isVisible())
    while not found.isActiveWindow():
        QApplication.processEvents()
    return found


def opened(
    window: MainWindow, view: DeskView, qtbot: QtBot, table_id: str, rows: tuple[int, int]
) -> SetManyDialog:
    """The dialog for the rows from one place to another."""
    page = open_table(view, table_id)
    dialog = SetManyDialog(view.desk, window, page.table, page.list.view.rows, [rows])
    dialog.open()
    wait_for(qtbot, dialog.isActiveWindow)
    return dialog


def test_a_number_on_the_field_takes_the_answer_with_it(
    dialog: SetManyDialog, qtbot: QtBot
) -> None:
    dialog.field.setCurrentIndex(dialog.field.findData("litigation"))
    QApplication.processEvents()
    dialog.field.setFocus()
    press(qtbot, Qt.Key.Key_2)
    assert dialog.editor.raw() == dialog.table.fields["litigation"].choices[1].code
    assert focused() == dialog.editor


def test_a_number_that_no_answer_has_stays_on_the_field(
    dialog: SetManyDialog, qtbot: QtBot
) -> None:
    dialog.field.setCurrentIndex(dialog.field.findData("remarks"))
    QApplication.processEvents()
    dialog.field.setFocus()
    press(qtbot, Qt.Key.Key_2)
    assert dialog.editor.raw() is None
    assert dialog.field.currentData() == "remarks"


def test_enter_right_after_typing_goes_to_the_button_once_it_is_counted(
    dialog: SetManyDialog, qtbot: QtBot
) -> None:
    dialog.field.setCurrentIndex(dialog.field.findData("remarks"))
    QApplication.processEvents()
    dialog.editor.setFocus()
    type_text(qtbot, "已核对")
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, dialog.action.isEnabled)
    assert focused() == dialog.action


def test_enter_leads_from_the_field_to_its_answer_and_on_to_the_button(
    dialog: SetManyDialog, book: Book, qtbot: QtBot
) -> None:
    dialog.field.setCurrentIndex(dialog.field.findData("remarks"))
    QApplication.processEvents()
    dialog.field.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    type_text(qtbot, "abc")
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, dialog.action.hasFocus)
    press(qtbot, Qt.Key.Key_Return)
    row_id = book.row_list("1-2")[0].id
    wait_for(qtbot, lambda: book.row(row_id).values.get("remarks") == "abc")


def test_up_to_nine_answers_stand_there_as_buttons(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    book.add_row("1-8", {"name": "营业楼"}, by=PREPARER)
    page = open_table(view, "1-8")
    rows = page.list.view.rows
    dialog = SetManyDialog(view.desk, window, page.table, rows, [(0, 0)])
    dialog.open()
    wait_for(qtbot, dialog.isActiveWindow)
    dialog.field.setCurrentIndex(dialog.field.findData("use_value"))
    assert len(page.table.fields["use_value"].choices) == 6
    dialog.field.setFocus()
    press(qtbot, Qt.Key.Key_6)
    assert dialog.editor.raw() == "untransferable"
    dialog.reject()


def test_rows_whose_remark_speaks_against_the_answer_are_left_aside(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    remarks = ("有账无物", "出租", None)
    ids = [
        book.add_row("1-8", {"name": f"设备{number}", "remarks": remark}, by=PREPARER).id
        for number, remark in enumerate(remarks)
    ]
    dialog = opened(window, view, qtbot, "1-8", (0, 2))
    dialog.field.setCurrentIndex(dialog.field.findData("integrity"))
    dialog.field.setFocus()
    press(qtbot, Qt.Key.Key_1)
    wait_for(qtbot, dialog.action.isEnabled)
    assert [(tick.text(), tick.isChecked()) for tick, _texts in dialog.remarks.ticks] == [
        ("有账无物（1笔）", True),
        ("出租（1笔）", False),
    ]
    assert dialog.action.text() == "填写2笔"
    assert "1笔按备注先不填" in dialog.facts.text()
    heard: list[Message] = []
    dialog.messages.told.connect(heard.append)
    dialog.apply()
    wait_for(qtbot, lambda: book.row(ids[1]).values.get("integrity") == "intact")
    assert book.row(ids[2]).values.get("integrity") == "intact"
    assert book.row(ids[0]).values.get("integrity") is None
    wait_for(qtbot, lambda: not dialog.worker.busy)
    assert "按备注留下的1笔没有填，别的填完再按一次 Ctrl+M，就从它们填起。" in heard[-1].text
    dialog.start_at_missing()
    assert dialog.field.currentIndex() <= dialog.field.findData("integrity")
    dialog.reject()


def test_a_cause_without_a_word_is_pointed_at(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    book.add_rows("1-5", [{"name": "押金"}, {"name": "诉讼费"}], by=PREPARER, source="清单")
    dialog = opened(window, view, qtbot, "1-5", (0, 1))
    dialog.field.setCurrentIndex(dialog.field.findData("reason"))
    dialog.editor.setFocus()
    type_text(qtbot, "5")
    wait_for(qtbot, dialog.action.isEnabled)
    assert "「挂账原因」只写着“5”，看不出说的是什么。" in dialog.facts.text()
    type_text(qtbot, "起诉费")
    wait_for(qtbot, lambda: dialog.plan is not None and dialog.plan.value == "5起诉费")
    assert "看不出" not in dialog.facts.text()
    dialog.reject()


def test_what_is_left_aside_by_a_printed_column_is_told_so(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    printed: list[dict[str, Json]] = [{"产权证号": "无"}, {"产权证号": ""}]
    given = [{"name": f"门面房{number}"} for number in range(2)]
    book.add_rows("1-8", given, by=PREPARER, source="import", printed=printed)
    dialog = opened(window, view, qtbot, "1-8", (0, 1))
    dialog.field.setCurrentIndex(dialog.field.findData("title_in_own_name"))
    dialog.field.setFocus()
    press(qtbot, Qt.Key.Key_1)
    wait_for(qtbot, dialog.action.isEnabled)
    dialog.remarks.column.setCurrentIndex(1)
    dialog.remarks.column.activated.emit(1)
    wait_for(qtbot, lambda: len(dialog.remarks.ticks) == 2)
    dialog.remarks.ticks[0][0].click()
    assert "1笔按产权证号先不填" in dialog.facts.text()
    dialog.reject()


def test_what_another_answer_may_work_out_is_asked_for_behind_it(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    values = {**INTERBANK, "name": "存放乙银行", "expected_loss": None}
    book.add_row("1-2", values, by=PREPARER)
    dialog = opened(window, view, qtbot, "1-2", (1, 1))
    dialog.start_at_missing()
    assert dialog.field.currentData() == "loss_basis"
    dialog.field.setFocus()
    press(qtbot, Qt.Key.Key_1)
    wait_for(qtbot, dialog.action.isEnabled)
    dialog.apply()
    wait_for(qtbot, lambda: dialog.field.currentData() == "expected_loss")
    dialog.reject()


def test_a_wrong_fill_is_taken_back_from_the_dialog(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    row_id = book.add_row("1-8", {"name": "营业楼"}, by=PREPARER).id
    dialog = opened(window, view, qtbot, "1-8", (0, 0))
    heard: list[Message] = []
    dialog.messages.told.connect(heard.append)
    undo = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    dialog.field.setFocus()
    press(qtbot, *undo)
    assert "没有可以撤销的" in heard[-1].text
    for key, code in (("integrity", "intact"), ("usage", "own_use")):
        dialog.field.setCurrentIndex(dialog.field.findData(key))
        dialog.field.setFocus()
        press(qtbot, Qt.Key.Key_1)
        wait_for(qtbot, dialog.action.isEnabled)
        dialog.apply()
        wait_for(qtbot, lambda key=key, code=code: book.row(row_id).values.get(key) == code)  # type: ignore[misc]
        wait_for(qtbot, lambda: not dialog.worker.busy)
    dialog.field.setFocus()
    press(qtbot, *undo)
    wait_for(qtbot, lambda: "usage" not in book.row(row_id).values)
    wait_for(qtbot, lambda: dialog.field.currentData() == "usage")
    assert book.row(row_id).values["integrity"] == "intact"
    press(qtbot, *undo)
    wait_for(qtbot, lambda: "integrity" not in book.row(row_id).values)
    dialog.reject()


def test_each_row_is_filled_with_its_own_carrying_amount(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    ids = [
        book.add_row("1-5", {"name": name, "carrying_amount": amount}, by=PREPARER).id
        for name, amount in (("甲", "100.50"), ("乙", "7.00"))
    ]
    dialog = opened(window, view, qtbot, "1-5", (0, 1))
    dialog.field.setCurrentIndex(dialog.field.findData("reason"))
    assert not dialog.instead.each.isVisible()
    dialog.field.setCurrentIndex(dialog.field.findData("recovered_amount"))
    assert dialog.instead.each.text() == "每一笔各填自己的账面金额"
    dialog.instead.each.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    wait_for(qtbot, dialog.action.isEnabled)
    assert dialog.facts.text().startswith("将各填账面金额，合计107.50元。")
    dialog.apply()
    wait_for(qtbot, lambda: book.row(ids[1]).values.get("recovered_amount") == "7.00")
    assert book.row(ids[0]).values["recovered_amount"] == "100.50"
    wait_for(qtbot, lambda: not dialog.worker.busy)
    dialog.field.setCurrentIndex(dialog.field.findData("initial_class"))
    assert not dialog.instead.each.isChecked()
    dialog.reject()


def test_emptying_one_field_does_not_go_on_to_the_next(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    given = {"name": "营业楼", "integrity": "intact", "usage": "own_use"}
    row_id = book.add_row("1-8", given, by=PREPARER).id
    book.add_row("1-8", {"name": "门面房", "integrity": "intact"}, by=PREPARER)
    dialog = opened(window, view, qtbot, "1-8", (0, 1))
    dialog.field.setCurrentIndex(dialog.field.findData("integrity"))
    dialog.instead.empty.click()
    wait_for(qtbot, dialog.action.isEnabled)
    dialog.apply()
    wait_for(qtbot, lambda: "integrity" not in book.row(row_id).values)
    wait_for(qtbot, lambda: not dialog.worker.busy)
    assert not dialog.instead.empty.isChecked()
    assert book.row(row_id).values["usage"] == "own_use"
    dialog.reject()


def test_what_was_refused_is_counted_anew(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    values = {"name": "甲", "carrying_amount": "5.00"}
    row_id = book.add_row("1-5", values, by=PREPARER).id
    dialog = opened(window, view, qtbot, "1-5", (0, 0))
    dialog.field.setCurrentIndex(dialog.field.findData("recovered_amount"))
    dialog.instead.each.click()
    wait_for(qtbot, dialog.action.isEnabled)
    book.set_values(row_id, {"carrying_amount": "6.00"}, by=PREPARER)
    dialog.apply()
    wait_for(qtbot, lambda: "合计6.00元" in dialog.facts.text())
    wait_for(qtbot, dialog.action.isEnabled)
    dialog.apply()
    wait_for(qtbot, lambda: book.row(row_id).values.get("recovered_amount") == "6.00")
    wait_for(qtbot, lambda: not dialog.worker.busy)
    dialog.reject()


def test_whole_amounts_go_to_the_rows_whose_remark_speaks_of_them(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    ids = [
        book.add_row("1-5", {"name": name, "carrying_amount": "7.00", "remarks": said},
                     by=PREPARER).id
        for name, said in (("甲", "2007年1月已收回"), ("乙", "死亡"), ("丙", None))
    ]  # fmt: skip
    dialog = opened(window, view, qtbot, "1-5", (0, 2))
    dialog.field.setCurrentIndex(dialog.field.findData("recovered_amount"))
    assert dialog.remarks.isHidden(), "nothing is asked before there is something to fill in"
    dialog.instead.each.click()
    wait_for(qtbot, dialog.action.isEnabled)
    assert dialog.action.text() == "填写1笔"
    assert {tick.text() for tick, _texts in dialog.remarks.ticks if tick.isChecked()} == {
        "死亡（1笔）", "空着（1笔）",
    }  # fmt: skip
    assert "2笔按备注先不填" in dialog.facts.text()
    dialog.apply()
    wait_for(qtbot, lambda: book.row(ids[0]).values.get("recovered_amount") == "7.00")
    assert "recovered_amount" not in book.row(ids[1]).values
    wait_for(qtbot, lambda: not dialog.worker.busy)
    dialog.reject()


def test_what_only_the_remark_tells_is_asked_for(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    given = {"carrying_amount": "7.00", "remarks": "2007年1月已收回", "kind": "other"}
    row_id = book.add_row("1-5", {**given, "name": "甲"}, by=PREPARER).id
    dialog = opened(window, view, qtbot, "1-5", (0, 0))
    places = [dialog.field.findData(key) for key in ("limitation", "recovered_amount")]
    assert dialog._first_missing(behind=places[0]) == places[1]
    dialog.start_at("recovered_amount")
    assert "备注里说到的各笔要填" in dialog.asked_where.text()
    book.set_values(row_id, {"recovered_amount": "0.00"}, by=PREPARER)
    assert dialog._first_missing(behind=places[0]) != places[1]
    dialog.reject()


def test_a_text_for_many_rows_shows_their_remarks_too(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    for number, said in enumerate(("有账无物", None)):
        book.add_row("1-8", {"name": f"设备{number}", "remarks": said}, by=PREPARER)
    dialog = opened(window, view, qtbot, "1-8", (0, 1))
    dialog.field.setCurrentIndex(dialog.field.findData("wp_state"))
    dialog.editor.setFocus()
    type_text(qtbot, "abc")
    wait_for(qtbot, dialog.action.isEnabled)
    assert [tick.text() for tick, _texts in dialog.remarks.ticks] == ["有账无物（1笔）"]
    dialog.remarks.ticks[0][0].click()
    assert dialog.action.text() == "填写1笔"
    dialog.reject()


def test_a_message_moves_nothing_that_is_filled_in(
    window: MainWindow, view: DeskView, qtbot: QtBot
) -> None:
    dialog = opened(window, view, qtbot, "1-2", (0, 0))
    before = dialog.field.geometry()
    dialog.messages.tell("已给1笔填写。", "接着填下一项。", kind="good")
    for _ in range(5):
        QApplication.processEvents()
    assert dialog.field.geometry() == before
    dialog.reject()


def test_the_column_that_tells_about_a_field_is_looked_at_first(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    printed: list[dict[str, Json]] = [{"产权证号": "无"}, {"产权证号": "房权证1号"}]
    given = [{"name": f"门面房{number}"} for number in range(2)]
    book.add_rows("1-8", given, by=PREPARER, source="import", printed=printed)
    dialog = opened(window, view, qtbot, "1-8", (0, 1))
    dialog.field.setCurrentIndex(dialog.field.findData("title_documents"))
    dialog.field.setFocus()
    press(qtbot, Qt.Key.Key_1)
    wait_for(qtbot, dialog.action.isEnabled)
    assert dialog.remarks.column_name == "产权证号"
    assert {tick.text() for tick, _texts in dialog.remarks.ticks} == {
        "无（1笔）", "房权证1号（1笔）",
    }  # fmt: skip
    assert [tick.text() for tick, _texts in dialog.remarks.ticks if tick.isChecked()] == [
        "无（1笔）"
    ]
    assert dialog.action.text() == "填写1笔"
    dialog.remarks.column.setCurrentIndex(0)
    dialog.remarks.column.activated.emit(0)
    wait_for(qtbot, dialog.action.isEnabled)
    assert not dialog.remarks.column_name, "what somebody chooses stays chosen"
    assert dialog.action.text() == "填写1笔", "left aside also out of sight"
    dialog.field.setFocus()
    press(qtbot, Qt.Key.Key_5)
    wait_for(qtbot, lambda: dialog.action.text() == "填写2笔")
    dialog.reject()


def test_rows_that_need_a_field_are_filled_and_the_rest_stays_empty(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    for name, loss in (("存放乙银行", "5.00"), ("存放丙银行", "0.00")):
        values = {**INTERBANK, "name": name, "expected_loss": loss, "remarks": None}
        book.add_row("1-2", values, by=PREPARER)
    dialog = opened(window, view, qtbot, "1-2", (0, 2))
    dialog.field.setCurrentIndex(dialog.field.findData("remarks"))
    assert dialog.asked_where.text().startswith("有预计损失的必须写明怎样估出来的、依据哪份材料。")
    dialog.editor.setFocus()
    type_text(qtbot, "abc")
    wait_for(qtbot, dialog.action.isEnabled)
    assert dialog.sparing.only_needed.isVisible()
    assert "必须填的1笔" in dialog.sparing.only_needed.text()
    assert dialog.action.text() == "填写1笔"
    assert "2笔可以空着，不动" in dialog.facts.text()
    dialog.sparing.only_needed.click()
    assert dialog.action.text() == "填写3笔"
    dialog.reject()


def test_answers_that_seldom_fit_wait_for_a_second_look(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    for name, day in (("老账", "2001-03-01"), ("新账", "2006-10-01")):
        given: dict[str, Json] = {"name": name, "formed_on": day, "kind": "other"}
        book.add_row("1-5", given, by=PREPARER)
    dialog = opened(window, view, qtbot, "1-5", (0, 1))
    dialog.field.setCurrentIndex(dialog.field.findData("limitation"))
    dialog.editor.set_value("lapsed")
    dialog.editor.typed.emit("lapsed")
    wait_for(qtbot, dialog.action.isEnabled)
    assert dialog.sparing.only_usual.isVisible()
    assert dialog.sparing.only_usual.text() == "先不填请再看一看的1笔"
    assert dialog.sparing.example.text().startswith("例如 新账：账龄91天")
    assert dialog.action.text() == "填写1笔"
    assert "1笔请再看一看，先不填" in dialog.facts.text()
    dialog.apply()
    wait_for(qtbot, lambda: dialog.field.currentData() != "limitation" or not dialog.isVisible())
    lapsed = {
        line.name: book.row(line.id).values.get("limitation") for line in book.row_list("1-5")
    }
    assert lapsed == {"老账": "lapsed", "新账": None}
    dialog.reject()


@pytest.fixture
def several(window: MainWindow, view: DeskView, book: Book, qtbot: QtBot) -> SetManyDialog:
    """The dialog for four rows in which a column of the listing has words."""
    given = [{**INTERBANK, "name": f"存放{n}银行", "limitation": "within"} for n in range(4)]
    book.remove_row(next(iter(book.rows("1-2"))).id, by=PREPARER)
    book.add_rows("1-2", given, by=PREPARER, source="清单.xlsx", printed=[{"用途": "结算"}] * 4)
    return opened(window, view, qtbot, "1-2", (0, 3))


@pytest.mark.parametrize("goes_on", [True, False])
def test_what_was_counted_for_another_wish_comes_to_nothing(
    several: SetManyDialog, qtbot: QtBot, goes_on: bool
) -> None:
    several.start_at("remarks")
    several.editor.set_value("函证过")
    several.editor.typed.emit("函证过")
    several.ahead.ask_now()
    if goes_on:
        several.start_at("limitation")
    else:
        several.editor.set_value(None)
        several.editor.typed.emit(None)
    wait_for(qtbot, lambda: not several.worker.busy)
    assert several.plan is None
    assert not several.action.isEnabled()
    several.reject()


def test_an_answer_taken_back_empties_nothing_when_a_column_is_looked_at(
    several: SetManyDialog, qtbot: QtBot
) -> None:
    several.start_at("limitation")
    several.editor.setFocus()
    press(qtbot, Qt.Key.Key_2)
    wait_for(qtbot, lambda: several.plan is not None)
    assert several.remarks.column.isVisible()
    press(qtbot, Qt.Key.Key_Backspace)
    assert not several.remarks.isVisible()
    assert not several.sparing.only_empty.isVisible()
    several.remarks.column.setCurrentIndex(1)
    several.remarks.column.activated.emit(1)
    assert not several.ahead.is_coming
    assert not several.action.isEnabled()
    several.reject()


def test_the_rows_are_those_that_were_chosen_whatever_the_list_shows_later(
    several: SetManyDialog, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    ids = [row.id for row in book.rows("1-2")]
    page = view.table_page
    assert page is not None
    page.show_these((ids[0],))
    several.start_at("remarks")
    several.editor.set_value("函证过")
    several.editor.typed.emit("函证过")
    wait_for(qtbot, lambda: several.plan is not None)
    assert several.plan is not None
    assert list(several.plan.row_ids) == ids
    several.reject()


def test_the_next_field_spares_again_what_is_filled(
    several: SetManyDialog, book: Book, qtbot: QtBot
) -> None:
    book.set_values(next(iter(book.rows("1-2"))).id, {"remarks": "自己写的"}, by=PREPARER)
    several.start_at("remarks")
    several.editor.set_value("函证过")
    several.editor.typed.emit("函证过")
    wait_for(qtbot, several.sparing.only_empty.isVisible)
    several.sparing.only_empty.setChecked(False)
    several.start_at("litigation")
    assert several.sparing.only_empty.isChecked()
    several.reject()


def test_what_is_written_after_all_is_told_though_the_dialog_is_gone(
    several: SetManyDialog, qtbot: QtBot, told: list[Message]
) -> None:
    several.start_at("remarks")
    several.editor.set_value("函证过")
    several.editor.typed.emit("函证过")
    wait_for(qtbot, lambda: several.plan is not None)
    plan = several.plan
    assert plan is not None
    several.hide()
    several._applied(plan, {}, 4)
    assert told[-1].text.startswith("已给4笔填写「备注」")


def test_a_part_that_has_come_in_is_not_the_whole_amount(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    said = (
        "款项已收回",
        "部分已收回",
        "已收回利息，本金未还",
        "尚未全部收回，已收回10万",
        "已收回3成",
    )
    for number, words in enumerate(said):
        given: dict[str, Json] = {"name": f"户{number}", "kind": "other", "remarks": words}
        book.add_row("1-5", {**given, "carrying_amount": "500.00"}, by=PREPARER)
    dialog = opened(window, view, qtbot, "1-5", (0, len(said) - 1))
    dialog.start_at("recovered_amount")
    dialog.instead.each.setChecked(True)
    wait_for(qtbot, lambda: dialog.plan is not None)
    assert dialog.action.text() == "填写1笔"
    dialog.reject()


def test_enter_on_a_tick_goes_to_the_button_and_fills_nothing_yet(
    several: SetManyDialog, book: Book, qtbot: QtBot
) -> None:
    several.start_at("remarks")
    several.editor.setFocus()
    type_text(qtbot, "abc")
    wait_for(qtbot, lambda: several.plan is not None)
    several.instead.empty.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert focused() is several.action
    assert not any(row.values.get("remarks") for row in book.rows("1-2"))
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: all(row.values.get("remarks") == "abc" for row in book.rows("1-2")))


def test_an_opinion_that_has_become_too_good_is_asked_for_again(
    window: MainWindow, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    row = next(iter(book.rows("1-2")))
    book.set_values(
        row.id, {"counterparty_state": "closed", "initial_class": "normal"}, by=PREPARER
    )
    assert any(one.field == "initial_class" for one in book.evaluate(book.row(row.id)).problems)
    dialog = opened(window, view, qtbot, "1-2", (0, 0))
    behind = dialog.field.findData("remarks")
    assert dialog._first_missing(behind=behind) == dialog.field.findData("initial_class")
    dialog.reject()

"""A table's page: list, form and side pane working together."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.checks import problem_id
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.side_pane import EVIDENCE, HISTORY, PAPER
from app.ui.sign_line import SignLine
from app.ui.table_page import TablePage
from tests.ui.conftest import ACCOUNTANT, HEAD, PREPARER, BookMaker
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
    scanned_seal,
    type_text,
    wait_for,
)

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """Three finished rows in 1-2."""
    book = make_book()
    for name in ("第一笔", "第二笔", "第三笔"):
        book.add_row("1-2", {**INTERBANK, "name": name}, by=PREPARER)
    return book


@pytest.fixture
def view(window: MainWindow, book: Book, qtbot: QtBot) -> DeskView:
    """The desk of the book."""
    return open_desk(window, book, qtbot)


@pytest.fixture
def page(view: DeskView) -> TablePage:
    """The page of 1-2."""
    return open_table(view, "1-2")


def ids(page: TablePage) -> list[str]:
    """The rows in the order of the list."""
    rows = page.list.view.rows
    return [line.id for n in range(rows.rowCount()) if (line := rows.line(n))]


def dialog(window: QWidget) -> QDialog:
    """The dialog that is open."""
    found = [d for d in window.findChildren(QDialog) if d.isVisible()]
    assert len(found) == 1
    return found[0]


def test_head_says_what_the_table_holds(page: TablePage) -> None:
    assert page.list.totals.text() == "3 笔　750,000.00 元"
    page.list.apply_filter("没有这样的")
    assert page.list.totals.text() == "找到 0 笔，共 3 笔"
    page.list.show_all()
    assert page.list.totals.text() == "3 笔　750,000.00 元"


def test_enter_in_the_list_opens_the_row(page: TablePage, qtbot: QtBot) -> None:
    page.list.view.setFocus()
    page.list.view.choose_place(1)
    press(qtbot, Qt.Key.Key_Return)
    assert page.session is not None
    assert page.session.row.id == ids(page)[1]
    assert page.head.title.toolTip().startswith("第二笔")
    assert page.head.place.text().endswith("2/3 笔")


def test_a_list_that_is_come_to_begins_at_its_first_row(page: TablePage, qtbot: QtBot) -> None:
    assert not page.list.view.current_id()
    page.list.take_keyboard()
    assert page.list.view.current_id() == ids(page)[0]
    press(qtbot, Qt.Key.Key_Down)
    page.list.take_keyboard()
    assert page.list.view.current_id() == ids(page)[1]


def test_home_and_end_go_to_the_first_and_the_last_asset(page: TablePage, qtbot: QtBot) -> None:
    view = page.list.view
    view.setFocus()
    view.choose_place(1)
    press(qtbot, Qt.Key.Key_End)
    assert (view.current_id(), view.chosen_places()) == (ids(page)[2], [(2, 2)])
    press(qtbot, Qt.Key.Key_Home)
    assert view.current_id() == ids(page)[0]
    press(qtbot, Qt.Key.Key_End, SHIFT)
    assert view.chosen_places() == [(0, 2)]
    page.list.apply_filter("没有这样的")
    press(qtbot, Qt.Key.Key_Home)
    assert not view.current_id()


def test_ctrl_enter_goes_to_the_next_asset_and_back(page: TablePage, qtbot: QtBot) -> None:
    form = open_form(page, ids(page)[0])
    press(qtbot, Qt.Key.Key_Return, CTRL)
    assert page.session is not None
    assert page.session.row.id == ids(page)[1]
    press(qtbot, Qt.Key.Key_Return, CTRL | SHIFT)
    assert page.session.row.id == ids(page)[0]
    assert form is page.form


def test_the_asset_in_hand_keeps_its_place_while_all_are_chosen(
    page: TablePage, qtbot: QtBot
) -> None:
    open_form(page, ids(page)[1])
    page.list.view.setFocus()
    page.list.view.selectAll()
    page.list.view.setCurrentIndex(page.list.view.model().index(0, 0))
    page.list.view.selectAll()
    page._show_place()
    assert page.head.place.text().endswith("2/3 笔")
    assert page.head.place.text().startswith(ids(page)[1]), "papers and reports name it so"
    page.step(1)
    assert page.session is not None
    assert page.session.row.id == ids(page)[2]
    assert page.head.place.text().endswith("3/3 笔")


def test_a_search_that_leaves_the_asset_in_hand_out_marks_no_other(page: TablePage) -> None:
    names = [line.name for n in range(3) if (line := page.list.view.rows.line(n))]
    open_form(page, ids(page)[0])
    page.list.view.setCurrentIndex(page.list.view.model().index(1, 0))
    page.list.apply_filter(names[1])
    assert page.list.view.rows.rowCount() == 1
    assert not page.list.view.current_id()
    assert not page.list.view.chosen_places()
    assert page.head.place.text().endswith("不在所列各笔中")
    page.list.apply_filter("")
    assert page.list.view.current_id() == ids(page)[0]
    page.step(1)
    assert page.session is not None
    assert page.session.row.id == ids(page)[1]


def test_ctrl_enter_saves_what_is_typed(page: TablePage, book: Book, qtbot: QtBot) -> None:
    form = open_form(page, ids(page)[0])
    form.go_to("name")
    type_text(qtbot, "改过的名")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    assert book.row(ids(page)[0]).values["name"] == "改过的名"


def test_enter_behind_the_last_field_leads_to_the_next_asset(
    page: TablePage, told: list[Message], qtbot: QtBot
) -> None:
    form = open_form(page, ids(page)[1])
    form.go_to(form.asked_keys()[-1])
    enter(qtbot)
    assert (told[-1].kind, told[-1].text) == ("good", "这一笔填完了。")
    assert "按 Enter 到下一笔" in told[-1].way_out
    assert focused() is form.result.toggle
    enter(qtbot)
    assert page.session is not None
    assert page.session.row.id == ids(page)[2]
    form.go_to(form.asked_keys()[-1])
    enter(qtbot)
    enter(qtbot)
    assert told[-1].text == "这是最后一笔。"


def test_what_was_said_about_a_row_does_not_stand_over_another(
    page: TablePage, told: list[Message], qtbot: QtBot
) -> None:
    taken_away: list[bool] = []
    page.desk.messages.cleared.connect(lambda: taken_away.append(True))
    form = open_form(page, ids(page)[1])
    form.go_to(form.asked_keys()[-1])
    enter(qtbot)
    assert told[-1].text == "这一笔填完了。"
    assert not taken_away
    page.hide()
    assert taken_away == [True]
    page.show()
    form.go_to(form.asked_keys()[-1])
    enter(qtbot)
    page.desk.messages.tell("又说了别的。")
    page.open_row(ids(page)[0])
    assert taken_away == [True], "what came after it stays"


def test_a_row_opens_at_its_error_where_nothing_is_missing(page: TablePage, book: Book) -> None:
    row_id = ids(page)[1]
    book.set_values(row_id, {"carrying_amount": "-5"}, by=PREPARER)
    form = open_form(page, row_id)
    assert form.session is not None
    assert not form.session.evaluation.missing
    assert form.focused_key == "carrying_amount"


def test_enter_behind_the_last_field_leads_to_what_is_missing(
    page: TablePage, book: Book, told: list[Message], qtbot: QtBot
) -> None:
    row_id = ids(page)[0]
    late = {"due_on": "2006-10-01", "initial_class": "doubtful"}  # no loss is a warning then
    book.set_values(row_id, {**late, "vouchers": None, "litigation": None}, by=PREPARER)
    form = open_form(page, row_id)
    form.go_to(form.asked_keys()[-1])
    enter(qtbot)
    assert told[-1].text == "这一笔还有2处要填、要改。"
    assert form.focused_key == "vouchers"
    book.set_values(row_id, {"vouchers": "complete", "litigation": "none"}, by=PREPARER)
    page.reload_row()
    form.go_to(form.asked_keys()[-1])
    enter(qtbot)
    assert told[-1].text == "这一笔填完了，有1个警告要核对（F8）。"
    assert focused() is form.result.toggle


def test_an_error_beside_a_kept_warning_is_led_to(
    view: DeskView, book: Book, told: list[Message], qtbot: QtBot
) -> None:
    given = {"name": "装修费", "original_amount": "0.00", "amortised": "0.00"}
    row_id = book.add_row("1-11", {**given, "carrying_amount": "0.00"}, by=PREPARER).id
    zero = next(p for p in book.evaluate(book.row(row_id)).problems if p.code == "W103")
    book.keep(problem_id(row_id, zero.field, zero.code), "已核对", by=PREPARER)
    book.set_values(row_id, {"original_amount": "100.00"}, by=PREPARER)
    found = {p.code for p in book.evaluate(book.row(row_id)).problems if p.field == zero.field}
    assert found == {"W103", "E310"}
    page = open_table(view, "1-11")
    form = open_form(page, row_id)
    while form.focused_key != zero.field:
        assert form.go_to_next_problem()
    form.go_to(form.asked_keys()[-1])
    enter(qtbot)
    assert "处要填、要改" in told[-1].text


def test_the_last_asset_says_so(page: TablePage, told: list[Message], qtbot: QtBot) -> None:
    open_form(page, ids(page)[2])
    press(qtbot, Qt.Key.Key_Return, CTRL)
    assert told[-1].text == "这是最后一笔。"


def test_a_saved_value_shows_in_the_list(page: TablePage, qtbot: QtBot) -> None:
    form = open_form(page, ids(page)[0])
    form.go_to("expected_loss")
    type_text(qtbot, "240000")
    enter(qtbot)
    line = page.list.view.rows.line(0)
    assert line is not None
    assert line.suggested is not None
    assert line.suggested.value == "loss"


def test_ctrl_n_adds_a_row_with_the_only_subject(view: DeskView, book: Book, qtbot: QtBot) -> None:
    page = open_table(view, "1-9")
    page.list.view.setFocus()
    view.row.do_add_row()
    assert page.session is not None
    assert page.session.row.values == {"subject": "1521"}
    assert book.row_count("1-9") == 1


def test_esc_closes_the_form(page: TablePage, qtbot: QtBot) -> None:
    open_form(page, ids(page)[0])
    press(qtbot, Qt.Key.Key_Escape)
    assert page.session is None
    assert page.list.view.hasFocus()


def test_filter_leaves_only_what_matches(page: TablePage) -> None:
    page.list.filter.setCurrentIndex(page.list.filter.findData("errors"))
    assert page.list.view.rows.rowCount() == 0
    click_show_all = button_named(page.list, "显示全部")
    click_show_all.click()
    assert page.list.view.rows.rowCount() == 3


def test_an_empty_table_says_what_to_do(view: DeskView) -> None:
    page = open_table(view, "1-7")
    assert button_named(page.list, "登记第一笔").isEnabled()
    assert button_named(page.list, "从清单导入…").isEnabled()


def test_a_sealed_table_takes_nothing_in(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    with book.sealing("ABCD-EFGH-JKMN", by=HEAD):
        pass
    view = open_desk(window, book, qtbot)
    page = view.go("table:1-3")
    assert isinstance(page, TablePage)
    live = {button.text() for button in page.list.findChildren(QPushButton) if button.isEnabled()}
    assert "取一份填报模板…" in live
    assert not live & {"新增", "导入", "登记第一笔", "从清单导入…", "粘贴从表格软件复制的内容…"}
    assert "重新打开本期" in page.list.add_button.toolTip()
    page.list.take_keyboard()
    assert focused() is button_named(page.list, "取一份填报模板…")
    book.reopen(by=HEAD, why="补一笔")
    view.desk.period_changed.emit()
    again = view.go("table:1-3")
    assert isinstance(again, TablePage)
    assert again.list.add_button.isEnabled()


def test_what_is_removed_is_called_as_the_list_calls_it(
    view: DeskView, book: Book, window: MainWindow
) -> None:
    row = book.add_row("1-1", {"item": "cash", "carrying_amount": "1.00"}, by=PREPARER)
    page = open_table(view, "1-1")
    page.ask_remove(row.id)
    said = " ".join(label.text() for label in dialog(window).findChildren(QLabel))
    assert "把“现金”移出" in said


def test_removing_asks_for_a_reason(
    page: TablePage, book: Book, window: MainWindow, told: list[Message], qtbot: QtBot
) -> None:
    row_id, name = ids(page)[1], page._name_of(ids(page)[1])
    page.list.view.setFocus()
    page.list.view.choose_place(1)
    press(qtbot, Qt.Key.Key_Delete)
    asked = dialog(window)
    remove = button_named(asked, "移出")
    assert not remove.isEnabled()
    line = asked.findChild(QLineEdit)
    assert line is not None
    line.setText("重复登记")
    remove.click()
    assert row_id not in ids(page)
    assert book.history(row_id)[-1].why == "重复登记"
    assert told[-1].text == f"已把“{name}”移出{page.table.short_title}。"
    assert "Ctrl+Z" in told[-1].way_out


def test_undo_and_redo_of_a_saved_value(
    page: TablePage, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    row_id = ids(page)[0]
    form = open_form(page, row_id)
    form.go_to("name")
    type_text(qtbot, "新名")
    enter(qtbot)
    press(qtbot, Qt.Key.Key_Z, CTRL)
    assert book.row(row_id).values["name"] == "第一笔"
    assert form.rows["name"].editor.raw() == "第一笔"
    press(qtbot, Qt.Key.Key_Y, CTRL)
    assert book.row(row_id).values["name"] == "新名"


def test_a_warning_is_kept_with_a_reason(page: TablePage, book: Book, window: MainWindow) -> None:
    row_id = ids(page)[0]
    book.set_values(row_id, {"subject": "1391"}, by=PREPARER)
    form = open_form(page, row_id)
    assert form.rows["subject"].problem_codes == ["W001"]
    page.reasons.ask_keep("subject", "W001")
    asked = dialog(window)
    choice = asked.findChild(QComboBox)
    assert choice is not None
    assert choice.count() > 2
    assert not button_named(asked, "保留").isEnabled()
    choice.setCurrentIndex(0)
    reason = choice.currentText()
    note = asked.findChild(QPlainTextEdit)
    assert note is not None
    note.setPlainText("有书面函件")
    button_named(asked, "保留").click()
    assert [k.reason for k in book.kept()] == [reason]
    lines = form.rows["subject"].findChildren(SignLine)
    assert lines[-1].label.text().endswith(f"已保留：{reason}，有书面函件")


# ── beside the form


def test_instruction_follows_the_focus(page: TablePage) -> None:
    form = open_form(page, ids(page)[0])
    form.go_to("counterparty")
    shown = page.side.help.toPlainText()
    assert page.table.fields["counterparty"].instruction in shown
    assert "例：" in shown


def test_explanation_of_the_choice_under_the_cursor_stands_out(
    page: TablePage, qtbot: QtBot
) -> None:
    form = open_form(page, ids(page)[0])
    form.go_to("kind")
    press(qtbot, Qt.Key.Key_Right)
    html = page.side.help.toHtml()
    assert page.look.theme.chosen in html
    assert page.table.fields["kind"].choices[1].explanation in page.side.help.toPlainText()


def test_table_is_explained_with_its_cases(page: TablePage) -> None:
    shown = page.side.help.toPlainText()
    assert page.table.about[:20] in shown
    assert all(case.title in shown for case in page.table.cases)


def test_computed_value_tells_how(page: TablePage) -> None:
    form = open_form(page, ids(page)[0])
    form.go_to("overdue_days")
    shown = page.side.help.toPlainText()
    assert "基准日：2006-12-31" in shown
    assert "到期日" in shown


def test_working_paper_shows_drafts_and_result(page: TablePage) -> None:
    open_form(page, ids(page)[0])
    page.side.setCurrentIndex(PAPER)
    shown = page.side.paper.pane.toPlainText()
    assert "2005年1月10日开户存入。" in shown
    assert "程序起草" in shown
    assert "① 正常" in shown
    assert "相符" in shown


def test_working_paper_says_what_is_certain_while_answers_are_missing(
    page: TablePage, book: Book
) -> None:
    row_id = ids(page)[0]
    book.set_values(row_id, {"due_on": "2006-10-01", "counterparty_state": None}, by=PREPARER)
    open_form(page, row_id)
    page.side.setCurrentIndex(PAPER)
    assert "系统建议：④ 至少可疑" in page.side.paper.pane.toPlainText()


def test_accountant_confirms_beside_the_form(page: TablePage, book: Book) -> None:
    row_id = ids(page)[0]
    open_form(page, row_id)
    page.side.setCurrentIndex(PAPER)
    assert not page.side.paper.confirm_button.isVisible()
    page.desk.choose_person(ACCOUNTANT)
    page.side.paper.renew()
    page.side.paper.confirm_button.click()
    assert book.row(row_id).stage == "confirmed"
    assert ACCOUNTANT in page.side.paper.state.text()


def test_history_tells_who_changed_what(page: TablePage, qtbot: QtBot) -> None:
    form = open_form(page, ids(page)[0])
    page.side.setCurrentIndex(HISTORY)
    form.go_to("name")
    type_text(qtbot, "改名")
    enter(qtbot)
    shown = page.side.history.toPlainText()
    assert PREPARER in shown
    assert "第一笔 → 改名" in shown


def test_evidence_is_attached_counted_and_removed(
    page: TablePage, book: Book, qtbot: QtBot, tmp_path: Path
) -> None:
    row_id = ids(page)[0]
    open_form(page, row_id)
    page.side.setCurrentIndex(EVIDENCE)
    file = scanned_seal(tmp_path / "对账单.png")
    page.side.evidence.attach([file], page.side.evidence.needs.item(0).text())
    wait_for(qtbot, lambda: page.side.tabText(EVIDENCE) == "资料 1")
    assert [a.name for a in book.attachments(row_id)] == ["对账单.png"]
    assert page.side.evidence.needs.item(0).toolTip() == "已附"
    page.side.evidence.files.setCurrentRow(0)
    page.side.evidence.remove(book.attachments(row_id)[0], "附错了")
    assert page.side.tabText(EVIDENCE) == "资料"


def test_missing_file_is_told_in_one_line(
    page: TablePage, told: list[Message], qtbot: QtBot, tmp_path: Path
) -> None:
    open_form(page, ids(page)[0])
    page.side.evidence.attach([tmp_path / "没有.png"])
    wait_for(qtbot, lambda: len(told) == 1)
    assert "没有.png" in told[0].text
    assert told[0].detail == ""


# ── room


def test_narrow_window_moves_help_under_the_field(
    page: TablePage, window: MainWindow, qtbot: QtBot
) -> None:
    form = open_form(page, ids(page)[0])
    assert page.side.isVisible()
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: not page.side.isVisible())
    form.go_to("counterparty")
    assert form.rows["counterparty"].text_below("help")


def test_f9_shows_the_side_pane_in_a_narrow_window(
    page: TablePage, window: MainWindow, qtbot: QtBot
) -> None:
    open_form(page, ids(page)[0])
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: not page.side.isVisible())
    press(qtbot, Qt.Key.Key_F9)
    assert page.side.isVisible()
    assert not page.list.isVisible()
    press(qtbot, Qt.Key.Key_F9)
    assert not page.side.isVisible()
    assert page.list.isVisible()


def test_f6_hides_and_shows_the_list(page: TablePage, qtbot: QtBot) -> None:
    open_form(page, ids(page)[0])
    press(qtbot, Qt.Key.Key_F6)
    assert not page.list.isVisible()
    press(qtbot, Qt.Key.Key_F6)
    assert page.list.isVisible()


def test_clicking_another_row_changes_the_form(page: TablePage, qtbot: QtBot) -> None:
    open_form(page, ids(page)[0])
    view = page.list.view
    rect = view.visualRect(view.rows.index(2, 2))
    qtbot.mouseClick(  # type: ignore[no-untyped-call]
        view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center()
    )
    assert page.session is not None
    assert page.session.row.id == ids(page)[2]


def test_a_click_beside_the_form_leaves_the_keyboard_in_the_list(
    page: TablePage, qtbot: QtBot
) -> None:
    form = open_form(page, ids(page)[0])
    view = page.list.view
    place = view.visualRect(view.rows.index(2, 2)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)  # type: ignore[no-untyped-call]
    assert focused() is view
    press(qtbot, Qt.Key.Key_A, CTRL)
    assert view.chosen_places() == [(0, 2)]
    enter(qtbot)
    assert form.isAncestorOf(focused())
    assert page.session is not None
    assert page.session.row.id == ids(page)[2]


def test_buttons_of_the_head_work(page: TablePage, qtbot: QtBot) -> None:
    open_form(page, ids(page)[0])
    click(qtbot, page.head.tools["right"])
    assert page.session is not None
    assert page.session.row.id == ids(page)[1]
    click(qtbot, page.head.tools["left"])
    assert page.session.row.id == ids(page)[0]
    click(qtbot, page.head.tools["close"])
    assert page.session is None


def test_tab_leads_from_a_warning_field_to_its_button(
    page: TablePage, book: Book, qtbot: QtBot
) -> None:
    row_id = ids(page)[0]
    book.set_values(row_id, {"subject": "1391"}, by=PREPARER)
    form = open_form(page, row_id)
    form.go_to("subject")
    press(qtbot, Qt.Key.Key_Tab)
    assert focused() is button_named(form, "保留并说明")
    press(qtbot, Qt.Key.Key_Tab)
    assert form.focused_key == "carrying_amount"


def test_f7_keeps_the_warning_of_the_field_in_focus(
    page: TablePage, book: Book, window: MainWindow, qtbot: QtBot, told: list[Message]
) -> None:
    row_id = ids(page)[0]
    book.set_values(row_id, {"subject": "1391"}, by=PREPARER)
    form = open_form(page, row_id)
    form.go_to("name")
    press(qtbot, Qt.Key.Key_F7)
    assert "没有可以保留的警告" in told[-1].text
    form.go_to("subject")
    press(qtbot, Qt.Key.Key_F7)
    note = dialog(window).findChild(QPlainTextEdit)
    assert note is not None
    note.setPlainText("已问过会计")
    button_named(dialog(window), "保留").click()
    assert [(k.code, k.reason, k.note) for k in book.kept()] == [("W001", "已问过会计", "")]


def test_division_of_the_room_is_kept(page: TablePage, view: DeskView, qtbot: QtBot) -> None:
    open_form(page, ids(page)[0])
    page.splitter.moveSplitter(400, 1)
    left = page.splitter.sizes()[0]
    other = open_table(view, "1-8")
    other.add_row()
    assert other.splitter.sizes()[0] == left

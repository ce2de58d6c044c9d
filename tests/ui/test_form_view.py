"""The guided form: what is asked, said and reached by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.forms.classes import FiveClass
from app.forms.loader import load_ruleset
from app.ui.desk import Desk
from app.ui.fields.choice_buttons import ChoiceButtons, ClassButtons
from app.ui.fields.long import LongEditor
from app.ui.form_session import FormSession
from app.ui.form_view import FormView
from app.ui.sign_line import SignLine
from tests.ui.conftest import PREPARER
from tests.ui.hands import INTERBANK, click, enter, press, type_text

TABLES = [t.id for t in load_ruleset("inner-mongolia-2007").row_tables]


def shown_form(desk: Desk, qtbot: QtBot, values: dict[str, Any], table_id: str = "1-2") -> FormView:
    """A form with a new row, on the screen."""
    table = desk.book.ruleset.table(table_id)
    form = FormView(desk, table)
    qtbot.addWidget(form)
    form.resize(620, 640)
    row = desk.book.add_row(table_id, values, by=PREPARER)
    form.show_row(FormSession(desk, table, row))
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    return form


@pytest.fixture
def form(desk: Desk, qtbot: QtBot) -> FormView:
    """A finished row of 1-2 in its form."""
    return shown_form(desk, qtbot, INTERBANK)


def lines_below(form: FormView, key: str) -> list[str]:
    """What is said under a field."""
    return [line.label.text() for line in form.rows[key].findChildren(SignLine)]


def current(form: FormView) -> FormSession:
    """The session in the form."""
    assert form.session is not None
    return form.session


@pytest.mark.parametrize("table_id", TABLES)
def test_every_table_is_drawn_from_its_definition(desk: Desk, qtbot: QtBot, table_id: str) -> None:
    form = shown_form(desk, qtbot, {}, table_id)
    session = current(form)
    visible = {key for key, row in form.rows.items() if not row.isHidden()}
    assert visible == {key for key in form.rows if session.asked(key)}
    assert "initial_class" in visible


def test_a_field_that_is_not_asked_is_not_there(form: FormView) -> None:
    assert form.rows["compliance_amount"].isHidden()
    form.rows["compliance"].editor.choose(1)  # type: ignore[attr-defined]
    assert not form.rows["compliance_amount"].isHidden()


def test_a_value_kept_aside_comes_back(form: FormView, qtbot: QtBot) -> None:
    form.go_to("compliance")
    type_text(qtbot, "2")
    form.go_to("compliance_amount")
    type_text(qtbot, "500")
    form.go_to("compliance")
    type_text(qtbot, "1")
    assert form.rows["compliance_amount"].isHidden()
    type_text(qtbot, "2")
    assert not form.rows["compliance_amount"].isHidden()
    assert form.rows["compliance_amount"].editor.raw() == "500.00"


def test_enter_goes_to_the_next_field_and_shift_enter_back(form: FormView, qtbot: QtBot) -> None:
    form.go_to("counterparty")
    enter(qtbot)
    assert form.focused_key == "name"
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert form.focused_key == "counterparty"


def test_enter_passes_computed_fields(form: FormView, qtbot: QtBot) -> None:
    form.go_to("due_on")
    enter(qtbot)
    assert form.focused_key == "agreement"


def test_tab_goes_to_the_next_field(form: FormView, qtbot: QtBot) -> None:
    form.go_to("counterparty")
    press(qtbot, Qt.Key.Key_Tab)
    assert form.focused_key == "name"


def test_enter_at_the_end_leads_to_the_result(form: FormView, qtbot: QtBot) -> None:
    form.go_to("initial_reason" if current(form).asked("initial_reason") else "initial_class")
    enter(qtbot)
    assert form.result.toggle.hasFocus()


def test_typed_class_shows_at_once(form: FormView, qtbot: QtBot) -> None:
    form.go_to("expected_loss")
    type_text(qtbot, "100000")
    assert form.result.chip.five_class is FiveClass.DOUBTFUL
    assert "40.00%" in form.result.figures.text()


def test_what_a_loss_asks_for_is_not_called_optional(form: FormView) -> None:
    remarks = form.rows["remarks"].editor
    assert isinstance(remarks, LongEditor)
    current(form).commit("remarks", None)
    current(form).commit("expected_loss", "0")
    assert remarks.sheet.placeholderText() == "可以不填"
    current(form).commit("expected_loss", "100000")
    assert remarks.sheet.placeholderText() == ""


def test_an_open_class_says_at_least(desk: Desk, qtbot: QtBot) -> None:
    form = shown_form(desk, qtbot, {"subject": "1221"})
    assert form.result.chip.at_least
    assert "还有" in form.result.reason.toolTip()


def test_capitals_follow_the_typing(form: FormView, qtbot: QtBot) -> None:
    form.go_to("carrying_amount")
    type_text(qtbot, "1.5万")
    assert form.rows["carrying_amount"].text_below("note") == "壹万伍仟元整"


def test_an_error_stands_under_its_field_once_the_value_is_complete(
    form: FormView, qtbot: QtBot
) -> None:
    form.go_to("formed_on")
    type_text(qtbot, "2007-13-01")
    assert lines_below(form, "formed_on") == []
    enter(qtbot)
    line = form.rows["formed_on"].findChild(SignLine)
    assert line is not None
    assert line.sign == "error"
    assert "2007-13-01" in line.label.text()


def test_a_warning_offers_to_be_kept(form: FormView, qtbot: QtBot) -> None:
    current(form).commit("subject", "1391")
    line = form.rows["subject"].findChild(SignLine)
    assert line is not None
    assert line.sign == "warning"
    assert line.button is not None
    with qtbot.waitSignal(form.keep_asked) as asked:
        line.button.click()
    assert asked.args == ["subject", "W001"]


def test_sections_show_their_state_in_words_too(desk: Desk, qtbot: QtBot) -> None:
    form = shown_form(desk, qtbot, {**INTERBANK, "kind": None})
    button = form.section_bar.buttons["basics"]
    assert button.text() == "基本情况 ○"
    assert button.accessibleName() == "基本情况，未填完"


def test_alt_number_goes_to_a_section(form: FormView, qtbot: QtBot) -> None:
    form.go_to_section_number(2)
    assert form.focused_key == "agreement"


def test_f8_goes_from_problem_to_problem_in_a_circle(desk: Desk, qtbot: QtBot) -> None:
    form = shown_form(desk, qtbot, {**INTERBANK, "kind": None, "limitation": None})
    form.go_to("counterparty")
    assert form.go_to_next_problem()
    assert form.focused_key == "limitation"
    assert form.go_to_next_problem()
    assert form.focused_key == "kind"


def test_f8_says_when_there_is_nothing(form: FormView) -> None:
    assert not form.go_to_next_problem()


def test_f5_shows_everything_that_is_missing(desk: Desk, qtbot: QtBot) -> None:
    form = shown_form(desk, qtbot, {"subject": "1221"})
    assert lines_below(form, "kind") == []
    assert form.check_now() > 10
    assert len(lines_below(form, "kind")) == 1


def test_help_stands_under_the_field_in_narrow_windows(form: FormView) -> None:
    form.set_help_below(True)
    form.go_to("counterparty")
    words = form.rows["counterparty"].text_below("help")
    assert words
    assert form.table.fields["counterparty"].instruction.startswith(words)
    form.go_to("name")
    assert form.rows["counterparty"].text_below("help") == ""


def test_better_opinions_than_the_suggestion_are_barred(desk: Desk, qtbot: QtBot) -> None:
    form = shown_form(desk, qtbot, {**INTERBANK, "counterparty_state": "deteriorated"})
    editor = form.rows["initial_class"].editor
    assert isinstance(editor, ClassButtons)
    assert [b.isEnabled() for b in editor.buttons] == [False, False, True, True, True]
    assert "E011" in form.rows["initial_class"].problem_codes


def test_a_worse_opinion_asks_for_its_reason(form: FormView) -> None:
    session = current(form)
    session.commit("initial_class", "doubtful")
    assert "E012" in form.rows["initial_reason"].problem_codes
    session.commit("initial_reason", "对方近期被查。")
    assert form.rows["initial_reason"].problem_codes == []


def test_the_draft_of_a_text_stands_in_grey(form: FormView) -> None:
    sheet = form.rows["wp_basis"].editor.sheet  # type: ignore[attr-defined]
    assert sheet.toPlainText() == ""
    assert sheet.placeholderText().startswith("不填按：")


def test_labels_are_the_names_for_screen_readers(form: FormView) -> None:
    line = form.rows["counterparty"].editor.line  # type: ignore[attr-defined]
    assert line.accessibleName() == "交易对手"


def test_a_recovered_input_is_offered_under_its_field(desk: Desk, qtbot: QtBot) -> None:
    table = desk.book.ruleset.table("1-2")
    row = desk.book.add_row("1-2", INTERBANK, by=PREPARER)
    desk.book.save_draft(row.id, "name", "断电前写的")
    form = FormView(desk, table)
    qtbot.addWidget(form)
    form.show_row(FormSession(desk, table, row))
    keep, drop = form.rows["name"].findChildren(SignLine)
    assert "断电前写的" in keep.label.text()
    assert drop.button is not None
    assert keep.button is not None
    keep.button.click()
    assert desk.book.row(row.id).values["name"] == "断电前写的"
    assert form.rows["name"].editor.raw() == "断电前写的"
    desk.book.save_draft(row.id, "remarks", "不要了的")
    form.show_row(FormSession(desk, table, desk.book.row(row.id)))
    keep, drop = form.rows["remarks"].findChildren(SignLine)
    assert drop.button is not None
    drop.button.click()
    assert desk.book.drafts() == []
    assert "remarks" not in desk.book.row(row.id).values


def test_details_list_reasons_with_links_to_their_fields(form: FormView, qtbot: QtBot) -> None:
    current(form).commit("counterparty_state", "ceased")
    form.result.toggle.click()
    text = form.result.details.toPlainText()
    assert "交易对手已停止经营" in text
    assert "离更差一类还有多远" in text
    assert "需要的资料" in text
    form.result.details.followed.emit("field", "counterparty_state")
    assert form.focused_key == "counterparty_state"


def test_help_stays_with_the_field_in_hand_while_the_mouse_rests(
    form: FormView, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [QPoint(5, 5)]
    monkeypatch.setattr(QCursor, "pos", lambda: at[0])
    shown: list[tuple[str, str]] = []
    form.choice_pointed.connect(lambda key, code: shown.append((key, code)))
    form.field_focused.connect(lambda key: shown.append((key, "")))
    form.go_to("name")
    editor = form.rows["vouchers"].editor
    assert isinstance(editor, ChoiceButtons)
    come, gone = (QEvent(kind) for kind in (QEvent.Type.Enter, QEvent.Type.Leave))
    QApplication.sendEvent(editor.buttons[0], gone)
    assert shown[-1] == ("name", "")
    shown.clear()
    QApplication.sendEvent(editor.buttons[0], come)
    assert shown == [], "the form has moved, not the mouse"
    at[0] = QPoint(7, 7)  # onto a text, where nobody hears of it
    form.go_to("remarks")
    shown.clear()
    QApplication.sendEvent(editor.buttons[0], come)
    assert shown == []
    at[0] = QPoint(9, 9)
    QApplication.sendEvent(editor.buttons[1], come)
    assert shown == [("vouchers", editor.options[1].code)]


def test_a_click_on_a_computed_value_asks_how(form: FormView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.how_asked) as asked:
        click(qtbot, form.rows["overdue_days"].editor)
    assert asked.args == ["overdue_days"]


def test_nothing_is_cut_off_at_the_side_even_at_150_percent(desk: Desk, qtbot: QtBot) -> None:
    desk.look.zoom = 1.5
    desk.look.apply()
    try:
        widths = {}
        for table_id in TABLES:
            form = shown_form(desk, qtbot, {}, table_id)
            form.check_now()
            widths[table_id] = form.area.widget().minimumSizeHint().width()
            form.close()
    finally:
        desk.look.zoom = 1.0
        desk.look.apply()
    # The window is 1366 wide, of which navigation and list take their part.
    assert max(widths.values()) <= 1366 - 288 - 440, widths


def test_the_reason_is_cut_to_what_class_and_figures_leave_it(form: FormView, qtbot: QtBot) -> None:
    bar = form.result
    form.resize(640, 500)
    bar.reason.show_words("存放同业款项逾期31天，超过30天（到期日2006-11-30）" * 3)
    # The bar keeps its width; its figures take more of it than before.
    bar.figures.setText("损失率 100.00%　" * 2)
    label = bar.reason
    qtbot.waitUntil(lambda: label.fontMetrics().horizontalAdvance(label.text()) <= label.width())
    assert label.text().endswith("…")


def test_capitals_stand_in_line_with_a_computed_amount(desk: Desk, qtbot: QtBot) -> None:
    form = shown_form(desk, qtbot, {}, "1-8")
    row = next(row for row in form.rows.values() if row.is_computed and row.field.type == "money")
    row.set_value("3990.00", "3,990.00")
    note = row._below["note"]
    assert note.contentsMargins().left() == desk.look.px(8)


def test_f8_shows_the_whole_of_what_it_says(desk: Desk, qtbot: QtBot) -> None:
    form = shown_form(desk, qtbot, {"subject": "1221"})
    form.resize(430, 380)
    for _ in range(6):
        assert form.go_to_next_problem()
        row = form.rows[form.focused_key]
        for _turn in range(6):
            QApplication.processEvents()
        port = form.area.viewport()
        bottom = row.mapTo(port, QPoint(0, row.height())).y()
        assert bottom <= port.height(), form.focused_key

"""A whole form filled by keyboard alone: case 2, up to its class."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.forms.classes import FiveClass
from app.ui.main_window import MainWindow
from tests.ui.conftest import BookMaker
from tests.ui.hands import enter, focused, open_desk, open_table, press, type_text

ANSWERS: dict[str, str] = {
    "kind": "1",
    "counterparty": "某某农业银行",
    "name": "存放某某农业银行第二笔",
    "subject": "1221",
    "carrying_amount": "100万",
    "formed_on": "2007.3.20",
    "due_on": "20070419",
    "agreement": "2",
    "vouchers": "1",
    "compliance": "1",
    "accuracy": "0",
    "records_complete": "1",
    "violates_rules": "2",
    "counterparty_state": "1",
    "interest_paid": "1",
    "ownership_disputed": "2",
    "litigation": "1",
    "limitation": "1",
    "expected_loss": "0",
    "wp_formation": "2007年3月20日存放，期限30天。",
    "wp_state": "到期未还，正在催收。",
}
"""What is pressed in each field; every other field is passed with Enter."""


def test_case_two_reaches_its_class_by_keyboard_alone(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book(base_date=date(2007, 6, 19))
    view = open_desk(window, book, qtbot)
    page = open_table(view, "1-2")
    view.setFocus()
    press(qtbot, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    form = page.form
    assert form is not None
    form.go_to("asset_no")
    passed: list[str] = []
    while form.focused_key not in passed:
        passed.append(form.focused_key)
        type_text(qtbot, ANSWERS.get(form.focused_key, ""))
        enter(qtbot)
        if focused() is form.result.toggle:
            break
    assert set(ANSWERS) <= set(passed)
    session = page.session
    assert session is not None
    assert session.evaluation.suggested is FiveClass.DOUBTFUL
    assert session.evaluation.typed["overdue_days"] == 61
    assert {p.code for p in session.evaluation.problems} == {"W003", "E001"}
    row = book.row(session.row.id)
    assert row.values["carrying_amount"] == "1000000.00"
    assert row.values["due_on"] == "2007-04-19"
    assert row.suggested is FiveClass.DOUBTFUL

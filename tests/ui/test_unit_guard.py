"""Amounts ten thousand times off the ledger are asked about; nothing else hangs on it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.book.types import Balance
from app.ui.form_view import FormView
from app.ui.main_window import MainWindow
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import (
    INTERBANK,
    enter,
    open_desk,
    open_form,
    open_table,
    press,
    type_text,
    wait_for,
)


@pytest.fixture
def form(window: MainWindow, make_book: BookMaker, qtbot: QtBot) -> FormView:
    book = make_book()
    book.add_rows("1-2", [INTERBANK], by=PREPARER, source="typed")
    name = book.chart()["1221"].name
    book.set_balances([Balance("1221", name, Decimal("1200000.00"))], by=PREPARER)
    page = open_table(open_desk(window, book, qtbot), "1-2")
    return open_form(page, book.row_list("1-2", limit=1)[0].id)


def type_amount(form: FormView, qtbot: QtBot, text: str) -> str:
    """Types an amount, Enter, and returns what is asked under it."""
    form.go_to("carrying_amount")
    wait_for(qtbot, lambda: form.focused_key == "carrying_amount")
    press(qtbot, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    type_text(qtbot, text)
    assert form.rows["carrying_amount"].text_below("doubt") == ""
    enter(qtbot)
    return form.rows["carrying_amount"].text_below("doubt")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("12000000000", "是不是把元当成了万元"),
        ("120", "是不是少写了“万”"),
        ("250000", ""),
        ("121", ""),
        ("1199999999.99", ""),
        ("1200000000", "只有1,200,000.00元"),
    ],
)
def test_what_is_asked(form: FormView, qtbot: QtBot, typed: str, asked: str) -> None:
    said = type_amount(form, qtbot, typed)
    assert asked in said
    assert bool(said) == bool(asked)


def test_ten_thousands_are_understood(form: FormView, qtbot: QtBot) -> None:
    assert type_amount(form, qtbot, "1,234.5万") == ""
    assert form.session is not None
    assert form.session.stored["carrying_amount"] == "12345000.00"


def test_the_question_goes_and_is_no_problem(form: FormView, qtbot: QtBot) -> None:
    assert type_amount(form, qtbot, "12000000000")
    row = form.rows["carrying_amount"]
    assert form.session is not None
    assert not {p.code for p in form.session.evaluation.problems if p.field == "carrying_amount"}
    assert row.problem_codes == []
    form.go_to("carrying_amount")
    assert type_amount_again(form, qtbot) == ""


def type_amount_again(form: FormView, qtbot: QtBot) -> str:
    """The right amount over the wrong one."""
    press(qtbot, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    type_text(qtbot, "1200000")
    enter(qtbot)
    return form.rows["carrying_amount"].text_below("doubt")

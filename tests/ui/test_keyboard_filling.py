"""Whole forms of every table filled by keyboard alone, up to the class of a worked case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.derive import stored_values
from app.book.types import Institution
from app.forms.classes import BY_CODE, FiveClass
from app.forms.evaluation import Context, evaluate
from app.forms.loader import load_ruleset
from app.forms.schema import Case, FieldDef
from app.forms.table import Table
from app.ui.big_loss_page import BigLossPage
from app.ui.desk_view import DeskView
from app.ui.form_view import FormView
from app.ui.main_window import MainWindow
from app.ui.navigation import TABLE
from app.ui.table_page import TablePage
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import (
    case_values,
    enter,
    focused,
    open_desk,
    open_table,
    press,
    type_text,
)

BIG_LOSS = "2"
OLD, NEW = "inner-mongolia-2007", "financial-assets-2023"

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


# Every table: the fullest of its worked cases


def differs(table: Table) -> bool:
    """Whether the newer rule set asks something else in a table than the older one."""
    return table.fields.keys() != load_ruleset(OLD).table(table.id).fields.keys()


def fullest_case(table: Table) -> Case:
    """The worked case with the most answers, of those whose answers are all asked for."""

    def can_be_typed(case: Case) -> bool:
        values = case_values(table, case)
        return values.keys() <= set(evaluate(table, values, Context(case.base_date)).asked)

    typeable = [case for case in table.cases if can_be_typed(case)]
    return max(typeable, key=lambda case: (case.base_date, len(case.values)))


FORMS = [
    *((OLD, table.id) for table in load_ruleset(OLD).row_tables),
    *((NEW, table.id) for table in load_ruleset(NEW).row_tables if differs(table)),
]


@pytest.fixture
def make_office(tmp_path: Path) -> Iterator[Any]:
    """Makes an office's book under a rule set; it is closed at the end."""
    made: list[Book] = []

    def make(rules: str, base_date: date) -> Book:
        place = Institution("QS01", "青山信用社")
        ruleset = load_ruleset(rules)
        book = Book.create(tmp_path / "青山.wuji", place, base_date, ruleset=ruleset)
        book.add_person(PREPARER, "preparer")
        made.append(book)
        return book

    yield make
    for book in made:
        book.close()


def go_by_keys(view: DeskView, qtbot: QtBot, table_id: str) -> None:
    """Down the navigation with the arrows, Enter at the table."""
    view.navigation.setFocus()
    press(qtbot, Qt.Key.Key_Home)
    while view.navigation.keyboard_key() != TABLE + table_id:
        press(qtbot, Qt.Key.Key_Down)
    enter(qtbot)


def keys_for(field: FieldDef, raw: Any) -> str:
    """What a clerk presses to give this answer."""
    codes = [choice.code for choice in field.choices]
    if field.type == "bool":
        return "1" if raw else "2"
    if field.type == "many":
        return "".join(str(codes.index(one) + 1) for one in raw) or "0"
    if field.type == "class5":
        return str(BY_CODE[raw].rank)
    if field.type == "one":
        return str(codes.index(raw) + 1)
    if field.type == "money":
        return f"{Decimal(raw):,.2f}"
    if field.type == "date":
        return str(raw).replace("-", "")
    if field.type == "rate":
        return f"{Decimal(raw) * 100:f}%"
    return str(raw)


def fill(form: FormView, qtbot: QtBot, values: dict[str, Any]) -> set[str]:
    """Goes through the form with Enter and types the answers; returns the fields passed."""
    press(qtbot, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    passed: set[str] = set()
    while form.focused_key not in passed:
        key = form.focused_key
        passed.add(key)
        if key in values:
            type_text(qtbot, keys_for(form.table.fields[key], values[key]))
        enter(qtbot)
        if focused() is form.result.toggle:
            break
    return passed


@pytest.mark.parametrize(("rules", "table_id"), FORMS)
def test_a_worked_case_of_every_table_by_keyboard_alone(
    window: MainWindow, make_office: Any, qtbot: QtBot, rules: str, table_id: str
) -> None:
    table = load_ruleset(rules).table(table_id)
    case = fullest_case(table)
    values = case_values(table, case)
    book: Book = make_office(rules, case.base_date)
    view = open_desk(window, book, qtbot)
    go_by_keys(view, qtbot, table_id)
    press(qtbot, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    page = view.page
    assert isinstance(page, TablePage)
    assert page.form is not None
    assert values.keys() <= fill(page.form, qtbot, values)
    press(qtbot, Qt.Key.Key_Escape)
    (line,) = book.row_list(table_id)
    row = book.row(line.id)
    assert row.values == stored_values(table, values)
    assert row.suggested is BY_CODE[case.expected]
    assert row.errors == 0
    assert set(row.provenance.values()) == {"typed"}


SHEET: dict[str, Any] = {
    "collection": "2006年起多次上门催收，起诉后法院裁定终结执行。",
    "recoverable": "12000.50",
    "responsible": "赵强、李芳",
    "responsibility_opinion": "贷前调查不实，已按规定追究。",
}


def tab_to(qtbot: QtBot, widget: QWidget) -> None:
    """Tab until the keyboard is there."""
    passed: list[QWidget] = []
    while focused() is not widget:
        assert focused() not in passed
        passed.append(focused())
        press(qtbot, Qt.Key.Key_Tab)


def test_the_sheet_of_a_big_loss_by_keyboard_alone(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    table = load_ruleset(OLD).table("1-3")
    case = next(case for case in table.cases if case.expected == "loss")
    book = make_book(base_date=case.base_date)
    row = book.add_row(table.id, case_values(table, case), by=PREPARER)
    view = open_desk(window, book, qtbot)
    go_by_keys(view, qtbot, BIG_LOSS)
    page = view.page
    assert isinstance(page, BigLossPage)
    tab_to(qtbot, page.list)
    press(qtbot, Qt.Key.Key_Down)
    enter(qtbot)
    assert page.form is not None
    assert fill(page.form, qtbot, SHEET) >= SHEET.keys()
    press(qtbot, Qt.Key.Key_Escape)
    (sheet,) = book.big_losses()
    assert sheet.row_id == row.id
    assert sheet.own == SHEET
    assert sheet.problems == ()

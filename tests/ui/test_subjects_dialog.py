"""The chart of accounts in the window: from where it is reached, and what it does."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.types import Balance
from app.ui.balance_import_dialog import BalanceImportDialog
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.problems_page import ProblemsPage
from app.ui.reconciliation_page import ReconciliationPage
from app.ui.subjects_dialog import SubjectsDialog
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import (
    button_named,
    click,
    enter,
    open_desk,
    open_form,
    open_table,
    type_text,
    wait_for,
)


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """An empty book."""
    return make_book()


@pytest.fixture
def view(window: MainWindow, book: Book, qtbot: QtBot) -> DeskView:
    """The desk with the book on it."""
    return open_desk(window, book, qtbot)


def shown(window: MainWindow) -> SubjectsDialog:
    """The dialog that is open."""
    found = window.findChild(SubjectsDialog)
    assert found is not None
    return found


def codes(book: Book) -> list[tuple[str, str, str]]:
    """The book's own subjects."""
    return [(one.code, one.name, one.table) for one in book.own_subjects()]


def test_a_subject_is_added_by_hand(
    view: DeskView, window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    window.actions_by_name["subjects"].trigger()
    dialog = shown(window)
    wait_for(qtbot, dialog.isActiveWindow)
    dialog.code.setFocus()
    type_text(qtbot, "1399")
    dialog.name.setFocus()
    type_text(qtbot, "其他暂付")
    dialog.kind.setCurrentIndex(dialog.kind.findData("1-5"))
    dialog.name.setFocus()
    enter(qtbot)
    assert codes(book) == [("1399", "其他暂付", "1-5")]
    assert book.history()[-1].by == PREPARER
    assert dialog.isVisible()
    assert dialog.table.current_key == "1399"
    assert not dialog.remove_button.isHidden()
    click(qtbot, button_named(dialog, "改为列入新科目"))
    assert (dialog.heading.text(), dialog.code.text()) == ("列入新科目", "")
    assert not dialog.code.isReadOnly()
    assert dialog.code.hasFocus()


@pytest.mark.parametrize(
    ("code", "name", "table", "words"),
    [
        ("", "甲", "1-5", "先写科目代码"),
        ("1399", "甲", "", "属于哪张认定表"),
        ("1399", "", "1-5", "没有名称"),
        ("13", "甲", "1-5", "3至8位"),
        ("1391", "甲", "1-5", "已经有1391"),
    ],
)
def test_what_can_not_be_added_is_told(
    view: DeskView, window: MainWindow, book: Book, code: str, name: str, table: str, words: str
) -> None:
    view.do_subjects()
    dialog = shown(window)
    told: list[Message] = []
    dialog.messages.told.connect(told.append)
    dialog.code.setText(code)
    dialog.name.setText(name)
    dialog.kind.setCurrentIndex(dialog.kind.findData(table))
    dialog.save()
    assert words in told[-1].text
    assert codes(book) == []


def test_an_own_subject_is_changed_and_taken_out(
    view: DeskView, window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    book.add_subject("1399", "其他暂付", "1-5", by=PREPARER)
    view.do_subjects()
    dialog = shown(window)
    dialog.table.show_key("1391")
    assert not dialog.changing
    dialog.table.show_key("1399")
    assert dialog.code.isReadOnly()
    dialog.name.setText("暂付及垫付")
    click(qtbot, dialog.save_button)
    assert codes(book) == [("1399", "暂付及垫付", "1-5")]
    click(qtbot, dialog.remove_button)
    asked = [d for d in dialog.findChildren(QDialog) if d.windowTitle() == "移出科目表"]
    click(qtbot, button_named(asked[0], "移出"))
    assert codes(book) == []
    assert dialog.code.text() == ""
    assert not dialog.code.isReadOnly()


def test_a_subject_in_use_is_not_taken_out(view: DeskView, window: MainWindow, book: Book) -> None:
    book.add_subject("1399", "其他暂付", "1-5", by=PREPARER)
    book.set_balance(Balance("1399", "其他暂付", Decimal("1.00")), by=PREPARER)
    view.do_subjects()
    dialog = shown(window)
    told: list[Message] = []
    dialog.messages.told.connect(told.append)
    dialog.remove("1399")
    assert "在用" in told[-1].text
    assert codes(book) == [("1399", "其他暂付", "1-5")]


def test_the_unknown_subject_of_a_field_leads_there_and_back(
    view: DeskView, window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    row = book.add_row("1-5", {"subject": "1399", "name": "暂付"}, by=PREPARER)
    page = open_table(view, "1-5")
    form = open_form(page, row.id)
    form.check_now()
    field = form.rows["subject"]
    assert field.problem_codes == ["E009"]
    click(qtbot, button_named(field, "列入科目表…"))
    dialog = shown(window)
    assert (dialog.code.text(), dialog.kind.currentData()) == ("1399", "1-5")
    dialog.name.setText("其他暂付")
    click(qtbot, dialog.save_button)
    assert field.problem_codes == []
    assert form.session is not None
    assert form.session.value("subject") == "1399"
    assert ("1399", "其他暂付") in field.editor.entries  # type: ignore[attr-defined]


def test_the_list_of_problems_leads_there(
    view: DeskView, window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    book.add_row("1-5", {"subject": "1399", "name": "暂付"}, by=PREPARER)
    page = view.go("problems")
    assert isinstance(page, ProblemsPage)
    wait_for(qtbot, lambda: bool(page.findings))
    for place, finding in enumerate(page.view.lines.findings):
        page.view.selectRow(place)
        assert page.subject_button.isHidden() == (finding.code != "E009")
    place = [f.code for f in page.view.lines.findings].index("E009")
    page.view.selectRow(place)
    click(qtbot, page.subject_button)
    assert shown(window).code.text() == "1399"


def test_the_reconciliation_leads_there(
    view: DeskView, window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    page = view.go("reconciliation")
    assert isinstance(page, ReconciliationPage)
    click(qtbot, page.subjects_button)
    assert shown(window).isVisible()


def test_nobody_adds_a_subject_without_a_name(
    view: DeskView, window: MainWindow, told: list[Message]
) -> None:
    view.desk.person = None
    view.do_subjects()
    assert "还没有选择" in told[-1].text
    assert window.findChild(SubjectsDialog) is None


def test_a_subject_of_the_balance_sheet_is_added_and_taken_in(
    view: DeskView, book: Book, qtbot: QtBot, tmp_path: Path
) -> None:
    sheet = tmp_path / "余额.csv"
    sheet.write_text(
        "科目代码,科目名称,借方余额,贷方余额\n1391,其他应收款,5,\n1399,其他暂付,7.50,\n",
        encoding="utf-8",
    )
    dialog = BalanceImportDialog(view.desk, view)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.read(sheet)
    wait_for(qtbot, lambda: dialog.listing is not None)
    assert [row.texts[3] for row in dialog.table.lines.rows] == ["1-5", "不在科目表"]
    dialog.table.show_key("1399")
    click(qtbot, button_named(dialog, "列入科目表…"))
    asked = dialog.findChild(SubjectsDialog)
    assert asked is not None
    assert (asked.code.text(), asked.name.text()) == ("1399", "其他暂付")
    asked.kind.setCurrentIndex(asked.kind.findData("1-5"))
    click(qtbot, asked.save_button)
    asked.accept()
    assert [row.texts[3] for row in dialog.table.lines.rows] == ["1-5", "1-5"]
    assert not [b for b in dialog.findChildren(QPushButton)
                if b.text() == "列入科目表…" and b.isVisible()]  # fmt: skip
    click(qtbot, dialog.import_button)
    assert {b.subject: b.debit for b in book.balances()}["1399"] == Decimal("7.50")

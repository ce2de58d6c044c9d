"""Screen readers and Tab: whatever takes the focus has a name and is reached, everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.book.types import LeftBehind
from app.papers.preview import PrintedPaper
from app.ui.about import show_about
from app.ui.balance_dialog import BalanceDialog
from app.ui.balance_import_dialog import BalanceImportDialog
from app.ui.code_question import ask_code
from app.ui.database_dialog import DatabaseDialog
from app.ui.desk_view import DeskView
from app.ui.help_window import HelpWindow
from app.ui.import_dialog import ImportDialog
from app.ui.key_dialog import KeyDialog
from app.ui.left_behind_dialog import LeftBehindDialog
from app.ui.main_window import MainWindow
from app.ui.message_bar import show_bug
from app.ui.messages import Message
from app.ui.navigation import LEDGER, SEARCH
from app.ui.new_book_dialog import NewBookDialog
from app.ui.paste_dialog import PasteDialog
from app.ui.people_dialog import PeopleDialog
from app.ui.period_dialog import PeriodDialog
from app.ui.preview_dialog import PreviewDialog
from app.ui.restore_dialog import RestoreDialog
from app.ui.set_many_dialog import SetManyDialog
from app.ui.subjects_dialog import SubjectsDialog
from app.ui.undo_dialog import UndoDialog
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import (
    INTERBANK,
    add_cases,
    go_back,
    open_desk,
    open_form,
    open_table,
    wait_for,
)
from tests.ui.reading_aloud import silent

BLOCK = "资产编号\t资产名称\t账面金额\r\nT-001\t存放城市信用社款项\t1,250,000.00\r\n"
LISTING = "户名,科目,入账日期,账面余额（元）\n张某,1391,2003-05-06,12000.00\n"
BALANCES = "科目代码,科目名称,借方余额,贷方余额\n1221,存放同业款项,1750000.00,\n"


@pytest.fixture
def view(window: MainWindow, make_book: BookMaker, qtbot: QtBot) -> DeskView:
    book = make_book()
    add_cases(book, PREPARER)
    return open_desk(window, book, qtbot)


def test_the_start_page(window: MainWindow) -> None:
    assert silent(window) == []


def test_pages_and_forms(window: MainWindow, view: DeskView, qtbot: QtBot) -> None:
    found = {}
    keys = [entry.key for entry in view.navigation.lines.entries if entry.key]
    for key in [*keys, SEARCH, LEDGER]:
        view.go(key)
        wait_for(qtbot, lambda: not window.worker.busy)
        found[key] = silent(window)
    assert {key: names for key, names in found.items() if names} == {}


def test_a_form_and_what_stands_beside_it(window: MainWindow, view: DeskView) -> None:
    page = open_table(view, "1-2")
    found = {}
    open_form(page, view.desk.book.row_list("1-2", limit=1)[0].id)
    for place in range(page.side.count()):
        page.side.setCurrentIndex(place)
        found[page.side.tabText(place)] = silent(window)
    page.form.result.toggle.click()  # type: ignore[union-attr]
    found["reasons"] = silent(window)
    assert {key: names for key, names in found.items() if names} == {}


@dataclass
class Opening:
    """What dialogs are opened from."""

    window: MainWindow
    view: DeskView
    folder: Path
    qtbot: QtBot

    def file(self, name: str, text: str) -> Path:
        """A file to read."""
        path = self.folder / name
        path.write_text(text, encoding="gb18030")
        return path


def simple(kind: Callable[..., QDialog], *more: object) -> Callable[[Opening], QDialog]:
    """A dialog that needs nothing but the desk."""
    return lambda at: kind(at.view.desk, at.window, *more)


def listing(at: Opening) -> QDialog:
    dialog = ImportDialog(at.view.desk, at.window)
    dialog.read(at.file("清单.csv", LISTING))
    wait_for(at.qtbot, lambda: dialog.listing is not None)
    return dialog


def balances(at: Opening) -> QDialog:
    dialog = BalanceImportDialog(at.view.desk, at.window)
    dialog.read(at.file("余额.csv", BALANCES))
    wait_for(at.qtbot, lambda: dialog.listing is not None)
    return dialog


def pasting(at: Opening) -> QDialog:
    dialog = PasteDialog(at.view.desk, at.window, open_table(at.view, "1-2").table)
    assert dialog.read(BLOCK)
    wait_for(at.qtbot, lambda: dialog.plan is not None)
    return dialog


def many(at: Opening) -> QDialog:
    page = open_table(at.view, "1-2")
    return SetManyDialog(at.view.desk, at.window, page.table, page.list.view.rows, [(0, 1)])


def left_behind(at: Opening) -> QDialog:
    left = LeftBehind(
        "QS01-0001", "1-2", "存放款项", "due_on", "到期日", "2006-01-01", "2006-01-01", "没有"
    )
    return LeftBehindDialog(at.view.look, at.window, [left])


def papers(at: Opening) -> QDialog:
    from reportlab.pdfgen.canvas import Canvas

    path = at.folder / "附表.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(100, 700, "1-2")
    canvas.save()
    dialog = PreviewDialog(at.view.desk, at.window, [PrintedPaper("附表1-2 认定表", path)])
    wait_for(at.qtbot, lambda: not dialog.view.sheet.image.isNull())
    return dialog


def removing(at: Opening) -> QDialog:
    page = open_table(at.view, "1-2")
    page.ask_remove(at.view.desk.book.row_list("1-2", limit=1)[0].id)
    return question(page)


def keeping(at: Opening) -> QDialog:
    page = open_table(at.view, "1-2")
    row = at.view.desk.book.add_row("1-2", {**INTERBANK, "subject": "1391"}, by=PREPARER)
    page.open_row(row.id)
    page.reasons.ask_keep("subject", "W001")
    return question(page)


def role(at: Opening) -> QDialog:
    dialog = PeopleDialog(at.view.desk, at.window)
    dialog.list.setCurrentRow(1)
    dialog.ask_role()
    return question(dialog)


def saving_key(at: Opening) -> QDialog:
    dialog = KeyDialog(at.view.desk, at.window)
    dialog.copies.ask_save()
    return question(dialog)


def comparing(at: Opening) -> QDialog:
    return ask_code(
        at.window, at.view.look, title="核对密钥", text="短码是：", code="ABCD-EFGH-JKMN",
        warning="以前是另一把。", how="请打电话核对。", compared="短码一致", action="用这把密钥",
        then=lambda: None,
    )  # fmt: skip


def question(parent: QWidget) -> QDialog:
    """What was asked there last."""
    return parent.findChildren(QDialog)[-1]


DIALOGS: dict[str, Callable[[Opening], QDialog]] = {
    "new book": simple(NewBookDialog),
    "people": simple(PeopleDialog),
    "subjects": simple(SubjectsDialog),
    "balance": simple(BalanceDialog, "1221"),
    "balances": balances,
    "database": simple(DatabaseDialog),
    "listing": listing,
    "key": simple(KeyDialog),
    "saving the key": saving_key,
    "comparing a key": comparing,
    "period": simple(PeriodDialog),
    "pasting": pasting,
    "many": many,
    "preview": papers,
    "restore": simple(RestoreDialog),
    "undo": simple(UndoDialog),
    "left behind": left_behind,
    "removing": removing,
    "keeping": keeping,
    "role": role,
    "fault": lambda at: show_bug(at.window, at.view.look, Message("error", "出错了。", "", "行")),
    "about": lambda at: show_about(at.window, at.view.look),
}


def test_dialogs(window: MainWindow, view: DeskView, qtbot: QtBot, tmp_path: Path) -> None:
    found = {}
    for name, make in DIALOGS.items():
        dialog = make(Opening(window, view, tmp_path, qtbot))
        dialog.open()
        wait_for(qtbot, dialog.isActiveWindow)
        wait_for(qtbot, lambda: not window.worker.busy)
        found[name] = silent(dialog)
        go_back(dialog, qtbot)
        window.activateWindow()
        wait_for(qtbot, window.isActiveWindow)
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_help(window: MainWindow, view: DeskView, qtbot: QtBot) -> None:
    window.do_help()
    window_of_help = window.findChildren(HelpWindow)[-1]
    wait_for(qtbot, window_of_help.isActiveWindow)
    found = {}
    for place in range(window_of_help.tabs.count()):
        window_of_help.tabs.setCurrentIndex(place)
        found[place] = silent(window_of_help)
    assert {key: names for key, names in found.items() if names} == {}

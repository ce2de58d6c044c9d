"""Every dialog of an office."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.book.daily import daily_copies, make_daily_copy
from app.ui.about import show_about
from app.ui.balance_dialog import BalanceDialog
from app.ui.balance_import_dialog import BalanceImportDialog
from app.ui.database_dialog import DatabaseDialog
from app.ui.desk_view import DeskView
from app.ui.helping import KEYS_PAGE, open_help
from app.ui.import_dialog import ImportDialog
from app.ui.key_dialog import KeyDialog
from app.ui.main_window import MainWindow
from app.ui.new_book_dialog import NewBookDialog
from app.ui.paste_dialog import PasteDialog
from app.ui.people_dialog import PeopleDialog
from app.ui.period_dialog import PeriodDialog
from app.ui.preview_dialog import PreviewDialog
from app.ui.restore_dialog import RestoreDialog
from app.ui.set_many_dialog import SetManyDialog
from app.ui.subjects_dialog import SubjectsDialog
from app.ui.submit_page import SubmitPage
from app.ui.undo_dialog import UndoDialog
from tests.ui.conftest import PREPARER
from tests.ui.hands import open_form, open_table, scanned_seal, wait_for
from tests.ui.pictures.taking import (
    HOME,
    Taker,
    row_named,
)


@pytest.mark.parametrize("kind", [NewBookDialog, PeopleDialog, KeyDialog])
def test_dialogs(view: DeskView, picture: Taker, kind: type[QDialog], qtbot: QtBot) -> None:
    dialog = kind(view.desk, view)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    if isinstance(dialog, NewBookDialog):
        dialog.path.setText(str(HOME / "青山信用社.wuji"))
    picture(dialog, kind.__name__.removesuffix("Dialog").lower() + "-dialog")


def test_subjects_dialog(view: DeskView, picture: Taker, qtbot: QtBot) -> None:
    view.desk.book.add_subject("1399", "其他暂付", "1-5", by=PREPARER)
    dialog = SubjectsDialog(view.desk, view)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.table.show_key("1399")
    picture(dialog, "subjects-dialog")


def test_balance_import_dialog(
    view: DeskView, picture: Taker, qtbot: QtBot, tmp_path: Path
) -> None:
    sheet = tmp_path / "科目余额表.csv"
    sheet.write_text(
        "科目代码,科目名称,借方余额,贷方余额\n1221,存放同业款项,1750000.00,\n"
        "1391,其他应收款,47600.00,\n1399,其他暂付,1200.00,\n1502,累计折旧,,52000.00\n"
        "2011,活期存款,,88000000.00\n",
        encoding="gb18030",
    )
    dialog = BalanceImportDialog(view.desk, view)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.read(sheet)
    qtbot.waitUntil(lambda: dialog.listing is not None)
    dialog.table.show_key("1399")
    picture(dialog, "balance-import-dialog")


def test_key_dialog_with_a_seal(
    view: DeskView, picture: Taker, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = KeyDialog(view.desk, view)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.seal.take(scanned_seal(tmp_path / "公章.png"))
    qtbot.waitUntil(lambda: not dialog.seal.preview.pixmap().isNull())
    picture(dialog, "key-dialog-with-seal")


def test_change_of_role(view: DeskView, picture: Taker, qtbot: QtBot) -> None:
    dialog = PeopleDialog(view.desk, view)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.list.setCurrentRow(1)
    dialog.ask_role()
    asked = dialog.findChild(QDialog)
    assert asked is not None
    picture(asked, "role-dialog")


def test_import_dialog(view: DeskView, picture: Taker, qtbot: QtBot, tmp_path: Path) -> None:
    listing = tmp_path / "其他应收款清单.csv"
    listing.write_text(
        "户名,科目,入账日期,账面余额（元）,款项性质,情况说明,经办\n"
        "张某,1391,2003-05-06,12000.00,职工借款,出差借款未还,王\n"
        '李某,1391,2001年3月,"35,600.00",诉讼费,一审胜诉,赵\n'
        "合计,,,47600.00,,,\n",
        encoding="gb18030",
    )
    dialog = ImportDialog(view.desk, view)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.read(listing)
    qtbot.waitUntil(lambda: dialog.listing is not None)
    picture(dialog, "import-dialog")


def test_restore_dialog(
    view: DeskView,
    window: MainWindow,
    picture: Taker,
    qtbot: QtBot,
) -> None:
    path = view.book.path
    for day in (date(2007, 1, 12), date(2007, 1, 13), date(2007, 1, 15)):
        make_daily_copy(path, day)
    dialog = RestoreDialog(view.desk, window)
    dialog.open()
    dialog.list.setCurrentRow(1)
    wait_for(qtbot, dialog.new_button.isEnabled)
    for row, copy in enumerate(daily_copies(path)):
        when = f"2007-01-{copy.stem[-2:]} 17:42"
        dialog.list.item(row).setText(f"{copy.name}\n{when} 存在 {HOME / '备份'}")
    picture(dialog, "restore-dialog")
    dialog.reject()


def test_pasting_a_block(view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot) -> None:
    page = open_table(view, "1-2")
    row_id = row_named(page, "城市信用")
    view.desk.book.set_values(row_id, {"asset_no": "T-001"}, by=PREPARER)
    block = (
        "资产编号\t资产名称\t账面金额\t入账日期\t经办\r\n"
        "T-001\t存放城市信用社款项\t1,250,000.00\t2005-03-01\t张三\r\n"
        "T-002\t存放农行活期\t80,000.00\t2006-02-30\t李四\r\n"
        "T-003\t存放邮储活期\t12,345.67\t2006-05-08\t李四\r\n"
    )
    dialog = PasteDialog(view.desk, window, page.table)
    qtbot.addWidget(dialog)
    assert dialog.read(block)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.plan is not None)
    picture(dialog, "paste-dialog")
    dialog.close()


def test_a_field_for_many(view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot) -> None:
    page = open_table(view, "1-2")
    page.list.view.selectAll()
    places = page.list.view.chosen_places()
    dialog = SetManyDialog(view.desk, window, page.table, page.list.view.rows, places)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.field.setCurrentIndex(dialog.field.findData("litigation"))
    editor = dialog.editor
    editor.set_value(page.table.fields["litigation"].choices[1].code)
    editor.commit()
    qtbot.waitUntil(lambda: dialog.plan is not None)
    picture(dialog, "set-many-dialog")
    dialog.close()


def test_remarks_beside_a_field_for_many(
    view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot
) -> None:
    remarks = ("有账无物", "出租", "出租", "行驶证为个人名义")
    given = [{"name": f"设备{n}", "remarks": said} for n, said in enumerate(remarks)]
    view.desk.book.add_rows("1-8", given, by=PREPARER, source="案例")
    page = open_table(view, "1-8")
    last = page.list.view.rows.rowCount() - 1
    places = [(last - len(given) + 1, last)]
    dialog = SetManyDialog(view.desk, window, page.table, page.list.view.rows, places)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.field.setCurrentIndex(dialog.field.findData("integrity"))
    dialog.editor.set_value("intact")
    dialog.editor.commit()
    qtbot.waitUntil(lambda: dialog.plan is not None)
    picture(dialog, "set-many-remarks")
    dialog.close()


def test_question_before_sealing(view: DeskView, picture: Taker, qtbot: QtBot) -> None:
    page = view.go("submit")
    assert isinstance(page, SubmitPage)
    qtbot.waitUntil(lambda: page.state is not None)
    page.passphrase.setText("口令")
    page.seal_button.setEnabled(True)
    page.seal()
    asked = page.findChild(QDialog)
    assert asked is not None
    picture(asked, "seal-question")
    asked.reject()


def test_opinions_as_worked_out(
    view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot
) -> None:
    page, book = open_table(view, "1-2"), view.desk.book
    given = [(line.id, {"initial_class": None}) for line in book.row_list("1-2")[:-1]]
    book.set_many(given, by=PREPARER)
    book.set_values(given[0][0], {"counterparty_state": None}, by=PREPARER)
    page.list.view.selectAll()
    places = page.list.view.chosen_places()
    dialog = SetManyDialog(view.desk, window, page.table, page.list.view.rows, places)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.field.setCurrentIndex(dialog.field.findData("initial_class"))
    dialog.instead.each.setChecked(True)
    qtbot.waitUntil(lambda: dialog.plan is not None)
    picture(dialog, "set-many-opinions")
    dialog.close()


def test_the_list_of_what_can_be_undone(
    view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot
) -> None:
    page = open_table(view, "1-2")
    row_id = row_named(page, "城市信用")
    for values in ({"remarks": "已函证"}, {"carrying_amount": "120000.00", "due_on": "2006-11-30"}):
        view.desk.book.set_values(row_id, values, by=PREPARER)
    dialog = UndoDialog(view.desk, window)
    qtbot.addWidget(dialog)
    dialog.open()
    picture(dialog, "undo-dialog")
    dialog.close()


def test_preview(view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot) -> None:
    page = view.go("submit")
    assert isinstance(page, SubmitPage)
    page.preview()
    dialog = page.findChildren(PreviewDialog)[-1]
    qtbot.waitUntil(lambda: bool(dialog.papers), timeout=60_000)
    dialog.list.setCurrentRow(2)
    wait_for(qtbot, lambda: not dialog.view.sheet.image.isNull() and dialog.view.pages > 0)
    wait_for(qtbot, lambda: not dialog.renderer.worker.busy)
    picture(dialog, "preview")
    dialog.reject()


def test_help_and_small_dialogs(
    view: DeskView, window: MainWindow, picture: Taker, qtbot: QtBot
) -> None:
    page = open_table(view, "1-2")
    form = open_form(page, row_named(page, "城市信用"))
    form.go_to("litigation")
    help_window = open_help(view.desk, window, view, keys=False)
    picture(help_window, "help")
    help_window.tabs.setCurrentIndex(KEYS_PAGE)
    picture(help_window, "help-keys")
    help_window.close()
    page.ask_remove(row_named(page, "城市信用"))
    asked = page.findChild(QDialog)
    assert asked is not None
    picture(asked, "remove-dialog")
    asked.reject()
    dialogs = {
        "period-dialog": PeriodDialog(view.desk, view),
        "balance-dialog": BalanceDialog(view.desk, view, "1221"),
        "database-dialog": DatabaseDialog(view.desk, view),
        "about-dialog": show_about(window, view.look),
    }
    for name, dialog in dialogs.items():
        qtbot.addWidget(dialog)
        dialog.show()
        picture(dialog, name)
        dialog.reject()

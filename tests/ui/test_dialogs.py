"""Dialogs: people, key, periods, imports; jobs with files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.keys import create_key, office_key, unlock
from app.ui import remembered
from app.ui.balance_import_dialog import BalanceImportDialog
from app.ui.desk_jobs import DeskJobs
from app.ui.desk_view import DeskView
from app.ui.import_dialog import ImportDialog
from app.ui.key_dialog import KeyDialog
from app.ui.left_behind_dialog import LeftBehindDialog
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.people_dialog import PeopleDialog
from app.ui.period_dialog import PeriodDialog, next_day
from app.ui.table_page import TablePage
from tests.ui.conftest import ACCOUNTANT, HEAD, PREPARER, BookMaker
from tests.ui.hands import (
    INTERBANK,
    button_named,
    click,
    enter,
    open_desk,
    open_table,
    type_text,
    wait_for,
)

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples" / "qingshan-2006"


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """An empty book."""
    return make_book()


@pytest.fixture
def view(window: MainWindow, book: Book, qtbot: QtBot) -> DeskView:
    """The desk of the book."""
    return open_desk(window, book, qtbot)


# ── people


@pytest.fixture
def people(view: DeskView, window: MainWindow) -> PeopleDialog:
    """The dialog of the people."""
    view.do_people()
    found = window.findChild(PeopleDialog)
    assert found is not None
    return found


def test_everyone_is_listed_with_role(people: PeopleDialog) -> None:
    assert people.list.item(1).text() == f"{ACCOUNTANT}　会计"


def test_someone_is_added(people: PeopleDialog, book: Book, qtbot: QtBot) -> None:
    people.name.setText("钱进")
    people.role.setCurrentIndex(people.role.findData("accountant"))
    click(qtbot, people.add_button)
    assert book.people()[-1].name == "钱进"
    assert book.people()[-1].role == "accountant"
    assert people.list.count() == 4


def test_the_same_name_twice_is_refused_in_the_dialog(people: PeopleDialog, qtbot: QtBot) -> None:
    told: list[Message] = []
    people.messages.told.connect(told.append)
    people.name.setText(PREPARER)
    click(qtbot, people.add_button)
    assert "已经有" in told[0].text
    assert people.list.count() == 3


def test_enter_behind_the_name_adds_and_the_dialog_stays(
    people: PeopleDialog, book: Book, qtbot: QtBot
) -> None:
    wait_for(qtbot, people.isActiveWindow)
    people.name.setFocus()
    type_text(qtbot, "孙立")
    enter(qtbot)
    assert book.people()[-1].name == "孙立"
    assert people.isVisible()


def test_a_name_is_needed(people: PeopleDialog, qtbot: QtBot) -> None:
    told: list[Message] = []
    people.messages.told.connect(told.append)
    click(qtbot, people.add_button)
    assert told[0].text == "请先写姓名。"


def test_who_works_is_chosen(people: PeopleDialog, view: DeskView, qtbot: QtBot) -> None:
    people.list.setCurrentRow(1)
    click(qtbot, people.choose_button)
    assert view.desk.by == ACCOUNTANT
    assert ACCOUNTANT in view.top.person.text()


def test_a_mistyped_name_is_corrected(
    people: PeopleDialog, view: DeskView, window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    assert view.desk.by == PREPARER
    click(qtbot, people.rename_button)
    asked = next(d for d in people.findChildren(QDialog) if d.isVisible())
    line = asked.findChild(QLineEdit)
    assert line is not None
    line.setText("王明明")
    click(qtbot, button_named(asked, "改"))
    assert book.people()[0].name == "王明明"
    assert people.list.item(0).text() == "王明明　初分人"
    assert view.desk.by == "王明明"
    assert "王明明" in view.top.person.text()


def test_someone_is_taken_out(people: PeopleDialog, book: Book, qtbot: QtBot) -> None:
    people.list.setCurrentRow(2)
    click(qtbot, people.remove_button)
    assert [person.name for person in book.people()] == [PREPARER, ACCOUNTANT]
    assert people.list.count() == 2


def test_nobody_works_after_taking_oneself_out(
    people: PeopleDialog, view: DeskView, qtbot: QtBot
) -> None:
    people.list.setCurrentRow(0)
    click(qtbot, people.remove_button)
    assert view.desk.person is None
    assert people.list.count() == 2


def test_who_has_worked_is_not_taken_out(people: PeopleDialog, book: Book, qtbot: QtBot) -> None:
    told: list[Message] = []
    people.messages.told.connect(told.append)
    book.add_row("1-2", INTERBANK, by=PREPARER)
    click(qtbot, people.remove_button)
    assert "不能改" in told[0].text
    assert people.list.count() == 3


def test_a_role_is_changed_with_a_reason(
    people: PeopleDialog, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    people.list.setCurrentRow(1)
    click(qtbot, people.role_button)
    asked = next(d for d in people.findChildren(QDialog) if d.windowTitle() == "改岗位")
    roles = asked.findChild(QComboBox)
    assert roles is not None
    assert [roles.itemData(n) for n in range(roles.count())] == ["preparer", "head"]
    roles.setCurrentIndex(1)
    why = asked.findChild(QLineEdit)
    assert why is not None
    why.setText("轮岗")
    click(qtbot, button_named(asked, "改岗位"))
    assert book.person(ACCOUNTANT).role == "head"
    last = book.history()[-1]
    assert (last.kind, last.by, last.why) == ("person", PREPARER, "轮岗")
    assert people.list.item(1).text() == f"{ACCOUNTANT}　负责人"


def test_the_own_role_shows_at_once(people: PeopleDialog, view: DeskView) -> None:
    people.change_role(PREPARER, "head", "")
    assert view.desk.person is not None
    assert view.desk.person.role == "head"
    assert "负责人" in view.top.person.text()


# ── key


def key_dialog(view: DeskView, window: MainWindow) -> KeyDialog:
    """The dialog of the office's key."""
    view.do_key()
    found = window.findChild(KeyDialog)
    assert found is not None
    return found


def test_a_key_is_made_with_a_passphrase(
    view: DeskView, window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    dialog = key_dialog(view, window)
    assert dialog.state.text() == "本社还没有密钥。"
    dialog.first.setText("青山 2006 底稿")
    dialog.second.setText("青山 2006 底稿")
    click(qtbot, dialog.make_button)
    wait_for(qtbot, lambda: office_key(book) is not None)
    wait_for(qtbot, lambda: "短码" in dialog.state.text())
    key = office_key(book)
    assert key is not None
    assert key.short_code in dialog.state.text()
    assert unlock(book, "青山 2006 底稿").short_code == key.short_code
    assert dialog.first.text() == ""
    assert dialog.focusWidget() is dialog.close_button


def test_enter_makes_the_key(view: DeskView, window: MainWindow, book: Book, qtbot: QtBot) -> None:
    dialog = key_dialog(view, window)
    wait_for(qtbot, dialog.isActiveWindow)
    dialog.first.setFocus()
    type_text(qtbot, "qingshan-2007")
    enter(qtbot)
    assert dialog.second.hasFocus()
    type_text(qtbot, "qingshan-2007")
    enter(qtbot)
    wait_for(qtbot, lambda: office_key(book) is not None)


def test_enter_makes_no_second_key_unasked(
    view: DeskView, window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    create_key(book, "青山 2006 底稿", by=HEAD)
    dialog = key_dialog(view, window)
    assert dialog.close_button.isDefault()
    assert not dialog.make_button.isDefault()
    dialog.first.setText("qingshan-2007")
    assert dialog.make_button.isDefault()
    dialog.first.clear()
    assert dialog.close_button.isDefault()


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("短", "短", "口令至少"),
        ("足够长的口令啊", "另一个口令", "口令至少"),
        ("abcdefgh", "abcdefgi", "不一样"),
    ],
)
def test_passphrases_are_checked(
    view: DeskView, window: MainWindow, qtbot: QtBot, first: str, second: str, said: str
) -> None:
    dialog = key_dialog(view, window)
    told: list[Message] = []
    dialog.messages.told.connect(told.append)
    dialog.first.setText(first)
    dialog.second.setText(second)
    click(qtbot, dialog.make_button)
    assert said in told[0].text
    # What nobody sees is no beginning to go on from.
    assert (dialog.first.text(), dialog.second.text()) == ("", "")
    assert dialog.focusWidget() is dialog.first


def test_a_passphrase_too_short_is_told_before_it_is_typed_again(
    view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    dialog = key_dialog(view, window)
    wait_for(qtbot, dialog.isActiveWindow)
    told: list[Message] = []
    dialog.messages.told.connect(told.append)
    dialog.first.setFocus()
    type_text(qtbot, "hk02")
    enter(qtbot)
    assert "口令至少" in told[0].text
    assert dialog.first.hasFocus()
    assert dialog.first.text() == ""


# ── periods


def test_the_next_period_takes_the_rows_over(window: MainWindow, book: Book, qtbot: QtBot) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    view = open_desk(window, book, qtbot)
    view.do_new_period()
    dialog = window.findChild(PeriodDialog)
    assert dialog is not None
    assert dialog.day.text() == "2007-12-31"
    dialog.day.setText("20071231")
    dialog.day.editingFinished.emit()
    assert dialog.day.text() == "2007-12-31"
    click(qtbot, dialog.create_button)
    assert window.findChild(LeftBehindDialog) is None
    assert [p.base_date.isoformat() for p in book.periods()] == ["2006-12-31", "2007-12-31"]
    assert book.row_count("1-2") == 1
    assert view.top.period.currentText() == "2007-12-31"


def test_what_could_not_be_carried_is_listed(window: MainWindow, book: Book, qtbot: QtBot) -> None:
    unknown = {**INTERBANK, "name": "某行", "subject": "9999"}
    row = book.add_row("1-2", unknown, by=PREPARER)
    view = open_desk(window, book, qtbot)
    view.do_new_period()
    dialog = window.findChild(PeriodDialog)
    assert dialog is not None
    assert window.findChild(LeftBehindDialog) is None
    click(qtbot, dialog.create_button)
    told = window.findChild(LeftBehindDialog)
    assert told is not None
    assert "1笔资产的1项内容没有带过来" in told.summary.text()
    assert told.table.lines.rows[0].texts == (
        "1-2", row.id, "某行", "核算科目", "9999", "上期的科目表里也没有这个科目",
    )  # fmt: skip
    click(qtbot, told.close_button)
    assert not told.isVisible()
    assert book.history(row.id)[-1].by == PREPARER


def test_an_unreadable_base_date_is_refused(
    view: DeskView, window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    view.do_new_period()
    dialog = window.findChild(PeriodDialog)
    assert dialog is not None
    dialog.day.setText("明年")
    click(qtbot, dialog.create_button)
    assert len(book.periods()) == 1


@pytest.mark.parametrize(
    ("day", "following"),
    [
        ("2006-12-31", "2007-12-31"),
        ("2007-02-28", "2008-02-29"),
        ("2008-02-29", "2009-02-28"),
        ("2007-06-30", "2008-06-30"),
    ],
)
def test_a_year_later_is_suggested(day: str, following: str) -> None:
    from datetime import date

    assert next_day(date.fromisoformat(day)).isoformat() == following


# ── listings


def import_dialog(view: DeskView, qtbot: QtBot, path: Path, table: str = "") -> ImportDialog:
    """The dialog after reading a file."""
    dialog = ImportDialog(view.desk, view, table)
    qtbot.addWidget(dialog)
    dialog.imported.connect(lambda found: view.go(f"table:{found}"))
    dialog.open()
    dialog.read(path)
    wait_for(qtbot, lambda: dialog.listing is not None or dialog.bar.isVisible())
    return dialog


def test_a_listing_is_recognised_and_taken_in(
    view: DeskView, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    dialog = import_dialog(view, qtbot, SAMPLES / "other-receivables.csv")
    assert dialog.listing is not None
    count = len(dialog.listing.rows)
    assert dialog.facts.text().startswith("附表1-5")
    assert dialog.import_button.text() == f"导入{count}笔"
    click(qtbot, dialog.import_button)
    wait_for(qtbot, lambda: book.row_count("1-5") == count)
    wait_for(qtbot, lambda: isinstance(view.page, TablePage))
    assert f"导入{count}笔" in told[-1].text


def test_columns_of_a_template_for_paper_and_opinion_show_what_they_fill(
    view: DeskView, book: Book, qtbot: QtBot, tmp_path: Path
) -> None:
    from app.intake.template import FIRST_ROW, template_columns, write_template

    path = write_template(book.ruleset, "1-5", tmp_path / "t.xlsx")
    form = load_workbook(path)
    for column in template_columns(book.ruleset.table("1-5")):
        if column.field.key in ("wp_state", "initial_class"):
            form.worksheets[0][f"{column.letter}{FIRST_ROW}"] = "正常"
    form.save(path)
    dialog = import_dialog(view, qtbot, path)
    shown = [dialog.field_box(row).currentData() for row in range(dialog.mapping.rowCount())]
    assert {"wp_formation", "wp_state", "wp_basis", "wp_measures"} <= set(shown)
    assert shown[-2:] == ["initial_class", "initial_reason"]


def test_a_listing_that_is_in_already_is_told_before_it_goes_in_twice(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    path = SAMPLES / "other-receivables.csv"
    first = import_dialog(view, qtbot, path)
    assert not first.bar.isVisible()
    click(qtbot, first.import_button)
    wait_for(qtbot, lambda: book.row_count("1-5") > 0)
    again = import_dialog(view, qtbot, path)
    wait_for(qtbot, again.bar.isVisible)
    said = again.bar.text.text()
    assert "已从other-receivables.csv导入87笔" in said
    assert "重复登记" in said
    assert again.import_button.isEnabled()
    book.undo(by=PREPARER)
    assert book.row_count("1-5") == 0
    once_more = import_dialog(view, qtbot, path)
    wait_for(qtbot, once_more.import_button.isEnabled)
    assert not once_more.bar.isVisible()


def test_the_recognised_mapping_is_shown_and_can_be_changed(view: DeskView, qtbot: QtBot) -> None:
    dialog = import_dialog(view, qtbot, SAMPLES / "other-receivables.csv")
    assert dialog.listing is not None
    shown = {
        str(dialog.mapping.model().index(n, 1).data()): dialog.field_box(n).currentData()
        for n in range(dialog.mapping.rowCount())
    }
    assert shown == {m.printed: m.field for m in dialog.listing.mapping if not m.ignored}
    place = next(
        n
        for n in range(dialog.mapping.rowCount())
        if dialog.field_box(n).currentData() == "remarks"
    )
    box = dialog.field_box(place)
    box.setCurrentIndex(0)
    before = dialog.listing
    box.activated.emit(0)
    wait_for(qtbot, lambda: dialog.listing is not before)
    assert dialog.listing is not None
    assert "remarks" not in {m.field for m in dialog.listing.mapping}
    assert all("remarks" not in row.values for row in dialog.listing.rows)


def test_cells_that_cannot_be_read_are_named_and_nothing_is_taken_in(
    view: DeskView, book: Book, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "清单.csv"
    path.write_text(
        "户名,科目,入账日期,账面余额（元）\n张某,1391,前年,12000.00\n李某,1391,2001-03-01,很多\n",
        encoding="utf-8",
    )
    dialog = import_dialog(view, qtbot, path, "1-5")
    assert not dialog.import_button.isEnabled()
    said = dialog.remarks.toPlainText()
    assert "C2" in said
    assert "前年" in said
    assert "D3" in said
    assert "很多" in said
    dialog.take_in()
    assert book.row_count(None) == 0


def test_a_file_that_is_no_table_is_told_in_the_dialog(
    view: DeskView, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\x89PNG")
    dialog = import_dialog(view, qtbot, path)
    assert dialog.listing is None
    assert "照片.xlsx" in dialog.bar.text.text()


def test_another_table_can_be_named(view: DeskView, qtbot: QtBot) -> None:
    dialog = import_dialog(view, qtbot, SAMPLES / "other-receivables.csv")
    first = dialog.listing
    dialog.table.setCurrentIndex(dialog.table.findData("1-4"))
    wait_for(qtbot, lambda: dialog.listing is not None and dialog.listing is not first)
    assert dialog.facts.text().startswith("附表1-4")


def test_balances_are_read_shown_and_taken_in(view: DeskView, book: Book, qtbot: QtBot) -> None:
    dialog = BalanceImportDialog(view.desk, view)
    qtbot.addWidget(dialog)
    dialog.imported.connect(lambda: view.go("reconciliation"))
    dialog.open()
    dialog.read(SAMPLES / "balances.xlsx")
    wait_for(qtbot, lambda: dialog.listing is not None)
    assert dialog.listing is not None
    assert len(dialog.table.lines.rows) == len(dialog.listing.lines)
    click(qtbot, dialog.import_button)
    assert len(book.balances()) > 0
    assert view.navigation.current_key() == "reconciliation"


def test_an_unreadable_file_leaves_nothing_of_the_balances_before(
    view: DeskView, book: Book, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = BalanceImportDialog(view.desk, view)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.read(SAMPLES / "balances.xlsx")
    wait_for(qtbot, lambda: dialog.import_button.isEnabled())
    told: list[Message] = []
    dialog.messages.told.connect(told.append)
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\x89PNG")
    dialog.read(path)
    wait_for(qtbot, lambda: bool(told))
    assert dialog.table.lines.rows == []
    assert not dialog.import_button.isEnabled()
    dialog.take_in()
    assert book.balances() == []


def test_a_listing_of_another_table_is_named(view: DeskView, qtbot: QtBot) -> None:
    dialog = import_dialog(view, qtbot, SAMPLES / "other-receivables.csv", "1-8")
    assert not dialog.import_button.isEnabled()
    wait_for(qtbot, dialog.bar.isVisible)
    assert "像附表1-5 其他应收款" in dialog.bar.text.text()
    dialog.table.setCurrentIndex(dialog.table.findData("1-5"))
    wait_for(qtbot, lambda: dialog.import_button.isEnabled())
    assert not dialog.bar.isVisible()
    assert not dialog.likelier_button.isVisible()


def test_a_listing_that_could_be_read_but_fits_another_table_is_named(
    view: DeskView, qtbot: QtBot
) -> None:
    dialog = import_dialog(view, qtbot, SAMPLES / "fixed-assets.xlsx", "1-5")
    wait_for(qtbot, dialog.bar.isVisible)
    assert "像附表1-8 固定资产" in dialog.bar.text.text()
    assert dialog.likelier_button.isVisible()


def test_a_listing_of_another_table_goes_there_by_two_enters(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    dialog = import_dialog(view, qtbot, SAMPLES / "other-receivables.csv", "1-8")
    button = button_named(dialog, "改成1-5 其他应收款类")
    wait_for(qtbot, button.hasFocus)
    enter(qtbot)
    assert dialog.table.currentData() == "1-5"
    wait_for(qtbot, lambda: dialog.import_button.isEnabled())
    assert not button.isVisible()
    enter(qtbot)
    wait_for(qtbot, lambda: not dialog.isVisible())
    assert book.row_count("1-5") == 87


def test_import_asks_who_works_first(
    view: DeskView, told: list[Message], window: MainWindow
) -> None:
    view.desk.person = None
    view.do_import_rows()
    assert "还没有选择" in told[-1].text
    assert window.findChild(ImportDialog) is None


def test_cancelling_leaves_nothing(view: DeskView, book: Book, qtbot: QtBot) -> None:
    dialog = import_dialog(view, qtbot, SAMPLES / "other-receivables.csv")
    click(qtbot, button_named(dialog, "取消"))
    assert book.row_count(None) == 0


# ── files


def test_a_template_is_written(
    view: DeskView,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: list[Message],
    qtbot: QtBot,
) -> None:
    out = tmp_path / "模板.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(out), ""))
    open_table(view, "1-5")
    view.do_template()
    wait_for(qtbot, lambda: bool(told))
    assert out.is_file()
    assert str(out) in told[-1].text


def test_backups_are_suggested_where_the_last_one_went_never_among_listings(
    view: DeskView, book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggested: list[Path] = []
    stick = tmp_path / "优盘"
    stick.mkdir()
    monkeypatch.setattr(DeskJobs, "write_backup", lambda _self, _out: None)

    def choose(_parent: object, _title: str, suggestion: str, _filter: str) -> tuple[str, str]:
        suggested.append(Path(suggestion))
        return str(stick / "副本.wuji"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    remembered.set_last_folder(view.desk.settings, SAMPLES)
    view.do_backup()
    view.do_backup()
    stick.rmdir()
    view.do_backup()
    assert [path.parent for path in suggested] == [book.path.parent, stick, book.path.parent]
    assert suggested[0].name == f"青山-备份{date.today():%Y%m%d}.wuji"


def test_a_backup_is_written_and_opens(
    view: DeskView,
    book: Book,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: list[Message],
    qtbot: QtBot,
) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    out = tmp_path / "副本.wuji"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(out), ""))
    view.do_backup()
    wait_for(qtbot, lambda: bool(told))
    with Book.open(out) as copy:
        assert copy.row_count("1-2") == 1

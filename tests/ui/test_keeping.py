"""Nothing is lost: daily copies, the reminder, restoring with a look inside, after a crash."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from app.book.backup import backup
from app.book.book import Book
from app.book.daily import daily_copies, daily_folder
from app.ui import remembered
from app.ui.away_line import AwayLine
from app.ui.desk_view import DeskView
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.messages import Message, Messages
from app.ui.overview_page import OverviewPage
from app.ui.restore_dialog import RestoreDialog
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import (
    INTERBANK,
    button_named,
    click,
    enter,
    open_desk,
    open_form,
    open_table,
    press,
    type_text,
    wait_for,
)

TODAY = date(2007, 1, 15)


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """A book with a finished row."""
    book = make_book()
    book.add_row("1-2", INTERBANK, by=PREPARER)
    return book


@pytest.fixture
def view(window: MainWindow, book: Book, qtbot: QtBot) -> DeskView:
    """The desk of the book, on a day that stays the same."""
    window.keeping.today = lambda: TODAY
    return open_desk(window, book, qtbot)


def change_name(view: DeskView, words: str, qtbot: QtBot) -> None:
    """Types another name into the row, as a clerk does."""
    page = open_table(view, "1-2")
    form = open_form(page, view.desk.book.row_list("1-2")[0].id)
    form.go_to("name")
    press(qtbot, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    type_text(qtbot, words)
    enter(qtbot)


def name_in(path: Path) -> object:
    with Book.open(path, write=False) as book:
        return next(book.rows("1-2")).values["name"]


# ── daily copies


def test_the_first_change_of_a_day_makes_a_copy_and_closing_renews_it(
    view: DeskView, window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    assert not daily_folder(book.path).exists()
    change_name(view, "第一次", qtbot)
    wait_for(qtbot, lambda: bool(daily_copies(book.path)) and not window.worker.busy)
    (copy,) = daily_copies(book.path)
    assert TODAY.isoformat() in copy.name
    assert name_in(copy) == "第一次"
    change_name(view, "第二次", qtbot)
    wait_for(qtbot, lambda: not window.worker.busy)
    assert name_in(copy) == "第一次"
    window.close()
    assert daily_copies(book.path) == [copy]
    assert name_in(copy) == "第二次"


def test_without_a_change_there_is_no_copy(
    view: DeskView, window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    open_table(view, "1-2")
    window.close()
    assert not daily_folder(book.path).exists()


def test_a_copy_that_fails_is_told_once_and_blocks_nothing(
    view: DeskView, window: MainWindow, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    daily_folder(book.path).write_text("in the way")
    change_name(view, "照样保存", qtbot)
    wait_for(qtbot, lambda: bool(told))
    window.do_close_book()
    wait_for(qtbot, lambda: not window.worker.busy)
    assert [message.kind for message in told] == ["warning"]
    assert "备份没有做成" in told[0].text
    assert name_in(book.path) == "照样保存"


# ── the reminder


def away_line(view: DeskView) -> AwayLine:
    page = view.go("overview")
    assert isinstance(page, OverviewPage)
    return page.away


def test_after_a_week_without_a_copy_elsewhere_a_line_says_so(
    view: DeskView,
    book: Book,
    tmp_path_factory: pytest.TempPathFactory,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = away_line(view)
    assert not line.isVisible()
    change_name(view, "新的", qtbot)
    line.now = lambda: datetime.now(UTC) + timedelta(days=9)
    view.go("overview")
    assert line.isVisible()
    assert line.line is not None
    assert line.line.label.text().startswith("9天没有")
    beside = book.path.parent / "旁边.wuji"
    stick = tmp_path_factory.mktemp("u盘")
    targets = iter([beside, stick / "青山.wuji"])
    monkeypatch.setattr(
        "PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *_args: (str(next(targets)), "")
    )
    # One beside the book has not left the laptop.
    with qtbot.waitSignal(view.desk.backed_up, timeout=30_000):
        click(qtbot, button_named(line, "现在备份…"))
    assert beside.exists()
    wait_for(qtbot, lambda: line.line is not None and line.line.isVisible())
    assert remembered.last_away(view.desk.settings, book.path) is None
    click(qtbot, button_named(line, "现在备份…"))
    wait_for(qtbot, lambda: (stick / "青山.wuji").exists() and not view.desk.worker.busy)
    assert remembered.last_away(view.desk.settings, book.path) is not None
    # The copy holds everything, whatever the clock says later.
    assert not line.isVisible()


def test_what_has_not_changed_needs_no_copy(view: DeskView, book: Book) -> None:
    line = away_line(view)
    moment = book.saved_at
    assert moment is not None
    remembered.note_backup(view.desk.settings, book.path, Path("/media/stick/x.wuji"), moment)
    line.now = lambda: moment + timedelta(days=30)
    line.renew()
    assert not line.isVisible()


# ── restoring


@pytest.fixture
def early(view: DeskView, book: Book, tmp_path: Path, qtbot: QtBot) -> Path:
    """A copy of the book before its name was changed, on a stick."""
    stick = tmp_path / "u盘"
    stick.mkdir()
    copy = backup(book, stick / "青山-备份.wuji")
    change_name(view, "改坏了", qtbot)
    return copy


def restore_dialog(window: MainWindow) -> RestoreDialog:
    window.actions_by_name["restore_backup"].trigger()
    return next(d for d in window.findChildren(RestoreDialog) if d.isVisible())


def facts(dialog: RestoreDialog) -> dict[str, str]:
    found = {}
    for row in range(dialog.facts.rowCount()):
        label, value = (
            dialog.facts.itemAt(row, role).widget()
            for role in (dialog.facts.ItemRole.LabelRole, dialog.facts.ItemRole.FieldRole)
        )
        assert isinstance(label, QLabel)
        assert isinstance(value, QLabel)
        found[label.text()] = value.text()
    return found


def test_a_copy_is_looked_into_before_anything_happens(
    view: DeskView, window: MainWindow, early: Path, qtbot: QtBot
) -> None:
    wait_for(qtbot, lambda: bool(daily_copies(view.book.path)) and not window.worker.busy)
    dialog = restore_dialog(window)
    assert not dialog.new_button.isEnabled()
    assert dialog.list.count() == 1
    dialog.choose(early)
    wait_for(qtbot, dialog.new_button.isEnabled)
    shown = facts(dialog)
    assert shown["机构"] == "青山信用社（QS01）"
    assert shown["2006-12-31 期"] == "1笔"
    assert shown["由谁"] == PREPARER
    assert shown["改了什么"].startswith(str(INTERBANK["name"]))
    assert shown["与现在比"] == "少1次修改"
    assert dialog.place_button.isEnabled()
    dialog.reject()
    assert name_in(view.book.path) == "改坏了"


def test_a_copy_comes_back_under_a_new_name(
    view: DeskView,
    window: MainWindow,
    early: Path,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, target = view.book.path, tmp_path / "青山恢复.wuji"
    names = iter([path, target])
    monkeypatch.setattr(
        "PySide6.QtWidgets.QFileDialog.getSaveFileName",
        lambda *_args: (str(next(names)), ""),
    )
    dialog = restore_dialog(window)
    dialog.choose(early)
    wait_for(qtbot, dialog.new_button.isEnabled)
    said: list[Message] = []
    dialog.messages.told.connect(said.append)
    click(qtbot, dialog.new_button)
    wait_for(qtbot, lambda: bool(said))
    assert "没有覆盖" in said[0].text
    click(qtbot, dialog.new_button)
    wait_for(qtbot, lambda: window.desk.has_book and window.desk.book.path == target)
    assert name_in(path) == "改坏了"
    assert next(window.desk.book.rows("1-2")).values["name"] == INTERBANK["name"]


def test_a_copy_takes_the_place_of_the_book_which_is_put_away(
    view: DeskView, window: MainWindow, early: Path, qtbot: QtBot, told: list[Message]
) -> None:
    path = view.book.path
    dialog = restore_dialog(window)
    dialog.choose(early)
    wait_for(qtbot, dialog.place_button.isEnabled)
    click(qtbot, dialog.place_button)
    question = next(d for d in dialog.findChildren(QDialog) if d.isVisible())
    assert any("1次修改" in label.text() for label in question.findChildren(QLabel))
    click(qtbot, button_named(question, "换下"))
    wait_for(qtbot, lambda: window.desk.has_book and window.desk.book is not view.book)
    assert window.desk.book.path == path
    assert next(window.desk.book.rows("1-2")).values["name"] == INTERBANK["name"]
    (put_away,) = daily_folder(path).glob("*恢复前*.wuji")
    assert name_in(put_away) == "改坏了"
    assert early.exists()
    assert str(put_away) in told[-1].way_out


def test_what_cannot_be_put_back_leaves_the_book_open(
    view: DeskView, window: MainWindow, early: Path, qtbot: QtBot, told: list[Message]
) -> None:
    path = view.book.path
    os.unlink(early)
    early.write_text("nothing")
    window.restore_in_place(early)
    wait_for(qtbot, lambda: window.desk.has_book and not window.worker.busy)
    assert window.desk.book.path == path
    assert told[-1].kind == "error"
    assert name_in(path) == "改坏了"


def test_a_file_that_is_no_copy_is_told_and_restores_nothing(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "other.wuji"
    other.write_text("something else")
    dialog = restore_dialog(window)
    assert not dialog.place_button.isVisible()
    dialog.choose(other)
    wait_for(qtbot, lambda: "不是账套" in dialog.said.text())
    assert not dialog.new_button.isEnabled()
    dialog.reject()


def test_a_book_of_another_office_takes_no_place(
    view: DeskView, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    from app.book.types import Institution

    other = Book.create(
        tmp_path / "别社.wuji", Institution("LS02", "绿水信用社"), date(2006, 12, 31)
    )
    other.close()
    dialog = restore_dialog(window)
    dialog.choose(other.path)
    wait_for(qtbot, dialog.new_button.isEnabled)
    assert not dialog.place_button.isEnabled()
    dialog.reject()


# ── a copy chosen as if it were the book


@pytest.fixture
def kept(window: MainWindow, book: Book) -> Path:
    """A copy as the program makes it, beside the book that is closed."""
    daily_folder(book.path).mkdir()
    copy = backup(book, daily_folder(book.path) / f"{book.path.stem}-{TODAY}.wuji")
    book.close()
    return copy


@pytest.mark.parametrize("words", ["打开账套", "照样打开备份"])
def test_whoever_chooses_a_copy_is_asked_what_is_meant(
    words: str,
    window: MainWindow,
    book: Book,
    kept: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "app.ui.main_window.QFileDialog.getOpenFileName", lambda *_args: (str(kept), "")
    )
    window.actions_by_name["open_book"].trigger()
    assert not window.desk.has_book
    question = next(d for d in window.findChildren(QDialog) if d.isVisible())
    assert any(
        f"账套“{book.path.stem}”的备份" in one.text() for one in question.findChildren(QLabel)
    )
    click(qtbot, button_named(question, words))
    assert window.desk.book.path == (book.path if words == "打开账套" else kept)


def test_a_copy_that_is_meant_is_opened_again_without_asking_and_named_in_the_title(
    window: MainWindow, book: Book, kept: Path, qtbot: QtBot
) -> None:
    def questions() -> list[QDialog]:
        return [d for d in window.findChildren(QDialog) if d.isVisible()]

    window.open_chosen(kept)
    click(qtbot, button_named(questions()[0], "照样打开备份"))
    assert kept.name in window.windowTitle()
    window.do_close_book()
    window.open_chosen(kept)
    assert not questions()
    assert window.desk.book.path == kept
    window.open_chosen(book.path)
    assert "备份" not in window.windowTitle()
    another = kept.with_name(f"{book.path.stem}-2006-12-31.wuji")
    another.write_bytes(kept.read_bytes())
    window.open_chosen(another)
    assert questions(), "another copy is another question"
    questions()[0].reject()


def test_a_chosen_copy_can_be_restored_into_its_book(
    window: MainWindow, book: Book, kept: Path, qtbot: QtBot
) -> None:
    window.open_chosen(kept)
    question = next(d for d in window.findChildren(QDialog) if d.isVisible())
    click(qtbot, button_named(question, "恢复这份备份…"))
    assert window.desk.book.path == book.path
    dialog = next(d for d in window.findChildren(RestoreDialog) if d.isVisible())
    wait_for(qtbot, dialog.place_button.isEnabled)
    assert dialog.inside is not None
    assert dialog.inside.path == kept
    assert dialog.list.count() == 1
    dialog.reject()


def test_who_begins_with_a_copy_and_thinks_better_of_it_has_the_start_page(
    look: Look, settings: QSettings, kept: Path, qtbot: QtBot
) -> None:
    window = MainWindow(look, Messages(), settings, opening=True)
    qtbot.addWidget(window)
    window.show()
    window.open_chosen(kept)
    question = next(d for d in window.findChildren(QDialog) if d.isVisible())
    click(qtbot, button_named(question, "取消"))
    assert not window.desk.has_book
    assert window.start is not None
    assert window.start.isVisible()
    window.close()


# ── after a crash


def test_a_clean_end_leaves_nothing_to_say(
    view: DeskView, window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    assert not view.recovered.isVisible()
    window.do_close_book()
    window.open_book(book.path)
    again = window.desk_view
    assert isinstance(again, DeskView)
    assert not again.recovered.isVisible()


def test_after_a_crash_the_bar_says_what_was_saved_and_leads_to_the_draft(
    window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    row = next(book.rows("1-2"))
    remembered.begin_work(window.settings, book.path)
    book.save_draft(row.id, "counterparty", "断电前写的")
    view = open_desk(window, book, qtbot)
    said = view.recovered.text.text()
    assert view.recovered.isVisible()
    assert "没有正常关闭" in said
    assert "存放某某银行款项：登记" in said
    assert f"（{PREPARER}）" in said
    label = book.ruleset.table("1-2").fields["counterparty"].label
    assert f"“{label}”" in said
    view.go("overview")
    click(qtbot, view.recovered.go_button)
    page = view.table_page
    assert page is not None
    assert page.form is not None
    assert page.form.focused_key == "counterparty"
    assert page.session is not None
    page.session.keep_recovered("counterparty")
    click(qtbot, view.recovered.go_button)
    assert not view.recovered.isVisible()


def test_the_bar_can_be_put_away(window: MainWindow, book: Book, qtbot: QtBot) -> None:
    remembered.begin_work(window.settings, book.path)
    view = open_desk(window, book, qtbot)
    assert view.recovered.isVisible()
    assert not view.recovered.go_button.isVisible()
    click(qtbot, view.recovered.close_button)
    assert not view.recovered.isVisible()

"""The union's answers at the office: taken in, questions answered, rows locked, ledger."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.keys import office_key
from app.package import receiving
from app.package.receiving import NotAcceptedError
from app.ui import navigation
from app.ui.campaign import campaign_steps
from app.ui.desk import Desk
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.overview_page import OverviewPage
from app.ui.table_page import TablePage
from app.ui.union.answers_job import AnswersJob
from app.ui.union.answers_page import AnswersPage
from app.ui.union.ledger_page import LedgerPage
from app.union.determination import determine
from app.union.review import review
from tests.ui.hands import button_named, click, enter, focused, open_desk, type_text, wait_for
from tests.ui.union.acting import (
    accept_key,
    active_dialog,
    back_to,
    drop,
    line_named,
    wait_idle,
)
from tests.union.county import CLERK, HEAD, LEADER, REVIEWER, ROWS, County, collected_union
from tests.union.steps import checked, decided, entry, of_office, through

MARKS = (("name", "与合同不符"), ("evidence", "缺对账单"))


@pytest.fixture
def answered(tmp_path_factory: pytest.TempPathFactory, county: County) -> County:
    """The county with both packages at the union."""
    collected_union(tmp_path_factory.getbasetemp(), county)
    return county


@pytest.fixture
def returning(answered: County) -> Path:
    """A decision that returns the first row of QS."""
    with Book.open(answered.union) as book:
        row = of_office(book, "QS")[0]
        review(book, [entry(row.id, marks=MARKS, reason="依据不足")], by=REVIEWER)
        return decided(answered, book, answered.folder / "decisions")["QS"].path


@pytest.fixture
def final(answered: County, tmp_path: Path) -> Path:
    """A decision that determines everything of QS."""
    with Book.open(answered.union) as book:
        through(book, of_office(book, "QS"), tmp_path / "纪要.txt")
        return decided(answered, book, answered.folder / "decisions")["QS"].path


def union_key(county: County) -> str:
    """The short code of the union's key."""
    with Book.open(county.union, write=False) as book:
        key = office_key(book)
    assert key is not None
    return key.short_code


@pytest.fixture
def view(county: County, window: MainWindow, qtbot: QtBot) -> Iterator[DeskView]:
    """The office's book as it was sealed; the head works."""
    with Book.open(county.book("QS")) as book:
        found = open_desk(window, book, qtbot)
        window.desk.choose_person(HEAD)
        yield found
        window.desk.close_book()


def take_in(view: DeskView, window: MainWindow, qtbot: QtBot, path: Path, code: str) -> None:
    """Drops an answer on the window and compares the union's key."""
    drop(window, path)
    accept_key(window, qtbot, code)
    wait_idle(window, qtbot)


def test_a_return_opens_the_window_on_the_first_question(
    answered: County, returning: Path, view: DeskView, window: MainWindow, qtbot: QtBot,
    told: list[Message],
) -> None:  # fmt: skip
    take_in(view, window, qtbot, returning, union_key(answered))
    assert "退回1笔" in told[-1].text
    page = view.page
    assert isinstance(page, TablePage)
    session, form = page.session, page.form
    assert session is not None
    assert form is not None
    assert session.row.marks
    assert form.focused_key == "name"
    assert [(m.sign, m.text) for m in form.rows["name"].marks] == [
        ("warning", f"联社{REVIEWER}问：与合同不符")
    ]
    assert session.locked == ""
    notes = [note.text for note in session.notes()]
    assert notes[0] == "联社退回：依据不足"
    assert "问资料：缺对账单" in notes[1]


def test_changes_and_words_answer_the_questions(
    answered: County, returning: Path, view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    take_in(view, window, qtbot, returning, union_key(answered))
    window.desk.choose_person(CLERK)
    view.open_first_question()
    page = view.page
    assert isinstance(page, TablePage)
    form = page.form
    assert form is not None
    form.go_to("name")
    form.rows["name"].editor.line.setText("")  # type: ignore[attr-defined]
    type_text(qtbot, "按合同改的名称")
    enter(qtbot)
    assert form.rows["name"].marks[0].sign == "good"
    assert "已改" in form.rows["name"].marks[0].text
    click(qtbot, button_named(form.rows["name"], "答复…"))
    active_dialog(window, qtbot)
    type_text(qtbot, "名称已改")
    enter(qtbot)
    back_to(window, qtbot)
    # The link that was pressed is gone; the keyboard is where the question was.
    assert form.focused_key == "name"
    assert form.isAncestorOf(focused())
    page.reasons.ask_answer("", len(page.session.notes()) - 1 if page.session else 0)
    active_dialog(window, qtbot)
    type_text(qtbot, "对账单已补在资料里")
    enter(qtbot)
    session = page.session
    assert session is not None
    assert session.notes()[-1].sign == "good"
    assert "对账单已补在资料里" in session.notes()[-1].text
    page.side.setCurrentWidget(page.side.history)
    history = page.side.history.toPlainText()
    assert "答复联社：“资料附件”：对账单已补在资料里" in history
    assert "联社退回：依据不足；问“资产名称”：与合同不符；问“资料附件”：缺对账单" in history
    answers: object = view.go(navigation.ANSWERS)
    assert isinstance(answers, AnswersPage)
    assert "问题都已答复" in answers.count.text()


def test_rows_without_questions_are_locked_and_say_so(
    answered: County, returning: Path, view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    take_in(view, window, qtbot, returning, union_key(answered))
    book = view.desk.book
    locked = next(row for row in book.rows() if row.stage == "submitted")
    view.open_row(locked.table_id, locked.id)
    page = view.page
    assert isinstance(page, TablePage)
    form, session = page.form, page.session
    assert form is not None
    assert session is not None
    assert "联社没有退回这一笔" in session.notes()[0].text
    assert all(row.editor.locked for row in form.rows.values())
    assert not page.side.evidence.add_button.isVisible()


def test_a_book_with_questions_opens_on_the_first_one(
    answered: County, returning: Path, view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    take_in(view, window, qtbot, returning, union_key(answered))
    window.desk.close_book()
    window.open_book(answered.book("QS"))
    again = window.desk_view
    assert isinstance(again, DeskView)
    page = again.page
    assert isinstance(page, TablePage)
    assert page.form is not None
    assert page.form.focused_key == "name"


def test_another_offices_answer_is_refused_with_the_reason(
    answered: County, view: DeskView, window: MainWindow, qtbot: QtBot, told: list[Message]
) -> None:
    drop(window, answered.package("BH"))
    wait_for(qtbot, lambda: bool(told))
    assert told[-1].kind == "error"
    assert "不是联社的回执或决定" in told[-1].text
    assert told[-1].text.count("没有采用") == 1


def test_a_reason_that_says_that_nothing_was_taken_in_says_it_alone(
    desk: Desk, told: list[Message], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise NotAcceptedError("这份回执是给BH的，没有采用。请向联社要给本社的。")

    monkeypatch.setattr(receiving, "sender_of", refused)
    (tmp_path / "a.wjz").write_bytes(b"")
    job = AnswersJob(desk, QWidget())
    job.take_in([tmp_path / "a.wjz"])
    wait_for(qtbot, lambda: bool(told))
    assert told[-1].text == "a.wjz：这份回执是给BH的，没有采用。请向联社要给本社的。"


def test_a_key_that_is_not_compared_takes_nothing_in(
    answered: County, returning: Path, view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    drop(window, returning)
    dialog = active_dialog(window, qtbot)
    assert isinstance(dialog, QDialog)
    dialog.reject()
    wait_idle(window, qtbot)
    assert {row.stage for row in view.desk.book.rows()} == {"submitted"}


@pytest.fixture
def partial(answered: County, tmp_path: Path) -> Path:
    """A decision on one row of QS alone, whose loss the union has set itself."""
    with Book.open(answered.union) as book:
        fields = book.ruleset.tables
        row = next(row for row in of_office(book, "QS")
                   if "loss_basis" in fields[row.table_id].fields
                   and row.values.get("initial_class") == "normal")  # fmt: skip
        half = Decimal(row.values["carrying_amount"]) / 2
        own = entry(row.id, class_="doubtful", loss=f"{half:.2f}", reason="重估")
        review(book, [own], by=REVIEWER)
        checked(book, [row])
        determine(book, [entry(row.id, class_="doubtful", reason="重估")], by=LEADER)
        return decided(answered, book, answered.folder / "decisions")["QS"].path


def test_the_overview_has_one_total_after_a_partial_decision(
    answered: County, partial: Path, view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    before = view.desk.tally.expected_loss
    take_in(view, window, qtbot, partial, union_key(answered))
    wait_for(qtbot, lambda: view.desk.tally.expected_loss != before)
    page = view.go(navigation.OVERVIEW)
    assert isinstance(page, OverviewPage)
    (together,) = (row.texts[6] for row in page.table.lines.rows if row.bold)
    bars = {one.bar.key: one.bar.figure for one in page.losses.bars}
    assert bars
    shown = {row.key: row.texts[6] for row in page.table.lines.rows if row.texts[6] != "0.00"}
    assert {key: shown[navigation.TABLE + key] for key in bars} == bars
    total = sum((Decimal(figure.replace(",", "")) for figure in bars.values()), Decimal(0))
    assert together == f"{total:,.2f}"
    assert "按联社的算" in page.losses.note.text()


def test_after_determination_the_result_shows_and_the_ledger_is_there(
    answered: County, final: Path, view: DeskView, window: MainWindow, qtbot: QtBot,
    told: list[Message],
) -> None:  # fmt: skip
    take_in(view, window, qtbot, final, union_key(answered))
    assert f"认定{ROWS}笔" in told[-1].text
    assert view.navigation.current_key() == navigation.ANSWERS
    wait_for(qtbot, lambda: view.desk.tally.followups == ROWS)
    keys = [entry.key for entry in view.navigation.lines.entries]
    assert navigation.LEDGER in keys
    period = view.top.period
    assert period.currentText().endswith("（已认定，关闭）")
    wait_for(qtbot, lambda: period.width() >= period.sizeHint().width())
    assert period.sizeHint().width() > period.fontMetrics().horizontalAdvance(period.currentText())
    last = campaign_steps(view.desk.book, view.desk.tally)[-1]
    assert (last.done, "联社已全部认定" in last.state) == (True, True)
    row = next(iter(view.desk.book.rows()))
    view.open_row(row.table_id, row.id)
    page = view.page
    assert isinstance(page, TablePage)
    assert page.session is not None
    texts = [note.text for note in page.session.notes()]
    assert texts[0].startswith("联社已经认定")
    assert texts[1].startswith("联社认定：")
    page.side.setCurrentWidget(page.side.history)
    result = texts[1].removeprefix("联社认定：").partition("，")[0]
    assert f"联社认定：{result}，损失" in page.side.history.toPlainText()


def test_the_ledger_is_kept_up(
    answered: County, final: Path, view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    take_in(view, window, qtbot, final, union_key(answered))
    page = view.go(navigation.LEDGER)
    assert isinstance(page, LedgerPage)
    assert len(page.table.lines.rows) == ROWS
    click(qtbot, page.edit_button)
    dialog = active_dialog(window, qtbot)
    line_named(dialog, "已收回").setText("1,200.50")
    line_named(dialog, "下次复查").setText("某日")
    click(qtbot, button_named(dialog, "登记"))
    assert dialog.isVisible()
    line_named(dialog, "下次复查").setText("2007-06-30")
    line_named(dialog, "责任人").setText("张三")
    click(qtbot, button_named(dialog, "登记"))
    assert not dialog.isVisible()
    line = view.desk.book.followups()[0]
    assert (line.recovered, line.next_review, line.responsible) == (
        Decimal("1200.50"), "2007-06-30", "张三",
    )  # fmt: skip
    assert page.table.lines.rows[0].texts[8:] == ("1,200.50", "张三", "2007-06-30")
    assert page.current is not None
    shown = page.current.row_id
    click(qtbot, page.row_button)
    assert view.table_page is not None
    assert view.table_page.session is not None
    assert view.table_page.session.row.id == shown

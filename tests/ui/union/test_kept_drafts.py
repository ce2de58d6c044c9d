"""A half-typed opinion survives the window, a crash and another person at the desk."""

from __future__ import annotations

from concurrent.futures import wait
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.errors import BookError
from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.union.draft_saving import BACK, GONE
from app.ui.union.kept_drafts import ALL_CHOSEN, draft_of_all_chosen, drafts_of
from app.ui.union.opinion_form import OpinionForm
from app.ui.union.queue_page import QueuePage
from tests.ui.hands import click, press, type_text, wait_for
from tests.ui.union.acting import wait_idle
from tests.ui.union.test_review import said
from tests.union.county import REVIEWER, SECOND, County
from tests.union.steps import through


def half_typed(view: DeskView, qtbot: QtBot) -> tuple[QueuePage, str]:
    """Opens the first row of the queue and types half an opinion."""
    page = view.go(navigation.REVIEW)
    assert isinstance(page, QueuePage)
    wait_for(qtbot, lambda: bool(page.list.view.lines.ids))
    row_id = page.list.view.lines.ids[0]
    assert page.open_row(row_id)
    type_text(qtbot, "3")
    page.pane.opinion.reason.setFocus()
    type_text(qtbot, "回函没有盖章，")
    return page, row_id


def test_it_is_there_again_when_the_book_is_opened_again(
    view: DeskView, window: MainWindow, county: County, qtbot: QtBot
) -> None:
    _, row_id = half_typed(view, qtbot)
    wait_idle(window, qtbot)
    window.do_close_book()
    window.open_book(county.union)
    again = window.desk_view
    assert isinstance(again, DeskView)
    assert "写了一半" in again.recovered.text.text()
    page = again.queue_page
    assert page is not None
    assert page.session is not None
    assert page.session.row.id == row_id
    opinion = page.pane.opinion
    assert (opinion.reason.toPlainText(), opinion.class_.raw()) == ("回函没有盖章，", "substandard")
    # Looked at once; the bar leads to no other.
    click(qtbot, again.recovered.go_button)
    assert again.recovered.isHidden()
    opinion.reason.setFocus()
    type_text(qtbot, "要求补正")
    click(qtbot, opinion.apply_button)
    wait_for(qtbot, lambda: window.desk.book.row(row_id).stage == "reviewed")
    wait_idle(window, qtbot)
    assert drafts_of(window.desk.book, REVIEWER) == []


def test_it_is_kept_while_somebody_types(view: DeskView, qtbot: QtBot) -> None:
    page, row_id = half_typed(view, qtbot)
    assert page.draft_timer.isActive()
    page.draft_timer.timeout.emit()
    assert [one.row_id for one in drafts_of(view.desk.book, REVIEWER)] == [row_id]
    page.pane.opinion.reason.clear()
    page.pane.opinion.class_.set_value(None)
    press(qtbot, Qt.Key.Key_Escape)
    assert drafts_of(view.desk.book, REVIEWER) == []
    assert not page.draft_timer.isActive()


def test_nobody_finds_anothers_words_in_his_own_opinion(
    view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    page, _ = half_typed(view, qtbot)
    view.recovered.tell()
    window.desk.choose_person(SECOND)
    assert view.recovered.isHidden()
    assert page.pane.opinion.reason.toPlainText() == ""
    window.desk.choose_person(REVIEWER)
    assert not view.recovered.isHidden()
    assert page.pane.opinion.reason.toPlainText() == "回函没有盖章，"
    assert drafts_of(window.desk.book, SECOND) == []


def test_an_opinion_that_comes_too_late_is_not_told_of_for_ever(
    view: DeskView, county: County, qtbot: QtBot
) -> None:
    page, row_id = half_typed(view, qtbot)
    page.keep_draft()
    book = view.desk.book
    through(book, [book.row(row_id)], county.folder / "纪要.txt")
    assert drafts_of(book, REVIEWER) == []


def test_what_could_not_be_kept_is_kept_when_the_row_is_left(
    view: DeskView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, row_id = half_typed(view, qtbot)
    book, tries = view.desk.book, []
    keep = Book.save_draft

    def gone(_book: Book, *given: str) -> None:
        tries.append(given)
        raise BookError("数据库没有应答。")

    monkeypatch.setattr(Book, "save_draft", gone)
    for _ in range(3):
        page.draft_timer.timeout.emit()
    assert len(tries) == 1
    monkeypatch.setattr(Book, "save_draft", keep)
    page.close_row()
    assert [one.row_id for one in drafts_of(book, REVIEWER)] == [row_id]


def test_it_stays_in_its_period_when_another_one_is_chosen(view: DeskView, qtbot: QtBot) -> None:
    desk = view.desk
    first = desk.book.period
    later = desk.book.add_period(first.base_date.replace(year=2007), by=REVIEWER)
    desk.enter_period(first.id)
    _, row_id = half_typed(view, qtbot)
    desk.choose_period(later.id)
    assert desk.book.drafts() == []
    desk.choose_period(first.id)
    assert [one.row_id for one in drafts_of(desk.book, REVIEWER)] == [row_id]


def test_what_was_written_while_the_book_closed_is_not_half_typed(
    view: DeskView, window: MainWindow, county: County, qtbot: QtBot
) -> None:
    page, row_id = half_typed(view, qtbot)
    click(qtbot, page.pane.opinion.apply_button)
    wait([job.future for job in window.worker._jobs if job.future is not None])
    window.do_close_book()
    window.open_book(county.union)
    assert window.desk.book.row(row_id).stage == "reviewed"
    assert drafts_of(window.desk.book, REVIEWER) == []


def test_a_server_that_takes_long_does_not_stop_who_types(
    view: DeskView, window: MainWindow, qtbot: QtBot, told: list[Message],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    page, row_id = half_typed(view, qtbot)
    book, asked, answers, keep = view.desk.book, Event(), Event(), Book.save_draft
    monkeypatch.setattr(Book, "on_server", property(lambda _book: True))

    def slow(into: Book, *given: Any) -> None:
        asked.set()
        assert answers.wait(10)
        keep(into, *given)

    monkeypatch.setattr(Book, "save_draft", slow)
    page.draft_timer.timeout.emit()
    assert drafts_of(book, REVIEWER) == []
    type_text(qtbot, "要求补正")
    page.draft_timer.timeout.emit()
    assert page.pane.opinion.reason.toPlainText() == "回函没有盖章，要求补正"
    saving = view.desk.draft_saving
    assert saving is not None
    assert saving._job is not None
    assert asked.wait(10)
    saving._look_after(saving._job)
    saving._look_after(saving._job)
    assert [one.text for one in told] == [GONE]
    answers.set()
    wait_idle(window, qtbot)
    assert [one.text for one in told] == [GONE, BACK]
    assert [one.row_id for one in drafts_of(book, REVIEWER)] == [row_id]
    assert "要求补正" in drafts_of(book, REVIEWER)[0].text
    # Wiped out while the book is slow: nothing of it comes back.
    page.pane.opinion.reason.clear()
    page.pane.opinion.class_.set_value(None)
    page.keep_draft()
    wait_idle(window, qtbot)
    assert drafts_of(book, REVIEWER) == []


def test_the_bar_leads_back_to_a_half_opinion_that_was_walked_away_from(
    view: DeskView, window: MainWindow, county: County, qtbot: QtBot
) -> None:
    _, row_id = half_typed(view, qtbot)
    window.do_close_book()
    window.open_book(county.union)
    again = window.desk_view
    assert isinstance(again, DeskView)
    again.go(navigation.OFFICES)
    click(qtbot, again.recovered.go_button)
    page = again.queue_page
    assert page is not None
    assert page.session is not None
    assert page.session.row.id == row_id
    click(qtbot, again.recovered.go_button)
    assert again.recovered.isHidden()


def test_words_about_several_rows_are_kept_for_who_typed_them(
    view: DeskView, window: MainWindow, county: County, qtbot: QtBot
) -> None:
    page, opinion = bulk_begun(view, qtbot)
    type_text(qtbot, "都看过实物，")
    # One click beside: the words about all of them are no longer in sight.
    page.list.view.choose_place(0)
    assert not opinion.bulk
    page.list.view.selectAll()
    assert opinion.reason.toPlainText() == "都看过实物，"
    assert any("以前写了一半" in one for one in said(page))
    window.desk.choose_person(SECOND)
    assert opinion.reason.toPlainText() == ""
    page.list.view.choose_place(0)
    window.do_close_book()
    window.open_book(county.union)
    again = window.desk_view
    assert isinstance(again, DeskView)
    for person, words in ((SECOND, ""), (REVIEWER, "都看过实物，")):
        window.desk.choose_person(person)
        _, opinion = bulk_begun(again, qtbot)
        assert opinion.reason.toPlainText() == words
    book = window.desk.book
    assert list(draft_of_all_chosen(book, REVIEWER)) == [ALL_CHOSEN]
    assert drafts_of(book, REVIEWER) == []
    click(qtbot, opinion.apply_button)
    wait_for(qtbot, lambda: {row.stage for row in book.rows()} == {"reviewed"})
    wait_idle(window, qtbot)
    assert draft_of_all_chosen(book, REVIEWER) == {}


def bulk_begun(view: DeskView, qtbot: QtBot) -> tuple[QueuePage, OpinionForm]:
    """All rows of the queue chosen, the keyboard in the reason."""
    page = view.go(navigation.REVIEW)
    assert isinstance(page, QueuePage)
    wait_for(qtbot, lambda: len(page.list.view.lines.ids) > 1)
    page.list.view.selectAll()
    opinion = page.pane.opinion
    assert opinion.bulk
    opinion.reason.setFocus()
    return page, opinion

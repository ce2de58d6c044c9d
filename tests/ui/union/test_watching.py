"""What another one does on the same database shows in the window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import URL

from app.book.book import Book
from app.book.meanwhile import seen_since
from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.union.draft_saving import BACK, GONE
from app.ui.union.kept_drafts import drafts_of
from app.ui.union.offices_page import OfficesPage
from app.ui.union.queue_page import QueuePage
from app.union.review import review
from tests.postgres.server import Server
from tests.ui.hands import open_desk, press, type_text, wait_for
from tests.ui.union.acting import wait_idle
from tests.union.county import REVIEWER, SECOND, County, collected_union
from tests.union.steps import entry


@pytest.fixture
def other(
    postgres: Server, county: County, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Book]:
    """The union's book on a server, as another one has it open."""
    collected_union(tmp_path_factory.getbasetemp(), county)
    name = postgres.copy("collected", county.union)
    with Book.open(postgres.url(name)) as book:
        yield book
    postgres.drop(name)


@pytest.fixture
def view(other: Book, window: MainWindow, qtbot: QtBot) -> Iterator[DeskView]:
    """The same book in the window."""
    place = other.store.place
    assert isinstance(place, URL)
    with Book.open(place.render_as_string(hide_password=False)) as book:
        found = open_desk(window, book, qtbot)
        window.desk.choose_person(REVIEWER)
        assert found.watching.timer.isActive()
        wait_idle(window, qtbot)
        yield found
        window.desk.close_book()


def look(view: DeskView, window: MainWindow, qtbot: QtBot) -> None:
    """The timer's next look, while nothing else is read that a gone server would fail."""
    counting = view.desk._progress_timer
    wait_for(qtbot, lambda: not counting.isActive())
    wait_idle(window, qtbot)
    view.watching.timer.timeout.emit()
    wait_idle(window, qtbot)


def opened_queue(view: DeskView, qtbot: QtBot) -> QueuePage:
    """The queue, read."""
    page = view.go(navigation.REVIEW)
    assert isinstance(page, QueuePage)
    wait_for(qtbot, lambda: bool(page.list.view.lines.ids))
    return page


def test_the_list_follows_what_another_one_does(
    view: DeskView, other: Book, window: MainWindow, qtbot: QtBot
) -> None:
    page = opened_queue(view, qtbot)
    look(view, window, qtbot)
    first, *rest = page.list.view.lines.ids
    review(other, [entry(first, class_="关注", reason="回函不全")], by=SECOND)
    look(view, window, qtbot)
    assert list(page.list.view.lines.ids) == rest


def test_in_the_middle_of_work_the_list_keeps_its_order_and_nothing_typed_goes(
    view: DeskView, other: Book, window: MainWindow, qtbot: QtBot
) -> None:
    page = opened_queue(view, qtbot)
    look(view, window, qtbot)
    ids = list(page.list.view.lines.ids)
    page.open_row(ids[1])
    page.pane.opinion.reason.setFocus()
    type_text(qtbot, "还在写")
    review(other, [entry(ids[0], class_="关注", reason="回函不全")], by=SECOND)
    look(view, window, qtbot)
    assert list(page.list.view.lines.ids) == ids
    line = page.list.view.lines.line(0)
    assert line is not None
    assert line.stage == "reviewed"
    assert page.pane.opinion.reason.toPlainText() == "还在写"
    # What the other one has dealt with stays out of a writing in bulk.
    page.list.view.setFocus()
    page.list.view.selectAll()
    assert page.pane.opinion.apply_button.text() == f"写入{len(ids) - 1}笔"


def test_the_open_row_follows_while_nothing_is_typed(
    view: DeskView, other: Book, window: MainWindow, qtbot: QtBot
) -> None:
    page = opened_queue(view, qtbot)
    look(view, window, qtbot)
    row_id = page.list.view.lines.ids[0]
    page.open_row(row_id)
    review(other, [entry(row_id, class_="关注", reason="回函不全")], by=SECOND)
    look(view, window, qtbot)
    assert "回函不全" in page.pane.facts.toPlainText()
    page.pane.opinion.reason.setFocus()
    type_text(qtbot, "还在写")
    review(other, [entry(row_id, class_="次级", reason="又看过")], by=SECOND)
    look(view, window, qtbot)
    assert "又看过" not in page.pane.facts.toPlainText()
    assert page.pane.opinion.reason.toPlainText() == "还在写"


def test_another_ones_packages_and_people_are_noticed(
    view: DeskView, other: Book, window: MainWindow, qtbot: QtBot
) -> None:
    page = view.go(navigation.OFFICES)
    assert isinstance(page, OfficesPage)
    wait_for(qtbot, lambda: len(page.states) == 2)
    look(view, window, qtbot)
    rows = [row.id for row in other.rows() if row.institution == "QS"]
    review(other, [entry(one, class_="关注", reason="看过") for one in rows], by=SECOND)
    look(view, window, qtbot)
    wait_for(qtbot, lambda: {one.code: one.state for one in page.states}["QS"] == "reviewed")
    other.add_person("新来的", "auditor")
    look(view, window, qtbot)
    press(qtbot, Qt.Key.Key_Escape)
    assert "新来的" in [one.name for one in view.desk.book.people()]


def test_a_server_that_is_gone_is_told_where_somebody_works_and_nothing_typed_goes(
    view: DeskView, other: Book, postgres: Server, window: MainWindow, qtbot: QtBot,
    told: list[Message],
) -> None:  # fmt: skip
    page = opened_queue(view, qtbot)
    look(view, window, qtbot)
    page.open_row(page.list.view.lines.ids[0])
    place = other.store.place
    assert isinstance(place, URL)
    with closed(postgres, str(place.database)):
        look(view, window, qtbot)
        assert told == []
        page.pane.opinion.reason.setFocus()
        type_text(qtbot, "还在写")
        page.draft_timer.timeout.emit()
        wait_idle(window, qtbot)
        assert [(one.kind, one.text) for one in told] == [("error", GONE)]
        assert "打不开" in told[0].way_out
        # Not once more, whatever is typed meanwhile.
        type_text(qtbot, "，接着写")
        page.draft_timer.timeout.emit()
        wait_idle(window, qtbot)
        assert len(told) == 1
        # Another one at the desk and back: the words are there, though the book has none of them.
        window.desk.choose_person("")
        assert page.pane.opinion.reason.toPlainText() == ""
    window.desk.choose_person(REVIEWER)
    assert page.pane.opinion.reason.toPlainText() == "还在写，接着写"
    saving = window.desk.draft_saving
    assert saving is not None
    saving._try_again(view.desk.book)
    wait_idle(window, qtbot)
    assert [one.text for one in told] == [GONE, BACK]
    assert "还在写，接着写" in drafts_of(other, REVIEWER)[0].text


@contextmanager
def closed(postgres: Server, name: str) -> Iterator[None]:
    """Nobody gets into the database, and who was in is out."""
    with postgres.connected() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.exec_driver_sql(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        try:
            yield
        finally:
            connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_ones_own_work_is_nobody_elses(other: Book) -> None:
    place = other.store.place
    assert isinstance(place, URL)
    start = seen_since(other, None)
    assert start is not None
    row = next(iter(other.rows()))
    # The same person at two machines.
    with Book.open(place.render_as_string(hide_password=False)) as second:
        review(other, [entry(row.id, class_="关注", reason="看过")], by=SECOND)
        mine, theirs = seen_since(other, start.last), seen_since(second, start.last)
        assert mine is not None
        assert theirs is not None
        assert (mine.others, theirs.others) == (False, True)
        assert seen_since(second, mine.last) == mine


def test_another_ones_new_period_can_be_chosen(
    view: DeskView, other: Book, window: MainWindow, qtbot: QtBot
) -> None:
    look(view, window, qtbot)
    other.add_period(date(2007, 12, 31), by=REVIEWER)
    look(view, window, qtbot)
    periods = [view.top.period.itemText(at) for at in range(view.top.period.count())]
    assert periods == ["2006-12-31", "2007-12-31", "新的一期…"]
    assert view.top.period.currentText() == "2006-12-31"

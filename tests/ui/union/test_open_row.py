"""The open row and the list beside it belong together, whatever the list holds by now."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.union.queue_page import QueuePage
from tests.ui.hands import click, type_text, wait_for
from tests.ui.union.test_review import ids, queue, said
from tests.union.county import AUDITOR
from tests.union.steps import reviewed


@pytest.fixture
def page(view: DeskView, qtbot: QtBot) -> QueuePage:
    """The review page with all rows that wait."""
    return queue(view, qtbot, navigation.REVIEW)


def marked(page: QueuePage) -> list[str]:
    """The rows that look chosen in the list."""
    return page.list.view.chosen_ids()


def test_no_other_row_looks_open_when_the_open_one_has_left_the_list(
    page: QueuePage, qtbot: QtBot
) -> None:
    one, *others = ids(page)
    page.open_row(one)
    assert marked(page) == [one]
    reviewed(page.desk.book, [page.desk.book.row(one)])
    with qtbot.waitSignal(page.list.loaded, timeout=5000):
        page.list.reload()
    assert ids(page) == others
    assert marked(page) == []
    page.open_row(others[1])
    assert marked(page) == [others[1]]
    page.open_row(one)
    assert marked(page) == []


def test_after_an_opinion_on_a_row_outside_the_list_the_list_is_gone_on_with(
    page: QueuePage, qtbot: QtBot
) -> None:
    one, two = ids(page)[:2]
    page.open_row(one)
    page.list.view.lines.show_ids([two])
    page.list.view.choose_place(0)
    page.list.loaded.emit()
    type_text(qtbot, "4")
    page.pane.opinion.reason.setFocus()
    type_text(qtbot, "看过实物")
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: page.session is not None and page.session.row.id == two)
    assert page.desk.book.row(one).stage == "reviewed"
    assert marked(page) == [two]


def test_what_came_of_ones_attempt_is_not_said_to_the_next_person(
    page: QueuePage, view: DeskView, qtbot: QtBot
) -> None:
    one = ids(page)[0]
    page.list.view.lines.show_ids([one])
    page.open_row(one)
    type_text(qtbot, "4")
    page.pane.opinion.reason.setFocus()
    type_text(qtbot, "看过实物")
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: bool(said(page)))
    view.desk.choose_person(AUDITOR)
    assert said(page) == []

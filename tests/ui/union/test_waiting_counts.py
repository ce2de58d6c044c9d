"""What the navigation counts for whom, and how the top bar shows a period that is done."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.navigation import Entry, union_entries
from app.ui.tally import Tally, UnionCounts
from app.ui.union.offices_page import OfficesPage
from app.union.queue import queue_ids
from tests.ui.hands import wait_for
from tests.ui.union.acting import wait_idle
from tests.union.county import AUDITOR, DEPARTMENT, LEADER, REVIEWER, County
from tests.union.steps import decided, of_office, reviewed, through


def line(view: DeskView, key: str) -> Entry:
    """A line of the navigation."""
    return next(one for one in view.navigation.lines.entries if one.key == key)


def test_everybody_sees_what_waits_for_him(
    view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    book = view.desk.book
    reviewed(book, of_office(book, "QS"))
    view.desk.rows_were_changed()
    waits = {
        REVIEWER: ("review", "待初审"), DEPARTMENT: ("department", "待归口审核"),
        AUDITOR: ("audit", "损失待审计"), LEADER: ("review", "待初审"),
    }  # fmt: skip
    counts = {name: len(queue_ids(book, waits=what)) for name, (what, _) in waits.items()}
    assert len({counts[name] for name in (REVIEWER, DEPARTMENT, AUDITOR)}) > 1
    wait_for(qtbot, lambda: line(view, navigation.REVIEW).progress == str(counts[REVIEWER]))
    for name, (_, words) in waits.items():
        view.desk.choose_person(name)
        entry = line(view, navigation.REVIEW)
        assert (entry.progress, entry.spoken) == (
            str(counts[name]), f"审查，{words}{counts[name]}笔",
        )  # fmt: skip
    wait_idle(window, qtbot)


@pytest.mark.parametrize(
    ("offices", "rows", "shown", "spoken"),
    [
        (0, 0, "", "下发决定"),
        (2, 0, "2", "下发决定，2家等下发"),
        (2, 5, "3", "下发决定，2家等下发，5笔等报上级"),
        (0, 5, "1", "下发决定，5笔等报上级"),
    ],
)
def test_what_goes_up_is_one_file_more(offices: int, rows: int, shown: str, spoken: str) -> None:
    tally = Tally(union=UnionCounts(to_decide=offices, to_send_up=rows))
    entry = next(one for one in union_entries(tally) if one.key == navigation.DECIDE)
    assert (entry.progress, entry.spoken) == (shown, spoken)


def test_a_period_that_is_done_says_so(
    view: DeskView, county: County, window: MainWindow, qtbot: QtBot
) -> None:
    book = view.desk.book
    page = view.go(navigation.OFFICES)
    assert isinstance(page, OfficesPage)
    wait_for(qtbot, lambda: "本期还没有办完" in page.count.text())
    assert "办结" not in view.top.period.currentText()
    through(book, list(book.rows()), county.folder / "纪要.txt")
    decided(county, book, county.folder / "down")
    view.desk.rows_were_changed()
    wait_for(qtbot, lambda: "本期已办结" in page.count.text())
    assert view.top.period.currentText() == f"{book.period.base_date}（已办结）"
    wait_idle(window, qtbot)

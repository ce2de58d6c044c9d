"""Rows beyond the union's authority go up from the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.package.verify import verify_package
from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.sign_line import SignLine
from app.ui.union.above_words import asked_words, waiting_line
from app.ui.union.decide_page import DecidePage
from app.ui.worker import Job, Step
from app.union.above import Above
from app.union.packages import packages_of
from tests.ui.hands import button_named, click, open_desk, wait_for
from tests.ui.union.acting import active_dialog, sign, wait_idle, words_of
from tests.union.county import LEADER, REVIEWER
from tests.union.levels import Levels, beyond, levels_in

PAPERS = ("summary.xlsx", "report.docx", "tables.xlsx", "index.html", "forms/summary.pdf")
"""Some of what the command writes beside the package."""


@pytest.fixture
def levels(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Levels:
    """A union that has referred its worse rows, and the union above."""
    return levels_in(tmp_path_factory.getbasetemp(), tmp_path / "levels")


@pytest.fixture
def view(levels: Levels, window: MainWindow, qtbot: QtBot) -> Iterator[DeskView]:
    """The union's book; the leading group works."""
    with Book.open(levels.union) as book:
        found = open_desk(window, book, qtbot)
        window.desk.choose_person(LEADER)
        yield found
        window.desk.close_book()


def page_of(view: DeskView, window: MainWindow, qtbot: QtBot) -> DecidePage:
    """The page, read."""
    page = view.go(navigation.DECIDE)
    assert isinstance(page, DecidePage)
    wait_idle(window, qtbot)
    return page


@pytest.fixture
def page(view: DeskView, window: MainWindow, qtbot: QtBot) -> DecidePage:
    """下发决定, read."""
    return page_of(view, window, qtbot)


def standing(page: DecidePage) -> str:
    """What is said of the level above."""
    (line,) = [one for one in page.findChildren(SignLine) if one.isVisible()]
    return line.label.text()


def send(page: DecidePage, window: MainWindow, qtbot: QtBot, out: Path) -> str:
    """Sends up, by folder and passphrase; what the dialog says."""
    click(qtbot, page.up_button)
    words = words_of(active_dialog(window, qtbot))
    sign(window, qtbot, out)
    # Nobody sends the same twice.
    assert not page.up_button.isEnabled()
    wait_idle(window, qtbot)
    return words


def test_what_waits_goes_up_as_the_command_writes_it(
    page: DecidePage, levels: Levels, window: MainWindow, qtbot: QtBot, told: list[Message],
    asked: list[str],
) -> None:  # fmt: skip
    count = len(beyond(page.desk.book))
    assert standing(page) == f"{count}笔超出联社权限，等着报上级。"
    out = levels.folder / "上报"
    assert f"把超出权限的{count}笔" in send(page, window, qtbot, out)
    package = verify_package(next(out.glob("*.wjz")))
    assert package.holds
    assert package.manifest is not None
    assert package.manifest.seal_code in told[-1].text
    wait_for(qtbot, lambda: standing(page) == f"{count}笔已报上级，等上级答复。")
    shown = page.made.toPlainText()
    assert "本期已报上级1次" in shown
    assert package.manifest.seal_code in shown
    assert LEADER in shown
    assert page.job.folder == out
    written = {path.relative_to(out).as_posix() for path in out.rglob("*.*")}
    assert {"LS-2006-12-31.wjz", *PAPERS} <= written
    click(qtbot, button_named(page, "接收上级答复…"))
    assert asked == ["接收上级答复"]


def test_what_went_up_before_goes_along() -> None:
    assert asked_words(Above(2, 0)).endswith("写成签名的上报包。")
    words = asked_words(Above(2, 3))
    assert "超出权限的5笔" in words
    assert "其中3笔以前报过、还没有答复，随这一份再报。上级只答复最近的一份。" in words
    said = waiting_line(Above(2, 3), "")
    assert said.text == "2笔超出联社权限，等着报上级；另有3笔报过、还没有答复。"


def test_cancelled_it_leaves_nothing(
    page: DecidePage, levels: Levels, window: MainWindow, qtbot: QtBot, told: list[Message]
) -> None:
    def cancel_while_counting(job: Job) -> None:
        def stepped(step: Step) -> None:
            if step.total:
                job.cancel()

        job.progress.stepped.connect(stepped)

    window.worker.started.connect(cancel_while_counting)
    out = levels.folder / "上报"
    send(page, window, qtbot, out)
    assert told[-1].text == "已取消：报上级。"
    assert not out.exists()
    assert packages_of(page.desk.book.store, institution="LS", direction="out") == []
    wait_for(qtbot, page.up_button.isEnabled)
    view = window.desk_view
    assert isinstance(view, DeskView)
    assert view.navigation.isEnabled()


def test_a_reviewer_is_told_who_sends_up(
    page: DecidePage, window: MainWindow, qtbot: QtBot
) -> None:
    window.desk.choose_person(REVIEWER)
    wait_idle(window, qtbot)
    assert "报上级由领导小组" in standing(page)
    assert not page.up_button.isEnabled()


def test_where_nothing_goes_up_nothing_is_said_of_it(
    page: DecidePage, levels: Levels, window: MainWindow, qtbot: QtBot
) -> None:
    page.desk.close_book()
    with Book.open(levels.book("SL")) as book:
        view = open_desk(window, book, qtbot)
        empty = page_of(view, window, qtbot)
        assert not [one for one in empty.findChildren(SignLine) if one.isVisible()]
        assert not empty.up_button.isVisible()
        assert not empty.answer_button.isVisible()
        window.desk.close_book()

"""Rows beyond the union's authority go up from the window, and the answer shows there."""

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
from app.ui.union.decide_page import DecidePage
from app.ui.worker import Job, Step
from app.union.packages import packages_of
from tests.ui.hands import click, open_desk, wait_for
from tests.ui.union.acting import accept_key, active_dialog, drop, sign, wait_idle, words_of
from tests.union.county import LEADER, REVIEWER
from tests.union.levels import Levels, beyond, levels_in, signer_of
from tests.union.steps import decided, through


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
    wait_idle(window, qtbot)
    return words


def test_what_waits_goes_up_as_the_command_writes_it(
    page: DecidePage, levels: Levels, window: MainWindow, qtbot: QtBot, told: list[Message]
) -> None:
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
    assert f"其中{count}笔以前报过" in send(page, window, qtbot, levels.folder / "再报")
    made = levels.up(page.desk.book)
    written = {path.relative_to(out).as_posix() for path in out.rglob("*.*")}
    assert written == {path.relative_to(made.package.parent).as_posix() for path in made.files}
    assert made.seal_code == package.manifest.seal_code


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
    assert page.up_button.isEnabled()
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


def test_the_answer_stands_under_what_it_answers(
    levels: Levels, view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    book = view.desk.book
    package, count = levels.up(book).package, len(beyond(book))
    with Book.open(levels.book("SL")) as above:
        assert levels.taken_above(above, package).taken
        through(above, list(above.rows()), levels.folder / "省纪要.txt")
        answer = decided(levels, above, levels.folder / "down")["LS"].path
    drop(window, answer)
    accept_key(window, qtbot, signer_of(answer))
    page = page_of(view, window, qtbot)
    wait_for(qtbot, lambda: standing(page) == "报上级的都有了答复。")
    assert f"上级的决定：认定{count}笔" in page.made.toPlainText()
    assert not page.up_button.isEnabled()
    assert page.waiting[0].determined == count


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

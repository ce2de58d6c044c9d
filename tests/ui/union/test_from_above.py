"""The answer of the level above, dropped on a union's window."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.ui import navigation
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.union.decide_page import DecidePage
from tests.ui.hands import open_desk, wait_for
from tests.ui.union.acting import accept_key, drop, wait_idle
from tests.union.county import LEADER, REVIEWER
from tests.union.levels import Levels, beyond, levels_in, signer_of
from tests.union.steps import decided, through


@pytest.fixture
def levels(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Levels:
    """A union that has referred its worse rows, and the union above."""
    return levels_in(tmp_path_factory.getbasetemp(), tmp_path / "levels")


def answer_of(levels: Levels) -> Path:
    """What the level above decided on the rows that went up."""
    with Book.open(levels.union) as book:
        package = levels.up(book).package
    with Book.open(levels.book("SL")) as above:
        assert levels.taken_above(above, package).taken
        through(above, list(above.rows()), levels.folder / "省纪要.txt")
        return decided(levels, above, levels.folder / "down")["LS"].path


def test_an_answer_from_above_is_recorded_and_a_package_beside_it_taken_in(
    levels: Levels, window: MainWindow, qtbot: QtBot, told: list[Message]
) -> None:
    answer = answer_of(levels)
    with Book.open(levels.union) as book:
        view = open_desk(window, book, qtbot)
        window.desk.choose_person(REVIEWER)
        drop(window, levels.package("QS"), answer)
        accept_key(window, qtbot, signer_of(answer))
        wait_for(qtbot, lambda: any("某省联社" in one.text for one in told))
        mine = beyond(book)
        assert f"上级认定{len(mine)}笔" in told[-1].text
        assert {row.stage for row in mine} == {"determined"}
        assert [one.again for one in view.union.results] == [True]
        assert view.navigation.current_key() == navigation.DECIDE
        wait_idle(window, qtbot)
        page = view.page
        assert isinstance(page, DecidePage)
        # Under the package that it answers, on the page that sent it.
        shown = page.made.toPlainText()
        assert shown.index("本期已报上级1次") < shown.index(f"上级的决定：认定{len(mine)}笔")
        assert page.waiting[0].determined == len(mine)
        assert not page.up_button.isEnabled()
        window.desk.close_book()


def test_an_answer_that_does_not_count_says_why(
    levels: Levels, window: MainWindow, qtbot: QtBot, told: list[Message]
) -> None:
    with Book.open(levels.union) as book:
        through(book, [row for row in book.rows() if row.stage == "submitted"][:1],
                levels.folder / "纪要.txt")  # fmt: skip
        own = decided(levels, book, levels.folder / "own")["QS"].path
        open_desk(window, book, qtbot)
        window.desk.choose_person(LEADER)
        drop(window, own)
        wait_for(qtbot, lambda: any(one.kind == "error" for one in told))
        assert "不是本联社的上级" in told[-1].text
        wait_idle(window, qtbot)
        window.desk.close_book()

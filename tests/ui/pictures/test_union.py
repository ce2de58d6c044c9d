"""The union's pages and dialogs, and what an office hears from it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.types import Institution
from app.forms.classes import FiveClass
from app.package.receiving import receive_answer
from app.ui.main_window import MainWindow
from app.ui.union.queue_page import QueuePage
from app.ui.union.sign_dialog import ask_folder_and_passphrase
from app.union.offices import add_office
from app.union.review import review
from tests.ui.hands import open_desk
from tests.ui.pictures.taking import (
    HOME,
    Taker,
)
from tests.union.county import CLERK, LEADER, REVIEWER, County
from tests.union.county import HEAD as OFFICE_HEAD
from tests.union.steps import (
    checked,
    decided,
    determined,
    entry,
    is_loss,
    of_office,
    reviewed,
)


def union_queue(window: MainWindow, book: Book, qtbot: QtBot, key: str) -> QueuePage:
    """A queue of the union's book, read."""
    page = open_desk(window, book, qtbot).go(key)
    assert isinstance(page, QueuePage)
    with qtbot.waitSignal(page.list.loaded, timeout=30_000):
        page.list.reload()
    return page


def test_union_offices(window: MainWindow, county: County, picture: Taker, qtbot: QtBot) -> None:
    with Book.open(county.union) as book:
        add_office(book, Institution("HS", "黄沙信用社"), by=REVIEWER)
        view = open_desk(window, book, qtbot)
        window.desk.choose_person(REVIEWER)
        qtbot.waitUntil(lambda: view.desk.tally.union.expected == 3, timeout=30_000)
        qtbot.waitUntil(lambda: not window.worker.busy, timeout=30_000)
        picture(window, "union-offices")
        window.desk.close_book()


def test_union_review(window: MainWindow, county: County, picture: Taker, qtbot: QtBot) -> None:
    with Book.open(county.union) as book:
        page = union_queue(window, book, qtbot, "review")
        window.desk.choose_person(REVIEWER)
        row = next(r for r in book.rows("1-6") if r.suggested is FiveClass.SUBSTANDARD)
        page.open_row(row.id)
        page.add_mark("subject", "缺投资协议，请补在资料里")
        page.pane.opinion.reason.show_text("投资依据不足")
        picture(window, "union-review")
        page.close_row()
        page.list.view.choose_place(2)
        page.list.view.selectAll()
        picture(window, "union-bulk")
        page.open_row(row.id)
        page.go_to("subject")
        page.ask_mark()
        asked = page.findChild(QDialog)
        assert asked is not None
        picture(asked, "union-mark-dialog")
        asked.reject()
        window.desk.close_book()


def test_union_determination_and_decisions(
    window: MainWindow, county: County, picture: Taker, qtbot: QtBot,
    tmp_path: Path,
) -> None:  # fmt: skip
    with Book.open(county.union) as book:
        rows = of_office(book, "QS")
        reviewed(book, rows)
        checked(book, rows)
        page = union_queue(window, book, qtbot, "determine")
        window.desk.choose_person(LEADER)
        page.open_row(next(row for row in rows if is_loss(row)).id)
        picture(window, "union-determine")
        page.close_row()
        determined(book, rows, tmp_path / "纪要.txt")
        assert window.desk_view is not None
        window.desk_view.go("decide")  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: not window.worker.busy, timeout=30_000)
        picture(window, "union-decide")
        for key in ("summary", "reports"):
            window.desk_view.go(key)  # type: ignore[attr-defined]
            qtbot.waitUntil(lambda: not window.worker.busy, timeout=30_000)
            picture(window, f"union-{key}")
        asked = ask_folder_and_passphrase(
            window,
            window.desk,
            title="下发决定",
            text="决定写成签名的文件，发给信用社。",
            action="签名并写文件",
            folder=HOME,
            then=lambda *_: None,
        )
        picture(asked, "union-sign-dialog")
        window.desk.close_book()


def test_answers_of_the_union(
    window: MainWindow, county: County, picture: Taker, qtbot: QtBot
) -> None:
    with Book.open(county.union) as book:
        first, other = of_office(book, "QS")[2:4]
        marks = (("name", "与合同上的名称不一样"), ("evidence", "缺对账单"))
        review(book, [entry(first.id, marks=marks, reason="依据不足")], by=REVIEWER)
        asked = (("remarks", "写明来由"),)
        review(book, [entry(other.id, marks=asked, reason="来由不清")], by=REVIEWER)
        decision = decided(county, book, county.folder / "decisions")["QS"].path
    with Book.open(county.book("QS")) as book:
        receive_answer(book, decision, by=OFFICE_HEAD)
        view = open_desk(window, book, qtbot)
        window.desk.choose_person(CLERK)
        view.open_first_question()
        qtbot.waitUntil(lambda: view.desk.tally.questions == 3, timeout=30_000)
        picture(window, "questions-in-form")
        view.go("answers")
        picture(window, "answers")
        window.desk.close_book()

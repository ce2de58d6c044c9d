"""From a figure of the summary to its rows; reports written into a folder."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.summary import consolidated_summary
from app.papers.wording import NO_BIG_LOSS_SET
from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.summary_page import CLASS_COLUMNS, COUNT, SummaryPage
from app.ui.union.figure_page import FigurePage
from app.ui.union.queue_page import QueuePage
from app.ui.union.reports_page import (
    BIG_LOSSES,
    REGISTER,
    REPORTS,
    SUMMARY,
    ReportsPage,
    written,
)
from app.ui.worker import CancelledError, Job, Progress
from tests.ui.hands import (
    button_named,
    click,
    enter,
    focused,
    open_desk,
    type_text,
    wait_for,
)
from tests.ui.union.acting import sign, wait_idle
from tests.union.county import CLERK, PASSPHRASE, ROWS, County

LOSS_COLUMN = next(column for column, code in CLASS_COLUMNS.items() if code == "loss")


@pytest.fixture
def office_view(county: County, window: MainWindow, qtbot: QtBot) -> Iterator[DeskView]:
    """An office's book as it was sealed."""
    with Book.open(county.book("QS")) as book:
        found = open_desk(window, book, qtbot)
        window.desk.choose_person(CLERK)
        yield found
        window.desk.close_book()


def summary_page(view: DeskView) -> SummaryPage:
    """The summary, shown."""
    page = view.go(navigation.SUMMARY)
    assert isinstance(page, SummaryPage)
    return page


def click_figure(page: SummaryPage, qtbot: QtBot, place: int, column: int) -> None:
    """Clicks on a figure of the summary."""
    table = page.table
    index = table.lines.index(place, column)
    table.scrollTo(index)
    qtbot.mouseClick(  # type: ignore[no-untyped-call]
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center()
    )


def total_place(page: SummaryPage) -> int:
    """Where the line stands that all others lead to."""
    key = consolidated_summary(page.desk.book, "initial").total.key
    return next(n for n, row in enumerate(page.table.lines.rows) if row.key == key)


def test_a_click_on_a_figure_shows_its_rows_at_the_union(view: DeskView, qtbot: QtBot) -> None:
    page = summary_page(view)
    place = total_place(page)
    shown = page.table.lines.rows[place].texts[LOSS_COLUMN]
    click_figure(page, qtbot, place, LOSS_COLUMN)
    wait_for(qtbot, lambda: isinstance(view.page, QueuePage))
    queue = view.queue_page
    assert queue is not None
    wait_for(qtbot, lambda: bool(queue.list.view.lines.ids))
    rows = [view.desk.book.row(one) for one in queue.list.view.lines.ids]
    assert {row.values["initial_class"] for row in rows} == {"loss"}
    total = sum((Decimal(row.values["carrying_amount"]) for row in rows), Decimal(0))
    assert f"{total:,.2f}" == shown
    assert "损失" in queue.list.title.text()
    place = queue.list.office.findData("QS")
    with qtbot.waitSignal(queue.list.loaded, timeout=30_000):
        queue.list.office.setCurrentIndex(place)
        queue.list.office.activated.emit(place)
    assert {one.partition("-")[0] for one in queue.list.view.lines.ids} <= {"QS"}
    with qtbot.waitSignal(queue.list.loaded, timeout=30_000):
        click(qtbot, queue.list.all_button)
    assert queue.list.title.text() == "审查"


def test_at_an_office_a_figure_leads_to_a_list_and_to_the_form(
    office_view: DeskView, qtbot: QtBot
) -> None:
    page = summary_page(office_view)
    click_figure(page, qtbot, total_place(page), COUNT)
    wait_for(qtbot, lambda: isinstance(office_view.page, FigurePage))
    figure = office_view.page
    assert isinstance(figure, FigurePage)
    assert len(figure.view.lines.ids) == ROWS
    click(qtbot, button_named(figure, "回到汇总表"))
    assert office_view.page is page
    click_figure(page, qtbot, total_place(page), COUNT)
    wait_for(qtbot, lambda: office_view.page is figure)
    row_id = figure.view.current_id()
    enter(qtbot)
    table = office_view.table_page
    assert table is not None
    assert table.session is not None
    assert table.session.row.id == row_id


def test_a_name_of_a_line_is_no_figure(
    office_view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    page = summary_page(office_view)
    wait_idle(window, qtbot)
    click_figure(page, qtbot, 0, 0)
    assert office_view.page is page
    assert not office_view.desk.worker.busy


def test_reports_are_written_signed_into_a_folder(
    view: DeskView,
    window: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    told: list[Message],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = view.go(navigation.REPORTS)
    assert isinstance(page, ReportsPage)
    page.parts[REPORTS].setChecked(False)
    out = tmp_path / "报告"
    click(qtbot, page.write_button)
    sign(window, qtbot, out)
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert told[-1].kind == "good", told[-1]
    assert {path.name for path in out.iterdir()} == {
        "summary.pdf", "summary.xlsx", "index.html", "register.xlsx", "big-losses.pdf",
    }  # fmt: skip
    for name in ("summary.pdf", "big-losses.pdf"):
        assert b"/ByteRange" in (out / name).read_bytes()
        assert name in page.made.toPlainText()
    listed = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="register.xlsx"' in listed
    assert 'href="big-losses.pdf"' in listed
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    click(qtbot, page.folder_button)
    assert opened == [str(out)]


def test_the_analysis_report_comes_as_pdf_and_as_document(
    view: DeskView, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    page = view.go(navigation.REPORTS)
    assert isinstance(page, ReportsPage)
    for key, box in page.parts.items():
        box.setChecked(key == REPORTS)
    page.write(tmp_path / "out", PASSPHRASE)
    wait_idle(window, qtbot)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"report.pdf", "report.docx", "loss-report.pdf", "loss-report.docx"}


def test_an_office_without_big_losses_is_told_so_in_one_line(
    office_view: DeskView, window: MainWindow, qtbot: QtBot, tmp_path: Path, told: list[Message]
) -> None:
    page = office_view.go(navigation.REPORTS)
    assert isinstance(page, ReportsPage)
    for key, box in page.parts.items():
        box.setChecked(key == BIG_LOSSES)
    page.write(tmp_path / "out", PASSPHRASE)
    wait_idle(window, qtbot)
    assert told[-1].text == NO_BIG_LOSS_SET
    assert page.made.toPlainText() == NO_BIG_LOSS_SET
    assert page.folder_button.isHidden()
    assert not (tmp_path / "out").exists()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "big-losses.pdf").write_bytes(b"earlier")
    page.write(tmp_path / "out", PASSPHRASE)
    wait_idle(window, qtbot)
    assert "big-losses.pdf是以前写的" in told[-1].text


def test_cancelled_reports_leave_the_folder_as_it_was(view: DeskView, tmp_path: Path) -> None:
    out = tmp_path / "报告"
    out.mkdir()
    (out / "summary.pdf").write_bytes(b"earlier")
    said: list[str] = []

    class Stopped(Progress):
        def __call__(self, done: int, total: int, text: str = "") -> None:
            said.append(text)
            if text.startswith("2/2"):
                self.cancel()
            super().__call__(done, total, text)

    with pytest.raises(CancelledError):
        written(view.desk.book, (SUMMARY, REGISTER), out, PASSPHRASE, Stopped())
    assert said[0] == "1/2 非信贷资产五级分类登记簿"
    assert [path.name for path in out.iterdir()] == ["summary.pdf"]
    assert (out / "summary.pdf").read_bytes() == b"earlier"


def test_a_bulk_that_takes_long_can_be_cancelled(
    view: DeskView, window: MainWindow, qtbot: QtBot, told: list[Message],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    page = view.go(navigation.REVIEW)
    assert isinstance(page, QueuePage)
    wait_for(qtbot, lambda: page.list.view.lines.rowCount() == 2 * ROWS)
    page.list.view.selectAll()
    assert page.pane.opinion.bulk == 2 * ROWS
    start = window.worker.start

    def cancelled(title: str, *given: Any, **options: Any) -> Job:
        job = start(title, *given, **options)
        if title.startswith("写入"):
            job.cancel()
        return job

    monkeypatch.setattr(window.worker, "start", cancelled)
    page.pane.opinion.reason.setFocus()
    type_text(qtbot, "同意")
    page.pane.opinion.apply_button.setFocus()
    enter(qtbot)
    wait_for(qtbot, lambda: bool(told) and "已取消" in told[-1].text)
    assert told[-1].way_out == "一笔也没有写入。"
    assert {row.stage for row in view.desk.book.rows()} == {"submitted"}
    assert focused() is page.pane.opinion.apply_button


def test_nothing_ticked_writes_nothing(view: DeskView) -> None:
    page = view.go(navigation.REPORTS)
    assert isinstance(page, ReportsPage)
    for box in page.parts.values():
        box.setChecked(False)
    assert not page.write_button.isEnabled()
    page.parts[SUMMARY].setChecked(True)
    assert page.write_button.isEnabled()

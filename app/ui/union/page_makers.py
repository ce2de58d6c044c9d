"""The union's pages by their keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.ui import navigation

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.desk_view import DeskView


def _offices(view: DeskView) -> QWidget:
    from app.ui.union.offices_page import OfficesPage

    page = OfficesPage(view.desk, view.union)
    page.take_in_asked.connect(view.do_take_in)
    page.review_asked.connect(lambda code: show_office(view, code))
    page.row_asked.connect(view.open_found)
    return page


def _review(view: DeskView) -> QWidget:
    from app.ui.union.queue_page import REVIEWING, QueuePage

    return QueuePage(view.desk, "审查", REVIEWING)


def _determine(view: DeskView) -> QWidget:
    from app.ui.union.queue_page import DETERMINING, QueuePage

    return QueuePage(view.desk, "认定", DETERMINING)


def _decide(view: DeskView) -> QWidget:
    from app.ui.union.decide_page import DecidePage

    page = DecidePage(view.desk, view.union.decisions)
    page.take_in_asked.connect(lambda: view.union.answers.take_in())
    page.exclusive.connect(lambda on: view.navigation.setDisabled(on))
    page.exclusive.connect(lambda on: view.top.setDisabled(on))
    return page


def _answers(view: DeskView) -> QWidget:
    from app.ui.union.answers_page import AnswersPage

    page = AnswersPage(view.desk)
    page.take_in_asked.connect(view.do_take_in)
    page.row_asked.connect(view.open_row)
    return page


def _ledger(view: DeskView) -> QWidget:
    from app.ui.union.ledger_page import LedgerPage

    page = LedgerPage(view.desk)
    page.row_asked.connect(view.open_row)
    return page


def _reports(view: DeskView) -> QWidget:
    from app.ui.union.reports_page import ReportsPage

    return ReportsPage(view.desk)


def _figure(view: DeskView) -> QWidget:
    from app.ui.union.figure_page import FigurePage

    page = FigurePage(view.desk)
    page.row_asked.connect(view.open_found)
    page.back_asked.connect(lambda: view.go(navigation.SUMMARY))
    return page


def show_office(view: DeskView, code: str) -> None:
    """All rows of an office, in the queue."""
    view.go(navigation.REVIEW)
    if view.queue_page is not None:
        view.queue_page.show_office(code)


def show_figure(view: DeskView, ids: list[str], words: str) -> None:
    """Shows the rows behind a figure: at the union in the queue, at an office in a plain list."""
    from app.ui.union.figure_page import FigurePage

    if view.desk.book.is_union:
        view.go(navigation.REVIEW)
        if view.queue_page is not None:
            view.queue_page.show_rows(ids, words)
        return
    page = view.go(navigation.FIGURE)
    if isinstance(page, FigurePage):
        page.show_rows(ids, words)


UNION_MAKERS: dict[str, Callable[[DeskView], QWidget]] = {
    navigation.OFFICES: _offices,
    navigation.REVIEW: _review,
    navigation.DETERMINE: _determine,
    navigation.DECIDE: _decide,
    navigation.ANSWERS: _answers,
    navigation.LEDGER: _ledger,
    navigation.REPORTS: _reports,
    navigation.FIGURE: _figure,
}

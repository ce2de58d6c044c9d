"""Which page stands behind a key of the navigation, and what it may ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from app.ui import navigation
from app.ui.page import Page
from app.ui.union.page_makers import UNION_MAKERS, show_figure

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.desk_view import DeskView


def make_page(view: DeskView, key: str) -> QWidget:
    """A new page; the first one of the book for a key there is not."""
    if key.startswith(navigation.TABLE):
        return _table_page(view, key.removeprefix(navigation.TABLE))
    makers = MAKERS | UNION_MAKERS
    return makers.get(key, makers[navigation.home(view.desk.book.is_union)])(view)


def arrive(view: DeskView, key: str) -> None:
    """Shows a page and puts the keyboard where its work begins."""
    from app.ui.big_loss_page import BigLossPage
    from app.ui.table_page import TablePage

    page = view.go(key)
    if isinstance(page, TablePage):
        page.list.take_keyboard()
    elif isinstance(page, Page | BigLossPage):
        page.focus_first()


def _table_page(view: DeskView, table_id: str) -> QWidget:
    table = view.desk.book.ruleset.table(table_id)
    if table_id == navigation.BIG_LOSS_TABLE:
        from app.ui.big_loss_page import BigLossPage

        sheets = BigLossPage(view.desk, table)
        sheets.row_asked.connect(view.open_row)
        return sheets
    from app.ui.row_menu import show_row_menu
    from app.ui.table_page import TablePage

    page = TablePage(view.desk, table)
    page.list.view.menu_asked.connect(lambda at: show_row_menu(view, page, at))
    page.list.search_gone.connect(view.search.follow)
    page.list.set_many_asked.connect(view.hands.do_set_many)
    page.list.view.remove_many_asked.connect(view.hands.remove_chosen)
    page.import_asked.connect(view.jobs.import_rows)
    page.template_asked.connect(view.jobs.save_template)
    page.paste_asked.connect(view.hands.do_paste_rows)
    return page


def _overview(view: DeskView) -> QWidget:
    from app.ui.overview_page import OverviewPage

    page = OverviewPage(view.desk)
    page.page_asked.connect(view.go)
    page.step_asked.connect(view.do_step)
    page.rows_asked.connect(view.show_rows)
    return page


def _reconciliation(view: DeskView) -> QWidget:
    from app.ui.reconciliation_page import ReconciliationPage

    page = ReconciliationPage(view.desk)
    page.import_asked.connect(view.do_import_balances)
    page.balance_asked.connect(view.jobs.balance)
    page.subjects_asked.connect(view.do_subjects)
    page.table_asked.connect(lambda table: arrive(view, navigation.TABLE + str(table)))
    page.problems_asked.connect(lambda ids: _go_to_problem(view, ids))
    page.row_asked.connect(view.open_row)
    page.rows_asked.connect(view.show_rows)
    return page


def _go_to_problem(view: DeskView, ids: Collection[str]) -> None:
    """The list of problems, at one of these."""
    from app.ui.problems_page import ProblemsPage

    page = view.go(navigation.PROBLEMS)
    if isinstance(page, ProblemsPage):
        page.seek(ids)


def _list_problems(view: DeskView, only: str) -> None:
    """The list of problems, with one of its filters."""
    from app.ui.problems_page import ProblemsPage

    page = view.go(navigation.PROBLEMS)
    if isinstance(page, ProblemsPage):
        page.show_only(only)


def _problems(view: DeskView) -> QWidget:
    from app.ui.problems_page import ProblemsPage

    page = ProblemsPage(view.desk)
    page.finding_asked.connect(view.go_to_finding)
    page.fill_asked.connect(view.hands.fill_these)
    return page


def _summary(view: DeskView) -> QWidget:
    from app.ui.summary_page import SummaryPage

    page = SummaryPage(view.desk)
    page.export_asked.connect(lambda: view.go(navigation.REPORTS))
    page.figure_asked.connect(lambda ids, words: show_figure(view, ids, words))
    return page


def _submit(view: DeskView) -> QWidget:
    from app.ui.submit_page import SubmitPage

    page = SubmitPage(view.desk)
    page.problems_asked.connect(lambda only: _list_problems(view, only))
    page.key_asked.connect(view.do_key)
    page.ledger_asked.connect(lambda: arrive(view, navigation.RECONCILIATION))
    page.people_asked.connect(view.do_people)
    page.person_asked.connect(view.top.show_people)
    page.exclusive.connect(lambda on: view.navigation.setDisabled(on))
    page.exclusive.connect(lambda on: view.top.setDisabled(on))
    return page


def _search(view: DeskView) -> QWidget:
    from app.ui.search_page import SearchPage

    page = SearchPage(view.desk)
    page.row_asked.connect(view.open_found)
    return page


Maker = Callable[["DeskView"], "QWidget"]
MAKERS: dict[str, Maker] = {
    navigation.OVERVIEW: _overview,
    navigation.RECONCILIATION: _reconciliation,
    navigation.PROBLEMS: _problems,
    navigation.SUMMARY: _summary,
    navigation.SUBMIT: _submit,
    navigation.SEARCH: _search,
}

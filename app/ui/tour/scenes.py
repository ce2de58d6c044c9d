"""Where each step of the tour plays: the page made ready, the control found, the deed seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QPushButton, QTableView, QWidget

from app.ui.desk_view import DeskView
from app.ui.help_window import HelpWindow
from app.ui.overview_page import OverviewPage
from app.ui.preview_dialog import PreviewDialog
from app.ui.reconciliation_page import ReconciliationPage
from app.ui.side_pane import EVIDENCE, HELP
from app.ui.submit_page import SubmitPage
from app.ui.tour.steps import Step

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow
    from app.ui.table_page import TablePage

HELP_MENU = "帮助"
FILLING = ("filled",)
"""Deeds for which the keyboard has to be in the step's field."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of a widget."""

    widget: QWidget
    rect: QRect


@dataclass(frozen=True, slots=True)
class Scene:
    """A step in the window as it stands now."""

    window: MainWindow
    view: DeskView
    step: Step
    row_id: str
    """The row that the visitor completes."""
    before: Any = None
    """What the step's field held when the step began."""

    @property
    def table_page(self) -> TablePage | None:
        """The table's page while it is shown."""
        return self.view.table_page

    def value(self) -> Any:
        """What the step's field holds now."""
        page = self.table_page
        session = page.session if page is not None else None
        return session.stored.get(self.step.field) if session is not None else None


# ── making ready


def prepare(scene: Scene) -> None:
    """Goes to the step's page and row; what an earlier step has opened is closed."""
    view, step = scene.view, scene.step
    if view.navigation.current_key() != step.page:
        view.go(step.page)
    page = scene.table_page
    if page is None:
        return
    if step.row:
        page.open_row(scene.row_id, step.field)
        _tidy(page, beside=step.target == "side_tabs")
    else:
        page.list.show_all()
        page.close_form()
        page.list.view.choose(scene.row_id)


def _tidy(page: TablePage, *, beside: bool) -> None:
    if page.form is not None:
        page.form.result.toggle.setChecked(False)
    page.side.setCurrentIndex(HELP)
    shown = page.side.isVisibleTo(page)
    # In a narrow window the pane takes the list's place, for the one step that is about it.
    if beside != shown and (beside or not page.is_wide):
        page.toggle_side()


def settle(scene: Scene) -> None:
    """Brings what is meant into sight, once everything has its place."""
    page = scene.view.page
    if isinstance(page, ReconciliationPage) and page.table.currentIndex().isValid():
        page.table.scrollTo(page.table.currentIndex())


def give_keyboard(scene: Scene) -> None:
    """Puts the keyboard where the step wants something to be pressed."""
    page = scene.table_page
    if scene.step.target == "list_row" and page is not None:
        page.list.view.setFocus()
    elif scene.step.target == "side_tabs" and page is not None:
        page.side.tabBar().setFocus()
    elif scene.step.target == "preview_button" and isinstance(scene.view.page, SubmitPage):
        scene.view.page.preview_button.setFocus()
    elif scene.step.field and page is not None and page.form is not None:
        page.form.go_to(scene.step.field)


@contextmanager
def unvisited(scene: Scene) -> Iterator[None]:
    """The tour moves the keyboard: a field it only passes is not to say that it is empty."""
    page = scene.table_page
    session = page.session if page is not None else None
    before = set(session.visited) if session is not None else set()
    yield
    if session is not None and page is not None and page.session is session:
        session.unvisit(session.visited - before)


def has_strayed(scene: Scene) -> bool:
    """Whether the keyboard is in another field than the one to be filled in."""
    page, focus = scene.table_page, QApplication.focusWidget()
    form = page.form if page is not None and page.session is not None else None
    if form is None or focus is None or scene.step.deed not in FILLING:
        return False
    if QApplication.activePopupWidget() or QApplication.activeModalWidget():
        return False
    own = form.rows[scene.step.field]
    return form.area.isAncestorOf(focus) and not own.isAncestorOf(focus)


# ── the control that is meant


def _whole(widget: QWidget | None) -> Spot | None:
    return Spot(widget, widget.rect()) if widget is not None else None


def _line(view: QTableView, place: int) -> Spot | None:
    if place < 0:
        return None
    top, height = view.rowViewportPosition(place), view.rowHeight(place)
    return Spot(view.viewport(), QRect(0, top, view.viewport().width(), height))


def _next_step(scene: Scene) -> Spot | None:
    """The line of the campaign's present step, with its button."""
    page = scene.view.page
    if not isinstance(page, OverviewPage):
        return None
    for button in page.steps.findChildren(QPushButton):
        if button.property("kind") == "main" and button.isVisible():
            line = QRect(0, button.y(), page.steps.width(), button.height())
            return Spot(page.steps, line)
    return _whole(page.steps)


def _list_row(scene: Scene) -> Spot | None:
    page = scene.table_page
    return _line(page.list.view, page.list.view.rows.place_of(scene.row_id)) if page else None


def _field(scene: Scene) -> Spot | None:
    page = scene.table_page
    form = page.form if page is not None and page.session is not None else None
    return _whole(form.rows[scene.step.field]) if form is not None else None


def _problem(scene: Scene) -> Spot | None:
    """The parts of the form, marked as finished or not; once it is reached the field itself."""
    page = scene.table_page
    form = page.form if page is not None and page.session is not None else None
    if form is None:
        return None
    if _problem_reached(scene):
        return _whole(form.rows[form.focused_key])
    return _whole(form.section_bar)


def _result(scene: Scene) -> Spot | None:
    page = scene.table_page
    return _whole(page.form.result.toggle.parentWidget()) if page and page.form else None


def _side_tabs(scene: Scene) -> Spot | None:
    return _whole(scene.table_page.side.tabBar()) if scene.table_page else None


def _differences(scene: Scene) -> Spot | None:
    page = scene.view.page
    if not isinstance(page, ReconciliationPage):
        return None
    return _line(page.table, page.table.currentIndex().row()) or _whole(page.state)


def _preview_button(scene: Scene) -> Spot | None:
    page = scene.view.page
    return _whole(page.preview_button) if isinstance(page, SubmitPage) else None


def _help_menu(scene: Scene) -> Spot | None:
    bar = scene.window.menu_row.menus
    for action in bar.actions():
        if action.text().startswith(HELP_MENU):
            return Spot(bar, bar.actionGeometry(action))
    return None


TARGETS: dict[str, Callable[[Scene], Spot | None]] = {
    "next_step": _next_step,
    "list_row": _list_row,
    "field": _field,
    "form_problem": _problem,
    "result": _result,
    "side_tabs": _side_tabs,
    "differences": _differences,
    "preview_button": _preview_button,
    "help_menu": _help_menu,
}


def target_rect(scene: Scene) -> QRect:
    """Where the control is in the window, as far as it can be seen; empty while it can't."""
    spot = TARGETS[scene.step.target](scene)
    if spot is None or not spot.widget.isVisible():
        return QRect()
    seen = spot.widget.visibleRegion().boundingRect() & spot.rect
    return QRect(spot.widget.mapTo(scene.window, seen.topLeft()), seen.size())


# ── what has been done


def _row_open(scene: Scene) -> bool:
    page = scene.table_page
    return page is not None and page.session is not None and page.session.row.id == scene.row_id


def _answered(scene: Scene) -> bool:
    value = scene.value()
    if scene.step.value and str(value) != scene.step.value:
        return False
    return value not in (None, "", scene.before)


def _filled(scene: Scene) -> bool:
    """Answered, and the keyboard has gone on to the next field."""
    page = scene.table_page
    if page is None or page.form is None or not _answered(scene):
        return False
    focus = QApplication.focusWidget()
    return focus is None or not page.form.rows[scene.step.field].isAncestorOf(focus)


def _reasons_open(scene: Scene) -> bool:
    page = scene.table_page
    return page is not None and page.form is not None and page.form.result.toggle.isChecked()


def _problem_reached(scene: Scene) -> bool:
    page = scene.table_page
    if page is None or page.form is None or page.session is None or not page.session.checked:
        return False
    problems = {problem.field for problem in page.session.evaluation.problems}
    key = page.form.focused_key
    return key != scene.step.field and key in problems


def _evidence_shown(scene: Scene) -> bool:
    page = scene.table_page
    return page is not None and page.side.currentIndex() == EVIDENCE


def _preview_seen(_scene: Scene) -> bool:
    shown = QApplication.activeModalWidget()
    # Leaving while it is still being made is not seeing it.
    return isinstance(shown, PreviewDialog) and bool(shown.papers)


def _help_open(scene: Scene) -> bool:
    return any(one.isVisible() for one in scene.window.findChildren(HelpWindow))


DEEDS: dict[str, Callable[[Scene], bool]] = {
    "row_open": _row_open,
    "filled": _filled,
    "reasons_open": _reasons_open,
    "problem_reached": _problem_reached,
    "evidence_shown": _evidence_shown,
    "preview_seen": _preview_seen,
    "help_open": _help_open,
}


def is_done(scene: Scene) -> bool:
    """Whether the visitor has done what the step asks for."""
    return bool(scene.step.deed) and DEEDS[scene.step.deed](scene)

"""What stands beside the form: instruction, working paper, evidence, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTabWidget

from app.ui.desk import Desk
from app.ui.help_pane import HelpPane

if TYPE_CHECKING:
    from app.forms.table import Table
    from app.ui.evidence.adding import Given
    from app.ui.evidence_view import EvidenceView
    from app.ui.form_session import FormSession
    from app.ui.history_view import HistoryView
    from app.ui.working_paper_view import WorkingPaperView

HELP, PAPER, EVIDENCE, HISTORY = range(4)


class SidePane(QTabWidget):
    """Four views of the row in the form, one at a time; three of them come with the first row."""

    field_asked = Signal(str)
    paper_shown = Signal(bool)
    """A piece of evidence wants half of the room, or gives it back."""

    paper: WorkingPaperView
    evidence: EvidenceView
    history: HistoryView

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.table: Table | None = None
        self.session: FormSession | None = None
        self._filled = False
        self.setDocumentMode(True)
        self.help = HelpPane(desk.look)
        self.addTab(self.help, "说明")
        self.tabBar().setAccessibleName("说明、底稿、资料、历史")
        self.help.followed.connect(self._follow)

    def _fill(self) -> None:
        """Makes the views that a row needs."""
        from app.ui.evidence_view import EvidenceView
        from app.ui.history_view import HistoryView
        from app.ui.working_paper_view import WorkingPaperView

        self._filled = True
        self.paper = WorkingPaperView(self.desk)
        self.evidence = EvidenceView(self.desk)
        self.history = HistoryView(self.desk)
        self.addTab(self.paper, "底稿")
        self.addTab(self.evidence, "资料")
        self.addTab(self.history, "历史")
        self.history.followed.connect(self._follow)
        self.paper.field_asked.connect(self.field_asked)
        self.evidence.count_changed.connect(self._show_count)
        self.evidence.field_asked.connect(self.field_asked)
        self.evidence.paper_shown.connect(self._paper_shown)

    def event(self, event: QEvent, /) -> bool:
        """Ctrl+V is the evidence's own also while its tab has the focus."""
        asked = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if asked and self._pastes(event):  # type: ignore[arg-type]
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Pastes evidence."""
        if self._pastes(event):
            self.evidence.paste()
        else:
            super().keyPressEvent(event)

    def _pastes(self, event: QKeyEvent) -> bool:
        shown = self._filled and self.currentWidget() is self.evidence
        if shown and event.matches(QKeySequence.StandardKey.Paste):
            event.accept()
            return True
        return False

    def show_table(self, table: Table) -> None:
        """Explains the table while no row is open."""
        self.table = table
        if self.session is None:
            self.help.show_table(table)

    def show_session(self, session: FormSession | None) -> None:
        """Shows another row."""
        self.session = session
        if session is not None:
            self.table = session.table
            if not self._filled:
                self._fill()
        if self._filled:
            for view in (self.paper, self.evidence, self.history):
                view.show_session(session)

    def show_field(self, key: str, pointed: str = "") -> None:
        """The instruction of the field in focus, and where its value stands on the paper."""
        if self._filled:
            self.evidence.beside.show_field(key)
        if self.table is not None and key in self.table.fields:
            self.help.show_field(self.table, self.table.fields[key], pointed)

    def show_how(self, key: str) -> None:
        """How a computed value came about."""
        if self.table is not None and self.session is not None:
            self.help.show_how(self.table, self.table.fields[key], self.session.evaluation)
            self.setCurrentWidget(self.help)

    def evaluation_changed(self) -> None:
        """The evaluation is new: working paper and evidence needs follow."""
        if self._filled:
            self.paper.renew()
            self.evidence.renew_needs()

    def row_saved(self) -> None:
        """A value was saved: the history has grown."""
        if self._filled:
            self.history.renew()

    def evidence_changed(self) -> None:
        """Files came or went, as after undo."""
        if self._filled:
            self.evidence.renew()

    def take_files(self, given: list[Given]) -> None:
        """Files that were dropped on the form are evidence of its row."""
        if self.session is not None:
            self.setCurrentWidget(self.evidence)
            self.evidence.attach_given(given)

    def toggle_paper(self) -> None:
        """The evidence beside the form, or gone again."""
        if self.session is not None:
            self.setCurrentWidget(self.evidence)
            self.evidence.toggle_paper()

    @property
    def paper_is_shown(self) -> bool:
        """Whether a piece of evidence stands beside the form."""
        return self._filled and not self.evidence.beside.isHidden()

    def _paper_shown(self, shown: bool) -> None:
        # Other tabs would stand beside the form as wide as a paper.
        self.tabBar().setVisible(not shown)
        self.paper_shown.emit(shown)

    def _show_count(self, count: int) -> None:
        place = self.indexOf(self.evidence)
        self.setTabText(place, f"资料 {count}" if count else "资料")

    def _follow(self, kind: str, target: str) -> None:
        if kind == "table" and self.table is not None:
            self.help.show_table(self.table)
        elif kind == "field":
            self.field_asked.emit(target)

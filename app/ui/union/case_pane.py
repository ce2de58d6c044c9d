"""What stands beside a row under review: facts, papers, evidence, history, and the opinion."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout

from app.ui.desk import Desk
from app.ui.navigation import BIG_LOSS_TABLE
from app.ui.rich_pane import RichPane
from app.ui.room import FittingArea
from app.ui.side_pane import SidePane
from app.ui.sign_line import soft_label
from app.ui.union.case_session import CaseSession
from app.ui.union.facts import case_html
from app.ui.union.opinion_form import OpinionForm


class CasePane(QFrame):
    """Tabs above, the opinion always in sight below."""

    field_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.setProperty("surface", "paper")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.side = SidePane(desk)
        self.side.field_asked.connect(self.field_asked)
        self.facts = RichPane(self.look, "情况")
        self.facts.followed.connect(self._follow)
        self.side.insertTab(0, self.facts, "情况")
        self.side.setCurrentIndex(0)
        # The opinion takes what it needs, the tabs the rest.
        self.side.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.side.setMinimumHeight(self.look.px(120))
        layout.addWidget(self.side, 1)
        line = QFrame()
        line.setProperty("surface", "line")
        line.setFixedHeight(1)
        layout.addWidget(line)
        self.opinion = OpinionForm(desk)
        self.area = FittingArea(self.opinion)
        layout.addWidget(self.area)
        self.nobody = soft_label()
        px = self.look.px
        self.nobody.setContentsMargins(px(12), px(8), px(12), px(10))
        layout.addWidget(self.nobody)

    def show_session(self, session: CaseSession | None) -> None:
        """Shows another row."""
        self.side.show_session(session)
        words = ""
        if session is not None:
            sheet = self.desk.book.ruleset.tables.get(BIG_LOSS_TABLE)
            words = case_html(session.case, session.table, self.look, sheet)
        self.facts.show_html(words)

    def show_nobody(self, text: str) -> None:
        """Says whose turn it is where the person at work has no say."""
        self.nobody.setText(text)
        self.nobody.setVisible(bool(text))

    def _follow(self, kind: str, target: str) -> None:
        if kind == "field":
            self.field_asked.emit(target)

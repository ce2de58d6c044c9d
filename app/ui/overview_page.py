"""Where the campaign stands and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from app.forms.values import amount_text
from app.ui.buttons import push_button
from app.ui.campaign import CampaignStep, campaign_steps
from app.ui.desk import Desk
from app.ui.icons import sign_pixmap
from app.ui.page import Page
from app.ui.sign_line import soft_label
from app.ui.simple_table import TextColumn, TextRow, TextTable

COLUMNS = (
    TextColumn("认定表", 200, stretches=True),
    TextColumn("笔数", 70, right=True),
    TextColumn("填完", 70, right=True),
    TextColumn("错误", 70, right=True),
    TextColumn("警告", 70, right=True),
    TextColumn("账面金额（元）", 160, right=True),
    TextColumn("预计损失（元）", 160, right=True),
)


class OverviewPage(Page):
    """Steps at the top, tables below."""

    step_asked = Signal(str)
    table_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "总览")
        self.steps = QFrame()
        self.steps.setProperty("surface", "card")
        self._grid = QGridLayout(self.steps)
        px = self.look.px
        self._grid.setContentsMargins(px(16), px(10), px(16), px(10))
        self._grid.setHorizontalSpacing(px(14))
        self._grid.setVerticalSpacing(px(1))
        self._grid.setColumnStretch(2, 1)
        self.body.addWidget(self.steps)
        self.table = TextTable(self.look, "各表进度", COLUMNS)
        self.table.opened.connect(self.table_asked)
        self.body.addWidget(self.table, 1)
        desk.progress_changed.connect(self.renew_if_seen)
        desk.people_changed.connect(self.renew_if_seen)
        self.follow_rows()

    def renew(self) -> None:
        """Reads steps and progress again."""
        book = self.desk.book
        self.title.setText(f"{book.institution.name}　{book.period.base_date}")
        self._show_steps(campaign_steps(book, self.desk.tally))
        self.table.show_rows(self._rows())

    def _show_steps(self, steps: list[CampaignStep]) -> None:
        while self._grid.count():
            widget: QWidget = self._grid.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        now = next((step.key for step in steps if not step.done), "")
        for row, step in enumerate(steps):
            self._add_step(row, step, current=step.key == now)

    def _add_step(self, row: int, step: CampaignStep, *, current: bool) -> None:
        theme = self.look.theme
        sign, colour = ("good", theme.good.ink) if step.done else ("open", theme.soft)
        if current:
            sign, colour = "right", theme.accent
        picture = QLabel()
        picture.setPixmap(sign_pixmap(sign, colour, self.look.px(16)))
        title = QLabel(f"{row + 1} {step.title}")
        title.setFont(self.look.font(bold=current))
        state = soft_label(step.state, wrap=False)
        self._grid.addWidget(picture, row, 0)
        self._grid.addWidget(title, row, 1)
        self._grid.addWidget(state, row, 2)
        if step.action and not step.done:
            button = push_button(step.action)
            button.setProperty("kind", "main" if current else "link")
            button.clicked.connect(lambda _checked=False, key=step.key: self.step_asked.emit(key))
            self._grid.addWidget(button, row, 3, Qt.AlignmentFlag.AlignRight)
        self._grid.setRowMinimumHeight(row, self.look.px(26))

    def _rows(self) -> list[TextRow]:
        tally, ruleset = self.desk.tally, self.desk.book.ruleset
        rows = []
        for table in ruleset.row_tables:
            one = tally.progress.get(table.id)
            if one is None:
                continue
            texts = (
                f"{table.id} {table.short_title}",
                str(one.rows or "—"),
                str(one.finished) if one.rows else "",
                str(one.errors or ""),
                str(one.warnings or ""),
                amount_text(one.carrying_amount) if one.rows else "",
                amount_text(one.expected_loss) if one.rows else "",
            )
            rows.append(TextRow(texts, table.id, tone="" if one.rows else "soft"))
        rows.append(
            TextRow(
                (
                    "合计",
                    str(tally.rows),
                    str(tally.finished),
                    str(tally.errors or ""),
                    str(tally.warnings or ""),
                    amount_text(tally.carrying_amount),
                    amount_text(tally.expected_loss),
                ),
                bold=True,
            )
        )
        return rows

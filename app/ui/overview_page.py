"""Where the campaign stands and what to do next."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.forms.classes import FiveClass
from app.forms.values import amount_text
from app.ui.away_line import AwayLine
from app.ui.bar_chart import Bar, BarChart
from app.ui.buttons import push_button
from app.ui.campaign import CampaignStep, campaign_steps
from app.ui.columns import Columns
from app.ui.desk import Desk
from app.ui.icons import sign_pixmap
from app.ui.navigation import BIG_LOSS_TABLE, RECONCILIATION, TABLE, short_name
from app.ui.page import Page
from app.ui.sign_line import soft_label
from app.ui.simple_table import TextColumn, TextRow, TextTable

if TYPE_CHECKING:
    from app.book.standing import Share, Standing
    from app.book.types import TableProgress

COLUMNS = (
    TextColumn("认定表", 110, stretches=True),
    TextColumn("笔数", 48, right=True),
    TextColumn("填完", 48, right=True),
    TextColumn("错误", 44, right=True),
    TextColumn("警告", 44, right=True),
    TextColumn("账面金额（元）", 126, right=True, spare=2),
    TextColumn("预计损失（元）", 116, right=True, spare=1),
    TextColumn("确认", 48, right=True),
    TextColumn("状态", 66),
)
CHARTS_WIDTH = 372
TABLE_WIDTH = 700
"""What the table needs at least beside the charts."""
UNDECIDED = "（未定）"


class OverviewPage(Page):
    """Steps and tables at the left, charts at the right."""

    step_asked = Signal(str)
    page_asked = Signal(str)
    rows_asked = Signal(str, str, str)
    """Table (empty: all), filter and the words for it: the rows behind a bar."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "总览")
        px = self.look.px
        self.steps = QFrame()
        self.steps.setProperty("surface", "card")
        self._grid = QGridLayout(self.steps)
        self._grid.setContentsMargins(px(16), px(10), px(16), px(10))
        self._grid.setHorizontalSpacing(px(14))
        self._grid.setVerticalSpacing(px(1))
        self._grid.setColumnStretch(2, 1)
        self.table = TextTable(self.look, "各表进度", COLUMNS)
        self.table.opened.connect(self.page_asked)
        left = QVBoxLayout()
        left.setSpacing(px(10))
        left.addWidget(self.steps)
        left.addWidget(self.table, 1)
        self.away = AwayLine(desk)
        self.body.addWidget(self.away)
        self.columns = Columns(
            left, self.table, self._charts(), gap=px(16), beside=px(CHARTS_WIDTH + TABLE_WIDTH)
        )
        self.body.addWidget(self.columns, 1)
        desk.progress_changed.connect(self.renew_if_seen)
        desk.people_changed.connect(self.renew_if_seen)
        self.follow_rows()

    def _charts(self) -> QScrollArea:
        px = self.look.px
        self.amounts = BarChart(self.look, "五级分类：金额（元）")
        self.counts = BarChart(self.look, "五级分类：笔数")
        self.losses = BarChart(self.look, "各表预计损失（元）")
        for chart in (self.amounts, self.counts):
            chart.opened.connect(self._ask_class)
        self.losses.opened.connect(self._ask_losses)
        inner = QFrame()
        inner.setProperty("surface", "paper")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, px(4), 0)
        layout.setSpacing(px(12))
        for chart in (self.amounts, self.counts, self.losses):
            layout.addWidget(chart)
        layout.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFixedWidth(px(CHARTS_WIDTH))
        area.setWidget(inner)
        for chart in (self.amounts, self.counts, self.losses):
            chart.pointed.connect(area.ensureWidgetVisible)
            chart.pointed.connect(lambda bar: self.columns.ensureWidgetVisible(bar))
        return area

    def renew(self) -> None:
        """Reads steps and progress again."""
        book = self.desk.book
        self.title.setText(f"{book.institution.name}　{book.period.base_date}")
        self._show_steps(campaign_steps(book, self.desk.tally))
        self.table.show_rows(self._rows())
        self._show_charts()
        self.columns.arrange()
        self.away.renew()

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
        state = soft_label(step.state)
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
            if one is not None:
                texts = (f"{table.id} {table.short_title}", *self._texts(table.id, one))
                rows.append(TextRow(texts, TABLE + table.id, tone="" if one.rows else "soft"))
        confirmed = sum(self._confirmed(table_id) for table_id in tally.progress)
        total = (
            "合计",
            str(tally.rows),
            str(tally.finished),
            str(sum(one.errors for one in tally.progress.values()) or ""),
            str(sum(one.warnings for one in tally.progress.values()) or ""),
            amount_text(tally.carrying_amount),
            amount_text(tally.expected_loss),
            str(confirmed),
            self._state(tally.rows, tally.finished, confirmed),
        )
        # The total stands in sight on a laptop; what belongs to no asset comes after it.
        return [*rows, TextRow(total, bold=True), *self._other_rows()]

    def _other_rows(self) -> list[TextRow]:
        """Errors and warnings that stand at no asset."""
        tally, others = self.desk.tally, []
        if tally.sheets:
            done = tally.sheets - tally.unfinished_sheets
            figures = (f"{tally.sheets}张", str(done), str(tally.sheet_errors or ""))
            others.append(TextRow(("附表2 大额损失", *figures, *[""] * 5), TABLE + BIG_LOSS_TABLE))
        if tally.differences:
            texts = ("账务核对", "", "", "", str(tally.differences), *[""] * 4)
            others.append(TextRow(texts, RECONCILIATION))
        return others

    def _texts(self, table_id: str, one: TableProgress) -> tuple[str, ...]:
        if not one.rows:
            return ("—", "", "", "", "", "", "", "未登记")
        confirmed = self._confirmed(table_id)
        return (
            str(one.rows),
            str(one.finished),
            str(one.errors or ""),
            str(one.warnings or ""),
            amount_text(one.carrying_amount),
            amount_text(self.desk.tally.loss(table_id)),
            str(confirmed),
            self._state(one.rows, one.finished, confirmed),
        )

    def _confirmed(self, table_id: str) -> int:
        now = self.desk.tally.now
        return now.tables[table_id].confirmed if now and table_id in now.tables else 0

    def _state(self, rows: int, finished: int, confirmed: int) -> str:
        if self.desk.book.period.state != "open":
            return "已认定" if self.desk.book.period.state == "closed" else "已封印"
        if not rows:
            return "未登记"
        if finished < rows:
            return "填报中"
        return "已确认" if confirmed >= rows else "待确认"

    # ── charts

    def _show_charts(self) -> None:
        now, last = self.desk.tally.now, self.desk.tally.last
        if now is None:
            return
        note = f"虚线是上期（{last.base_date}）。" if last is not None else ""
        shares = [(c, now.share(c), last.share(c) if last else None) for c in (*FiveClass, None)]
        shown = [one for one in shares if one[0] is not None or one[1].count]
        self.amounts.show_bars([self._bar(*one, by_amount=True) for one in shown], note)
        self.counts.show_bars([self._bar(*one, by_amount=False) for one in shown])
        decided = (
            "联社另定的损失按联社的算，各表进度也是。" if self.desk.tally.decided_otherwise else ""
        )
        self.losses.show_bars(self._loss_bars(now, last), decided)
        self.losses.setVisible(bool(self.losses.bars))

    def _bar(
        self, five_class: FiveClass | None, now: Share, last: Share | None, *, by_amount: bool
    ) -> Bar:
        theme = self.look.theme
        label = f"{five_class.sign} {five_class.label}" if five_class else UNDECIDED
        return Bar(
            key=five_class.value if five_class else "",
            label=label,
            figure=amount_text(now.amount) if by_amount else f"{now.count}笔",
            length=float(now.amount) if by_amount else now.count,
            last=None if last is None else float(last.amount if by_amount else last.count),
            last_figure=_last_figure(last, by_amount=by_amount),
            tint=self.look.class_tint(five_class) if five_class else theme.info,
        )

    def _loss_bars(self, now: Standing, last: Standing | None) -> list[Bar]:
        bars = []
        for table in self.desk.book.ruleset.row_tables:
            loss = now.loss(table.id)
            then = last.loss(table.id) if last is not None else None
            if loss or then:
                name = f"{table.id} {short_name(table.short_title)}"
                bars.append(_loss_bar(table.id, name, loss, then))
        return bars

    def _ask_class(self, key: str) -> None:
        from app.book.lists import COUNTS_AS

        label = next((f"{c.sign} {c.label}" for c in FiveClass if c.value == key), UNDECIDED)
        self.rows_asked.emit("", f"{COUNTS_AS}{key}", f"{label}的资产")

    def _ask_losses(self, table_id: str) -> None:
        self.rows_asked.emit(table_id, "with_loss", "有预计损失")


def _last_figure(last: Share | None, *, by_amount: bool) -> str:
    if last is None:
        return ""
    return amount_text(last.amount) if by_amount else f"{last.count}笔"


def _loss_bar(table_id: str, name: str, loss: Decimal, then: Decimal | None) -> Bar:
    return Bar(
        key=table_id,
        label=name,
        figure=amount_text(loss),
        length=float(loss),
        last=None if then is None else float(then),
        last_figure="" if then is None else amount_text(then),
    )

"""各社上报: who has reported, how far each office is, what came last."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.forms.values import amount_text
from app.ui.ask import add_buttons, ask_text, make_dialog
from app.ui.buttons import push_button, resting_place
from app.ui.desk import Desk
from app.ui.fields.base import Line
from app.ui.fields.leading import lead_through
from app.ui.page import Page
from app.ui.rich_pane import UNDER_LIST, RichPane
from app.ui.room import form_layout
from app.ui.sign_line import SignLine, soft_label
from app.ui.simple_table import TextColumn, TextRow, TextTable
from app.ui.union.jobs import UnionJobs
from app.ui.union.words import office_html

if TYPE_CHECKING:
    from app.union.intake import Collected
    from app.union.offices import OfficeState

COLUMNS = (
    TextColumn("机构", 160, stretches=True),
    TextColumn("状态", 76),
    TextColumn("笔数", 60, right=True, spare=3),
    TextColumn("账面金额（元）", 140, right=True, spare=5),
    TextColumn("预计损失（元）", 126, right=True, spare=4),
    TextColumn("待审", 54, right=True),
    TextColumn("退回", 54, right=True),
    TextColumn("认定", 54, right=True),
    TextColumn("接收", 96, spare=2),
    TextColumn("密钥短码", 176, spare=1),
)
"""What goes where there is little room is said below of the chosen office."""
TO_REVIEW = ("submitted", "under_review")
ALL, UNREPORTED = "", "unreported"
NOT_TAKEN = "没有接收"
WAITS = "等核对密钥。没有核对就关掉了的，请再接收一次这个文件。"


class OfficesPage(Page):
    """The register of offices."""

    take_in_asked = Signal()
    review_asked = Signal(str)
    """The code of an office whose rows are to be seen."""
    row_asked = Signal(str)

    def __init__(self, desk: Desk, jobs: UnionJobs) -> None:
        super().__init__(desk, "各社上报", "把上报包（.wjz 文件）拖进窗口，或点“接收上报包”。")
        self.jobs = jobs
        self.states: list[OfficeState] = []
        self._build_actions()
        self.count = soft_label()
        self.body.addWidget(self.count)
        self.results = _Results(desk, jobs)
        self.results.closed.connect(self.focus_if_resting)
        self.body.addWidget(self.results)
        self.table = TextTable(self.look, "各社上报", COLUMNS)
        self.table.opened.connect(self.review_asked)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_office())
        self.details = RichPane(self.look, "上报包", margin=UNDER_LIST)
        self.details.followed.connect(lambda _kind, row_id: self.row_asked.emit(row_id))
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setHandleWidth(1)
        halves.addWidget(self.table)
        halves.addWidget(self.details)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 1)
        self.body.addWidget(halves, 1)
        jobs.collected.connect(self._collected)
        desk.progress_changed.connect(self.renew_if_seen)

    def _build_actions(self) -> None:
        self.filter = QComboBox()
        self.filter.setAccessibleName("看哪些机构")
        self.filter.currentIndexChanged.connect(lambda _index: self._show())
        self.button_row.addWidget(self.filter)
        self.add_action("登记机构…", "登记要上报的机构", self.ask_office)
        self.excuse_button = self.add_action(
            "不要求上报…", "撤并的机构不再要求上报", self.ask_excuse
        )
        self.receipts_button = self.add_action(
            "写回执…",
            "为还没有回执的上报包，或选中的机构，写签名的回执",
            lambda: self.jobs.ask_receipts(self.current),
        )
        self.add_action("接收文件夹…", "接收一个文件夹里的全部上报包", self.jobs.take_in_folder)
        self.add_action(
            "接收上报包…", "选一个或几个上报包（Ctrl+R）", self.take_in_asked.emit, main=True
        )

    # ── what is shown

    def renew(self) -> None:
        """Reads the register again, in the worker: it sums up all rows of the county."""
        from app.union.offices import office_states

        book = self.desk.book
        self.desk.worker.start(
            "读各社情况", lambda _progress: office_states(book), self._read, quiet=True
        )

    def _read(self, states: list[OfficeState]) -> None:
        from app.union.offices import STATES

        self.states = states
        chosen = self.filter.currentData() or ALL
        counts = Counter(one.state for one in self.states)
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.addItem(f"全部 {len(self.states)}", ALL)
        lacking = sum(one.lacking for one in self.states)
        self.filter.addItem(f"应报未报 {lacking}", UNREPORTED)
        for state, word in STATES.items():
            self.filter.addItem(f"{word} {counts[state]}", state)
        self.filter.setCurrentIndex(max(0, self.filter.findData(chosen)))
        self.filter.blockSignals(False)
        self._show()

    def _shown(self) -> list[OfficeState]:
        wanted = self.filter.currentData() or ALL
        if wanted == ALL:
            return self.states
        if wanted == UNREPORTED:
            return [one for one in self.states if one.lacking]
        return [one for one in self.states if one.state == wanted]

    def _show(self) -> None:
        shown = self._shown()
        rows = [self._row(one) for one in shown]
        if len(shown) > 1:
            rows.append(self._total(shown))
        self.table.show_rows(rows)
        expected = sum(one.expected for one in self.states)
        missing = sum(one.lacking for one in self.states)
        if not self.states:
            words = "还没有登记机构，也没有接收过上报。接收第一个上报包时，机构自动登记。"
        else:
            words = f"应报{expected}家，已报{expected - missing}家"
            words += f"，未报{missing}家。" if missing else "，全部报齐。"
            words += "回车审查选中的机构。"
            period = self.desk.tally.union.period
            words += f"\n{period.words}" if period is not None and period.words else ""
        self.count.setText(words)
        if rows and self.table.currentIndex().row() < 0:
            self.table.selectRow(0)
        self._show_office()

    def _row(self, one: OfficeState) -> TextRow:
        from app.union.offices import STATES

        stages, package = one.stages, one.package
        word = STATES[one.state] if one.expected or package else "不要求"
        texts = (
            f"{one.code} {one.name}",
            word,
            str(one.rows or ""),
            amount_text(one.carrying_amount) if one.rows else "",
            amount_text(one.expected_loss) if one.rows else "",
            _count(sum(stages.get(stage, 0) for stage in TO_REVIEW)),
            _count(stages.get("returned", 0)),
            _count(stages.get("determined", 0)),
            f"{package.at.astimezone():%m-%d %H:%M}" if package else "",
            one.key_code,
        )
        sign = "warning" if one.state == "missing" and one.expected else ""
        sign = "good" if one.state == "determined" else sign
        return TextRow(texts, one.code, sign=sign, tone="" if one.expected else "soft")

    def _total(self, shown: list[OfficeState]) -> TextRow:
        stages: Counter[str] = Counter()
        for one in shown:
            stages.update(one.stages)
        amounts = (
            amount_text(sum((one.carrying_amount for one in shown), Decimal(0))),
            amount_text(sum((one.expected_loss for one in shown), Decimal(0))),
        )
        counts = (
            _count(sum(stages[stage] for stage in TO_REVIEW)),
            _count(stages["returned"]),
            _count(stages["determined"]),
        )
        rows = str(sum(one.rows for one in shown))
        return TextRow(("合计", "", rows, *amounts, *counts, "", ""), bold=True)

    @property
    def current(self) -> OfficeState | None:
        """The office that is chosen."""
        key = self.table.current_key
        return next((one for one in self.states if one.code == key), None)

    def _show_office(self) -> None:
        one = self.current
        self.excuse_button.setEnabled(one is not None and one.expected)
        self.receipts_button.setEnabled(any(state.package for state in self.states))
        self.details.show_html(office_html(one, self.look) if one else "")
        self.focus_if_resting()

    def focus_first(self) -> None:
        """The register: Enter goes on to an office's rows."""
        self.table.setFocus()

    def _collected(self) -> None:
        self.results.show_results()
        self.focus_if_resting()
        self.renew_if_seen()

    # ── the register

    def ask_office(self) -> None:
        """Asks for code and name of an office that has to report."""
        if not self.desk.need_person():
            return
        text = "没有登记的机构，接收它的第一个上报包时自动登记。先登记的好处是看得出谁还没有报。"
        dialog = make_dialog(self, self.look, "登记机构", text)
        code, name = Line(), Line()
        code.setAccessibleName("机构代码")
        name.setAccessibleName("机构名称")
        form = form_layout(self.look)
        form.addRow("机构代码", code)
        form.addRow("机构名称", name)
        layout = dialog.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addLayout(form)

        def accept() -> None:
            if self.add_office(code.text(), name.text()):
                dialog.accept()

        add_buttons(dialog, "登记", accept)
        lead_through((code, name), accept)
        dialog.open()
        code.setFocus()

    def add_office(self, code: str, name: str) -> bool:
        """Enters an office that has to report."""
        from app.book.types import Institution
        from app.union.offices import add_office

        with self.desk.messages.guarded() as guard:
            office = Institution(code.strip(), name.strip())
            add_office(self.desk.book, office, by=self.desk.by)
        if guard.ok:
            self.desk.rows_were_changed()
            self.renew()
        return guard.ok

    def ask_excuse(self) -> None:
        """Asks why an office no longer has to report."""
        one = self.current
        if one is None or not self.desk.need_person():
            return
        ask_text(
            self,
            self.look,
            title="不要求上报",
            text=f"{one.name}以后不再列入应报。已经收到的都留着。",
            label="理由",
            action="不再要求",
            then=lambda why: self.excuse(one.code, why),
        )

    def excuse(self, code: str, why: str) -> None:
        """An office no longer has to report."""
        from app.union.offices import excuse_office

        with self.desk.messages.guarded() as guard:
            excuse_office(self.desk.book, code, by=self.desk.by, why=why)
        if guard.ok:
            self.desk.rows_were_changed()
            self.renew()


def _count(count: int) -> str:
    return str(count) if count else ""


class _Results(QFrame):
    """What became of the packages that came last, until it is closed."""

    closed = Signal()

    def __init__(self, desk: Desk, jobs: UnionJobs) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.jobs = jobs
        px = self.look.px
        self.setProperty("surface", "card")
        outer = QHBoxLayout(self)
        outer.setContentsMargins(px(12), px(8), px(8), px(8))
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(self.area, 1)
        buttons = QVBoxLayout()
        self.receipts_button = push_button("写回执…", "为刚接收的上报包写签名的回执")
        self.receipts_button.clicked.connect(lambda: jobs.ask_receipts())
        close = push_button("收起")
        close.clicked.connect(self._close)
        buttons.addWidget(self.receipts_button)
        buttons.addWidget(close)
        buttons.addStretch(1)
        outer.addLayout(buttons)
        self.show_results()

    def show_results(self) -> None:
        """Shows each package with what became of it."""
        sheet = QFrame()
        sheet.setProperty("surface", "paper")
        lines = QVBoxLayout(sheet)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(self.look.px(4))
        for one in self.jobs.results:
            lines.addWidget(self._line(one))
        lines.addStretch(1)
        self.area.setWidget(sheet)
        count = len(self.jobs.results)
        self.area.setFixedHeight(self.look.px(min(132, 12 + 34 * max(2, count))))
        given = self.jobs.receipts
        lacking = any(one.taken and one.package_id not in given for one in self.jobs.results)
        self.receipts_button.setEnabled(lacking)
        self.setVisible(bool(count))

    def _close(self) -> None:
        resting_place(self).setFocus()
        self.hide()
        self.closed.emit()

    def _line(self, one: Collected) -> QWidget:
        office = f"{one.institution.code} {one.institution.name}" if one.institution else ""
        if not one.taken:
            said = one.reason if NOT_TAKEN in one.reason else f"{NOT_TAKEN}。{one.reason}"
            text = f"{one.path.name}：{WAITS if one.unknown_key else said}"
            return SignLine(self.look, "warning" if one.unknown_key else "error", text)
        words = f"{office}{self._other_period(one)}：{_taken_words(one)}{self._receipt_words(one)}"
        return SignLine(self.look, "warning" if one.differences else "good", words)

    def _other_period(self, one: Collected) -> str:
        """The base date, where it is not the one that the page shows."""
        period = self.jobs.periods.get(one.path)
        if period is None or period.id == self.desk.book.period.id:
            return ""
        return f"（{period.base_date}）"

    def _receipt_words(self, one: Collected) -> str:
        receipt = self.jobs.receipts.get(one.package_id)
        return f"回执：{receipt.name}" if receipt else ""


def _taken_words(one: Collected) -> str:
    totals, counts = one.totals, one.counts
    words = "以前已接收，" if one.again else ""
    words += f"{totals.rows}笔，账面{amount_text(totals.carrying_amount)}元。"
    if one.superseded:
        words += (
            f"取代上一次上报：改动{counts['changed']}，新增{counts['new']}，"
            f"减少{counts['gone']}，没有变{counts['unchanged']}。"
        )
    if one.differences:
        words += f"{one.differences}笔重新计算不同，见下面。"
    return words

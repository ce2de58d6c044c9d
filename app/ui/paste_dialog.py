"""A block from a spreadsheet: which column is what, what would change, then in one change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.forms.table import Table
from app.forms.values import amount_text
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.history_view import shown_value
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.room import open_at
from app.ui.sign_line import soft_label
from app.ui.simple_table import TextColumn, TextRow, TextTable
from app.ui.work_bar import WorkBar
from app.ui.worker import Progress, Worker

if TYPE_CHECKING:
    from app.intake.columns import ColumnMatch
    from app.intake.pasting import PastePlan

NOT_FILLED = "（不填入）"
EXAMPLES = 3
MOST_LINES = 500
PREVIEW = (
    TextColumn("位置", 80),
    TextColumn("哪一笔", 140),
    TextColumn("项目", 100),
    TextColumn("原来", 120),
    TextColumn("改为", 120, stretches=True),
)


class PasteDialog(QDialog):
    """粘贴到表中."""

    pasted = Signal()

    def __init__(self, desk: Desk, parent: QWidget, table: Table) -> None:
        super().__init__(parent)
        self.desk, self.look, self.table = desk, desk.look, table
        self.sheet: Any = None
        self.plan: PastePlan | None = None
        self.columns: dict[str, str | None] = {}
        """What somebody has said of columns, by their address."""
        self._filling = False
        self.setWindowTitle(f"粘贴到附表{table.id} {table.short_title}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        px = self.look.px
        open_at(self, desk.look, 860, 600)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(8))
        self.messages = Messages()
        self.worker = Worker(self.messages)
        layout.addWidget(MessageBar(self.look, self.messages))
        layout.addWidget(WorkBar(self.look, self.worker))
        self.with_head = QCheckBox("第一行是栏名")
        self.with_head.clicked.connect(lambda _on: self._head_changed())
        layout.addWidget(self.with_head)
        self.mapping = QTableWidget(0, 3)
        self.mapping.setHorizontalHeaderLabels(["粘贴的栏", "前几格", "填入"])
        self.mapping.setAccessibleName("每一栏填入哪一项")
        self.mapping.verticalHeader().setVisible(False)
        self.mapping.setTabKeyNavigation(False)
        self.mapping.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        for column, width in enumerate((150, 330, 220)):
            self.mapping.setColumnWidth(column, px(width))
        self.mapping.verticalHeader().setDefaultSectionSize(px(30))
        # What is chosen stays in sight, however little room the first cells get.
        head = self.mapping.horizontalHeader()
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.mapping, 2)
        self.facts = soft_label()
        layout.addWidget(self.facts)
        self.preview = TextTable(self.look, "会有哪些改动", PREVIEW)
        layout.addWidget(self.preview, 3)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        self.action = push_button("粘贴", main=True)
        self.action.clicked.connect(self.take_in)
        cancel = push_button("取消")
        cancel.clicked.connect(self.reject)
        row.addWidget(self.action)
        row.addWidget(cancel)
        return row

    # ── reading

    def read(self, text: str) -> bool:
        """Reads what is on the clipboard; False (and told on the desk) when it is no table."""
        from app.intake.pasting import read_block

        with self.desk.messages.guarded() as guard:
            self.sheet = read_block(text)
        if guard.ok:
            self._plan_again(None)
        return guard.ok

    def _plan_again(self, has_head: bool | None) -> None:
        book, sheet, table_id = self.desk.book, self.sheet, self.table.id
        columns = dict(self.columns)

        def work(progress: Progress) -> PastePlan:
            from app.intake.pasting import paste_plan

            return paste_plan(
                book, sheet, table_id, columns=columns, has_head=has_head, progress=progress
            )

        self.action.setEnabled(False)
        self.worker.start("看看会改动什么", work, self._have_plan, quiet=True)

    def _head_changed(self) -> None:
        self.columns.clear()
        self._plan_again(self.with_head.isChecked())

    def _map(self, address: str, field: str | None) -> None:
        if self._filling:
            return
        if field is not None:
            for other, taken in self.columns.items():
                if taken == field:
                    self.columns[other] = None
        self.columns[address] = field
        self._plan_again(self.with_head.isChecked())

    # ── showing

    def _have_plan(self, plan: PastePlan) -> None:
        self.plan = plan
        self._filling = True
        self.with_head.setChecked(plan.has_head)
        self._show_mapping(plan)
        self._filling = False
        self._show_changes(plan)

    def _show_mapping(self, plan: PastePlan) -> None:
        matches = plan.listing.mapping
        if self.mapping.rowCount() == len(matches):
            for row, match in enumerate(matches):
                self._show_match(row, match)
            return
        self.mapping.setRowCount(len(matches))
        for row, match in enumerate(matches):
            box = QComboBox()
            box.addItem(NOT_FILLED, None)
            for field in self.table.fields.values():
                if field.part == "row" and not field.computed and field.key != "id":
                    box.addItem(field.label, field.key)
            box.activated.connect(
                lambda _i, one=box, at=match.address: self._map(at, one.currentData())
            )
            self.mapping.setCellWidget(row, 2, box)
            self._show_match(row, match)

    def _show_match(self, row: int, match: ColumnMatch) -> None:
        self.mapping.setItem(row, 0, QTableWidgetItem(match.printed))
        self.mapping.setItem(row, 1, QTableWidgetItem(self._examples(match.column)))
        box = self.field_box(row)
        box.setAccessibleName(f"{match.printed}填入")
        box.setCurrentIndex(max(0, box.findData(match.field)))

    def field_box(self, row: int) -> QComboBox:
        """The choice of the field that a column fills."""
        box = self.mapping.cellWidget(row, 2)
        if not isinstance(box, QComboBox):
            raise TypeError("a line of the mapping has no choice")
        return box

    def _examples(self, column: int) -> str:
        first = int(self.plan.has_head) if self.plan is not None else 0
        cells = [str(self.sheet.cell(first + n, column)) for n in range(EXAMPLES)]
        return "　".join(cell for cell in cells if cell)

    def _show_changes(self, plan: PastePlan) -> None:
        lines = [
            TextRow((fault.address, "读不出来", "", fault.found, f"应为{fault.expected}"),
                    sign="error", tip=str(fault))
            for fault in plan.listing.faults
        ]  # fmt: skip
        labels = {key: field.label for key, field in self.table.fields.items()}
        for cell in plan.cells:
            old, new = (shown_value(self.table, cell.field, v) for v in (cell.old, cell.new))
            name = f"第{cell.seq}笔 {cell.asset_no}"
            lines.append(TextRow((cell.address, name, labels[cell.field], old, new)))
        for row in plan.new:
            name = str(row.values.get("name") or row.values.get("asset_no") or "（未填名称）")
            amount = row.values.get("carrying_amount")
            lines.append(TextRow((row.address, name, "新增一笔", "", _amount(amount)), sign="plus"))
        lines += [
            TextRow((n.address, "请注意", "", "", str(n)), sign="warning") for n in plan.notes
        ]
        rest = len(lines) - MOST_LINES
        if rest > 0:
            lines[MOST_LINES:] = [TextRow(("", f"另有{rest}行没有列出", "", "", ""), tone="soft")]
        self.preview.show_rows(lines)
        self._show_facts(plan)

    def _show_facts(self, plan: PastePlan) -> None:
        faults = len(plan.listing.faults)
        self.action.setEnabled(plan.ready)
        if not plan.mapped:
            self.action.setText("粘贴")
            self.facts.setText("认不出栏名。请在上面选每一栏填入哪一项；有“资产编号”的改原来那笔。")
            return
        parts = [
            f"新增{len(plan.new)}笔" if plan.new else "",
            f"修改{len(plan.changed)}笔的{len(plan.cells)}格" if plan.changed else "",
            f"{plan.same}笔没有变化" if plan.same else "",
        ]
        told = "，".join(part for part in parts if part) or "没有要改的"
        self.action.setText("粘贴" if faults else told.split("，")[0])
        if faults:
            told = f"有{faults}处读不出来，改正后再粘贴，或把那一栏改成“不填入”"
        self.facts.setText(f"{told}。")

    # ── taking in

    def take_in(self) -> None:
        """Writes it, as one change that can be undone."""
        plan = self.plan
        if plan is None or not plan.ready:
            return
        book, by = self.desk.book, self.desk.by

        def work(progress: Progress) -> tuple[list[str], int]:
            from app.intake.pasting import paste

            return paste(book, plan, by=by, progress=progress)

        self.action.setEnabled(False)
        job = self.worker.start("粘贴", work, self._taken_in)
        job.ended.connect(lambda: self.action.setEnabled(True))

    def _taken_in(self, found: tuple[list[str], int]) -> None:
        added, changed = len(found[0]), found[1]
        told = "，".join(
            part
            for count, part in ((added, f"新增{added}笔"), (changed, f"修改{changed}笔"))
            if count
        )
        self.desk.messages.tell(f"已粘贴：{told}。", "要改回去，按 Ctrl+Z。", kind="good")
        self.accept()
        self.pasted.emit()

    def done(self, code: int, /) -> None:
        """Stops what is still being read."""
        self.worker.close()
        super().done(code)


def _amount(amount: Any) -> str:
    from decimal import Decimal

    return f"账面金额 {amount_text(Decimal(amount))}" if _is_amount(amount) else ""


def _is_amount(amount: Any) -> bool:
    return isinstance(amount, str) and amount.replace(".", "", 1).lstrip("-").isdigit()

"""Which of many rows a fill leaves as they are: what is filled, not needed, or seldom fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.ui.look import Look

if TYPE_CHECKING:
    from app.book.filling import SetPlan

ONLY_EMPTY = "只填空着的，别的不动"
ONLY_NEEDED = "只填必须填的{}笔，可以空着的不动"
ONLY_USUAL = "先不填请再看一看的{}笔（{}）"


class SparingTicks(QWidget):
    """Ticked beforehand: a key too many is not to write where nobody has looked."""

    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.left_empty = self.looked_at_again = 0
        """How many rows the last plan left empty as they may be, or for a second look."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(look.px(4))
        self.only_empty, self.only_needed, self.only_usual = self.boxes = (
            QCheckBox(ONLY_EMPTY),
            QCheckBox(),
            QCheckBox(),
        )
        for box in self.boxes:
            box.setChecked(True)
            box.setVisible(False)
            box.toggled.connect(lambda _on: self.changed.emit())
            layout.addWidget(box)

    def start_again(self) -> None:
        """Another field is asked: all rows are spared again that may be."""
        for box in (self.only_needed, self.only_usual):
            box.blockSignals(True)
            box.setChecked(True)
            box.blockSignals(False)

    def spared(self, plan: SetPlan) -> SetPlan:
        """The plan without what is left as it is; shows the ticks that it gives reason for.

        An opinion that somebody has given always stays unless it is meant.
        """
        own = bool(plan.classes or plan.amounts)
        mixed = bool((plan.filled or own) and plan.replaced)
        may_wait = bool(plan.needed) and len(plan.needed) < len(plan.filled)
        unusual = plan.unusual or {}
        self.only_needed.setText(ONLY_NEEDED.format(len(plan.needed)))
        if unusual:
            example = next(iter(unusual.values())).rstrip("。")
            self.only_usual.setText(ONLY_USUAL.format(len(unusual), example))
        for box, may in zip(self.boxes, (mixed, may_wait, bool(unusual)), strict=True):
            box.setVisible(may)
        if mixed and self.only_empty.isChecked():
            plan = plan.sparing()
        whole = len(plan.row_ids)
        if may_wait and self.only_needed.isChecked():
            plan = plan.needed_alone
        self.left_empty, whole = whole - len(plan.row_ids), len(plan.row_ids)
        if unusual and self.only_usual.isChecked():
            plan = plan.usual_alone
        self.looked_at_again = whole - len(plan.row_ids)
        return plan

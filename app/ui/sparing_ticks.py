"""Which of many rows a fill leaves as they are: what is filled, not needed, or seldom fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.ui.look import Look
from app.ui.sign_line import soft_label

if TYPE_CHECKING:
    from app.book.filling import SetPlan

ONLY_EMPTY = "只填空着的，别的不动"
ONLY_NEEDED = "只填必须填的{}笔，可以空着的不动"
ONLY_USUAL = "先不填请再看一看的{}笔"


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
        # A tick's words do not wrap: what makes one long stands below it.
        self.example = soft_label()
        self.example.setVisible(False)
        layout.addWidget(self.example)

    def start_again(self) -> None:
        """Another field is asked: all rows are spared again that may be, once there is a plan."""
        self.hide_all()
        for box in self.boxes:
            box.blockSignals(True)
            box.setChecked(True)
            box.blockSignals(False)

    def hide_all(self) -> None:
        """While nothing is asked there is nothing to spare."""
        for part in (*self.boxes, self.example):
            part.setVisible(False)

    def spared(self, plan: SetPlan) -> SetPlan:
        """The plan without what is left as it is; shows the ticks that it gives reason for.

        An opinion that somebody has given always stays unless it is meant.
        """
        own = bool(plan.classes or plan.amounts)
        if self._offered(self.only_empty, bool((plan.filled or own) and plan.replaced)):
            plan = plan.sparing()
        whole = len(plan.row_ids)
        self.only_needed.setText(ONLY_NEEDED.format(len(plan.needed)))
        if self._offered(self.only_needed, 0 < len(plan.needed) < len(plan.filled)):
            plan = plan.needed_alone
        self.left_empty, whole = whole - len(plan.row_ids), len(plan.row_ids)
        unusual = [plan.unusual[one] for one in plan.row_ids if one in plan.unusual]
        self.only_usual.setText(ONLY_USUAL.format(len(unusual)))
        self.example.setText("".join(f"例如 {one}" for one in unusual[:1]))
        self.example.setVisible(bool(unusual))
        if self._offered(self.only_usual, bool(unusual)):
            plan = plan.usual_alone
        self.looked_at_again = whole - len(plan.row_ids)
        return plan

    @staticmethod
    def _offered(box: QCheckBox, there_is_reason: bool) -> bool:
        """Shows a tick where there is reason for it; whether it holds."""
        box.setVisible(there_is_reason)
        return there_is_reason and box.isChecked()

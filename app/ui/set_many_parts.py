"""Parts of the dialog that fills a field for many rows: which field, an easier way, own answers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from app.forms.schema import FieldDef
from app.forms.table import Table
from app.ui.buttons import link_button
from app.ui.form_view import OPINION
from app.ui.look import Look
from app.ui.sign_line import soft_label

EACH = "每一笔各按程序测算的结果"
EACH_WHOLE = "每一笔各填自己的账面金额"


class InsteadTicks(QWidget):
    """What is written instead of an answer: to each row its own, or nothing."""

    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(look.px(10))
        self.each, self.empty = QCheckBox(EACH), QCheckBox("清空这一项")
        for box, other in ((self.each, self.empty), (self.empty, self.each)):
            box.toggled.connect(lambda on, other=other: self._toggled(on, other))
            layout.addWidget(box)

    @property
    def on(self) -> bool:
        """Whether a tick says what is written, not the editor."""
        return self.empty.isChecked() or self.each.isChecked()

    def start_again(self, field: FieldDef) -> None:
        """Another field is asked: nothing is ticked."""
        self.each.setVisible(field.key == OPINION or field.may_be_all)
        self.each.setText(EACH if field.key == OPINION else EACH_WHOLE)
        for box in (self.each, self.empty):
            box.setChecked(False)

    def _toggled(self, on: bool, other: QCheckBox) -> None:
        if on:
            other.setChecked(False)
        self.changed.emit()


class Easier(QWidget):
    """One quiet line: what is chosen need not be typed where another field has a certain answer."""

    asked = Signal(str, str)
    """The field that works this one out, and the answer of it that does."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._way = ("", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        self.words = soft_label(wrap=False)
        self.button = link_button("")
        self.button.clicked.connect(lambda: self.asked.emit(*self._way))
        row.addWidget(self.words)
        row.addWidget(self.button)
        row.addStretch(1)

    def show_way(self, table: Table, field: FieldDef) -> None:
        """Shows the easier way to a field, where the form has one."""
        found = table.worked_out_by(field.key)
        self.setVisible(found is not None)
        if found is not None:
            other, answer = found
            self._way = (other.key, answer.code)
            self.words.setText(f"「{other.label}」选“{answer.label}”，程序逐笔算好，不用填。")
            self.button.setText(f"改填「{other.label}」")
            self.button.setToolTip(answer.explanation)


MOST_LISTED = 15
"""Fields that are listed at once: the list scrolls, it does not cover the screen."""


class FieldBox(QComboBox):
    """The fields; a number typed here is the number of an answer below, Enter goes on to it."""

    numbered = Signal(int)
    """A digit that was typed."""
    entered_on = Signal()
    """Enter was pressed: the field is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setMaxVisibleItems(MOST_LISTED)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """No field begins with a digit, the answers do."""
        typed = event.text()
        if len(typed) == 1 and typed in "0123456789":
            self.numbered.emit(int(typed))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_on.emit()
        else:
            super().keyPressEvent(event)

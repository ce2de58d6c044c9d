"""Values the program computes: no frame, grey, with how on click."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel

from app.forms.schema import FieldDef
from app.ui.fields.base import Editor
from app.ui.fields.money import capitals_of
from app.ui.look import Look

GIVEN = "none"
"""The formula of what comes from elsewhere: the row's number, what table 2 takes over."""


class ComputedValue(Editor):
    """A computed value; a click asks how it came about."""

    asked_how = Signal()

    def __init__(self, field: FieldDef, look: Look) -> None:
        super().__init__(field, look)
        self._raw: Any = None
        self.label = QLabel()
        self.label.setProperty("kind", "computed")
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("点一下看是怎么来的")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.label)

    def set_value(self, raw: Any, shown: str = "") -> None:
        """Shows what was computed; a dash for nothing."""
        self._raw = raw
        unit = f" {self.field.unit}" if self.field.unit and shown else ""
        origin = "转入" if self.field.computed == GIVEN else "计算"
        words = f"{shown or '—'}{unit}（{origin}）"
        if words != self.label.text():
            self.label.setText(words)
            self.label.setAccessibleName(f"{self.field.label}：{words}")

    def raw(self) -> Any:
        """What was computed."""
        return self._raw

    def note(self, raw: Any) -> str:
        """The capitals of a computed amount."""
        return capitals_of(self.field, raw) if self.field.type == "money" else ""

    def commit(self) -> None:
        """Nothing to hand over."""

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """A click asks how."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.asked_how.emit()

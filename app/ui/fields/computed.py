"""Values the program computes: no frame, grey, with how on click."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from app.forms.schema import FieldDef
from app.ui.fields.base import Editor
from app.ui.fields.money import capitals_of
from app.ui.look import Look


class ComputedValue(Editor):
    """A computed value; a click asks how it came about."""

    asked_how = Signal()

    def __init__(self, field: FieldDef, look: Look) -> None:
        super().__init__(field, look)
        self._raw: Any = None
        self.button = QPushButton()
        self.button.setProperty("kind", "computed")
        self.button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.setToolTip("点一下看是怎么算出来的")
        self.button.clicked.connect(self.asked_how)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.button)
        layout.addStretch(1)

    def set_value(self, raw: Any, shown: str = "") -> None:
        """Shows what was computed; a dash for nothing."""
        self._raw = raw
        unit = f" {self.field.unit}" if self.field.unit and shown else ""
        self.button.setText(f"{shown or '—'}{unit}（计算）")
        self.button.setAccessibleName(f"{self.field.label}：{shown or '无'}，由程序计算")

    def raw(self) -> Any:
        """What was computed."""
        return self._raw

    def note(self, raw: Any) -> str:
        """The capitals of a computed amount."""
        return capitals_of(self.field, raw) if self.field.type == "money" else ""

    def commit(self) -> None:
        """Nothing to hand over."""

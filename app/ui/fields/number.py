"""Whole numbers and rates."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.forms.schema import FieldDef
from app.ui.fields.text import LineEditor
from app.ui.look import Look


class NumberEditor(LineEditor):
    """A whole number, right-aligned."""

    line_width = 112

    def __init__(self, field: FieldDef, look: Look) -> None:
        super().__init__(field, look)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)


class RateEditor(NumberEditor):
    """A rate, typed as 38% or 0.38 and shown as a percentage."""

    line_width = 112

    def __init__(self, field: FieldDef, look: Look) -> None:
        super().__init__(field, look)
        self.set_hint("如 38%")

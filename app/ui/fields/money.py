"""Amounts of money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt

from app.forms.capitals import amount_in_capitals
from app.forms.errors import ValueFault
from app.forms.schema import FieldDef
from app.forms.values import is_empty, parse_value
from app.ui.fields.text import LineEditor
from app.ui.look import Look


class MoneyEditor(LineEditor):
    """An amount in yuan, right-aligned, with separators and its capitals under it."""

    line_width = 184

    def __init__(self, field: FieldDef, look: Look) -> None:
        super().__init__(field, look)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)

    def note(self, raw: Any) -> str:
        """The amount in capitals; empty while it can't be read."""
        return capitals_of(self.field, raw)


def capitals_of(field: FieldDef, raw: Any) -> str:
    """The capitals of a raw amount, empty where there is none or it can't be read."""
    if is_empty(raw):
        return ""
    try:
        amount = parse_value(field, raw)
    except ValueFault:
        return ""
    return amount_in_capitals(amount) if isinstance(amount, Decimal) else ""

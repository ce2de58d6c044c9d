"""One line of text, and what every kind that is typed into one line shares."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStyle, QStyleOptionFrame

from app.forms.errors import ValueFault
from app.forms.schema import FieldDef
from app.forms.values import is_empty, parse_value, shown_text
from app.ui.fields.base import Line
from app.ui.fields.written import WrittenEditor
from app.ui.look import Look

NARROWEST = 96
INNER = 6
"""What Qt leaves free beside the text of a line, and the cursor."""


class LineEditor(WrittenEditor):
    """A value typed into one line; shown as a person reads it once it is complete."""

    line_width = 0
    """Pixels at 100%; 0: as wide as the form."""

    def __init__(self, field: FieldDef, look: Look) -> None:
        self.line = Line()
        super().__init__(field, look, self.line)
        self.row = layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(look.px(4))
        # As wide as what goes in, narrower where the window is.
        layout.addWidget(self.line, 100)
        self.line.setMinimumWidth(look.px(NARROWEST))
        if self.line_width:
            self.line.setMaximumWidth(look.px(self.line_width))
            layout.addStretch(1)
        self.line.textEdited.connect(lambda _text: self.typed.emit(self.raw()))

    def set_value(self, raw: Any, shown: str = "") -> None:
        """Shows the stored value, formatted where it can be read."""
        text = "" if is_empty(raw) else shown or self.shown(raw)
        self._shown = text
        if text != self.line.text():
            self.line.setText(text)
            self.line.setCursorPosition(0)

    def shown(self, raw: Any) -> str:
        """The raw value as a person reads it; as typed where it can't be read."""
        try:
            return shown_text(self.field, parse_value(self.field, raw))
        except ValueFault:
            return str(raw)

    def set_hint(self, text: str) -> None:
        """What stands for an empty answer, in grey inside the line."""
        self.line.setPlaceholderText(text)

    def make_room_for(self, text: str) -> None:
        """Lets the line become wide enough to show this text whole."""
        self.line.ensurePolished()
        option = QStyleOptionFrame()
        self.line.initStyleOption(option)
        kind = QStyle.ContentsType.CT_LineEdit
        wanted = QSize(self.line.fontMetrics().horizontalAdvance(text) + INNER, 0)
        room = self.line.style().sizeFromContents(kind, option, wanted, self.line).width()
        self.line.setMaximumWidth(max(self.line.maximumWidth(), room))

    def set_unit(self, text: str) -> None:
        """The unit, in grey right behind the line."""
        label = QLabel(text)
        label.setProperty("tone", "soft")
        self.row.insertWidget(1, label)


class TextEditor(LineEditor):
    """A line of text, as wide as the form."""

    stretches = True

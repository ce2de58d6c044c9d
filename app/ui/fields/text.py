"""One line of text, and what every kind that is typed into one line shares."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLabel

from app.forms.errors import ValueFault
from app.forms.schema import FieldDef
from app.forms.values import is_empty, parse_value, shown_text
from app.ui.fields.base import Editor, Line
from app.ui.look import Look

NARROWEST = 96


class LineEditor(Editor):
    """A value typed into one line; shown as a person reads it once it is complete."""

    line_width = 0
    """Pixels at 100%; 0: as wide as the form."""

    def __init__(self, field: FieldDef, look: Look) -> None:
        super().__init__(field, look)
        self.line = Line()
        self.setFocusProxy(self.line)
        self._shown = ""
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
        self.line.entered.connect(self.focused)
        self.line.exited.connect(self._leave)
        self.line.stepped.connect(self._step)

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

    def raw(self) -> Any:
        """The text as typed; None when there is none."""
        return self.line.text().strip() or None

    def commit(self) -> None:
        """Hands the text over when it isn't what was shown from the store."""
        if self.line.text() != self._shown:
            self._shown = self.line.text()
            self.committed.emit(self.raw())

    def set_state(self, state: str) -> None:
        """Colours the frame."""
        if self.line.property("state") != state:
            self.line.setProperty("state", state)
            self.line.style().unpolish(self.line)
            self.line.style().polish(self.line)

    def set_hint(self, text: str) -> None:
        """What stands for an empty answer, in grey inside the line."""
        self.line.setPlaceholderText(text)

    def set_unit(self, text: str) -> None:
        """The unit, in grey right behind the line."""
        label = QLabel(text)
        label.setProperty("tone", "soft")
        self.row.insertWidget(1, label)

    def set_locked(self, locked: bool) -> None:
        """What is only shown can still be entered, read and copied."""
        super().set_locked(locked)
        self.line.setReadOnly(locked)

    def name(self, text: str) -> None:
        """Names the line for screen readers."""
        self.line.setAccessibleName(text)

    def _leave(self) -> None:
        self.commit()
        self.left.emit()

    def _step(self, step: int) -> None:
        self.commit()
        self.moved.emit(step)


class TextEditor(LineEditor):
    """A line of text, as wide as the form."""

    stretches = True

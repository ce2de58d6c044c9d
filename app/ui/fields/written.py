"""What is written into a line or a sheet: taken over when it is left, shown in one way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.forms.schema import FieldDef
from app.ui.fields.base import Editor, Line
from app.ui.look import Look
from app.ui.sign_line import restyle

if TYPE_CHECKING:
    from app.ui.fields.long import Sheet


class WrittenEditor(Editor):
    """A value that is written; where and how it is shown is each kind's own."""

    def __init__(self, field: FieldDef, look: Look, written: Line | Sheet) -> None:
        super().__init__(field, look)
        self._written = written
        self._shown = ""
        self.setFocusProxy(written)
        written.entered.connect(self.focused)
        written.exited.connect(self._leave)
        written.stepped.connect(self._step)

    def raw(self) -> Any:
        """The text as typed; None when there is none."""
        return self._written.text().strip() or None

    def commit(self) -> None:
        """Hands the text over when it isn't what was shown from the store."""
        text = self._written.text()
        if text != self._shown:
            self._shown = text
            self.committed.emit(self.raw())

    def set_state(self, state: str) -> None:
        """Colours the frame."""
        restyle(self._written, "state", state)

    def set_locked(self, locked: bool) -> None:
        """What is only shown can still be entered, read and copied."""
        super().set_locked(locked)
        self._written.setReadOnly(locked)

    def name(self, text: str) -> None:
        """Names what is written into for screen readers."""
        self._written.setAccessibleName(text)

    def _leave(self) -> None:
        self.commit()
        self.left.emit()

    def _step(self, step: int) -> None:
        self.commit()
        self.moved.emit(step)

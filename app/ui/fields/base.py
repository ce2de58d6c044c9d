"""What all editors of values have in common."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from app.forms.schema import FieldDef
from app.ui.look import Look

STAND_IN = "不填按：{}"
"""What counts while an answer is empty."""
RETURN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def step_of_return(event: QKeyEvent) -> int:
    """1 for Enter, -1 for Shift+Enter, 0 for everything else."""
    if event.key() not in RETURN_KEYS:
        return 0
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if modifiers == Qt.KeyboardModifier.ShiftModifier:
        return -1
    return 1 if modifiers == Qt.KeyboardModifier.NoModifier else 0


def is_copy_key(event: QKeyEvent) -> bool:
    """Whether it is Ctrl+D, which copies an asset; some desktops take it for Delete."""
    return event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier


class Editor(QWidget):
    """What one value is given with; one subclass per kind of field."""

    typed = Signal(object)
    """The raw value at each keystroke; None for no answer."""
    committed = Signal(object)
    """The raw value when it is complete: Enter, focus leaving, a choice made."""
    moved = Signal(int)
    """1: the next field is wanted, -1: the one before."""
    focused = Signal()
    left = Signal()
    pointed = Signal(str)
    """Code of the choice under the cursor, empty for none."""
    refused = Signal(str)
    """Why a key that looks like an answer is none, in words that follow the field's name."""

    stretches = False
    """Whether the editor takes all the width it can get."""

    def __init__(self, field: FieldDef, look: Look) -> None:
        super().__init__()
        self.field = field
        self.look = look
        self.locked = False

    def set_value(self, raw: Any, shown: str = "") -> None:
        """Shows a stored value; nothing is emitted."""
        raise NotImplementedError

    def raw(self) -> Any:
        """The value as it stands in the editor; None for no answer."""
        raise NotImplementedError

    def set_state(self, state: str) -> None:
        """Marks the editor: "", "error" or "warning"."""

    def set_hint(self, text: str) -> None:
        """Says what stands for an empty answer."""

    def set_unit(self, text: str) -> None:
        """Puts the unit behind what is typed."""

    def note(self, raw: Any) -> str:
        """A line under the editor that restates the value, as the capitals of an amount."""
        return ""

    def set_locked(self, locked: bool) -> None:
        """Only shows the value, or lets it be changed; the focus comes here either way."""
        self.locked = locked

    def name(self, text: str) -> None:
        """Gives screen readers a name for the editor."""
        self.setAccessibleName(text)

    def commit(self) -> None:
        """Hands over what stands in the editor as complete."""
        self.committed.emit(self.raw())


class Line(QLineEdit):
    """A line edit that says when it is entered, left, and where Enter leads."""

    stepped = Signal(int)
    entered = Signal()
    exited = Signal()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter moves on, Shift+Enter back; the rest types."""
        step = step_of_return(event)
        if step:
            self.stepped.emit(step)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Selects the whole text, so that typing replaces it, as bank counters know it."""
        super().focusInEvent(event)
        if event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
            Qt.FocusReason.MouseFocusReason,
        ):
            self.selectAll()
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """The text is complete when the focus goes elsewhere, not to its own menu."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.exited.emit()

    def event(self, event: QEvent, /) -> bool:
        """Lets undo and redo of the whole book through where the line has nothing to undo."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if is_copy_key(event):
                event.ignore()
                return False
            undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return False
        return super().event(event)

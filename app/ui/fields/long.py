"""Several lines of text."""

from __future__ import annotations

from math import ceil
from typing import Any

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout

from app.forms.schema import FieldDef
from app.ui.fields.base import RETURN_KEYS, is_copy_key, step_of_return
from app.ui.fields.written import WrittenEditor
from app.ui.look import Look

FEWEST_LINES, MOST_LINES = 2, 9


class Sheet(QPlainTextEdit):
    """A text field that grows with its text; Alt+Enter breaks the line, as in Excel."""

    stepped = Signal(int)
    entered = Signal()
    exited = Signal()
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._silent = False
        self.textChanged.connect(self._changed)

    def text(self) -> str:
        """All of it, as a line says it."""
        return self.toPlainText()

    def show_text(self, text: str) -> None:
        """Puts a text in without saying so."""
        if text != self.toPlainText():
            self._silent = True
            self.setPlainText(text)
            self._silent = False

    def _changed(self) -> None:
        self.updateGeometry()
        if not self._silent:
            self.edited.emit()

    def sizeHint(self) -> QSize:
        """As high as its text, between two and nine lines; as high as a draft in its place."""
        line = self.fontMetrics().lineSpacing()
        height = self._text_height() if self.toPlainText() else self._draft_height()
        # What is typed can be scrolled; a draft in grey can't, so it is shown whole.
        most = MOST_LINES * line if self.toPlainText() else height
        frame = self.height() - self.viewport().height() if self.isVisible() else 10
        margins = 2 * round(self.document().documentMargin())
        return QSize(240, max(FEWEST_LINES * line, min(height, most)) + margins + frame)

    def _text_height(self) -> int:
        """What the lines need as they are broken now; they are higher than their font says."""
        block, height = self.document().begin(), 0.0
        while block.isValid():
            height += self.blockBoundingRect(block).height()
            block = block.next()
        return ceil(height)

    def _draft_height(self) -> int:
        room = self.viewport().width() - 2 * round(self.document().documentMargin())
        wide = QRect(0, 0, max(80, room), 1_000_000)
        wrap = int(Qt.TextFlag.TextWordWrap)
        return self.fontMetrics().boundingRect(wide, wrap, self.placeholderText()).height()

    def minimumSizeHint(self) -> QSize:
        """Never squeezed."""
        return QSize(80, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Another width breaks its lines elsewhere."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter moves on, Alt+Enter breaks the line."""
        if event.key() in RETURN_KEYS and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if not self.isReadOnly():
                self.insertPlainText("\n")
            return
        step = step_of_return(event)
        if step:
            self.stepped.emit(step)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Says that it was entered."""
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Says that it was left, unless for its own menu."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.exited.emit()

    def event(self, event: QEvent, /) -> bool:
        """Lets undo of the whole book through where the text has nothing to undo."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            document = self.document()
            undo = event.matches(QKeySequence.StandardKey.Undo) and not document.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not document.isRedoAvailable()
            if undo or redo or is_copy_key(event):
                event.ignore()
                return False
        return super().event(event)


class LongEditor(WrittenEditor):
    """Several lines of text, as wide as the form."""

    stretches = True

    def __init__(self, field: FieldDef, look: Look) -> None:
        self.sheet = Sheet()
        super().__init__(field, look, self.sheet)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.sheet)
        self.sheet.setToolTip("Enter 到下一项，Alt+Enter 换行")
        self.sheet.edited.connect(lambda: self.typed.emit(self.raw()))

    def set_value(self, raw: Any, shown: str = "") -> None:
        """Shows the stored text."""
        self._shown = "" if raw is None else str(raw)
        self.sheet.show_text(self._shown)

    def set_hint(self, text: str) -> None:
        """The draft that stands for an empty text, in grey."""
        if self.sheet.placeholderText() != text:
            self.sheet.setPlaceholderText(text)
            self.sheet.updateGeometry()

    def set_locked(self, locked: bool) -> None:
        """Unlike a line it looks otherwise only once its style is worked out again."""
        changed = self.sheet.isReadOnly() != locked
        super().set_locked(locked)
        if changed:
            self.sheet.style().unpolish(self.sheet)
            self.sheet.style().polish(self.sheet)

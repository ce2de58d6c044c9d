"""One line of words that is cut where the room ends."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

LEAST = 40
"""Less room than this is a layout that is not there yet."""


class CutLabel(QLabel):
    """Takes the width that is left; `words` is all of it, also told by the tip when cut."""

    words = _tip = ""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_words(self, words: str, tip: str = "") -> None:
        """Says this; `tip` where more than the words themselves is to be told."""
        self.words, self._tip = words, tip
        self._fit()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Another width has room for other words."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent, /) -> None:
        """Another font needs another cut."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        room = max(LEAST, self.width())
        cut = self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, room)
        self.setText(cut)
        self.setAccessibleName(self.words)
        self.setToolTip(self._tip or self.words)

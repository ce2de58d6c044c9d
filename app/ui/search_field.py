"""A line to search with: a magnifier before its words, a cross behind them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton

from app.ui.icons import sign_icon, sign_pixmap
from app.ui.look import Look

SIGN = 16
ROOM = 20
"""What a sign takes from the words at each side."""


class SearchField(QLineEdit):
    """Draws its own signs: those of Qt keep their size, however large the letters are."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self._glass = QLabel(self)
        self._glass.setPixmap(sign_pixmap("search", look.theme.soft, look.px(SIGN)))
        self._glass.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.cross = QToolButton(self)
        self.cross.setIcon(sign_icon("close", look.theme.soft, look.px(SIGN)))
        self.cross.setToolTip("清空")
        self.cross.setAccessibleName("清空")
        self.cross.setCursor(Qt.CursorShape.ArrowCursor)
        self.cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cross.clicked.connect(self.clear)
        self.textChanged.connect(self._show_cross)
        self._show_cross("")

    def _show_cross(self, words: str) -> None:
        """What can be searched for has the room of the cross until there is something to clear."""
        room = self.look.px(ROOM)
        self.cross.setVisible(bool(words))
        self.setTextMargins(room, 0, room if words else 0, 0)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Signs stand in the middle of the line's height."""
        super().resizeEvent(event)
        px, size = self.look.px, event.size()
        self._glass.adjustSize()
        self._glass.move(px(8), (size.height() - self._glass.height()) // 2)
        self.cross.adjustSize()
        place = size.width() - self.cross.width() - px(3)
        self.cross.move(place, (size.height() - self.cross.height()) // 2)

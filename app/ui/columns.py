"""Two columns side by side; where there is no room for both, one below the other and scrolled."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from app.ui.simple_table import TextTable

MOST = 16777215
"""Qt's word for no limit."""


class Columns(QScrollArea):
    """A table with what stands above it at the left, something of a fixed width at the right."""

    def __init__(
        self, left: QVBoxLayout, table: TextTable, right: QScrollArea, *, gap: int, beside: int
    ) -> None:
        """`beside`: the width from which both stand side by side."""
        super().__init__()
        self.table = table
        self.right = right
        self.beside = beside
        self._right_width = right.width()
        inner = QFrame()
        inner.setProperty("surface", "paper")
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(gap)
        self._box.addLayout(left, 1)
        self._box.addWidget(right)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)

    @property
    def is_wide(self) -> bool:
        """Whether both stand side by side."""
        return self.width() >= self.beside

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Puts the right column where there is room for it."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Side by side each scrolls for itself; one below the other, all is scrolled at once."""
        direction = QBoxLayout.Direction
        self._box.setDirection(direction.LeftToRight if self.is_wide else direction.TopToBottom)
        if self.is_wide:
            self.right.setFixedWidth(max(self._right_width, self.width() // 3))
            self.right.setMinimumHeight(0)
            self.table.setMinimumHeight(0)
        else:
            self.right.setMinimumWidth(0)
            self.right.setMaximumWidth(MOST)
            self.right.setMinimumHeight(_whole_height(self.right.widget()))
            rows = self.table.verticalHeader().length()
            self.table.setMinimumHeight(rows + self.table.horizontalHeader().height() + 2)


def _whole_height(widget: QWidget) -> int:
    return widget.sizeHint().height()

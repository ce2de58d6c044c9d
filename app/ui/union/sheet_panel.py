"""The middle of the union's queue: head with name and place, the forms below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
)

from app.ui.icons import sign_icon
from app.ui.look import Look
from app.ui.sign_line import soft_label


class SheetPanel(QFrame):
    """Which row is open, where it stands in the list, and its form."""

    stepped = Signal(int)
    close_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        px = look.px
        self.setProperty("surface", "paper")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(px(16), px(8), px(8), px(2))
        row.setSpacing(px(4))
        self.title = QLabel()
        self.title.setFont(look.font(bold=True))
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.place = soft_label(wrap=False)
        row.addWidget(self.title, 1)
        row.addWidget(self.place)
        row.addWidget(
            self._tool("left", "上一笔（Ctrl+Shift+Enter）", lambda: self.stepped.emit(-1))
        )
        row.addWidget(self._tool("right", "下一笔（Ctrl+Enter）", lambda: self.stepped.emit(1)))
        row.addWidget(self._tool("close", "关上这笔，回到清单（Esc）", self.close_asked.emit))
        layout.addLayout(row)
        self.stack = QStackedWidget()
        layout.addWidget(self.stack, 1)
        self.hide()

    def _tool(self, sign: str, tip: str, action: object) -> QToolButton:
        button = QToolButton()
        button.setIcon(sign_icon(sign, self.look.theme.soft))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(action)
        return button

    def show_title(self, words: str, tip: str, place: str) -> None:
        """The row's name, cut to the room there is, and its place in the list."""
        room = max(60, self.title.width())
        metrics = self.title.fontMetrics()
        self.title.setText(metrics.elidedText(words, Qt.TextElideMode.ElideRight, room))
        self.title.setToolTip(tip)
        self.place.setText(place)

"""The middle of the union's queue: head with name and place, the forms below."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from app.ui.look import Look
from app.ui.row_head import RowHead


class SheetPanel(QFrame):
    """Which row is open, where it stands in the list, and its form."""

    stepped = Signal(int)
    close_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.setProperty("surface", "paper")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.head = RowHead(look)
        self.head.add_tool("left", "上一笔（Ctrl+Shift+Enter）", lambda: self.stepped.emit(-1))
        self.head.add_tool("right", "下一笔（Ctrl+Enter）", lambda: self.stepped.emit(1))
        self.head.add_tool("close", "关上这笔，回到清单（Esc）", self.close_asked.emit)
        layout.addWidget(self.head)
        self.stack = QStackedWidget()
        layout.addWidget(self.stack, 1)
        self.hide()

    def show_title(self, words: str, tip: str, place: str) -> None:
        """The row's name, cut to the room there is, and its place in the list."""
        self.head.show_name(words, tip)
        self.head.place.setText(place)

"""The head of an open row: what it is called, where it stands, the way to its neighbours."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.ui.cut_label import CutLabel
from app.ui.icons import sign_icon
from app.ui.look import Look
from app.ui.sign_line import soft_label


class RowHead(QWidget):
    """Title and place left, tools right; a long title gives way."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        px = look.px
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(8), px(8), px(2))
        row.setSpacing(px(4))
        self.title = CutLabel()
        self.title.setFont(look.font(bold=True))
        self.place = soft_label(wrap=False)
        row.addWidget(self.title, 1)
        row.addWidget(self.place)
        self.tools: dict[str, QToolButton] = {}
        """By the name of their sign."""

    def add_tool(self, sign: str, tip: str, action: Callable[[], object]) -> None:
        """A small button; what it does has a key too, so that it needs no focus."""
        button = QToolButton()
        button.setIcon(sign_icon(sign, self.look.theme.soft))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: action())
        self._row.addWidget(button)
        self.tools[sign] = button

    def show_name(self, words: str, tip: str = "") -> None:
        """The name as far as there is room, whole (or what is given for it) in the tip."""
        self.title.show_words(words, tip)

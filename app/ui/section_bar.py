"""The sections of a form side by side, each with how far it is filled; a click leads there."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton

from app.ui.flow_layout import FlowLayout
from app.ui.look import Look

STATES = {"✓": "已填好", "○": "未填完", "!": "有问题"}


class SectionBar(QFrame):
    """One link for each section."""

    asked = Signal(str)
    """The key of the section to go to."""

    def __init__(self, look: Look, titles: Mapping[str, str]) -> None:
        super().__init__()
        px = look.px
        self._titles = titles
        self.buttons: dict[str, QPushButton] = {}
        self.setProperty("surface", "paper")
        flow = FlowLayout(self, 0)
        # A link's own frame and padding stand before its words, which start where the title does.
        flow.setContentsMargins(px(16) - px(3) - 1, 0, 0, 0)
        for number, (key, title) in enumerate(titles.items(), start=1):
            button = QPushButton(title)
            button.setProperty("kind", "link")
            button.setProperty("dense", True)
            button.setFont(look.font("small"))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setToolTip(f"到“{title}”（Alt+{number}）")
            button.clicked.connect(lambda _checked=False, section=key: self.asked.emit(section))
            flow.addWidget(button)
            self.buttons[key] = button

    def show_state(self, key: str, *, shown: bool, state: str) -> None:
        """How far a section is filled: a sign, and words for who can't see it."""
        button = self.buttons[key]
        button.setVisible(shown)
        button.setText(f"{self._titles[key]} {state}")
        button.setAccessibleName(f"{self._titles[key]}，{STATES[state]}")

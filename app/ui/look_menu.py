"""The menu 外观: light, dark, high contrast, or as the system has it."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.look import SYSTEM, Look

LOOKS = {SYSTEM: "随系统", "light": "浅色", "dark": "深色", "contrast": "高对比"}


class LookMenu(QMenu):
    """One of four, marked; the choice shows at once."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__("外观", parent)
        self.look = look
        self.choices: dict[str, QAction] = {}
        group = QActionGroup(self)
        for name, words in LOOKS.items():
            action = self.addAction(words, lambda wanted=name: look.set_theme(wanted))
            action.setCheckable(True)
            group.addAction(action)
            self.choices[name] = action
        self.aboutToShow.connect(self._mark)
        self._mark()

    def _mark(self) -> None:
        self.choices.get(self.look.chosen, self.choices["light"]).setChecked(True)

"""All keys in two columns; one below the other where there is no room for both."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLabel, QScrollArea, QWidget

from app.ui.look import Look


class KeysPage(QScrollArea):
    """Scrolls up and down only, however large the letters are."""

    def __init__(self, look: Look, lines: Sequence[tuple[str, str]]) -> None:
        """`lines`: keys, and what they do."""
        super().__init__()
        px = look.px
        page = QWidget()
        self.box = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        self.box.setContentsMargins(px(12), px(10), px(12), px(10))
        self.box.setSpacing(px(40))
        half = (len(lines) + 1) // 2
        self.halves = [_half(look, lines[:half]), _half(look, lines[half:])]
        for one in self.halves:
            self.box.addWidget(one, 1, Qt.AlignmentFlag.AlignTop)
        self._below = px(4)
        self._beside = px(40)
        self.setWidgetResizable(True)
        self.setAccessibleName("快捷键")
        self.setWidget(page)

    @property
    def is_wide(self) -> bool:
        """Whether both halves stand side by side."""
        margins = self.box.contentsMargins()
        needed = sum(one.sizeHint().width() for one in self.halves) + self._beside
        return self.viewport().width() >= needed + margins.left() + margins.right()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Puts the second half where there is room for it."""
        wide, direction = self.is_wide, QBoxLayout.Direction
        self.box.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self.box.setSpacing(self._beside if wide else self._below)
        super().resizeEvent(event)


def _half(look: Look, lines: Sequence[tuple[str, str]]) -> QWidget:
    held = QWidget()
    grid = QGridLayout(held)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(look.px(16))
    grid.setVerticalSpacing(look.px(4))
    for row, (keys, words) in enumerate(lines):
        key_label = QLabel(keys)
        key_label.setFont(look.font(bold=True))
        grid.addWidget(key_label, row, 0)
        grid.addWidget(QLabel(words), row, 1)
    # As wide in both halves, so that they stand in line one below the other too.
    grid.setColumnMinimumWidth(0, look.px(176))
    grid.setColumnStretch(1, 1)
    return held

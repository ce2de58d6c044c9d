"""A ring around what has the focus, where the style alone shows it too faintly."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QFocusFrame,
    QRadioButton,
    QWidget,
)

from app.ui.look import Look

FAINT = (QCheckBox, QRadioButton, QComboBox, QAbstractSpinBox, QAbstractSlider)
"""Fusion draws these itself; a style rule for their frame would take arrow or box away."""


def draw_ring(widget: QWidget, look: Look) -> None:
    """Draws the frame along the edges of the widget that is being painted."""
    wide = look.theme.focus_width
    painter = QPainter(widget)
    painter.setPen(QPen(QColor(look.theme.accent), wide))
    inset = (wide + 1) // 2
    painter.drawRoundedRect(widget.rect().adjusted(inset, inset, -inset, -inset), 3, 3)
    painter.end()


class Ring(QFocusFrame):
    """Follows its widget; drawn in the accent of the theme."""

    def __init__(self, look: Look, widget: QWidget, application: QApplication) -> None:
        super().__init__()
        self.look = look
        self.setWidget(widget)
        # It goes by itself; where its window goes first, Qt lets go of the connection.
        application.focusChanged.connect(self._leave)

    def _leave(self, _old: QWidget | None, _new: QWidget | None) -> None:
        self.hide()
        self.deleteLater()

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """A frame as wide as that of every other widget."""
        draw_ring(self, self.look)


class FocusRings(QObject):
    """Puts a ring where the focus goes."""

    def __init__(self, look: Look, application: QApplication) -> None:
        super().__init__(application)
        self.look = look
        self.application = application
        self._ring: Ring | None = None
        application.focusChanged.connect(self._focus_changed)

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        ring = Ring(self.look, new, self.application) if isinstance(new, FAINT) else None
        self._ring = ring

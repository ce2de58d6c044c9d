"""Buttons of the window: Enter presses them, as people expect who never touch the mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton


def push_button(words: str = "", tip: str = "", *, main: bool = False) -> QPushButton:
    """A button that Enter presses too; outside of dialogs Qt leaves that to the space bar."""
    button = QPushButton(words)
    button.setAutoDefault(True)
    if main:
        button.setProperty("kind", "main")
        # In a dialog Enter presses this one, whichever comes first in it.
        button.setDefault(True)
    if tip:
        button.setToolTip(tip)
    return button


def make_main(button: QPushButton, *, main: bool) -> None:
    """Turns a button into its dialog's main one, or back; its style is worked out again."""
    button.setProperty("kind", "main" if main else "")
    button.setDefault(main)
    button.style().unpolish(button)
    button.style().polish(button)


def link_button(words: str, tip: str = "") -> QPushButton:
    """A button that looks like a link."""
    button = push_button(words, tip)
    button.setProperty("kind", "link")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button

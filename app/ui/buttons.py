"""Buttons of the window: Enter presses them, as people expect who never touch the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QMainWindow, QPushButton, QStackedWidget, QWidget


class Button(QPushButton):
    """Turned off or hidden while it has the keyboard, it hands it to its page.

    Qt would hand it to whatever can take it next, which may be anywhere in the window.
    """

    _handed = False

    def focusNextPrevChild(self, forward: bool, /) -> bool:
        """Tab goes on as ever; only a button that can't be pressed any more goes to its page."""
        place = resting_place(self)
        if (self.isEnabled() and self.isVisible()) or isinstance(place, QMainWindow):
            return super().focusNextPrevChild(forward)
        place.setFocus()
        self._handed = True
        return True

    def changeEvent(self, event: QEvent, /) -> None:
        """Takes the keyboard back where nobody has moved it meanwhile."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange and self._handed and self.isEnabled():
            self._handed = False
            if resting_place(self).hasFocus():
                self.setFocus()


def resting_place(widget: QWidget) -> QWidget:
    """The page or dialog that a widget is on: where the keyboard waits, and Tab starts anew."""
    here = widget
    while (parent := here.parentWidget()) is not None and not here.isWindow():
        if isinstance(parent, QStackedWidget):
            break
        here = parent
    return here


def push_button(words: str = "", tip: str = "", *, main: bool = False) -> QPushButton:
    """A button that Enter presses too; outside of dialogs Qt leaves that to the space bar."""
    button = Button(words)
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

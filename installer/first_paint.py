"""Shows a window, says when it was first painted, and ends: for measuring the start.

The frozen program does this instead of its work when ``WUJI_FIRST_PAINT`` names a window.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

LONGEST_MS = 20_000
SIZE = (1366, 768)


class FirstPaint(QObject):
    """Calls back right after the first paint of the widget it waits for."""

    def __init__(self, painted: Callable[[], None]) -> None:
        super().__init__()
        self.painted = painted
        self.wanted: QWidget | None = None

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Lets the paint happen first, then calls back."""
        if event.type() == QEvent.Type.Paint and watched is self.wanted:
            self.wanted = None
            watched.removeEventFilter(self)
            watched.event(event)
            self.painted()
            return True
        return False

    def watch(self, widget: QWidget) -> None:
        """Waits for this widget."""
        self.wanted = widget
        widget.installEventFilter(self)


def bare_window() -> tuple[QApplication, QMainWindow]:
    """A main window without anything, to compare with."""
    application = QApplication([])
    window = QMainWindow()
    window.resize(1280, 800)
    return application, window


def own_window() -> tuple[QApplication, QMainWindow]:
    """The program's window as it starts without a book."""
    from app.ui.application import make_application, make_window

    application = make_application()
    return application, make_window()


WINDOWS = {"bare": bare_window, "frame": own_window}


def show(kind: str, picture: str = "") -> int:
    """Shows the window ``bare`` or ``frame``; prints the monotonic clock, or saves a picture."""
    application, window = WINDOWS[kind]()

    def tell() -> None:
        print(time.monotonic(), flush=True)
        os._exit(0)

    def save() -> None:
        application.exit(0 if window.grab().save(picture) else 4)

    def painted() -> None:
        QTimer.singleShot(0, save) if picture else tell()

    watcher = FirstPaint(painted)
    if picture:
        window.resize(*SIZE)
    QTimer.singleShot(LONGEST_MS, lambda: os._exit(3))
    watcher.watch(window)
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(show(sys.argv[1], *sys.argv[2:3]))

"""One start of a window in a process of its own; prints the seconds up to the paint asked for.

``python _window_child.py bare|frame|list STARTED [BOOK SETTINGS]``; STARTED is the parent's
monotonic clock just before it started this process.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from installer.first_paint import LONGEST_MS, WINDOWS, FirstPaint

BEFORE_END: list[Callable[[], None]] = []
"""What is still to be done once the time is taken."""


def first_paint(started: float) -> FirstPaint:
    """Prints the seconds up to the first paint of the widget it waits for; ends the process."""

    def tell() -> None:
        print(time.monotonic() - started, flush=True)
        for work in BEFORE_END:
            work()
        os._exit(0)

    return FirstPaint(tell)


def shown(paint: FirstPaint, application: QApplication, window: QMainWindow) -> int:
    """Shows a window and waits for its paint."""
    paint.watch(window)
    window.show()
    return application.exec()


def full_list(paint: FirstPaint, book: Path, settings: str) -> int:
    """The program's window with a book, its list filled."""
    from PySide6.QtCore import QSettings

    from app.ui import application as starting
    from app.ui import remembered
    from app.ui.collecting import WindowCollector

    found = QSettings(settings, QSettings.Format.IniFormat)
    remembered.set_last_page(found, book, "table:1-2")
    remembered.open_settings = lambda: found
    application = starting.make_application()
    WindowCollector(application)
    window = starting.make_window(opening=True)
    window.show()
    # Closed in order, so that the next start does not find a book to recover.
    BEFORE_END.append(window.desk.close_book)

    def open_book() -> None:
        from app.ui.desk_view import DeskView

        window.open_book(book)
        view = window.desk_view
        if isinstance(view, DeskView) and view.table_page is not None:
            paint.watch(view.table_page.list.view.viewport())

    QTimer.singleShot(0, open_book)
    return application.exec()


def main() -> int:
    """Runs the start that was asked for."""
    kind, started = sys.argv[1], float(sys.argv[2])
    paint = first_paint(started)
    QTimer.singleShot(LONGEST_MS, lambda: os._exit(3))
    if kind == "list":
        return full_list(paint, Path(sys.argv[3]), sys.argv[4])
    return shown(paint, *WINDOWS[kind]())


if __name__ == "__main__":
    sys.exit(main())

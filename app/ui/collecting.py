"""Python's garbage collector on the window's thread only.

It runs in whatever thread allocates; in the worker's it would take apart widgets and jobs that the
window's thread is just serving, and the process would crash.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000
SETTLE_MS = 1500
OLDEST = 2
ALL_AGAIN = 10
"""After so many long looks what was left aside is looked through too: pages go while it is."""


class WindowCollector(QObject):
    """Collects now and then from the event loop; Python's own collection is off meanwhile."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collects the generations that are due, as Python would."""
        counts, limits = gc.get_count(), gc.get_threshold()
        due = [place for place in range(3) if limits[place] and counts[place] > limits[place]]
        if not due:
            return
        if due[-1] == OLDEST:
            self.settle()
        else:
            gc.collect(due[-1])

    def settle(self) -> None:
        """Looks through everything and leaves aside what stays: modules, definitions, pages."""
        self._looks += 1
        if self._looks % ALL_AGAIN == 0:
            gc.unfreeze()
        gc.collect()
        gc.freeze()

    def settle_soon(self) -> None:
        """A book was opened: the one long look is taken before anybody types."""
        QTimer.singleShot(SETTLE_MS, self, self.settle)

    def thaw(self) -> None:
        """A book has gone and its pages with it: what was left aside is looked through again."""
        gc.unfreeze()

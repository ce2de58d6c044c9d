"""What others do meanwhile on a server's book: looked for now and then, off the window's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.ui.desk import Desk

if TYPE_CHECKING:
    from app.book.meanwhile import Seen

EVERY_MS = 5000


class Watching(QObject):
    """Tells when others have changed the book; of a file nobody else can be writing."""

    others_changed = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self.desk = desk
        self._last: int | None = None
        self._looking = False
        self.timer = QTimer(self)
        self.timer.setInterval(EVERY_MS)
        self.timer.timeout.connect(self.look)
        if desk.book.on_server:
            self.timer.start()
            self.look()

    def look(self) -> None:
        """Looks once, unless the worker has other things to do."""
        if self._looking or not self.desk.has_book or self.desk.worker.busy:
            return
        from app.book.meanwhile import seen_since

        self._looking = True
        book, last = self.desk.book, self._last
        job = self.desk.worker.start(
            "看别人的修改", lambda _progress: seen_since(book, last), self._seen, quiet=True
        )
        job.ended.connect(self._ended)

    def _ended(self) -> None:
        self._looking = False

    def _seen(self, seen: Seen | None) -> None:
        if seen is None or not self.desk.has_book:
            return
        self._last = seen.last
        if seen.others:
            self.desk.rows_changed.emit("")
            self.others_changed.emit()

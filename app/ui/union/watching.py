"""What others do meanwhile on a server's book: looked for now and then, off the window's thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.ui.desk import Desk

if TYPE_CHECKING:
    from app.book.book import Book

EVERY_MS = 5000


@dataclass(frozen=True, slots=True)
class Seen:
    """How long the history is, and whether somebody else has added to it."""

    last: int
    others: bool = False


def seen_since(book: Book, last: int | None) -> Seen | None:
    """What came after this entry of history; None while the server does not answer."""
    from sqlalchemy import func, select

    from app.book.errors import BookError
    from app.models.tables import history

    newest = select(func.max(history.c.id))
    since = select(history.c.change_no).where(history.c.id > (last or 0)).distinct()
    try:
        with book.store.read() as connection:
            found = int(connection.execute(newest).scalar() or 0)
            if last is None or found == last:
                return Seen(found)
            changes = set(connection.execute(since).scalars())
            other = not changes <= book.store.own_changes
        if other:
            book.refresh()
        return Seen(found, other)
    except BookError:
        # Told where somebody does something; a look that fails is none.
        return None


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

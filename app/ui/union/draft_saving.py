"""Half-typed opinions on their way into the book; a server's is written to in the worker."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QTimer

from app.book.types import OPINION_DRAFT

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.errors import BookError
    from app.ui.desk import Desk
    from app.ui.worker import Job

SETTLE_SECONDS = 3
"""How long somebody who leaves waits for a server."""
RETRY_MS = 5000
SILENT_MS = 12_000
"""After this long a server that says nothing at all is told of; one that refuses is at once."""
GONE = "写了一半的意见还没有存进数据库，您写的都还在窗口里。"
WAY_OUT = "{error}恢复后自动存下，先不要关窗口。"
SILENT = "数据库没有应答。"
BACK = "数据库恢复了，写了一半的意见已经存好。"


class Place(NamedTuple):
    """Whose words about which row of which period."""

    period: int
    row_id: str
    by: str


class DraftSaving:
    """Puts words into the book, the newest of each place; tells once when it can't be done."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._book: Book | None = None
        """Whose words they are; with a book that is closed they go."""
        self._lock = Lock()
        self._waiting: dict[Place, str | None] = {}
        """Words that are not in the book yet; None: to be taken out of it."""
        self._under_way: dict[Place, str | None] = {}
        """What is being written just now."""
        self._at_work = self._gone = False
        self._job: Job | None = None

    def put(self, row_id: str, by: str, text: str | None) -> bool:
        """Words about a row, or None for no more; False when a file refused them."""
        book = self.desk.book
        place = Place(book.period.id, row_id, by)
        if book.on_server:
            with self._lock:
                if book is not self._book:
                    # With the book before its jobs have gone too, done or not.
                    self._book, self._waiting = book, {}
                    self._at_work = self._gone = False
                self._waiting[place] = text
            self._start(book)
            return True
        with self.desk.messages.guarded() as guard:
            _write(book, place, text)
        return guard.ok

    def waiting_of(self, by: str) -> dict[str, str | None]:
        """What the book does not hold yet of one person's words in this period, by row."""
        if self.desk.book is not self._book:
            return {}
        period = self.desk.book.period.id
        with self._lock:
            under_way = self._under_way | self._waiting
        return {
            place.row_id: text
            for place, text in under_way.items()
            if (place.period, place.by) == (period, by)
        }

    def settle(self) -> None:
        """Waits for a server, a few seconds at most; not for one that is known to be gone."""
        from concurrent.futures import wait

        if self._job is not None and self._job.future is not None and not self._gone:
            wait([self._job.future], timeout=SETTLE_SECONDS)

    def _start(self, book: Book) -> None:
        with self._lock:
            if self._at_work or not self._waiting:
                return
            self._at_work = True
        self._job = job = self.desk.worker.start(
            "存写了一半的意见",
            lambda _progress: self._work(book),
            lambda error: self._done(book, error),
            quiet=True,
        )
        QTimer.singleShot(SILENT_MS, self.desk, lambda: self._look_after(job))

    # ── in the worker

    def _work(self, book: Book) -> BookError | None:
        """Writes what waits, and what comes meanwhile; the error that stopped it."""
        from app.book.errors import BookError

        try:
            while self._next():
                [(place, text)] = self._under_way.items()
                _write(book, place, text)
        except BookError as error:
            with self._lock:
                # What was typed meanwhile is newer.
                self._waiting = self._under_way | self._waiting
            return error
        finally:
            with self._lock:
                self._under_way, self._at_work = {}, False
        return None

    def _next(self) -> bool:
        with self._lock:
            self._under_way = dict([self._waiting.popitem()]) if self._waiting else {}
            # Said here: what comes from now on starts a job of its own.
            self._at_work = bool(self._under_way)
            return self._at_work

    # ── in the window

    def _done(self, book: Book, error: BookError | None) -> None:
        if error is None:
            if self._gone:
                self.desk.messages.tell(BACK, kind="good")
            self._gone = False
            return
        self._tell_gone(str(error))
        QTimer.singleShot(RETRY_MS, self.desk, lambda: self._try_again(book))

    def _tell_gone(self, why: str) -> None:
        """Once, until the words are in the book."""
        if not self._gone:
            self.desk.messages.tell(GONE, WAY_OUT.format(error=why), kind="error")
        self._gone = True

    def _look_after(self, job: Job) -> None:
        """Tells of words that have been on their way too long; other work may be before them."""
        if job is self._job and not job.done and self._under_way:
            self._tell_gone(SILENT)

    def _try_again(self, book: Book) -> None:
        if self.desk.has_book and self.desk.book is book:
            self._start(book)


def _write(book: Book, place: Place, text: str | None) -> None:
    field = OPINION_DRAFT + place.by
    if text is None:
        book.clear_draft(place.row_id, field, place.period)
    else:
        book.save_draft(place.row_id, field, text, place.period)

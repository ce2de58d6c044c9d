"""Copies of the book that are made by themselves: at a day's first change and on closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui.desk import Desk
from app.ui.worker import Job, Progress

if TYPE_CHECKING:
    from app.book.book import Book


class Keeping(QObject):
    """Makes the dated copies off the window's thread; a failure is told once and blocks nothing."""

    def __init__(self, desk: Desk, today: Callable[[], date] = date.today) -> None:
        super().__init__()
        self.desk = desk
        self.today = today
        self.skip_next = False
        """Whether the next closing makes no copy: the book itself is being put away."""
        self._told = False
        self._day: date | None = None
        self._saved_at: datetime | None = None
        self._job: Job | None = None
        desk.book_opened.connect(self._opened)
        desk.saved.connect(self._saved)
        desk.book_left.connect(self._left)

    def finish(self) -> None:
        """Waits for the copy that is being made: the program ends."""
        if self._job is not None and self._job.future is not None:
            from concurrent.futures import wait

            wait([self._job.future])

    def _opened(self) -> None:
        self._told = False
        self._day = None
        self._saved_at = self.desk.book.saved_at

    def _saved(self, _moment: object) -> None:
        """The first change of a day; later ones are in the copy made on closing."""
        today, book = self.today(), self.desk.book
        if book.on_server:
            return  # whoever runs the server keeps its copies
        if self._day != today and book.saved_at != self._saved_at:
            self._day = today
            self._start(book.path, today, only_first=True)

    def _left(self, book: Book) -> None:
        skip = self.skip_next or book.on_server
        if not skip and book.saved_at != self._saved_at:
            self._start(book.path, self.today(), only_first=False)
        self.skip_next = False

    def _start(self, path: Path, day: date, *, only_first: bool) -> None:
        def work(_progress: Progress) -> str:
            return _made(path, day, only_first=only_first)

        self._job = self.desk.worker.start("每天的备份", work, self._done, quiet=True)

    def _done(self, fault: str) -> None:
        if fault and not self._told:
            self._told = True
            self.desk.messages.tell(
                f"今天的备份没有做成：{fault}",
                "账套照常保存。请用“文件—备份…”存到别处。",
                kind="warning",
            )


def _made(path: Path, day: date, *, only_first: bool) -> str:
    """Makes the copy; why not, where that can't be done."""
    from app.book.daily import has_copy_of, make_daily_copy
    from app.errors import KnownError, system_reason

    try:
        if not (only_first and has_copy_of(path, day)):
            make_daily_copy(path, day)
    except KnownError as error:
        return str(error)
    except OSError as error:
        return f"{system_reason(error)}。"
    return ""

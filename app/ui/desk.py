"""What every page shares: the open book, who works, and word of what has changed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from app.ui import remembered
from app.ui.look import Look
from app.ui.messages import Messages
from app.ui.new_row import NewRow
from app.ui.tally import Tally, taken
from app.ui.worker import Worker

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Period, Person
    from app.ui.union.draft_saving import DraftSaving

PROGRESS_DELAY_MS = 150
SEALED = "已经封印上报，不能改。确需修改的，先在“上报”页重新打开本期。"
DETERMINED = "联社已经认定，不能再改。新的情况记入下一期。"


def why_shut(period: Period) -> str:
    """Why nothing of a period can be changed; empty while it is open."""
    return {"open": "", "sealed": SEALED}.get(period.state, DETERMINED)


class Desk(QObject):
    """The working desk: one book at a time, one person at work."""

    book_opened = Signal()
    book_closed = Signal()
    book_left = Signal(object)
    """The book once it is closed: its file may be copied or moved."""
    backup_asked = Signal()
    backed_up = Signal()
    """A copy was made that somebody asked for."""
    period_left = Signal()
    """Somebody is about to choose another period: what he is typing belongs to this one."""
    period_changed = Signal()
    person_changed = Signal()
    people_changed = Signal()
    row_saved = Signal(str)
    """A row's id after one of its values was saved."""
    rows_changed = Signal(str)
    """A table's id after rows came or went; empty: any table."""
    progress_changed = Signal()
    chart_changed = Signal()
    """The chart of accounts has another subject, or one fewer."""
    subject_asked = Signal(str, str)
    """A code that the chart does not know, and the table it was met in, are to be looked after."""
    saved = Signal(object)
    page_asked = Signal(str)

    def __init__(self, look: Look, messages: Messages, worker: Worker, settings: QSettings) -> None:
        super().__init__()
        self.look = look
        self.messages = messages
        self.worker = worker
        self.settings = settings
        self._book: Book | None = None
        self.person: Person | None = None
        self.draft_saving: DraftSaving | None = None
        """Of a union: half-typed opinions on their way into the book."""
        self.unclean = False
        """Whether the book was not closed the last time: a crash, a power cut."""
        self.new_row = NewRow(self)
        self.tally = Tally()
        self._tallying = False
        self._progress_timer = QTimer(self)
        self._progress_timer.setSingleShot(True)
        self._progress_timer.setInterval(PROGRESS_DELAY_MS)
        self._progress_timer.timeout.connect(self._count_again)
        self.rows_changed.connect(lambda _table: self.renew_progress_soon())

    @property
    def book(self) -> Book:
        """The open book; there must be one."""
        if self._book is None:
            raise RuntimeError("no book is open")
        return self._book

    @property
    def has_book(self) -> bool:
        """Whether a book is open."""
        return self._book is not None

    @property
    def by(self) -> str:
        """The name of the person at work; empty while nobody is chosen."""
        return self.person.name if self.person else ""

    @property
    def writable(self) -> bool:
        """Whether rows can be changed: somebody works and the period is open."""
        return self.person is not None and self.book.period.state == "open"

    @property
    def place(self) -> Path:
        """The book's file; of one on a server the name under which its settings are kept."""
        return Path("/") / self.book.name if self.book.on_server else self.book.path.resolve()

    @property
    def folder(self) -> Path:
        """Where files about the book go while nobody chooses another place: beside it."""
        return remembered.book_folder(self.settings) if self.book.on_server else self.place.parent

    def open_book(self, path: Path) -> bool:
        """Opens a book for writing; an error is told and leaves the present one open."""
        from app.book.book import Book

        if self._book is not None and self.place == path.resolve():
            return True
        with self.messages.guarded() as guard:
            self.take(Book.open(path))
        return guard.ok

    def take(self, book: Book) -> None:
        """Makes a book that is open already the one on the desk."""
        self.close_book()
        self._book = book
        if not book.on_server:
            self.unclean = remembered.begin_work(self.settings, book.path)
            # Once the book is shown: writing a disk through takes its time.
            QTimer.singleShot(0, self.settings, self.settings.sync)
            remembered.add_recent(self.settings, book.path, book.institution.name)
        name = remembered.last_person(self.settings, self.place)
        people = book.people()
        first = [p for p in people if p.role == ("working_group" if book.is_union else "preparer")]
        self.person = next((p for p in people if p.name == name), None) or (
            first[0] if len(first) == 1 else None
        )
        self.tally = self._first_tally()
        self.book_opened.emit()
        self.person_changed.emit()
        self.renew_progress_soon()

    def _first_tally(self) -> Tally:
        """What can be counted at once; the rows of a whole county are left to the worker."""
        return Tally() if self.book.is_union else Tally(self.book.progress())

    def close_book(self) -> None:
        """Closes the book, when one is open."""
        if self._book is None:
            return
        self.messages.clear()  # what was said is about this book
        book, self._book = self._book, None
        self.new_row.forget()
        self.person = None
        self.tally = Tally()
        self._progress_timer.stop()
        self.worker.drop_all()
        self._tallying = False
        self.book_closed.emit()
        book.close()
        self.unclean = False
        if not book.on_server:
            remembered.end_work(self.settings, book.path)
        self.book_left.emit(book)

    def choose_person(self, name: str) -> None:
        """Sets who works from now on; nobody for an empty name."""
        self.person = self.book.person(name) if name else None
        remembered.set_last_person(self.settings, self.place, name)
        self.person_changed.emit()

    def choose_period(self, period_id: int) -> None:
        """Changes to another period of the book."""
        if period_id != self.book.period.id:
            self.period_left.emit()
            self.enter_period(period_id)

    def enter_period(self, period_id: int) -> None:
        """Goes to a period, also when the book has just made it its present one."""
        self.messages.clear()  # what was said is about the other period
        self.new_row.forget()
        self.book.select_period(period_id)
        self.tally = self._first_tally()
        self.period_changed.emit()
        self.renew_progress_soon()

    def need_person(self) -> bool:
        """Whether somebody works; if not, says what to do."""
        if self.person is None:
            self.messages.tell(
                "还没有选择由谁填报。", "请在右上角选择人员，再接着填。", kind="warning"
            )
        return self.person is not None

    def tell_saved(self) -> None:
        """Shows when the last change was saved."""
        moment: datetime | None = self.book.saved_at
        if moment is not None:
            self.saved.emit(moment)

    def row_was_saved(self, row_id: str) -> None:
        """Passes on that a row's values were saved."""
        self.tell_saved()
        self.row_saved.emit(row_id)
        self.renew_progress_soon()

    def rows_were_changed(self, table_id: str = "") -> None:
        """Passes on that rows came or went."""
        self.tell_saved()
        self.rows_changed.emit(table_id)

    def chart_was_changed(self) -> None:
        """Passes on that the chart knows other subjects; rows were judged again."""
        self.chart_changed.emit()
        self.rows_were_changed()

    def renew_progress_soon(self) -> None:
        """Counts again shortly; several changes in a row are counted once."""
        self._progress_timer.start()

    def _count_again(self) -> None:
        """Counts in the worker: with many rows it takes longer than a hand may wait."""
        if self._book is None:
            return
        if self._tallying:
            self._progress_timer.start()
            return
        self._tallying = True
        book = self._book

        def work(_progress: object) -> Tally:
            tally = taken(book)
            # Here nobody waits; else now and then a change would have to.
            book.store.put_away()
            return tally

        job = self.worker.start("计数", work, self._counted, quiet=True)
        job.ended.connect(self._counting_ended)

    def _counted(self, tally: Tally) -> None:
        self.tally = tally
        self.progress_changed.emit()

    def _counting_ended(self) -> None:
        self._tallying = False

"""The quiet reminder that no copy of the book has left the computer for a week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import remembered
from app.ui.desk import Desk
from app.ui.sign_line import SignLine

if TYPE_CHECKING:
    from app.book.book import Book

PATIENCE = timedelta(days=7)
WORDS = "{days}天没有把备份存到U盘或别的文件夹了。电脑坏了，这些天做的会丢。"
ACTION = "现在备份…"


def days_without_copy(book: Book, settings: QSettings, now: datetime) -> int | None:
    """How many days there is work of which no copy lies elsewhere; None within a week."""
    if book.on_server:
        return None  # whoever runs the server keeps its copies
    away = remembered.last_away(settings, book.path)
    if away is not None and (book.saved_at is None or book.saved_at <= away):
        return None
    since = away or remembered.first_seen(settings, book.path)
    if since is None:
        return None
    days = (now - since).days
    return days if days >= PATIENCE.days else None


class AwayLine(QWidget):
    """One line, there only when it has something to say."""

    def __init__(self, desk: Desk, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self.desk = desk
        self.now = now
        self.line: SignLine | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        desk.backed_up.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        """Looks again how long it has been."""
        if self.line is not None:
            self.line.hide()
            self.line.deleteLater()
            self.line = None
        desk = self.desk
        days = days_without_copy(desk.book, desk.settings, self.now()) if desk.has_book else None
        if days is not None:
            self.line = SignLine(desk.look, "warning", WORDS.format(days=days), ACTION)
            self.line.acted.connect(desk.backup_asked)
            self._layout.addWidget(self.line)
        self.setVisible(days is not None)

"""What the first form needs is read before somebody asks for it, off the window's thread."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.ui.worker import Progress, Worker

if TYPE_CHECKING:
    from app.book.book import Book

DELAY_MS = 400
"""After the first page: its paint comes first."""
MODULES = (
    "app.ui.form_view",
    "app.ui.office_session",
    "app.ui.evidence.paper_view",
    "app.ui.evidence_view",
    "app.ui.history_view",
    "app.ui.working_paper_view",
    "app.intake.pages",
    "pypinyin",
)


def warm_up_soon(worker: Worker, view: QObject, book: Book) -> None:
    """Warms up when the view has been painted; not at all when it goes before."""
    QTimer.singleShot(DELAY_MS, view, lambda: warm_up(worker, words=lambda: _words_of(book)))


def _words_of(book: Book) -> None:
    """The words of remarks, which the first form compares with its answers."""
    from app.intake.hints import remark_words

    remark_words(book.ruleset)


def warm_up(
    worker: Worker,
    modules: Sequence[str] = MODULES,
    *,
    words: Callable[[], None] = lambda: None,
) -> bool:
    """Starts to read modules, then words; False when all modules are there."""
    wanted = [name for name in modules if name not in sys.modules]
    if not wanted:
        return False

    def work(progress: Progress) -> None:
        for name in wanted:
            progress.check()
            import_module(name)
        words()

    worker.start("准备表单", work, lambda _nothing: None, quiet=True)
    return True

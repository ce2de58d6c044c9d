"""Begins the tour: the demonstration's book made anew, opened, and the guide beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.ui import remembered

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow
    from app.ui.worker import Progress


def start_tour(window: MainWindow) -> None:
    """Puts the own book away, if one is open; it comes back at the end."""
    if window.guide is not None:
        window.guide.show_step(0)
        return
    from app.ui.tour.guide import ON_SERVER, OWN

    before = _own_book(window)
    own = ON_SERVER if window.desk.has_book and window.desk.book.on_server else OWN
    if window.desk.has_book:
        window.do_close_book()
    folder = remembered.practice_folder()

    def work(progress: Progress) -> Path:
        from app.demo.practice import made_practice

        return made_practice(folder, progress)

    def ended() -> None:
        if window.guide is None and before is not None:
            window.open_book(before)

    job = window.worker.start("准备演示", work, lambda path: _begin(window, path, before, own))
    job.ended.connect(ended)


def _own_book(window: MainWindow) -> Path | None:
    """The book that is open, unless it lies on a server or is the demonstration's."""
    desk = window.desk
    if not desk.has_book or desk.book.on_server or remembered.is_practice(desk.book.path):
        return None
    return desk.book.path


def _begin(window: MainWindow, path: Path, before: Path | None, own: str) -> None:
    from app.ui.tour.guide import Guide

    remembered.forget_book(window.settings, path)
    window.open_book(path)
    if window.desk.has_book:
        window.guide = Guide(window, before, own=own)
        window.guide.begin()

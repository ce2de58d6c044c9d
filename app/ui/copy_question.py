"""A copy that is about to be opened as if it were the book: which one is meant?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout

from app.ui.ask import make_dialog
from app.ui.buttons import push_button

if TYPE_CHECKING:
    from app.book.book import Book
    from app.ui.main_window import MainWindow

TITLE = "这是一份备份"
TEXT = "“{file}”是账套“{book}”的备份。在备份里填的，不会进账套“{book}”。"
ITSELF, RESTORE, COPY = "打开账套", "恢复这份备份…", "照样打开备份"


def open_chosen(window: MainWindow, path: Path) -> bool:
    """Opens the book that was chosen by hand; True where it is a copy and a question stands.

    Whoever has said that he means this copy is not asked again before the program is closed.
    """
    from app.book.daily import book_of_copy

    book = None if path.resolve() in window.copies_meant else book_of_copy(path)
    if book is None:
        window.open_book(path)
    else:
        _ask(window, path, book)
    return book is not None


def title_of(book: Book) -> str:
    """What the window is called: a copy by its file too, lest it is taken for the book."""
    from app.book.daily import book_of_copy

    if book.on_server or book_of_copy(book.path) is None:
        return book.institution.name
    return f"{book.institution.name}（备份“{book.path.name}”）"


def _ask(window: MainWindow, path: Path, book: Path) -> QDialog:
    text = TEXT.format(file=path.name, book=book.stem)
    dialog = make_dialog(window, window.look, TITLE, text)

    def button(words: str, then: Callable[[], None], *, main: bool = False) -> QPushButton:
        made = push_button(words, main=main)
        made.clicked.connect(dialog.accept)
        made.clicked.connect(then)
        return made

    cancel = push_button("取消")
    cancel.clicked.connect(dialog.reject)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(button(ITSELF, lambda: window.open_book(book), main=True))
    row.addWidget(button(RESTORE, lambda: _restore(window, path, book)))
    row.addWidget(button(COPY, lambda: _open_copy(window, path)))
    row.addWidget(cancel)
    layout = dialog.layout()
    if isinstance(layout, QVBoxLayout):
        layout.addLayout(row)
    dialog.open()
    return dialog


def _open_copy(window: MainWindow, path: Path) -> None:
    window.copies_meant.add(path.resolve())
    window.open_book(path)


def _restore(window: MainWindow, path: Path, book: Path) -> None:
    """The book first: the copy can then be compared with it, and take its place."""
    window.open_book(book)
    window.do_restore_backup().choose(path)

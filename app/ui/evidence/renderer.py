"""Draws the pages of a file off the window's thread; only what was asked for last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.ui.worker import Job, Progress, Worker

if TYPE_CHECKING:
    from app.intake.pages import PagePicture, Pages
    from app.ui.messages import Messages

KEPT_BYTES = 96 << 20
"""How much of drawn pages is kept for turning back."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as it was asked for."""

    page: int
    width: int
    image: QImage


class PageRenderer(QObject):
    """One file at a time; a page that is no longer wanted is not drawn."""

    opened = Signal(int)
    """How many pages the file has, once it is open."""
    drawn = Signal(object)
    failed = Signal(str)

    def __init__(self, messages: Messages) -> None:
        super().__init__()
        # Of its own: a page is not to wait until an import is through.
        self.worker = Worker(messages)
        self._pages: Pages | None = None
        self._held: list[Pages] = []
        """Every file that is open, also one that nobody waits for any more."""
        self._file = 0
        self._jobs: list[Job] = []
        self._kept: dict[tuple[int, int], QImage] = {}

    def open(self, content: Callable[[], bytes], name: str) -> None:
        """Opens a file; `content` is called in the thread."""
        self.close()
        file = self._file

        def done(found: Pages | str) -> None:
            if isinstance(found, str):
                self._fail(file, found)
            elif file == self._file:
                self._pages = found
                self.opened.emit(found.count)
            else:
                self._let_go(found)

        def work(_progress: Progress) -> Pages | str:
            found = _opened(content, name)
            if not isinstance(found, str):
                self._held.append(found)
            return found

        # Never dropped: whatever was opened is to be closed.
        self.worker.start("读资料", work, done, quiet=True)

    def close(self) -> None:
        """Lets the file go; nothing of it comes any more."""
        self._file += 1
        self._drop_jobs()
        self._kept.clear()
        pages, self._pages = self._pages, None
        if pages is not None:
            self._let_go(pages)

    def stop(self) -> None:
        """Lets every file go and waits until nothing is being read: the book is closed."""
        self._pages = None
        self.close()
        self.worker.drop_all()
        while self._held:
            self._held.pop().close()

    def _drop_jobs(self) -> None:
        for job in self._jobs:
            job.drop()
        self._jobs = []

    def _let_go(self, pages: Pages) -> None:
        def work(_progress: Progress) -> None:
            self._held.remove(pages)
            pages.close()

        self.worker.start("关资料", work, lambda _none: None, quiet=True)

    def ask(self, page: int, width: int) -> None:
        """Asks for a page so many pixels wide; what was asked for before is no longer wanted."""
        pages, file = self._pages, self._file
        if pages is None:
            return
        kept = self._kept.get((page, width))
        if kept is not None:
            self.drawn.emit(Drawn(page, width, kept))
            return
        self._drop_jobs()

        def done(found: QImage | str) -> None:
            if isinstance(found, str):
                self._fail(file, found)
            elif file == self._file:
                self._keep((page, width), found)
                self.drawn.emit(Drawn(page, width, found))

        def work(_progress: Progress) -> QImage | str:
            return _drawn(pages, page, width)

        self._jobs = [self.worker.start("画资料", work, done, quiet=True)]

    def _fail(self, file: int, why: str) -> None:
        if file == self._file:
            self.failed.emit(why)

    def _keep(self, key: tuple[int, int], image: QImage) -> None:
        self._kept[key] = image
        held = sum(one.sizeInBytes() for one in self._kept.values())
        while len(self._kept) > 1 and held > KEPT_BYTES:
            held -= self._kept.pop(next(iter(self._kept))).sizeInBytes()


def _opened(content: Callable[[], bytes], name: str) -> Pages | str:
    """The file, or why it can't be read."""
    from app.errors import KnownError
    from app.intake.pages import open_pages

    try:
        return open_pages(content(), name)
    except KnownError as error:
        return str(error)


def _drawn(pages: Pages, page: int, width: int) -> QImage | str:
    from app.errors import KnownError

    try:
        return image_of(pages.picture(page, width))
    except KnownError as error:
        return str(error)


def image_of(picture: PagePicture) -> QImage:
    """A drawn page as Qt holds pictures, with pixels of its own."""
    whole = QImage(
        picture.content, picture.width, picture.height, picture.stride,
        QImage.Format.Format_RGB32,
    )  # fmt: skip
    # A copy of its own; the fourth byte, whatever it was, is to say opaque.
    opaque = whole.convertToFormat(QImage.Format.Format_ARGB32)
    opaque.reinterpretAsFormat(QImage.Format.Format_RGB32)
    return opaque

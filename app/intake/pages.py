"""The pages of a file as pictures: PDF and every kind of photo or scan, for looking at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from app.intake.photos import PHOTO_SUFFIXES, EvidenceFileError, on_white, opened_picture

if TYPE_CHECKING:
    from PIL.Image import Image

WIDEST = 3600
"""Pixels of the finest picture of a page; a larger zoom enlarges it."""
LONGEST = 4 * WIDEST
# PDFium knows one caller at a time.
_PDFIUM = Lock()


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page in pixels, four bytes each: blue, green, red, unused."""

    width: int
    height: int
    stride: int
    content: bytes


class Pages(Protocol):
    """An opened file."""

    count: int

    def size(self, page: int) -> tuple[float, float]:
        """Width and height of a page, counted from 0, in any unit."""
        ...

    def picture(self, page: int, width: int) -> PagePicture:
        """A page drawn so wide, at most `WIDEST`."""
        ...

    def close(self) -> None:
        """Lets the file go."""
        ...


def can_be_shown(name: str) -> bool:
    """Whether the name is one of a file whose pages can be looked at."""
    suffix = PurePath(name).suffix.lower()
    return suffix == ".pdf" or suffix in PHOTO_SUFFIXES


def open_pages(content: bytes, name: str) -> Pages:
    """Opens a file; EvidenceFileError in one clear line where that can't be done."""
    if PurePath(name).suffix.lower() == ".pdf":
        return _PdfPages(content, name)
    if can_be_shown(name):
        return _PicturePages(content, name)
    raise EvidenceFileError(f"“{name}”不能在这里显示，请用别的程序打开。")


def _fitting(width: float, height: float, wanted: int) -> tuple[int, int]:
    """The size in pixels: as wide as wanted, but not beyond what memory should hold."""
    across = max(1, min(wanted, WIDEST))
    down = max(1, round(across * height / width))
    if down > LONGEST:
        across, down = max(1, round(LONGEST * width / height)), LONGEST
    return across, down


class _PdfPages:
    """The pages of a PDF."""

    def __init__(self, content: bytes, name: str) -> None:
        import pypdfium2

        self._name = name
        self._error: type[Exception] = pypdfium2.PdfiumError
        with _PDFIUM:
            try:
                self._file: Any = pypdfium2.PdfDocument(content)
                # Before the first page: seals and filled-in fields are drawn only then.
                self._file.init_forms()
                self.count: int = len(self._file)
            except pypdfium2.PdfiumError as error:
                raise self._unreadable() from error
        if not self.count:
            raise self._unreadable()

    def _unreadable(self) -> EvidenceFileError:
        return EvidenceFileError(f"“{self._name}”读不出来：PDF已损坏，或有打开密码。")

    def size(self, page: int) -> tuple[float, float]:
        with _PDFIUM:
            try:
                width, height = self._file.get_page_size(page)
            except self._error as error:
                raise self._unreadable() from error
        return max(1.0, width), max(1.0, height)

    def picture(self, page: int, width: int) -> PagePicture:
        wide, high = self.size(page)
        across, _ = _fitting(wide, high, width)
        with _PDFIUM:
            try:
                drawn = self._file[page].render(scale=across / wide, prefer_bgrx=True)
            except self._error as error:
                raise self._unreadable() from error
            content = bytes(drawn.buffer)
            found = PagePicture(drawn.width, drawn.height, drawn.stride, content)
            drawn.close()
        return found

    def close(self) -> None:
        # Not left to the garbage collector, which may come in any thread at any time.
        with _PDFIUM:
            self._file.close()


def _shrunk(image: Image) -> Image:
    """Plain colours, no larger than ever shown; shrunk first wherever that can be."""
    if image.mode == "1":
        image = image.convert("L")
    if image.mode in ("RGB", "L", "CMYK"):
        image.thumbnail((WIDEST, LONGEST), reducing_gap=2.0)
    exif = image.getexif()
    plain = image.convert("RGB") if image.mode in ("RGB", "L", "CMYK") else on_white(image)
    plain.thumbnail((WIDEST, LONGEST))
    plain.info["exif"] = exif.tobytes()
    return plain


class _PicturePages:
    """A photo or scan, the pages of a many-page one."""

    def __init__(self, content: bytes, name: str) -> None:
        self._content = content
        self._name = name
        self._decoded: tuple[int, Image] | None = None
        with opened_picture(content, name) as image:
            self.count: int = getattr(image, "n_frames", 1)

    def size(self, page: int) -> tuple[float, float]:
        width, height = self._page(page).size
        return width, height

    def _page(self, page: int) -> Image:
        """The page upright; the last one is kept, so that zooming needs no decoding."""
        from PIL import ImageOps

        if self._decoded is None or self._decoded[0] != page:
            with opened_picture(self._content, self._name) as image:
                image.seek(page)
                self._decoded = (page, ImageOps.exif_transpose(_shrunk(image)))
        return self._decoded[1]

    def picture(self, page: int, width: int) -> PagePicture:
        image = self._page(page)
        across, down = _fitting(*image.size, width)
        drawn = image.resize((across, down), reducing_gap=2.0) if across < image.width else image
        content = drawn.tobytes("raw", "BGRX")
        return PagePicture(drawn.width, drawn.height, drawn.width * 4, content)

    def close(self) -> None:
        self._decoded = None

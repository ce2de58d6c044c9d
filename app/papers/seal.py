"""Stamps: the office's own scanned seal, or a drawn business stamp; and the accounting stamp."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING

from app.papers import wording
from app.papers.errors import PaperError
from app.papers.fonts import PaperFonts, text_width
from app.papers.pen import MM, Pen
from app.papers.spool import PaperFile

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

    from app.book.book import Book

RED = (0.78, 0.06, 0.10)
_DRAWN = (46 * MM, 24 * MM)
_LARGEST = 42 * MM
"""Side of the box that a scanned seal is fitted into: a round office seal's true size."""
_MOST_PIXELS = 1000
_WHITE_FROM = 215
"""Grey value from which a scanned pixel counts as paper."""
_SEAL_FORM = "OfficeSeal"
_PICTURE = "SealPicture"


class SealPictureError(PaperError):
    """The file is no picture of a seal that can be used."""


@dataclass(frozen=True)
class Stamp:
    """What an office stamps its papers with.

    Without a picture a plain business stamp is drawn; never a round official seal, and never the
    name of another body than the office itself.
    """

    office: str
    day: date
    seal_code: str
    picture: bytes | None = None
    """The office's own scanned seal (PNG, JPEG, …)."""

    @cached_property
    def scanned(self) -> Image | None:
        """The scanned seal with its paper made transparent."""
        return None if self.picture is None else clear_paper(self.picture)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        if self.scanned is None:
            return _DRAWN
        wide, high = self.scanned.size
        scale = _LARGEST / max(wide, high)
        return wide * scale, high * scale

    @cached_property
    def pdf(self) -> bytes:
        """The stamp as a PDF page of its own size: the picture of the signature."""
        out = BytesIO()
        file = PaperFile(out, title=self.office, author=self.office, created=None)
        pen = Pen(file, PaperFonts())
        put_stamp_form(file, pen, self)
        pen.draw_form(_SEAL_FORM)
        file.end_page(*self.size, pen.take())
        file.close()
        return out.getvalue()


def clear_paper(picture: bytes) -> Image:
    """A scanned seal cut to its edges, its paper transparent; SealPictureError if unusable."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(BytesIO(picture)) as opened:
            opened.thumbnail((_MOST_PIXELS, _MOST_PIXELS))
            scanned = ImageOps.exif_transpose(opened).convert("RGBA")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise SealPictureError(wording.SEAL_PICTURE_UNREADABLE) from error
    paper = scanned.convert("L").point(lambda grey: 255 if grey < _WHITE_FROM else 0)
    alpha = Image.composite(scanned.getchannel("A"), Image.new("L", scanned.size, 0), paper)
    box = alpha.getbbox()
    if box is None:
        raise SealPictureError(wording.SEAL_PICTURE_EMPTY)
    scanned.putalpha(alpha)
    return scanned.crop(box)


def take_seal_picture(book: Book, file: Path, *, by: str = "") -> None:
    """Makes a file the office's seal from now on; an error when it can't be used as one."""
    from app.book.seal_picture import need_small_picture, set_seal_picture

    need_small_picture(file.stat().st_size)
    picture = file.read_bytes()
    clear_paper(picture)
    set_seal_picture(book, picture, by=by)


def seal_preview(picture: bytes) -> bytes:
    """The scanned seal as papers will show it, as PNG."""
    out = BytesIO()
    clear_paper(picture).save(out, "PNG")
    return out.getvalue()


def put_stamp_form(file: PaperFile, pen: Pen, stamp: Stamp) -> str:
    """Writes the stamp as a form of the file; its name."""
    if not file.has_form(_SEAL_FORM):
        width, height = stamp.size
        if stamp.scanned is not None:
            file.put_image(_PICTURE, stamp.scanned)
            _in_form(file, pen, lambda p: p.draw_image(_PICTURE, 0, 0, width, height), stamp.size)
        else:
            _in_form(file, pen, lambda p: _draw_business_stamp(p, stamp), stamp.size)
    return _SEAL_FORM


def _in_form(
    file: PaperFile, pen: Pen, draw: Callable[[Pen], None], size: tuple[float, float]
) -> None:
    inner = Pen(file, pen.fonts)
    draw(inner)
    file.put_form(_SEAL_FORM, (0, 0, *size), inner.take())


def _draw_business_stamp(pen: Pen, stamp: Stamp) -> None:
    width, height = stamp.size
    pen.colour(*RED)
    pen.width(1.6)
    pen.round_box(1, 1, width - 2, height - 2, 7)
    pen.width(0.5)
    pen.round_box(3.2, 3.2, width - 6.4, height - 6.4, 5)
    day = f"{stamp.day.year}.{stamp.day.month:02}.{stamp.day.day:02}"
    _stamp_line(pen, stamp.office, width, 0.70 * height, 11.5, bold=0.25)
    _stamp_line(pen, wording.STAMP_NAME, width, 0.50 * height, 9.0, bold=0.2)
    _stamp_line(pen, day, width, 0.305 * height, 9.5, bold=0.2)
    _stamp_line(pen, stamp.seal_code, width, 0.135 * height, 7.0)


def _stamp_line(
    pen: Pen, text: str, width: float, y: float, size: float, *, bold: float = 0.0
) -> None:
    text = pen.fonts.prepare(text)
    room = width - 10 * 1.2
    size = min(size, size * room / max(text_width(text, size), 1))
    pen.centred(width / 2, y, text, size, bold=bold)


def draw_accounting_stamp(
    pen: Pen, left: float, bottom: float, *, office: str, name: str, day: date | None
) -> None:
    """The accountant's stamp on a working paper: office, what was done, who and when."""
    width, height = ACCOUNTING_SIZE
    fonts = pen.fonts
    pen.colour(*RED)
    pen.width(1.2)
    pen.round_box(left, bottom, width, height, 4)
    middle = left + width / 2
    lines = [
        (fonts.prepare(office), 0.735, 8.0),
        (wording.ACCOUNTING_STAMP, 0.475, 9.5),
        (fonts.prepare(f"{name}　{day.isoformat()}" if day else name), 0.17, 8.0),
    ]
    for text, share, size in lines:
        size = min(size, size * (width - 8) / max(text_width(text, size), 1))
        pen.centred(middle, bottom + share * height, text, size, bold=0.15)
    pen.width(0.4)
    pen.line(left, bottom + 0.42 * height, left + width, bottom + 0.42 * height)
    pen.colour(0, 0, 0)
    pen.width(0.5)


ACCOUNTING_SIZE = (40 * MM, 17 * MM)

"""What every printed page has: title block, foot with seal code, QR code and page x of y."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO

from app.papers import wording
from app.papers.fonts import PaperFonts, text_width
from app.papers.model import PaperHead, PaperResult, SealPlace
from app.papers.pen import MM, Pen
from app.papers.seal import Stamp, put_stamp_form
from app.papers.spool import PaperFile
from app.papers.text import wrap

A4_PORTRAIT = (595.28, 841.89)
A4_LANDSCAPE = (841.89, 595.28)
QR_SIZE = 12 * MM
FOOT = QR_SIZE + 2 * MM
_SEAL_ROOM = (46 * MM, 24 * MM)
_SEAL_ZONE = 101 * MM
_NAMES_HEIGHT = 9.5 * MM
_BLANK_OF_COLON = 0.45
"""The empty part behind a colon, as a share of its size: the seal's frame stands there."""
_BESIDE_SEAL = 1 * MM
_FOOT_SIZE = 7.0
_TOTAL_FORM = "PageTotal"
_QR_FORM = "QrCode"
_DRAFT_FORM = "Draft"
_DRAFT_SIZE = 130.0
_DRAFT_GREY = 0.91
"""Light enough to read small print over it, dark enough for a copier."""


@dataclass(frozen=True, slots=True)
class Margins:
    """White borders of a page in points."""

    left: float = 12 * MM
    right: float = 12 * MM
    top: float = 11 * MM
    bottom: float = 7 * MM


class Sheet:
    """One PDF paper while it is drawn: the file, the pen, and the page's furniture."""

    def __init__(
        self,
        out: BinaryIO,
        head: PaperHead,
        size: tuple[float, float],
        margins: Margins | None = None,
        *,
        title: str = "",
        stamp: Stamp | None = None,
    ) -> None:
        self.head = head
        self.stamp = stamp
        self.seal_size = stamp.size if stamp else _SEAL_ROOM
        self.title = title or head.title
        self.margins = margins or Margins()
        self.page_width, self.page_height = size
        self.left = self.margins.left
        self.right = self.page_width - self.margins.right
        self.width = self.right - self.left
        self.top = self.page_height - self.margins.top
        self.bottom = self.margins.bottom + FOOT
        name = " ".join(filter(None, (head.number, self.title, head.base_date.isoformat())))
        self.file = PaperFile(out, title=name, author=head.office, created=head.printed_at)
        self.fonts = PaperFonts()
        self.pen = Pen(self.file, self.fonts)
        self.page = 0
        self._last_behind = 0
        self.seal: SealPlace | None = None
        self.file.reserve_form(_TOTAL_FORM)
        self._is_draft = not head.seal_code and head.unsealed == wording.DRAFT
        if head.seal_code:
            self._draw_qr()
        elif self._is_draft:
            self._draw_draft()

    def prepare(self, text: str) -> str:
        """A text that the fonts can draw."""
        return self.fonts.prepare(text)

    def begin_page(self) -> float:
        """Starts a page; the height from which its contents may be drawn."""
        self.page += 1
        if self._is_draft:
            self.pen.draw_form(_DRAFT_FORM, self.page_width / 2, self.page_height / 2)
        return self.top

    def leave_front(self, pages: int) -> None:
        """Keeps the first page numbers for what is drawn last, before anything is drawn."""
        self.page = pages

    def begin_front(self) -> None:
        """Goes back to the first page: what is drawn from here on stands in front."""
        self._last_behind = self.page
        self.page = 0
        self.file.begin_front()

    def end_page(self) -> None:
        """Draws the foot and writes the page."""
        self._draw_foot()
        self.file.end_page(self.page_width, self.page_height, self.pen.take())

    def finish(self) -> None:
        """Writes what is known only now (the number of pages) and closes the file."""
        self.page = max(self.page, self._last_behind)
        self.pen.text(0, 2, wording.pages_in_all(self.page), _FOOT_SIZE)
        self.file.put_form(_TOTAL_FORM, (0, 0, 40 * MM, 10), self.pen.take())
        self.file.close()

    def result(self, path: Any) -> PaperResult:
        """What the writer reports about the finished file."""
        return PaperResult(path, self.page, self.seal, self.fonts.missing)

    # The title block

    def draw_title(
        self, y: float, *, title: str = "", size: float = 15.0, continued: bool = False
    ) -> float:
        """The title in the middle, the table's number left of it; returns what is left below."""
        text = self.prepare((title or self.title) + (wording.CONTINUED if continued else ""))
        middle = (self.left + self.right) / 2
        number = self.prepare(self.head.number)
        room = self.width - 2 * (text_width(number, 10.5) + 4 * MM)
        lines = wrap(text, room, size)
        self.pen.text(self.left, y - 10, number, 10.5)
        for line in lines:
            self.pen.centred(middle, y - size, line, size, bold=0.35)
            y -= size * 1.35
        return y - 2.5 * MM

    def draw_subtitle(self, y: float, size: float = 9.0, label: str = wording.OFFICE) -> float:
        """Office left, base date and unit right."""
        head = self.head
        office = wording.labelled(label, head.office)
        if head.institution_code:
            office += f"（{head.institution_code}）"
        day = wording.labelled(wording.BASE_DATE, wording.date_words(head.base_date))
        right = f"{day}　　{wording.labelled(wording.UNIT, head.unit)}"
        room = self.width - text_width(right, size) - 6 * MM
        lines = wrap(self.prepare(office), room, size)
        self.pen.flush_right(self.right, y - size, right, size)
        for line in lines:
            self.pen.text(self.left, y - size, line, size)
            y -= size * 1.4
        return y - 1.2 * MM

    def _draw_draft(self) -> None:
        """Across the middle of each page, under what is printed there: nobody hands that in."""
        width, size = text_width(wording.DRAFT_MARK, _DRAFT_SIZE), _DRAFT_SIZE
        self.pen.colour(_DRAFT_GREY, _DRAFT_GREY, _DRAFT_GREY)
        self.pen.centred(0, -size * 0.4, wording.DRAFT_MARK, size)
        box = (-width / 2, -size, width / 2, size)
        self.file.put_form(_DRAFT_FORM, box, self.pen.take())

    # The foot

    def _draw_qr(self) -> None:
        head = self.head
        parts = ("WUJI", head.seal_code, head.institution_code, head.base_date.isoformat())
        places = qr_blocks("|".join([*parts, head.table_id]), QR_SIZE)
        self.pen.blocks(places)
        self.file.put_form(_QR_FORM, (0, 0, QR_SIZE, QR_SIZE), self.pen.take())

    def _draw_foot(self) -> None:
        pen, head, base = self.pen, self.head, self.margins.bottom
        middle = (self.left + self.right) / 2
        if head.seal_code:
            pen.draw_form(_QR_FORM, self.left, base)
            beside = self.left + QR_SIZE + 2 * MM
            pen.text(beside, base + QR_SIZE / 2 + 1.5, f"{wording.SEAL_CODE}", _FOOT_SIZE)
            pen.text(beside, base + QR_SIZE / 2 - 8.5, self.prepare(head.seal_code), 8.5)
        else:
            pen.text(self.left, base + 2, head.unsealed, _FOOT_SIZE)
        pen.flush_right(middle - 2, base + 2, wording.page_of(self.page), _FOOT_SIZE)
        pen.draw_form(_TOTAL_FORM, middle + 4, base)
        self._draw_foot_right(base)

    def _draw_foot_right(self, base: float) -> None:
        head = self.head
        if head.printed_at is not None:
            printed = f"{wording.PRINTED} {wording.moment_words(head.printed_at)}"
            self.pen.flush_right(self.right, base + 2, printed, _FOOT_SIZE)
        if head.ruleset_title:
            basis = wording.labelled(wording.BASIS, head.ruleset_title)
            room = self.width * 0.6  # a line of its own; the seal code left of it is short
            y = base + 12
            for line in reversed(wrap(self.prepare(basis), room, _FOOT_SIZE)):
                self.pen.flush_right(self.right, y, line, _FOOT_SIZE)
                y += _FOOT_SIZE * 1.3

    # The line for names, seal and date

    def draw_signatures(self, y: float, size: float = 9.5) -> float:
        """Filler, checker, head, the office's seal and the date; notes where the seal belongs."""
        if self._narrow:
            y -= _NAMES_HEIGHT
            self._draw_names(y, self.width / 3, size)
        y -= self.seal_size[1] / 2 + 2.5 * MM
        if not self._narrow:
            self._draw_names(y, (self.width - _SEAL_ZONE) / 3, size)
        zone = self.right - _SEAL_ZONE
        printed = self.head.printed_at
        day = wording.date_words(printed.date()) if printed else wording.NO_DATE
        label = wording.labelled(wording.OFFICE_SEAL, "")
        self.pen.text(zone, y, label, size)
        # Pressed on the line right behind its label: its frame runs through no word.
        left = zone + text_width(label, size) - _BLANK_OF_COLON * size
        self.place_seal(left + _SEAL_ROOM[0] / 2, y + size * 0.4)
        date_at = left + _SEAL_ROOM[0] + _BESIDE_SEAL
        self.pen.text(date_at, y, wording.labelled(wording.SEAL_DATE, day), size)
        return y - self.seal_size[1] / 2

    def _draw_names(self, y: float, step: float, size: float) -> None:
        head = self.head
        places = [(wording.FILLER, head.filler), (wording.CHECKER, head.checker)]
        places.append((wording.HEAD, head.head))
        for index, (label, name) in enumerate(places):
            text = self.prepare(wording.labelled(label, name))
            for row, line in enumerate(wrap(text, step - 2 * MM, size)):
                self.pen.text(self.left + index * step, y - row * size * 1.3, line, size)

    @property
    def _narrow(self) -> bool:
        """Whether names and seal need a line each (upright paper)."""
        return self.width < 220 * MM

    @property
    def signature_height(self) -> float:
        """Room for the line of names, seal and date; the seal never reaches what is above it."""
        return self.seal_size[1] + 3 * MM + (_NAMES_HEIGHT if self._narrow else 0)

    def place_seal(self, middle: float, height: float) -> None:
        """Puts the office's seal around a point of this page.

        The first one becomes the picture of the digital signature, which is added later; the
        others are drawn.
        """
        width, high = self.seal_size
        left, bottom = middle - width / 2, height - high / 2
        if self.seal is None:
            self.seal = SealPlace(self.page - 1, left, bottom, left + width, bottom + high)
        elif self.stamp is not None:
            self.pen.draw_form(put_stamp_form(self.file, self.pen, self.stamp), left, bottom)


@lru_cache(maxsize=64)
def qr_blocks(text: str, size: float) -> list[tuple[float, float, float, float]]:
    """The dark boxes of a QR code in a square of that size."""
    from reportlab.graphics.barcode.qr import QrCodeWidget

    widget = QrCodeWidget(text, barLevel="M", barBorder=0, barWidth=size, barHeight=size)
    boxes = widget.draw().contents[1:]  # the first is the background
    return [(box.x, box.y, box.width, box.height) for box in boxes]

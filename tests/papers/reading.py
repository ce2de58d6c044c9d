"""Reading finished PDFs back, as the tests need it: text, positions, bookmarks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from app.papers.model import SealPlace


@dataclass(frozen=True)
class Glyph:
    """One character of a page and its box in points from the lower left."""

    char: str
    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, left: float, bottom: float, right: float, top: float) -> bool:
        """Whether the character and a box share any area."""
        return self.left < right and self.right > left and self.bottom < top and self.top > bottom


def outside(path: Path, box: tuple[float, float, float, float]) -> list[Glyph]:
    """Every character of the document that reaches beyond a box (left, bottom, right, top)."""
    left, bottom, right, top = box
    with pypdfium2.PdfDocument(path) as document:
        count = len(document)
    return [
        glyph
        for page in range(count)
        for glyph in glyphs(path, page)
        if glyph.left < left or glyph.right > right or glyph.bottom < bottom or glyph.top > top
    ]


def page_texts(path: Path) -> list[str]:
    """The text of each page, without line breaks and blanks (cells wrap anywhere)."""
    with pypdfium2.PdfDocument(path) as document:
        texts = []
        for page in document:
            texts.append("".join(page.get_textpage().get_text_bounded().split()))
        return texts


def glyphs(path: Path, page: int) -> list[Glyph]:
    """Every visible character of a page with its place."""
    with pypdfium2.PdfDocument(path) as document:
        text = document[page].get_textpage()
        found = []
        for index in range(text.count_chars()):
            char = chr(raw.FPDFText_GetUnicode(text, index))
            if char.isspace() or not char.isprintable():
                continue
            found.append(Glyph(char, *text.get_charbox(index)))
        return found


def need_seal_on_its_line(path: Path, seal: SealPlace | None) -> None:
    """Fails unless the seal stands right behind its label, on its line, and cuts no character."""
    assert seal is not None
    found = glyphs(path, seal.page)
    box = (seal.left, seal.bottom, seal.right, seal.top)
    assert not [glyph.char for glyph in found if glyph.overlaps(*box)]
    line = [g for g in found if seal.bottom < g.bottom and g.top < seal.top]
    before = "".join(g.char for g in line if g.right <= seal.left)
    after = "".join(g.char for g in line if g.left >= seal.right)
    assert before.endswith("单位公章：")
    assert after.startswith("日期：")


def page_sizes(path: Path) -> list[tuple[int, int]]:
    """Width and height of each page in whole points."""
    with pypdfium2.PdfDocument(path) as document:
        return [tuple(round(side) for side in page.get_size()) for page in document]


def bookmarks(path: Path) -> list[tuple[str, int]]:
    """Title and page (from 0) of each line of the outline."""
    with pypdfium2.PdfDocument(path) as document:
        found = []
        for item in document.get_toc():
            destination = item.get_dest()
            assert destination is not None
            found.append((item.get_title(), destination.get_index()))
        return found

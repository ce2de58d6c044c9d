"""The two Chinese fonts of the papers: widths, which font has a character, and what neither has."""

from __future__ import annotations

import gc
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from reportlab.pdfbase import pdfmetrics, ttfonts

from app.papers.model import MissingCharacter
from app.resources import resource_path

MAIN = "WujiSerif"
SPARE = "WujiHan"
_FILES = {
    MAIN: "NotoSerifSC-Regular-GB2312-TGH.ttf",
    SPARE: "NotoSansSC-Regular-all-hanzi.ttf",
}
_CONTEXT = 40
ONE_PAD = 43
"""Thousandths added before and after the figure 1, the only narrow one: figures then line up."""


def to_unicode_map(font_name: str, subset: list[int]) -> str:
    """A ToUnicode CMap whose characters beyond the BMP are UTF-16 pairs, as PDF demands.

    ReportLab writes their bare code point, so that 𬀩 is found and copied as two other characters.
    """
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>",
        "endcodespacerange",
    ]
    pairs = [f"<{i:02X}> <{_utf16(code)}>" for i, code in enumerate(subset)]
    for start in range(0, len(pairs), 100):  # the CMap format allows a hundred in a block
        block = pairs[start : start + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


def _utf16(code: int) -> str:
    return chr(code).encode("utf-16-be").hex().upper()


ttfonts.makeToUnicodeCMap = to_unicode_map


@cache
def load_font(name: str) -> Any:
    """The registered ReportLab font of that name, read once in a process."""
    collecting = gc.isenabled()
    gc.disable()  # parsing makes 100,000 small objects that all stay
    try:
        font = ttfonts.TTFont(name, str(resource_path("fonts", _FILES[name])))
    finally:
        if collecting:
            gc.enable()
    pdfmetrics.registerFont(font)
    return font


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line that one font can draw."""

    font: str
    text: str


class _Widths(dict[str, int]):
    """Advance widths in thousandths of the size, by character, filled as they are asked for."""

    def __missing__(self, character: str) -> int:
        code = ord(character)
        face = load_font(MAIN).face
        if code not in face.charToGlyph:
            face = load_font(SPARE).face
        width: int = round(face.charWidths.get(code, face.defaultWidth))
        width += 2 * ONE_PAD if character == "1" else 0
        self[character] = width
        return width


_WIDTHS = _Widths()


@cache
def main_characters() -> frozenset[str]:
    """Every character of the main font."""
    return frozenset(map(chr, load_font(MAIN).face.charToGlyph))


@cache
def spare_characters() -> frozenset[str]:
    """Every character of the spare font; asking loads it (10 MB)."""
    return frozenset(map(chr, load_font(SPARE).face.charToGlyph))


def text_width(text: str, size: float) -> float:
    """Width in points of a prepared text."""
    return sum(map(_WIDTHS.__getitem__, text)) * size / 1000


_NEW_LINES = str.maketrans({"\r": "\n", "\v": "\n", "\f": "\n", "\u2028": "\n", "\u2029": "\n"})
_BLANKS = frozenset("\t\u2002\u2009\u202f")


def _is_variation_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


class PaperFonts:
    """Prepares the texts of one paper and remembers the characters that no font has."""

    def __init__(self) -> None:
        self._missing: dict[str, str] = {}
        self._prepared: dict[str, str] = {}
        self._main = main_characters()

    @property
    def missing(self) -> tuple[MissingCharacter, ...]:
        """The characters that were written as 〔U+…〕 instead, in the order they were met."""
        return tuple(MissingCharacter(char, text) for char, text in self._missing.items())

    def prepare(self, text: str) -> str:
        """The text as it can be drawn; what no font has becomes 〔U+…〕 and is reported."""
        found = self._prepared.get(text)
        if found is None:
            found = text if self._main.issuperset(text) else self._repair(text)
            if len(self._prepared) > 20_000:
                self._prepared.clear()
            self._prepared[text] = found
        return found

    def _repair(self, text: str) -> str:
        text = text.replace("\r\n", "\n").translate(_NEW_LINES)
        return "".join(self._drawable(char, text) for char in text)

    def _drawable(self, char: str, text: str) -> str:
        if char == "\n" or char in self._main:
            return char
        if char in _BLANKS:
            return " "
        if unicodedata.category(char) in ("Cc", "Cf") or _is_variation_selector(char):
            return ""  # invisible
        if char in spare_characters():
            return char
        place = text.find(char)
        self._missing.setdefault(char, text[max(0, place - _CONTEXT) : place + _CONTEXT])
        return f"〔U+{ord(char):04X}〕"

    def runs(self, text: str) -> list[Run]:
        """The prepared text cut where the font changes."""
        if self._main.issuperset(text):
            return [Run(MAIN, text)]
        runs: list[Run] = []
        for char in text:
            font = MAIN if char in self._main else SPARE
            if runs and runs[-1].font == font:
                runs[-1] = Run(font, runs[-1].text + char)
            else:
                runs.append(Run(font, char))
        return runs

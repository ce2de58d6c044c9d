"""What each line under a listing's head is: an asset, a total, a heading, a repeated head …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from app.intake.cells import Cell, cell_text, is_blank, squeezed, word_key
from app.intake.columns import ColumnMatch
from app.intake.synonyms import TableVocabulary
from app.intake.types import Origin

LineKind = Literal["blank", "data", "head", "subtotal", "total", "carried", "footer", "heading"]

_IDENTITY = ("asset_no", "formed_on")
"""Columns that are empty in the line of a total."""
_LONGEST_LABEL = 16
_NUMBERS = re.compile(r"[\d/.:\-\s]+")
_BRACKETED = re.compile(r"[(\[].*?[)\]]$")


class LineSorter:
    """Tells the lines of one listing apart."""

    def __init__(
        self, origin: Origin, mapping: Sequence[ColumnMatch], vocabulary: TableVocabulary
    ) -> None:
        sheet, block = origin.sheet, origin.block
        general = vocabulary.general.synonyms
        self.template = origin.template
        self.totals = frozenset(map(word_key, general.totals))
        self.subtotals = frozenset(map(word_key, general.subtotals))
        self.carried = tuple(map(word_key, general.carried))
        self.footers = tuple(map(squeezed, general.footers))
        self.pages = tuple(general.pages)
        fields = vocabulary.definition.fields
        self.keys = frozenset(fields)
        self.identity = [m.column for m in mapping if m.field in _IDENTITY]
        self.money = [m.column for m in mapping if m.field and fields[m.field].type == "money"]
        self.heads = [_words(sheet.rows[row]) for row in range(block.first, block.end)]
        self.titles = frozenset(
            word for row in sheet.rows[: block.first] for word in _words(row).values()
        )

    def kind(self, row: Sequence[Cell]) -> LineKind:
        """What the line is."""
        filled = [column for column, cell in enumerate(row) if not is_blank(cell)]
        if not filled:
            return "blank"
        first = row[filled[0]]
        if not isinstance(first, str):
            return "data"
        label = _label(first)
        total = self._total(label, row, filled[0])
        if total:
            return total
        if self.template:
            return "data"
        if self._repeats_head(row, filled):
            return "head"
        if self._is_footer(label) and all(is_blank(row[c]) for c in self.money if c < len(row)):
            return "footer"
        return "heading" if len(filled) == 1 else "data"

    def _total(self, label: str, row: Sequence[Cell], place: int) -> LineKind | None:
        if len(label) > _LONGEST_LABEL:
            return None
        key = word_key(label)
        kind = self._total_word(key)
        if kind and any(
            column != place and column < len(row) and not is_blank(row[column])
            for column in self.identity
        ):
            return None
        return kind

    def _total_word(self, key: str) -> LineKind | None:
        if key in self.subtotals or (not self.template and key.endswith("小计")):
            return "subtotal"
        if key in self.totals:
            return "total"
        if self.template:
            return None
        if key.startswith(self.carried):
            return "carried"
        if key.endswith(("合计", "总计")):
            return "subtotal"
        return "total" if key.startswith(("合计", "总计")) else None

    def series(self, label: str) -> str:
        """The series of totals a label belongs to: 营业用房小计 and 小计 are of one."""
        key = word_key(_label(label))
        return key if key in self.subtotals or key in self.totals else key[-2:]

    def _repeats_head(self, row: Sequence[Cell], filled: Sequence[int]) -> bool:
        """A head printed again on the next page, its title, or the template's hidden keys."""
        words = _words(row)
        if words and all(word in self.titles for word in words.values()):
            return True
        if len(filled) > 1 and all(word in self.keys for word in words.values()):
            return True
        counts = (sum(head.get(c) == w for c, w in words.items()) for head in self.heads)
        same = max(counts, default=0)
        return len(filled) > 1 and same * 3 >= len(filled) * 2

    def _is_footer(self, label: str) -> bool:
        plain = _NUMBERS.sub("", label)
        return (
            plain in self.footers
            or plain.startswith(self.pages)
            or any(label.startswith(f"{word}:") for word in _with_person(self.footers))
        )


def _with_person(words: Iterable[str]) -> Iterable[str]:
    """制表 also as 制表人."""
    for word in words:
        yield word
        yield f"{word}人"


def _label(text: str) -> str:
    return _BRACKETED.sub("", squeezed(text).rstrip(":")) if text else ""


def _words(row: Sequence[Cell]) -> dict[int, str]:
    """The texts of a row by column, for comparing."""
    return {c: squeezed(cell_text(cell)) for c, cell in enumerate(row) if not is_blank(cell)}

"""Widths of a sheet's columns and heights of its rows, so that nothing is cut or shown as ####."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from app.forms.schema import FieldType
from app.papers.grid import HeaderCell, header_cells, header_depth
from app.papers.model import PaperColumn

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

WHOLE: frozenset[FieldType] = frozenset(("money", "rate", "date", "int"))
"""Kinds whose cells do not wrap."""
_MILLIMETRES = 2.4
"""Of the printed width in one unit of column width; rows grow higher where that is narrow."""
_LONG_MILLIMETRES = 1.3
_LEAST, _WIDEST = 5.0, 60.0
_SMALLER = 0.86
"""A letter of nine points in units of column width, with some room for how lines end."""
_LINE, _ROW_PAD = 12.0, 5.0
_LEAST_HEIGHT = 17.0
_HIGHEST = 400.0
"""Spreadsheets refuse rows above 409 points."""


class SheetFit:
    """Chooses widths from the definition and the longest figures, heights from the texts."""

    def __init__(self, columns: Sequence[PaperColumn]) -> None:
        self.columns = columns
        self._longest = [0] * len(columns)

    def see(self, index: int, text: str) -> None:
        """Takes in one cell."""
        if len(text) > self._longest[index] and self.columns[index].kind in WHOLE:
            self._longest[index] = len(text)

    def widths(self) -> list[float]:
        """Widths of the columns; final only when all cells were seen."""
        return [
            max(_defined_width(column), length + 2 if length else 0)
            for column, length in zip(self.columns, self._longest, strict=True)
        ]

    def height(self, texts: Sequence[str]) -> float:
        """The height that a row of these texts needs."""
        lines = 1
        for column, text in zip(self.columns, texts, strict=True):
            # Short texts fit into every column; most cells are spared the arithmetic.
            if len(text) > 2 and column.kind not in WHOLE:
                lines = max(lines, _lines(text, _defined_width(column)))
        return _height(lines)

    def header_heights(self) -> list[float]:
        """The heights of the header's rows."""
        widths, depth = self.widths(), header_depth(self.columns)
        lines = [1] * depth
        cells = sorted(header_cells(self.columns), key=lambda cell: cell.rows)
        for cell in cells:
            room = sum(widths[cell.column : cell.column + cell.columns])
            self._make_room(lines, cell, _lines(cell.text, room))
        return [_height(count) for count in lines]

    @staticmethod
    def _make_room(lines: list[int], cell: HeaderCell, needed: int) -> None:
        lack = needed - sum(lines[cell.row : cell.row + cell.rows])
        lines[cell.last_row] += max(0, lack)

    def apply(self, sheet: Worksheet) -> None:
        """Sets the widths of the sheet's columns."""
        for index, width in enumerate(self.widths()):
            sheet.set_column(index, index, width)


def _defined_width(column: PaperColumn) -> float:
    """The width by the definition; long texts get more, so that rows stay low."""
    share = _LONG_MILLIMETRES if column.kind == "long" else _MILLIMETRES
    return max(_LEAST, min(_WIDEST, column.width / share))


def set_height(sheet: Worksheet, row: int, height: float) -> None:
    """Sets a row's height and forgets the rows written before, so that memory stays flat."""
    sheet.set_row(row, height)
    for kept in (sheet.row_info, sheet.row_sizes):
        kept.pop(row - 2, None)


def _height(lines: int) -> float:
    return min(_HIGHEST, max(_LEAST_HEIGHT, lines * _LINE + _ROW_PAD))


@lru_cache(maxsize=20_000)
def _lines(text: str, room: float) -> int:
    return sum(max(1, math.ceil(_units(part) * _SMALLER / room)) for part in text.split("\n"))


def _units(text: str) -> int:
    """Half-widths: a Chinese character counts two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)

"""Cells and sheets as listings hold them, with addresses, and the shared ways to look at a cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Literal


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell whose value the file does not hold: an error value or a formula never computed."""

    shown: str
    formula: bool = False

    def __str__(self) -> str:
        return self.shown


Cell = str | int | float | bool | date | datetime | time | timedelta | BadCell
Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 0."""
FileKind = Literal["xlsx", "xls", "ods", "csv"]

UNCOMPUTED = "公式"


@dataclass(slots=True)
class Sheet:
    """One sheet: its cells from A1 on (an empty cell is the empty text), merged areas, origin."""

    name: str
    rows: list[list[Cell]]
    file: str = ""
    kind: FileKind = "xlsx"
    hidden: bool = False
    merged: tuple[Area, ...] = ()
    _width: int = field(default=-1, repr=False)

    @property
    def width(self) -> int:
        """How many columns the widest row has."""
        if self._width < 0:
            self._width = max(map(len, self.rows), default=0)
        return self._width

    def cell(self, row: int, column: int) -> Cell:
        """The cell, empty when it lies outside."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]


def column_name(column: int) -> str:
    """The letters of a column counted from 0: 0 → A, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The column counted from 0 of its letters: A → 0, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def address(row: int, column: int) -> str:
    """The address as spreadsheets write it, of row and column counted from 0."""
    return f"{column_name(column)}{row + 1}"


def number_text(number: float) -> str:
    """A number as a person would write it: no exponent, no needless zeros."""
    if not isfinite(number):
        return str(number)
    if number == int(number):
        return str(int(number))
    return f"{Decimal(repr(number)):f}"


def cell_text(cell: Cell) -> str:
    """The cell as text, outer blanks gone."""
    match cell:
        case str():
            return cell.strip()
        case bool():
            return "是" if cell else "否"
        case float():
            return number_text(cell)
        case datetime():
            return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """Whether there is nothing in the cell."""
    return type(cell) is str and (not cell or cell.isspace())


def is_blank_row(row: Sequence[Cell]) -> bool:
    """Whether there is nothing in the row."""
    return row.count("") == len(row) or all(map(is_blank, row))


def squeezed(text: str) -> str:
    """The text for comparing words: half-width, no blanks at all."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def word_key(text: str) -> str:
    """The text for comparing heads and answers: half-width lower-case letters and digits alone."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).lower()))


_OWN_UNIT = re.compile(r"[(\[【](?:单位:?)?(?:人民币)?([百千]?万?亿?元|%|年|月|天)[)\]】]$")


def without_unit(head: str) -> tuple[str, str]:
    """A head without blanks and without the unit in brackets at its end, and that unit."""
    plain = squeezed(head)
    unit = _OWN_UNIT.search(plain)
    return (plain[: unit.start()], unit.group(1)) if unit else (plain, "")


_HALF_WIDTH = {ord(c) + 0xFEE0: c for c in "0123456789"} | {
    ord(c) + 0xFEE0: c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
}


def plain_letters(text: str) -> str:
    """The text with full-width digits and letters half-width, so that a search finds them."""
    return text.translate(_HALF_WIDTH)

"""Where a listing's head stands, what its columns are called, what the lines above it say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.intake.cells import (
    Cell,
    Sheet,
    address,
    cell_text,
    is_blank,
    squeezed,
    without_unit,
    word_key,
)
from app.intake.dates import date_in_title
from app.intake.messages import IntakeError

_SEARCHED_ROWS = 60
"""A head stands among the first rows that hold something."""
_HIGHEST_HEAD = 4

_UNIT = re.compile(r"单位:?(?:人民币)?([百千]?万?亿?元)")


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """The head of one column: its words from the outermost group down, its own unit."""

    column: int
    row: int
    """The lowest row that holds a word of it."""
    words: tuple[str, ...]
    unit: str = ""

    @property
    def printed(self) -> str:
        """The head as a person reads it."""
        return " ".join(self.words)

    @property
    def address(self) -> str:
        """The cell that holds the column's own word."""
        return address(self.row, self.column)

    def known_as(self) -> Iterator[str]:
        """What the head may be known by: the whole path, then ever fewer groups."""
        for start in range(len(self.words)):
            yield word_key("".join(self.words[start:]))


@dataclass(frozen=True, slots=True)
class HeadBlock:
    """The rows of a head and the columns it names."""

    first: int
    height: int
    columns: tuple[ColumnHead, ...]

    @property
    def end(self) -> int:
        """The first row below."""
        return self.first + self.height


def head_blocks(sheet: Sheet) -> Iterator[HeadBlock]:
    """Everything that could be a head, from the top on, the lower blocks first."""
    seen = 0
    for row, cells in enumerate(sheet.rows):
        filled = sum(1 for cell in cells if not is_blank(cell))
        seen += bool(filled)
        if seen > _SEARCHED_ROWS:
            return
        if filled < 2:
            continue
        for height in range(1, _HIGHEST_HEAD + 1):
            if row + height > len(sheet.rows) or not _may_be_head(sheet.rows[row + height - 1]):
                break
            yield HeadBlock(row, height, _columns(sheet, row, height))


def _may_be_head(cells: Sequence[Cell]) -> bool:
    """Heads are words; a row with numbers or dates is one of the listing's own."""
    return all(isinstance(cell, str) for cell in cells) and not all(map(is_blank, cells))


def _columns(sheet: Sheet, first: int, height: int) -> tuple[ColumnHead, ...]:
    grid = [_spread(sheet, row, row == first + height - 1) for row in range(first, first + height)]
    heads = []
    for column in range(sheet.width):
        found: list[tuple[int, str]] = []
        for offset, line in enumerate(grid):
            word = line[column]
            if word and (not found or found[-1][1] != word):
                found.append((first + offset, word))
        if found:
            words, units = zip(*(without_unit(word) for _, word in found), strict=True)
            heads.append(ColumnHead(column, found[-1][0], words, units[-1]))
    return tuple(heads)


def _spread(sheet: Sheet, row: int, lowest: bool) -> list[str]:
    """The words of a head row; a group's word stands over all its columns."""
    words = [" ".join(cell_text(sheet.cell(row, c)).split()) for c in range(sheet.width)]
    areas = [area for area in sheet.merged if area[0] <= row <= area[2]]
    if areas:
        for area in areas:
            word = " ".join(cell_text(sheet.cell(area[0], area[1])).split())
            words[area[1] : area[3] + 1] = [word] * (min(area[3] + 1, sheet.width) - area[1])
    elif not lowest and sheet.kind in ("csv", "ods"):
        # These say nothing of merged cells: a blank to the right of a word belongs to it, where
        # the row below has a word of its own.
        for column in range(1, sheet.width):
            below = sheet.cell(row + 1, column)
            if not words[column] and not is_blank(below):
                words[column] = words[column - 1]
    return words


@dataclass(frozen=True, slots=True)
class TitleLine:
    """A text above the head, with its address."""

    address: str
    text: str


def title_lines(sheet: Sheet, block: HeadBlock) -> list[TitleLine]:
    """The texts above the head."""
    return [
        TitleLine(address(row, column), cell_text(cell))
        for row in range(block.first)
        for column, cell in enumerate(sheet.rows[row])
        if not is_blank(cell)
    ]


def unit_of(lines: Sequence[TitleLine], units: Mapping[str, int], file: str) -> str:
    """The unit of money named above the head, empty when none is; two unlike are refused."""
    found = ""
    for line in lines:
        match = _UNIT.search(squeezed(line.text))
        if match and match.group(1) in units:
            if found and match.group(1) != found:
                raise IntakeError("I024", file=file, first=found, second=match.group(1))
            found = match.group(1)
    return found


def base_date_line(lines: Sequence[TitleLine]) -> TitleLine | None:
    """The line above the head that names the listing's date."""
    return next((line for line in lines if date_in_title(line.text)), None)

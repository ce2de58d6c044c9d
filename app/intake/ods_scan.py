"""What calamine does not tell of .ods: how far cells reach, error values, unvalued formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from app.intake.cells import UNCOMPUTED, BadCell

Place = tuple[int, int]

_TABLE = re.compile(
    rb'<table:table\b[^>]*?table:name="([^"]*)"[^>]*>(.*?)</table:table>', re.DOTALL
)
_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)
_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)",
    re.DOTALL,
)
_ROWS = re.compile(rb'number-rows-repeated="(\d+)"')
_COLUMNS = re.compile(rb'number-columns-repeated="(\d+)"')
_TEXT = re.compile(rb"<text:p[^>]*>(.*?)</text:p>", re.DOTALL)
_TAG = re.compile(rb"<[^>]*>")
_ERROR = b'calcext:value-type="error"'
_VALUE = b"office:value-type="


def tables(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each sheet."""
    for match in _TABLE.finditer(content):
        yield unescape(match.group(1).decode()), match.group(2)


def last_cell(table: bytes) -> Place:
    """Last row and last column, from 0, that hold something."""
    row = last_row = last_column = 0
    for match in _ROW.finditer(table):
        repeated = _count(_ROWS, match.group(1))
        body = match.group(2) or b""
        if _VALUE in body:
            last_row = row + repeated - 1
            last_column = max(last_column, *(column for column, _, _ in _filled(body)), 0)
        row += repeated
    return last_row, last_column


def bad_cells(table: bytes) -> dict[Place, BadCell]:
    """Error values, and formulas that no program has computed."""
    found: dict[Place, BadCell] = {}
    row = 0
    for match in _ROW.finditer(table):
        body = match.group(2) or b""
        if _ERROR in body or b"table:formula=" in body:
            for column, attributes, inner in _filled(body):
                bad = _bad(attributes, inner)
                if bad:
                    found[row, column] = bad
        row += _count(_ROWS, match.group(1))
    return found


def _bad(attributes: bytes, inner: bytes) -> BadCell | None:
    if _ERROR in attributes:
        text = _TEXT.search(inner)
        return BadCell(_TAG.sub(b"", text.group(1)).decode() if text else "#")
    if b"table:formula=" in attributes and _VALUE not in attributes:
        return BadCell(UNCOMPUTED, formula=True)
    return None


def _filled(row: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Last column, attributes and content of each cell that holds something."""
    column = 0
    for match in _CELL.finditer(row):
        attributes = match.group(1)
        repeated = _count(_COLUMNS, attributes)
        if _VALUE in attributes or b"table:formula=" in attributes:
            yield column + repeated - 1, attributes, match.group(2) or b""
        column += repeated


def _count(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    match = pattern.search(attributes)
    return int(match.group(1)) if match else 1

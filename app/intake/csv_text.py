"""Reading CSV: which encoding, which separator, then the cells."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from itertools import islice

from app.intake.cells import Cell
from app.intake.messages import IntakeError

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_LINES = 200
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Some systems write ="00123" so that spreadsheets keep the zeros.
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
_HINT = re.compile(r"sep=(.)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WEB_PAGE = re.compile(r"\s*(<!doctype|<html|<table|<\?xml|<meta|<head)", re.IGNORECASE)


def decoded(data: bytes, file: str) -> str:
    """The text of the file in UTF-8, UTF-16 or GB18030, whichever it is."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "") or _wide(data)
    line = 0
    for name in (encoding,) if encoding else ("utf-8", "gb18030"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError as error:
            # The encoding that gets further is the file's own.
            line = max(line, data.count(b"\n", 0, error.start) + 1)
        else:
            if _CONTROL.search(text):
                raise IntakeError("I006", file=file)
            if _WEB_PAGE.match(text):
                raise IntakeError("I007", file=file)
            return text
    if b"\0" in data:
        raise IntakeError("I006", file=file)
    raise IntakeError("I011", file=file, line=line)


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: separators and digits leave every second byte 0."""
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if min(even, odd) > 0 or max(even, odd) * 20 <= len(sample):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def read_csv(data: bytes, file: str) -> list[list[Cell]]:
    """The cells of a CSV file, all of them texts."""
    text = decoded(data, file)
    lines = text.splitlines(keepends=True)
    hint = _HINT.fullmatch(lines[0].strip("\r\n")) if lines else None
    if hint:
        lines[0] = "\n"
    separator = hint.group(1) if hint else separator_of(lines)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    rows: list[list[Cell]] = []
    try:
        rows.extend([*row] for row in reader)
    except csv.Error as error:
        raise IntakeError("I012", file=file, line=reader.line_num) from error
    if '="' in text:
        rows = [[_unwrapped(cell) for cell in row] for row in rows]
    return rows


def _unwrapped(cell: Cell) -> Cell:
    kept = _KEPT_AS_TEXT.fullmatch(cell) if isinstance(cell, str) else None
    return kept.group(1) if kept else cell


def separator_of(lines: list[str]) -> str:
    """The separator that cuts most lines into equally many fields."""
    best, chosen = (0, 0), ","
    for separator in SEPARATORS:
        counts = Counter(_field_counts(lines, separator))
        counts.pop(0, None)
        counts.pop(1, None)
        if counts:
            fields, rows = counts.most_common(1)[0]
            if (rows, fields) > best:
                best, chosen = (rows, fields), separator
    return chosen


def _field_counts(lines: list[str], separator: str) -> list[int]:
    reader = csv.reader(islice(lines, _SAMPLE_LINES), delimiter=separator)
    try:
        return [len(row) for row in reader]
    except csv.Error:
        return []

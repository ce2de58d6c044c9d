"""Values for the ledger (台账) in bulk: from its own workbook, kept up by hand, or from JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.book.followups import EDITABLE
from app.intake.cells import Cell, Sheet, cell_text, is_blank
from app.intake.workbook import read_sheets

LEDGER = ("ledger", "台账")
"""How an entry, or a sheet, says that it is about the ledger."""
_IDS = ("id", "编号")
_SEARCHED_ROWS = 20

Given = tuple[str, Mapping[str, Any]]


def ledger_in(entries: Sequence[Mapping[str, Any]]) -> list[Given]:
    """The entries of JSON that are about the ledger; empty when they are about rows."""
    found = [entry for entry in entries if entry.get("table") in LEDGER]
    return [
        (str(one["id"]), {key: one[key] for key in one if key not in ("id", "table")})
        for one in found
    ]


def read_ledger(path: Path) -> list[Given]:
    """What a workbook of the ledger says now; empty for any other file."""
    if path.suffix.lower() not in (".xlsx", ".xls", ".ods"):
        return []
    sheets = [sheet for sheet in read_sheets(path) if sheet.name in LEDGER and not sheet.hidden]
    return [one for sheet in sheets for one in _lines(sheet)]


def _lines(sheet: Sheet) -> Iterator[Given]:
    head = next(
        (n for n, row in enumerate(sheet.rows[:_SEARCHED_ROWS]) if _texts(row) & {*_IDS}), None
    )
    if head is None:
        return
    words = {label: key for key, label in EDITABLE.items()} | {key: key for key in EDITABLE}
    titles = [cell_text(cell) for cell in sheet.rows[head]]
    ids = next(place for place, title in enumerate(titles) if title in _IDS)
    columns = {place: words[title] for place, title in enumerate(titles) if title in words}
    for row in sheet.rows[head + 1 :]:
        row_id = cell_text(row[ids]) if ids < len(row) else ""
        if "-" in row_id:
            cells = {key: row[place] if place < len(row) else "" for place, key in columns.items()}
            yield row_id, {key: _plain(cell) for key, cell in cells.items()}


def _texts(row: Sequence[Cell]) -> set[str]:
    return {cell_text(cell) for cell in row}


def _plain(cell: Cell) -> str:
    """A cell as text; binary noise of numbers lies far behind the fen."""
    if is_blank(cell):
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return cell_text(round(cell, 6) if isinstance(cell, float) else cell)

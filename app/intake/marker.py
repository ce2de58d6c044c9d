"""The sign by which the program knows its own templates, and the fields of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.forms.table import Table
from app.intake.cells import Cell, Sheet, address, cell_text, is_blank
from app.intake.columns import ColumnMatch, may_fill
from app.intake.messages import KNOWN_KEY, CellFault, Note

SHEET_NAME = "wuji"
SIGN = "wuji-template"
VERSION = "1"
_SEARCHED_ROWS = 12


@dataclass(frozen=True, slots=True)
class Marker:
    """A template: which table and rule set it was written for, where its hidden keys stand."""

    table_id: str
    ruleset_id: str
    sheet: Sheet
    key_row: int


def marker_rows(table_id: str, ruleset_id: str) -> list[list[str]]:
    """What the hidden sheet of a template holds."""
    return [[SIGN, VERSION], ["table", table_id], ["ruleset", ruleset_id]]


def read_marker(sheets: Sequence[Sheet]) -> Marker | None:
    """The sign of a template, None for any other workbook."""
    hidden = next((s for s in sheets if s.name == SHEET_NAME and s.cell(0, 0) == SIGN), None)
    if hidden is None:
        return None
    said = {cell_text(row[0]): cell_text(row[1]) for row in hidden.rows if len(row) > 1}
    for sheet in sheets:
        row = None if sheet is hidden else _key_row(sheet)
        if row is not None and "table" in said:
            return Marker(said["table"], said.get("ruleset", ""), sheet, row)
    return None


def _key_row(sheet: Sheet) -> int | None:
    """The row that holds field keys, among them those that every table has."""
    for number, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        words = [cell_text(cell) for cell in row if not is_blank(cell)]
        if {"subject", "carrying_amount"} <= set(words):
            return number
    return None


def key_columns(
    marker: Marker, table: Table, ruleset_id: str
) -> tuple[tuple[ColumnMatch, ...], list[CellFault], list[Note]]:
    """The mapping by the hidden keys; faults for keys that the table does not have.

    A template of other rules may ask what these don't: such a column is kept as printed.
    """
    keys, labels = marker.sheet.rows[marker.key_row], _labels(marker)
    matches, faults, notes = [], [], []
    for column in range(marker.sheet.width):
        key = cell_text(keys[column]) if column < len(keys) else ""
        label = cell_text(labels[column]) if column < len(labels) else ""
        place = address(max(marker.key_row - 1, 0), column)
        if not key:
            if label:
                notes.append(Note("N004", at=place, head=label))
                matches.append(ColumnMatch(place, label, None, column))
            continue
        field = table.fields.get(key)
        if field is None and marker.ruleset_id != ruleset_id:
            if _is_filled(marker, column):
                notes.append(Note("N004", at=place, head=label))
            matches.append(ColumnMatch(place, label, None, column))
            continue
        if field is None or not may_fill(field, template=True):
            at = address(marker.key_row, column)
            faults.append(CellFault(marker.sheet.name, at, key, KNOWN_KEY))
            continue
        matches.append(ColumnMatch(place, label or field.label, key, column))
    return tuple(matches), faults, notes


def _is_filled(marker: Marker, column: int) -> bool:
    below = marker.sheet.rows[marker.key_row + 1 :]
    return any(column < len(row) and not is_blank(row[column]) for row in below)


def _labels(marker: Marker) -> list[Cell]:
    return marker.sheet.rows[marker.key_row - 1] if marker.key_row else []

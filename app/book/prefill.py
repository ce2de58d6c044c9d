"""New rows of several tables and values of known ones, taken in as one change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.book.derive import stored_values, table_of
from app.book.history import Changing
from app.book.reading import row_line
from app.book.rows import (
    append_rows,
    apply_values,
    present,
    refuse_same_numbers,
    refuse_taken_numbers,
    refuse_union_fields,
)
from app.book.types import Json, Row

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store


@dataclass(frozen=True, slots=True)
class Prefill:
    """What a file brings for one table: new rows, and values of rows that are there."""

    table_id: str
    new: Sequence[Mapping[str, Json]]
    printed: Sequence[Mapping[str, Json]]
    """Columns without a field, one entry per new row."""
    known: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    """Values by row id."""


def prefill(book: Book, given: Sequence[Prefill], *, by: str, source: str) -> list[Row]:
    """Adds and fills in all of it or nothing; the new rows, in the order given."""
    store = book.store
    added: list[Row] = []
    with store.write(by, why=f"导入 {source}") as change:
        for one in given:
            added += _added(store, change, one, source)
            for row_id, values in one.known.items():
                table = table_of(store, one.table_id)
                refuse_union_fields(store, table, values)
                line = row_line(store, change.connection, row_id)
                apply_values(store, change, line, stored_values(table, values), source)
    return added


def _added(store: Store, change: Changing, one: Prefill, source: str) -> list[Row]:
    table = table_of(store, one.table_id)
    values = [present(stored_values(table, raw)) for raw in one.new]
    refuse_same_numbers(table, values)
    refuse_taken_numbers(store, change, table, values)
    return append_rows(store, change, table, values, one.printed, source)

"""Rows added and changed together: a row copied, a pasted block taken in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.book.authors import COPIED
from app.book.coding import from_json
from app.book.derive import stored_values, table_of
from app.book.errors import BookError
from app.book.reading import row_line, to_row
from app.book.rows import (
    append_rows,
    apply_values,
    present,
    refuse_same_numbers,
    refuse_taken_numbers,
    refuse_union_fields,
)
from app.book.types import Json, Row, Values
from app.forms.table import Table

if TYPE_CHECKING:
    from app.book.store import Store

Progress = Callable[[int, int, str], None]
PASTED = "pasted"
NEVER_FOR_MANY = ("id", "seq", "asset_no")
"""What tells rows apart is not the same for many of them."""
DIFFERS = (*NEVER_FOR_MANY, "name", "carrying_amount")
"""What is hardly ever the same in two rows: not taken from one to another, nor asked together."""
CHANGED_SINCE = "资产{}在预览以后有过修改，没有写入任何内容。"
STEP = 50


def silent(_done: int, _total: int, _text: str) -> None:
    """Reports to nobody."""


# A copy


def copied_values(table: Table, values: Mapping[str, Json]) -> Values:
    """The facts of a row that its copy starts with: neither number, working paper nor opinions."""
    return {
        key: value
        for key, value in values.items()
        if (field := table.fields.get(key)) is not None
        and field.part == "row"
        and not field.computed
        and key not in NEVER_FOR_MANY
    }


def copy_row(store: Store, row_id: str, *, by: str) -> Row:
    """A new row at the end of the table with the facts of another."""
    with store.write(by, why=f"复制{row_id}") as change:
        line = row_line(store, change.connection, row_id)
        table = table_of(store, line.table_id)
        values = copied_values(table, from_json(line.field_values) or {})
        return append_rows(store, change, table, [values], [{}], COPIED)[0]


# A pasted block


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to add: its stored values, and columns that no field takes."""

    values: Values
    printed: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """Values to set in a row that is there, and what stood in their place when it was planned."""

    row_id: str
    values: Values
    before: Values


def take_in(
    store: Store,
    table_id: str,
    new: Sequence[NewRow],
    changed: Sequence[ChangedRow],
    *,
    by: str,
    progress: Progress = silent,
) -> tuple[list[str], int]:
    """Adds and changes rows as one change: ids of the new ones, number of the changed ones."""
    table = table_of(store, table_id)
    given = [present(stored_values(table, one.values)) for one in new]
    refuse_same_numbers(table, given)
    total, count = len(changed) + len(new), 0
    with store.write(by, why="粘贴") as change:
        refuse_taken_numbers(store, change, table, given)
        for done, one in enumerate(changed):
            if done % STEP == 0:
                progress(done, total, "")
            line = row_line(store, change.connection, one.row_id)
            _need_unchanged(to_row(line), one)
            refuse_union_fields(store, table, one.values)
            values = stored_values(table, one.values)
            count += apply_values(store, change, line, values, PASTED)
        printed = [one.printed for one in new]
        added = append_rows(store, change, table, given, printed, PASTED)
    return [row.id for row in added], count


def _need_unchanged(row: Row, planned: ChangedRow) -> None:
    """What is replaced must be what was shown."""
    present = {key: row.values.get(key) for key in planned.values}
    if present != planned.before:
        raise BookError(CHANGED_SINCE.format(row.id) + "请再粘贴一次。")

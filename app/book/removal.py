"""Taking rows out of a period, and putting them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import update

from app.book import big_losses, evidence
from app.book.coding import to_json
from app.book.derive import derived_columns, table_of
from app.book.history import Changing
from app.book.kept import drop_kept
from app.book.reading import row_line, to_class
from app.book.rows import log_added, new_line, row_content
from app.book.types import Values
from app.models.tables import drafts, rows

if TYPE_CHECKING:
    from app.book.store import Store


def remove_row(store: Store, row_id: str, *, by: str, why: str = "") -> None:
    """Takes a row out of the period; the history keeps all of it."""
    with store.write(by, why=why) as change:
        take_out(store, change, row_line(store, change.connection, row_id))


def take_out(store: Store, change: Changing, line: Any) -> None:
    """Removes a row with its evidence, kept warnings, drafts and table 2 sheet."""
    evidence.detach_all(store, change, line.id)
    drop_kept(store, change, line.id)
    big_losses.drop_sheet(store, change, line.id)
    mine = (drafts.c.period_id == store.period.id) & (drafts.c.row_id == line.id)
    change.connection.execute(drafts.delete().where(mine))
    change.connection.execute(rows.delete().where(rows.c.key == line.key))
    _shift(store, change, line.table_id, line.seq, -1)
    change.log("remove", row_id=line.id, old=row_content(line._mapping))


def put_back(store: Store, change: Changing, row_id: str, content: Mapping[str, Any]) -> None:
    """Brings a removed row back to its place."""
    table = table_of(store, content["table_id"])
    values = cast("Values", content["field_values"])
    _shift(store, change, table.id, content["seq"] - 1, 1)
    line = new_line(
        store, change, table, row_id, content["seq"], values, content["printed"], "typed"
    )
    last = to_class(content["last_class"])
    line |= derived_columns(store, table, row_id, values, last_class=last)
    line["provenance"] = to_json(content["provenance"])
    line |= {"last_class": content["last_class"], "import_id": content["import_id"]}
    change.connection.execute(rows.insert(), line)
    log_added(change, line)
    big_losses.keep_in_step(store, change, line, new=True)


def _shift(store: Store, change: Changing, table_id: str, after: int, by: int) -> None:
    change.connection.execute(
        update(rows)
        .where(
            rows.c.period_id == store.period.id,
            rows.c.table_id == table_id,
            rows.c.seq > after,
        )
        .values(seq=rows.c.seq + by)
    )

"""Taking rows out of a period, and putting them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from app.book import big_losses, evidence
from app.book.history import Changing
from app.book.inserting import Content, insert_rows
from app.book.kept import drop_kept
from app.book.locks import need_unlocked
from app.book.reading import row_line
from app.models.tables import drafts, rows

if TYPE_CHECKING:
    from app.book.store import Store


def remove_row(store: Store, row_id: str, *, by: str, why: str = "") -> None:
    """Takes a row out of the period; the history keeps all of it."""
    with store.write(by, why=why) as change:
        take_out(store, change, row_line(store, change.connection, row_id))


def take_out(store: Store, change: Changing, line: Any) -> None:
    """Removes a row with its evidence, kept warnings, drafts and table 2 sheet."""
    need_unlocked(line)
    evidence.detach_all(store, change, line.id)
    drop_kept(store, change, line.id)
    big_losses.drop_sheet(store, change, line.id)
    mine = (drafts.c.period_id == store.period.id) & (drafts.c.row_id == line.id)
    change.connection.execute(drafts.delete().where(mine))
    change.connection.execute(rows.delete().where(rows.c.key == line.key))
    _shift(store, change, line.table_id, line.seq, -1)
    change.log("remove", row_id=line.id, old=Content.of_line(line).entry())


def put_back(store: Store, change: Changing, row_id: str, content: Mapping[str, Any]) -> None:
    """Brings a removed row back to its place."""
    back = Content.from_entry(row_id, content)
    _shift(store, change, back.table_id, back.seq - 1, 1)
    insert_rows(store, change, [back])


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

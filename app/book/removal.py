"""Taking rows out of a period, and putting them back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from app.book import big_losses, evidence
from app.book.bulk import STEP, Progress, silent
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


def remove_rows(
    store: Store,
    row_ids: Sequence[str],
    *,
    by: str,
    why: str = "",
    progress: Progress = silent,
) -> int:
    """Takes rows of one table out as one change; how many."""
    with store.write(by, why=why) as change:
        lines = [row_line(store, change.connection, one) for one in row_ids]
        # From below: the place that is noted of each is the one it is put back to.
        lines.sort(key=lambda line: line.seq, reverse=True)
        for done, line in enumerate(lines):
            if done % STEP == 0:
                progress(done, len(lines), "")
            _take(store, change, line)
        if lines:
            _close_up(store, change, lines[0].table_id, [line.seq for line in reversed(lines)])
    return len(lines)


def _close_up(store: Store, change: Changing, table_id: str, gone: Sequence[int]) -> None:
    """Moves the rows of a table up to the places that are free; `gone` from above."""
    mine = (rows.c.period_id == store.period.id) & (rows.c.table_id == table_id)
    left = select(rows.c.key, rows.c.seq).where(mine, rows.c.seq > gone[0]).order_by(rows.c.seq)
    moved = [
        {"row_key": line.key, "place": line.seq - bisect_left(gone, line.seq)}
        for line in change.connection.execute(left)
    ]
    if moved:
        place = update(rows).where(rows.c.key == bindparam("row_key"))
        change.connection.execute(place.values(seq=bindparam("place")), moved)


def take_out(store: Store, change: Changing, line: Any) -> None:
    """Removes a row with its evidence, kept warnings, drafts and table 2 sheet."""
    _take(store, change, line)
    _shift(store, change, line.table_id, line.seq, -1)


def _take(store: Store, change: Changing, line: Any) -> None:
    """Removes a row; those below it keep their places."""
    need_unlocked(line)
    evidence.detach_all(store, change, line.id)
    drop_kept(store, change, line.id)
    big_losses.drop_sheet(store, change, line.id)
    mine = (drafts.c.period_id == store.period.id) & (drafts.c.row_id == line.id)
    change.connection.execute(drafts.delete().where(mine))
    change.connection.execute(rows.delete().where(rows.c.key == line.key))
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

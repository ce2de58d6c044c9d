"""Who set the values of a row in the period that is worked on, as the history knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from app.book.coding import from_json
from app.models.tables import history

if TYPE_CHECKING:
    from app.book.store import Store

TYPED, COPIED = "typed", "copied"
_BY_HAND = {TYPED, COPIED}


def rows_of_author(store: Store, connection: Connection, by: str) -> set[str]:
    """The rows this person has set values of: he can't be the one who confirms them."""
    query = _written(store).where(history.c.by == by)
    return {line.row_id for line in connection.execute(query) if _sets_values(line)}


def last_author(store: Store, connection: Connection, row_id: str) -> str:
    """Who set a value of the row last; empty where nobody is known."""
    query = _written(store).where(history.c.row_id == row_id, history.c.by != "")
    lines = connection.execute(query.order_by(history.c.id.desc()))
    return next((str(line.by) for line in lines if _sets_values(line)), "")


def _written(store: Store) -> Any:
    # Undoing restores what others wrote, and they are known from their own entries.
    return select(history.c.row_id, history.c.by, history.c.kind, history.c.new).where(
        history.c.period == store.period_date,
        history.c.kind.in_(("set", "add")),
        history.c.reverts.is_(None),
    )


def _sets_values(line: Any) -> bool:
    if line.kind == "set":
        return True
    # A listing that was taken in says nothing about who judged its rows, unless it held opinions.
    added = from_json(line.new)
    sources = (added.get("provenance") or {"": added.get("source", "")}).values()
    return not _BY_HAND.isdisjoint(sources) or bool(added["values"].get("initial_class"))

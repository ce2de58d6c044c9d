"""Texts being typed, kept so that a crash loses nothing; no history, no evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from app.book.coding import moment_text, to_moment
from app.book.types import OPINION_DRAFT, Draft
from app.models.server import hold
from app.models.tables import drafts

if TYPE_CHECKING:
    from app.book.store import Store

DRAFTS = "drafts"


def save_draft(store: Store, row_id: str, field: str, text: str, period: int | None = None) -> None:
    """Keeps what is being typed into a field, of the chosen period or of another one."""
    store.need_writable()
    place = {"period_id": period or store.period.id, "row_id": row_id, "field": field}
    with store.aside() as connection:
        hold(connection, DRAFTS)
        connection.execute(drafts.delete().filter_by(**place))
        line = {**place, "text": text, "at": moment_text(store.now())}
        connection.execute(drafts.insert(), line)


def all_drafts(store: Store, row_id: str | None = None) -> list[Draft]:
    """What was left unfinished, of one row or of all."""
    query = select(drafts).where(drafts.c.period_id == store.period.id).order_by(drafts.c.at)
    if row_id is not None:
        query = query.where(drafts.c.row_id == row_id)
    with store.read() as connection:
        return [
            Draft(line.row_id, line.field, line.text, to_moment(line.at))
            for line in connection.execute(query)
        ]


def clear_draft(store: Store, row_id: str, field: str, period: int | None = None) -> None:
    """Forgets what was typed into a field."""
    place = {"period_id": period or store.period.id, "row_id": row_id, "field": field}
    with store.aside() as connection:
        connection.execute(drafts.delete().filter_by(**place))


def hand_over_opinions(connection: Connection, name: str, new_name: str) -> None:
    """Half-typed opinions follow a corrected name; an empty one leaves nobody whose they are."""
    mine = drafts.c.field == OPINION_DRAFT + name
    connection.execute(
        drafts.update().where(mine).values(field=OPINION_DRAFT + new_name)
        if new_name
        else drafts.delete().where(mine)
    )

"""How the leading group decided on rows: its vote and the minutes of its meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.book.coding import to_moment
from app.models.tables import opinions

if TYPE_CHECKING:
    from app.book.store import Store

PART = 500
"""Rows asked for at a time."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What the last determination of a row rests on."""

    vote: str
    minutes: str
    """The name of the file with the minutes, empty where there is none."""
    on: date


def votes_on(store: Store, row_ids: Sequence[str]) -> dict[str, Vote]:
    """The vote of the last determination of each of these rows in this period."""
    found: dict[str, Vote] = {}
    with store.read() as connection:
        for start in range(0, len(row_ids), PART):
            query = (
                select(opinions)
                .where(
                    opinions.c.period_id == store.period.id,
                    opinions.c.row_id.in_(row_ids[start : start + PART]),
                    opinions.c.stage == "determination",
                )
                .order_by(opinions.c.id)
            )
            for one in connection.execute(query):
                on = to_moment(one.at).astimezone().date()
                found[one.row_id] = Vote(one.vote, one.minutes_name, on)
    return found

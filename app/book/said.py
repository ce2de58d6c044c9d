"""What was last said of rows at each stage of the union, with who said it and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.book.coding import to_moment
from app.book.reading import to_class
from app.forms.classes import FiveClass
from app.models.tables import opinions

if TYPE_CHECKING:
    from app.book.store import Store

PART = 500
"""Rows asked for at a time."""


@dataclass(frozen=True, slots=True)
class Said:
    """One opinion, as far as a paper prints it."""

    class_: FiveClass | None
    text: str
    vote: str
    minutes: str
    """The name of the file with the minutes, empty where there is none."""
    by: str
    on: date


Stages = Mapping[str, Said]
"""By stage: review, department, site_check, audit, determination."""


def last_said(store: Store, row_ids: Sequence[str]) -> dict[str, Stages]:
    """The last opinion of each stage on each of these rows in this period."""
    found: dict[str, dict[str, Said]] = {}
    with store.read() as connection:
        for start in range(0, len(row_ids), PART):
            query = (
                select(opinions)
                .where(
                    opinions.c.period_id == store.period.id,
                    opinions.c.row_id.in_(row_ids[start : start + PART]),
                )
                .order_by(opinions.c.id)
            )
            for one in connection.execute(query):
                on = to_moment(one.at).astimezone().date()
                said = Said(
                    to_class(one.class_code), one.text, one.vote, one.minutes_name, one.by, on
                )
                found.setdefault(one.row_id, {})[one.stage] = said
    return dict(found)

"""A new row into which nothing was filled: told apart, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.book.drafts import all_drafts
from app.book.undo import undo, waiting
from app.models.tables import history

if TYPE_CHECKING:
    from app.book.store import Store


def is_blank(store: Store, row_id: str) -> bool:
    """Whether adding the row is the last that was done, and nothing is being typed into it."""
    return _adding(store, row_id) is not None


def take_back(store: Store, row_id: str, *, by: str) -> bool:
    """Undoes the adding of a row left empty; False: something was done since, and it stays."""
    adding = _adding(store, row_id)
    return adding is not None and undo(store, by, only=adding) is not None


def _adding(store: Store, row_id: str) -> int | None:
    """The change that added the row, if it is the one that undo would take."""
    number = next(waiting(store, forward=False), None)
    query = select(history.c.kind, history.c.row_id).where(history.c.change_no == number)
    with store.read() as connection:
        done = [tuple(line) for line in connection.execute(query)]
    return number if done == [("add", row_id)] and not all_drafts(store, row_id) else None

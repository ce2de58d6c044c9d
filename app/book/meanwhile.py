"""What others have done to a book on a server since one last looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import func, select

from app.book.errors import BookError
from app.models.tables import history

if TYPE_CHECKING:
    from app.book.book import Book


class Seen(Struct, frozen=True):
    """How long the history is, and whether somebody else has added to it."""

    last: int
    others: bool = False


def seen_since(book: Book, last: int | None) -> Seen | None:
    """What came after this entry of history; None while the server does not answer."""
    newest = select(func.max(history.c.id))
    since = select(history.c.change_no).where(history.c.id > (last or 0)).distinct()
    try:
        with book.store.read() as connection:
            found = int(connection.execute(newest).scalar() or 0)
            if last is None or found == last:
                return Seen(found)
            changes = set(connection.execute(since).scalars())
            other = not changes <= book.store.own_changes
        if other:
            book.refresh()
        return Seen(found, other)
    except BookError:
        # Told where somebody does something; a look that fails is none.
        return None

"""The known error of work on a book."""

from __future__ import annotations

from app.errors import KnownError

NOT_ADOPTED = "没有采用。请发来的联社查明后重发决定。"
"""Ends the reason why a decision that does not fit the book is not taken in."""


class BookError(KnownError):
    """What was asked can't be done; the message is one Chinese line: what, where, what to do."""


class MissingRowError(BookError):
    """The period has no such row, or has it no longer."""


class NoBookYetError(BookError):
    """The database is empty: a union's book can be made in it."""


class BusyError(BookError):
    """Somebody else was writing the same at the same moment; nothing was written."""

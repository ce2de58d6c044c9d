"""Known errors of the store."""

from __future__ import annotations


class StoreError(Exception):
    """A book file can't be used; the message is one Chinese line for the user."""


class EmptyDatabaseError(StoreError):
    """A database in which nothing is yet."""


class OldVersionError(StoreError):
    """The book was written by an earlier program and must be opened for writing once."""

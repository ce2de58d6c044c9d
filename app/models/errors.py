"""Known errors of the store."""

from __future__ import annotations


class StoreError(Exception):
    """A book file can't be used; the message is one Chinese line for the user."""

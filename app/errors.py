"""The root of all errors that a person can do something about."""

from __future__ import annotations


class KnownError(Exception):
    """What was asked can't be done; the message is one Chinese line: what, where, what to do."""

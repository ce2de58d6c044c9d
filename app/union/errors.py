"""Known errors of the union's work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.errors import KnownError

if TYPE_CHECKING:
    from app.book.types import Change

NOT_TAKEN = "没有接收。请上报单位查明后重新上报。"
"""Ends the reason why a package with contents that do not fit is not taken in."""


class UnionError(KnownError):
    """What was asked can't be done; one line, in Chinese. `missing` are the keys left empty."""

    def __init__(self, message: str, *, missing: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.missing = tuple(missing)


class RefusedError(UnionError):
    """A package is not taken in; the line says why."""


class UnknownKeyError(RefusedError):
    """A package signed with a key that nobody has compared with its office yet."""


class ConflictError(UnionError):
    """Somebody else changed the row since it was looked at; `row_id` says which."""

    def __init__(self, message: str, row_id: str, *, other: Change | None = None) -> None:
        super().__init__(message)
        self.row_id = row_id
        self.other = other
        """The history entry of the other's change: who, when, what."""

"""Known errors of the union's work."""

from __future__ import annotations

from app.errors import KnownError


class UnionError(KnownError):
    """What was asked can't be done; one line, in Chinese."""


class RefusedError(UnionError):
    """A package is not taken in; the line says why."""


class UnknownKeyError(RefusedError):
    """A package signed with a key that nobody has compared with its office yet."""


class ConflictError(UnionError):
    """Somebody else changed the row since it was looked at; `row_id` says which."""

    def __init__(self, message: str, row_id: str) -> None:
        super().__init__(message)
        self.row_id = row_id

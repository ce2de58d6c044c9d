"""The known error of the papers."""

from __future__ import annotations

from app.errors import KnownError


class PaperError(KnownError):
    """A paper can't be made; the message is one Chinese line: what, where, what to do."""

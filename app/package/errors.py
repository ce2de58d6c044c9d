"""Known errors of packages."""

from __future__ import annotations

from app.errors import KnownError


class PackageError(KnownError):
    """A package can't be made or read; one line, in Chinese."""

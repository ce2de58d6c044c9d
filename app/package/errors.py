"""Known errors of packages."""

from __future__ import annotations


class PackageError(Exception):
    """A package can't be made or read; one line, in Chinese."""

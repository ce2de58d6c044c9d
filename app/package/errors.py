"""Known errors of packages."""

from __future__ import annotations

from app.errors import KnownError

REFUSED = "拒绝接收。请让发来的单位重新导出。"
"""Ends the reason why a package is not even read on."""


class PackageError(KnownError):
    """A package can't be made or read; one line, in Chinese."""

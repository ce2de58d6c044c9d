"""Putting a copy in the place of a book: the work off the window's thread."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path


def put_in_place(source: Path, path: Path) -> tuple[str, str]:
    """Why it failed, or where the book that was there lies now."""
    from app.book.restoring import restore_in_place
    from app.errors import KnownError

    try:
        return "", str(restore_in_place(source, path, datetime.now()))
    except KnownError as error:
        return str(error), ""

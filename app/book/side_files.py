"""Files that SQLite keeps beside a book while it is written, and may leave behind."""

from __future__ import annotations

from itertools import count
from pathlib import Path

ENDINGS = ("-wal", "-shm", "-journal")


def set_aside(path: Path) -> list[Path]:
    """Renames what a killed program left beside this name; SQLite would mix it into a new file."""
    found = [path.with_name(path.name + ending) for ending in ENDINGS]
    return [left.rename(_free(left)) for left in found if left.exists()]


def _free(left: Path) -> Path:
    names = (left.with_name(f"{left.name}.old{number or ''}") for number in count())
    return next(name for name in names if not name.exists())

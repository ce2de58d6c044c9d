"""Dated copies beside the book, one a day, made without being asked for."""

from __future__ import annotations

import os
import re
from datetime import date
from itertools import count
from pathlib import Path

from app.book.backup import backup_file, is_older_copy
from app.book.errors import BookError
from app.errors import system_reason

FOLDER = "备份"
SUFFIX = ".wuji"
NAMED = re.compile(r"(.+)-(?:\d{4}-\d{2}-\d{2}(?:-\d+)?|备份\d{8})")
"""How copies are named that the program makes or suggests."""
KEPT = 14
"""So many of the newest copies stay."""


def daily_folder(path: Path) -> Path:
    """The folder beside a book where its dated copies lie."""
    return path.parent / FOLDER


def daily_copies(path: Path) -> list[Path]:
    """The dated copies of a book, the newest first; other files of the folder are none."""
    folder = daily_folder(path)
    pattern = re.compile(re.escape(path.stem) + r"-(\d{4}-\d{2}-\d{2})(?:-(\d+))?\.wuji")
    found: list[tuple[str, int, Path]] = []
    for file in folder.iterdir() if folder.is_dir() else ():
        match = pattern.fullmatch(file.name)
        if match is not None and file.is_file():
            found.append((match[1], int(match[2] or 1), file))
    return [file for *_, file in sorted(found, reverse=True)]


def has_copy_of(path: Path, day: date) -> bool:
    """Whether the book has a copy of that day."""
    return any(f"-{day.isoformat()}" in copy.name for copy in daily_copies(path))


def book_of_copy(path: Path) -> Path | None:
    """The book that a file is a copy of, as its name or folder say; None where it is none.

    Only a book that is there counts: what is named after a date may be a book of its own.
    """
    if not path.is_file():
        return None
    kept = path.parent.name == FOLDER
    folder = path.parent.parent if kept else path.parent
    named = NAMED.fullmatch(path.stem)
    book = folder / f"{named[1]}{SUFFIX}" if named is not None else None
    if book is not None and book.is_file():
        return book
    books = [one for one in folder.glob(f"*{SUFFIX}") if one.is_file()] if kept else []
    mine = [one for one in books if path.stem.startswith(one.stem)]
    if mine:
        return max(mine, key=lambda one: len(one.stem))
    return books[0] if len(books) == 1 else None


def make_daily_copy(path: Path, day: date) -> Path | None:
    """The day's copy as the book is now, and the oldest ones gone; None on a read-only medium."""
    if not os.access(path.parent, os.W_OK):
        return None
    try:
        daily_folder(path).mkdir(exist_ok=True)
    except OSError as error:
        raise BookError(
            f"文件夹“{daily_folder(path)}”建不了，没有做每天的备份：{system_reason(error)}。"
        ) from error
    made = backup_file(path, _target(path, day))
    for old in daily_copies(path)[KEPT:]:
        old.unlink(missing_ok=True)
    return made


def _target(path: Path, day: date) -> Path:
    """The day's name; a further one where that copy holds what the book has not, as restored."""
    for number in count(1):
        ending = f"-{number}" if number > 1 else ""
        target = daily_folder(path) / f"{path.stem}-{day.isoformat()}{ending}.wuji"
        if not target.exists() or is_older_copy(path, target):
            return target
    raise AssertionError("count never ends")

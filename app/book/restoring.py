"""Restoring a copy: a look inside first, then under a new name or in the place of the book."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path

from sqlalchemy import func, select

from app.book.backup import restore
from app.book.book import Book
from app.book.daily import daily_folder
from app.book.errors import BookError
from app.book.opening import take_lock
from app.book.side_files import ENDINGS
from app.book.sitting import last_step
from app.book.types import Institution
from app.errors import system_reason
from app.models.tables import rows


@dataclass(frozen=True, slots=True)
class PeriodInside:
    """One period of a copy."""

    base_date: date
    rows: int
    sealed: bool


@dataclass(frozen=True, slots=True)
class Inside:
    """What a copy holds, without opening it for work."""

    path: Path
    institution: Institution
    is_union: bool
    periods: tuple[PeriodInside, ...]
    at: datetime | None
    """When the last change was made, by whom and what it was."""
    by: str
    words: str
    changes: int
    """How many changes there have been in all."""


def look_inside(path: Path) -> Inside:
    """Reads what a copy holds; the file stays as it is."""
    with Book.open(path, write=False) as book:
        with book.store.read() as connection:
            query = select(rows.c.period_id, func.count()).group_by(rows.c.period_id)
            counts = {line[0]: int(line[1]) for line in connection.execute(query)}
        last = last_step(book.store)
        periods = tuple(
            PeriodInside(one.base_date, counts.get(one.id, 0), one.state == "sealed")
            for one in book.periods()
        )
        return Inside(
            path=path,
            institution=book.institution,
            is_union=book.is_union,
            periods=periods,
            at=last.at if last else None,
            by=last.by if last else "",
            words=last.words if last else "",
            changes=last.change_no if last else 0,
        )


def restore_in_place(source: Path, path: Path, at: datetime) -> Path:
    """Puts a copy in the place of a closed book; returns where that book lies now.

    The copy is checked before anything is moved, and nothing is overwritten or removed.
    """
    fresh = path.with_name(f".{path.stem}-{at:%Y%m%d-%H%M%S}.wuji")
    restore(source, fresh)
    try:
        lock = take_lock(path)
        try:
            return _exchanged(path, fresh, at)
        finally:
            lock.release()
    except OSError as error:
        raise BookError(
            f"“{path.name}”没有换成备份，还是原来的：{system_reason(error)}。请再试一次。"
        ) from error
    finally:
        fresh.unlink(missing_ok=True)


def _exchanged(path: Path, fresh: Path, at: datetime) -> Path:
    folder = daily_folder(path)
    folder.mkdir(exist_ok=True)
    put_away = _free(folder, f"{path.stem}-恢复前{at:%Y%m%d-%H%M%S}")
    moved: list[tuple[Path, Path]] = []
    try:
        # What SQLite keeps beside the book belongs to it and goes with it, the book at last.
        for ending in (*ENDINGS, ""):
            old, new = (place.with_name(place.name + ending) for place in (path, put_away))
            if old.exists():
                old.rename(new)
                moved.append((old, new))
        os.replace(fresh, path)
    except OSError:
        for old, new in reversed(moved):
            new.rename(old)
        raise
    return put_away


def _free(folder: Path, stem: str) -> Path:
    names = (folder / f"{stem}{f'-{number}' if number > 1 else ''}.wuji" for number in count(1))
    return next(place for place in names if not place.exists())

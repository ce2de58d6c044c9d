"""Safe copies of a book: written aside, checked, then put in place."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from app.book.errors import BookError
from app.book.history import chain_state
from app.errors import system_reason
from app.models.engine import make_engine
from app.models.schema import is_book

if TYPE_CHECKING:
    from app.book.book import Book


def backup(book: Book, out: Path) -> Path:
    """A copy of the book as it is now, checked; an older copy is replaced only by a whole one."""
    return _copied(book.path, Path(out), _check_file)


def restore(source: Path, target: Path) -> Path:
    """A book from a copy, checked; an existing file is never overwritten."""
    source, target = Path(source), Path(target)
    if target.exists():
        raise BookError(f"“{target.name}”已经存在，没有覆盖。请换一个文件名，或先移走它。")
    return _copied(source, target, check_whole)


def _copied(source: Path, target: Path, check: Callable[[Path], None]) -> Path:
    try:
        if not is_book(source):
            raise BookError(f"“{source.name}”不是账套，或者已经损坏。")
    except (OSError, OperationalError) as error:
        raise BookError(f"“{source}”读不出来，请核对文件名和权限。") from error
    if target.exists() and target.samefile(source):
        raise BookError("备份不能写到账套自己身上，请换一个文件名。")
    aside = _aside(target)
    try:
        _copy(source, aside)
        check(aside)
        _flush(aside)
        os.replace(aside, target)
    finally:
        aside.unlink(missing_ok=True)
    return target


def _aside(target: Path) -> Path:
    try:
        with NamedTemporaryFile(dir=target.parent, prefix=".wuji-", delete=False) as file:
            return Path(file.name)
    except OSError as error:
        raise BookError(f"文件夹“{target.parent}”不能写入：{system_reason(error)}。") from error


def _copy(source: Path, aside: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(aside)) as new:
            old.backup(new)
            # One file, without side files that could be left behind when it is carried away.
            new.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        raise BookError(f"“{source.name}”读不完整（{error}），没有写成副本。") from error


def check_whole(path: Path) -> None:
    """Refuses a book whose file or history is damaged."""
    _check_file(path)
    engine = make_engine(path, write=False)
    try:
        with engine.connect() as connection:
            state = chain_state(connection)
    finally:
        engine.dispose()
    if not state.whole:
        raise BookError(f"历史记录从第{state.broken_at}条起对不上，账套被改动过，没有恢复。")


def _check_file(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        try:
            result = connection.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise BookError(f"“{path.name}”已损坏：{error}。") from error
    if result != "ok":
        raise BookError("账套文件已损坏，没有写成副本。请改用更早的备份。")


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())

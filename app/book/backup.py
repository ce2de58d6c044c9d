"""Safe copies of a book: written aside, checked, then put in place."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from sqlalchemy import URL, select
from sqlalchemy.exc import OperationalError

from app.book.errors import BookError
from app.book.history import chain_state
from app.book.moving import fill_database, write_file
from app.book.opening import lock_path, meant_place, take_lock
from app.book.side_files import set_aside
from app.errors import system_reason
from app.files import sync_file, sync_folder
from app.models.engine import make_engine
from app.models.schema import is_book
from app.models.tables import history

if TYPE_CHECKING:
    from app.book.book import Book


def backup(book: Book, out: Path) -> Path:
    """A copy of the book as it is now, checked; only an older copy of it is replaced.

    A union's book in a database becomes an ordinary file with everything in it.
    """
    if book.store.on_server:
        older = partial(_need_older_copy_of_database, book)
        return _placed(Path(out), partial(write_file, book.store), older, check_whole)
    return backup_file(book.path, Path(out))


def backup_file(path: Path, out: Path) -> Path:
    """The same for a book's file, whether it is open or not."""
    return _copied(path, out, _check_file)


def is_older_copy(path: Path, target: Path) -> bool:
    """Whether a file is an earlier state of the book, which a backup may replace."""
    try:
        _need_older_copy(path, target)
    except BookError:
        return False
    return True


def restore(source: Path, target: Path | str) -> Path | str:
    """A book from a copy, checked; an existing file is never overwritten.

    The copy of a union's book can also go into an empty database, whose URL is the target.
    """
    source, place = Path(source), meant_place(target)
    if isinstance(place, URL):
        _need_book(source)
        check_whole(source)
        fill_database(source, place)
        return target
    if place.exists():
        raise BookError(f"“{place.name}”已经存在，没有覆盖。请换一个文件名，或先移走它。")
    return _copied(source, place, check_whole)


def _need_book(source: Path) -> None:
    try:
        if not is_book(source):
            raise BookError(f"“{source.name}”不是账套，或者已经损坏。请换一个文件。")
    except (OSError, OperationalError) as error:
        raise BookError(f"“{source}”读不出来，请核对文件名和权限。") from error


def _copied(source: Path, target: Path, check: Callable[[Path], None]) -> Path:
    _need_book(source)
    if target.exists() and target.samefile(source):
        raise BookError("备份不能写到账套自己身上，请换一个文件名。")
    return _placed(target, partial(_copy, source), partial(_need_older_copy, source), check)


def _placed(
    target: Path,
    write: Callable[[Path], None],
    need_older: Callable[[Path], None],
    check: Callable[[Path], None],
) -> Path:
    """A copy written aside, checked, flushed, and put in the place of an older one only."""
    with _held(target):
        if target.exists():
            need_older(target)
        aside = _aside(target)
        try:
            write(aside)
            check(aside)
            sync_file(aside)
            set_aside(target)
            os.replace(aside, target)
        finally:
            aside.unlink(missing_ok=True)
        sync_folder(target.parent)
        # Once more under its own name: what lies beside a file belongs to it too.
        _check_file(target)
    return target


@contextmanager
def _held(target: Path) -> Iterator[None]:
    """Nobody else writes the target meanwhile; no lock's file is left beside a copy."""
    if not target.parent.is_dir():  # asking for the lock would make it
        raise BookError(f"文件夹“{target.parent}”不能写入：没有这个文件夹。请换一个文件夹。")
    mine = not lock_path(target).exists()
    lock = take_lock(target)
    try:
        yield
    finally:
        if mine and os.name == "posix":  # elsewhere it goes away by itself
            lock_path(target).unlink(missing_ok=True)
        lock.release()


def _need_older_copy(source: Path, target: Path) -> None:
    """Refuses to replace anything but an earlier state of the same book."""
    with _older(target) as (code, last), closing(sqlite3.connect(source)) as new:
        query = "SELECT id, hash FROM history WHERE id = ?"
        known = last is None or new.execute(query, last[:1]).fetchone() == last
        _need_earlier(target, code == _institution_code(new), known)


def _need_older_copy_of_database(book: Book, target: Path) -> None:
    with _older(target) as (code, last), book.store.read() as new:
        number, seen = last or (0, None)
        known = new.execute(select(history.c.hash).where(history.c.id == number)).scalar() == seen
        _need_earlier(target, code == book.institution.code, known)


_REFUSED = "“{}”已经存在，{}，没有覆盖。请换一个文件名，或先移走它。"


def _need_earlier(target: Path, same_office: bool, known: bool) -> None:
    if not same_office:
        raise BookError(_REFUSED.format(target.name, "是另一个机构的账套"))
    if not known:
        raise BookError(_REFUSED.format(target.name, "里面有本账套没有的记录"))


@contextmanager
def _older(target: Path) -> Iterator[tuple[str, tuple[int, str] | None]]:
    """Whose book an existing copy is, and its last history entry."""
    try:
        if not is_book(target):
            raise BookError(_REFUSED.format(target.name, "不是账套的备份"))
        with closing(sqlite3.connect(target)) as old:
            last = old.execute("SELECT id, hash FROM history ORDER BY id DESC LIMIT 1").fetchone()
            yield _institution_code(old), last
    except (OSError, OperationalError, sqlite3.DatabaseError) as error:
        raise BookError(_REFUSED.format(target.name, "读不出来")) from error


def _institution_code(connection: sqlite3.Connection) -> str:
    query = "SELECT value FROM meta WHERE name = 'institution_code'"
    return str(connection.execute(query).fetchone()[0])


def _aside(target: Path) -> Path:
    try:
        with NamedTemporaryFile(dir=target.parent, prefix=".wuji-", delete=False) as file:
            return Path(file.name)
    except OSError as error:
        raise BookError(
            f"文件夹“{target.parent}”不能写入：{system_reason(error)}。请换一个。"
        ) from error


def _copy(source: Path, aside: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(aside)) as new:
            old.backup(new)
            # One file, without side files that could be left behind when it is carried away.
            new.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        raise BookError(
            f"“{source.name}”读不完整（{error}），没有写成副本。请再试一次。"
        ) from error


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
        raise BookError(
            f"历史记录从第{state.broken_at}条起对不上，账套被改动过，没有恢复。请改用更早的备份。"
        )


def _check_file(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        try:
            result = connection.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise BookError(f"“{path.name}”已损坏（{error}）。请改用更早的备份。") from error
    if result != "ok":
        raise BookError("账套文件已损坏，没有写成副本。请改用更早的备份。")

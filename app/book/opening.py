"""Making and opening books, files and databases: lock, upgrade, chosen period."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Engine, select
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from app.book.coding import to_moment
from app.book.errors import BookError, NoBookYetError
from app.book.history import last_change_no
from app.book.meta import read_meta, write_meta
from app.book.periods import insert_period, latest_period
from app.book.side_files import set_aside
from app.book.store import Store
from app.book.types import Institution
from app.errors import system_reason
from app.forms.errors import DefinitionError
from app.forms.loader import ruleset_for
from app.forms.ruleset import RuleSet
from app.models.engine import Place, make_engine, place_name, place_of
from app.models.errors import EmptyDatabaseError, StoreError
from app.models.schema import (
    bring_up_to_date,
    create_schema,
    is_book,
    need_database,
    need_empty_database,
)
from app.models.server import server_line
from app.models.tables import history

if TYPE_CHECKING:
    from filelock import BaseFileLock

SUFFIX = ".wuji"
_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,19}")
LONGEST_NAME = 60


def lock_path(path: Path) -> Path:
    """The lock's file, hidden beside the book."""
    return path.with_name(f".{path.name}.lock")


def take_lock(path: Path) -> BaseFileLock:
    """The right to write; BookError when another window or command has it."""
    from filelock import FileLock, Timeout

    lock = FileLock(lock_path(path), timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise BookError(
            f"账套“{path.name}”正在另一个窗口或命令中使用。请先关闭那一个，再打开。"
        ) from None
    except OSError as error:
        raise BookError(
            f"账套“{path.name}”所在的文件夹不能写入：{system_reason(error)}。请把账套放到别的文件夹。"
        ) from error
    return lock


def checked_institution(institution: Institution) -> Institution:
    """The institution with a tidy code and name; BookError for unfit ones."""
    code, name = institution.code.strip().upper(), institution.name.strip()
    if not _CODE.fullmatch(code):
        raise BookError(f"机构代码“{institution.code}”应由字母和数字组成，最多20位，如QS01。")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BookError(f"机构名称应为1至{LONGEST_NAME}个字。")
    return Institution(code, name)


def meant_place(target: Path | str) -> Place:
    """The file or database that is meant; BookError for an unfit address."""
    try:
        return place_of(target)
    except StoreError as error:
        raise BookError(str(error)) from error


def create_store(
    target: Path | str,
    institution: Institution,
    base_date: date,
    *,
    union: bool = False,
    ruleset: RuleSet | None = None,
) -> Store:
    """Makes a new book with its first period; nothing stays behind when that fails."""
    place = meant_place(target)
    institution = checked_institution(institution)
    ruleset = ruleset or ruleset_for(base_date)
    if isinstance(place, URL):
        return _create_in_database(place, institution, base_date, ruleset, union=union)
    return _create_file(place.resolve(), institution, base_date, ruleset, union=union)


ONLY_UNIONS = "数据库里只放联社的账套（--union）。信用社的账套请存成文件。"


def _create_in_database(
    url: URL, institution: Institution, base_date: date, ruleset: RuleSet, *, union: bool
) -> Store:
    if not union:
        raise BookError(ONLY_UNIONS)
    store = Store(url, make_engine(url), None, institution, writable=True)
    try:
        _fill_new(store, base_date, ruleset, union=union)
    except BaseException as error:
        store.close()
        if isinstance(error, StoreError | DBAPIError):
            raise BookError(_why(url, error)) from error
        raise
    return store


def _create_file(
    path: Path, institution: Institution, base_date: date, ruleset: RuleSet, *, union: bool
) -> Store:
    if not path.parent.is_dir():
        raise BookError(f"文件夹“{path.parent}”不存在，请先建立。")
    lock = take_lock(path)
    try:
        _reserve(path)
        set_aside(path)
    except BookError:
        lock.release()
        raise
    store = Store(path, make_engine(path), lock, institution, writable=True)
    try:
        _fill_new(store, base_date, ruleset, union=union)
    except BaseException:
        store.close()
        path.unlink()
        raise
    return store


def _reserve(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise BookError(f"“{path.name}”已经存在。请换一个文件名，或直接打开它。") from None
    except OSError as error:
        raise BookError(
            f"不能在“{path.parent}”建立账套：{system_reason(error)}。请换一个。"
        ) from error


def _fill_new(store: Store, base_date: date, ruleset: RuleSet, *, union: bool) -> None:
    store.is_union = union
    with store.write("") as change:
        connection = change.connection
        if store.on_server:
            need_empty_database(connection, store.place)
        create_schema(connection)
        write_meta(connection, "institution_code", store.institution.code)
        write_meta(connection, "institution_name", store.institution.name)
        write_meta(connection, "is_union", "1" if union else "0")
        period = insert_period(connection, base_date, ruleset, change.at_text)
        change.period = base_date.isoformat()
        new = {"code": store.institution.code, "name": store.institution.name}
        change.log("book", new=new | {"ruleset": ruleset.id})
        store.choose_period(connection, period)


def open_store(target: Path | str, *, write: bool = True) -> Store:
    """Opens a book; BookError says why one can't be opened."""
    place = meant_place(target)
    lock = None
    if isinstance(place, Path):
        place = place.resolve()
        _check_file(place)
        lock = take_lock(place) if write else None
    engine = make_engine(place, write=write)
    try:
        if isinstance(place, URL):
            need_database(engine, place)
        bring_up_to_date(engine, place, write=write)
        return _opened(place, engine, lock, write=write)
    except BaseException as error:
        engine.dispose()
        if lock is not None:
            lock.release()
        if isinstance(error, EmptyDatabaseError):
            raise NoBookYetError(str(error)) from error
        if isinstance(error, StoreError | DatabaseError | DefinitionError):
            raise BookError(_why(place, error)) from error
        raise


def _check_file(path: Path) -> None:
    try:
        known = is_book(path)
    except FileNotFoundError:
        raise BookError(f"找不到账套“{path}”。请核对文件名。") from None
    except OSError as error:
        raise BookError(
            f"账套“{path.name}”读不出来：{system_reason(error)}。请核对权限。"
        ) from error
    except OperationalError as error:
        raise BookError(_why(path, error)) from error
    if not known:
        raise BookError(f"“{path.name}”不是账套，或者已经损坏。请另选，或恢复备份。")


def _why(place: Place, error: Exception) -> str:
    name = place_name(place)
    if isinstance(error, StoreError):
        return str(error)
    if isinstance(error, DefinitionError):
        return f"账套“{name}”里的规则读不出来（{error}）。请用建立它的程序版本打开。"
    if isinstance(place, URL) and isinstance(error, DBAPIError):
        return server_line(error, place) or f"数据库“{name}”读写出错，请告诉维护人员。"
    if isinstance(error, OperationalError) and "locked" in str(error):
        return f"账套“{name}”正被其他程序占用，请稍等后再打开。"
    if isinstance(error, OperationalError) and "unable to open" in str(error):
        return f"账套“{name}”打不开。请核对是否有权限读写它和它所在的文件夹。"
    return f"账套“{name}”已损坏，无法读取。请用备份恢复。"


def _opened(place: Place, engine: Engine, lock: BaseFileLock | None, *, write: bool) -> Store:
    with engine.connect() as connection:
        code = read_meta(connection, "institution_code")
        office = Institution(code, read_meta(connection, "institution_name"))
        store = Store(place, engine, lock, office, writable=write)
        store.is_union = read_meta(connection, "is_union") == "1"
        store.choose_period(connection, latest_period(connection))
        store.opened_at_change = last_change_no(connection)
        newest = select(history.c.at).order_by(history.c.id.desc()).limit(1)
        at = connection.execute(newest).scalar()
        store.saved_at = to_moment(at) if at else None
    return store

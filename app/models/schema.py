"""Making a book's schema, knowing its version, and bringing older ones up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DatabaseError, OperationalError

from app.models import upgrades
from app.models.engine import APPLICATION_ID, make_engine, writing
from app.models.errors import OldVersionError, StoreError
from app.models.tables import meta, metadata

SCHEMA_VERSION = upgrades.LATEST

APPEND_ONLY = (
    """CREATE TRIGGER history_no_update BEFORE UPDATE ON history
    BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
    """CREATE TRIGGER history_no_delete BEFORE DELETE ON history
    BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
)


def create_schema(connection: Connection) -> None:
    """Makes all tables in an empty store and writes the schema's version."""
    metadata.create_all(connection)
    if connection.dialect.name == "sqlite":
        for statement in APPEND_ONLY:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    else:
        connection.execute(meta.insert().values(name="schema_version", value=str(SCHEMA_VERSION)))


def schema_version(connection: Connection) -> int:
    """The version of the schema in a store."""
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    stored = connection.execute(select(meta.c.value).where(meta.c.name == "schema_version"))
    return int(stored.scalar_one())


def is_book(path: Path) -> bool:
    """Whether the file carries the mark of a book; other SQLite files and damaged ones do not."""
    if not path.is_file():
        path.stat()  # raises what is wrong with the name
        return False
    # Never by opening the file itself: closing it would drop SQLite's locks in this process,
    # and what a writer has just stored may still lie beside it.
    engine = make_engine(path, write=False)
    try:
        with engine.connect() as connection:
            mark = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    except OperationalError:  # not readable just now, which says nothing about the content
        raise
    except DatabaseError:
        return False
    finally:
        engine.dispose()
    return bool(mark == APPLICATION_ID)


def bring_up_to_date(
    engine: Engine,
    path: Path,
    *,
    write: bool,
    steps: Mapping[int, Callable[[Connection], None]] = upgrades.STEPS,
) -> int:
    """Runs the upgrades that the book still needs, in one transaction; returns its old version."""
    try:
        with engine.connect() as connection:
            version = schema_version(connection)
            connection.execute(select(func.count()).select_from(meta)).scalar_one()
    except DatabaseError as error:
        raise StoreError(f"账套“{path.name}”已损坏，无法读取。请用备份恢复。") from error
    latest = max((0, *steps)) + 1
    if version > latest:
        raise StoreError(f"账套“{path.name}”由更新版本的程序写成。请升级本程序后再打开。")
    if version < latest:
        _upgrade(engine, path, version, latest, steps, write=write)
    return version


def _upgrade(
    engine: Engine,
    path: Path,
    version: int,
    latest: int,
    steps: Mapping[int, Callable[[Connection], None]],
    *,
    write: bool,
) -> None:
    if not write:
        raise OldVersionError(
            f"账套“{path.name}”是旧版格式。请先在窗口里打开一次，程序会留一份副本，再换成新格式。"
        )
    _keep_copy(path, version)
    with writing(engine).begin() as connection:
        for step in range(version, latest):
            steps[step](connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {latest}")


def _keep_copy(path: Path, version: int) -> None:
    # Never over an earlier copy: the first one is the one from before any upgrade.
    copy = path.with_name(f"{path.stem}.v{version}{path.suffix}")
    if copy.exists():
        return
    source, target = sqlite3.connect(path), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()

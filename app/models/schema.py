"""Making a book's schema, knowing its version, and bringing older ones up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, select, update
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from app.models import upgrades
from app.models.engine import APPLICATION_ID, Place, make_engine, place_name, writing
from app.models.errors import EmptyDatabaseError, OldVersionError, StoreError
from app.models.server import HISTORY_LENGTH, SCHEMA, WRITERS, hold, server_line
from app.models.tables import meta, metadata

SCHEMA_VERSION = upgrades.LATEST

APPEND_ONLY = (
    """CREATE TRIGGER history_no_update BEFORE UPDATE ON history
    BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
    """CREATE TRIGGER history_no_delete BEFORE DELETE ON history
    BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
)

APPEND_ONLY_SERVER = (
    """CREATE FUNCTION wuji_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$""",
    """CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history
    FOR EACH STATEMENT EXECUTE FUNCTION wuji_append_only()""",
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
        for statement in APPEND_ONLY_SERVER:
            connection.exec_driver_sql(statement)
        own = {SCHEMA: SCHEMA_VERSION, HISTORY_LENGTH: 0}
        lines = [{"name": name, "value": str(value)} for name, value in own.items()]
        connection.execute(meta.insert(), lines)


def schema_version(connection: Connection) -> int:
    """The version of the schema in a store."""
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    stored = connection.execute(select(meta.c.value).where(meta.c.name == SCHEMA))
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


def tables_in(connection: Connection) -> set[str]:
    """The names of all tables that a database has, its own and others."""
    return set(inspect(connection).get_table_names())


def need_database(engine: Engine, place: Place) -> None:
    """Refuses a database that can't be reached, or that holds no book."""
    try:
        with engine.connect() as connection:
            found = tables_in(connection)
            known = found >= {meta.name, "periods", "history"}
            stored = select(func.count()).select_from(meta).where(meta.c.name == SCHEMA)
            if known and connection.execute(stored).scalar_one() == 1:
                return
    except DBAPIError as error:
        raise StoreError(server_line(error, place) or _damaged(place)) from error
    told = f"数据库“{place_name(place)}”里没有账套。请核对地址，或先用 wuji new … --union 建立。"
    raise StoreError(told) if found else EmptyDatabaseError(told)


def need_empty_database(connection: Connection, place: Place) -> None:
    """Refuses a database that something is in already, or that can't hold every character."""
    hold(connection, WRITERS)
    found = tables_in(connection)
    if meta.name in found and "history" in found:
        raise StoreError(f"数据库“{place_name(place)}”里已经有账套，没有覆盖。请换一个数据库。")
    if found & set(metadata.tables):
        raise StoreError(f"数据库“{place_name(place)}”里有别的程序的表，请换一个空的数据库。")
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise StoreError(
            f"数据库“{place_name(place)}”的编码是{encoding}，放不下所有汉字。请另建一个 UTF8 的。"
        )


def _damaged(place: Place) -> str:
    return f"账套“{place_name(place)}”已损坏，无法读取。请用备份恢复。"


def bring_up_to_date(
    engine: Engine,
    place: Place,
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
        raise StoreError(_damaged(place)) from error
    latest = max((0, *steps)) + 1
    if version > latest:
        raise StoreError(newer(place))
    if version < latest:
        _upgrade(engine, place, version, latest, steps, write=write)
    return version


def newer(place: Place) -> str:
    """What is said of a book that this program is too old for."""
    return f"账套“{place_name(place)}”由更新版本的程序写成。请升级本程序后再打开。"


def _upgrade(
    engine: Engine,
    place: Place,
    version: int,
    latest: int,
    steps: Mapping[int, Callable[[Connection], None]],
    *,
    write: bool,
) -> None:
    if not write:
        name = place_name(place)
        raise OldVersionError(
            f"账套“{name}”是旧版格式。请先在窗口里打开一次，程序会留副本，再换成新格式。"
        )
    if isinstance(place, Path):
        _keep_copy(place, version)
    with writing(engine).begin() as connection:
        hold(connection, WRITERS)
        # Somebody else may have done it while this one waited.
        for step in range(schema_version(connection), latest):
            steps[step](connection)
        _note_version(connection, latest)


def _note_version(connection: Connection, version: int) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {version}")
    else:
        this = meta.c.name == SCHEMA
        connection.execute(update(meta).where(this).values(value=str(version)))


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

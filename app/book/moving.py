"""A book from a file into a database and back: everything, table by table, of one moment."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, Table, func, select, text
from sqlalchemy.exc import DataError, DBAPIError

from app.book.errors import BookError
from app.book.history import chain_state
from app.book.meta import read_meta
from app.book.opening import ONLY_UNIONS
from app.book.store import Store
from app.models.engine import make_engine, place_name, reading, writing
from app.models.errors import StoreError
from app.models.schema import bring_up_to_date, create_schema, need_empty_database
from app.models.server import OF_SERVERS, note_history_length, server_line
from app.models.tables import blobs, meta, metadata

BULK = 1000
FEW = 8
"""Contents of files are large: so many at a time."""


def write_file(store: Store, target: Path) -> None:
    """Everything of a book in a database, as it is at one moment, into a new file."""
    engine = make_engine(target)
    try:
        with store.read() as old, writing(engine).begin() as new:
            create_schema(new)
            _copy(old, new)
            _need_same(old, new)
    finally:
        engine.dispose()
    with closing(sqlite3.connect(target)) as connection:
        # One file, without side files that could be left behind when it is carried away.
        connection.execute("PRAGMA journal_mode = DELETE")


def fill_database(source: Path, url: URL) -> None:
    """Everything of a union's book file into an empty database, all of it or nothing."""
    with tempfile.TemporaryDirectory(prefix="wuji-") as folder:
        # An older file is brought up to date first; the one that was given stays as it is.
        own = Path(folder) / source.name
        with closing(sqlite3.connect(source)) as given, closing(sqlite3.connect(own)) as copied:
            given.backup(copied)
        old_engine, new_engine = make_engine(own), make_engine(url)
        try:
            bring_up_to_date(old_engine, own, write=True)
            with reading(old_engine).connect() as old, writing(new_engine).begin() as new:
                _fill(old, new, url)
        except StoreError as error:
            raise BookError(str(error)) from error
        except DataError as error:
            raise BookError(
                f"“{source.name}”里有数据库存不下的字符，没有恢复。请先在账套里改正。"
            ) from error
        except DBAPIError as error:
            line = server_line(error, url)
            raise BookError(
                line or f"数据库“{place_name(url)}”读写出错，没有恢复。请再试一次。"
            ) from error
        finally:
            old_engine.dispose()
            new_engine.dispose()


def _fill(old: Connection, new: Connection, url: URL) -> None:
    if read_meta(old, "is_union") != "1":
        raise BookError(ONLY_UNIONS)
    need_empty_database(new, url)
    create_schema(new)
    _copy(old, new)
    for table in metadata.sorted_tables:
        _number_on(new, table)
    note_history_length(new, chain_state(old).entries)
    _need_same(old, new)


def _copy(old: Connection, new: Connection) -> None:
    """All lines of all tables; what only a database has stays out."""
    for table in metadata.sorted_tables:
        query = select(table).order_by(*table.primary_key)
        if table is meta:
            query = query.where(meta.c.name.not_in(OF_SERVERS))
        bulk = FEW if table is blobs else BULK
        lines = old.execute(query.execution_options(yield_per=bulk)).mappings()
        for part in lines.partitions(bulk):
            new.execute(table.insert(), [dict(line) for line in part])


def _number_on(new: Connection, table: Table) -> None:
    """New lines get numbers behind those that were copied."""
    key = table.autoincrement_column
    if key is None:
        return
    newest = new.execute(select(func.max(key))).scalar()
    if newest is not None:
        place = text("SELECT setval(pg_get_serial_sequence(:table, :key), :newest)")
        new.execute(place, {"table": table.name, "key": key.name, "newest": newest})


def _need_same(old: Connection, new: Connection) -> None:
    """Refuses a copy that lacks something, or whose history is not that of the original."""
    for table in metadata.sorted_tables:
        query = select(func.count()).select_from(table)
        if table is meta:
            query = query.where(meta.c.name.not_in(OF_SERVERS))
        if old.execute(query).scalar_one() != new.execute(query).scalar_one():
            raise BookError(f"复制得不完整（{table.name}），没有写成副本。请再试一次。")
    state = chain_state(new)
    if not state.whole:
        raise BookError(
            f"历史记录从第{state.broken_at}条起对不上，账套被改动过，没有写成副本。请改用更早的备份。"
        )

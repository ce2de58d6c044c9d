"""The one place that makes an engine: for a book file, or for the database of a union."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

APPLICATION_ID = 0x57756A69
"""Marks a SQLite file as a book (the letters Wuji)."""
CACHE_KIB = 65536
BUSY_SECONDS = 10


def is_url(target: Path | str) -> bool:
    """Whether the target is an SQLAlchemy URL and not a file."""
    return isinstance(target, str) and "://" in target


def make_engine(target: Path | str, *, write: bool = True) -> Engine:
    """An engine for a book file (a path) or a database (an SQLAlchemy URL)."""
    if is_url(target):
        return create_engine(str(target))
    path = Path(target).resolve()
    # LIFO: one connection, with one filled page cache, does nearly all of the work.
    engine = create_engine(
        _file_url(path, write=write),
        connect_args={"timeout": BUSY_SECONDS},
        pool_size=2,
        max_overflow=8,
        pool_use_lifo=True,
    )
    event.listen(engine, "connect", _set_up_writer if write else _set_up_reader)
    event.listen(engine, "begin", _begin)
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine, whose transactions take the write lock when they begin."""
    return engine.execution_options(wuji_begin="BEGIN IMMEDIATE")


def _file_url(path: Path, *, write: bool) -> URL:
    if write or os.access(path.parent, os.W_OK):
        return URL.create("sqlite", database=str(path))
    # A read-only medium: SQLite can't make its side files there.
    query = {"uri": "true", "immutable": "1"}
    return URL.create("sqlite", database=path.as_uri(), query=query)


def _set_up(connection: sqlite3.Connection) -> None:
    # SQLAlchemy's begin event starts transactions, not the driver.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


def _set_up_writer(connection: sqlite3.Connection, _record: Any) -> None:
    _set_up(connection)
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":  # some USB sticks and network shares lack the shared memory that WAL needs
        connection.execute("PRAGMA journal_mode = TRUNCATE")


def _set_up_reader(connection: sqlite3.Connection, _record: Any) -> None:
    _set_up(connection)
    connection.execute("PRAGMA query_only = ON")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql(str(options.get("wuji_begin", "BEGIN")))

"""The one place that makes an engine: for a book file, or for the database of a union."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from app.models.errors import StoreError

APPLICATION_ID = 0x57756A69
"""Marks a SQLite file as a book (the letters Wuji)."""
CACHE_KIB = 65536
PUT_AWAY_PAGES = 8000
"""So much (32 MB) may gather in the side file before a change has to wait until it is put away."""
BUSY_SECONDS = 10
WAIT_SECONDS = 60
"""How long a writer waits for others on a server before it is told so."""
SERVER = "postgresql"
DRIVER = "postgresql+psycopg"

Place = Path | URL
"""Where a book lies: a file, or a database on a server."""


def is_url(target: Path | str) -> bool:
    """Whether the target is an SQLAlchemy URL and not a file."""
    return isinstance(target, str) and "://" in target


def place_of(target: Path | str) -> Place:
    """The file or the database that is meant; StoreError for a URL of another kind."""
    if not is_url(target):
        return Path(target)
    try:
        url = make_url(str(target))
    except (ArgumentError, ValueError):
        raise StoreError("数据库的地址写得不对，应如 postgresql://用户@服务器/数据库。") from None
    if url.get_backend_name() not in (SERVER, "postgres"):
        raise StoreError(
            f"不认识“{url.get_backend_name()}”这种数据库，联社的账套可以放在 PostgreSQL 里。"
        )
    if not url.database:
        raise StoreError("数据库的地址没有写明是哪个数据库，应如 postgresql://用户@服务器/数据库。")
    return url.set(drivername=DRIVER)


def place_name(place: Place) -> str:
    """How messages name a book: the file's name, or server and database, never with a password."""
    if isinstance(place, Path):
        return place.name
    where = f"{place.host or ''}{f':{place.port}' if place.port else ''}"
    return f"{SERVER}://{where}/{place.database}"


def make_engine(target: Place | str, *, write: bool = True) -> Engine:
    """An engine for a book file (a path) or a database (an SQLAlchemy URL)."""
    if isinstance(target, URL):
        return _server_engine(target)
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
    if engine.dialect.name == SERVER:
        # Several write at once: each sees what the others have stored while it waited for them.
        return engine.execution_options(isolation_level="READ COMMITTED")
    return engine.execution_options(wuji_begin="BEGIN IMMEDIATE")


def reading(engine: Engine) -> Engine:
    """The same engine, whose transactions see one state and change nothing."""
    if engine.dialect.name == SERVER:
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


# A database on a server


def _server_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        connect_args={
            "connect_timeout": BUSY_SECONDS,
            "client_encoding": "utf8",
            # A network that is gone is noticed as soon, not when the system gives up.
            "tcp_user_timeout": BUSY_SECONDS * 1000,
            "keepalives_idle": BUSY_SECONDS,
            "keepalives_interval": BUSY_SECONDS,
            "keepalives_count": 2,
        },
        pool_pre_ping=True,
        pool_size=2,
        max_overflow=8,
        pool_use_lifo=True,
    )
    event.listen(engine, "connect", _set_up_server)
    return engine


def _set_up_server(connection: Any, _record: Any) -> None:
    from psycopg.adapt import Loader

    class WholeLoader(Loader):
        """Sums of whole fen come as NUMERIC; they are whole numbers here too."""

        def load(self, data: Any) -> int:
            """The number; a fraction would be a mistake of ours."""
            return int(bytes(data))

    connection.adapters.register_loader("numeric", WholeLoader)
    connection.autocommit = True
    connection.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'")
    connection.autocommit = False


# A file


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
    connection.execute(f"PRAGMA wal_autocheckpoint = {PUT_AWAY_PAGES}")
    if mode != "wal":  # some USB sticks and network shares lack the shared memory that WAL needs
        connection.execute("PRAGMA journal_mode = TRUNCATE")


def _set_up_reader(connection: sqlite3.Connection, _record: Any) -> None:
    _set_up(connection)
    connection.execute("PRAGMA query_only = ON")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql(str(options.get("wuji_begin", "BEGIN")))

"""The store itself: engine, strict tables, schema version, upgrades."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from app.models import upgrades
from app.models.engine import APPLICATION_ID, PUT_AWAY_PAGES, is_url, make_engine, writing
from app.models.errors import StoreError
from app.models.functions import insert_many
from app.models.schema import (
    SCHEMA_VERSION,
    bring_up_to_date,
    create_schema,
    is_book,
    schema_version,
)
from app.models.tables import balances, history, meta, metadata

Steps = Mapping[int, Callable[[Connection], None]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with its schema."""
    path = tmp_path / "x.wuji"
    engine = make_engine(path)
    with writing(engine).begin() as connection:
        create_schema(connection)
    engine.dispose()
    return path


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    """An engine on that store."""
    engine = make_engine(path)
    yield engine
    engine.dispose()


def pragma(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("cache_size", -65536),
        ("wal_autocheckpoint", PUT_AWAY_PAGES),
        ("user_version", SCHEMA_VERSION),
        ("application_id", APPLICATION_ID),
    ],
)
def test_every_connection_is_set_up(engine: Engine, name: str, value: object) -> None:
    assert pragma(engine, name) == value


def test_the_same_function_makes_engines_for_databases() -> None:
    assert is_url("postgresql+psycopg://union@server/wuji")
    assert not is_url("/home/x/y.wuji")
    engine = make_engine("sqlite:///:memory:")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
    engine.dispose()


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_every_table_is_strict(engine: Engine, name: str) -> None:
    with engine.connect() as connection:
        sql = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)
        ).scalar_one()
    assert sql.rstrip().endswith("STRICT")
    assert "REAL" not in sql
    assert "FLOAT" not in sql


def test_text_is_no_amount(engine: Engine) -> None:
    line = {"period_id": 1, "subject": "1391", "debit": "twelve"}
    with pytest.raises(IntegrityError, match="cannot store TEXT"), engine.begin() as connection:
        connection.execute(insert(balances), line)


def test_a_writer_takes_the_lock_when_it_begins(engine: Engine) -> None:
    with (
        writing(engine).begin(),
        closing(sqlite3.connect(str(engine.url.database), timeout=0)) as other,
    ):
        assert other.execute("SELECT count(*) FROM meta").fetchone() == (0,)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")


def test_a_reader_can_not_write(path: Path) -> None:
    engine = make_engine(path, write=False)
    with pytest.raises(OperationalError, match="readonly"), engine.begin() as connection:
        connection.execute(insert(meta), {"name": "x", "value": "y"})
    engine.dispose()


@pytest.mark.parametrize("statement", ["UPDATE history SET why = 'x'", "DELETE FROM history"])
def test_history_is_append_only_in_the_store_too(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(insert(history), {"change_no": 1, "hash": "x", "kind": "book"})
    with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_fresh_store_needs_no_upgrade(engine: Engine, path: Path) -> None:
    assert bring_up_to_date(engine, path, write=True) == SCHEMA_VERSION
    assert bring_up_to_date(engine, path, write=False) == SCHEMA_VERSION
    assert [p.name for p in path.parent.iterdir() if p.suffix == ".wuji"] == ["x.wuji"]


def test_a_store_of_a_newer_program_is_refused(engine: Engine, path: Path) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match="更新版本"):
        bring_up_to_date(engine, path, write=True)


def _one(connection: Connection) -> None:
    connection.execute(insert(meta), {"name": "step", "value": "1"})


def _two(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE meta ADD COLUMN note TEXT")
    connection.exec_driver_sql("UPDATE meta SET value = value || '2' WHERE name = 'step'")


def _broken(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE nowhere ADD COLUMN note TEXT")


def next_steps(*functions: Callable[[Connection], None]) -> Steps:
    """Steps that follow the real ones."""
    return {**upgrades.STEPS, **dict(enumerate(functions, SCHEMA_VERSION))}


def stored_meta(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM meta").fetchall()


def test_steps_run_in_order_and_the_old_book_is_kept(engine: Engine, path: Path) -> None:
    steps = next_steps(_one, _two)
    assert bring_up_to_date(engine, path, write=True, steps=steps) == SCHEMA_VERSION
    assert pragma(engine, "user_version") == SCHEMA_VERSION + 2
    assert stored_meta(path) == [("step", "12", None)]
    copy = path.with_name(f"x.v{SCHEMA_VERSION}.wuji")
    assert stored_meta(copy) == []
    assert is_book(copy)


def test_a_step_that_fails_leaves_the_book_as_it_was(engine: Engine, path: Path) -> None:
    with pytest.raises(DatabaseError, match="nowhere"):
        bring_up_to_date(engine, path, write=True, steps=next_steps(_one, _broken))
    assert pragma(engine, "user_version") == SCHEMA_VERSION
    assert stored_meta(path) == []


def test_an_older_book_is_not_upgraded_by_a_reader(path: Path) -> None:
    engine = make_engine(path, write=False)
    with pytest.raises(StoreError, match="旧版格式"):
        bring_up_to_date(engine, path, write=False, steps=next_steps(_one))
    engine.dispose()


def test_steps_have_no_gap() -> None:
    assert list(upgrades.STEPS) == list(range(1, SCHEMA_VERSION))


def test_the_version_is_known_without_sqlite_too(engine: Engine) -> None:
    with engine.connect() as connection:
        assert schema_version(connection) == SCHEMA_VERSION
        assert connection.execute(select(meta)).all() == []


LINES = [
    {"id": number, "change_no": large, "at": "2006-12-31", "by": "“引号”和%", "period": "x'y",
     "row_id": "", "field": ":name", "old": None, "new": new, "why": "%(why)s", "kind": "set",
     "reverts": None, "hash": str(number)}
    for number, large, new in ((1, 1 << 61, "{}"), (2, -5, None), (3, 0, "？"))
]  # fmt: skip


def test_many_lines_go_in_as_they_are(path: Path) -> None:
    engine = make_engine(path)
    with writing(engine).begin() as connection:
        insert_many(connection, history, LINES)
        insert_many(connection, history, [])
        # The names decide, not the order they are given in.
        last = LINES[0] | {"id": 4}
        insert_many(connection, history, [dict(reversed(last.items()))])
        stored = connection.execute(select(history).order_by(history.c.id)).mappings()
        assert [dict(line) for line in stored] == [*LINES, last]
        with pytest.raises(KeyError):
            insert_many(connection, history, [LINES[0], {"id": 5}])
    engine.dispose()

"""The schema in a database: types, order of texts, history that only grows, upgrades."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, inspect, literal, make_url, select
from sqlalchemy.exc import DBAPIError

from app.book.book import Book
from app.book.errors import BookError
from app.models import upgrades
from app.models.engine import make_engine, place_of, writing
from app.models.functions import insert_many, json_number, json_part
from app.models.schema import SCHEMA_VERSION, bring_up_to_date, create_schema, schema_version
from app.models.server import HISTORY_LENGTH, SCHEMA
from app.models.tables import history, meta, metadata, people, rows
from tests.models.released import FOLDER
from tests.models.test_store import LINES
from tests.postgres.server import Server


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """An engine on an empty database."""
    engine = make_engine(place_of(url))
    yield engine
    engine.dispose()


def layout(engine: Engine) -> dict[str, Any]:
    """Columns and indexes of every table, in one order."""
    look = inspect(engine)
    return {
        table: (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(table)),
            sorted((i["name"], i["column_names"], i["unique"]) for i in look.get_indexes(table)),
            look.get_pk_constraint(table)["constrained_columns"],
            sorted(str(key["constrained_columns"]) for key in look.get_foreign_keys(table)),
        )
        for table in sorted(look.get_table_names())
    }


def made(engine: Engine) -> None:
    with writing(engine).begin() as connection:
        create_schema(connection)


def test_numbers_have_64_bits_and_texts_sort_by_their_bytes(engine: Engine) -> None:
    made(engine)
    with engine.connect() as connection:
        columns = connection.exec_driver_sql(
            "SELECT data_type, collation_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        ).all()
    assert {tuple(column) for column in columns} == {
        ("bigint", None), ("text", "C"), ("bytea", None),
    }  # fmt: skip


def test_many_lines_go_in_as_they_are(engine: Engine) -> None:
    made(engine)
    with writing(engine).begin() as connection:
        insert_many(connection, history, LINES)
        stored = connection.execute(select(history).order_by(history.c.id)).mappings()
        assert [dict(line) for line in stored] == LINES


def test_names_and_codes_come_in_the_order_of_a_file(engine: Engine) -> None:
    made(engine)
    names = ["b", "B", "a", "王", "安", "Z1", "z", "重庆", "长安", "_", "é", "𬀩", "10", "9"]
    with writing(engine).begin() as connection:
        connection.execute(people.insert(), [{"name": name} for name in names])
        stored = list(connection.execute(select(people.c.name).order_by(people.c.name)).scalars())
    with closing(sqlite3.connect(":memory:")) as file:
        file.execute("CREATE TABLE people (name TEXT)")
        file.executemany("INSERT INTO people VALUES (?)", [(name,) for name in names])
        expected = [line[0] for line in file.execute("SELECT name FROM people ORDER BY name")]
    assert stored == expected


@pytest.mark.parametrize(
    ("stored", "key", "value", "number"),
    [
        ('{"a":"甲","b":12}', "b", "12", 12),
        ('{"a":"甲"}', "a", "甲", None),
        ('{"a":"甲"}', "b", None, None),
        ("", "a", None, None),
        ('{"b":4611686018427387904}', "b", "4611686018427387904", 1 << 62),
    ],
)
def test_parts_of_json_are_read(
    engine: Engine, stored: str, key: str, value: str | None, number: int | None
) -> None:
    with engine.connect() as connection:
        assert connection.execute(select(json_part(literal(stored), key))).scalar() == value
        if number is not None:
            asked = select(json_number(literal(stored), key))
            assert connection.execute(asked).scalar() == number


def test_history_only_grows(engine: Engine) -> None:
    made(engine)
    with writing(engine).begin() as connection:
        connection.execute(history.insert(), {"id": 1, "change_no": 1})
    for statement in ("UPDATE history SET why = 'x'", "DELETE FROM history", "TRUNCATE history"):
        with (
            pytest.raises(DBAPIError, match="append-only"),
            writing(engine).begin() as connection,
        ):
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("DELETE FROM history WHERE id = (SELECT max(id) FROM history)", 3),
        ("UPDATE history SET why = 'anders' WHERE id = 2", 2),
    ],
)
def test_a_changed_history_is_noticed(
    postgres: Server, kept: str, statement: str, broken_at: int
) -> None:
    with Book.open(kept) as book:
        book.add_person("吴审", "working_group")
        assert book.verify_history().whole
    with postgres.connected(str(make_url(kept).database)) as connection:
        connection.exec_driver_sql("ALTER TABLE history DISABLE TRIGGER history_append_only")
        connection.exec_driver_sql(statement)
    with Book.open(kept) as book:
        assert book.verify_history().broken_at == broken_at


@pytest.fixture
def kept(made: str) -> str:
    """A database with a union's book in it, closed."""
    return made


# Upgrades


def first_schema() -> list[str]:
    """What made a book of the first schema, as its stored book tells it."""
    with closing(sqlite3.connect(FOLDER / "v1.wuji")) as file:
        found = file.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')"
            " AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, rowid"
        )
        return [re.sub(" AUTOINCREMENT", "", sql) for (sql,) in found]


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_every_step_leads_to_the_layout_of_a_new_database(
    postgres: Server, engine: Engine, url: str, version: int
) -> None:
    place = place_of(url)
    with writing(engine).begin() as connection:
        upgrades.run(connection, first_schema())
        for step in range(1, version):
            upgrades.STEPS[step](connection)
        lines = [{"name": SCHEMA, "value": str(version)}, {"name": HISTORY_LENGTH, "value": "0"}]
        connection.execute(meta.insert(), lines)
    assert bring_up_to_date(engine, place, write=True) == version
    assert bring_up_to_date(engine, place, write=True) == SCHEMA_VERSION
    name = postgres.database()
    new = make_engine(place_of(postgres.url(name)))
    try:
        made(new)
        assert layout(engine) == layout(new)
    finally:
        new.dispose()
        postgres.drop(name)


def test_an_upgraded_table_numbers_its_lines(engine: Engine) -> None:
    with writing(engine).begin() as connection:
        upgrades.run(connection, first_schema())
        connection.execute(people.insert(), [{"name": "王明"}, {"name": "李芳"}])
        assert list(connection.execute(select(people.c.id)).scalars()) == [1, 2]


def test_two_who_open_it_upgrade_it_once(kept: str) -> None:
    done: list[str] = []
    ready = Barrier(2)

    def step(connection: Connection) -> None:
        upgrades.run(connection, ["ALTER TABLE people ADD COLUMN phone TEXT"])
        done.append("step")

    def opened() -> None:
        engine = make_engine(place_of(kept))
        ready.wait(20)
        steps: dict[int, Callable[[Connection], None]] = {**upgrades.STEPS, SCHEMA_VERSION: step}
        bring_up_to_date(engine, place_of(kept), write=True, steps=steps)
        with engine.connect() as connection:
            done.append(str(schema_version(connection)))
        engine.dispose()

    both = [Thread(target=opened) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)
    assert sorted(done) == [str(SCHEMA_VERSION + 1)] * 2 + ["step"]
    # And this program is too old for it now.
    with pytest.raises(BookError, match="升级本程序"):
        Book.open(kept)


def test_a_step_that_fails_leaves_the_old_version(kept: str) -> None:
    def step(connection: Connection) -> None:
        upgrades.run(connection, ["ALTER TABLE people ADD COLUMN phone TEXT"])
        raise RuntimeError("power")

    engine = make_engine(place_of(kept))
    with pytest.raises(RuntimeError):
        bring_up_to_date(engine, place_of(kept), write=True, steps={SCHEMA_VERSION: step})
    assert "phone" not in {column["name"] for column in inspect(engine).get_columns("people")}
    engine.dispose()
    Book.open(kept).close()


def test_every_table_of_a_book_is_there(engine: Engine) -> None:
    made(engine)
    assert set(inspect(engine).get_table_names()) == set(metadata.tables)
    assert rows.name in metadata.tables

"""SQL that files and servers write in different ways."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Insert,
    Table,
    Text,
    cast,
    literal,
    literal_column,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.models.engine import SERVER
from app.models.tables import INTEGER


class _JsonPart(FunctionElement[str]):
    """A part of JSON text, as text."""

    name = "json_part"
    inherit_cache = True
    type = Text()


@compiles(_JsonPart)
def _json_extract(element: _JsonPart, compiler: Any, **how: Any) -> str:
    column, key = element.clauses
    return (
        f"json_extract({compiler.process(column, **how)}, '$.' || {compiler.process(key, **how)})"
    )


@compiles(_JsonPart, "postgresql")
def _json_arrow(element: _JsonPart, compiler: Any, **how: Any) -> str:
    column, key = element.clauses
    given = compiler.process(column, **how)
    return f"(CAST(NULLIF({given}, '') AS json) ->> {compiler.process(key, **how)})"


def json_part(column: ColumnElement[Any], key: str) -> ColumnElement[Any]:
    """The value under a key of an object stored as JSON; null where there is none."""
    if not key.isidentifier():
        raise ValueError(f"not a key of values: {key!r}")
    # Written out, not bound: a server must see the same expression in SELECT and GROUP BY.
    return _JsonPart(column, literal_column(f"'{key}'"))


def json_number(column: ColumnElement[Any], key: str) -> ColumnElement[int]:
    """The whole number under a key of an object stored as JSON."""
    return cast(json_part(column, key), INTEGER)


class _Among(FunctionElement[bool]):
    """Whether a text is an entry of a JSON list."""

    name = "among"
    inherit_cache = True
    type = Boolean()


@compiles(_Among)
def _in_json_each(element: _Among, compiler: Any, **how: Any) -> str:
    column, given = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({given}))"


@compiles(_Among, "postgresql")
def _in_json_elements(element: _Among, compiler: Any, **how: Any) -> str:
    column, given = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} IN (SELECT json_array_elements_text(CAST({given} AS json)))"


def among(column: ColumnElement[Any], texts: Iterable[str]) -> ColumnElement[bool]:
    """Whether a text is one of these; however many there are, they are one bound value."""
    return _Among(column, literal(json.dumps(list(texts)), Text()))


def insert_once(connection: Connection, table: Table) -> Insert:
    """An insert that passes over what somebody else has put in under the same key meanwhile."""
    if connection.dialect.name == SERVER:
        # Here, because a book in a file, which most are, opens without it.
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def insert_many(connection: Connection, table: Table, lines: Sequence[Mapping[str, Any]]) -> None:
    """Inserts lines that all have the same columns, two or more.

    The driver gets them as they are: going through every value of every line once more, as the
    library does, takes as long as writing them.
    """
    if lines:
        text, given = _insert_of(connection.dialect, table, tuple(lines[0]))
        connection.exec_driver_sql(text, list(map(given, lines)))


@lru_cache(maxsize=16)
def _insert_of(
    dialect: Dialect, table: Table, names: tuple[str, ...]
) -> tuple[str, Callable[[Mapping[str, Any]], Any]]:
    """The statement, and what its driver wants of a line: values in their order, or by name."""
    made: Any = table.insert().compile(dialect=dialect, column_keys=list(names))
    return made.string, itemgetter(*made.positiontup) if made.positional else dict

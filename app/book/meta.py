"""Settings of a book: names and values."""

from __future__ import annotations

from sqlalchemy import Connection, select

from app.models.tables import meta


def read_meta(connection: Connection, name: str, default: str = "") -> str:
    """One setting of the book."""
    found = connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar()
    return default if found is None else str(found)


def write_meta(connection: Connection, name: str, value: str) -> None:
    """Sets one setting of the book."""
    renewed = connection.execute(meta.update().where(meta.c.name == name).values(value=value))
    if renewed.rowcount == 0:
        connection.execute(meta.insert().values(name=name, value=value))

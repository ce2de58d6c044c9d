"""Where a book lies, how that is said, and a server's errors in words; needs no server."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, OperationalError

from app.models.engine import place_name, place_of
from app.models.errors import StoreError
from app.models.server import FASTER, LONG, UNFIT, is_meanwhile, server_line
from app.models.upgrades import worded


@pytest.mark.parametrize("address", ["x.wuji", "/a/b.wuji", "C:\\账套\\x.wuji"])
def test_a_path_is_a_file(address: str) -> None:
    assert place_of(address) == Path(address)
    assert place_of(Path(address)) == Path(address)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:secret@server:5432/ls",
        "postgres://u:secret@server:5432/ls",
        "postgresql+psycopg://u:secret@server:5432/ls?password=secret",
        "postgresql+psycopg2://u:secret@server:5432/ls",
    ],
)
def test_every_way_of_writing_it_means_the_same_and_shows_no_secret(address: str) -> None:
    place = place_of(address)
    assert isinstance(place, URL)
    assert place.drivername == "postgresql+psycopg"
    assert place_name(place) == "postgresql://server:5432/ls"


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("mysql://u:secret@server/ls", "mysql"),
        ("sqlite:///x.wuji", "sqlite"),
        ("postgresql://u:secret@server", "没有写明"),
        ("postgresql://u:secret@server:port/ls", "写得不对"),
        ("://", "写得不对"),
    ],
)
def test_what_is_no_database_of_ours_is_told(address: str, word: str) -> None:
    with pytest.raises(StoreError, match=word) as told:
        place_of(address)
    assert "secret" not in str(told.value)


class SaidError(Exception):
    """What a driver raises."""

    def __init__(self, text: str, sqlstate: str | None) -> None:
        super().__init__(text)
        self.sqlstate = sqlstate


def failed(text: str = "", sqlstate: str | None = None) -> DBAPIError:
    return OperationalError("SELECT 1", {}, SaidError(text, sqlstate))


@pytest.mark.parametrize(
    ("sqlstate", "line"),
    [
        ("40001", FASTER), ("40P01", FASTER), ("23505", FASTER), ("55P03", LONG),
        ("57P01", "数据库服务器停下了，没有做完。请稍后再试。"),
        ("53100", "数据库服务器的磁盘或内存不够，没有做完。请告诉管理员。"),
        ("42501", "没有读写这个数据库的权限。请告诉管理员。"),
        ("42601", None), ("22012", None),
    ],
)  # fmt: skip
def test_a_servers_codes_in_words(sqlstate: str, line: str | None) -> None:
    assert server_line(failed(sqlstate=sqlstate)) == line
    assert is_meanwhile(failed(sqlstate=sqlstate)) is (line in (FASTER, LONG))


def test_the_one_character_that_does_not_fit_is_told() -> None:
    assert server_line(failed("PostgreSQL text fields cannot contain NUL (0x00) bytes")) == UNFIT
    assert server_line(failed("anything else")) is None


def test_statements_in_the_words_of_the_store() -> None:
    made = "CREATE TABLE x (\n id INTEGER NOT NULL, row_id TEXT, package_id INTEGER NOT NULL,"
    made += " content BLOB\n) STRICT"
    assert worded(made, "sqlite") == made
    assert worded(made, "postgresql") == (
        'CREATE TABLE x (\n id BIGSERIAL NOT NULL, row_id TEXT COLLATE "C",'
        " package_id BIGINT NOT NULL, content BYTEA\n)"
    )

"""A union's book between a file and a database: everything, and nothing by halves."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, make_url, select

from app.book import moving
from app.book.backup import backup, restore
from app.book.book import Book, Institution
from app.book.errors import BookError
from app.models.engine import make_engine, place_of
from app.models.server import OF_SERVERS
from app.models.tables import meta, metadata
from app.union.changing import opinions_of
from tests.cli.conftest import wuji
from tests.cli.running import Wuji
from tests.postgres.conftest import BASE_DATE, UNION
from tests.postgres.server import Server
from tests.union.county import County, collected_union, county_in
from tests.union.steps import of_office, through

__all__ = ["wuji"]


@pytest.fixture(scope="module")
def made_county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """Two offices whose packages the union has taken in; one of them is determined."""
    base, folder = tmp_path_factory.getbasetemp(), tmp_path_factory.mktemp("moving")
    county = county_in(base, folder / "county")
    collected_union(base, county)
    with Book.open(county.union) as book:
        through(book, of_office(book, "QS"), folder / "minutes.txt")
    with closing(sqlite3.connect(county.union)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return county


@pytest.fixture
def worked_on(made_county: County, tmp_path: Path) -> Path:
    """The union's book with opinions of every kind; each test's own copy."""
    return Path(shutil.copy(made_county.union, tmp_path / "union.wuji"))


def content(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a book holds, table by table."""
    found = {}
    for table in metadata.sorted_tables:
        query = select(table).order_by(*table.primary_key)
        if table is meta:
            query = query.where(meta.c.name.not_in(OF_SERVERS))
        found[table.name] = [tuple(line) for line in connection.execute(query)]
    return found


def content_of(target: Path | str) -> dict[str, list[tuple[Any, ...]]]:
    engine = make_engine(place_of(target))
    with engine.connect() as connection:
        found = content(connection)
    engine.dispose()
    return found


def test_everything_goes_into_the_database_and_back(
    worked_on: Path, url: str, tmp_path: Path
) -> None:
    restore(worked_on, url)
    before = content_of(worked_on)
    assert all(before[name] for name in ("rows", "opinions", "packages", "blobs", "history"))
    assert content_of(url) == before
    with Book.open(url) as book:
        assert book.verify_history().whole
        copy = backup(book, tmp_path / "copy.wuji")
    assert content_of(copy) == before
    with Book.open(copy) as book:
        assert book.verify_history().whole
        assert book.is_union
        row = of_office(book, "BH")[0]
        assert not opinions_of(book, row.id)
    assert not list(tmp_path.glob("copy.wuji-*"))


def test_work_goes_on_with_new_numbers(worked_on: Path, url: str, tmp_path: Path) -> None:
    restore(worked_on, url)
    with Book.open(url) as book:
        count = len(book.history())
        through(book, of_office(book, "BH"), tmp_path / "minutes.txt")
        book.add_person("新来的", "auditor")
        assert len({person.id for person in book.people()}) == len(book.people())
        assert len(book.history()) > count
        assert book.verify_history().whole


def test_an_older_copy_is_replaced_and_nothing_else(
    worked_on: Path, url: str, tmp_path: Path
) -> None:
    restore(worked_on, url)
    out = tmp_path / "copy.wuji"
    with Book.open(url) as book:
        backup(book, out)
        book.add_person("新来的", "auditor")
        backup(book, out)
        backup(book, worked_on)
    with Book.open(out) as copy:
        copy.add_person("又一个", "auditor")
    with Book.open(url) as book:
        with pytest.raises(BookError, match="没有的记录"):
            backup(book, out)
        letter = tmp_path / "letter.wuji"
        letter.write_text("信", encoding="utf-8")
        with pytest.raises(BookError, match="不是账套的备份"):
            backup(book, letter)
        other = tmp_path / "other.wuji"
        Book.create(other, Institution("XX", "另一家"), BASE_DATE).close()
        with pytest.raises(BookError, match="另一个机构"):
            backup(book, other)


def test_a_copy_is_of_one_moment(
    worked_on: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restore(worked_on, url)
    copy_all = moving._copy

    def copied(old: Connection, new: Connection) -> None:
        assert old.execute(select(meta)).first() is not None
        with Book.open(url) as meanwhile:
            meanwhile.add_person("中途来的", "auditor")
        copy_all(old, new)

    monkeypatch.setattr(moving, "_copy", copied)
    with Book.open(url) as book:
        copy = backup(book, tmp_path / "copy.wuji")
        assert "中途来的" in {person.name for person in book.people()}
    with Book.open(copy) as book:
        assert "中途来的" not in {person.name for person in book.people()}
        assert book.verify_history().whole


def test_an_offices_book_stays_a_file(made_county: County, url: str) -> None:
    with pytest.raises(BookError, match="只放联社的账套"):
        restore(made_county.book("QS"), url)
    Book.create(url, UNION, BASE_DATE, union=True).close()


def test_a_damaged_copy_is_not_restored(worked_on: Path, url: str) -> None:
    with closing(sqlite3.connect(worked_on)) as file, file:
        file.execute("DROP TRIGGER history_no_update")
        file.execute("UPDATE history SET why = 'anders' WHERE id = 3")
    with pytest.raises(BookError, match="第3条"):
        restore(worked_on, url)
    with pytest.raises(BookError, match="没有账套"):
        Book.open(url)


def test_what_a_database_can_not_hold_leaves_it_empty(worked_on: Path, url: str) -> None:
    with closing(sqlite3.connect(worked_on)) as file, file:
        file.execute("UPDATE people SET role = 'a' || char(0) WHERE id = 1")
    with pytest.raises(BookError, match="存不下的字符"):
        restore(worked_on, url)
    with pytest.raises(BookError, match="没有账套"):
        Book.open(url)


def test_what_is_no_book_or_not_there_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(BookError, match="读不出来"):
        restore(tmp_path / "none.wuji", url)
    letter = tmp_path / "letter.wuji"
    letter.write_text("信", encoding="utf-8")
    with pytest.raises(BookError, match="不是账套"):
        restore(letter, url)


def test_a_database_with_something_in_it_is_left_alone(worked_on: Path, made: str) -> None:
    before = content_of(made)
    with pytest.raises(BookError, match="已经有账套"):
        restore(worked_on, made)
    assert content_of(made) == before


def test_the_commands_carry_a_book_over_and_back(
    wuji: Wuji, worked_on: Path, url: str, tmp_path: Path
) -> None:
    done = wuji("restore", worked_on, url, "--json")
    assert done.json["book"].startswith("postgresql://127.0.0.1")
    assert "pass" not in done.out
    assert "已备份到" in wuji("backup", url, tmp_path / "back.wuji").out
    assert content_of(tmp_path / "back.wuji") == content_of(worked_on)
    assert "已经有账套" in wuji.refused("restore", tmp_path / "back.wuji", url)


def test_several_books_share_a_database_in_schemas(postgres: Server, url: str) -> None:
    with postgres.connected(str(make_url(url).database)) as connection:
        for schema in ("ls", "bh"):
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    both = [
        make_url(url).update_query_dict({"options": f"-csearch_path={schema}"})
        for schema in ("ls", "bh")
    ]
    addresses = [one.render_as_string(hide_password=False) for one in both]
    for address in addresses:
        Book.create(address, UNION, BASE_DATE, union=True).close()
    with Book.open(addresses[0]) as first, Book.open(addresses[1]) as second:
        with first.store.write(""):  # alone, but in its own book only
            second.add_person("周审", "working_group")
        assert second.people()
        assert not first.people()

"""Making and opening a union's book in a database, and what is said when that can't be done."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.book import opening
from app.book.book import Book, Institution
from app.book.errors import BookError
from tests.cli.conftest import wuji
from tests.cli.running import Wuji
from tests.postgres.conftest import BASE_DATE, UNION
from tests.postgres.server import PASSWORD, Server

__all__ = ["wuji"]


def changed(url: str, **parts: object) -> str:
    return make_url(url).set(**parts).render_as_string(hide_password=False)  # type: ignore[arg-type]


def test_a_book_in_a_database_is_like_one_in_a_file(made: str) -> None:
    with Book.open(made) as book:
        assert (book.institution, book.is_union, book.writable) == (UNION, True, True)
        assert book.period.base_date == BASE_DATE
        assert [person.name for person in book.people()] == ["周审"]
        assert book.verify_history().entries == 2
        assert book.saved_at is not None
        with pytest.raises(BookError, match="不是一个文件"):
            _ = book.path


def test_several_open_it_at_once_and_see_each_other(made: str) -> None:
    with Book.open(made) as first, Book.open(made) as second:
        first.add_person("吴审", "working_group", by="周审")
        second.add_person("郑部", "department", by="吴审")
        assert [person.name for person in first.people()] == ["周审", "吴审", "郑部"]
        assert first.verify_history().whole


def test_a_reader_changes_nothing(made: str) -> None:
    with (
        Book.open(made, write=False) as book,
        pytest.raises(BookError, match="只供查看"),
    ):
        book.add_person("吴审", "working_group")


def test_the_last_change_of_all_is_not_undone(made: str) -> None:
    with Book.open(made) as book:
        book.add_subject("1399", "其他暂付", "1-5", by="周审")
        assert not book.can_undo()
        assert book.undo("周审") is None


def test_only_a_unions_book_goes_into_a_database(url: str, made: str) -> None:
    with pytest.raises(BookError, match="只放联社的账套"):
        Book.create(url, Institution("QS", "青山信用社"), BASE_DATE)


def test_a_database_with_a_book_is_not_overwritten(made: str) -> None:
    with pytest.raises(BookError, match="已经有账套"):
        Book.create(made, UNION, BASE_DATE, union=True)
    with Book.open(made) as book:
        assert book.people()


def test_a_database_of_another_program_is_left_alone(postgres: Server, url: str) -> None:
    with pytest.raises(BookError, match="没有账套"):
        Book.open(url)
    with postgres.connected(str(make_url(url).database)) as connection:
        connection.exec_driver_sql("CREATE TABLE meta (name text, value text)")
    with pytest.raises(BookError, match="没有账套"):
        Book.open(url)
    with pytest.raises(BookError, match="别的程序"):
        Book.create(url, UNION, BASE_DATE, union=True)


def test_a_failed_start_leaves_nothing_behind(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise BookError("停电")

    with monkeypatch.context() as patch:
        # The tables are there by then.
        patch.setattr(opening, "insert_period", broken)
        with pytest.raises(BookError, match="停电"):
            Book.create(url, UNION, BASE_DATE, union=True)
    Book.create(url, UNION, BASE_DATE, union=True).close()


def test_a_database_that_holds_not_every_character_is_refused(postgres: Server) -> None:
    with postgres.connected() as connection:
        connection.exec_driver_sql(
            "CREATE DATABASE wuji_latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
        )
    try:
        with pytest.raises(BookError, match="LATIN1"):
            Book.create(postgres.url("wuji_latin"), UNION, BASE_DATE, union=True)
    finally:
        postgres.drop("wuji_latin")


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"port": 1}, "连不上"),
        ({"database": "nowhere"}, "没有这个数据库"),
        ({"password": "wrong-secret"}, "口令不对"),
        ({"username": "stranger"}, "口令不对"),
        ({"drivername": "mysql"}, "mysql"),
        ({"database": ""}, "没有写明"),
    ],
)
def test_what_does_not_open_is_told_without_the_password(
    wuji: Wuji, postgres: Server, parts: dict[str, object], word: str
) -> None:
    address = changed(postgres.url("postgres"), **parts)
    for command in ("people", "collect", "check"):
        said = wuji.refused(command, address)
        assert word in said
        assert not any(secret in said for secret in ("wrong-secret", PASSWORD, "%3A", "stranger"))


def test_an_address_that_is_none_is_told(wuji: Wuji) -> None:
    assert "数据库的地址" in wuji.refused("list", "postgresql://u:secret@h:notaport/d")


def test_a_newer_schema_is_refused_also_while_the_book_is_open(postgres: Server, made: str) -> None:
    with Book.open(made) as book:
        with postgres.connected(str(make_url(made).database)) as connection:
            connection.exec_driver_sql("UPDATE meta SET value = '99' WHERE name = 'schema_version'")
        with pytest.raises(BookError, match="升级本程序"):
            book.add_person("吴审", "working_group")
    with pytest.raises(BookError, match="升级本程序"):
        Book.open(made)


def test_a_server_that_goes_away_is_told(postgres: Server, made: str) -> None:
    name = str(make_url(made).database)
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"
    with Book.open(made) as book:
        with postgres.connected() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            connection.exec_driver_sql(end.format(name))
        with pytest.raises(BookError, match="打不开"):
            book.people()
        with postgres.connected() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        # The pool notices by itself.
        assert book.people()


def test_the_command_tells_where_without_the_password(wuji: Wuji, url: str) -> None:
    done = wuji("new", url, "--institution", "LS,某县联社", "--base-date", "2006-12-31", "--union")
    assert "postgresql://127.0.0.1" in done.out
    assert PASSWORD not in done.out
    assert "%3A" not in done.out
    assert wuji("period", url, "--json").json[0]["base_date"] == "2006-12-31"
    assert "已添加" in wuji("people", url, "add", "周审", "--role", "working_group").out
    wuji("period", url, "--base-date", "2007-12-31")
    assert len(wuji("period", url, "--json").json) == 2


def test_offices_have_files(wuji: Wuji, url: str, tmp_path: Path) -> None:
    said = wuji.refused("new", url, "--institution", "QS,青山", "--base-date", "2006-12-31")
    assert "信用社的账套请存成文件" in said

"""Making, opening, closing a book: its file, its lock, its errors."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from app.book.book import Book, Institution
from app.book.errors import BookError
from tests.book.samples import BASE_DATE, CLERK, RULESET, finished_values

QINGSHAN = Institution("QS01", "青山信用社")


def test_a_new_book_knows_its_office_period_and_rule_set(book: Book, book_path: Path) -> None:
    assert book.path == book_path
    assert book.institution == QINGSHAN
    assert book.period.base_date == BASE_DATE
    assert book.period.state == "open"
    assert book.period.ruleset_hash == RULESET.hash == book.ruleset.hash
    assert not book.is_union
    assert book.writable


def test_the_rule_set_in_force_at_the_base_date_is_taken(tmp_path: Path) -> None:
    for day, id_ in (
        (date(2023, 6, 30), "inner-mongolia-2007"),
        (date(2023, 7, 1), "financial-assets-2023"),
    ):
        with Book.create(tmp_path / f"{day}.wuji", QINGSHAN, day) as book:
            assert book.ruleset.id == id_


def test_a_book_comes_back_as_it_was_left(book: Book, book_path: Path) -> None:
    row = book.add_row("1-2", finished_values("1-2", 19), by=CLERK)
    saved_at = book.saved_at
    book.close()
    with Book.open(book_path) as again:
        assert again.institution == QINGSHAN
        assert again.row(row.id) == row
        assert again.saved_at == saved_at
        assert again.people()[0].name == CLERK


def test_a_second_writer_is_told_which_book_is_in_use(book: Book, book_path: Path) -> None:
    with pytest.raises(BookError, match=r"青山\.wuji.*正在另一个窗口或命令中使用"):
        Book.open(book_path)


def test_a_reader_may_look_on_but_not_write(book: Book, book_path: Path) -> None:
    row = book.add_row("1-2", {"name": "农行存款"}, by=CLERK)
    with Book.open(book_path, write=False) as reader:
        assert not reader.writable
        assert reader.row(row.id).values == {"name": "农行存款"}
        book.set_values(row.id, {"name": "建行存款"}, by=CLERK)
        assert reader.row(row.id).values == {"name": "建行存款"}
        with pytest.raises(BookError, match="只供查看"):
            reader.set_values(row.id, {"name": "x"}, by=CLERK)
        with pytest.raises(BookError, match="只供查看"):
            reader.save_draft(row.id, "name", "x")


def test_the_lock_is_free_after_closing(book: Book, book_path: Path) -> None:
    book.close()
    Book.open(book_path).close()
    Book.open(book_path).close()


def test_closing_leaves_one_file(book: Book, book_path: Path) -> None:
    book.add_row("1-2", {"name": "农行存款"}, by=CLERK)
    book.close()
    visible = [path.name for path in book_path.parent.iterdir() if not path.name.startswith(".")]
    assert visible == [book_path.name]


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "x.wuji"
    path.write_text("something else", encoding="utf-8")
    with pytest.raises(BookError, match="已经存在"):
        Book.create(path, QINGSHAN, BASE_DATE)
    assert path.read_text(encoding="utf-8") == "something else"


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        ("", "青山", "机构代码"),
        ("青山", "青山", "机构代码"),
        ("QS 1", "青山", "机构代码"),
        ("QS", " ", "机构名称"),
    ],
)
def test_an_unfit_institution_is_refused(tmp_path: Path, code: str, name: str, words: str) -> None:
    with pytest.raises(BookError, match=words):
        Book.create(tmp_path / "x.wuji", Institution(code, name), BASE_DATE)
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BookError, match=r"文件夹.*不存在"):
        Book.create(tmp_path / "none" / "x.wuji", QINGSHAN, BASE_DATE)


def test_a_missing_book_is_named(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="找不到账套"):
        Book.open(tmp_path / "none.wuji")


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 a workbook", b"SQLite format 3\0" + b"\0" * 200]
)
def test_another_file_is_not_a_book(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.wuji"
    path.write_bytes(content)
    with pytest.raises(BookError, match="不是账套"):
        Book.open(path)
    assert path.read_bytes() == content


def test_another_database_is_not_a_book(tmp_path: Path) -> None:
    path = tmp_path / "x.wuji"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(BookError, match="不是账套"):
        Book.open(path)


def test_a_truncated_book_is_refused_and_its_lock_freed(book: Book, book_path: Path) -> None:
    book.add_row("1-2", finished_values("1-2", 19), by=CLERK)
    book.close()
    whole = book_path.read_bytes()
    book_path.write_bytes(whole[:5000])
    for _ in range(2):
        with pytest.raises(BookError, match="损坏"):
            Book.open(book_path)


def test_a_folder_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="不是账套"):
        Book.open(tmp_path)


def test_a_change_that_fails_leaves_nothing(book: Book) -> None:
    book.add_row("1-5", {"name": "甲", "asset_no": "1"}, by=CLERK)
    before = book.verify_history()
    listed = [{"name": "乙", "asset_no": "2"}, {"name": "丙", "asset_no": "1"}]
    with pytest.raises(BookError, match="已经有了"):
        book.add_rows("1-5", listed, by=CLERK, source="list.csv")
    assert book.row_count("1-5") == 1
    assert book.verify_history() == before
    assert book.add_row("1-5", {"name": "丁"}, by=CLERK).id == "QS01-0002"

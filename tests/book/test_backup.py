"""Copies of a book: whole, checked, never over something else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.book.backup import backup, restore
from app.book.book import Book
from app.book.errors import BookError
from app.book.types import Row
from tests.book.samples import CLERK


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}


def test_a_book_in_use_is_copied_and_comes_back(book: Book, deposit: Row, tmp_path: Path) -> None:
    book.attach(deposit.id, b"scan", "x.pdf", by=CLERK)
    copy = backup(book, tmp_path / "备份.wuji")
    book.set_values(deposit.id, {"remarks": "later"}, by=CLERK)
    restored = restore(copy, tmp_path / "恢复.wuji")
    with Book.open(restored) as again:
        assert again.row(deposit.id) == deposit
        assert again.attachment_bytes(again.attachments()[0].sha256) == b"scan"
        assert again.verify_history().whole


def test_a_copy_is_one_file_and_leaves_nothing_beside(
    book: Book, deposit: Row, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    backup(book, folder / "a.wuji")
    backup(book, folder / "a.wuji")
    assert names(folder) == {"a.wuji"}
    with closing(sqlite3.connect(folder / "a.wuji")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_restoring_never_overwrites(book: Book, tmp_path: Path) -> None:
    copy = backup(book, tmp_path / "copy.wuji")
    with pytest.raises(BookError, match="已经存在，没有覆盖"):
        restore(copy, book.path)


def test_a_book_is_not_copied_onto_itself(book: Book) -> None:
    with pytest.raises(BookError, match="自己身上"):
        backup(book, book.path)


@pytest.mark.parametrize("content", [b"", b"not a book at all", None])
def test_what_is_no_book_is_not_restored(tmp_path: Path, content: bytes | None) -> None:
    source = tmp_path / "x.wuji"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(BookError, match=r"不是账套|读不出来"):
        restore(source, tmp_path / "y.wuji")
    assert not (tmp_path / "y.wuji").exists()


def test_a_damaged_copy_is_not_restored(book: Book, deposit: Row, tmp_path: Path) -> None:
    for number in range(200):
        book.set_values(deposit.id, {"remarks": f"补充{number}"}, by=CLERK)
    copy = backup(book, tmp_path / "copy.wuji")
    content = bytearray(copy.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    copy.write_bytes(content)
    with pytest.raises(BookError, match=r"损坏|读不完整"):
        restore(copy, tmp_path / "y.wuji")
    assert names(tmp_path) == {"青山.wuji", "青山.wuji-shm", "青山.wuji-wal", "copy.wuji"}


def test_a_copy_whose_history_was_changed_is_not_restored(
    book: Book, deposit: Row, tmp_path: Path
) -> None:
    copy = backup(book, tmp_path / "copy.wuji")
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("DROP TRIGGER history_no_update")
        connection.execute("UPDATE history SET by = '外人' WHERE kind = 'add'")
        connection.commit()
    with pytest.raises(BookError, match="历史记录从第5条起对不上"):
        restore(copy, tmp_path / "y.wuji")
    assert not (tmp_path / "y.wuji").exists()


def test_a_missing_folder_is_named(book: Book, tmp_path: Path) -> None:
    with pytest.raises(BookError, match="不能写入"):
        backup(book, tmp_path / "none" / "x.wuji")

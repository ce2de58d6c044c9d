"""Copies of a book: whole, checked, never over something else."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.book.backup import backup, restore
from app.book.book import Book, Institution
from app.book.errors import BookError
from app.book.types import Row
from tests.book.samples import BASE_DATE, CLERK, RULESET

KILLED = """
import os, signal, sys
from app.book.book import Book
book = Book.open(sys.argv[1])
for number in range(30):
    book.set_values("QS01-0001", {"remarks": f"第{number}次"}, by="王明")
os.kill(os.getpid(), signal.SIGKILL)
"""


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


def killed(path: Path) -> Path:
    """The book after a writer was killed: its last changes lie beside it."""
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=root, check=False)
    assert path.with_name(f"{path.name}-wal").stat().st_size > 0
    return path


def test_a_book_restored_where_a_killed_one_lay_is_whole(
    book: Book, deposit: Row, book_path: Path, tmp_path: Path
) -> None:
    copy = backup(book, tmp_path / "copy.wuji")
    book.close()
    killed(book_path).rename(tmp_path / "away.wuji")
    left = book_path.with_name(f"{book_path.name}-wal").read_bytes()
    restore(copy, book_path)
    with Book.open(book_path) as restored:
        assert restored.row(deposit.id) == deposit
        assert restored.verify_history().whole
    assert book_path.with_name(f"{book_path.name}-wal.old").read_bytes() == left


def test_a_new_book_where_a_killed_one_lay_is_empty(
    book: Book, deposit: Row, book_path: Path
) -> None:
    book.close()
    killed(book_path).unlink()
    with Book.create(
        book_path, Institution("QS02", "白河信用社"), BASE_DATE, ruleset=RULESET
    ) as new:
        assert new.row_count(None) == 0
    assert book_path.with_name(f"{book_path.name}-wal.old").exists()


def test_a_copy_that_was_killed_in_use_is_replaced_whole(
    book: Book, deposit: Row, tmp_path: Path
) -> None:
    copy = backup(book, tmp_path / "copy.wuji")
    killed(Path(shutil.copy(copy, tmp_path / "worked.wuji")))
    # Only a copy without changes of its own: a reader's side files.
    for ending in ("-wal", "-shm"):
        (tmp_path / f"worked.wuji{ending}").rename(tmp_path / f"copy.wuji{ending}")
    (tmp_path / "worked.wuji").replace(copy)
    with pytest.raises(BookError, match="里面有本账套没有的记录"):
        backup(book, copy)
    with Book.open(copy, write=False) as kept:
        assert kept.row(deposit.id).values["remarks"] == "第29次"


@pytest.mark.parametrize("content", [b"", b"a letter"])
def test_a_copy_never_replaces_another_file(book: Book, tmp_path: Path, content: bytes) -> None:
    letter = tmp_path / "letter.doc"
    letter.write_bytes(content)
    with pytest.raises(BookError, match="不是账套的备份，没有覆盖"):
        backup(book, letter)
    assert letter.read_bytes() == content


def test_a_copy_never_replaces_another_offices_book(book: Book, tmp_path: Path) -> None:
    other = tmp_path / "other.wuji"
    office = Institution("QS02", "白河信用社")
    made = Book.create(other, office, BASE_DATE, ruleset=RULESET)
    with made, pytest.raises(BookError, match="正在另一个窗口"):
        backup(book, other)
    with pytest.raises(BookError, match="另一个机构"):
        backup(book, other)
    with Book.open(other) as kept:
        assert kept.institution.code == "QS02"


def test_a_stale_copy_never_replaces_the_book(
    book: Book, book_path: Path, deposit: Row, tmp_path: Path
) -> None:
    copy = backup(book, tmp_path / "copy.wuji")
    book.set_values(deposit.id, {"remarks": "later"}, by=CLERK)
    book.close()
    with Book.open(copy) as stale, pytest.raises(BookError, match="本账套没有的记录"):
        backup(stale, book_path)
    with Book.open(book_path) as kept:
        assert kept.row(deposit.id).values["remarks"] == "later"


def test_no_lock_is_left_beside_a_copy(book: Book, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    backup(book, folder / "a.wuji")
    assert os.listdir(folder) == ["a.wuji"]

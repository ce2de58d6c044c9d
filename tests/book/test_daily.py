"""Dated copies beside a book: one a day, the newest kept, nothing foreign touched."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.book.backup import restore
from app.book.book import Book
from app.book.daily import (
    KEPT,
    book_of_copy,
    daily_copies,
    daily_folder,
    has_copy_of,
    make_daily_copy,
)
from app.book.errors import BookError
from app.book.types import Row
from tests.book.samples import CLERK

DAY = date(2007, 1, 15)


def remarks(path: Path, row: Row) -> object:
    with Book.open(path, write=False) as book:
        return book.row(row.id).values.get("remarks")


def test_a_copy_bears_its_day_and_follows_the_book(book: Book, deposit: Row) -> None:
    assert not has_copy_of(book.path, DAY)
    made = make_daily_copy(book.path, DAY)
    assert made == daily_folder(book.path) / f"{book.path.stem}-2007-01-15.wuji"
    book.set_values(deposit.id, {"remarks": "later"}, by=CLERK)
    assert make_daily_copy(book.path, DAY) == made
    assert remarks(made, deposit) == "later"
    assert has_copy_of(book.path, DAY)
    assert not has_copy_of(book.path, DAY + timedelta(days=1))


def test_the_newest_stay_and_other_files_are_left_alone(book: Book, deposit: Row) -> None:
    folder = daily_folder(book.path)
    folder.mkdir()
    others = [folder / "别的-2001-01-01.wuji", folder / f"{book.path.stem}-存档.wuji"]
    for other in others:
        other.write_text("not mine")
    days = [DAY + timedelta(days=n) for n in range(KEPT + 3)]
    for day in days:
        make_daily_copy(book.path, day)
    assert [copy.name[-15:-5] for copy in daily_copies(book.path)] == [
        day.isoformat() for day in reversed(days[3:])
    ]
    assert all(other.read_text() == "not mine" for other in others)


def test_a_copy_with_more_in_it_is_not_overwritten(
    book: Book, deposit: Row, tmp_path: Path
) -> None:
    early = make_daily_copy(book.path, DAY - timedelta(days=1))
    assert early is not None
    book.set_values(deposit.id, {"remarks": "later"}, by=CLERK)
    first = make_daily_copy(book.path, DAY)
    assert first is not None
    book.close()
    book.path.unlink()
    restore(early, book.path)
    second = make_daily_copy(book.path, DAY)
    assert second is not None
    assert second.name.endswith("-2007-01-15-2.wuji")
    assert remarks(first, deposit) == "later"
    assert daily_copies(book.path) == [second, first, early]


def test_a_read_only_medium_is_left_in_peace(
    book: Book, deposit: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    assert make_daily_copy(book.path, DAY) is None
    assert not daily_folder(book.path).exists()


def test_a_file_in_the_way_of_the_folder_is_told(book: Book, deposit: Row) -> None:
    daily_folder(book.path).write_text("in the way")
    with pytest.raises(BookError, match="没有做每天的备份"):
        make_daily_copy(book.path, DAY)


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("备份/青山-2007-01-15.wuji", "青山"),
        ("备份/青山-2007-01-15-2.wuji", "青山"),
        ("备份/青山二社-恢复前20070115-101500.wuji", "青山二社"),
        ("青山-备份20070115.wuji", "青山"),
        ("青山-2007-01-15.wuji", "青山"),
        ("绿水-2007-01-15.wuji", ""),
        ("青山二社.wuji", ""),
        ("备份/备份/青山.wuji", ""),
        ("备份/没有.wuji", ""),
    ],
)
def test_a_copy_is_known_by_its_name_and_folder(tmp_path: Path, name: str, of: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    for one in (tmp_path / "青山.wuji", tmp_path / "青山二社.wuji", path):
        if "没有" not in one.name:
            one.touch()
    assert book_of_copy(path) == (tmp_path / f"{of}.wuji" if of else None)

"""A look into a copy, and restoring in the place of a book that is put away first."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from app.book.backup import backup
from app.book.book import Book
from app.book.daily import daily_folder
from app.book.errors import BookError
from app.book.restoring import PeriodInside, look_inside, restore_in_place
from app.book.types import Row
from tests.book.samples import CLERK

AT = datetime(2007, 1, 15, 9, 30)


def remarks(path: Path, row: Row) -> object:
    with Book.open(path, write=False) as book:
        return book.row(row.id).values.get("remarks")


@pytest.fixture
def copy(book: Book, deposit: Row, tmp_path: Path) -> Path:
    """A copy of the book before its last change; the book is closed."""
    made = backup(book, tmp_path / "u盘.wuji")
    book.set_values(deposit.id, {"remarks": "later"}, by=CLERK)
    book.close()
    return made


def test_what_a_copy_holds_is_read_and_left_as_it_is(copy: Path, book: Book, deposit: Row) -> None:
    before = copy.read_bytes()
    inside, now = look_inside(copy), look_inside(book.path)
    assert inside.institution == book.institution
    assert inside.periods == (PeriodInside(book.period.base_date, 1, sealed=False),)
    assert (inside.by, inside.is_union) == (CLERK, False)
    assert inside.words
    assert now.changes == inside.changes + 1
    assert now.words.startswith(str(deposit.values["name"]))
    assert copy.read_bytes() == before


def test_what_is_no_book_is_told(tmp_path: Path) -> None:
    other = tmp_path / "other.wuji"
    other.write_text("something else")
    with pytest.raises(BookError, match="不是账套"):
        look_inside(other)


def test_the_present_book_is_put_away_whole(copy: Path, book: Book, deposit: Row) -> None:
    put_away = restore_in_place(copy, book.path, AT)
    assert put_away.parent == daily_folder(book.path)
    assert "恢复前20070115-093000" in put_away.name
    assert remarks(book.path, deposit) is None
    assert remarks(put_away, deposit) == "later"
    assert copy.exists()


def test_what_a_killed_program_left_beside_goes_with_the_book(
    copy: Path, book: Book, deposit: Row
) -> None:
    beside = book.path.with_name(f"{book.path.name}-journal")
    beside.write_bytes(b"")
    put_away = restore_in_place(copy, book.path, AT)
    assert put_away.with_name(f"{put_away.name}-journal").exists()
    assert not beside.exists()


def test_a_damaged_copy_changes_nothing(copy: Path, book: Book, deposit: Row) -> None:
    before = sorted(path.name for path in book.path.parent.iterdir())
    content = bytearray(copy.read_bytes())
    content[4096 * 2 : 4096 * 6] = b"\xff" * (4096 * 4)
    copy.write_bytes(content)
    with pytest.raises(BookError):
        restore_in_place(copy, book.path, AT)
    assert remarks(book.path, deposit) == "later"
    assert sorted(path.name for path in book.path.parent.iterdir()) == before


def test_a_failing_exchange_is_taken_back(
    copy: Path, book: Book, deposit: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.book import restoring

    def refuse(_old: Path, _new: Path) -> None:
        raise PermissionError(13, "Permission denied")

    class Refusing:
        """The system's calls, where nothing can be replaced."""

        replace = staticmethod(refuse)

    monkeypatch.setattr(restoring, "os", Refusing)
    with pytest.raises(BookError, match="还是原来的：没有权限"):
        restore_in_place(copy, book.path, AT)
    monkeypatch.undo()
    assert remarks(book.path, deposit) == "later"
    assert not [name for name in os.listdir(book.path.parent) if name.startswith(".青山-")]


def test_a_book_in_use_is_not_exchanged(copy: Path, book: Book, deposit: Row) -> None:
    with Book.open(book.path), pytest.raises(BookError, match="正在另一个窗口"):
        restore_in_place(copy, book.path, AT)
    assert remarks(book.path, deposit) == "later"

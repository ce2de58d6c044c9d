"""wuji backup: a safe copy of a book."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.book.book import Book
from tests.cli.office import CLERK, Office
from tests.cli.running import Wuji


def test_a_copy_says_the_same(wuji: Wuji, finished: Office) -> None:
    assert wuji("backup", finished.book, "copy.wuji").out == "已备份到 copy.wuji，核对无误。\n"
    for command in ("list", "check", "people", "period", "key"):
        original = wuji(command, finished.book, "--json").json
        assert wuji(command, "copy.wuji", "--json").json == original
    with Book.open("copy.wuji", write=False) as copy, Book.open(finished.book, write=False) as book:
        assert [c.hash for c in copy.history()] == [c.hash for c in book.history()]
        (attachment,) = copy.attachments()
        assert copy.attachment_bytes(attachment.sha256).startswith("对账单".encode())


def test_json(wuji: Wuji, finished: Office) -> None:
    assert wuji("backup", finished.book, "b", "--json").json == {"backup": "b"}


def test_a_book_can_be_copied_while_somebody_works_on_it(wuji: Wuji, filled: Office) -> None:
    with Book.open(filled.book) as book:
        book.set_values("QS-0002", {"remarks": "刚刚保存"}, by=CLERK)
        wuji("backup", filled.book, "copy.wuji")
    rows = wuji("list", "copy.wuji", "--json").json
    assert "刚刚保存" in {row["remarks"] for row in rows}


def test_one_file_without_side_files(wuji: Wuji, finished: Office, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    wuji("backup", finished.book, "stick/copy.wuji")
    assert [p.name for p in (tmp_path / "stick").iterdir()] == ["copy.wuji"]


def test_an_older_copy_is_replaced(wuji: Wuji, filled: Office, finished: Office) -> None:
    for _ in range(2):
        wuji("backup", finished.book, "copy.wuji")
    assert len(wuji("list", "copy.wuji", "--json").json) == 4


@pytest.mark.parametrize("kept", [0.3, 0.7])
def test_a_damaged_book_makes_no_copy(wuji: Wuji, finished: Office, kept: float) -> None:
    wuji("backup", finished.book, "copy.wuji")
    raw = finished.book.read_bytes()
    finished.book.write_bytes(raw[: int(len(raw) * kept)])
    wuji.refused("backup", finished.book, "copy.wuji")
    assert len(wuji("list", "copy.wuji", "--json").json) == 4


def test_not_onto_itself(wuji: Wuji, finished: Office) -> None:
    assert "自己" in wuji.refused("backup", finished.book, finished.book)


@pytest.mark.parametrize("out", ["no/folder/copy.wuji", "."])
def test_a_place_that_is_none(wuji: Wuji, finished: Office, out: str) -> None:
    wuji.refused("backup", finished.book, out)


def test_a_missing_book(wuji: Wuji) -> None:
    assert "找不到账套" in wuji.refused("backup", "none.wuji", "copy.wuji")


def test_a_full_disk_leaves_the_older_copy(
    wuji: Wuji, finished: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    wuji("backup", finished.book, "copy.wuji")

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.book.backup.os.fsync", fail)
    assert "磁盘满了" in wuji.refused("backup", finished.book, "copy.wuji")
    assert len(wuji("list", "copy.wuji", "--json").json) == 4

"""wuji restore: a book from its copy, checked first, never over another one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.office import CLERK, Office
from tests.cli.running import Wuji


@pytest.fixture
def copy(wuji: Wuji, finished: Office) -> Path:
    """A backup of the finished office."""
    wuji("backup", finished.book, "copy.wuji")
    return Path("copy.wuji")


def test_a_restored_book_goes_on(wuji: Wuji, copy: Path) -> None:
    assert (
        wuji("restore", copy, "again.wuji").out == "已从 copy.wuji 恢复到 again.wuji，核对无误。\n"
    )
    assert len(wuji("list", "again.wuji", "--json").json) == 4
    Path("fill.json").write_text('{"id": "QS-0004", "wp_state": "接着填"}')
    wuji("fill", "again.wuji", "fill.json", "--as", CLERK)
    # The copy itself stays as it was.
    states = {row["wp_state"] for row in wuji("list", copy, "--json").json}
    assert "接着填" not in states


def test_json(wuji: Wuji, copy: Path) -> None:
    assert wuji("restore", copy, "again.wuji", "--json").json == {"book": "again.wuji"}


def test_the_whole_circle_seals_the_same(wuji: Wuji, finished: Office, copy: Path) -> None:
    wuji("restore", copy, "again.wuji")
    passphrase = ("--passphrase-file", finished.passphrase)
    codes = {
        wuji("export", book, out, *passphrase, "--json").json["seal_code"]
        for book, out in ((finished.book, "one"), ("again.wuji", "two"))
    }
    assert len(codes) == 1


@pytest.mark.parametrize("content", ["mine", ""])
def test_nothing_is_overwritten(wuji: Wuji, copy: Path, content: str) -> None:
    Path("b.wuji").write_text(content)
    assert "已经存在" in wuji.refused("restore", copy, "b.wuji")


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.3, 0.8, 0.999])
def test_a_truncated_copy(wuji: Wuji, copy: Path, kept: float) -> None:
    raw = copy.read_bytes()
    copy.write_bytes(raw[: int(len(raw) * kept)])
    wuji.refused("restore", copy, "again.wuji")
    assert not Path("again.wuji").exists()


def test_a_damaged_page(wuji: Wuji, copy: Path) -> None:
    raw = bytearray(copy.read_bytes())
    raw[4096 * 3 : 4096 * 3 + 64] = bytes(64)
    copy.write_bytes(bytes(raw))
    wuji.refused("restore", copy, "again.wuji")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET new = '\"1.00\"' WHERE kind = 'set'",
        "UPDATE history SET \"by\" = 'x' WHERE id = 5",
        "DELETE FROM history WHERE id = 5",
    ],
)
def test_a_copy_whose_history_was_changed(wuji: Wuji, copy: Path, statement: str) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement).rowcount
        connection.commit()
    assert "历史记录" in wuji.refused("restore", copy, "again.wuji")


@pytest.mark.parametrize("content", [b"hello", b"PK\x03\x04", bytes(5000)])
def test_what_is_no_copy(wuji: Wuji, content: bytes) -> None:
    Path("copy.wuji").write_bytes(content)
    assert "copy.wuji" in wuji.refused("restore", "copy.wuji", "again.wuji")


def test_another_database(wuji: Wuji) -> None:
    with closing(sqlite3.connect("other.db")) as connection:
        connection.execute("CREATE TABLE rows (a)")
        connection.commit()
    assert "不是账套" in wuji.refused("restore", "other.db", "again.wuji")


def test_a_missing_copy(wuji: Wuji) -> None:
    line = wuji.refused("restore", "none.wuji", "again.wuji")
    assert "none.wuji" in line


def test_a_missing_folder(wuji: Wuji, copy: Path) -> None:
    wuji.refused("restore", copy, "no/folder/b.wuji")

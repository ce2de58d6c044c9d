"""wuji key: the office's key and its short code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.book.book import Book
from app.book.keys import office_key, unlock
from app.book.seal_picture import seal_picture
from tests.cli.office import HEAD, PASSPHRASE, Office
from tests.cli.running import Wuji


@pytest.fixture
def book(wuji: Wuji) -> str:
    """A new book without people and without a key."""
    wuji("new", "b.wuji", "--institution", "QS,青山", "--base-date", "2006-12-31")
    return "b.wuji"


def test_a_key_is_made_even_before_anybody_is_named(wuji: Wuji, book: str, tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("geheim\n")
    done = wuji("key", book, "--new", "--passphrase-file", "pw")
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", done.out)
    assert code
    assert done.out == f"青山的密钥短码：{code[0]}\n"
    assert wuji("key", book, "--json").json == {"institution": "QS", "short_code": code[0]}
    assert wuji("key", book).out == done.out


def test_the_passphrase_is_the_first_line(empty: Office) -> None:
    with Book.open(empty.book, write=False) as book:
        assert unlock(book, PASSPHRASE).short_code == office_key(book).short_code  # type: ignore[union-attr]


@pytest.mark.parametrize("content", ["\ufeff山高水长", "山高水长\r\n", "山高水长\nmore"])
def test_bom_and_line_ends_do_not_count(
    wuji: Wuji, book: str, tmp_path: Path, content: str
) -> None:
    (tmp_path / "pw").write_bytes(content.encode())
    wuji("key", book, "--new", "--passphrase-file", "pw")
    with Book.open(book, write=False) as opened:
        unlock(opened, "山高水长")


def test_a_new_key_replaces_the_old_and_says_so(wuji: Wuji, empty: Office) -> None:
    old = wuji("key", empty.book, "--json").json["short_code"]
    done = wuji("key", empty.book, "--new", "--passphrase-file", empty.passphrase)
    assert f"原来的密钥（{old}）不再使用" in done.out
    assert wuji("key", empty.book, "--json").json["short_code"] != old
    with Book.open(empty.book, write=False) as book:
        assert book.history()[-1].by == HEAD


def test_no_key_yet_shows_the_way(wuji: Wuji, book: str) -> None:
    assert "--new --passphrase-file" in wuji.refused("key", book)


def test_a_passphrase_is_needed(wuji: Wuji, book: str) -> None:
    assert "--passphrase-file" in wuji.refused("key", book, "--new")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "没有这个文件"),
        (b"", "第一行是空的"),
        (b"\nx", "第一行是空的"),
        (b"\xff\xfe", "文本文件"),
    ],
)
def test_a_strange_passphrase_file_is_refused(
    wuji: Wuji, book: str, tmp_path: Path, content: bytes | None, word: str
) -> None:
    if content is not None:
        (tmp_path / "pw").write_bytes(content)
    assert word in wuji.refused("key", book, "--new", "--passphrase-file", "pw")


@pytest.mark.parametrize("passphrase", [None, b"a\0b\n", b"a\tb\n", b"   \n"])
def test_without_a_fit_passphrase_nothing_is_stored(
    wuji: Wuji, book: str, tmp_path: Path, passphrase: bytes | None
) -> None:
    from PIL import Image

    Image.new("RGB", (60, 60), (200, 0, 0)).save(tmp_path / "seal.png")
    if passphrase is not None:
        (tmp_path / "pw").write_bytes(passphrase)
    wuji.refused("key", book, "--seal-picture", "seal.png", "--new", "--passphrase-file", "pw")
    with Book.open(book, write=False) as opened:
        assert seal_picture(opened) is None
        assert office_key(opened) is None


def test_the_passphrase_is_nowhere_in_the_book(empty: Office) -> None:
    assert PASSPHRASE.encode() not in empty.book.read_bytes()


def test_an_unknown_person_makes_no_key(wuji: Wuji, empty: Office) -> None:
    arguments = ("--new", "--passphrase-file", empty.passphrase, "--as", "谁")
    assert "没有“谁”" in wuji.refused("key", empty.book, *arguments)

"""wuji key: the office's key and its short code, copies of it."""

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


def new_book(wuji: Wuji, *more: str) -> str:
    """A book of the same office as on a new laptop: without a key."""
    wuji("new", "new.wuji", "--institution", "QS,青山", "--base-date", "2006-12-31", *more)
    return "new.wuji"


@pytest.mark.parametrize("union", [(), ("--union",)])
def test_a_copy_brings_the_key_to_a_new_laptop(
    wuji: Wuji, tmp_path: Path, union: tuple[str, ...]
) -> None:
    (tmp_path / "pw").write_text("geheim\n")
    with_passphrase = ("--passphrase-file", "pw")
    book = new_book(wuji, *union)
    wuji("key", book, "--new", *with_passphrase)
    code = wuji("key", book, "--json").json["short_code"]
    saved = wuji("key", book, "--export", "k.p12", *with_passphrase, "--json")
    assert saved.json == {"institution": "QS", "short_code": code, "exported": "k.p12"}
    assert "已经存在" in wuji.refused("key", book, "--export", "k.p12", *with_passphrase)
    assert "没有改动" in wuji("key", book, "--import", "k.p12", *with_passphrase).out
    Path(book).unlink()
    book = new_book(wuji, *union)
    taken = wuji("key", book, "--import", "k.p12", *with_passphrase, "--json")
    assert taken.json == {
        "institution": "QS", "short_code": code, "imported": "k.p12", "replaced": None,
    }  # fmt: skip
    with Book.open(book, write=False) as opened:
        assert unlock(opened, "geheim").short_code == code


def test_a_key_that_has_sealed_is_replaced_only_by_its_code(wuji: Wuji, empty: Office) -> None:
    given = ("--passphrase-file", empty.passphrase)
    old = wuji("key", empty.book, "--json").json["short_code"]
    wuji("key", empty.book, "--export", "old.p12", *given)
    wuji("key", empty.book, "--new", *given)
    new = wuji("key", empty.book, "--json").json["short_code"]
    with Book.open(empty.book) as book, book.store.write("", sealed=True) as change:
        change.log("seal", new={"seal_code": "X"})
    refused = wuji.refused("key", empty.book, "--import", "old.p12", *given)
    assert new in refused
    assert f"--accept {old}" in refused
    wrong = ("--import", "old.p12", "--accept", new, *given)
    assert f"短码是{old}，不是{new}" in wuji.refused("key", empty.book, *wrong)
    done = wuji("key", empty.book, "--import", "old.p12", "--accept", old, *given, "--json")
    assert done.json["replaced"] == new
    with Book.open(empty.book, write=False) as book:
        assert book.history()[-1].by == HEAD


def test_a_key_that_has_sealed_nothing_is_replaced_unasked(wuji: Wuji, empty: Office) -> None:
    given = ("--passphrase-file", empty.passphrase)
    wuji("key", empty.book, "--export", "old.p12", *given)
    wuji("key", empty.book, "--new", *given)
    new = wuji("key", empty.book, "--json").json["short_code"]
    done = wuji("key", empty.book, "--import", "old.p12", *given)
    assert f"原来的密钥（{new}）不再使用" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--new", "--export", "k.p12"), "只能用一个"),
        (("--export", "k.p12", "--import", "k.p12"), "只能用一个"),
        (("--export", "k.p12", "--seal-picture", "s.png"), "分两次"),
        (("--accept", "ABCD-EFGH-JKMN"), "--import"),
        (("--export", "k.p12"), "还没有密钥"),
        (("--seal-picture", "s.png"), "还没有密钥"),
        (("--import", "nothing.p12"), "找不到文件"),
        (("--import", "pw"), "不是密钥副本"),
    ],
)
def test_what_does_not_go_is_refused_before_anything_is_stored(
    wuji: Wuji, book: str, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    from PIL import Image

    Image.new("RGB", (60, 60), (200, 0, 0)).save(tmp_path / "s.png")
    (tmp_path / "pw").write_text("geheim\n")
    assert said in wuji.refused("key", book, *arguments, "--passphrase-file", "pw")
    with Book.open(book, write=False) as opened:
        assert seal_picture(opened) is None

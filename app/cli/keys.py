"""The command about the office's key: shown, made, copied into a file, taken over from one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.common import (
    as_option,
    book_argument,
    json_option,
    opened,
    passphrase_from,
    passphrase_option,
    print_json,
    worker_of,
)
from app.cli.errors import InputError
from app.cli.params import FILE, Place

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.key_copies import KeyCopy
    from app.book.types import Institution

NO_KEY = "还没有密钥。请用 wuji key BOOK --new --passphrase-file F 新建，或用 --import F 恢复。"


@click.command(short_help="本社的密钥和短码；新建，保存副本，用副本恢复")
@book_argument
@click.option("--new", "make_new", is_flag=True, help="新建密钥。")
@click.option(
    "--export", "out", type=FILE, metavar="F", default=None, help="保存密钥副本（.p12）。"
)
@click.option(
    "--import", "copy", type=FILE, metavar="F", default=None,
    help="用密钥副本恢复：换电脑、账套坏了的时候。",
)  # fmt: skip
@click.option("--accept", default="", metavar="CODE", help="已核对一致的副本短码，用它换下现有的。")
@click.option("--seal-picture", type=FILE, metavar="F", default=None, help="本社公章的扫描图。")
@passphrase_option
@as_option
@json_option
def key(
    path: Place,
    make_new: bool,
    out: Path | None,
    copy: Path | None,
    accept: str,
    seal_picture: Path | None,
    passphrase_file: Path | None,
    person: str,
    as_json: bool,
) -> None:
    """本社的密钥和短码；新建，保存副本，用副本恢复。短码由联社核对。盖章用本社扫描的公章，没有时画业务章。"""
    _need_one_thing(make_new, out, copy, seal_picture)
    if accept and copy is None:
        raise InputError("--accept 要和 --import 一起用，请写明密钥副本。")
    passphrase = passphrase_from(passphrase_file) if make_new or out or copy else ""
    writes = make_new or copy is not None or seal_picture is not None
    with opened(path, write=writes) as book:
        by = worker_of(book, person, "head") if writes else ""
        earlier = _code(book)
        # What can be refused comes before anything is stored.
        found = _looked_into(book, copy, passphrase, accept) if copy else None
        if make_new:
            _make(book, passphrase, seal_picture, by)
        elif copy is None and not earlier:
            raise InputError(NO_KEY)
        else:
            _take(book, found, seal_picture, by)
        if out is not None:
            _export(book, out, passphrase)
        done = _Done(book.institution, book.is_union, _code(book), earlier, out, copy)
    if as_json:
        print_json(done.plain())
        return
    for line in done.lines():
        click.echo(line)


@dataclass(frozen=True)
class _Done:
    """What is said at the end."""

    institution: Institution
    is_union: bool
    code: str
    earlier: str
    out: Path | None
    copy: Path | None

    def plain(self) -> dict[str, str | None]:
        """As JSON; of a copy also where it is, and whose place it took."""
        said: dict[str, str | None] = {"institution": self.institution.code}
        said["short_code"] = self.code
        if self.out is not None:
            said["exported"] = str(self.out)
        if self.copy is not None:
            said["imported"] = str(self.copy)
            said["replaced"] = self.earlier if self.earlier not in ("", self.code) else None
        return said

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.institution.name}的密钥短码：{self.code}"
        if self.earlier not in ("", self.code):
            others = "各社" if self.is_union else "联社"
            yield f"原来的密钥（{self.earlier}）不再使用，请把新短码告诉{others}。"
        elif self.copy is not None and self.earlier:
            yield "副本里就是账套现在的密钥，没有改动。"
        if self.out is not None:
            yield f"密钥副本写到 {self.out}，凭同一口令打开。请不要和账套放在一处。"


def _need_one_thing(make_new: bool, *files: Path | None) -> None:
    """A picture goes with a new key; all else is done by itself: all of it or nothing."""
    out, copy, seal_picture = files
    if sum((make_new, out is not None, copy is not None)) > 1:
        raise InputError("--new、--export、--import 只能用一个。请分几次做。")
    if seal_picture is not None and (out is not None or copy is not None):
        raise InputError("--seal-picture 不能和 --export、--import 一起用。请分两次做。")


def _code(book: Book) -> str:
    """The short code of the key the book has now; empty without one."""
    from app.book.keys import office_key

    office = office_key(book)
    return office.short_code if office else ""


def _looked_into(book: Book, file: Path, passphrase: str, accept: str) -> KeyCopy:
    """Opens a copy; InputError where a person has to compare its short code first."""
    from app.book.key_copies import key_has_signed, open_key_copy

    found = open_key_copy(book, file, passphrase)
    code = found.key.short_code
    if accept and accept != code:
        raise InputError(f"副本的密钥短码是{code}，不是{accept}，没有改动。请再核对短码。")
    if not accept and not found.same and key_has_signed(book):
        others = "各社" if book.is_union else "联社"
        raise InputError(
            f"账套现在的密钥（{found.earlier}）已经签过发出的文件，副本是另一把（{code}）。"
            f"请问清{others}认可的是哪一把；确实要换下的，加 --accept {code}。"
        )
    return found


def _make(book: Book, passphrase: str, seal_picture: Path | None, by: str) -> None:
    from app.book.keys import create_key, need_passphrase

    need_passphrase(passphrase)
    _take(book, None, seal_picture, by)
    create_key(book, passphrase, by=by)


def _take(book: Book, copy: KeyCopy | None, seal_picture: Path | None, by: str) -> None:
    from app.book.key_copies import take_key_copy
    from app.papers.seal import take_seal_picture

    if seal_picture is not None:
        take_seal_picture(book, seal_picture, by=by)
    if copy is not None and not copy.same:
        take_key_copy(book, copy, by=by)


def _export(book: Book, out: Path, passphrase: str) -> None:
    from app.book.key_copies import save_key_copy

    save_key_copy(book, out, passphrase)

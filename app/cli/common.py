"""What the commands share: options, opening a book, printing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.errors import InputError
from app.cli.params import BOOK, FILE, Place

if TYPE_CHECKING:
    from app.book.book import Book
    from app.forms.ruleset import RuleSet


book_argument = click.argument(
    "path", metavar="BOOK", type=BOOK, help="账套文件（.wuji）；联社的也可以是数据库地址。"
)
as_option = click.option("--as", "person", metavar="PERSON", default="", help="由谁操作（姓名）。")
as_required = click.option(
    "--as", "person", metavar="PERSON", required=True, help="由谁操作（姓名）。"
)
json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
passphrase_option = click.option(
    "--passphrase-file", type=FILE, metavar="F", default=None, help="存放密钥口令的文件。"
)
ruleset_option = click.option(
    "--ruleset", "ruleset_name", metavar="NAME|PATH", default="", help="规则集（默认按基准日）。"
)


def print_json(data: Any) -> None:
    """One JSON document on stdout, in UTF-8 whatever the terminal speaks."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        # Half a character, escaped in the input: it can only be said escaped.
        raw = json.dumps(data, indent=1).encode()
    sys.stdout.flush()
    sys.stdout.buffer.write(raw + b"\n")


@contextmanager
def opened(path: Place, *, write: bool = True) -> Iterator[Book]:
    """The book at this path, closed afterwards whatever happens."""
    from app.book.book import Book
    from app.book.errors import BookError
    from app.models.errors import OldVersionError

    try:
        book = Book.open(path, write=write)
    except BookError as error:
        if not isinstance(error.__cause__, OldVersionError):
            raise
        # Bringing it up to date writes, and keeps a copy of the old file.
        Book.open(path).close()
        book = Book.open(path, write=write)
    with book:
        yield book


def shown_place(place: Place) -> str:
    """How a book's place is printed: a path as it is, a database without user and password."""
    from app.book.opening import meant_place
    from app.models.engine import place_name

    return str(place) if isinstance(place, Path) else place_name(meant_place(place))


def ruleset_chooser(name: str) -> Callable[[date], RuleSet]:
    """How a rule set is found for a base date: the named one, else the one in force."""
    from app.forms import builtin_rulesets, load_ruleset, ruleset_for
    from app.forms.errors import DefinitionError

    if not name:
        return ruleset_for
    known = builtin_rulesets()
    if name not in known and not Path(name).is_dir():
        raise InputError(
            f"没有规则集“{name}”。自带的有：{'、'.join(known)}；也可以写文件夹的路径。"
        )
    try:
        ruleset = load_ruleset(name)
    except DefinitionError as error:
        raise InputError(f"规则集“{name}”有错，没有采用，请改正：{error}") from error
    return lambda _day: ruleset


def worker_of(book: Book, person: str, role: str = "") -> str:
    """Who works: the one named, else the only one of that role (or at all), else nobody known."""
    if person:
        return book.person(person).name
    fitting = _fitting(book, role)
    return fitting[0] if len(fitting) == 1 else ""


def needed_worker(book: Book, person: str, role: str) -> str:
    """Who works, as `worker_of`; InputError when the book knows people and none is meant.

    For what an office has to answer for: nobody's name may stand under it only in an empty book.
    """
    by = worker_of(book, person, role) or worker_of(book, person)
    if not by and book.people():
        names = "、".join(_fitting(book, role) or _fitting(book, ""))
        raise InputError(f"请用 --as 写明由谁操作：{names}。")
    return by


def _fitting(book: Book, role: str) -> list[str]:
    return [person.name for person in book.people() if not role or person.role == role]


def passphrase_from(path: Path | None) -> str:
    """The passphrase: the file's first line, or asked for at a terminal."""
    if path is None:
        if sys.stdin.isatty():
            return str(click.prompt("密钥口令", hide_input=True, err=True))
        raise InputError("需要密钥口令：请用 --passphrase-file 指明存放口令的文件。")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path}：口令文件应是文本文件（UTF-8）。") from None
    passphrase = text.split("\n", 1)[0].rstrip("\r")
    if not passphrase:
        raise InputError(f"{path}：口令文件的第一行是空的。请把口令写在第一行。")
    return passphrase


@contextmanager
def progress_shown(title: str) -> Iterator[Callable[[int, int, str], None]]:
    """A progress callback (done, total, text): a bar on a terminal, silent elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total, text: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(title, total=None)

        def show(done: int, total: int, text: str) -> None:
            bars.update(task, completed=done, total=total or None, description=text or title)

        yield show

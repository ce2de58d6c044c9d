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

if TYPE_CHECKING:
    from app.book.book import Book
    from app.forms.ruleset import RuleSet

BOOK = click.Path(dir_okay=False, path_type=Path)
FILE = click.Path(path_type=Path)
NOBODY = "未指明"

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


class Day(click.ParamType[Any]):
    """A date on the command line."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Reads the date; a usage error in Chinese otherwise."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise click.BadParameter(f"“{value}”不是日期，应如 2006-12-31。", ctx, param) from None


DAY = Day()


def print_json(data: Any) -> None:
    """One JSON document on stdout."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


@contextmanager
def opened(path: Path, *, write: bool = True) -> Iterator[Book]:
    """The book at this path, closed afterwards whatever happens."""
    from app.book.book import Book

    with Book.open(path, write=write) as book:
        yield book


def ruleset_chooser(name: str) -> Callable[[date], RuleSet]:
    """How a rule set is found for a base date: the named one, else the one in force."""
    from app.forms import load_ruleset, ruleset_for

    if name:
        ruleset = load_ruleset(name)
        return lambda _day: ruleset
    return ruleset_for


def worker_of(book: Book, person: str, role: str = "") -> str:
    """Who works: the one named, else the only one there is of that role (or at all)."""
    if person:
        return book.person(person).name
    fitting = [p.name for p in book.people() if not role or p.role == role]
    return fitting[0] if len(fitting) == 1 else NOBODY


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
        raise InputError(f"{path}：口令文件的第一行是空的。")
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

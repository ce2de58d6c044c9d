"""Entry of the command `wuji`; without arguments it opens the window."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Sequence

import click

from app import __version__
from app.cli.errors import EXIT_DONE, EXIT_INPUT, told
from app.cli.help import ChineseContext

BOOK_SUFFIX = ".wuji"
COMMANDS = {
    "demo": "app.cli.demo:demo",
    "new": "app.cli.books:new",
    "period": "app.cli.books:period",
    "people": "app.cli.books:people",
    "key": "app.cli.keys:key",
    "backup": "app.cli.books:backup",
    "restore": "app.cli.books:restore",
    "template": "app.cli.tables:template",
    "describe": "app.cli.tables:describe",
    "classify": "app.cli.tables:classify",
    "import": "app.cli.rows:import_file",
    "fill": "app.cli.rows:fill",
    "list": "app.cli.rows:list_rows",
    "confirm": "app.cli.rows:confirm",
    "keep": "app.cli.checking:keep",
    "check": "app.cli.checking:check",
    "attach": "app.cli.rows:attach",
    "export": "app.cli.packages:export",
    "verify": "app.cli.packages:verify",
    "collect": "app.cli.union:collect",
    "review": "app.cli.union:review",
    "determine": "app.cli.union:determine",
    "decide": "app.cli.union:decide",
    "receive": "app.cli.union:receive",
    "summary": "app.cli.reports:summary",
    "register": "app.cli.reports:register",
}


class LazyGroup(click.Group):
    """Loads a command's module only when the command is used."""

    context_class = ChineseContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of a clerk's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, name = target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        command.context_class = ChineseContext
        return command


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="wuji", message="五级 %(version)s")
@click.pass_context
def wuji(ctx: click.Context) -> None:
    """五级：农村信用社非信贷资产风险分类。不带命令时打开窗口。"""
    if ctx.invoked_subcommand is None:
        ctx.exit(_window([]))


def _window(books: list[str]) -> int:
    from app.ui.application import run

    return run(books)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; an error becomes one line on stderr. Returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _print_whatever_comes()
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read along (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_DONE
    except KeyboardInterrupt:
        print("已中断，没有写完的内容不保留。", file=sys.stderr)
        return EXIT_INPUT
    except Exception as error:  # noqa: BLE001  (the one handler at the top)
        return told(error)
    return status


def _run(arguments: list[str]) -> int:
    if len(arguments) == 1 and arguments[0].endswith(BOOK_SUFFIX):
        # What a double click on a book hands over.
        return _window(arguments)
    try:
        result = wuji.main(arguments, prog_name="wuji", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    return result if isinstance(result, int) else EXIT_DONE


def _print_whatever_comes() -> None:
    """Terminals that lack a character show its number instead of stopping the work."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")

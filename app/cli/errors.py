"""The one handler of errors at the top: known ones become one Chinese line, bugs are told."""

from __future__ import annotations

import os
import sqlite3
import sys
import traceback

import click

from app.errors import KnownError, system_reason
from app.forms.errors import ValueFault, likeliest

EXIT_DONE = 0
EXIT_PROBLEMS = 1
EXIT_INPUT = 2
DETAILS = "WUJI_TRACEBACK"
"""Set in the environment, it shows a maintainer where the program failed."""


DAMAGED = "账套已损坏，读不完整，没有做完。请用备份恢复。"
_STORE = {
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
    "SQLITE_FULL": "磁盘满了，账套没有写进去。请腾出空间后再试。",
    "SQLITE_BUSY": "账套正被其他程序占用。请稍等后再试。",
    "SQLITE_READONLY": "账套文件是只读的，不能修改。请检查文件的权限。",
    "SQLITE_CANTOPEN": "账套打不开。请检查文件和所在文件夹的权限。",
    "SQLITE_IOERR": "读写账套时磁盘出错。请检查磁盘后再试，必要时用备份恢复。",
}
"""SQLite's names of errors, by their beginning, in words."""


class InputError(KnownError):
    """Input or usage is wrong and nothing was written; one line, in Chinese."""


def told(error: Exception) -> int:
    """Prints the one line of an error on stderr; the exit status that goes with it."""
    print(line_of(error) or _bug_line(error), file=sys.stderr)
    return EXIT_INPUT


def line_of(error: Exception) -> str | None:
    """The line a person reads; None for a bug."""
    if isinstance(error, click.Abort):
        return "已取消。"
    if isinstance(error, click.ClickException):
        return usage_line(error)
    if isinstance(error, KnownError):
        return " ".join(str(error).split("\n"))
    if isinstance(error, ValueFault):
        return f"应为{error.expected}。"
    if isinstance(error, OSError):
        return _system_line(error)
    if isinstance(error, UnicodeEncodeError):
        return "输入里有残缺的字符，认不出来。请重新输入。"
    if isinstance(error, UnicodeDecodeError):
        return DAMAGED
    # SQLAlchemy wraps what the store's driver raised.
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, sqlite3.DatabaseError):
        return _store_line(cause)
    return _server_line(error)


def _store_line(error: sqlite3.DatabaseError) -> str | None:
    """What the store said; None for what only a bug can bring about."""
    name = getattr(error, "sqlite_errorname", "")
    known = (line for start, line in _STORE.items() if name.startswith(start))
    undecodable = "Could not decode" in str(error)
    return next(known, DAMAGED if undecodable else None)


def _server_line(error: Exception) -> str | None:
    """What a database on a server said; None for another error, and for what is a bug."""
    if "sqlalchemy.exc" not in sys.modules:
        return None
    from sqlalchemy.exc import DBAPIError

    from app.models.server import server_line

    return server_line(error) if isinstance(error, DBAPIError) else None


def _system_line(error: OSError) -> str:
    why = system_reason(error)
    if error.filename:
        return f"{error.filename}：打不开或写不进去（{why}）。请检查路径和权限。"
    return f"读写文件时出错（{why}）。请检查磁盘后再试。"


def _bug_line(error: Exception) -> str:
    if os.environ.get(DETAILS):
        traceback.print_exception(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}第{last.lineno}行，{type(error).__name__}"
    return f"程序出了没有料到的错误（{place}），没有做完。请把这一行告诉维护人员。"


def usage_line(error: click.ClickException) -> str:
    """A usage error in Chinese: what is wrong, and the likeliest right word."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    usage = f"用 {context.command_path if context else 'wuji'} --help 查看用法。"
    if isinstance(error, click.NoSuchOption):
        near = error.possibilities[0] if error.possibilities else ""
        return f"没有选项 {error.option_name}{_hint(near)}。{usage}"
    if isinstance(error, click.exceptions.NoSuchCommand):
        from app.cli.main import COMMANDS

        near = likeliest(error.command_name, COMMANDS)
        return f"没有命令 {error.command_name}{_hint(near)}。{usage}"
    if isinstance(error, click.MissingParameter):
        return f"缺少{_parameter(error.param)}。{usage}"
    if isinstance(error, click.BadParameter):
        return f"{_parameter(error.param)} 不对：{error.message}"
    if isinstance(error, click.BadOptionUsage):
        more = "后面不要写内容" if "does not take" in error.message else "后面要有内容"
        return f"选项 {error.option_name} {more}。{usage}"
    message = error.format_message()
    if "unexpected extra argument" in message:
        return f"多了参数：{message.partition('(')[2].rstrip(')')}。{usage}"
    return f"命令用法不对。{usage}"


def _hint(near: str) -> str:
    return f"，是否指 {near}" if near else ""


def _parameter(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return f"选项 {param.opts[-1]}"
    name = param.human_readable_name if param else ""
    return f"参数 {name}" if name else "参数"

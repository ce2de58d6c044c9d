"""The one handler of errors at the top: known ones become one Chinese line, bugs go on."""

from __future__ import annotations

import sys

import click

from app.errors import KnownError
from app.forms.errors import ValueFault, likeliest

EXIT_DONE = 0
EXIT_PROBLEMS = 1
EXIT_INPUT = 2
CAUGHT = (KnownError, ValueFault, click.ClickException, click.Abort, OSError)


class InputError(KnownError):
    """Input or usage is wrong and nothing was written; one line, in Chinese."""


def exit_code_for(error: BaseException) -> int:
    """Prints the line of a known error and returns 2; anything else is a bug and goes on."""
    line = line_of(error)
    if line is None:
        raise error
    print(line, file=sys.stderr)
    return EXIT_INPUT


def line_of(error: BaseException) -> str | None:
    """The line a person reads; None for a bug."""
    if isinstance(error, click.Abort):
        return "已取消。"
    if isinstance(error, click.ClickException):
        return usage_line(error)
    if isinstance(error, KnownError):
        return " ".join(str(error).split("\n"))
    if isinstance(error, ValueFault):
        return f"应为{error.expected}。"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}：打不开或写不进去（{error.strerror}）。请检查路径和权限。"
    return None


def usage_line(error: click.ClickException) -> str:
    """A usage error in Chinese: what is wrong, and the likeliest right word."""
    usage = "用 wuji --help 查看用法。"
    if isinstance(error, click.NoSuchOption):
        near = error.possibilities[0] if error.possibilities else ""
        return f"没有选项 {error.option_name}{f'，是否指 {near}' if near else ''}。{usage}"
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        return f"缺少参数 {name}。{usage}"
    if isinstance(error, click.BadParameter):
        name = error.param.human_readable_name if error.param else ""
        return f"参数 {name} 不对：{error.message}"
    if isinstance(error, click.UsageError):
        return _wrong_command(error, usage)
    return error.format_message()


def _wrong_command(error: click.UsageError, usage: str) -> str:
    message = error.format_message()
    word = message.split("'")[1] if message.count("'") >= 2 else ""
    if message.startswith("No such command"):
        from app.cli.main import _COMMANDS

        near = likeliest(word, _COMMANDS)
        return f"没有命令 {word}{f'，是否指 {near}' if near else ''}。{usage}"
    if "unexpected extra argument" in message:
        return f"多了参数：{message.partition('(')[2].rstrip(')')}。{usage}"
    if "requires an argument" in message:
        return f"选项 {word} 后面要有内容。{usage}"
    return f"命令用法不对：{message} {usage}"

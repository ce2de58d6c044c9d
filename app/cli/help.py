"""The help texts of the command in Chinese: what click itself would say in English."""

from __future__ import annotations

from collections.abc import Iterable

import click

_HEADINGS = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数"}
_WORDS = (
    ("Show this message and exit.", "显示这份说明。"),
    ("Show the version and exit.", "显示版本。"),
    ("[required]", "〔必填〕"),
    ("[OPTIONS]", "[选项]"),
    ("[COMMAND] [ARGS]...", "[命令] [参数]..."),
)


def in_chinese(text: str) -> str:
    """The text with click's own words translated."""
    for english, chinese in _WORDS:
        text = text.replace(english, chinese)
    return text


class ChineseFormatter(click.HelpFormatter):
    """Writes usage, headings and click's own options in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line: how the command is called."""
        super().write_usage(prog, in_chinese(args), prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        """The heading of a list."""
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """A list of options, arguments or commands."""
        translated = [(first, in_chinese(second)) for first, second in rows]
        super().write_dl(translated, col_max, col_spacing)


class ChineseContext(click.Context):
    """A context whose help is Chinese."""

    formatter_class = ChineseFormatter

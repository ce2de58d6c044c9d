"""What arguments of commands may be: files, folders, dates, counts; wrong ones told in Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

Place = Path | str
"""Where a book lies: a file, or a database by its URL."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class FilePath(click.ParamType[Path]):
    """The path of a file, there or to be made."""

    name = "文件"

    def convert(self, value: Any, param: Any, ctx: Any) -> Path:
        """The path; a folder in its place is refused."""
        path = Path(value)
        if not value or path.is_dir():
            self.fail(f"“{value}”是文件夹，这里要写文件。", param, ctx)
        return path


class BookPlace(click.ParamType[Place]):
    """A book: the path of a file, or the URL of the database that holds a union's."""

    name = "账套"

    def convert(self, value: Any, param: Any, ctx: Any) -> Place:
        """The path or the URL; what is wrong with a URL is told when it is opened."""
        if isinstance(value, str) and "://" in value:
            return value
        return FILE.convert(value, param, ctx)


class FolderPath(click.ParamType[Path]):
    """The path of a folder, there or to be made."""

    name = "文件夹"

    def convert(self, value: Any, param: Any, ctx: Any) -> Path:
        """The path; a file in its place is refused."""
        path = Path(value)
        if not value or (path.exists() and not path.is_dir()):
            self.fail(f"“{value}”不是文件夹。", param, ctx)
        return path


class Day(click.ParamType[date]):
    """A date on the command line."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Reads the date, written in full."""
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise click.BadParameter(f"“{value}”不是日期，应如 2006-12-31。", ctx, param)


class Count(click.ParamType[int]):
    """A whole number between two others."""

    name = "N"

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        """Reads the number."""
        text = str(value)
        if text.isdecimal() and len(text) < 10 and self.least <= int(text) <= self.most:
            return int(text)
        told = f"“{value}”应为{self.least}至{self.most}的整数。"
        raise click.BadParameter(told, ctx, param)


class Word(click.ParamType[str]):
    """One of a few words; others that mean the same are taken too."""

    name = "WORD"

    def __init__(self, meanings: Mapping[str, str]) -> None:
        self.meanings = meanings

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        """The word that is meant."""
        meant = self.meanings.get(str(value).strip())
        if meant is None:
            known = "、".join(dict.fromkeys(self.meanings.values()))
            raise click.BadParameter(f"“{value}”应为下列之一：{known}。", ctx, param)
        return meant


FILE = FilePath()
BOOK = BookPlace()
FOLDER = FolderPath()
DAY = Day()

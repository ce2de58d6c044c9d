"""Making the demonstration by its command, once per test run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.book.book import Book
from tests.cli.office import made_once, quietly


@dataclass(frozen=True)
class Demo:
    """A finished demonstration."""

    folder: Path
    told: dict[str, Any]
    """What the command said with --json."""

    def book(self, office: str, *, period: int = 0) -> Book:
        """An office's book, for reading, in its first period or another one."""
        book = Book.open(self.folder / "books" / f"{office}.wuji", write=False)
        book.select_period(book.periods()[period].id)
        return book

    def union(self, *, period: int = 0) -> Book:
        """The union's book, for reading."""
        return self.book(self.told["union"]["name"], period=period)

    def exports(self, office: str) -> Path:
        """Where an office's papers lie."""
        return self.folder / "exports" / office


def made_demo(base: Path) -> Demo:
    """The demonstration below this folder."""

    def make(folder: Path) -> None:
        said = quietly("demo", folder / "demo", "--assets", 8, "--json")
        (folder / "told.json").write_text(said, encoding="utf-8")

    folder = made_once(base / "demonstration", make)
    return Demo(folder / "demo", json.loads((folder / "told.json").read_text(encoding="utf-8")))

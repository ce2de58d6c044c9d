"""Running the command in the test's own process, with the promises every run keeps."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main

CHINESE = re.compile(r"[\u4e00-\u9fff]")
BOOKKEEPING = (".lock", "-wal", "-shm")
"""Files of the store itself that may come and go with reading."""


@dataclass(frozen=True)
class Done:
    """What a command left behind: exit status and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """Stdout line by line."""
        return self.out.splitlines()


class Wuji:
    """The command; exit status 0 is expected unless another is named."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._capsys = capsys
        self.folder = folder

    def __call__(self, *arguments: object, code: int = 0) -> Done:
        """Runs it and checks what holds for every command."""
        before = dict(contents(self.folder)) if code == 2 else {}
        self._capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        done = Done(status, *self._capsys.readouterr())
        said = f"{arguments}\n{done.out}\n{done.err}"
        assert done.code == code, said
        check_promises(done, json_asked="--json" in arguments)
        if code == 2:
            assert dict(contents(self.folder)) == before, said
        return done

    def refused(self, *arguments: object) -> str:
        """The line of a command that does nothing because its input is wrong."""
        return self(*arguments, code=2).err.strip()


def check_promises(done: Done, *, json_asked: bool) -> None:
    """One Chinese line for an error, no traceback, one JSON document."""
    assert "Traceback" not in done.out + done.err
    assert "没有料到的错误" not in done.err, done.err
    if done.code == 2:
        assert not done.out
        assert done.err.count("\n") == 1, done.err
        assert done.err.endswith("\n")
        assert CHINESE.search(done.err), done.err
    elif json_asked:
        json.loads(done.out)
        assert not done.err


def contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file below the folder with the hash of what it says."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(BOOKKEEPING):
            yield str(path.relative_to(folder)), _said(path)


def _said(path: Path) -> str:
    raw = path.read_bytes()
    if raw.startswith(b"SQLite format 3"):
        # Two books that say the same may differ in unused bytes.
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path)) as connection:
            raw = "\n".join(connection.iterdump()).encode("utf-8", "surrogateescape")
    return sha256(raw).hexdigest()

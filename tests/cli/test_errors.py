"""Wrong usage and what the system refuses: one Chinese line each, exit status 2."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
import pytest

from app.book.book import Book
from app.cli.errors import line_of
from app.cli.main import main
from app.errors import KnownError
from app.forms.errors import ValueFault
from tests.cli.office import Office
from tests.cli.running import Done, Wuji, check_promises

USAGE = {
    ("nosuch",): "没有命令 nosuch",
    ("lst",): "没有命令 lst，是否指 list",
    ("list",): "缺少参数 BOOK",
    ("list", "b", "--tabel", "1-8"): "没有选项 --tabel，是否指 --table",
    ("list", "b", "--table"): "选项 --table 后面要有内容",
    ("list", "b", "--json=yes"): "选项 --json 后面不要写内容",
    ("list", "b", "c", "d"): "多了参数：c d",
    ("confirm", "b"): "缺少选项 --as",
    ("new", "b", "--institution", "QS,青山"): "缺少选项 --base-date",
    ("keep", "b", "W1"): "缺少选项 --reason",
    ("attach", "b", "QS-0001"): "缺少参数 FILE...",
    ("demo", "d", "--offices", "0"): "“0”应为1至99的整数",
    ("demo", "d", "--assets", "many"): "“many”应为1至100000的整数",
    ("list", "."): "“.”是文件夹",
    ("list", ""): "是文件夹",
    ("list", "nosuch.wuji"): "找不到账套",
    ("list", "no/such/folder/b.wuji"): "找不到账套",
}


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_usage(wuji: Wuji, arguments: tuple[str, ...]) -> None:
    assert USAGE[arguments] in wuji.refused(*arguments)


def test_the_way_to_the_right_help_is_shown(wuji: Wuji) -> None:
    assert "wuji confirm --help" in wuji.refused("confirm", "b")


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"SQLite format 3\x00" + bytes(200), bytes(5000)]
)
@pytest.mark.parametrize(
    "command", ["list", "check", "people", "period", "key", "export", "import", "backup"]
)
def test_what_is_no_book_is_refused(
    wuji: Wuji, tmp_path: Path, content: bytes, command: str
) -> None:
    (tmp_path / "b.wuji").write_bytes(content)
    more = ["out.x"] if command in ("export", "import", "backup") else []
    assert "b.wuji" in wuji.refused(command, "b.wuji", *more)


def test_a_truncated_book_is_refused(wuji: Wuji, filled: Office) -> None:
    raw = filled.book.read_bytes()
    filled.book.write_bytes(raw[: len(raw) // 2])
    assert "损坏" in wuji.refused("list", filled.book)


SYSTEM = {
    errno.ENOENT: "没有这个文件",
    errno.EACCES: "没有权限",
    errno.ENOSPC: "磁盘满了",
    errno.EROFS: "只读",
    errno.EIO: "Input/output error",
}


@pytest.mark.parametrize("number", SYSTEM)
@pytest.mark.parametrize("name", [None, "/folder/file"])
def test_errors_of_the_system_are_told(number: int, name: str | None) -> None:
    line = line_of(OSError(number, os.strerror(number), name))
    assert line is not None
    assert SYSTEM[number] in line
    assert (name or "") in line


def test_known_errors_are_one_line() -> None:
    assert line_of(KnownError("第一行\n第二行")) == "第一行 第二行"
    assert line_of(ValueFault("E002", "日期")) == "应为日期。"
    assert line_of(click.Abort()) == "已取消。"
    assert line_of(ZeroDivisionError()) is None


def test_a_damaged_page_is_told(wuji: Wuji, finished: Office) -> None:
    with Book.open(finished.book, write=False) as book, book.store.read() as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'rows'"
        page = connection.exec_driver_sql(query).scalar_one()
    raw = bytearray(finished.book.read_bytes())
    raw[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    finished.book.write_bytes(raw)
    for command in ("list", "check"):
        line = wuji.refused(command, finished.book)
        assert "损坏" in line
        assert "请用备份恢复" in line


class _StoreError(sqlite3.OperationalError):
    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(text)
        self.sqlite_errorname = name


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_StoreError("SQLITE_CORRUPT_VTAB"), "请用备份恢复"),
        (_StoreError("SQLITE_FULL"), "磁盘满了"),
        (_StoreError("SQLITE_BUSY"), "占用"),
        (_StoreError("", "Could not decode to UTF-8 column 'name'"), "请用备份恢复"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "请用备份恢复"),
        (UnicodeEncodeError("utf-8", "\udce4", 0, 1, "surrogates not allowed"), "残缺的字符"),
    ],
    ids=["corrupt", "full", "busy", "text", "bytes", "surrogate"],
)
def test_what_the_store_says(error: Exception, words: str) -> None:
    assert words in str(line_of(error))


def test_a_wrong_query_stays_a_bug() -> None:
    assert line_of(_StoreError("SQLITE_ERROR", "no such table: x")) is None
    assert line_of(sqlite3.IntegrityError("UNIQUE constraint failed")) is None


def test_half_a_character_in_a_name(wuji: Wuji, finished: Office, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    assert "残缺的字符" in wuji.refused("attach", finished.book, "1-8:\udce4", "a.txt")


class TestMistakesOfOurs:
    """What nobody foresaw is told in one line too; a maintainer can ask for more."""

    @pytest.fixture(autouse=True)
    def _broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_arguments: object) -> None:
            raise ZeroDivisionError("secret")

        monkeypatch.setattr("app.forms.describe.described", broken)

    def test_one_line_names_the_place(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["describe", "1-2"]) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err.count("\n") == 1
        assert "没有料到的错误（test_errors.py第" in shown.err
        assert "ZeroDivisionError" in shown.err

    def test_the_environment_asks_for_the_traceback(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("WUJI_TRACEBACK", "1")
        assert main(["describe", "1-2"]) == 2
        assert "Traceback" in capsys.readouterr().err


def test_a_break_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.forms.describe.described", stop)
    assert main(["describe", "1-2"]) == 2
    assert "取消" in capsys.readouterr().err


# As a process of its own

ROOT = str(Path(__file__).resolve().parents[2])


def run(folder: Path, *arguments: str, stdin: bytes | None = None, **environment: str) -> Done:
    """The real command, as a shell starts it."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": ROOT, **environment},
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_process_says_its_error_on_stderr(tmp_path: Path) -> None:
    done = run(tmp_path, "list", "nosuch.wuji")
    assert done.code == 2
    check_promises(done, json_asked=False)


def test_json_is_utf_8_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    done = run(tmp_path, "describe", "1-12", "--json", PYTHONIOENCODING="gb18030")
    assert done.json["tables"][0]["title"].startswith("直接认定")


def test_a_character_the_terminal_lacks_stops_nothing(tmp_path: Path) -> None:
    office = "QS,喆堃信用社"
    arguments = ["new", "b.wuji", "--institution", office, "--base-date", "2006-12-31"]
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=tmp_path,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": ROOT, "PYTHONIOENCODING": "gb2312"},
    )
    assert done.returncode == 0
    assert "\\u5586\\u5803信用社" in done.stdout.decode("gb2312")


def test_a_reader_that_has_seen_enough_is_no_error(project_root: Path) -> None:
    command = f"{sys.executable} -m app describe 1-8 --json | head -c 10; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=project_root, capture_output=True)
    assert done.stderr == b""
    assert len(done.stdout) == 10


def test_without_a_screen_progress_is_silent(filled: Office) -> None:
    done = run(filled.folder, "export", "office.wuji", "out", "--passphrase-file", "passphrase.txt")
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "还不能封印" in done.err

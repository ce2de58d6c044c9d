"""wuji keep: a warning stays, with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from app.book.book import Book
from tests.cli.office import CLERK, HEAD, Office
from tests.cli.running import Wuji


@pytest.fixture
def warning(wuji: Wuji, filled: Office) -> str:
    """The ledger difference of the filled office."""
    found = wuji("check", filled.book, "--json", code=1).json
    (id_,) = [p["id"] for p in found if p["code"] == "W005"]
    return str(id_)


def kept(wuji: Wuji, office: Office) -> list[dict[str, Any]]:
    found = wuji("check", office.book, "--json", code=1).json
    return [problem for problem in found if problem["kept"]]


def test_a_warning_is_kept_with_its_reason(wuji: Wuji, filled: Office, warning: str) -> None:
    done = wuji("keep", filled.book, warning, "--reason", " 已查明 ", "--note", "次月补记")
    assert done.out == f"已保留 {warning}：已查明\n"
    (found,) = kept(wuji, filled)
    assert (found["id"], found["kept"], found["result"]) == (warning, "已查明", "保留")
    with Book.open(filled.book, write=False) as book:
        (stored,) = book.kept()
    # There is one preparer, so nobody has to say who it was.
    assert (stored.reason, stored.note, stored.by) == ("已查明", "次月补记", CLERK)


def test_json_and_who(wuji: Wuji, filled: Office, warning: str) -> None:
    done = wuji("keep", filled.book, warning, "--reason", "已查明", "--as", HEAD, "--json")
    assert done.json == {"id": warning, "reason": "已查明", "note": "", "by": HEAD}


def test_one_of_several_preparers_has_to_be_named(wuji: Wuji, filled: Office, warning: str) -> None:
    wuji("people", filled.book, "add", "孙行", "--role", "preparer")
    line = wuji.refused("keep", filled.book, warning, "--reason", "已查明")
    assert f"--as 写明由谁操作：{CLERK}、孙行" in line
    wuji("keep", filled.book, warning, "--reason", "已查明", "--as", "孙行")


def test_another_reason_replaces_the_first(wuji: Wuji, filled: Office, warning: str) -> None:
    for reason in ("第一", "第二"):
        wuji("keep", filled.book, warning, "--reason", reason)
    (found,) = kept(wuji, filled)
    assert found["kept"] == "第二"


def test_errors_can_not_be_kept(wuji: Wuji, filled: Office) -> None:
    found = wuji("check", filled.book, "--json", code=1).json
    error = next(p for p in found if p["severity"] == "error")
    line = wuji.refused("keep", filled.book, error["id"], "--reason", "没空")
    assert "是错误，不能保留" in line
    assert error["message"] in line


@pytest.mark.parametrize(
    ("problem", "reason", "word"),
    [
        ("W005-AAAA-AAAA", "x", "没有编号为"),
        ("", "x", "没有编号为"),
        ("nonsense", "x", "没有编号为"),
        (None, "", "要写理由"),
        (None, "   ", "要写理由"),
    ],
)
def test_what_is_refused(
    wuji: Wuji, filled: Office, warning: str, problem: str | None, reason: str, word: str
) -> None:
    name = warning if problem is None else problem
    assert word in wuji.refused("keep", filled.book, name, "--reason", reason)


def test_an_unknown_person(wuji: Wuji, filled: Office, warning: str) -> None:
    arguments = (warning, "--reason", "x", "--as", "谁")
    assert "没有“谁”" in wuji.refused("keep", filled.book, *arguments)


def test_sealed(wuji: Wuji, sealed: Office) -> None:
    (problem,) = wuji("check", sealed.book, "--json").json
    assert "已经封" in wuji.refused("keep", sealed.book, problem["id"], "--reason", "x")

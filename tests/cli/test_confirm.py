"""wuji confirm: the accountant confirms what somebody else has prepared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.book.book import Book
from tests.cli.office import ACCOUNTANT, CLERK, HEAD, Office
from tests.cli.running import Wuji


@pytest.fixture
def prepared(wuji: Wuji, finished: Office) -> Office:
    """The finished office with two rows changed once more, so prepared again."""
    fills = [{"id": id_, "wp_state": "再次核对"} for id_ in ("QS-0002", "QS-0004")]
    Path("fill.json").write_text(json.dumps(fills), encoding="utf-8")
    wuji("fill", finished.book, "fill.json", "--as", CLERK)
    return finished


def stages(wuji: Wuji, office: Office) -> list[str]:
    return [row["stage"] for row in wuji("list", office.book, "--json").json]


def test_all_that_is_ready(wuji: Wuji, prepared: Office) -> None:
    assert stages(wuji, prepared) == ["confirmed", "prepared", "confirmed", "prepared"]
    assert wuji("confirm", prepared.book, "--as", ACCOUNTANT).out == f"{ACCOUNTANT}确认了2笔。\n"
    assert set(stages(wuji, prepared)) == {"confirmed"}
    with Book.open(prepared.book, write=False) as book:
        row = book.row("QS-0002")
        assert (row.prepared_by, row.confirmed_by) == (CLERK, ACCOUNTANT)
        assert book.history("QS-0002")[-1].by == ACCOUNTANT


@pytest.mark.parametrize("name", ["QS-0004", "1-8:GZ-1"])
def test_named_ones(wuji: Wuji, prepared: Office, name: str) -> None:
    done = wuji("confirm", prepared.book, name, "--as", ACCOUNTANT, "--json")
    assert done.json == {"confirmed": 1, "by": ACCOUNTANT}
    assert stages(wuji, prepared) == ["confirmed", "prepared", "confirmed", "confirmed"]


def test_none_ready(wuji: Wuji, filled: Office) -> None:
    assert "没有要确认的资产" in wuji("confirm", filled.book, "--as", ACCOUNTANT).out
    assert stages(wuji, filled) == ["draft"] * 4


def test_one_that_is_not_ready_stops_all(wuji: Wuji, prepared: Office) -> None:
    Path("fill.json").write_text('{"id": "QS-0004", "wp_state": ""}')
    wuji("fill", prepared.book, "fill.json", "--as", CLERK)
    names = ("QS-0002", "QS-0004")
    line = wuji.refused("confirm", prepared.book, *names, "--as", ACCOUNTANT)
    assert "QS-0004" in line


@pytest.mark.parametrize("name", ["QS-9999", "1-8:NIX", "GZ-1"])
def test_an_unknown_one_stops_all(wuji: Wuji, prepared: Office, name: str) -> None:
    names = ("QS-0002", name)
    assert name.split(":")[-1] in wuji.refused("confirm", prepared.book, *names, "--as", ACCOUNTANT)


@pytest.mark.parametrize(
    ("person", "word"), [(CLERK, "只有会计"), (HEAD, "只有会计"), ("谁", "没有“谁”")]
)
def test_only_an_accountant(wuji: Wuji, prepared: Office, person: str, word: str) -> None:
    assert word in wuji.refused("confirm", prepared.book, "--as", person)


def test_nobody_confirms_what_he_prepared(wuji: Wuji, finished: Office) -> None:
    Path("fill.json").write_text('{"id": "QS-0004", "wp_state": "会计自己填的"}')
    wuji("fill", finished.book, "fill.json", "--as", ACCOUNTANT)
    line = wuji.refused("confirm", finished.book, "QS-0004", "--as", ACCOUNTANT)
    assert "自己初分的" in line
    assert "自己初分的" in wuji.refused("confirm", finished.book, "--as", ACCOUNTANT)


def test_confirmed_once_is_enough(wuji: Wuji, finished: Office) -> None:
    line = wuji.refused("confirm", finished.book, "QS-0004", "--as", ACCOUNTANT)
    assert "QS-0004" in line


def test_sealed(wuji: Wuji, sealed: Office) -> None:
    assert "已经封" in wuji.refused("confirm", sealed.book, "--as", ACCOUNTANT)

"""wuji check: every check of a book, with exit status 1 while something is open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.office import CLERK, Office
from tests.cli.running import Wuji

KEYS = {
    "id", "row", "table", "field", "code", "severity", "message", "way_out", "kept", "relation",
    "category", "result", "left", "right", "difference",
}  # fmt: skip


def open_ones(wuji: Wuji, office: Office) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = wuji("check", office.book, "--json", code=1).json
    return found


def test_nothing_open(wuji: Wuji, finished: Office) -> None:
    lines = wuji("check", finished.book).lines
    assert lines[-1] == "检查完毕，没有要处理的问题（另有1个警告已说明理由）。"
    assert "〔已保留：已查明，次月补记〕" in lines[0]


def test_every_problem_has_its_place_and_its_way_out(wuji: Wuji, listed: Office) -> None:
    found = open_ones(wuji, listed)
    assert len({problem["id"] for problem in found}) == len(found)
    for problem in found:
        assert set(problem) == KEYS
        assert problem["message"]
        assert problem["way_out"]
    assert {p["severity"] for p in found} == {"error", "warning"}
    shown = wuji("check", listed.book, code=1).lines
    assert len(shown) == len(found) + 1
    errors = sum(p["severity"] == "error" for p in found)
    assert shown[-1] == f"还有{errors}个错误要改、{len(found) - errors}个警告要说明理由。"


def test_a_line_names_table_row_and_field(wuji: Wuji, listed: Office) -> None:
    shown = wuji("check", listed.book, code=1).out
    assert "错误  附表1-8 QS-0007  账面净值填的是1,136,857.13元" in shown
    for line in shown.splitlines():
        assert "。。" not in line
        assert not line.endswith("…")


def test_messages_and_ways_out_are_whole_sentences(wuji: Wuji, listed: Office) -> None:
    for line in wuji("check", listed.book, code=1).lines:
        assert line.endswith(("。", "〕", "）"))


def test_ledger_differences_have_both_sides(wuji: Wuji, filled: Office) -> None:
    (ledger,) = [p for p in open_ones(wuji, filled) if p["code"] == "W005"]
    assert ledger["category"] == "表间"
    assert {ledger["left"], ledger["right"]} == {"750000.00", "750500.00"}
    assert ledger["difference"].lstrip("-") == "500.00"
    assert ledger["relation"]
    assert ledger["result"] == "不符"


def test_a_change_brings_a_kept_warning_back(wuji: Wuji, finished: Office) -> None:
    Path("fill.json").write_text('{"id": "QS-0002", "carrying_amount": "750100.00"}')
    wuji("fill", finished.book, "fill.json", "--as", CLERK)
    codes = {p["code"]: p for p in open_ones(wuji, finished)}
    assert codes["W005"]["kept"] is None
    assert codes["W005"]["difference"].lstrip("-") == "400.00"


def test_a_row_that_nobody_confirmed_is_open(wuji: Wuji, finished: Office) -> None:
    Path("fill.json").write_text('{"id": "QS-0004", "wp_state": "再次核对"}')
    wuji("fill", finished.book, "fill.json", "--as", CLERK)
    (problem,) = [p for p in open_ones(wuji, finished) if p["kept"] is None]
    assert (problem["code"], problem["row"]) == ("E016", "QS-0004")


def test_table_2_must_be_filled_in(wuji: Wuji, filled: Office) -> None:
    missing = {p["field"] for p in open_ones(wuji, filled) if p["table"] == "2"}
    assert missing == {"collection", "recoverable", "responsible", "responsibility_opinion"}


def test_checking_changes_nothing(wuji: Wuji, filled: Office) -> None:
    from tests.cli.running import contents

    before = dict(contents(filled.folder))
    wuji("check", filled.book, code=1)
    assert dict(contents(filled.folder)) == before


def test_an_empty_book_has_nothing_to_check(wuji: Wuji, empty: Office) -> None:
    assert wuji("check", empty.book, "--json").json == []


def test_a_sealed_book_checks_as_it_was(wuji: Wuji, sealed: Office) -> None:
    (kept,) = wuji("check", sealed.book, "--json").json
    assert json.dumps(kept["kept"], ensure_ascii=False) == '"已查明，次月补记"'

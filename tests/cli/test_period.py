"""wuji period: listing periods, opening the next one, carrying rows forward."""

from __future__ import annotations

import pytest

from app.book.book import Book
from tests.cli.office import CLERK, HEAD, Office
from tests.cli.running import Wuji


def test_periods_are_listed(wuji: Wuji, empty: Office) -> None:
    assert wuji("period", empty.book).out == "2006-12-31  inner-mongolia-2007  填报中\n"
    (line,) = wuji("period", empty.book, "--json").json
    assert set(line) == {"base_date", "ruleset", "ruleset_hash", "state", "seal_code"}
    assert line["state"] == "open"


def test_a_sealed_period_shows_its_code(wuji: Wuji, sealed: Office) -> None:
    (line,) = wuji("period", sealed.book, "--json").json
    assert line["state"] == "sealed"
    assert line["seal_code"] in wuji("period", sealed.book).out


def test_the_next_period_is_empty_without_carrying(wuji: Wuji, finished: Office) -> None:
    done = wuji("period", finished.book, "--base-date", "2007-12-31")
    assert "已建立基准日2007-12-31" in done.out
    assert "结转0笔" in done.out
    assert wuji("list", finished.book, "--json").json == []


@pytest.mark.parametrize("state", ["finished", "sealed"])
def test_rows_are_carried_forward(wuji: Wuji, state: str, request: pytest.FixtureRequest) -> None:
    office: Office = request.getfixturevalue(state)
    before = {row["id"]: row for row in wuji("list", office.book, "--json").json}
    done = wuji(
        "period", office.book, "--base-date", "2007-12-31", "--carry-forward", "--as", CLERK
    )
    assert "结转4笔" in done.out
    after = {row["id"]: row for row in wuji("list", office.book, "--json").json}
    assert after.keys() == before.keys()
    for id_, row in after.items():
        assert row["carrying_amount"] == before[id_]["carrying_amount"]
        assert row["wp_formation"] == before[id_]["wp_formation"]
        # Opinions, losses, compliance and accuracy are asked again.
        assert row["initial_class"] is None
        assert row["compliance"] is None
        assert row["stage"] == "draft"


def test_the_new_period_takes_the_rules_in_force(wuji: Wuji, empty: Office) -> None:
    periods = wuji("period", empty.book, "--base-date", "2023-12-31", "--json").json
    assert [p["ruleset"] for p in periods] == ["inner-mongolia-2007", "financial-assets-2023"]


@pytest.mark.parametrize("day", ["2006-12-31", "2005-12-31"])
def test_a_period_comes_after_the_last(wuji: Wuji, empty: Office, day: str) -> None:
    assert "应晚于" in wuji.refused("period", empty.book, "--base-date", day)


def test_carrying_needs_a_date(wuji: Wuji, empty: Office) -> None:
    assert "--base-date" in wuji.refused("period", empty.book, "--carry-forward")


def test_unknown_person_or_rules_open_nothing(wuji: Wuji, empty: Office) -> None:
    next_day = ("--base-date", "2007-12-31")
    assert "张三" in wuji.refused("period", empty.book, *next_day, "--as", "张三")
    assert "规则集" in wuji.refused("period", empty.book, *next_day, "--ruleset", "nosuch")


def test_a_sealed_period_is_opened_again_with_a_reason(wuji: Wuji, sealed: Office) -> None:
    done = wuji("period", sealed.book, "--reopen", "--reason", "联社要求更正", "--as", HEAD)
    assert "已重新打开2006-12-31" in done.out
    assert [p["state"] for p in wuji("period", sealed.book, "--json").json] == ["open"]
    with Book.open(sealed.book, write=False) as book:
        last = book.history()[-1]
    assert (last.kind, last.by, last.why) == ("reopen", HEAD, "联社要求更正")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--reopen",), "理由"),
        (("--reopen", "--reason", " "), "理由"),
        (("--reason", "x"), "--reopen"),
        (("--reopen", "--reason", "x", "--base-date", "2005-12-31"), "没有基准日2005-12-31"),
    ],
)
def test_reopening_that_is_refused(
    wuji: Wuji, sealed: Office, options: tuple[str, ...], word: str
) -> None:
    assert word in wuji.refused("period", sealed.book, *options)


def test_an_open_period_is_not_opened_again(wuji: Wuji, empty: Office) -> None:
    day = ("--base-date", "2006-12-31")
    assert "没有封印" in wuji.refused("period", empty.book, "--reopen", "--reason", "x", *day)


def test_subjects_follow_the_chart_of_the_new_rules(wuji: Wuji, finished: Office) -> None:
    next_day = ("--base-date", "2023-12-31", "--carry-forward", "--as", CLERK)
    done = wuji("period", finished.book, *next_day)
    assert "结转4笔" in done.out
    assert "没有带过来" not in done.out
    subjects = {row["table"]: row["subject"] for row in wuji("list", finished.book, "--json").json}
    assert subjects == {"1-1": "1003", "1-2": "1011", "1-5": "1221", "1-8": "1601"}


def test_what_has_no_place_in_the_new_rules_is_told(wuji: Wuji, finished: Office) -> None:
    first = ("--base-date", "2023-12-31", "--carry-forward", "--as", CLERK)
    (_, period) = wuji("period", finished.book, *first, "--json").json
    assert (period["carried"], period["not_carried"]) == (4, [])
    back = ("--base-date", "2024-12-31", "--carry-forward", "--ruleset", "inner-mongolia-2007")
    done = wuji("period", finished.book, *back, "--as", CLERK)
    assert "有4笔资产的4项内容没有带过来" in done.out
    (deposit,) = [line for line in done.lines if "附表1-2" in line]
    assert "QS-0002 =存放同业：核算科目“1011 存放同业”，新的科目表里没有对应的科目。" in deposit
    rows = wuji("list", finished.book, "--json").json
    assert {row["subject"] for row in rows} == {None}


def test_what_has_no_place_is_told_as_json(wuji: Wuji, finished: Office) -> None:
    newer = ("--base-date", "2023-12-31", "--carry-forward", "--as", CLERK)
    wuji("period", finished.book, *newer)
    back = ("--base-date", "2024-12-31", "--carry-forward", "--ruleset", "inner-mongolia-2007")
    found = wuji("period", finished.book, *back, "--as", CLERK, "--json").json[-1]["not_carried"]
    assert [(one["row_id"], one["field"], one["value"]) for one in found] == [
        ("QS-0001", "subject", "1003"),
        ("QS-0002", "subject", "1011"),
        ("QS-0003", "subject", "1221"),
        ("QS-0004", "subject", "1601"),
    ]

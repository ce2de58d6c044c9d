"""`wuji decide`: one signed decision for each office that has something new to be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.book.book import Book
from app.union.review import review
from tests.cli.running import Wuji
from tests.union.county import LEADER, REVIEWER, County, collected_union, county_in
from tests.union.steps import entry, of_office, through


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> County:
    """A county with one row of QS returned and all of BH determined."""
    base = tmp_path_factory.getbasetemp()
    county = county_in(base, tmp_path / "county")
    collected_union(base, county)
    with Book.open(county.union) as book:
        first = of_office(book, "QS")[0]
        marks = (("备注", "写明来由"),)
        review(book, [entry(first.id, marks=marks, reason="依据不足")], by=REVIEWER)
        through(book, of_office(book, "BH"), tmp_path / "纪要.txt")
    return county


def test_decisions_reach_their_offices(wuji: Wuji, county: County, tmp_path: Path) -> None:
    out = tmp_path / "decisions"
    given = ("--passphrase-file", county.passphrase, "--as", LEADER)
    made = {
        one["institution"]: one for one in wuji("decide", county.union, out, *given, "--json").json
    }
    assert (made["QS"]["returned"], made["QS"]["determined"]) == (1, 0)
    assert made["BH"]["returned"] == 0
    returned = wuji("receive", county.book("QS"), made["QS"]["decision"], "--json").json
    assert len(returned["returned"]) == 1
    assert "本期关闭" in wuji("receive", county.book("BH"), made["BH"]["decision"]).out
    assert "已认定" in wuji("period", county.book("BH")).out
    assert "填报中" in wuji("period", county.book("QS")).out
    assert "审核认定中" in wuji("period", county.union).out
    assert "没有" in wuji("decide", county.union, out, *given).out


def test_a_wrong_passphrase_writes_nothing(wuji: Wuji, county: County, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("anders", encoding="utf-8")
    out = tmp_path / "decisions"
    told = wuji.refused("decide", county.union, out, "--passphrase-file", wrong, "--as", LEADER)
    assert "口令" in told
    assert not out.exists()


def test_the_unions_period_is_listed_as_done(wuji: Wuji, county: County, tmp_path: Path) -> None:
    with Book.open(county.union) as book:
        review(book, [entry(of_office(book, "QS")[0].id, marks=(), reason="收回")], by=REVIEWER)
        through(book, of_office(book, "QS"), tmp_path / "纪要.txt")
    given = ("--passphrase-file", county.passphrase, "--as", LEADER)
    assert [one["done"] for one in wuji("period", county.union, "--json").json] == [False]
    wuji("decide", county.union, tmp_path / "decisions", *given)
    assert "已办结" in wuji("period", county.union).out
    assert [one["done"] for one in wuji("period", county.union, "--json").json] == [True]

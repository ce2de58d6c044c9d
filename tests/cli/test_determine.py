"""`wuji determine`: the leading group's results in bulk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.book.book import Book
from tests.cli.running import Wuji
from tests.union.county import LEADER, REVIEWER, County, collected_union, county_in
from tests.union.steps import checked, of_office, reviewed


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> County:
    """A county whose QS is ready to be determined."""
    base = tmp_path_factory.getbasetemp()
    county = county_in(base, tmp_path / "county")
    collected_union(base, county)
    with Book.open(county.union) as book:
        reviewed(book, of_office(book, "QS"))
        checked(book, of_office(book, "QS"))
    return county


def test_results_with_vote_and_minutes(wuji: Wuji, county: County, tmp_path: Path) -> None:
    rows = [r for r in wuji("list", county.union, "--json").json if r["id"].startswith("QS")]
    (tmp_path / "纪要.txt").write_text("会议纪要第1号", encoding="utf-8")
    vote = {"for": 5, "against": 0, "abstain": 1}
    entries = [
        {"id": r["id"]} | ({"vote": vote, "minutes": "纪要.txt"} if r["class"] == "loss" else {})
        for r in rows
    ]
    file = tmp_path / "results.json"
    file.write_text(json.dumps(entries), encoding="utf-8")
    done = wuji("determine", county.union, file, "--as", LEADER, "--json").json
    assert done["stages"] == {"determined": len(rows)}
    after = wuji("list", county.union, "--json").json
    assert all(r["determined_class"] == r["class"] for r in after if r["id"].startswith("QS"))


def test_only_the_leading_group_determines(wuji: Wuji, county: County, tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_text('[{"id": "QS-0001"}]', encoding="utf-8")
    told = wuji.refused("determine", county.union, file, "--as", REVIEWER)
    assert "领导小组" in told


def test_what_is_not_ready_is_told(wuji: Wuji, county: County, tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_text('[{"id": "BH-0001"}]', encoding="utf-8")
    assert "BH-0001" in wuji.refused("determine", county.union, file, "--as", LEADER)

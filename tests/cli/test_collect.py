"""`wuji collect`: packages in, receipts out, who has reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Wuji
from tests.union.county import REVIEWER, ROWS, County, county_in


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> County:
    """Two offices with sealed packages, a union without any."""
    return county_in(tmp_path_factory.getbasetemp(), tmp_path / "county")


def test_an_unknown_key_is_refused_with_exit_1(wuji: Wuji, county: County) -> None:
    done = wuji("collect", county.union, county.package("QS"), code=1)
    assert f"请与对方核对短码。一致后加 --accept {county.key('QS')}。" in done.out
    [told] = wuji("collect", county.union, county.package("QS"), "--json", code=1).json
    assert told["reason"].endswith(f"一致后加 --accept {county.key('QS')}。")
    assert wuji("collect", county.union).out.startswith("还没有")


def test_packages_are_taken_in_with_receipts(wuji: Wuji, county: County, tmp_path: Path) -> None:
    receipts = tmp_path / "receipts"
    done = wuji(
        "collect", county.union, county.folder / "out-QS", county.package("BH"),
        "--accept", county.key("QS"), "--accept", county.key("BH"), "--as", REVIEWER,
        "--receipts", receipts, "--passphrase-file", county.passphrase, "--json",
    ).json  # fmt: skip
    assert [one["institution"]["code"] for one in done] == ["QS", "BH"]
    assert all(one["taken"] and one["rows"] == ROWS and not one["findings"] for one in done)
    assert sorted(map(str, receipts.iterdir())) == sorted(one["receipt"] for one in done)
    for one in done:
        assert wuji("verify", one["receipt"], "--json").json["kind"] == "receipt"
    states = wuji("collect", county.union, "--json").json
    assert {one["code"]: one["state"] for one in states} == {"BH": "received", "QS": "received"}
    assert "已接收" in wuji("collect", county.union).out


def test_one_refused_among_others_is_told(wuji: Wuji, county: County) -> None:
    done = wuji(
        "collect", county.union, county.package("QS"), county.package("BH"),
        "--accept", county.key("QS"), code=1,
    )  # fmt: skip
    assert f"{ROWS}笔" in done.out
    assert "未接收 BH" in done.out


def test_an_offices_book_is_no_unions(wuji: Wuji, county: County) -> None:
    assert "联社" in wuji.refused("collect", county.book("QS"), county.package("BH"))


def test_receipts_need_the_unions_key(wuji: Wuji, county: County, tmp_path: Path) -> None:
    assert "口令" in wuji.refused(
        "collect", county.union, county.package("QS"), "--receipts", tmp_path / "r"
    )

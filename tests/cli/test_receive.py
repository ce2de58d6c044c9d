"""`wuji receive`: the union's receipts and decisions at an office."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Wuji
from tests.union.county import REVIEWER, County, county_in


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> County:
    """Two offices with sealed packages, a union without any."""
    return county_in(tmp_path_factory.getbasetemp(), tmp_path / "county")


@pytest.fixture
def receipt(wuji: Wuji, county: County, tmp_path: Path) -> Path:
    """The receipt for QS."""
    done = wuji(
        "collect", county.union, county.package("QS"), "--accept", county.key("QS"),
        "--as", REVIEWER, "--receipts", tmp_path / "receipts",
        "--passphrase-file", county.passphrase, "--json",
    )  # fmt: skip
    return Path(done.json[0]["receipt"])


def test_a_receipt_is_noted_once(wuji: Wuji, county: County, receipt: Path) -> None:
    first = wuji("receive", county.book("QS"), receipt, "--json").json
    assert (first["kind"], first["first_contact"], first["again"]) == ("receipt", True, False)
    assert "以前已采用" in wuji("receive", county.book("QS"), receipt).out


def test_a_receipt_for_another_office_does_not_count(
    wuji: Wuji, county: County, receipt: Path
) -> None:
    done = wuji("receive", county.book("BH"), receipt, code=1)
    assert "QS" in done.out


def test_the_short_code_can_be_compared(wuji: Wuji, county: County, receipt: Path) -> None:
    done = wuji("receive", county.book("QS"), receipt, "--accept", "0000-0000-0000", code=1)
    assert "0000-0000-0000" in done.out
    code = wuji("verify", receipt, "--json").json["key"]
    done = wuji("receive", county.book("QS"), receipt, "--accept", code)
    assert "第一次" not in done.out


def test_another_key_does_not_count_later(
    wuji: Wuji, county: County, receipt: Path, tmp_path: Path
) -> None:
    wuji("receive", county.book("QS"), receipt)
    wuji("key", county.union, "--new", "--passphrase-file", county.passphrase)
    done = wuji(
        "collect", county.union, county.package("QS"), "--receipts", tmp_path / "later",
        "--passphrase-file", county.passphrase, "--json",
    )  # fmt: skip
    later = Path(done.json[0]["receipt"])
    code = wuji("verify", later, "--json").json["key"]
    refused = wuji("receive", county.book("QS"), later, code=1).out
    assert f"请与对方核对短码。一致后加 --accept {code}。" in refused
    wuji("receive", county.book("QS"), later, "--accept", code)


def test_a_package_of_an_office_is_no_answer(wuji: Wuji, county: County) -> None:
    done = wuji("receive", county.book("QS"), county.package("QS"), "--json", code=1)
    assert done.json["taken"] is False


def test_a_union_receives_nothing(wuji: Wuji, county: County, receipt: Path) -> None:
    assert "联社" in wuji("receive", county.union, receipt, code=1).out

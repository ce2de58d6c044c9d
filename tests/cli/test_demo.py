"""wuji demo: what the command prints; what it makes is tested in tests/demo."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.demo.places import DemoResult, OfficeResult, UnionResult
from tests.cli.running import Wuji
from tests.demo.made import made_demo


def result(folder: Path, *, verified: bool) -> DemoResult:
    package = folder / "exports" / "QS" / "QS.wjz"
    office = OfficeResult(
        name="青山信用社",
        book=folder / "books" / "青山信用社.wuji",
        rows=3,
        classes={"正常": 2, "损失": 1},
        seal_code="AAAA-BBBB-CCCC",
        files=[package.parent / "check-list.csv", package],
        package=package,
        verified=verified,
        decided=[folder / "decided" / "QS" / "summary.pdf"],
    )
    union = UnionResult(
        "长河县联社", folder / "books" / "长河县联社.wuji",
        decisions=[folder / "union" / "decisions" / "QS.wjz"], returned="BH-0007", determined=3,
    )  # fmt: skip
    return DemoResult(folder, [folder / "listings" / "a.xlsx"], [office], union, 12.3)


@pytest.mark.parametrize("verified", [True, False])
def test_what_was_made_and_where(
    wuji: Wuji, monkeypatch: pytest.MonkeyPatch, verified: bool
) -> None:
    asked: list[tuple[object, ...]] = []

    def run(folder: Path, *more: object) -> DemoResult:
        asked.append((folder, *more[:2]))
        return result(folder, verified=verified)

    monkeypatch.setattr("app.demo.campaign.run_demo", run)
    code = 0 if verified else 1
    shown = wuji("demo", "d", code=code).out
    for word in (
        "d/listings",
        "青山信用社：3笔资产（正常2笔，损失1笔）",
        "d/books/青山信用社.wuji",
        "d/exports/QS/QS.wjz",
        "d/exports/QS/check-list.csv",
        "封印码 AAAA-BBBB-CCCC",
        "完整，签名成立" if verified else "不成立",
        "d/decided/QS",
        "长河县联社：退回补正1笔（BH-0007），认定3笔",
        "d/books/长河县联社.wuji",
        "d/union/decisions",
        "用时12秒",
    ):
        assert word in shown, word
    wuji("demo", "d", "--offices", "4", "--assets", "50", code=code)
    assert asked == [(Path("d"), 3, 200), (Path("d"), 4, 50)]


def test_json(tmp_path_factory: pytest.TempPathFactory) -> None:
    told = made_demo(tmp_path_factory.getbasetemp()).told
    assert set(told) == {"folder", "seconds", "listings", "offices", "union"}
    for office in told["offices"]:
        assert set(office) == {
            "name", "book", "rows", "classes", "seal_code", "package", "verified", "files",
            "decided",
        }  # fmt: skip


def test_a_folder_with_something_in_it(wuji: Wuji, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert "已经有文件" in wuji.refused("demo", tmp_path)


def test_a_file_is_no_folder(wuji: Wuji, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert "不是文件夹" in wuji.refused("demo", tmp_path / "mine.txt")


@pytest.mark.parametrize("number", ["0", "100", "x", "-1", "1.5"])
def test_a_strange_number_of_offices(wuji: Wuji, number: str) -> None:
    assert "1至99的整数" in wuji.refused("demo", "d", "--offices", number)
    assert not Path("d").exists()

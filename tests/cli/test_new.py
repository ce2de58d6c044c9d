"""wuji new: one file with its first period, or nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.cli.running import Wuji

OFFICE = ("--institution", "QS,青山信用社")
DAY = ("--base-date", "2006-12-31")


def test_a_book_is_one_file(wuji: Wuji, tmp_path: Path) -> None:
    done = wuji("new", "b.wuji", *OFFICE, *DAY)
    assert done.out == (
        "已建立 b.wuji：QS 青山信用社，基准日2006-12-31，"
        "规则是农村信用社非信贷资产风险分类（2007年）。\n"
    )
    assert [p.name for p in tmp_path.iterdir() if not p.name.endswith(".lock")] == ["b.wuji"]
    with sqlite3.connect("b.wuji") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_json(wuji: Wuji) -> None:
    assert wuji("new", "b.wuji", *OFFICE, *DAY, "--json").json == {
        "book": "b.wuji",
        "institution": {"code": "QS", "name": "青山信用社"},
        "base_date": "2006-12-31",
        "ruleset": "inner-mongolia-2007",
    }


@pytest.mark.parametrize(
    ("day", "ruleset"),
    [
        ("2006-12-31", "inner-mongolia-2007"),
        ("2023-06-30", "inner-mongolia-2007"),
        ("2023-07-01", "financial-assets-2023"),
        ("2026-02-28", "financial-assets-2023"),
    ],
)
def test_the_rule_set_is_the_one_in_force(wuji: Wuji, day: str, ruleset: str) -> None:
    done = wuji("new", "b.wuji", *OFFICE, "--base-date", day, "--json")
    assert done.json["ruleset"] == ruleset
    assert wuji("period", "b.wuji", "--json").json[0]["ruleset"] == ruleset


def test_a_rule_set_can_be_named(wuji: Wuji) -> None:
    done = wuji("new", "b.wuji", *OFFICE, *DAY, "--ruleset", "financial-assets-2023", "--json")
    assert done.json["ruleset"] == "financial-assets-2023"


def test_a_rule_set_can_be_a_folder(wuji: Wuji, project_root: Path, tmp_path: Path) -> None:
    folder = project_root / "resources" / "rulesets" / "inner-mongolia-2007"
    done = wuji("new", "b.wuji", *OFFICE, *DAY, "--ruleset", folder, "--json")
    assert done.json["ruleset"] == "inner-mongolia-2007"


def test_a_books_of_a_union(wuji: Wuji) -> None:
    wuji("new", "u.wuji", "--institution", "LS,旗联社", *DAY, "--union")
    from app.book.book import Book

    with Book.open("u.wuji", write=False) as book:
        assert book.is_union


@pytest.mark.parametrize("written", ["qs01,青山", "QS01，青山", " QS01 , 青山 "])
def test_code_and_name_are_tidied(wuji: Wuji, written: str) -> None:
    done = wuji("new", "b.wuji", "--institution", written, *DAY, "--json")
    assert done.json["institution"] == {"code": "QS01", "name": "青山"}


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("QS", "代码,名称"),
        ("QS,", "代码,名称"),
        (",青山", "代码,名称"),
        ("青山,QS", "机构代码"),
        ("../QS,青山", "机构代码"),
        ("QS," + "长" * 61, "60个字"),
        ("QS,青\n山", "机构名称"),
    ],
)
def test_a_strange_institution_is_refused(wuji: Wuji, written: str, word: str) -> None:
    assert word in wuji.refused("new", "b.wuji", "--institution", written, *DAY)


@pytest.mark.parametrize(
    "day",
    ["2006-02-29", "2006-13-01", "20061231", "2006-12", "31.12.2006", "２００６-12-31", "heute"],
)
def test_a_strange_date_is_refused(wuji: Wuji, day: str) -> None:
    line = wuji.refused("new", "b.wuji", *OFFICE, "--base-date", day)
    assert f"选项 --base-date 不对：“{day}”不是日期" in line


def test_a_leap_day_is_a_date(wuji: Wuji) -> None:
    wuji("new", "b.wuji", *OFFICE, "--base-date", "2008-02-29")


def test_an_existing_file_is_never_overwritten(wuji: Wuji, tmp_path: Path) -> None:
    (tmp_path / "b.wuji").write_text("mine")
    assert "已经存在" in wuji.refused("new", "b.wuji", *OFFICE, *DAY)


def test_a_missing_folder_is_named(wuji: Wuji) -> None:
    assert "不存在" in wuji.refused("new", "no/b.wuji", *OFFICE, *DAY)


@pytest.mark.parametrize("name", ["nosuch", ".", ""])
def test_an_unknown_rule_set_is_refused(wuji: Wuji, name: str) -> None:
    if name:
        line = wuji.refused("new", "b.wuji", *OFFICE, *DAY, "--ruleset", name)
        assert "规则集" in line
    else:
        wuji("new", "b.wuji", *OFFICE, *DAY, "--ruleset", name)


def test_a_broken_rule_set_is_refused(wuji: Wuji, project_root: Path, tmp_path: Path) -> None:
    import shutil

    source = project_root / "resources" / "rulesets" / "inner-mongolia-2007"
    shutil.copytree(source, tmp_path / "mine")
    file = tmp_path / "mine" / "1-8.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\nnosuch = 1\n", encoding="utf-8")
    line = wuji.refused("new", "b.wuji", *OFFICE, *DAY, "--ruleset", "mine")
    assert "没有采用" in line
    assert "1-8.toml" in line

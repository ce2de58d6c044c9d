"""Which table a listing is for, what settles it, and mapping it otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book
from app.intake.importing import import_listing
from app.intake.listing import listing_with_mapping
from app.intake.messages import IntakeError
from tests.intake.sheets import CLERK, asset, assets, codes, csv_file, listed, workbook

PLAIN = [["名称", "日期", "金额"], ["某物", "2004.1.1", "5"]]

HEADS = {
    "1-1": ["资产项目", "余额"],
    "1-2": ["交易对手", "业务品种", "存入日期", "余额"],
    "1-3": ["资产名称", "原借款人", "抵债方式", "抵偿本息", "余额"],
    "1-4": ["借款人", "贷款五级分类", "欠息余额"],
    "1-5": ["户名", "款项性质", "挂账日期", "挂账原因", "余额"],
    "1-6": ["项目名称", "投资类型", "发行单位", "持股比例", "投资余额"],
    "1-7": ["资产名称", "委托人", "委托资金余额", "余额"],
    "1-8": ["资产名称", "原值", "累计折旧", "净值", "折旧年限"],
    "1-9": ["工程名称", "工程状态", "开工日期", "余额"],
    "1-10": ["资产名称", "无形资产类别", "原值", "累计摊销", "摊余价值", "剩余使用年限"],
    "1-11": ["费用名称", "原始发生额", "已摊销额", "摊销期限", "摊余价值"],
    "1-12": ["项目", "科目", "判断理由", "余额"],
}


@pytest.mark.parametrize(("table_id", "head"), HEADS.items(), ids=HEADS)
def test_the_head_tells_the_table(tmp_path: Path, table_id: str, head: list[str]) -> None:
    path = csv_file(tmp_path / "a.csv", [head, ["1"] * len(head)])
    assert listed(path).table_id == table_id


@pytest.mark.parametrize(
    ("title", "table_id"),
    [
        ("固定资产", "1-8"),
        ("固定资产清理", "1-12"),
        ("其他应收款", "1-5"),
        ("其他应收账款", "1-4"),
        ("在建工程", "1-9"),
        ("历年亏损挂账", "1-12"),
        ("存放同业款项", "1-2"),
        ("专项央行票据", "1-1"),
        ("抵债资产", "1-3"),
        ("长期投资", "1-6"),
        ("委托贷款", "1-7"),
        ("无形资产", "1-10"),
        ("递延资产", "1-11"),
    ],
)
def test_the_title_tells_the_table(tmp_path: Path, title: str, table_id: str) -> None:
    path = csv_file(tmp_path / "a.csv", [[f"青山信用社{title}明细表", "", ""], *PLAIN])
    assert listed(path).table_id == table_id


def test_the_sheets_name_tells_the_table(tmp_path: Path) -> None:
    assert listed(workbook(tmp_path / "a.xlsx", PLAIN, name="在建工程")).table_id == "1-9"


def test_what_fits_several_tables_is_refused_unless_told(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", PLAIN)
    with pytest.raises(IntakeError, match="--table") as caught:
        listed(path)
    assert caught.value.code == "I021"
    assert listed(path, table="1-9").table_id == "1-9"
    assert listed(path, subject="1371").table_id == "1-3"


@pytest.mark.parametrize(
    ("given", "code"),
    [({"table": "1-13"}, "I022"), ({"table": "2"}, "I022"), ({"subject": "9999"}, "I025")],
)
def test_unknown_tables_and_subjects_are_refused(
    tmp_path: Path, given: dict[str, Any], code: str
) -> None:
    with pytest.raises(IntakeError) as caught:
        listed(csv_file(tmp_path / "a.csv", PLAIN), **given)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "rows", [[["你好", "世界"], ["1", "2"]], [["资产名称"], ["甲"]], [["1", "2"], ["3", "4"]]]
)
def test_a_sheet_without_head_is_refused(tmp_path: Path, rows: list[list[str]]) -> None:
    with pytest.raises(IntakeError) as caught:
        listed(csv_file(tmp_path / "a.csv", rows))
    assert caught.value.code == "I020"


def test_a_head_without_rows_is_refused(tmp_path: Path) -> None:
    rows = assets(["合计", "", "", "", "", 0, 0, 0])
    with pytest.raises(IntakeError) as caught:
        listed(workbook(tmp_path / "a.xlsx", rows))
    assert caught.value.code == "I027"


def test_without_subject_column_the_given_or_the_first_is_taken(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [HEADS["1-5"], ["甲", "诉讼费", "2004.1.1", "x", "5"]])
    assert listed(path).rows[0].values["subject"] == "1391"
    told = listed(path, subject="1392")
    assert told.rows[0].values["subject"] == "1392"
    assert any("1392 垫付诉讼费" in note for note in told.notes)


def test_own_subjects_of_a_book_count(tmp_path: Path, book: Book) -> None:
    book.add_subject("1399", "暂付款", "1-5")
    path = csv_file(tmp_path / "a.csv", [HEADS["1-5"], ["甲", "诉讼费", "2004.1.1", "x", "5"]])
    listing = listed(path, subject="1399", chart=book.chart())
    report = import_listing(book, listing, by=CLERK)
    assert book.row(report.row_ids[0]).values["subject"] == "1399"
    assert not report.findings


def test_columns_can_be_mapped_otherwise(tmp_path: Path) -> None:
    rows = assets(asset(1), asset(2))
    rows[1][3] = "宝贝"
    path = workbook(tmp_path / "a.xlsx", rows)
    listing = listed(path, table="1-8")
    assert [fault.address for fault in listing.faults] == ["A2"]
    mapped = listing_with_mapping(listing, {"D2": "name"})
    assert mapped.faults == []
    assert mapped.rows[0].values["name"] == "微机1号"
    assert {m.address: m.field for m in mapped.mapping}["D2"] == "name"
    assert mapped.rows[0].printed == {}
    assert mapped.total_lines == listing.total_lines


def test_a_field_moves_from_one_column_to_another(tmp_path: Path) -> None:
    rows = assets(asset(1))
    rows[1].append("使用日期另记")
    rows[2].append("1999.9.9")
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    mapped = listing_with_mapping(listing, {"I2": "formed_on"})
    fields = {m.address: m.field for m in mapped.mapping}
    assert (fields["E2"], fields["I2"]) == (None, "formed_on")
    assert mapped.rows[0].values["formed_on"] == "1999-09-09"
    assert mapped.rows[0].printed == {"入账日期": "2004-05-06"}


def test_a_column_can_be_left_out(tmp_path: Path) -> None:
    listing = listed(workbook(tmp_path / "a.xlsx", assets(asset(1))))
    mapped = listing_with_mapping(listing, {"C2": None})
    assert "category" not in mapped.rows[0].values
    assert mapped.rows[0].printed == {"资产类别": "电子设备"}


def test_mapping_back_gives_the_same_listing(tmp_path: Path) -> None:
    listing = listed(workbook(tmp_path / "a.xlsx", assets(asset(1), asset(2))))
    again = listing_with_mapping(listing_with_mapping(listing, {"C2": None}), {"C2": "category"})
    assert again.rows == listing.rows
    assert again.mapping == listing.mapping


def test_a_custom_rule_set_uses_the_words_of_its_parent() -> None:
    from app.forms.ruleset import RuleSet
    from app.intake.synonyms import vocabulary_for
    from tests.intake.sheets import RULESET

    settings = RULESET.raw["ruleset"] | {"id": "union-own", "parent": "inner-mongolia-2007"}
    own = RuleSet({**RULESET.raw, "ruleset": settings})
    assert vocabulary_for(own).table("1-8").heads["净值"].field == "carrying_amount"


def test_notes_carry_code_and_address(tmp_path: Path) -> None:
    rows = assets(asset(1))
    rows[1].append("存放处")
    rows[2].append("三楼")
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    assert codes(listing.notes) == ["N004", "N012"]
    assert listing.notes[0].address == "I2"
    assert listing.notes[0].startswith("I2“存放处”")

"""Layouts of other offices: heads, groups, units, pages, totals, headings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.intake.messages import IntakeError
from tests.intake.sheets import FILES, asset, assets, codes, csv_file, listed, workbook

TWO_ROW_HEAD: list[list[Any]] = [
    ["某联社待处理抵债资产登记簿"],
    ["截止日期：2006年12月31日", None, None, None, None, None, "金额单位：人民币万元"],
    ["序号", "抵债资产", None, "原借款人", "抵债金额", "取得情况", None, "保管人"],
    [None, "种类", "名称", None, None, "取得时间", "抵债方式", None],
]
TWO_ROW_AREAS = ["A1:H1", "B3:C3", "F3:G3", "A3:A4", "D3:D4", "E3:E4", "H3:H4"]


def test_a_two_row_head_with_groups_in_wan_yuan(tmp_path: Path) -> None:
    rows = [
        *TWO_ROW_HEAD,
        [1, "房产", "临街门面房", "某农机公司", 12.3456, date(2003, 5, 6), "法院裁定", "张三"],
        [2, "车辆", "解放货车", "李四", "3.05", "2004.7", "协议", None],
        ["合计", None, None, None, 15.3956],
    ]
    listing = listed(workbook(tmp_path / "a.xlsx", rows, merged=TWO_ROW_AREAS))
    assert (listing.table_id, listing.unit) == ("1-3", "万元")
    assert {m.printed: m.field for m in listing.mapping} == {
        "序号": None,
        "抵债资产 种类": "asset_kind",
        "抵债资产 名称": "name",
        "原借款人": "debtor",
        "抵债金额": "carrying_amount",
        "取得情况 取得时间": "formed_on",
        "取得情况 抵债方式": "acquired_by",
        "保管人": "keeper",
    }
    assert [m.address for m in listing.mapping][:5] == ["A3", "B4", "C4", "D3", "E3"]
    assert listing.rows[0].values == {
        "asset_kind": "real_estate",
        "name": "临街门面房",
        "debtor": "某农机公司",
        "carrying_amount": "123456.00",
        "formed_on": "2003-05-06",
        "acquired_by": "court",
        "keeper": "张三",
        "subject": "1371",
    }
    assert listing.totals == {"carrying_amount": Decimal("153956.00")}
    assert listing.total_lines == []
    assert codes(listing.notes) == ["N002", "N012"]


def test_pages_with_repeated_heads_titles_and_page_totals(tmp_path: Path) -> None:
    def page(number: int, *amounts: float) -> list[list[Any]]:
        rows = [[None, None, f"名{a}", f"客户{a}", a, "2004.1.1", "协议"] for a in amounts]
        return [
            *TWO_ROW_HEAD,
            *rows,
            ["本页小计", None, None, None, sum(amounts)],
            [f"第{number}页 共2页"],
            [],
        ]

    rows = [*page(1, 1, 2), *page(2, 4, 8, 16), ["总  计", None, None, None, 31]]
    rows.append(["制表人：张三", None, None, "复核：", None, None, "打印日期：2007-01-05"])
    listing = listed(workbook(tmp_path / "a.xlsx", rows, merged=TWO_ROW_AREAS))
    assert [row.values["carrying_amount"] for row in listing.rows] == [
        *("10000.00", "20000.00", "40000.00", "80000.00", "160000.00")
    ]
    assert listing.total_lines == []
    assert listing.totals == {"carrying_amount": Decimal("310000.00")}
    assert "N007" not in codes(listing.notes)


def test_a_wrong_page_total_is_named_with_its_cell(tmp_path: Path) -> None:
    rows = assets(
        asset(1), asset(2), ["小计", "", "", "", "", 10000.00, 2000.50, 8000.50],
        asset(3), ["小计", "", "", "", "", 5000.5, 1000.25, 4000.25],
        ["合计", "", "", "", "", 15001.5, 3000.75, 12000.75],
    )  # fmt: skip
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    (line,) = listing.total_lines
    assert (line.address, line.label, line.field) == ("F5", "小计", "cost")
    assert (line.printed, line.summed) == (Decimal("10000.00"), Decimal("10001.00"))
    assert line.difference == Decimal("-1.00")
    assert len(listing.rows) == 3


def test_a_wrong_total_is_kept_as_the_printed_one(tmp_path: Path) -> None:
    rows = assets(asset(1), asset(2), ["合计", "", "", "", "", 10001, 2000.5, 8001])
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    (line,) = listing.total_lines
    assert (line.field, line.difference) == ("carrying_amount", Decimal("0.50"))
    assert listing.totals["carrying_amount"] == Decimal("8001.00")


def test_totals_above_the_rows_count_for_all_of_them(tmp_path: Path) -> None:
    rows = assets(["合计", "", "", "", "", 10001, 2000.5, 8000.5], asset(1), asset(2))
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    assert (len(listing.rows), listing.total_lines) == (2, [])
    rows[2][5] = 1
    (line,) = listed(workbook(tmp_path / "b.xlsx", rows)).total_lines
    assert (line.address, line.summed) == ("F3", Decimal("10001.00"))


def test_totals_of_kinds_carried_forward_and_among_them(tmp_path: Path) -> None:
    rows = assets(
        asset(1), ["", "电子设备合计", "", "", "", 5000.5, 1000.25, 4000.25],
        asset(2), asset(3), ["", "其它合计：", "", "", "", 10001, 2000.5, 8000.5],
        ["过次页", "", "", "", "", 15001.5, 3000.75, 12000.75],
        ["承前页", "", "", "", "", 15001.5, 3000.75, 12000.75],
        ["其中：闲置", "", "", "", "", 1, 1, 0],
        asset(4), ["", "总计", "", "", "", 20002, 4001, 16001],
    )  # fmt: skip
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    assert (len(listing.rows), listing.total_lines) == (4, [])
    assert listing.totals["cost"] == Decimal("20002.00")


def test_an_asset_may_be_called_like_a_total(tmp_path: Path) -> None:
    rows = assets(asset(1, name="合计器"), ["", "", "其它", "小计", "2004.1.1", 1, 0, 1])
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    assert [row.values["name"] for row in listing.rows] == ["合计器", "小计"]


def test_a_total_that_was_not_computed_is_told_and_not_checked(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = workbook(tmp_path / "a.xlsx", assets(asset(1), ["合计", "", "", "", "", 5000.5]))
    book = load_workbook(path)
    book.active["G4"] = "=SUM(G3:G3)"
    book.save(path)
    listing = listed(path)
    assert "N013" in codes(listing.notes)
    assert not listing.faults


def test_headings_between_the_rows_answer_the_category(tmp_path: Path) -> None:
    head = ["资产编号", "资产名称", "购置日期", "原值", "累计折旧", "净值"]
    rows: list[list[Any]] = [
        ["固定资产卡片（单位：元）"], head,
        ["一、营业用房"], ["A1", "营业楼", "1990.1", 100, 50, 50],
        ["二、电子设备"], ["A2", "微机", "2004.1.5", 10, 5, 5],
        ["（此栏空白）"], ["A3", "打印机", "2004.1.5", 10, 5, 5],
    ]  # fmt: skip
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    kinds = [row.values["category"] for row in listing.rows]
    assert kinds == ["business_premises", "electronics", "electronics"]
    (note,) = [note for note in listing.notes if note.code == "N007"]
    assert note.address == "A7"


def test_a_category_merged_over_its_rows_stands_in_each(tmp_path: Path) -> None:
    rows = assets(asset(1), asset(2, category=None), asset(3, category=None), asset(4))
    listing = listed(workbook(tmp_path / "a.xlsx", rows, merged=["C3:C5"]))
    assert [row.values["category"] for row in listing.rows] == ["electronics"] * 4


def test_an_amount_merged_over_rows_counts_once(tmp_path: Path) -> None:
    rows = assets(asset(1), asset(2, cost=None))
    listing = listed(workbook(tmp_path / "a.xlsx", rows, merged=["F3:F4"]))
    assert [row.values.get("cost") for row in listing.rows] == ["5000.50", None]


def test_a_semicolon_file_with_dashes_and_brackets(tmp_path: Path) -> None:
    rows = [
        ["表内应收利息明细", "", "", "", "", ""],
        ["客户名称", "贷款形态", "应收利息余额（元）", "欠息日期", "是否诉讼", "经办员"],
        ["某粮站", "关注", "1,234.50", "2006年3月", "否", "赵"],
        ["某砖厂", "－", "（20.10）", "2005/6/21", "已起诉", "-"],
        ["某饭店", "死滞", "￥３００", "20040101", "无", ""],
    ]
    path = csv_file(tmp_path / "a.csv", rows, separator=";", encoding="utf-8-sig")
    listing = listed(path)
    assert listing.table_id == "1-4"
    values = [row.values for row in listing.rows]
    assert [v["carrying_amount"] for v in values] == ["1234.50", "-20.10", "300.00"]
    assert [v.get("underlying_class") for v in values] == ["special_mention", None, None]
    assert [v["litigation"] for v in values] == ["none", "suing", "none"]
    assert [v["formed_on"] for v in values] == ["2006-03", "2005-06-21", "2004-01-01"]
    assert values[0]["name"] == "某粮站"
    assert listing.rows[0].printed == {"经办员": "赵"}
    (unknown,) = [note for note in listing.notes if note.code == "N005"]
    assert "死滞" in unknown
    assert "B5" in unknown
    # The head names the unit itself.
    assert "N001" not in codes(listing.notes)


def test_a_tab_file_in_utf_16_with_a_unit_per_column(tmp_path: Path) -> None:
    rows = [
        ["无形资产台账"],
        [
            "名称",
            "类别",
            "入账价值(万元)",
            "累计摊销（元）",
            "摊余价值(万元)",
            "取得日期",
            "剩余年限（年）",
        ],
        ["土地使用权", "土地", "10", "20000", "8", "2000.6.1", "46年"],
    ]
    path = csv_file(tmp_path / "a.txt", rows, separator="\t", encoding="utf-16")
    listing = listed(path)
    assert listing.table_id == "1-10"
    assert listing.rows[0].values == {
        "name": "土地使用权",
        "kind": "land_use_right",
        "cost": "100000.00",
        "accumulated_amortisation": "20000.00",
        "carrying_amount": "80000.00",
        "formed_on": "2000-06-01",
        "remaining_years": 46,
        "subject": "1601",
    }


def test_a_legacy_xls_file() -> None:
    listing = listed(FILES / "interbank.xls")
    assert (listing.table_id, len(listing.rows), listing.faults) == ("1-2", 4, [])
    first, second, third, fourth = (row.values for row in listing.rows)
    assert (first["counterparty"], first["name"]) == ("农行城关支行", "农行城关支行")
    assert (first["formed_on"], first["interest_paid"]) == ("2003-05-06", True)
    assert second["subject"] == "1221"
    assert (third["subject"], third["formed_on"]) == ("1231", "2004-03-10")
    assert fourth["carrying_amount"] == "-250.50"
    assert listing.total_lines == []
    assert codes(listing.notes) == ["N016", "N005", "N017"]


def test_an_ods_file_with_groups() -> None:
    listing = listed(FILES / "works.ods")
    assert (listing.table_id, len(listing.rows), listing.faults) == ("1-9", 3, [])
    first, second, third = (row.values for row in listing.rows)
    assert first["carrying_amount"] == "1234567.89"
    assert first["papers"] == [
        *("land_certificate", "planning_permit", "budget", "approval", "contract")
    ]
    assert (second["papers"], second["dispute"]) == ([], True)
    assert (second["work_state"], third["work_state"]) == ("suspended", "finished")
    assert listing.total_lines == []
    assert codes(listing.notes) == ["N012", "N006"]


def test_the_official_three_level_head_of_1_2(tmp_path: Path) -> None:
    top = [
        "序号",
        "交易对手",
        "核算科目",
        "账面金额",
        "形成时间",
        "操作风险",
        None,
        None,
        None,
        None,
    ]
    middle = [None] * 5 + ["合规性", None, "准确性", None, "完备性"]
    low = [None] * 5 + ["内容", "金额", "内容", "金额", "有无协议"]
    row = [
        1,
        "农行",
        "存放同业款项",
        750000,
        "1996.12.1",
        "违规列账",
        5,
        "账账不符、账表不符",
        7,
        "有",
    ]
    areas = ["A1:A3", "B1:B3", "C1:C3", "D1:D3", "E1:E3", "F1:J1", "F2:G2", "H2:I2"]
    path = workbook(tmp_path / "同业债权.xlsx", [top, middle, low, row], merged=areas)
    listing = listed(path)
    assert listing.table_id == "1-2"
    values = listing.rows[0].values
    assert (values["carrying_amount"], values["subject"]) == ("750000.00", "1221")
    assert (values["compliance"], values["compliance_amount"]) == ("misbooked", "5.00")
    assert values["accuracy"] == ["account_account", "account_statement"]
    assert (values["accuracy_amount"], values["agreement"]) == ("7.00", True)


def test_computed_and_later_columns_are_kept_as_printed(tmp_path: Path) -> None:
    rows = assets(asset(1), asset(2))
    for row, more in zip(rows[1:], (["预计损失率", "初分意见"], ["3%", "正常"], []), strict=True):
        row.extend(more)
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    assert listing.rows[0].printed == {"预计损失率": "3%", "初分意见": "正常"}
    assert "initial_class" not in listing.rows[0].values
    assert {"N010", "N014"} <= set(codes(listing.notes))


def test_two_columns_for_one_field_the_surer_is_taken(tmp_path: Path) -> None:
    rows = assets(asset(1))
    rows[1].append("余额")
    rows[2].append(9)
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    assert listing.rows[0].values["carrying_amount"] == "4000.25"
    assert listing.rows[0].printed == {"余额": "9"}
    (note,) = [note for note in listing.notes if note.code == "N009"]
    assert note.address == "I2"


@pytest.mark.parametrize(
    ("title", "noted"),
    [
        ("截止日期：2006年12月31日", False),
        ("2006年12月", False),
        ("2006年度", False),
        ("截止日期：2005年12月31日", True),
        ("2006年11月末", True),
        ("打印日期：2007年1月5日", False),
    ],
)
def test_another_date_in_the_title_is_told(tmp_path: Path, title: str, noted: bool) -> None:
    rows = [[title], *assets(asset(1))]
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    assert ("N003" in codes(listing.notes)) is noted


def test_two_different_units_are_refused(tmp_path: Path) -> None:
    rows = [["单位：万元"], *assets(asset(1))]
    with pytest.raises(IntakeError) as caught:
        listed(workbook(tmp_path / "a.xlsx", rows))
    assert caught.value.code == "I024"


def test_a_listing_without_unit_counts_as_yuan_and_says_so(tmp_path: Path) -> None:
    listing = listed(workbook(tmp_path / "a.xlsx", assets(asset(1))[1:]))
    assert listing.rows[0].values["cost"] == "5000.50"
    assert "N001" in codes(listing.notes)


def test_the_unit_of_an_office_is_no_unit_of_money(tmp_path: Path) -> None:
    rows = [
        ["填报单位：青山信用社", "金额单位：千元"],
        *assets(asset(1, cost=1, depreciation=0, net=1))[1:],
    ]
    assert listed(workbook(tmp_path / "a.xlsx", rows)).rows[0].values["cost"] == "1000.00"


def test_the_subject_column_may_hold_codes_names_or_both(tmp_path: Path) -> None:
    head = ["项目名称", "会计科目", "余额", "日期"]
    subjects: list[Any] = [
        "1631",
        "历年亏损挂账",
        "1631 待处理财产损溢",
        3121,
        "163101",
        "9999",
        "不明",
    ]
    rows: list[list[Any]] = [["待处理财产损溢及历年亏损挂账明细"], head]
    for subject in subjects:
        rows.append([f"项目{subject}", subject, 1, "2006.12.31"])
    listing = listed(workbook(tmp_path / "a.xlsx", rows))
    assert listing.table_id == "1-12"
    found = [row.values.get("subject") for row in listing.rows]
    assert found == ["1631", "3121", "1631", "3121", "1631", "9999", None]


def test_other_sheets_are_named_as_unread(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = workbook(tmp_path / "a.xlsx", assets(asset(1)), name="固定资产")
    book = load_workbook(path)
    book.create_sheet("封面", 0)["A1"] = "二〇〇六年"
    book.save(path)
    listing = listed(path)
    assert listing.sheet_name == "固定资产"
    assert "N008" in codes(listing.notes)
    assert listed(path, sheet_name="固定资产").table_id == "1-8"
    with pytest.raises(IntakeError) as caught:
        listed(path, sheet_name="没有")
    assert caught.value.code == "I026"

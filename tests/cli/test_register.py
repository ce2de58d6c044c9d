"""`wuji register` and `wuji import --register`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.office import BASE_DATE, CLERK, Office
from tests.cli.running import Wuji


def test_the_register_goes_out_and_comes_into_another_book(wuji: Wuji, sealed: Office) -> None:
    out = Path("登记簿.xlsx")
    said = wuji("register", sealed.book, out, "--money-unit", "万元", "--json").json
    assert said == {"register": "登记簿.xlsx", "rows": 4, "money_unit": "万元", "rate_unit": "%"}
    wuji("new", "b.wuji", "--institution", "QS,青山信用社", "--base-date", BASE_DATE)
    wuji("people", "b.wuji", "add", CLERK, "--role", "preparer")
    report = wuji("import", "b.wuji", out, "--register", "--as", CLERK, "--json").json
    assert len(report["added"]) == 4
    assert report["tables"] == {"1-1": 1, "1-2": 1, "1-5": 1, "1-8": 1}
    rows = wuji("list", "b.wuji", "--json").json
    before = wuji("list", sealed.book, "--json").json
    assert [r["carrying_amount"] for r in rows] == [r["carrying_amount"] for r in before]
    assert [r["initial_class"] for r in rows] == [r["initial_class"] for r in before]
    assert "没有变动4笔" in wuji("import", "b.wuji", out, "--register", "--as", CLERK).out


def test_wrong_input_is_told_in_one_line(wuji: Wuji, finished: Office) -> None:
    assert "应为下列之一：元、万元" in wuji.refused(
        "register", finished.book, "r.csv", "--money-unit", "千元"
    )
    assert ".xlsx 或 .csv" in wuji.refused("register", finished.book, "r.txt")
    note = Path("note.csv")
    note.write_text("甲,乙\n1,2\n", encoding="utf-8")
    assert "不是分类登记簿" in wuji.refused("import", finished.book, note, "--register")

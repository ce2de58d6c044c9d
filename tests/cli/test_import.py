"""wuji import: listings as core systems print them, balances, and everything that is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SAMPLES
from tests.cli.office import CLERK, Office
from tests.cli.running import Wuji
from tests.intake.sheets import FILES, SHEET_XML, altered, asset, assets, csv_file, workbook

EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))


def total(rows: list[dict[str, Any]], field: str) -> str:
    return str(sum(Decimal(row[field]) for row in rows))


class TestQingshan:
    """The sample office's listings, to the fen."""

    def test_fixed_assets_contradict_themselves_in_two_rows(
        self, wuji: Wuji, empty: Office
    ) -> None:
        facts = EXPECTED["fixed_assets"]
        done = wuji("import", empty.book, SAMPLES / "fixed-assets.xlsx", "--json", code=1).json
        assert (done["table"], done["rows"]) == ("1-8", facts["rows"])
        rows = wuji("list", empty.book, "--json").json
        assert total(rows, "cost") == facts["cost"]
        assert total(rows, "accumulated_depreciation") == facts["depreciation"]
        assert total(rows, "carrying_amount") == facts["printed_net"]
        wrong = [p for p in done["problems"] if p["severity"] == "error"]
        by_id = {row["id"]: row for row in rows}
        assert [by_id[p["row"]]["seq"] for p in wrong] == [
            w["no"] for w in facts["rows_whose_net_is_wrong"]
        ]
        for problem, fact in zip(wrong, facts["rows_whose_net_is_wrong"], strict=True):
            assert by_id[problem["row"]]["carrying_amount"] == fact["printed"], "not repaired"
            assert problem["field"] == "carrying_amount"
            assert f"{Decimal(fact['printed']):,}" in problem["message"]
            assert f"{Decimal(fact['should_be']):,}" in problem["message"]

    def test_other_receivables(self, wuji: Wuji, empty: Office) -> None:
        facts = EXPECTED["other_receivables"]
        done = wuji("import", empty.book, SAMPLES / "other-receivables.csv", "--json").json
        assert (done["table"], done["rows"]) == ("1-5", facts["rows"])
        rows = wuji("list", empty.book, "--json").json
        assert total(rows, "carrying_amount") == facts["total"]
        assert {row["subject"] for row in rows} == {"1391"}

    def test_the_ledger_differs_in_one_subject(self, wuji: Wuji, listed: Office) -> None:
        (fact,) = EXPECTED["balances_differ"]
        problems = wuji("check", listed.book, "--json", code=1).json
        (ledger,) = [p for p in problems if p["code"] == "W005"]
        # Fixed assets tie by cost and depreciation; the wrong nets don't show there.
        assert fact["subject"] in ledger["message"]
        assert ledger["left"] == fact["rows"] or ledger["right"] == fact["rows"]
        assert {ledger["left"], ledger["right"]} == {fact["ledger"], fact["rows"]}
        assert ledger["difference"].lstrip("-") == fact["difference"]

    def test_the_mapping_is_printed(self, wuji: Wuji, empty: Office) -> None:
        lines = wuji("import", empty.book, SAMPLES / "fixed-assets.xlsx", code=1).lines
        assert "D3  资产名称 → 资产名称（name）" in lines
        assert "J3  产权证号 → 原样保留" in lines
        assert lines[-1] == "已导入附表1-8 65笔。"

    def test_who_and_whence_are_in_the_history(self, wuji: Wuji, empty: Office) -> None:
        from app.book.book import Book

        wuji("import", empty.book, SAMPLES / "other-receivables.csv", "--as", CLERK)
        with Book.open(empty.book, write=False) as book:
            added = [change for change in book.history() if change.kind == "add"]
        assert len(added) == 87
        assert {(c.by, c.why) for c in added} == {(CLERK, "导入 other-receivables.csv")}

    def test_the_same_listing_twice_is_refused(self, wuji: Wuji, listed: Office) -> None:
        line = wuji.refused("import", listed.book, SAMPLES / "fixed-assets.xlsx")
        assert "GZ1100001" in line
        assert "没有导入任何内容" in line

    def test_the_same_receivables_twice_are_only_warned_about(
        self, wuji: Wuji, listed: Office
    ) -> None:
        again = wuji("import", listed.book, SAMPLES / "other-receivables.csv", "--json").json
        assert sum(p["code"] == "W004" for p in again["problems"]) == again["rows"] == 87

    def test_balances_replace_those_of_before(self, wuji: Wuji, listed: Office) -> None:
        for _ in range(2):
            done = wuji("import", listed.book, SAMPLES / "balances.xlsx", "--balances", "--json")
            assert done.json["balances"] == 9


def books_listing(rows: list[list[Any]], path: Path) -> Path:
    return workbook(path, assets(*rows))


@pytest.fixture
def book(empty: Office) -> Path:
    """A book without rows."""
    return empty.book


class TestContradictions:
    """What can be read is taken in as printed and reported: exit status 1."""

    def findings(self, wuji: Wuji, book: Path, *rows: list[Any], code: int = 1) -> list[Any]:
        path = books_listing(list(rows), Path("l.xlsx"))
        done = wuji("import", book, path, "--json", code=code).json
        assert done["rows"] == len(wuji("list", book, "--json").json)
        found: list[Any] = done["problems"]
        return found

    @pytest.mark.parametrize(
        ("changes", "code", "place"),
        [
            ({"net": 4000.24}, "E280", "H4"),
            ({"cost": -5000.5, "depreciation": 0, "net": -5000.5}, "E004", "F4"),
            ({"formed_on": "2007-01-01"}, "E006", "E4"),
        ],
    )
    def test_rows_that_contradict_themselves(
        self, wuji: Wuji, book: Path, changes: dict[str, Any], code: str, place: str
    ) -> None:
        found = self.findings(wuji, book, asset(1), asset(2, **changes))
        errors = [p for p in found if p["severity"] == "error"]
        assert errors[0]["code"] == code
        assert errors[0]["message"].startswith(f"工作表“Sheet1”{place}：")

    def test_a_printed_total_that_is_not_the_sum(self, wuji: Wuji, book: Path) -> None:
        wrong = ["", "", "", "合计", "", 10001.0, 2000.5, 8000.51]
        (found,) = self.findings(wuji, book, asset(1), asset(2), wrong)
        assert (found["code"], found["severity"]) == ("W006", "warning")
        assert (found["left"], found["right"]) == ("8000.51", "8000.50")
        assert found["difference"] == "0.01"

    def test_a_right_total_is_no_finding(self, wuji: Wuji, book: Path) -> None:
        right = ["", "", "", "合计", "", 10001.0, 2000.5, 8000.5]
        assert not self.findings(wuji, book, asset(1), asset(2), right, code=0)

    def test_the_same_asset_twice_is_a_warning(self, wuji: Wuji, book: Path) -> None:
        (found,) = self.findings(wuji, book, asset(1), asset(1, asset_no="G2"), code=0)
        assert (found["code"], found["severity"]) == ("W004", "warning")

    def test_unknown_words_and_columns_are_reported_and_fine(self, wuji: Wuji, book: Path) -> None:
        head = ["资产编号", "资产名称", "资产类别", "原值", "累计折旧", "净值", "存放何处"]
        row = ["G1", "房", "宇宙飞船", 10, 4, 6, "三楼"]
        workbook(Path("l.xlsx"), [head, row])
        done = wuji("import", book, "l.xlsx", "--json").json
        notes = "".join(done["notes"])
        assert "存放何处" in notes
        assert "宇宙飞船" in notes
        (listed,) = wuji("list", book, "--json").json
        assert listed["category"] is None


UNREADABLE: dict[str, tuple[dict[str, Any], str, str]] = {
    "wrong type": ({"cost": "viel"}, "F4", "viel"),
    "no date": ({"formed_on": "gestern"}, "E4", "gestern"),
    "impossible date": ({"formed_on": "2006-02-30"}, "E4", "2006-02-30"),
    "three decimals": ({"cost": 5000.505}, "F4", "5000.505"),
    "duplicate number": ({"asset_no": "G1"}, "B4", "G1"),
    "formula as text": ({"cost": "=1+1"}, "F4", "=1+1"),
    "command as text": ({"net": "=cmd|' /C calc'!A1"}, "H4", "=cmd"),
    "amount too large": ({"cost": "9" * 30}, "F4", "999"),
}


class TestUnreadable:
    """What can't be read: nothing is written, each faulty cell is named, exit status 2."""

    @pytest.mark.parametrize("kind", UNREADABLE)
    def test_a_cell(self, wuji: Wuji, book: Path, kind: str) -> None:
        changes, place, found = UNREADABLE[kind]
        books_listing([asset(1), asset(2, **changes)], Path("l.xlsx"))
        line = wuji.refused("import", book, "l.xlsx")
        for word in ("l.xlsx", f"“Sheet1”{place}", found, "应为", "没有导入任何内容"):
            assert word in line, line

    def test_every_faulty_cell_is_named(self, wuji: Wuji, book: Path) -> None:
        rows = [asset(1, cost="a"), asset(2), asset(3, formed_on="b", net="c")]
        books_listing(rows, Path("l.xlsx"))
        line = wuji.refused("import", book, "l.xlsx")
        assert re.findall(r"“Sheet1”([A-Z]\d)", line) == ["F3", "E5", "H5"]
        assert "有3处" in line

    def test_a_formula_without_a_value(self, wuji: Wuji, book: Path) -> None:
        import openpyxl

        workbook_ = openpyxl.load_workbook(books_listing([asset(1)], Path("l.xlsx")))
        workbook_.active["F3"] = "=G3+H3"
        workbook_.save("l.xlsx")
        assert "F3：填的是“公式”" in wuji.refused("import", book, "l.xlsx")

    def test_a_missing_column(self, wuji: Wuji, book: Path) -> None:
        rows = [row[:-1] for row in assets(asset(1))[1:]]
        workbook(Path("l.xlsx"), rows)
        line = wuji.refused("import", book, "l.xlsx", "--table", "1-8")
        assert "没有“" in line
        assert "净值" in line

    def test_an_unknown_word_in_a_template(self, wuji: Wuji, book: Path) -> None:
        import openpyxl

        wuji("template", "1-2", "t.xlsx", "--ruleset", "inner-mongolia-2007")
        form = openpyxl.load_workbook("t.xlsx")
        sheet = form["附表1-2"]
        columns = {cell.value: cell.column for cell in sheet[5]}
        values = {"subject": "1221", "name": "存款", "carrying_amount": 1, "vouchers": "随便"}
        for key, value in values.items():
            sheet.cell(6, columns[key], value)
        form.save("t.xlsx")
        line = wuji.refused("import", book, "t.xlsx")
        assert "随便" in line
        assert "下列之一：齐全" in line

    @pytest.mark.parametrize(
        ("content", "word"),
        [
            (b"", "空的"),
            (b"PK\x03\x04", "损坏"),
            (bytes(range(256)) * 40, "不是表格文件"),
            (b"%PDF-1.7\n", "不是表格文件"),
            (b"<html><table></table></html>", "网页"),
        ],
    )
    def test_what_is_no_workbook(self, wuji: Wuji, book: Path, content: bytes, word: str) -> None:
        Path("l.xlsx").write_bytes(content)
        assert word in wuji.refused("import", book, "l.xlsx")

    @pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
    def test_a_truncated_workbook(self, wuji: Wuji, book: Path, share: float) -> None:
        raw = (SAMPLES / "fixed-assets.xlsx").read_bytes()
        Path("l.xlsx").write_bytes(raw[: int(len(raw) * share)])
        assert "损坏" in wuji.refused("import", book, "l.xlsx")

    @pytest.mark.parametrize("name", ["encrypted.xlsx", "encrypted.xls", "encrypted.ods"])
    def test_an_encrypted_workbook(self, wuji: Wuji, book: Path, name: str) -> None:
        assert "密码" in wuji.refused("import", book, FILES / name)

    @pytest.mark.parametrize("name", ["none.xlsx", "none.csv"])
    def test_a_missing_file(self, wuji: Wuji, book: Path, name: str) -> None:
        assert f"{name}：没有这个文件" in wuji.refused("import", book, name)

    def test_a_sheet_of_a_million_rows(self, wuji: Wuji, book: Path) -> None:
        source = books_listing([asset(1)], Path("l.xlsx"))
        numbers = range(4, 300_001)
        rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in numbers)
        end = b"</sheetData>"
        altered(source, Path("m.xlsx"), SHEET_XML, lambda xml: xml.replace(end, rows + end))
        assert "20万行" in wuji.refused("import", book, "m.xlsx")

    @pytest.mark.parametrize("dimension", [b"A1:XFD1048576", b"A1"])
    def test_a_wrong_dimension_does_not_matter(
        self, wuji: Wuji, book: Path, dimension: bytes
    ) -> None:
        right = re.compile(rb'<dimension ref="[^"]*"')
        source, target = SAMPLES / "fixed-assets.xlsx", Path("m.xlsx")
        wrong = b'<dimension ref="%b"' % dimension
        altered(source, target, SHEET_XML, lambda xml: right.sub(wrong, xml))
        assert wuji("import", book, target, "--json", code=1).json["rows"] == 65

    def test_no_listing_at_all(self, wuji: Wuji, book: Path) -> None:
        workbook(Path("l.xlsx"), [["今天", "天气"], ["好", "很好"]])
        assert "找不到表头" in wuji.refused("import", book, "l.xlsx")

    @pytest.mark.parametrize(
        ("option", "word"),
        [
            (("--table", "1-99"), "没有认定表“1-99”"),
            (("--table", "2"), "没有认定表“2”"),
            (("--subject", "9999"), "不在科目表中"),
            (("--as", "谁"), "没有“谁”"),
        ],
    )
    def test_unknown_options(
        self, wuji: Wuji, book: Path, option: tuple[str, ...], word: str
    ) -> None:
        books_listing([asset(1)], Path("l.xlsx"))
        assert word in wuji.refused("import", book, "l.xlsx", *option)

    @pytest.mark.parametrize(
        "rows", [[["甲", "乙"], ["1", "2"]], [["科目代码", "借方余额"], ["1391", "viel"]]]
    )
    def test_balances_that_are_none(self, wuji: Wuji, book: Path, rows: list[list[str]]) -> None:
        csv_file(Path("b.csv"), rows)
        assert "b.csv" in wuji.refused("import", book, "b.csv", "--balances")


class TestWhatIsTaken:
    """Layouts of office software, and what belongs to the book."""

    def test_legacy_xls(self, wuji: Wuji, book: Path) -> None:
        # One of its amounts is negative: taken in as printed, and reported.
        done = wuji("import", book, FILES / "interbank.xls", "--json", code=1).json
        assert (done["table"], done["rows"]) == ("1-2", 4)
        assert [p["code"] for p in done["problems"]] == ["E004"]

    def test_texts_like_formulas_stay_texts(self, wuji: Wuji, book: Path) -> None:
        names = ["=1+1", "+86", "-房", "@楼", "'引号"]
        rows = [asset(n, name=name) for n, name in enumerate(names)]
        books_listing(rows, Path("l.xlsx"))
        wuji("import", book, "l.xlsx")
        assert [row["name"] for row in wuji("list", book, "--json").json] == names

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_csv_in_every_encoding(self, wuji: Wuji, book: Path, encoding: str) -> None:
        csv_file(Path("l.csv"), assets(asset(1, name="喆堃楼")), encoding=encoding)
        wuji("import", book, "l.csv")
        assert wuji("list", book, "--json").json[0]["name"] == "喆堃楼"

    def test_wan_yuan_becomes_yuan(self, wuji: Wuji, book: Path) -> None:
        rows = assets(asset(1, cost="10.5", depreciation="0.25", net="10.25"))
        rows[0] = ["单位：万元"]
        workbook(Path("l.xlsx"), rows)
        wuji("import", book, "l.xlsx")
        assert wuji("list", book, "--json").json[0]["cost"] == "105000.00"

    def test_a_subject_of_the_book_counts(self, wuji: Wuji, book: Path) -> None:
        from app.book.book import Book

        with Book.open(book) as opened:
            opened.add_subject("1509", "房屋专户", "1-8", by=CLERK)
        books_listing([asset(1)], Path("l.xlsx"))
        wuji("import", book, "l.xlsx", "--subject", "1509")
        assert wuji("list", book, "--json").json[0]["subject"] == "1509"

    def test_a_subject_of_another_table_is_warned_about(self, wuji: Wuji, book: Path) -> None:
        books_listing([asset(1)], Path("l.xlsx"))
        done = wuji("import", book, "l.xlsx", "--table", "1-8", "--subject", "1391", "--json")
        assert "W001" in {p["code"] for p in done.json["problems"]}


def test_a_sealed_period_takes_nothing_in(wuji: Wuji, sealed: Office) -> None:
    listing = books_listing([asset(9)], Path("l.xlsx"))
    assert "已经封" in wuji.refused("import", sealed.book, listing)
    balances = SAMPLES / "balances.xlsx"
    assert "已经封" in wuji.refused("import", sealed.book, balances, "--balances")


def test_a_second_writer_is_told(wuji: Wuji, book: Path) -> None:
    from app.book.book import Book

    books_listing([asset(1)], Path("l.xlsx"))
    with Book.open(book):
        assert "正在另一个窗口或命令中使用" in wuji.refused("import", book, "l.xlsx")
        # Reading goes on.
        assert wuji("list", book, "--json").json == []
    wuji("import", book, "l.xlsx")


def test_a_failure_while_storing_leaves_the_book_as_it_was(
    wuji: Wuji, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    step: Callable[..., None] = fail
    monkeypatch.setattr("app.book.history.Changing.write_entries", step)
    line = wuji.refused("import", book, SAMPLES / "other-receivables.csv")
    assert "磁盘满了" in line


class TestSubjects:
    """Subjects of the balance sheet that the chart does not know."""

    @pytest.fixture
    def sheet(self, tmp_path: Path) -> Path:
        rows = [["科目代码", "科目名称", "借方余额", "贷方余额"]]
        rows += [["1391", "其他应收款", "5", ""], ["1399", "其他暂付", "1234.50", ""]]
        rows += [[f"20{n}", f"存款{n}", "", "1"] for n in range(10, 35)]
        return csv_file(tmp_path / "balances.csv", rows)

    def test_they_are_named_with_the_way(self, wuji: Wuji, book: Path, sheet: Path) -> None:
        lines = wuji("import", book, sheet, "--balances").lines
        assert "  1399 其他暂付  借 1,234.50" in lines
        assert "  ……另有6个（--json 列出全部）" in lines
        assert any("--subject 1399 --table" in line for line in lines)
        unknown = wuji("import", book, sheet, "--balances", "--json").json["unknown"]
        assert len(unknown) == 26
        assert unknown[0] == {
            "code": "1399", "name": "其他暂付", "debit": "1234.50", "credit": "0.00",
        }  # fmt: skip

    def test_one_is_taken_into_the_chart(self, wuji: Wuji, book: Path, sheet: Path) -> None:
        own = ("--subject", "1399", "--table", "1-5")
        lines = wuji("import", book, sheet, "--balances", *own).lines
        assert "已把1399 其他暂付列入科目表，属于附表1-5。" in lines
        assert lines[-1] == "已导入2个科目的余额。"
        again = wuji("import", book, sheet, "--balances", *own, "--json").json
        assert again["balances"] == 2

    @pytest.mark.parametrize(
        ("options", "word"),
        [
            (("--subject", "1399"), "--table"),
            (("--table", "1-5"), "--subject"),
            (("--subject", "1399", "--table", "9"), "没有认定表“9”"),
            (("--subject", "1398", "--table", "1-5"), "没有科目1398"),
            (("--subject", "1391", "--table", "1-5"), "已经有1391"),
            (("--subject", "2010", "--table", ""), "--table"),
        ],
    )
    def test_what_is_refused(
        self, wuji: Wuji, book: Path, sheet: Path, options: tuple[str, ...], word: str
    ) -> None:
        assert word in wuji.refused("import", book, sheet, "--balances", *options)

    def test_the_way_out_of_an_unknown_subject_is_a_way(
        self, wuji: Wuji, book: Path, sheet: Path
    ) -> None:
        rows = [["资产名称", "科目", "账面金额（元）"], ["甲", "1399", "1234.50"]]
        listing = csv_file(sheet.with_name("l.csv"), rows)
        wuji("import", book, listing, "--table", "1-5", code=1)
        found = {p["code"]: p for p in wuji("check", book, "--json", code=1).json}
        assert "--balances --subject --table" in found["E009"]["way_out"]
        wuji("import", book, sheet, "--balances", "--subject", "1399", "--table", "1-5")
        assert "E009" not in {p["code"] for p in wuji("check", book, "--json", code=1).json}

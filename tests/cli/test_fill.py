"""wuji fill: values, working-paper texts, opinions and table 2 in bulk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.book.book import Book
from tests.cli.office import ACCOUNTANT, CLERK, SHEET, Office
from tests.cli.running import Done, Wuji
from tests.intake.sheets import csv_file, workbook
from tests.union.county import LEADER, ROWS, collected_union, county_in
from tests.union.steps import of_office, through


class Fill:
    """Writes entries to a file and fills them in."""

    def __init__(self, wuji: Wuji, book: Path) -> None:
        self.wuji, self.book = wuji, book

    def __call__(self, entries: Any, *more: str, code: int = 0) -> Done:
        raw = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
        Path("fill.json").write_bytes(raw)
        return self.wuji("fill", self.book, "fill.json", "--as", CLERK, *more, code=code)

    def refused(self, entries: Any) -> str:
        return self(entries, code=2).err

    def rows(self) -> dict[str, dict[str, Any]]:
        """The rows of the book by their id."""
        return {row["id"]: row for row in self.wuji("list", self.book, "--json").json}


@pytest.fixture
def fill(wuji: Wuji, filled: Office) -> Fill:
    """The command on an office with four rows, QS-0001 to QS-0004."""
    return Fill(wuji, filled.book)


def test_values_papers_and_opinions(fill: Fill) -> None:
    entry = {
        "id": "QS-0002",
        "counterparty": "别的银行",
        "interest_paid": "否",
        "carrying_amount": 750001,
        "accuracy": [],
        "wp_state": "现状",
        "initial_class": "可疑",
        "initial_reason": "从严",
    }
    done = fill([entry], "--json").json
    assert (done["rows"], done["problems"]) == (1, [])
    row = fill.rows()["QS-0002"]
    assert row["counterparty"] == "别的银行"
    assert row["interest_paid"] is False
    assert row["carrying_amount"] == "750001.00"
    assert row["wp_state"] == "现状"
    assert row["initial_class"] == "doubtful"


def test_one_object_is_enough_and_rows_can_be_named_by_number(fill: Fill) -> None:
    fill({"id": "1-8:GZ-1", "wp_state": "完好"})
    assert fill.rows()["QS-0004"]["wp_state"] == "完好"


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_nothing_empties_a_field(fill: Fill, empty: str | None) -> None:
    fill({"id": "QS-0002", "remarks": empty})
    assert fill.rows()["QS-0002"]["remarks"] is None


def test_what_was_done_is_told(fill: Fill) -> None:
    assert (
        fill({"id": "QS-0002", "remarks": "x"}).out == "已填写1笔，其中1笔还有错误或未填的字段。\n"
    )


def test_who_when_and_whence_are_in_the_history(fill: Fill) -> None:
    fill({"id": "QS-0002", "remarks": "新的说法"})
    with Book.open(fill.book, write=False) as book:
        change = book.history("QS-0002", "remarks")[-1]
    assert (change.by, change.new, change.why) == (CLERK, "新的说法", "导入 fill.json")
    assert change.old == "+产权未定，按标准比率计算。"


def test_nothing_changed_leaves_no_history(fill: Fill) -> None:
    values = {"id": "QS-0002", "remarks": "x"}
    fill(values)
    with Book.open(fill.book, write=False) as book:
        before = len(book.history())
    fill(values)
    with Book.open(fill.book, write=False) as book:
        assert len(book.history()) == before


def test_a_complete_row_is_prepared_by_who_filled_it(wuji: Wuji, finished: Office) -> None:
    fill = Fill(wuji, finished.book)
    assert fill.rows()["QS-0004"]["stage"] == "confirmed"
    fill({"id": "QS-0004", "wp_state": "另一种现状"})
    # A change takes the confirmation back.
    assert fill.rows()["QS-0004"]["stage"] == "prepared"
    with Book.open(finished.book, write=False) as book:
        assert book.row("QS-0004").prepared_by == CLERK


class TestTable2:
    """The sheets of big losses take what the row's own table does not have."""

    @pytest.fixture
    def loss(self, fill: Fill) -> Fill:
        assert len(fill.wuji("list", fill.book, "--table", "2", "--json").json) == 1
        return fill

    def sheet(self, fill: Fill) -> dict[str, Any]:
        (found,) = fill.wuji("list", fill.book, "--table", "2", "--json").json
        sheet: dict[str, Any] = found
        return sheet

    def test_by_the_number_of_the_table(self, loss: Fill) -> None:
        loss({"id": "QS-0003", "table": "2", **SHEET})
        sheet = self.sheet(loss)
        assert {key: sheet[key] for key in SHEET} == SHEET
        assert sheet["problems"] == []
        # The row of 1-5 has a field of that name too; it was not meant.
        assert loss.rows()["QS-0003"]["responsible"] is None

    def test_together_with_the_row(self, loss: Fill) -> None:
        entry = {"id": "QS-0003", "responsible": "经办人", "collection": "催收三次"}
        loss(entry)
        assert loss.rows()["QS-0003"]["responsible"] == "经办人"
        assert self.sheet(loss)["collection"] == "催收三次"

    def test_row_and_sheet_in_one_file(self, loss: Fill) -> None:
        row = {"id": "QS-0003", "responsible": "经办人"}
        loss([row, {"id": "QS-0003", "table": "2", "responsible": "原负责人"}])
        assert loss.rows()["QS-0003"]["responsible"] == "经办人"
        assert self.sheet(loss)["responsible"] == "原负责人"

    def test_a_sheet_that_the_same_file_calls_for(self, wuji: Wuji, filled: Office) -> None:
        fill = Fill(wuji, filled.book)
        sheet = {"id": "QS-0004", "table": "2", "collection": "没有"}
        row = {"id": "QS-0004", "integrity": "missing", "initial_class": "loss", "remarks": "丢失"}
        fill([sheet, row])
        assert len(wuji("list", filled.book, "--table", "2", "--json").json) == 2

    def test_a_row_without_a_sheet(self, loss: Fill) -> None:
        assert "不需要填附表2" in loss.refused({"id": "QS-0002", "table": "2", "collection": "x"})
        assert "不需要填附表2" in loss.refused({"id": "QS-0002", "collection": "x", "remarks": "y"})


class TestSheets:
    """The same from workbooks, columns named by key or label."""

    def test_xlsx(self, fill: Fill) -> None:
        rows: list[list[Any]] = [
            ["编号", "附表", "资产名称", "账面金额", "初分意见"],
            ["QS-0002", "1-2", "=存款", 750000, "次级"],
            ["QS-0001", "附表1-1", "票据", None, "正常"],
        ]
        workbook(Path("fill.xlsx"), rows)
        fill.wuji("fill", fill.book, "fill.xlsx", "--as", CLERK)
        assert fill.rows()["QS-0002"]["name"] == "=存款"
        assert fill.rows()["QS-0001"]["initial_class"] == "normal"

    def test_csv(self, fill: Fill) -> None:
        csv_file(Path("fill.csv"), [["id", "wp_state"], ["QS-0002", "现状"]])
        fill.wuji("fill", fill.book, "fill.csv", "--as", CLERK)
        assert fill.rows()["QS-0002"]["wp_state"] == "现状"

    def test_table_2(self, fill: Fill) -> None:
        head = ["编号", "附表", "责任人", "已采取的清收措施及结果"]
        workbook(Path("fill.xlsx"), [head, ["QS-0003", "附表2", "原负责人", "催收"]])
        fill.wuji("fill", fill.book, "fill.xlsx", "--as", CLERK)
        (sheet,) = fill.wuji("list", fill.book, "--table", "2", "--json").json
        assert (sheet["responsible"], sheet["collection"]) == ("原负责人", "催收")

    def test_an_unknown_head(self, fill: Fill) -> None:
        workbook(Path("fill.xlsx"), [["编号", "账面金鹅"], ["QS-0002", 1]])
        line = fill.wuji.refused("fill", fill.book, "fill.xlsx", "--as", CLERK)
        assert "B1的栏名“账面金鹅”" in line
        assert "账面金额" in line


REFUSED: dict[str, tuple[Any, str]] = {
    "no JSON": (b"hello", "不是 JSON"),
    "no text": (b"\xff\xfe", "不是 JSON"),
    "deep": (b"[" * 100_000, "层次太深"),
    "no number": (b'{"id":"QS-0002","carrying_amount":NaN}', "NaN"),
    "half a character": (b'{"id":"QS-0002","remarks":"\\ud800"}', "不完整的字符"),
    "not a list": (b'"QS-0002"', "不是一组对象"),
    "no id": ([{"remarks": "x"}], "第1个对象没有 id"),
    "empty id": ([{"id": " "}], "没有 id"),
    "number as id": ([{"id": 2}], "没有 id"),
    "unknown id": ([{"id": "QS-0002", "remarks": "x"}, {"id": "QS-9999"}], "QS-9999"),
    "unknown number": ([{"id": "1-8:NIX"}], "NIX"),
    "the same row twice": ([{"id": "QS-0002"}, {"id": "QS-0002"}], "第2个和第1个"),
    "another table": ([{"id": "QS-0002", "table": "1-8"}], "不是附表1-8"),
    "unknown key": ([{"id": "QS-0002", "counterparti": "x"}], "是否指“counterparty”"),
    "computed": ([{"id": "QS-0002", "overdue_days": 3}], "由程序计算"),
    "the union's": ([{"id": "QS-0002", "review_class": "loss"}], "由联社填写"),
    "wrong type": ([{"id": "QS-0002", "carrying_amount": "viel"}], "QS-0002「账面金额」"),
    "a list for an amount": ([{"id": "QS-0002", "carrying_amount": [1]}], "应为金额"),
    "three decimals": ([{"id": "QS-0002", "carrying_amount": 1.005}], "1.005"),
    "huge number": (b'{"id":"QS-0002","carrying_amount":' + b"9" * 5000 + b"}", "应为金额"),
    "unknown choice": ([{"id": "QS-0002", "vouchers": "随便"}], "随便"),
    "unknown answer": ([{"id": "QS-0002", "accuracy": ["随便"]}], "随便"),
    "no date": ([{"id": "QS-0002", "formed_on": "gestern"}], "gestern"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_changes_nothing(fill: Fill, kind: str) -> None:
    entries, word = REFUSED[kind]
    assert word in fill.refused(entries)


def test_every_unreadable_value_is_named(fill: Fill) -> None:
    first = {"id": "QS-0002", "carrying_amount": "viel", "formed_on": "gestern"}
    line = fill.refused([first, {"id": "1-8:GZ-1", "cost": "x", "wp_state": "ok"}])
    assert "有3处" in line
    for place in ("QS-0002「账面金额」", "QS-0002「形成时间」", "QS-0004「原值」"):
        assert place in line


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"carrying_amount": "-1.00"}, "E004"),
        ({"formed_on": "2007-01-01"}, "E006"),
        ({"subject": "9999"}, "E009"),
        ({"initial_class": "normal"}, "E011"),
    ],
)
def test_what_can_be_read_but_is_wrong_is_stored_and_reported(
    fill: Fill, changes: dict[str, str], code: str
) -> None:
    done = fill([{"id": "QS-0002", **changes}], "--json", code=1).json
    assert code in {p["code"] for p in done["problems"]}
    (key,) = changes
    assert fill.rows()["QS-0002"][key] == changes[key]


@pytest.mark.parametrize("name", ["none.json", "none.xlsx"])
def test_a_missing_file(fill: Fill, name: str) -> None:
    assert name in fill.wuji.refused("fill", fill.book, name, "--as", CLERK)


def test_who_fills_in_must_be_said_and_known(fill: Fill) -> None:
    Path("fill.json").write_text('{"id": "QS-0002"}')
    assert "--as" in fill.wuji.refused("fill", fill.book, "fill.json")
    assert "没有“谁”" in fill.wuji.refused("fill", fill.book, "fill.json", "--as", "谁")


def test_a_sealed_period_is_closed(wuji: Wuji, sealed: Office) -> None:
    assert "已经封" in Fill(wuji, sealed.book).refused({"id": "QS-0002", "remarks": "x"})


def test_an_accountant_may_fill_in_but_not_confirm_himself(wuji: Wuji, filled: Office) -> None:
    Path("fill.json").write_text('{"id": "QS-0002", "remarks": "x"}')
    wuji("fill", filled.book, "fill.json", "--as", ACCOUNTANT)


def test_the_ledger_goes_out_with_the_summary_and_comes_back_filled_in(
    wuji: Wuji, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    county = county_in(tmp_path_factory.getbasetemp(), tmp_path / "county")
    collected_union(tmp_path_factory.getbasetemp(), county)
    passphrase = ("--passphrase-file", county.passphrase)
    with Book.open(county.union) as union:
        through(union, of_office(union, "QS"), tmp_path / "纪要.txt")
    wuji("decide", county.union, "decisions", *passphrase, "--as", LEADER)
    wuji("summary", county.union, "out", *passphrase)
    ledger = Path("out", "ledger.xlsx")
    filled = openpyxl.load_workbook(ledger)
    heads = [cell.value for cell in filled.active[3]]
    filled.active.cell(4, heads.index("责任人") + 1).value = "陈某"
    filled.save(ledger)
    told = wuji("fill", county.union, ledger, "--as", LEADER, "--json").json
    assert told == {"rows": ROWS, "changed": 1}
    row_id = filled.active.cell(4, 1).value
    Path("l.json").write_text(
        json.dumps({"id": row_id, "table": "台账", "recovered": "1.005"}), encoding="utf-8"
    )
    assert "两位小数" in wuji.refused("fill", county.union, "l.json", "--as", LEADER)
    Path("l.json").write_text(
        json.dumps([{"id": row_id, "table": "台账"}, {"id": row_id}]), encoding="utf-8"
    )
    wuji.refused("fill", county.union, "l.json", "--as", LEADER)
    with Book.open(county.union, write=False) as union:
        assert next(x for x in union.followups() if x.row_id == row_id).responsible == "陈某"

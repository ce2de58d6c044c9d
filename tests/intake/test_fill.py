"""Values in bulk for rows of a book, from JSON and from sheets."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.intake.fill import fill_book, read_fill
from app.intake.messages import FaultsError, IntakeError
from tests.intake.sheets import CLERK, RULESET, csv_file, workbook


def json_file(path: Path, content: Any) -> Path:
    """A JSON file."""
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def rows(book: Book) -> tuple[str, str]:
    """The ids of a row of 1-5 and one of 1-8."""
    first = book.add_row("1-5", {"name": "甲", "carrying_amount": "5.00"}, by=CLERK)
    second = book.add_row("1-8", {"name": "楼", "carrying_amount": "7.00"}, by=CLERK)
    return first.id, second.id


def test_json_fills_values_texts_and_opinions(
    tmp_path: Path, book: Book, rows: tuple[str, str]
) -> None:
    entries = [
        {
            "id": rows[0],
            "kind": "押金",
            "formed_on": "2004-05",
            "carrying_amount": 1234567.89,
            "wp_state": "第一行\n第二行",
            "initial_class": "loss",
            "initial_reason": "下落不明",
            "accuracy": [],
            "remarks": None,
        },
        {"id": rows[1], "cost": "9.10"},
    ]
    path = json_file(tmp_path / "f.json", entries)
    filled = fill_book(book, read_fill(path, RULESET), by=CLERK, source="f.json")
    assert [row.id for row in filled] == list(rows)
    values = filled[0].values
    assert values["kind"] == "deposit"
    assert values["carrying_amount"] == "1234567.89"
    assert values["wp_state"] == "第一行\n第二行"
    assert values["initial_class"] == "loss"
    assert values["accuracy"] == []
    assert filled[1].values["cost"] == "9.10"
    assert filled[1].provenance["cost"] == "f.json"
    assert {change.change_no for change in book.history() if change.kind == "set"} == {
        book.history()[-1].change_no
    }


def test_one_object_fills_one_row(tmp_path: Path, book: Book, rows: tuple[str, str]) -> None:
    path = json_file(tmp_path / "f.json", {"id": rows[0], "reason": "暂借"})
    (row,) = fill_book(book, read_fill(path, RULESET), by=CLERK)
    assert row.values["reason"] == "暂借"


def test_a_row_may_be_named_by_table_and_asset_number(tmp_path: Path, book: Book) -> None:
    book.add_row("1-8", {"name": "楼", "asset_no": "G1"}, by=CLERK)
    path = json_file(tmp_path / "f.json", [{"id": "1-8:G1", "cost": "1"}])
    (row,) = fill_book(book, read_fill(path, RULESET), by=CLERK)
    assert row.values["cost"] == "1.00"


def test_a_sheet_fills_by_labels_or_keys(tmp_path: Path, book: Book, rows: tuple[str, str]) -> None:
    sheet: list[list[Any]] = [
        ["补填资料"],
        ["序号", "编号", "附表", "账面金额", "形成时间", "资产现状", "initial_class", "预计损失率"],
        [1, rows[0], "1-5", 0.1 + 0.2, date(2004, 5, 6), "完好", "关注", "3%"],
        [2, rows[1], "1-8", None, "2003.4", None, None, None],
        [None, None, None, "没有编号的行"],
    ]
    path = workbook(tmp_path / "f.xlsx", sheet)
    first, second = fill_book(book, read_fill(path, RULESET), by=CLERK)
    assert first.values["carrying_amount"] == "0.30"
    assert first.values["formed_on"] == "2004-05-06"
    assert first.values["wp_state"] == "完好"
    assert first.values["initial_class"] == "special_mention"
    assert second.values["formed_on"] == "2003-04"
    assert second.values["carrying_amount"] == "7.00"


def test_a_label_that_several_tables_use_is_settled_by_the_row(tmp_path: Path, book: Book) -> None:
    share = book.add_row("1-6", {"carrying_amount": "1.00"}, by=CLERK).id
    house = book.add_row("1-8", {"carrying_amount": "1.00"}, by=CLERK).id
    sheet = [["编号", "项目名称"], [share, "饭店"], [house, "营业用房"]]
    path = csv_file(tmp_path / "f.csv", sheet)
    first, second = fill_book(book, read_fill(path, RULESET), by=CLERK)
    assert first.values["name"] == "饭店"
    assert second.values["category"] == "business_premises"


def test_a_label_of_another_table_is_refused(tmp_path: Path, book: Book, rows: Any) -> None:
    path = csv_file(tmp_path / "f.csv", [["编号", "项目名称"], [rows[0], "饭店"]])
    with pytest.raises(IntakeError) as caught:
        fill_book(book, read_fill(path, RULESET), by=CLERK)
    assert caught.value.code == "I035"


def test_a_row_of_another_table_than_named_is_refused(
    tmp_path: Path, book: Book, rows: tuple[str, str]
) -> None:
    path = csv_file(tmp_path / "f.csv", [["编号", "附表", "备注"], [rows[0], "1-8", "乙"]])
    with pytest.raises(IntakeError) as caught:
        fill_book(book, read_fill(path, RULESET), by=CLERK)
    assert caught.value.code == "I038"


def test_all_or_nothing(tmp_path: Path, book: Book, rows: tuple[str, str]) -> None:
    entries = [{"id": rows[0], "reason": "甲"}, {"id": "QS-9999", "reason": "乙"}]
    with pytest.raises(BookError, match="QS-9999"):
        fill_book(book, read_fill(json_file(tmp_path / "f.json", entries), RULESET), by=CLERK)
    assert "reason" not in book.row(rows[0]).values


def test_an_unknown_field_names_the_likeliest(
    tmp_path: Path, book: Book, rows: tuple[str, str]
) -> None:
    path = json_file(tmp_path / "f.json", [{"id": rows[0], "reasn": "甲"}])
    with pytest.raises(IntakeError, match="reason") as caught:
        fill_book(book, read_fill(path, RULESET), by=CLERK)
    assert caught.value.code == "I039"


def test_what_can_not_be_read_is_named_and_nothing_is_stored(
    tmp_path: Path, book: Book, rows: tuple[str, str]
) -> None:
    entries = [
        {"id": rows[0], "reason": "甲", "carrying_amount": "viel"},
        {"id": rows[1], "formed_on": "gestern", "carrying_amount": "1.005"},
    ]
    with pytest.raises(FaultsError) as caught:
        fill_book(book, read_fill(json_file(tmp_path / "f.json", entries), RULESET), by=CLERK)
    assert [fault.found for fault in caught.value.faults] == ["viel", "gestern", "1.005"]
    assert "reason" not in book.row(rows[0]).values


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "I032"),
        ("[1, 2]", "I032"),
        ('"text"', "I032"),
        ('[{"name": "甲"}]', "I033"),
        ('[{"id": 5}]', "I033"),
        ('[{"id": " "}]', "I033"),
        ('[{"id": "A"}, {"id": "A"}]', "I036"),
        ("[" * 100000, "I032"),
    ],
)
def test_what_is_no_list_of_objects_is_refused(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(IntakeError) as caught:
        read_fill(path, RULESET)
    assert caught.value.code == code
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(b"[\xff\xfe]")
    with pytest.raises(IntakeError, match="UTF-8"):
        read_fill(path, RULESET)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as caught:
        read_fill(tmp_path / "f.json", RULESET)
    assert caught.value.code == "I001"
    with pytest.raises(IntakeError) as caught:
        read_fill(tmp_path, RULESET)
    assert caught.value.code == "I002"


def test_a_folder_named_like_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f.json").mkdir()
    with pytest.raises(IntakeError) as caught:
        read_fill(tmp_path / "f.json", RULESET)
    assert caught.value.code == "I002"


def test_a_sheet_without_ids_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as caught:
        read_fill(csv_file(tmp_path / "f.csv", [["资产名称", "备注"], ["甲", "乙"]]), RULESET)
    assert caught.value.code == "I031"


def test_an_unknown_head_names_its_cell_and_the_likeliest(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "f.csv", [["编号", "资产名程"], ["QS-1", "乙"]])
    with pytest.raises(IntakeError, match=r"B1.*资产名程.*资产名称") as caught:
        read_fill(path, RULESET)
    assert caught.value.code == "I034"


def test_formulas_without_value_are_faults(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = workbook(tmp_path / "f.xlsx", [["编号", "备注"], ["QS-1", "x"], ["QS-2", "y"]])
    made = load_workbook(path)
    made.active["B3"] = "=1+1"
    made.save(path)
    with pytest.raises(FaultsError, match=r"B3.*公式"):
        read_fill(path, RULESET)

"""Blocks from the clipboard: what they would change, shown first, then taken in as one change."""

from __future__ import annotations

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.intake.messages import FaultsError, IntakeError
from app.intake.pasting import PastePlan, paste, paste_plan, read_block
from tests.intake.sheets import CLERK, codes

HEAD = "资产编号\t资产名称\t入账日期\t净值"


def planned(book: Book, *lines: str, **told: object) -> PastePlan:
    """The plan of a block for 1-8."""
    return paste_plan(book, read_block("\r\n".join(lines) + "\r\n"), "1-8", **told)  # type: ignore[arg-type]


@pytest.fixture
def rows(book: Book) -> list[str]:
    """Two machines that are in the book already."""
    given = [
        {"asset_no": "G1", "name": "微机一", "carrying_amount": "100.00", "cost": "300.00"},
        {"asset_no": "G2", "name": "微机二", "carrying_amount": "200.00"},
    ]
    return [row.id for row in book.add_rows("1-8", given, by=CLERK, source="a.xlsx")]


def test_cells_with_tabs_lines_and_quotes_are_read_as_spreadsheets_copy_them() -> None:
    sheet = read_block('甲\t"第一行\n第二行"\t"带""引号"""\r\n乙\t\t丙\r\n\r\n')
    assert sheet.rows == [["甲", "第一行\n第二行", '带"引号"'], ["乙", "", "丙"]]


def test_a_lone_quotation_mark_is_a_character() -> None:
    assert read_block('"未配对\t1\n二\t2').rows == [['"未配对', "1"], ["二", "2"]]


@pytest.mark.parametrize("text", ["", "\r\n\r\n", "\t\t\n"])
def test_an_empty_clipboard_is_told(text: str) -> None:
    with pytest.raises(IntakeError) as caught:
        read_block(text)
    assert caught.value.code == "I050"


def test_too_long_a_block_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.intake.pasting.MOST_ROWS", 2)
    with pytest.raises(IntakeError) as caught:
        read_block("1\n2\n3")
    assert caught.value.code == "I051"


def test_heads_are_known_by_the_words_of_listings(book: Book, rows: list[str]) -> None:
    plan = planned(
        book, HEAD, "G1\t微机一\t\t90.00", "G3\t微机三\t2004-05-06\t300", "G2\t微机二\t\t200"
    )
    assert plan.has_head
    assert plan.ready
    assert [row.values["name"] for row in plan.new] == ["微机三"]
    (cell,) = plan.cells
    assert (cell.address, cell.row_id, cell.asset_no, cell.field, cell.old, cell.new) == (
        "D2", rows[0], "G1", "carrying_amount", "100.00", "90.00",
    )  # fmt: skip
    assert plan.same == 1


def test_pasting_is_one_change_and_can_be_undone(book: Book, rows: list[str]) -> None:
    before = book.history()[-1].change_no
    plan = planned(book, HEAD, "G1\t微机一\t\t90.00", "G3\t微机三\t2004-05-06\t300")
    added, changed = paste(book, plan, by=CLERK)
    assert (len(added), changed) == (1, 1)
    assert {entry.change_no for entry in book.history()} - set(range(before + 1)) == {before + 1}
    row = book.row(rows[0])
    assert row.values["carrying_amount"] == "90.00"
    assert row.values["cost"] == "300.00", "a cell that is not pasted stays"
    assert "subject" not in row.values, "what the block does not say is not made up"
    assert row.provenance == {
        "asset_no": "a.xlsx", "name": "a.xlsx", "cost": "a.xlsx", "carrying_amount": "pasted",
    }  # fmt: skip
    assert book.row(added[0]).provenance["name"] == "pasted"
    book.undo(CLERK)
    assert book.row(rows[0]).values["carrying_amount"] == "100.00"
    assert book.row(rows[0]).provenance["carrying_amount"] == "a.xlsx"
    assert book.row_count("1-8") == 2


def test_without_heads_somebody_says_what_is_what(book: Book, rows: list[str]) -> None:
    lines = ("G1\t95.5万", "G2\t200.00")
    plan = planned(book, *lines)
    assert not plan.has_head
    assert not plan.mapped
    assert not plan.ready
    plan = planned(book, *lines, columns={"A1": "asset_no", "B1": "carrying_amount"})
    assert [(cell.seq, cell.new) for cell in plan.cells] == [(1, "955000.00")]
    assert plan.same == 1


def test_an_unknown_first_line_can_be_passed_over(book: Book, rows: list[str]) -> None:
    columns = {"A1": "asset_no", "B1": "name"}
    plan = planned(book, "号\t叫什么", "G1\t服务器", columns=columns, has_head=True)
    assert [cell.new for cell in plan.cells] == ["服务器"]
    assert not plan.new


def test_a_column_can_be_left_out(book: Book, rows: list[str]) -> None:
    plan = planned(book, HEAD, "G1\t别的名字\t\t90.00", columns={"B1": None})
    assert [cell.field for cell in plan.cells] == ["carrying_amount"]


def test_faults_are_named_by_cell_and_nothing_is_written(book: Book, rows: list[str]) -> None:
    plan = planned(book, HEAD, "G1\t微机一\t2004-13-45\t约一百", "G1\t微机一\t\t1")
    assert [fault.address for fault in plan.listing.faults] == ["C2", "D2", "A3"]
    assert not plan.ready
    with pytest.raises(FaultsError):
        paste(book, plan, by=CLERK)
    assert book.row(rows[0]).values["carrying_amount"] == "100.00"


def test_what_was_changed_since_the_preview_is_not_overwritten(book: Book, rows: list[str]) -> None:
    plan = planned(book, HEAD, "G1\t微机一\t\t90.00", "G9\t新的\t\t1.00")
    book.set_values(rows[0], {"carrying_amount": "101.00"}, by=CLERK)
    with pytest.raises(BookError, match="预览以后有过修改"):
        paste(book, plan, by=CLERK)
    assert book.row_count("1-8") == 2


def test_a_new_row_like_one_that_is_there_is_told(book: Book) -> None:
    values = {"name": "微机", "formed_on": "2004-05-06", "carrying_amount": "300.00"}
    book.add_row("1-8", values, by=CLERK)
    plan = planned(book, HEAD, "\t微机\t2004-05-06\t300")
    assert "N019" in codes(plan.notes)
    assert plan.ready


def test_only_amounts_need_a_unit(book: Book, rows: list[str]) -> None:
    assert "N001" in codes(planned(book, HEAD, "G1\t微机一\t\t1").notes)
    assert "N001" not in codes(planned(book, "资产编号\t资产名称", "G1\t微机").notes)

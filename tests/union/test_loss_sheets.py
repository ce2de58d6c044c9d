"""Table 2 of a county as its opinions stand: who has a sheet, in what order, what was said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.book.book import Book
from app.book.loss_sheets import loss_lines, standing_sheets
from app.union.determination import determine
from app.union.review import review
from tests.union.county import AUDITOR, DEPARTMENT, LEADER, REVIEWER
from tests.union.steps import entry

BUILDING, CLAIM, SMALL = "BH-0007", "QS-0004", "BH-0004"
"""A loss of 432,000 in table 1-9, a doubtful claim of 103,200 in 1-5, a loss below the limit."""


def listed(book: Book) -> list[str]:
    return [line.row_id for line in loss_lines(book.store)]


def say_loss(book: Book, row_id: str) -> None:
    """The working group takes a row for a loss, in its own layer."""
    given = entry(row_id, class_="loss", loss="100000.00", reason="债务人已注销。")
    review(book, [given], by=REVIEWER)


def test_an_opinion_of_the_union_brings_a_sheet_and_takes_one_away(collected: Book) -> None:
    assert listed(collected) == [BUILDING]
    say_loss(collected, CLAIM)
    assert listed(collected) == [BUILDING, CLAIM]
    better = entry(BUILDING, class_="doubtful", reason="已有人愿意接手。")
    review(collected, [better], by=REVIEWER)
    assert listed(collected) == [CLAIM]
    # What the office wrote stays in the book all the same.
    assert BUILDING in [sheet.row_id for sheet in collected.big_losses()]


def test_offices_follow_each_other_whatever_their_tables(collected: Book) -> None:
    say_loss(collected, CLAIM)
    lines = loss_lines(collected.store)
    assert [(line.office, line.table_id) for line in lines] == [
        ("白河信用社（BH）", "1-9"),
        ("青山信用社（QS）", "1-5"),
    ]
    assert [f"{line.loss:.2f}" for line in lines][1] == "100000.00"
    sheets = list(standing_sheets(collected.store, lines))
    assert [one.sheet.row_id for one in sheets] == [BUILDING, CLAIM]
    assert sheets[0].sheet.own["responsible"]
    assert sheets[1].sheet.values["expected_loss"] == "100000.00"
    assert sheets[1].sheet.values["loss_rate"] == "0.9690"


def test_what_was_said_last_goes_with_its_sheet(collected: Book, tmp_path: Path) -> None:
    minutes = tmp_path / "纪要.txt"
    minutes.write_text("会议纪要第1号", encoding="utf-8")
    say_loss(collected, CLAIM)
    review(collected, [entry(CLAIM, class_="loss", reason="再核仍为损失。")], by=REVIEWER)
    review(collected, [entry(CLAIM, audit_opinion="情况属实。")], by=AUDITOR)
    review(collected, [entry(CLAIM, department_opinion="同意。")], by=DEPARTMENT)
    determine(collected, [entry(CLAIM, vote="同意5票", minutes=minutes)], by=LEADER)
    (_, one) = standing_sheets(collected.store, loss_lines(collected.store))
    assert {stage: said.by for stage, said in one.said.items()} == {
        "review": REVIEWER,
        "audit": AUDITOR,
        "department": DEPARTMENT,
        "determination": LEADER,
    }
    last = one.said["determination"]
    assert (last.vote, last.minutes) == ("同意5票", "纪要.txt")
    assert one.sheet.row.values["review_reason"] == "再核仍为损失。"
    assert one.below is None


def test_small_losses_have_none_and_a_row_gone_meanwhile_is_left_out(collected: Book) -> None:
    review(collected, [entry(SMALL, class_="loss", reason="同意")], by=REVIEWER)
    (line,) = loss_lines(collected.store)
    both = [replace(line, row_id="BH-9999"), line]
    assert [one.line for one in standing_sheets(collected.store, both)] == [line]

"""The list of what undo and redo would take, in words."""

from __future__ import annotations

from datetime import date

from app.book.book import Book
from app.book.sitting import last_step, steps
from app.book.types import Row
from tests.book.samples import ACCOUNTANT, CLERK, finished_values


def words(book: Book, *, forward: bool = False) -> list[str]:
    """The words of all steps."""
    return [step.words for step in steps(book.store, forward=forward)]


def test_the_newest_change_is_undone_first(book: Book, deposit: Row) -> None:
    book.set_values(deposit.id, {"remarks": "甲"}, by=CLERK)
    book.set_values(deposit.id, {"carrying_amount": "430000"}, by=CLERK)
    name = deposit.values["name"]
    remarks = book.ruleset.table("1-2").fields["remarks"].label
    assert words(book) == [f"{name}：账面金额", f"{name}：{remarks}", f"{name}：登记"]
    assert [step.by for step in steps(book.store)] == [CLERK] * 3
    assert not words(book, forward=True)


def test_undone_changes_stand_ready_to_be_done_again(book: Book, deposit: Row) -> None:
    book.set_values(deposit.id, {"remarks": "甲"}, by=CLERK)
    book.set_values(deposit.id, {"name": "乙"}, by=CLERK)
    all_three = words(book)
    for _ in range(2):
        book.undo(CLERK)
    # Undoing renamed it back.
    name = deposit.values["name"]
    assert words(book) == [f"{name}：登记"]
    again = words(book, forward=True)
    assert [text.rpartition("：")[2] for text in again] == [
        text.rpartition("：")[2] for text in reversed(all_three[:2])
    ]
    book.redo(CLERK)
    assert len(words(book)) == 2
    assert len(words(book, forward=True)) == 1
    book.redo(CLERK)
    assert words(book) == all_three


def test_every_step_of_the_list_is_what_undo_takes(book: Book, deposit: Row) -> None:
    for text in "甲乙丙":
        book.set_values(deposit.id, {"remarks": text}, by=CLERK)
    book.undo(CLERK)
    book.redo(CLERK)
    book.undo(CLERK)
    expected = [step.change_no for step in steps(book.store)]
    assert [book.undo(CLERK) for _ in expected] == expected
    assert book.undo(CLERK) is None


def test_a_removed_row_keeps_its_name(book: Book, deposit: Row) -> None:
    book.remove_row(deposit.id, by=CLERK)
    assert words(book)[0] == f"{deposit.values['name']}：移出"


def test_many_rows_are_counted(book: Book) -> None:
    given = [finished_values("1-2", 19, name=name) for name in "甲乙丙"]
    book.add_rows("1-2", given, by=CLERK, source="a.xlsx", why="导入 a.xlsx")
    (step,) = steps(book.store)
    assert (step.words, step.rows) == ("甲等3笔：导入 a.xlsx", 3)


def test_the_last_step_of_a_new_period_is_told_in_plain_words(book: Book, deposit: Row) -> None:
    book.add_period(date(2007, 12, 31), carry_forward=True, by=CLERK)
    last = last_step(book.store)
    assert last is not None
    assert "由上期带来" in last.words
    assert not any(letter in last.words for letter in ("carry", "period"))


def test_nothing_before_a_confirmation_is_listed(book: Book, deposit: Row) -> None:
    book.confirm([deposit.id], by=ACCOUNTANT)
    assert not words(book)

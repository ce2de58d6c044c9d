"""Rows that may explain a difference against the ledger."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.book.book import Book
from app.book.clues import clues
from app.book.ledger import Tie, ties
from app.book.types import Balance
from tests.book.samples import CLERK


def add(book: Book, name: str, amount: str | None, subject: str | None = "1221") -> str:
    """A row of 1-2 with little more than its amount."""
    given = {"name": name, "carrying_amount": amount, "subject": subject}
    values = {key: value for key, value in given.items() if value is not None}
    return book.add_row("1-2", values, by=CLERK).id


def tie(book: Book, ledger: str) -> Tie:
    """存放同业 with this balance in the ledger."""
    book.set_balances([Balance("1221", "存放同业款项", Decimal(ledger))], by=CLERK)
    return next(one for one in ties(book.store) if one.subject.code == "1221")


def found(book: Book, ledger: str) -> list[tuple[str, str]]:
    """Names and reasons."""
    return [(clue.name, clue.why) for clue in clues(book.store, tie(book, ledger))]


def test_what_agrees_needs_no_clue(book: Book) -> None:
    add(book, "甲", "100.00")
    assert found(book, "100.00") == []


def test_a_subject_without_balance_has_no_clues(book: Book) -> None:
    add(book, "甲", "100.00")
    book.set_balances([Balance("1231", "拆放", Decimal("1.00"))], by=CLERK)
    one = next(one for one in ties(book.store) if one.subject.code == "1221")
    assert clues(book.store, one) == []


@pytest.mark.parametrize(
    ("amounts", "ledger", "name", "words"),
    [
        (["100.00", "30.00"], "100.00", "1", "金额正好等于多出的数"),
        (["100.00", "0.50"], "5100.00", "1", "金额乘10000就一致"),
        (["100.00", "50000.00"], "105.00", "1", "金额除以10000就一致"),
        (["100.00", "1290.00"], "1390.00", "", ""),
        (["100.00", "1290.00"], "2020.00", "1", "改为1,920.00就一致"),
        (["100.00", "7.00", "5.00"], "100.00", "1", "与第3笔合起来正好等于多出的数"),
        (["100.00", None], "130.00", "1", "没有填金额"),
    ],
)
def test_amounts_that_may_be_wrong(
    book: Book, amounts: list[str | None], ledger: str, name: str, words: str
) -> None:
    for number, amount in enumerate(amounts):
        add(book, str(number), amount)
    here = found(book, ledger)
    if not words:
        assert not here
    else:
        assert any(clue[0] == name and words in clue[1] for clue in here), here


def test_a_row_that_stands_there_twice(book: Book) -> None:
    add(book, "甲", "100.00")
    add(book, "甲", "100.00")
    assert found(book, "100.00")[0] == ("甲", "与第1笔的名称、日期和金额都相同，可能重复登记")


def test_a_row_under_another_subject(book: Book) -> None:
    add(book, "甲", "100.00")
    add(book, "乙", "30.00", subject="1231")
    assert found(book, "130.00")[0] == (
        "乙", "金额正好等于缺少的数，现在是科目1231（附表1-2）",
    )  # fmt: skip


def test_rows_that_count_nowhere(book: Book) -> None:
    add(book, "甲", "100.00")
    add(book, "乙", "20.00", subject=None)
    add(book, "丙", "10.00", subject="9999")
    assert [name for name, _ in found(book, "130.00")] == ["乙", "丙"]

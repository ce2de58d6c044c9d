"""The office's own subjects: added, changed, taken out, undone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.book.balances import set_balances
from app.book.book import Book
from app.book.errors import BookError
from app.book.types import Balance, Row
from app.forms.schema import Subject
from tests.book.samples import CLERK, case_values

OWN = ("1399", "其他暂付", "1-5")


def problems(book: Book, row: Row) -> set[str]:
    """Codes of a row's problems."""
    return {p.code for p in book.evaluate(book.row(row.id)).problems}


@pytest.fixture
def user(book: Book) -> Row:
    """A row of 1-5 with a subject that the chart does not know."""
    return book.add_row("1-5", case_values("1-5", 151, subject="1399"), by=CLERK)


def test_a_new_subject_is_known_to_its_rows_and_stands_in_the_history(
    book: Book, user: Row
) -> None:
    assert "E009" in problems(book, user)
    assert book.add_subject(" 1399 ", " 其他暂付 ", "1-5", by=CLERK).table == "1-5"
    assert "E009" not in problems(book, user)
    assert book.row(user.id).errors == user.errors - 1
    assert [(s.code, s.name, s.table) for s in book.own_subjects()] == [OWN]
    (entry,) = [change for change in book.history() if change.kind == "subject"]
    assert (entry.by, entry.field, entry.old) == (CLERK, "1399", None)
    assert entry.new == {"code": "1399", "name": "其他暂付", "table_id": "1-5"}


@pytest.mark.parametrize(
    ("code", "name", "table", "words"),
    [
        ("1391", "x", "1-5", "已经有1391（其他应收款）"),
        ("13", "x", "1-5", "3至8位"),
        ("１３９９", "x", "1-5", "3至8位"),
        ("123456789", "x", "1-5", "3至8位"),
        ("13A9", "x", "1-5", "3至8位"),
        ("139101", "x", "1-5", "1391（其他应收款）的明细"),
        ("139", "x", "1-5", "已有明细1391"),
        ("1399", " ", "1-5", "没有名称"),
        ("1399", "长" * 41, "1-5", "1至40个字"),
        ("1399", "两\n行", "1-5", "1至40个字"),
        ("1399", "x", "9", "没有认定表"),
        ("1399", "x", "2", "没有认定表"),
    ],
)
def test_what_can_be_no_subject(book: Book, code: str, name: str, table: str, words: str) -> None:
    before = len(book.history())
    with pytest.raises(BookError, match=words):
        book.add_subject(code, name, table, by=CLERK)
    assert (book.own_subjects(), len(book.history())) == ([], before)


def test_name_and_table_can_be_changed(book: Book, user: Row) -> None:
    book.add_subject(*OWN, by=CLERK)
    assert "W001" not in problems(book, user)
    changed = book.change_subject("1399", "暂付及垫付", "1-4", by=CLERK, why="按新科目表")
    assert (changed.name, changed.table) == ("暂付及垫付", "1-4")
    assert "W001" in problems(book, user)
    last = [change for change in book.history() if change.kind == "subject"][-1]
    assert (last.old["table_id"], last.new["table_id"], last.why) == ("1-5", "1-4", "按新科目表")
    entries = len(book.history())
    book.change_subject("1399", "暂付及垫付", "1-4", by=CLERK)
    assert len(book.history()) == entries


def test_only_own_subjects_can_be_changed(book: Book) -> None:
    with pytest.raises(BookError, match="是规则里的科目"):
        book.change_subject("1391", "x", "1-5", by=CLERK)
    with pytest.raises(BookError, match="科目表里没有1399"):
        book.remove_subject("1399", by=CLERK)


def test_a_subject_in_use_stays(book: Book, user: Row) -> None:
    book.add_subject(*OWN, by=CLERK)
    with pytest.raises(BookError, match="1笔资产在用"):
        book.remove_subject("1399", by=CLERK)
    book.set_values(user.id, {"subject": "1391"}, by=CLERK)
    book.set_balance(Balance("1399", "其他暂付", Decimal("1.00")), by=CLERK)
    with pytest.raises(BookError, match="1个余额在用"):
        book.remove_subject("1399", by=CLERK)
    assert "1399" in book.chart()
    book.set_balances([], by=CLERK)
    book.remove_subject("1399", by=CLERK)
    assert "1399" not in book.chart()
    assert book.own_subjects() == []


def test_undo_and_redo(book: Book, user: Row) -> None:
    book.add_subject(*OWN, by=CLERK)
    book.undo(CLERK)
    assert "E009" in problems(book, user)
    assert "1399" not in book.chart()
    book.redo(CLERK)
    assert "E009" not in problems(book, user)
    assert book.verify_history().whole


def test_a_change_that_fails_leaves_the_chart_as_it_was(book: Book) -> None:
    own = Subject(code="1399", name="其他暂付", table="1-5")
    faulty = [Balance("1391", "其他应收款", Decimal("0.001"))]
    with pytest.raises(BookError, match="超过两位小数"):
        set_balances(book.store, faulty, by=CLERK, own=[own])
    assert "1399" not in book.chart()
    assert book.own_subjects() == []

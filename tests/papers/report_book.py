"""A book whose report has something of everything: two periods, breaches, losses, provisions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.book.book import Book
from app.book.checks import check_book
from app.book.types import Balance, Institution
from tests.book.samples import BASE_DATE, CLERK, RULESET, finished_values

LATER = date(2007, 12, 31)
MISBOOKED = {
    "compliance": "wrong_subject",
    "compliance_amount": "1000.00",
    "wp_measures": "已通知会计调账。",
}
SHEET = {
    "collection": "多次上门清收。",
    "recoverable": "0.00",
    "responsible": "王某",
    "responsibility_opinion": "负领导责任。",
}


def make_book(path: Path) -> Book:
    """An open book of 青山信用社 with its people, without rows."""
    book = Book.create(path, Institution("QS", "青山信用社"), BASE_DATE, ruleset=RULESET)
    for name, role in ((CLERK, "preparer"), ("李桂芳", "accountant"), ("赵国强", "head")):
        book.add_person(name, role)
    return book


def add(book: Book, table_id: str, number: int, **changes: Any) -> str:
    """A finished row of a worked case; its id."""
    values = finished_values(table_id, number, **changes)
    return book.add_row(table_id, values, by=CLERK).id


def fill(book: Book) -> None:
    """Rows of five tables, balances with provisions, kept warnings, evidence."""
    add(book, "1-1", 111)
    add(book, "1-2", 19)
    add(book, "1-2", 1, name='存放<农行> & "支行"')
    add(book, "1-5", 12)
    big = add(book, "1-3", 14)
    add(book, "1-8", 6, **MISBOOKED, initial_class="special_mention")
    book.set_big_loss(big, SHEET, by=CLERK)
    book.attach(big, b"\x89PNG picture", "行驶证.png", by=CLERK, paper="机动车行驶证")
    book.set_balances(
        [Balance("1221", "存放同业款项", Decimal("1170000.50"), provisions=Decimal("5000"))],
        by=CLERK,
    )
    for finding in check_book(book):
        if finding.severity == "warning" and finding.kept is None:
            book.keep(finding.id, "已查明，次月补记", by=CLERK)


def go_on(book: Book) -> None:
    """The next period: one row is gone, one is worse, all have their opinions again."""
    book.add_period(LATER, carry_forward=True, by=CLERK)
    rows = list(book.rows())
    book.remove_row(rows[0].id, by=CLERK)
    for row in rows[1:]:
        given = {"initial_class": "loss", "initial_reason": "长期没有收回。"}
        usual = {"compliance": "compliant", "accuracy": [], "expected_loss": "0.00"}
        fields = book.ruleset.table(row.table_id).fields
        typed = {key: value for key, value in usual.items() if not fields[key].computed}
        book.set_values(row.id, {**typed, **given}, by=CLERK)


def filled(path: Path) -> Path:
    """The file of a closed book with everything of the first period."""
    with make_book(path) as book:
        fill(book)
    return path

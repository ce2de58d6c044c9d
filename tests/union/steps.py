"""Short ways through the union's work, for the tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.book.book import Book
from app.book.types import Row
from app.union.decisions import Decided, decide
from app.union.determination import determine
from app.union.entries import Entry
from app.union.review import Reviewed, review
from tests.union.county import AUDITOR, DEPARTMENT, LEADER, REVIEWER, County


def entry(row_id: str, **given: Any) -> Entry:
    """An entry as if it stood in a file."""
    return Entry(row_id, "第1条", **given)


def of_office(book: Book, code: str) -> list[Row]:
    """An office's rows in the union's book."""
    return [row for row in book.rows() if row.institution == code]


def reviewed(book: Book, rows: Iterable[Row], **given: Any) -> Reviewed:
    """The working group follows the suggestion."""
    entries = [
        entry(row.id, class_=row.suggested.value, reason="同意", **given)
        for row in rows
        if row.suggested
    ]
    return review(book, entries, by=REVIEWER)


def checked(book: Book, rows: Iterable[Row]) -> Reviewed:
    """The managing department agrees; losses get their audit opinion."""
    rows = list(rows)
    done = review(book, [entry(r.id, department_opinion="同意初审。") for r in rows], by=DEPARTMENT)
    losses = [entry(r.id, audit_opinion="情况属实。") for r in rows if is_loss(r)]
    if losses:
        review(book, losses, by=AUDITOR)
    return done


def is_loss(row: Row) -> bool:
    """Whether the suggestion is loss."""
    return row.suggested is not None and row.suggested.value == "loss"


def determined(book: Book, rows: Iterable[Row], minutes: Path) -> Reviewed:
    """The leading group follows the review."""
    minutes.write_text("会议纪要第1号", encoding="utf-8")
    entries = [
        entry(row.id, vote="同意5票", minutes=minutes) if is_loss(row) else entry(row.id)
        for row in rows
    ]
    return determine(book, entries, by=LEADER)


def through(book: Book, rows: Iterable[Row], minutes: Path) -> Reviewed:
    """The whole way from submitted to determined."""
    rows = list(rows)
    reviewed(book, rows)
    checked(book, rows)
    return determined(book, rows, minutes)


def decided(county: County, book: Book, out: Path) -> dict[str, Decided]:
    """The decisions that wait, by office."""
    made = decide(book, out, county.unlocked(book), by=LEADER)
    return {one.office.code: one for one in made}

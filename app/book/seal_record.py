"""What was sealed besides the rows: the head of the seal code, and the warnings kept then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.book.coding import from_json
from app.models.tables import history

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Finding, KeptWarning

PRINTED_ROLES = ("preparer", "accountant", "head")
"""Whose names stand on every paper."""


@dataclass(frozen=True, slots=True)
class SealRecord:
    """What the history says of a sealing; papers printed later are the same by it."""

    head: dict[str, Any]
    kept: frozenset[str]
    """The findings whose kept warnings were sealed."""
    at: datetime
    """The moment that stands on the papers."""

    def entry(self) -> dict[str, Any]:
        """As the history keeps it."""
        return {"head": self.head, "kept": sorted(self.kept), "at": self.at.isoformat()}


def seal_record(book: Book) -> SealRecord | None:
    """The record of the chosen period's sealing; None while it is open."""
    if book.period.state != "sealed":
        return None
    query = (
        select(history.c.new)
        .where(history.c.kind == "seal", history.c.period == book.store.period_date)
        .order_by(history.c.id.desc())
        .limit(1)
    )
    with book.store.read() as connection:
        new = from_json(connection.execute(query).scalar())
    if not isinstance(new, dict) or "head" not in new:
        return None
    return SealRecord(new["head"], frozenset(new["kept"]), datetime.fromisoformat(new["at"]))


def printed_people(book: Book) -> dict[str, list[str]]:
    """The names that stand on papers, by role."""
    people: dict[str, list[str]] = {role: [] for role in PRINTED_ROLES}
    for person in book.people():
        if person.role in people:
            people[person.role].append(person.name)
    return people


def standing_kept(book: Book, findings: list[Finding] | None = None) -> list[KeptWarning]:
    """The kept warnings that still hold; of a sealed period those that were sealed.

    `findings` are those of `check_book`, where the caller has them already.
    """
    record = seal_record(book)
    if record is not None:
        return [one for one in book.kept() if one.finding_id in record.kept]
    if findings is None:
        from app.book.checks import check_book

        findings = check_book(book)
    return [found.kept for found in findings if found.kept is not None]

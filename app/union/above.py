"""The union and the level above: what waits to go up, what was sent, what was answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, func, select

from app.book.coding import moment_text
from app.models.tables import opinions, rows
from app.package.receiving import KINDS
from app.union.offices import need_union
from app.union.packages import StoredPackage, packages_of

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the level above, and what it said of the rows that went up."""

    package: StoredPackage
    determined: int
    returned: int


@dataclass(frozen=True, slots=True)
class Above:
    """What goes on between the union and the level above in the present period."""

    new: int
    """Rows beyond the union's authority that have not gone up yet."""
    unanswered: int
    """Rows that went up and have no answer."""
    sent: tuple[StoredPackage, ...] = ()
    """The packages that went up, oldest first; the last one is what is answered."""
    answers: tuple[Answer, ...] = ()
    """What came back, oldest first."""

    @property
    def rows(self) -> int:
        """All rows the next package takes up: those without an answer go along again."""
        return self.new + self.unanswered


def above_state(book: Book) -> Above:
    """Reads what waits to go up, what went up and what was answered."""
    need_union(book)
    store = book.store
    sent = packages_of(store, institution=book.institution.code, direction="out")
    referred = _referred(store)
    new = _referred(store, _given_on_after(store, sent[-1])) if sent and referred else referred
    return Above(new, referred - new, tuple(sent), tuple(_answers(store)))


def _referred(store: Store, *more: ColumnElement[bool]) -> int:
    query = select(func.count()).where(
        rows.c.period_id == store.period.id, rows.c.stage == "referred", *more
    )
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def _given_on_after(store: Store, sent: StoredPackage) -> ColumnElement[bool]:
    """Rows that the leading group has referred since: its last word on what waits above."""
    return exists().where(
        opinions.c.period_id == store.period.id,
        opinions.c.row_id == rows.c.id,
        opinions.c.stage == "determination",
        opinions.c.at > moment_text(sent.at),
    )


def _answers(store: Store) -> list[Answer]:
    """A union gets receipts and decisions from nobody but the level above."""
    came = [one for kind in KINDS for one in packages_of(store, kind=kind)]
    counts: Counter[tuple[int, str]] = Counter()
    query = (
        select(opinions.c.package_id, opinions.c.stage, func.count().label("rows"))
        .where(
            opinions.c.period_id == store.period.id,
            opinions.c.package_id.in_([one.id for one in came]),
        )
        .group_by(opinions.c.package_id, opinions.c.stage)
    )
    if came:
        with store.read() as connection:
            for line in connection.execute(query):
                counts[line.package_id, line.stage] = line.rows
    return [
        Answer(one, counts[one.id, "determination"], counts[one.id, "return"])
        for one in sorted(came, key=lambda one: one.id)
    ]

"""What still keeps a period from being sealed: the one place that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.book.checks import blocking, check_book
from app.book.keys import office_key
from app.book.types import OFFICE_ROLES, Role

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Finding

SEALER: Role = "head"
"""Whose work sealing is."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is still to be done before the period can be sealed."""

    rows: int
    findings: tuple[Finding, ...]
    """Every finding that blocks sealing, in the order of the check."""
    has_key: bool
    sealers: tuple[str, ...]
    """Who may seal."""
    has_balances: bool
    """Whether the ledger was entered, so that rows could be compared; blocks nothing."""

    @property
    def errors(self) -> list[Finding]:
        """What is missing or wrong."""
        return [f for f in self.findings if f.severity == "error" and not f.unconfirmed]

    @property
    def unconfirmed(self) -> list[Finding]:
        """Rows in which nothing is wrong but that the accountant has not confirmed."""
        return [f for f in self.findings if f.unconfirmed]

    @property
    def warnings(self) -> list[Finding]:
        """Warnings without a reason for keeping them."""
        return [f for f in self.findings if f.severity == "warning"]

    def allows(self, by: str) -> bool:
        """Whether this person could seal now."""
        return bool(self.rows) and not self.findings and self.has_key and by in self.sealers


def readiness(book: Book, findings: Iterable[Finding] | None = None) -> Readiness:
    """What blocks sealing; `findings` are those of a check that was just made."""
    found = blocking(check_book(book) if findings is None else findings)
    people = book.people()
    return Readiness(
        rows=book.row_count(None),
        findings=tuple(found),
        has_key=office_key(book) is not None,
        sealers=tuple(person.name for person in people if person.role == SEALER),
        has_balances=bool(book.balances()),
    )


def lacking_roles(book: Book) -> list[Role]:
    """The roles that an office needs and nobody has yet."""
    present = {person.role for person in book.people()}
    return [role for role in OFFICE_ROLES if role not in present]

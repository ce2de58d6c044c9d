"""Like with like: the offices of a union's book that two periods have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models.tables import offices, rows

if TYPE_CHECKING:
    from app.book.store import Store


@dataclass(frozen=True, slots=True)
class Compared:
    """Whose rows of two periods may be compared; who has not reported yet has lost nothing."""

    offices: frozenset[str] | None = None
    """Codes of the offices that reported in both; None: nobody is left out."""
    missing: tuple[str, ...] = ()
    """Names of those that reported in the earlier period alone."""
    new: tuple[str, ...] = ()
    """Names of those that report for the first time."""


def compared_offices(store: Store, earlier: int) -> Compared:
    """The offices of this period and an earlier one; of an office's own book there is but one."""
    if not store.is_union:
        return Compared()
    then, now = _reported(store, earlier), _reported(store, store.period.id)
    if then == now:
        return Compared()
    with store.read() as connection:
        names = {line.code: line.name for line in connection.execute(select(offices))}
    return Compared(
        frozenset(then & now),
        tuple(names.get(code, code) for code in sorted(then - now)),
        tuple(names.get(code, code) for code in sorted(now - then)),
    )


def _reported(store: Store, period: int) -> set[str]:
    query = select(rows.c.institution).where(rows.c.period_id == period).distinct()
    with store.read() as connection:
        return set(connection.execute(query).scalars())

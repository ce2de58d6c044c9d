"""How classes moved between two periods: the matrix by number and amount, the downward rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, FromClause, and_, func, literal, select
from sqlalchemy.sql.util import ClauseAdapter

from app.book.coding import to_yuan
from app.book.compared import compared_offices
from app.book.indicators import ratio
from app.book.reading import to_class
from app.book.summary import STAGES, need_stage
from app.forms.classes import FiveClass
from app.models.tables import rows

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Moved:
    """The rows that went from one class to another: how many, what they were and are worth."""

    count: int = 0
    before: Decimal = ZERO
    """Carrying amounts on the earlier base date."""
    now: Decimal = ZERO
    """Carrying amounts on the later base date."""

    def plus(self, other: Moved) -> Moved:
        """Both together."""
        return Moved(self.count + other.count, self.before + other.before, self.now + other.now)


@dataclass(frozen=True, slots=True)
class Migration:
    """Which class became which; an open class is None."""

    stayed: Mapping[tuple[FiveClass | None, FiveClass | None], Moved]
    """Rows of both periods, by their class before and now."""
    new: Mapping[FiveClass | None, Moved]
    """Rows that the earlier period did not have, by their class now."""
    gone: Mapping[FiveClass | None, Moved]
    """Rows of the earlier period that are no longer there, by their last class."""

    def of(self, before: FiveClass | None, now: FiveClass | None) -> Moved:
        """One cell of the matrix."""
        return self.stayed.get((before, now), Moved())

    def total(self, chosen: Callable[[FiveClass, FiveClass], bool]) -> Moved:
        """The cells whose two classes are known and wanted, together."""
        found = Moved()
        for (before, now), moved in self.stayed.items():
            if before is not None and now is not None and chosen(before, now):
                found = found.plus(moved)
        return found

    @property
    def worse(self) -> Moved:
        """Rows that came down."""
        return self.total(lambda before, now: now.rank > before.rank)

    @property
    def better(self) -> Moved:
        """Rows that went up."""
        return self.total(lambda before, now: now.rank < before.rank)

    @property
    def known(self) -> Moved:
        """Rows of both periods whose classes are both known."""
        return self.total(lambda before, now: True)

    @property
    def downward_rate(self) -> Fraction:
        """Opening amount of the rows that came down ÷ that of all rows of both periods."""
        return ratio(self.worse.before, self.known.before)

    @property
    def downward_count_rate(self) -> Fraction:
        """Number of the rows that came down ÷ number of the rows of both periods."""
        return Fraction(self.worse.count, self.known.count) if self.known.count else Fraction(0)

    def downward_rate_of(self, five: FiveClass) -> Fraction:
        """The downward rate of the rows that were in one class, by opening amount."""
        down = self.total(lambda before, now: before is five and now.rank > before.rank)
        return ratio(down.before, self.total(lambda before, now: before is five).before)


def earlier_period(book: Book) -> int | None:
    """The id of the period before the one that is worked on; None when it is the first."""
    shown = book.period.base_date
    earlier = [period for period in book.periods() if period.base_date < shown]
    return max(earlier, key=lambda period: period.base_date).id if earlier else None


def migration(
    book: Book, stage: str = "initial", *, before: int | None = None, table_id: str | None = None
) -> Migration | None:
    """The movement from an earlier period's last opinions to this one's at a stage.

    ``before`` is the earlier period's id, by default the one before; None when there is none.
    """
    need_stage(stage)
    earlier = earlier_period(book) if before is None else before
    if earlier is None:
        return None
    return Migration(*_Matrix(book.store, earlier, stage, table_id).parts())


class _Matrix:
    """The three queries of a movement; rows are the same when their ids are."""

    def __init__(self, store: Store, earlier: int, stage: str, table_id: str | None) -> None:
        self.store = store
        self.old, self.new = rows.alias("old"), rows.alias("new")
        self.old_class = class_at("latest", self.old)
        self.new_class = class_at(stage, self.new)
        self.of_old = self._of(self.old, earlier, table_id)
        self.of_new = self._of(self.new, store.period.id, table_id)
        both = compared_offices(store, earlier).offices
        if both is not None:
            self.of_old &= self.old.c.institution.in_(both)
            self.of_new &= self.new.c.institution.in_(both)
        self.same = self.old.c.id == self.new.c.id

    @staticmethod
    def _of(side: FromClause, period: int, table_id: str | None) -> ColumnElement[bool]:
        found = side.c.period_id == period
        return found if table_id is None else and_(found, side.c.table_id == table_id)

    def parts(self) -> tuple[Any, Any, Any]:
        """What stayed, what is new, what is gone."""
        both = self._summed(
            self.old_class, self.new_class, self.old, self.new,
            self.old.join(self.new, and_(self.same, self.of_new)), self.of_old,
        )  # fmt: skip
        none = literal(None)
        new_here = self.new.outerjoin(self.old, and_(self.same, self.of_old))
        new = self._summed(
            none, self.new_class, None, self.new, new_here,
            and_(self.of_new, self.old.c.id.is_(None)),
        )  # fmt: skip
        gone_here = self.old.outerjoin(self.new, and_(self.same, self.of_new))
        gone = self._summed(
            self.old_class, none, self.old, None, gone_here,
            and_(self.of_old, self.new.c.id.is_(None)),
        )  # fmt: skip
        return (
            {(before, now): moved for before, now, moved in both},
            {now: moved for _, now, moved in new},
            {before: moved for before, _, moved in gone},
        )

    def _summed(
        self,
        before: ColumnElement[Any],
        now: ColumnElement[Any],
        old: FromClause | None,
        new: FromClause | None,
        source: FromClause,
        wanted: ColumnElement[bool],
    ) -> Iterator[tuple[FiveClass | None, FiveClass | None, Moved]]:
        query = (
            select(
                before.label("before"), now.label("now"), func.count().label("rows"),
                _amount(old).label("old_amount"), _amount(new).label("new_amount"),
            )
            .select_from(source)
            .where(wanted)
            .group_by("before", "now")
        )  # fmt: skip
        with self.store.read() as connection:
            lines = connection.execute(query).all()
        for line in lines:
            moved = Moved(line.rows, to_yuan(line.old_amount), to_yuan(line.new_amount))
            yield to_class(line.before), to_class(line.now), moved


def class_at(stage: str, side: FromClause) -> ColumnElement[Any]:
    """The class that counts at a stage, of one side of a join."""
    found: ColumnElement[Any] = ClauseAdapter(side).traverse(STAGES[stage])
    return found


def _amount(side: FromClause | None) -> ColumnElement[Any]:
    if side is None:
        return literal(0)
    return func.coalesce(func.sum(side.c.carrying_amount), 0)

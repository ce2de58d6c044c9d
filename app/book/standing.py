"""Where a campaign stands in figures: rows, amounts and losses by table and class, then and now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from app.book.coding import to_yuan
from app.book.opinions import LATEST
from app.book.reading import to_class
from app.book.summary import LOSSES
from app.forms.classes import FiveClass
from app.models.tables import periods, rows

if TYPE_CHECKING:
    from app.book.store import Store

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Share:
    """How many rows, and their amount."""

    count: int = 0
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class TableStanding:
    """One table of one period."""

    rows: int = 0
    confirmed: int = 0
    """Rows that the accountant has confirmed, or that have gone further since."""
    loss: Decimal = ZERO
    classes: Mapping[FiveClass | None, Share] = field(default_factory=dict)
    """By the class that counts: the latest opinion, else the suggestion; None: neither yet."""


@dataclass(frozen=True, slots=True)
class Standing:
    """All tables of one period."""

    base_date: date
    tables: Mapping[str, TableStanding]

    def share(self, five_class: FiveClass | None) -> Share:
        """A class over all tables."""
        shares = [table.classes.get(five_class, Share()) for table in self.tables.values()]
        amount = sum((share.amount for share in shares), ZERO)
        return Share(sum(share.count for share in shares), amount)

    def loss(self, table_id: str) -> Decimal:
        """A table's expected loss."""
        return self.tables.get(table_id, TableStanding()).loss


def standing(store: Store) -> tuple[Standing, Standing | None]:
    """The chosen period and the one before it, where there is one."""
    now = _standing(store, store.period.id, store.period.base_date)
    query = (
        select(periods.c.id, periods.c.base_date)
        .where(periods.c.base_date < store.period_date)
        .order_by(periods.c.base_date.desc())
    )
    with store.read() as connection:
        last = connection.execute(query.limit(1)).first()
    if last is None:
        return now, None
    return now, _standing(store, last.id, date.fromisoformat(last.base_date))


def stage_counts(store: Store) -> dict[str, int]:
    """How many rows have come to a stage; stages without any are left out."""
    counted = select(rows.c.stage, func.count()).where(rows.c.period_id == store.period.id)
    with store.read() as connection:
        return {line[0]: line[1] for line in connection.execute(counted.group_by(rows.c.stage))}


def _standing(store: Store, period_id: int, base_date: date) -> Standing:
    confirmed = case((rows.c.stage.in_(("draft", "prepared")), 0), else_=1)
    query = (
        select(
            rows.c.table_id,
            LATEST.label("class_code"),
            func.count().label("rows"),
            func.sum(confirmed).label("confirmed"),
            func.coalesce(func.sum(rows.c.carrying_amount), 0).label("amount"),
            func.coalesce(func.sum(LOSSES["latest"]), 0).label("loss"),
        )
        .where(rows.c.period_id == period_id)
        .group_by(rows.c.table_id, LATEST)
    )
    with store.read() as connection:
        lines = connection.execute(query).all()
    tables: dict[str, list[Any]] = {}
    for line in lines:
        tables.setdefault(line.table_id, []).append(line)
    return Standing(base_date, {table: _table(found) for table, found in tables.items()})


def _table(lines: list[Any]) -> TableStanding:
    return TableStanding(
        rows=sum(line.rows for line in lines),
        confirmed=sum(line.confirmed for line in lines),
        loss=to_yuan(int(sum(line.loss for line in lines))),
        classes={
            to_class(line.class_code): Share(line.rows, to_yuan(int(line.amount))) for line in lines
        },
    )

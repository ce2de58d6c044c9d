"""What changed of a row since the last period: its class then, and each answer then and now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.book.carrying import Carrier, shown_of
from app.book.coding import from_json
from app.book.derive import table_of
from app.book.opinions import latest_class
from app.book.reading import row_line, to_class
from app.book.types import Values
from app.forms.classes import FiveClass
from app.forms.schema import FieldDef
from app.models.tables import periods, rows

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store


@dataclass(frozen=True, slots=True)
class Changed:
    """One answer that is not what it was; empty texts where there was or is none."""

    field: str
    label: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class SinceLast:
    """A row beside what it was on the last base date."""

    base_date: date
    class_then: FiveClass | None
    """The class that counted then: determined, else the latest opinion, else the suggestion."""
    class_now: FiveClass | None
    changed: tuple[Changed, ...]
    """In the order of the form."""


def since_last(book: Book, row_id: str) -> SinceLast | None:
    """A row compared with the last period; None for one that was not there then."""
    store = book.store
    with store.read() as connection:
        now = row_line(store, connection, row_id)
        query = (
            select(rows, periods.c.base_date, periods.c.ruleset_hash.label("rules_then"))
            .join(periods, periods.c.id == rows.c.period_id)
            .where(rows.c.id == now.id, periods.c.base_date < store.period_date)
            .order_by(periods.c.base_date.desc())
        )
        then: Any = connection.execute(query.limit(1)).first()
        if then is None:
            return None
        old = store.ruleset_of(connection, then.rules_then)
        carrier = Carrier(old, store.ruleset, store.own_subjects(connection))
    return SinceLast(
        date.fromisoformat(then.base_date),
        to_class(latest_class(then._mapping)),
        to_class(latest_class(now._mapping)),
        _changed(store, carrier, then, now),
    )


def changed_ids(store: Store, table_id: str) -> list[str]:
    """The rows of a table that are new since the last period, or not what they were then.

    An answer or class that is still to be given again is no change yet.
    """
    table = table_of(store, table_id)
    mine = (rows.c.period_id == store.period.id, rows.c.table_id == table.id)
    with store.read() as connection:
        last: Any = connection.execute(_last_period(store)).first()
        if last is None:
            return list(connection.execute(select(rows.c.id).where(*mine)).scalars())
        old = store.ruleset_of(connection, last.ruleset_hash)
        carrier = Carrier(old, store.ruleset, store.own_subjects(connection))
        before = select(rows).where(rows.c.period_id == last.id)
        then = {line.id: line for line in connection.execute(before)}
        query = select(rows).where(*mine).order_by(rows.c.seq).execution_options(yield_per=500)
        return [
            line.id
            for line in connection.execute(query)
            if _differs(store, carrier, then.get(line.id), line)
        ]


def _last_period(store: Store) -> Any:
    earlier = select(periods.c.id, periods.c.ruleset_hash).where(
        periods.c.base_date < store.period_date
    )
    return earlier.order_by(periods.c.base_date.desc()).limit(1)


def _differs(store: Store, carrier: Carrier, then: Any, now: Any) -> bool:
    if then is None:
        return True
    class_now = latest_class(now._mapping)
    if class_now is not None and class_now != latest_class(then._mapping):
        return True
    fields = table_of(store, now.table_id).fields
    return any(
        one.now or not asked_again(fields[one.field]) for one in _changed(store, carrier, then, now)
    )


def asked_again(field: FieldDef) -> bool:
    """Whether an answer belongs to one base date, so that a new period begins without it."""
    return field.each_period or field.part not in ("row", "working_paper")


def _changed(store: Store, carrier: Carrier, then: Any, now: Any) -> tuple[Changed, ...]:
    table = table_of(store, now.table_id)
    carried = carrier.table(now.table_id)
    old_values: Values = from_json(then.field_values) or {}
    new_values: Values = from_json(now.field_values) or {}
    before = carried.shown(old_values) if carried is not None else {}
    found = []
    for key, field in table.fields.items():
        if field.computed or field.part == "union":
            continue
        new = shown_of(field, new_values[key], store.chart) if key in new_values else ""
        if before.get(key, "") != new:
            found.append(Changed(key, field.label, before.get(key, ""), new))
    return tuple(found)

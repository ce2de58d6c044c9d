"""Records of imports: what a listing printed as totals, and what its rows summed up to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.book.coding import from_json, to_fen, to_json, to_moment, to_yuan
from app.book.history import Changing
from app.book.types import ImportRecord, Values
from app.forms.table import Table
from app.models.functions import json_number
from app.models.tables import imports, rows

if TYPE_CHECKING:
    from app.book.store import Store

ImportTotals = Mapping[str, Decimal]
"""By money field: the total that the listing printed."""
_MONEY = re.compile(r"-?\d+\.\d{2}")


def record_import(
    store: Store,
    change: Changing,
    table: Table,
    given: Sequence[Values],
    source: str,
    totals: ImportTotals | None,
) -> int | None:
    """Notes an import with its printed totals; None where rows did not come from a listing."""
    if totals is None:
        return None
    both = {field: [to_fen(printed), sum_of(given, field)] for field, printed in totals.items()}
    line = {
        "period_id": store.period.id,
        "table_id": table.id,
        "source": source,
        "totals": to_json(both),
        "row_count": len(given),
        "by": change.by,
        "at": change.at_text,
    }
    added = change.connection.execute(imports.insert(), line).inserted_primary_key
    assert added is not None
    change.log("import", field=table.id, new={"source": source, "rows": len(given), "totals": both})
    return int(added[0])


def sum_of(given: Sequence[Values], field: str) -> int:
    """The exact sum of an amount in fen; what could not be read counts nothing."""
    texts = (values.get(field) for values in given)
    amounts = (Decimal(t) for t in texts if isinstance(t, str) and _MONEY.fullmatch(t))
    return sum(to_fen(amount) for amount in amounts)


def import_records(store: Store) -> list[ImportRecord]:
    """The imports of this period whose rows are not all gone again."""
    alive = select(rows.c.import_id).where(rows.c.period_id == store.period.id)
    query = select(imports).where(
        imports.c.period_id == store.period.id, imports.c.id.in_(alive.scalar_subquery())
    )
    with store.read() as connection:
        return [_record(line) for line in connection.execute(query.order_by(imports.c.id))]


def _record(line: Any) -> ImportRecord:
    totals = {
        field: (to_yuan(printed), to_yuan(summed))
        for field, (printed, summed) in from_json(line.totals).items()
    }
    return ImportRecord(
        line.id, line.table_id, line.source, totals, line.row_count, line.by, to_moment(line.at)
    )


def present_sum(store: Store, import_id: int, field: str) -> Decimal:
    """What the rows of an import sum up to now."""
    amount = json_number(rows.c.amounts, field)
    query = select(func.coalesce(func.sum(amount), 0)).where(rows.c.import_id == import_id)
    with store.read() as connection:
        return to_yuan(int(connection.execute(query).scalar_one()))

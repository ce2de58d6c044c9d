"""Reading rows: one by its name, all of them streamed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, select

from app.book.coding import from_json, maybe_moment, maybe_yuan, to_moment
from app.book.derive import table_of
from app.book.errors import BookError, MissingRowError
from app.book.types import Row
from app.forms.classes import BY_CODE, FiveClass
from app.models.tables import rows

if TYPE_CHECKING:
    from app.book.store import Store


# Made once: a statement that was executed before is neither built nor looked through again.
_BY_ID = select(rows).where(rows.c.period_id == bindparam("period"), rows.c.id == bindparam("row"))


ROW_COLUMNS = (
    rows.c.id, rows.c.table_id, rows.c.seq, rows.c.field_values, rows.c.printed, rows.c.provenance,
    rows.c.stage, rows.c.suggested, rows.c.at_least, rows.c.expected_loss, rows.c.errors,
    rows.c.warnings, rows.c.prepared_by, rows.c.confirmed_by, rows.c.confirmed_at,
    rows.c.updated_at, rows.c.last_class, rows.c.import_id, rows.c.institution, rows.c.marks,
    rows.c.layers, rows.c.layer_class, rows.c.review_loss, rows.c.determined_loss, rows.c.version,
)  # fmt: skip
"""What `to_row` needs; a union's rows also hold all that was sent, which is far more."""


def to_class(code: str | None) -> FiveClass | None:
    """The class of a stored code, or None."""
    return BY_CODE[code] if code else None


def to_row(line: Any) -> Row:
    """A stored row as the API hands it out."""
    return Row(
        id=line.id,
        table_id=line.table_id,
        seq=line.seq,
        values=from_json(line.field_values) or {},
        printed=from_json(line.printed) or {},
        provenance=from_json(line.provenance) or {},
        stage=line.stage,
        suggested=to_class(line.suggested),
        at_least=BY_CODE[line.at_least],
        expected_loss=maybe_yuan(line.expected_loss),
        errors=line.errors,
        warnings=line.warnings,
        prepared_by=line.prepared_by,
        confirmed_by=line.confirmed_by,
        confirmed_at=maybe_moment(line.confirmed_at),
        updated_at=to_moment(line.updated_at),
        last_class=to_class(line.last_class),
        import_id=line.import_id,
        institution=line.institution,
        marks=tuple(from_json(line.marks) or ()),
        layers=from_json(line.layers) or {},
        layer_class=to_class(line.layer_class),
        review_loss=maybe_yuan(line.review_loss),
        determined_loss=maybe_yuan(line.determined_loss),
        version=line.version,
    )


def row_line(store: Store, connection: Connection, reference: str) -> Any:
    """The stored line of a row named by its id or as TABLE:asset_no."""
    given = {"period": store.period.id, "row": reference}
    found = connection.execute(_BY_ID, given).first()
    if found is not None:
        return found
    table_id, colon, number = reference.partition(":")
    if not colon:
        raise MissingRowError(
            f"{store.period_date}这一期没有编号为“{reference}”的资产。请核对编号。"
        )
    query = select(rows).where(rows.c.period_id == store.period.id)
    named = query.where(rows.c.table_id == table_id.strip(), rows.c.asset_no == number.strip())
    lines = connection.execute(named.limit(2)).all()
    if not lines:
        raise BookError(f"附表{table_id}没有资产编号为“{number}”的资产。请核对编号。")
    if len(lines) > 1:
        raise BookError(f"附表{table_id}有几笔资产的编号都是“{number}”，请改用程序编号。")
    return lines[0]


def find_row(store: Store, reference: str) -> Row:
    """The row of this id or TABLE:asset_no."""
    with store.read() as connection:
        return to_row(row_line(store, connection, reference))


def all_rows(store: Store, table_id: str | None = None) -> Iterator[Row]:
    """All rows, streamed: tables in their order, rows by their number."""
    order = [table.id for table in store.ruleset.row_tables]
    wanted = order if table_id is None else [table_of(store, table_id).id]
    with store.read() as connection:
        for one in wanted:
            query = (
                select(*ROW_COLUMNS)
                .where(rows.c.period_id == store.period.id, rows.c.table_id == one)
                .order_by(rows.c.institution, rows.c.seq)
                .execution_options(yield_per=500)
            )
            # Who stops reading early leaves nothing open on a server.
            with connection.execute(query) as lines:
                yield from map(to_row, lines)

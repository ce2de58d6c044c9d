"""Lists of rows, paged from SQL: search, filter, order; progress of each table."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, case, func, select

from app.book.coding import maybe_yuan, to_yuan
from app.book.derive import table_of
from app.book.errors import BookError
from app.book.opinions import LATEST
from app.book.reading import to_class
from app.book.types import STAGES, RowLine, TableProgress
from app.forms.classes import BY_CODE
from app.models.functions import among
from app.models.tables import rows

if TYPE_CHECKING:
    from app.book.store import Store

_LINE = (
    rows.c.id, rows.c.seq, rows.c.asset_no, rows.c.name, rows.c.subject, rows.c.carrying_amount,
    rows.c.suggested, rows.c.at_least, rows.c.expected_loss, rows.c.errors, rows.c.warnings,
    rows.c.stage,
)  # fmt: skip


def _rank(column: ColumnElement[Any]) -> ColumnElement[int]:
    return case({code: member.rank for code, member in BY_CODE.items()}, value=column, else_=0)


_ORDERS: dict[str, tuple[ColumnElement[Any], ...]] = {
    "seq": (rows.c.institution, rows.c.seq),
    "id": (func.length(rows.c.id), rows.c.id),
    "asset_no": (rows.c.asset_no,),
    "name": (rows.c.initials, rows.c.name),
    "subject": (rows.c.subject,),
    "carrying_amount": (rows.c.carrying_amount,),
    "expected_loss": (rows.c.expected_loss,),
    "suggested": (_rank(rows.c.at_least), rows.c.suggested.is_not(None)),
    "at_least": (_rank(rows.c.at_least),),
    "errors": (rows.c.errors, rows.c.warnings),
    "warnings": (rows.c.warnings, rows.c.errors),
    "stage": (case({code: n for n, code in enumerate(STAGES)}, value=rows.c.stage, else_=99),),
    "updated_at": (rows.c.updated_at,),
}
ORDERS = tuple(_ORDERS)


def row_list(
    store: Store,
    table_id: str | None,
    *,
    search: str = "",
    only: str = "",
    order_by: str = "seq",
    descending: bool = False,
    offset: int = 0,
    limit: int = 200,
) -> list[RowLine]:
    """One page of a table's rows (of all tables with None)."""
    wanted = _wanted(store, table_id, search, only)
    query = select(*_LINE).where(*wanted).order_by(*_ordered(order_by, descending=descending))
    with store.read() as connection:
        return [_row_line(line) for line in connection.execute(query.offset(offset).limit(limit))]


def row_keys(
    store: Store,
    table_id: str | None,
    *,
    search: str = "",
    only: str = "",
    order_by: str = "seq",
    descending: bool = False,
    within: Collection[str] | None = None,
) -> list[int]:
    """The keys of all rows of a list, in its order: a list that stays while its rows change.

    `within`: only these ids.
    """
    wanted = _wanted(store, table_id, search, only, within)
    query = select(rows.c.key).where(*wanted).order_by(*_ordered(order_by, descending=descending))
    with store.read() as connection:
        return list(connection.execute(query).scalars().all())


def lines_of(store: Store, keys: Sequence[int]) -> list[RowLine | None]:
    """These rows as lists show them, in the order asked for; None for one that has gone."""
    query = select(rows.c.key, *_LINE).where(rows.c.key.in_(keys))
    with store.read() as connection:
        found = {line.key: _row_line(line) for line in connection.execute(query)}
    return [found.get(key) for key in keys]


def key_of(store: Store, row_id: str) -> int | None:
    """The key of a row of this period; None when it is not in it."""
    query = select(rows.c.key).where(rows.c.period_id == store.period.id, rows.c.id == row_id)
    with store.read() as connection:
        return connection.execute(query).scalar()


def ids_of(store: Store, table_id: str | None, keys: Sequence[int]) -> list[str]:
    """The ids of rows of a table (of all tables with None), in the order asked for."""
    query = select(rows.c.key, rows.c.id).where(*_wanted(store, table_id, "", ""))
    with store.read() as connection:
        found = {line.key: line.id for line in connection.execute(query).all()}
    return [found[key] for key in keys if key in found]


def _ordered(order_by: str, *, descending: bool) -> list[Any]:
    if order_by not in _ORDERS:
        raise ValueError(f"rows can't be ordered by {order_by!r}")
    columns = _ORDERS[order_by]
    order = [_directed(column, descending=descending) for column in columns]
    # Named twice, it would keep the index from giving the order.
    rest = [one for one in (rows.c.seq, rows.c.key) if all(one is not column for column in columns)]
    return [*order, *rest]


def _directed(column: ColumnElement[Any], *, descending: bool) -> ColumnElement[Any]:
    """Files and servers differ in where nothing stands, unless they are told."""
    if isinstance(column, Column) and not column.nullable:
        # Said where nothing can be missing, it would keep the index from giving the order.
        return column.desc() if descending else column.asc()
    return column.desc().nulls_last() if descending else column.asc().nulls_first()


def row_line(store: Store, row_id: str) -> RowLine | None:
    """One row as lists show it; None when it is not in this period."""
    query = select(*_LINE).where(rows.c.period_id == store.period.id, rows.c.id == row_id)
    with store.read() as connection:
        line = connection.execute(query).first()
    return _row_line(line) if line is not None else None


def row_count(
    store: Store,
    table_id: str | None,
    *,
    search: str = "",
    only: str = "",
) -> int:
    """How many rows a search and filter leave."""
    wanted = _wanted(store, table_id, search, only)
    query = select(func.count()).select_from(rows).where(*wanted)
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def _row_line(line: Any) -> RowLine:
    return RowLine(
        id=line.id,
        seq=line.seq,
        asset_no=line.asset_no or "",
        name=line.name or "",
        subject=line.subject or "",
        carrying_amount=maybe_yuan(line.carrying_amount),
        suggested=to_class(line.suggested),
        at_least=BY_CODE[line.at_least],
        expected_loss=maybe_yuan(line.expected_loss),
        errors=line.errors,
        warnings=line.warnings,
        stage=line.stage,
    )


def _wanted(
    store: Store,
    table_id: str | None,
    search: str,
    only: str,
    within: Collection[str] | None = None,
) -> list[Any]:
    found: list[Any] = [rows.c.period_id == store.period.id]
    if table_id is not None:
        found.append(rows.c.table_id == table_of(store, table_id).id)
    found += matching(search)
    if only:
        found.append(_only(only))
    if within is not None:
        found.append(among(rows.c.id, within))
    return found


def matching(search: str) -> list[ColumnElement[bool]]:
    """What a row has to fulfil to be found by these words; nothing for no words."""
    return [_contains(word) for word in _words(search)]


def _words(search: str) -> list[str]:
    """What is looked for: half-width, small letters, amounts without separators."""
    text = unicodedata.normalize("NFKC", search).lower()
    return [word.replace(",", "") if _amount_like(word) else word for word in text.split()]


def _amount_like(word: str) -> bool:
    return word.replace(",", "").replace(".", "", 1).isdigit()


def _contains(word: str) -> ColumnElement[bool]:
    return rows.c.search_text.contains(word, autoescape=True)


COUNTS_AS, OF_SUBJECT = "counts_as:", "subject:"
"""Prefixes of filters: the class that counts (or nothing), a subject's code."""


def _only(only: str) -> ColumnElement[bool]:
    if only.startswith(COUNTS_AS):
        code = only.removeprefix(COUNTS_AS)
        return LATEST.in_((code,)) if code else LATEST.is_(None)
    if only.startswith(OF_SUBJECT):
        return rows.c.subject == only.removeprefix(OF_SUBJECT)
    match only:
        case "with_loss":
            return rows.c.expected_loss > 0
        case "errors":
            return rows.c.errors > 0
        case "warnings":
            return rows.c.warnings > 0
        case "problems":
            return (rows.c.errors > 0) | (rows.c.warnings > 0)
        case "unfinished":
            return rows.c.stage == "draft"
        case _ if only in BY_CODE:
            return rows.c.suggested == only
        case _ if only in STAGES:
            return rows.c.stage == only
    raise BookError(f"没有“{only}”这种筛选。请核对写法。")


def progress(store: Store) -> dict[str, TableProgress]:
    """How far each table is, also those without rows."""
    query = (
        select(
            rows.c.table_id,
            func.count().label("rows"),
            func.sum(case((rows.c.errors == 0, 1), else_=0)).label("finished"),
            func.sum(rows.c.errors).label("errors"),
            func.sum(rows.c.warnings).label("warnings"),
            func.coalesce(func.sum(rows.c.carrying_amount), 0).label("carrying_amount"),
            func.coalesce(func.sum(rows.c.expected_loss), 0).label("expected_loss"),
        )
        .where(rows.c.period_id == store.period.id)
        .group_by(rows.c.table_id)
    )
    with store.read() as connection:
        lines = {line.table_id: line for line in connection.execute(query)}
    return {table.id: _progress(lines.get(table.id)) for table in store.ruleset.row_tables}


def _progress(line: Any) -> TableProgress:
    if line is None:
        return TableProgress(0, 0, 0, 0, to_yuan(0), to_yuan(0))
    return TableProgress(
        line.rows,
        line.finished,
        line.errors,
        line.warnings,
        to_yuan(line.carrying_amount),
        to_yuan(line.expected_loss),
    )

"""Table 2 of a whole period as its opinions stand now; in a union's book office by office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from sqlalchemy import Select, func, select

from app.book import evidence
from app.book.big_losses import TABLE, BigLossSheet, sheet_of
from app.book.coding import from_json, to_fen, to_yuan
from app.book.opinions import LATEST_FIRST
from app.book.reading import ROW_COLUMNS
from app.book.said import Stages, last_said
from app.book.summary import LOSSES
from app.forms.values import ratio_text
from app.models.functions import json_part
from app.models.tables import big_losses, offices, rows

if TYPE_CHECKING:
    from app.book.store import Store

_LAYERED = func.coalesce(
    *(rows.c[name] for name in LATEST_FIRST[:-1]), rows.c.layer_class, rows.c.suggested
)
"""The class that counts; where nobody gave one, the suggestion with the union's own values."""


@dataclass(frozen=True, slots=True)
class LossLine:
    """One big loss as a list shows it; the amounts are those that count now."""

    row_id: str
    office: str
    """Name and code of its office; empty in an office's own book."""
    table_id: str
    name: str
    amount: Decimal
    loss: Decimal


@dataclass(frozen=True, slots=True)
class StandingSheet:
    """One sheet with everything that was said of its row."""

    line: LossLine
    sheet: BigLossSheet
    """Loss and rate on it are those that count now."""
    said: Stages
    below: Mapping[str, Any] | None
    """What the union that sent the row up had said of it."""


def loss_lines(store: Store) -> list[LossLine]:
    """Every row that needs a sheet by its last opinion: by office, table and number."""
    if TABLE not in store.ruleset.tables:
        return []
    loss = func.coalesce(LOSSES["latest"], 0).label("loss")
    query = select(
        rows.c.id, rows.c.institution, rows.c.table_id, rows.c.seq, rows.c.name,
        rows.c.carrying_amount, loss,
    ).where(
        rows.c.period_id == store.period.id,
        rows.c.table_id.in_(store.ruleset.big_loss_tables),
        rows.c.carrying_amount >= to_fen(store.ruleset.big_loss_threshold),
        _LAYERED == "loss",
    )  # fmt: skip
    with store.read() as connection:
        found = connection.execute(query).all()
        names = {one.code: one.name for one in connection.execute(select(offices))}
    order = {table.id: place for place, table in enumerate(store.ruleset.row_tables)}
    found = sorted(found, key=lambda one: (one.institution, order[one.table_id], one.seq))
    return [
        LossLine(
            one.id, _office(one.institution, names), one.table_id, one.name or "",
            to_yuan(one.carrying_amount), to_yuan(one.loss),
        )
        for one in found
    ]  # fmt: skip


def _office(code: str, names: Mapping[str, str]) -> str:
    return f"{names.get(code, '')}（{code}）" if code else ""


def standing_sheets(store: Store, lines: Sequence[LossLine]) -> Iterator[StandingSheet]:
    """The sheets of these rows in their order, some at a time; a row gone meanwhile is left out."""
    for start in range(0, len(lines), evidence.AT_A_TIME):
        part = lines[start : start + evidence.AT_A_TIME]
        ids = [one.row_id for one in part]
        files = evidence.attachments_of(store, ids)
        said = last_said(store, ids)
        with store.read() as connection:
            stored = {one.id: one for one in connection.execute(_stored(store, ids))}
        for line in part:
            one = stored.get(line.row_id)
            if one is not None:
                sheet = _as_it_stands(sheet_of(store, one, files.get(line.row_id, [])), line)
                yield StandingSheet(line, sheet, said.get(line.row_id, {}), from_json(one.below))


def _stored(store: Store, ids: Sequence[str]) -> Select[Any]:
    """Rows with what their offices wrote on the sheets, where there is one yet."""
    same = (big_losses.c.row_id == rows.c.id) & (big_losses.c.period_id == rows.c.period_id)
    below = json_part(func.nullif(rows.c.sent, ""), "union").label("below")
    columns = (*ROW_COLUMNS, big_losses.c.field_values.label("sheet_values"), below)
    return (
        select(*columns)
        .select_from(rows.outerjoin(big_losses, same))
        .where(rows.c.period_id == store.period.id, rows.c.id.in_(ids))
    )


def _as_it_stands(sheet: BigLossSheet, line: LossLine) -> BigLossSheet:
    rate = Fraction(line.loss) / Fraction(line.amount) if line.amount else Fraction(0)
    now = {"expected_loss": f"{line.loss:.2f}", "loss_rate": ratio_text(rate)}
    return replace(sheet, values=sheet.values | now)

"""The lines of the register of classified assets (非信贷资产五级分类登记簿)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlalchemy import func, or_, select

from app.book.coding import to_moment
from app.book.derive import context_of, judged, table_of
from app.book.opinions import OPINIONS
from app.book.register_columns import BACKGROUND, COLUMNS, CURRENCY
from app.book.types import STAGES, Row
from app.book.working_paper import paper_texts
from app.forms.evaluation import Evaluation
from app.forms.values import shown_text
from app.models.tables import history, offices, opinions, rows

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store

Cell = str | Decimal | Fraction | date | None
Given = dict[tuple[str, str], tuple[str, date]]
"""Who gave a row's opinion (row, field) and when; under no field who brought the row in."""
_STAGES = {"review": "review_class", "determination": "determined_class"}
_BULK = 1000


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One asset in the register; amounts in yuan, the rate as a ratio, both exact."""

    row_id: str
    cells: Mapping[str, Cell]


def register_lines(book: Book, *, union_code: str = "") -> Iterator[RegisterLine]:
    """Every row of the period in the register's columns, streamed."""
    given = _given(book.store) | _given_at_union(book.store)
    own = book.institution
    names = _office_names(book.store)
    code = union_code or (own.code if book.is_union else "")
    common: dict[str, Cell] = {
        "institution": own.name,
        "classified_on": book.period.base_date,
        "union_code": code,
        "currency": CURRENCY,
    }
    for row in book.rows():
        cells = {**dict.fromkeys(COLUMNS), **common, **_row_cells(book, row)}
        cells["institution"] = names.get(row.institution, own.name)
        for opinion in OPINIONS:
            by, on = given.get((row.id, opinion), given.get((row.id, ""), ("", None)))
            stem = opinion.removesuffix("_class")
            if cells[opinion]:
                cells[f"{stem}_by"], cells[f"{stem}_on"] = by, on
        yield RegisterLine(row.id, cells)


def _row_cells(book: Book, row: Row) -> dict[str, Cell]:
    # No column tells of papers, and asking for each row's would take most of the time.
    store = book.store
    context = context_of(store, last_class=row.last_class)
    evaluation = judged(table_of(store, row.table_id), row.values, context)
    fields, typed = evaluation.table.fields, evaluation.typed
    texts = {key: text.text for key, text in paper_texts(evaluation, row.values).items()}
    amount = typed.get("carrying_amount")
    cells: dict[str, Cell] = {
        "asset_no": _shown(evaluation, "asset_no") or row.id,
        "asset_kind": evaluation.table.short_title,
        "subject": _subject(book, evaluation),
        "carrying_amount": amount if isinstance(amount, Decimal) else None,
        **_loss_cells(row, evaluation),
        "background": "\n".join(
            f"{fields[key].label}：{texts[key]}" for key in BACKGROUND if texts.get(key)
        ),
        "risk_analysis": texts.get("wp_basis", ""),
        "loss_measurement": _shown(evaluation, "remarks"),
        "measures": texts.get("wp_measures", ""),
        "state": STAGES.get(row.stage, row.stage),
    }
    same = ("name", "formed_on", "initial_reason", "review_reason", "determined_reason")
    return cells | {key: _shown(evaluation, key) for key in (*same, *OPINIONS)}


def _loss_cells(row: Row, evaluation: Evaluation) -> dict[str, Cell]:
    """The loss that counts: the one determined, else the office's."""
    carrying = evaluation.typed.get("carrying_amount")
    if row.determined_loss is None or not isinstance(carrying, Decimal):
        return {"expected_loss": evaluation.expected_loss, "loss_rate": evaluation.loss_rate}
    rate = Fraction(row.determined_loss) / Fraction(carrying) if carrying else Fraction(0)
    return {"expected_loss": row.determined_loss, "loss_rate": rate}


def _shown(evaluation: Evaluation, key: str) -> str:
    field = evaluation.table.fields.get(key)
    return shown_text(field, evaluation.typed.get(key)) if field else ""


def _subject(book: Book, evaluation: Evaluation) -> str:
    code = evaluation.typed.get("subject")
    if not isinstance(code, str):
        return ""
    known = book.store.chart.get(code)
    return f"{code} {known.name}" if known else code


def _office_names(store: Store) -> dict[str, str]:
    """The offices of a union's book by code; none in an office's."""
    with store.read() as connection:
        found = connection.execute(select(offices.c.code, offices.c.name)).all()
    return {line.code: line.name for line in found}


class _SentChange(Struct):
    """One change of a row's history, as far as the register wants it."""

    field: str
    by: str
    at: str
    kind: str


class _SentLine(Struct):
    """What the register wants of a row as its office sent it."""

    history: list[_SentChange]


def _given_at_union(store: Store) -> Given:
    """The union's opinions; and the office's own as its package tells of them."""
    newest = (
        func.row_number()
        .over(partition_by=(opinions.c.row_id, opinions.c.stage), order_by=opinions.c.id.desc())
        .label("place")
    )
    entries = (
        select(opinions.c.row_id, opinions.c.stage, opinions.c.by, opinions.c.at, newest)
        .where(
            opinions.c.period_id == store.period.id,
            opinions.c.stage.in_(_STAGES),
            opinions.c.class_code.is_not(None),
        )
        .subquery()
    )
    sent = select(rows.c.id, rows.c.sent).where(
        rows.c.period_id == store.period.id, rows.c.sent != ""
    )
    found: Given = {}
    with store.read() as connection:
        for line in connection.execute(select(entries).where(entries.c.place == 1)):
            found[line.row_id, _STAGES[line.stage]] = (line.by, to_moment(line.at).date())
        for row_id, content in connection.execute(sent.execution_options(yield_per=_BULK)):
            for change in msgspec.json.decode(content, type=_SentLine).history:
                if change.field == "initial_class":
                    found[row_id, change.field] = (change.by, to_moment(change.at).date())
                elif change.kind in ("add", "carry"):
                    found[row_id, ""] = (change.by, to_moment(change.at).date())
    return found


def _given(store: Store) -> Given:
    """Who gave each row's opinions last, and when; under no field who brought the row in."""
    newest = (
        func.row_number()
        .over(partition_by=(history.c.row_id, history.c.field), order_by=history.c.id.desc())
        .label("place")
    )
    entries = (
        select(history.c.row_id, history.c.field, history.c.by, history.c.at, newest)
        .where(
            history.c.period == store.period_date,
            or_(
                history.c.field.in_(OPINIONS),
                (history.c.kind == "add") & (history.c.field == ""),
            ),
        )
        .subquery()
    )
    with store.read() as connection:
        lines = connection.execute(select(entries).where(entries.c.place == 1)).all()
    return {(line.row_id, line.field): (line.by, to_moment(line.at).date()) for line in lines}

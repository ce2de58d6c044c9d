"""From a row's values to what is stored beside them: class, loss, counts, typed copies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.book.coding import to_fen, to_json, to_yuan
from app.book.errors import BookError
from app.book.finding_ids import finding_id, fingerprint
from app.book.initials import initials, readings
from app.book.opinions import OPINIONS
from app.book.types import Json, Values
from app.forms.classes import FiveClass
from app.forms.errors import ValueFault, likeliest
from app.forms.evaluation import Context, Evaluation, evaluate
from app.forms.schema import FieldDef
from app.forms.table import Table
from app.forms.values import Typed, half_up, is_empty, parser, stored_value

if TYPE_CHECKING:
    from app.book.store import Store

SEARCHED = ("asset_no", "name", "debtor", "counterparty", "investee", "responsible", "remarks")
NAMES = ("name", "debtor", "counterparty")


def table_of(store: Store, table_id: str) -> Table:
    """The table of this number that holds rows; BookError for another word."""
    table = store.ruleset.tables.get(table_id)
    if table is None or "-" not in table_id:
        known = "、".join(t.id for t in store.ruleset.row_tables)
        raise BookError(f"没有认定表“{table_id}”。可用的有：{known}。")
    return table


def context_of(
    store: Store,
    *,
    last_class: FiveClass | None = None,
    papers: frozenset[str] | None = None,
    complete: bool = True,
) -> Context:
    """What rows of this book are judged against."""
    return Context(
        base_date=store.period.base_date,
        chart=store.chart,
        last_class=last_class,
        today=store.today(),
        papers=papers,
        complete=complete,
    )


def judged(table: Table, values: Mapping[str, Json], context: Context) -> Evaluation:
    """Evaluates a row as books do: values of unknown fields left aside."""
    known = {key: value for key, value in values.items() if key in table.fields}
    return evaluate(table, known, context)


def derived_columns(
    store: Store,
    table: Table,
    row_id: str,
    values: Mapping[str, Json],
    *,
    last_class: FiveClass | None = None,
    kept: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The columns that follow from a row's values; `kept` maps findings to fingerprints."""
    evaluation = judged(table, values, context_of(store, last_class=last_class))
    return columns_of(store, evaluation, row_id, kept=kept)


def columns_of(
    store: Store, evaluation: Evaluation, row_id: str, *, kept: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The columns that follow from an evaluation."""
    typed = _Counted(evaluation)
    name = typed.text("name")
    columns: dict[str, Any] = {
        "asset_no": typed.text("asset_no"),
        "name": name,
        "initials": initials(name) if name else "",
        "subject": typed.text("subject"),
        "carrying_amount": typed.fen("carrying_amount"),
        "formed_on": typed.day("formed_on"),
        "due_on": typed.day("due_on"),
        "ruleset_hash": store.period.ruleset_hash,
        "suggested": evaluation.suggested.value if evaluation.suggested else None,
        "at_least": evaluation.at_least.value,
        "expected_loss": _fen_or_none(evaluation.expected_loss),
        "amounts": to_json(typed.amounts()),
        "errors": evaluation.error_count,
        "warnings": _open_warnings(evaluation, row_id, kept or {}),
    }
    for key in OPINIONS:
        columns[key] = typed.text(key)
    columns["search_text"] = _search_text(row_id, columns, typed)
    return columns


def _fen_or_none(amount: Decimal | None) -> int | None:
    return None if amount is None else to_fen(half_up(amount, 2))


class _Counted:
    """The values of a row that count: asked, answered, readable."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.table = evaluation.table
        self.values = evaluation.row.values

    def text(self, key: str) -> str | None:
        """A text, code or choice; None where there is none."""
        value = self.values.get(key)
        return value if isinstance(value, str) and value else None

    def fen(self, key: str) -> int | None:
        """An amount in whole fen."""
        value = self.values.get(key)
        return _fen_or_none(value) if isinstance(value, Decimal) else None

    def day(self, key: str) -> str | None:
        """A date as text; of one known to the month or year its first day."""
        value = self.values.get(key)
        return value.isoformat() if isinstance(value, date) else None

    def amounts(self) -> dict[str, int]:
        """Whole fen of every amount that was given and counts."""
        found = {key: self.fen(key) for key in money_fields(self.table)}
        return {key: fen for key, fen in found.items() if fen is not None}


def _open_warnings(evaluation: Evaluation, row_id: str, kept: Mapping[str, str]) -> int:
    count = evaluation.warning_count
    if not count or not kept:
        return count
    warnings = [p for p in evaluation.problems if p.severity == "warning"]
    settled = sum(
        kept.get(finding_id(p.code, row_id, p.field))
        == fingerprint(p.code, row_id, p.field, p.values)
        for p in warnings
    )
    return count - settled


def _search_text(row_id: str, columns: Mapping[str, Any], typed: _Counted) -> str:
    texts = [row_id, *(typed.text(key) for key in SEARCHED)]
    for name in filter(None, map(typed.text, NAMES)):
        texts += sorted(readings(name))
    carrying = columns["carrying_amount"]
    if carrying is not None:
        texts.append(f"{to_yuan(carrying):.2f}")
    return "\n".join(text for text in texts if text).lower()


@lru_cache(maxsize=64)
def money_fields(table: Table) -> tuple[str, ...]:
    """The money fields of a table that are typed in."""
    return tuple(k for k, f in table.fields.items() if f.type == "money" and not f.computed)


@lru_cache(maxsize=64)
def _readers(table: Table) -> dict[str, tuple[FieldDef, Callable[[Json], Typed]]]:
    return {key: (field, parser(field)) for key, field in table.fields.items()}


def stored_values(table: Table, raw: Mapping[str, Json]) -> Values:
    """What to store of what was given: read where readable, else as typed; None where emptied."""
    readers = _readers(table)
    found: Values = {}
    for key, value in raw.items():
        if key not in readers:
            near = likeliest(key, readers)
            hint = f"是否指“{near}”（{readers[near][0].label}）？" if near else "请核对字段名。"
            raise BookError(f"附表{table.id}没有“{key}”这个字段。{hint}")
        field, parse = readers[key]
        if field.computed:
            raise BookError(
                f"附表{table.id}的「{field.label}」由程序计算，不能填写。请改它所根据的各项。"
            )
        found[key] = None if is_empty(value) else _stored(field, parse, value)
    return found


def _stored(field: FieldDef, parse: Callable[[Json], Typed], value: Json) -> Json:
    try:
        return stored_value(field, parse(value))
    except ValueFault:
        # Nothing typed is lost: it stays as it is, and the evaluation reports it.
        return value if isinstance(value, str | int | bool | list) else str(value)

"""The union's own values on top of what an office sent, by stage; evaluated again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.book.coding import from_json
from app.book.derive import context_of, judged, table_of
from app.book.reading import to_class
from app.forms.classes import FiveClass
from app.forms.errors import ValueFault
from app.forms.evaluation import Evaluation
from app.forms.table import Table
from app.forms.values import half_up, is_empty, parse_value, stored_value
from app.union.entries import VALUATIONS, Entry
from app.union.errors import UnionError

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store

Json = Any
Layers = dict[str, dict[str, Any]]
BELOW = "below"
"""The layer that a union below this one had put on a row it sent up."""
STAGES = (BELOW, "review", "determination")
"""The stages that have a layer, the later one on top."""


def previewed(
    book: Book, row_id: str, stage: str, *, loss: Json = None, valuations: Mapping[str, Json]
) -> Evaluation:
    """What a row would come to with values of the union's own; UnionError where they can't be."""
    from app.book.reading import row_line

    entry = Entry(row_id, "", loss=loss, valuations=valuations, reason="预览")
    with book.store.read() as connection:
        line = row_line(book.store, connection, row_id)
    evaluation = layered(book.store, line, with_layer(book.store, line, entry, stage))
    need_sound(evaluation, entry)
    return evaluation


def may_be_set(table: Table) -> dict[str, str]:
    """The values of a table that the union may set otherwise than the office, with their names."""
    return {
        key: field.label
        for key in VALUATIONS
        if (field := table.fields.get(key)) is not None and not field.computed
    }


def layered(store: Store, line: Any, layers: Mapping[str, Mapping[str, Json]]) -> Evaluation:
    """Evaluates a stored row with layers; what the office sent stays as it is."""
    table = table_of(store, line.table_id)
    values = dict(from_json(line.field_values) or {})
    for stage in STAGES:
        values |= layers.get(stage, {}).get("values", {})
    context = context_of(store, last_class=to_class(line.last_class))
    return judged(table, values, context)


def merged_layer(layers: Mapping[str, Mapping[str, Json]], *stages: str) -> dict[str, Any] | None:
    """The layers of some stages as one, with the last reason; None where there is none."""
    values: dict[str, Json] = {}
    reason = ""
    for stage in stages:
        layer = layers.get(stage, {})
        values |= layer.get("values", {})
        reason = layer.get("reason") or reason
    return {"values": values, "reason": reason} if values else None


def class_in(table: Table, entry: Entry, field: str) -> FiveClass | None:
    """The class an entry names, by code or label; UnionError for another word."""
    if is_empty(entry.class_):
        return None
    try:
        found = parse_value(table.fields[field], entry.class_)
    except ValueFault:
        raise UnionError(
            f"{entry.place}（{entry.id}）：类别“{entry.class_}”不对，应为正常、关注、次级、可疑、损失之一。"
        ) from None
    return found if isinstance(found, FiveClass) else to_class(str(found))


def with_layer(store: Store, line: Any, entry: Entry, stage: str) -> Layers:
    """The row's layers with what an entry adds to one stage; an emptied value leaves it."""
    layers: Layers = from_json(line.layers) or {}
    if not entry.has_layer:
        return layers
    if not entry.reason:
        raise UnionError(f"{entry.place}（{entry.id}）：另定价值或损失的，要写理由（reason）。")
    table = table_of(store, line.table_id)
    values = dict(layers.get(stage, {}).get("values", {}))
    given = dict(entry.valuations)
    if entry.loss is not None:
        given["expected_loss"] = entry.loss
        if "loss_basis" in table.fields:
            # A loss set by the union is an estimate, whatever the office had chosen.
            values["loss_basis"] = "estimated"
    for key, raw in given.items():
        value = _read(table, entry, key, raw)
        if value is None:
            values.pop(key, None)
        else:
            values[key] = value
    layers[stage] = {"values": values, "reason": entry.reason}
    return layers


def _read(table: Table, entry: Entry, key: str, raw: Json) -> Json:
    field = table.fields.get(key)
    if field is None or field.computed:
        raise UnionError(
            f"{entry.place}（{entry.id}）：附表{table.id}没有“{key}”，不能另定。请核对字段名。"
        )
    if is_empty(raw):
        return None
    try:
        return stored_value(field, parse_value(field, raw))
    except ValueFault as fault:
        raise UnionError(
            f"{entry.place}（{entry.id}）：「{field.label}」写的是“{raw}”，应为{fault.expected}。"
        ) from None


def need_sound(evaluation: Evaluation, entry: Entry) -> None:
    """Refuses a layer whose values contradict the row; the problem says why."""
    if not entry.has_layer:
        return
    keys = {*entry.valuations, "expected_loss"}
    for problem in evaluation.problems:
        if problem.severity == "error" and problem.field in keys:
            raise UnionError(f"{entry.place}（{entry.id}）：{problem.message}{problem.way_out}")


def loss_of(evaluation: Evaluation) -> Decimal | None:
    """The expected loss of an evaluation, to the fen."""
    loss = evaluation.expected_loss
    return None if loss is None else half_up(loss, 2)

"""What a newer package of an office changed: fields, answers to questions, rows gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.book.coding import from_json, to_json
from app.union.incoming import office_values

if TYPE_CHECKING:
    from app.book.store import Store
    from app.book.types import Row
    from app.forms.table import Table

Json = Any
Line = Mapping[str, Json]
EVIDENCE = "evidence"
"""Names a row's attachments where a question is about them."""
WITHOUT_FIELD = {
    EVIDENCE: ("attachments", "资料附件"),
    "kept": ("kept", "保留的警告"),
    "big_loss": ("big_loss", "附表2"),
}
"""Parts of a line that are not fields of its table: key in the line, name."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing that is different from what was sent before."""

    field: str
    label: str
    old: Json
    new: Json


def changes_between(table: Table, old: Line, new: Line) -> list[FieldChange]:
    """What differs between two versions of a line, field by field, in the order of the form."""
    before, after = office_values(table, old), office_values(table, new)
    found = [
        FieldChange(key, field.label, before.get(key), after.get(key))
        for key, field in table.fields.items()
        if before.get(key) != after.get(key)
    ]
    for key, (part, label) in WITHOUT_FIELD.items():
        if (old.get(part) or None) != (new.get(part) or None):
            found.append(FieldChange(key, label, old.get(part), new.get(part)))
    return found


def answered_marks(table: Table, marks: Sequence[Line], old: Line, new: Line) -> list[Line]:
    """The questions with what the office did about each: field or remarks changed, or said why."""
    changed = {change.field for change in changes_between(table, old, new)}
    said = {(a["field"], a["note"]): a["answer"] for a in new.get("answers") or ()}
    found: list[Line] = []
    for mark in marks:
        answer = said.get((mark["field"], mark["note"]), "")
        answered = bool(answer) or mark["field"] in changed or "remarks" in changed
        found.append({**mark, "answer": answer, "answered": answered})
    return found


def asked_before(store: Store, row: Row) -> list[Line]:
    """The period's questions on a row that are over, each with what the office did about it."""
    from sqlalchemy import select

    from app.models.tables import history

    query = select(history.c.new).where(
        history.c.row_id == row.id,
        history.c.period == store.period_date,
        history.c.kind == "answered",
    )
    with store.read() as connection:
        told = [
            from_json(new) for new in connection.execute(query.order_by(history.c.id)).scalars()
        ]
    # A question that was sent again stands in several entries: the last one says how it ended.
    found = {_same(mark): mark for marks in told for mark in marks}
    still = {_same(mark) for mark in row.marks}
    return [mark for key, mark in found.items() if key not in still]


def _same(mark: Line) -> tuple[str, ...]:
    return tuple(str(mark.get(key, "")) for key in ("field", "note", "by", "at"))


def marks_text(marks: Sequence[Line]) -> str:
    """Questions as stored."""
    return to_json(list(marks)) if marks else ""

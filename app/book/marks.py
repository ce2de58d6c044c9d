"""The union's questions at the office: which fields, and what has been done about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.book.history import changes
from app.book.reading import to_row
from app.book.types import Row
from app.models.tables import rows

if TYPE_CHECKING:
    from app.book.store import Store

Json = Any
REMARKS = "remarks"
"""What is written here may answer any question."""
PARTS = {
    "attach": "evidence",
    "detach": "evidence",
    "keep": "kept",
    "unkeep": "kept",
    "big_loss": "big_loss",
    "big_loss_set": "big_loss",
}
"""Changes of what is no field of the row: the name that questions have for it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the union on a row."""

    field: str
    """A field's key, or evidence, kept, big_loss."""
    note: str
    by: str
    answer: str
    changed: bool
    """Whether something was changed there since the row came back."""

    @property
    def answered(self) -> bool:
        """Whether the union will find something done about it."""
        return bool(self.answer) or self.changed


@dataclass(frozen=True, slots=True)
class Returned:
    """A row that the union has questions on."""

    row: Row
    questions: tuple[Question, ...]
    reason: str
    """Why the row was returned as a whole."""

    @property
    def open(self) -> int:
        """How many questions are still without an answer."""
        return sum(not one.answered for one in self.questions)


def questions_on(store: Store, row: Row) -> Returned:
    """The questions on a row, each with whether it has been answered."""
    given = changes(store, row.id)
    back = max((one.id for one in given if one.kind == "return"), default=0)
    reason = next((str(one.new["reason"]) for one in given if one.id == back), "")
    touched = {
        PARTS.get(one.kind, one.field if one.kind == "set" else "")
        for one in given
        if one.id > back
    }
    return Returned(row, tuple(_question(mark, touched) for mark in row.marks), reason)


def _question(mark: Mapping[str, Json], touched: set[str]) -> Question:
    changed = mark["field"] in touched or REMARKS in touched
    return Question(mark["field"], mark["note"], mark["by"], mark["answer"], changed)


def returned_rows(store: Store) -> list[Returned]:
    """The rows of the period that the union has questions on, by table and number."""
    query = (
        select(rows)
        .where(rows.c.period_id == store.period.id, rows.c.marks != "")
        .order_by(rows.c.table_id, rows.c.seq)
    )
    with store.read() as connection:
        found = [to_row(line) for line in connection.execute(query)]
    order = {table.id: place for place, table in enumerate(store.ruleset.row_tables)}
    found.sort(key=lambda row: order.get(row.table_id, len(order)))
    return [questions_on(store, row) for row in found if row.marks]


def first_open(store: Store) -> tuple[Row, str] | None:
    """Row and field of the first question without an answer; None when there is none."""
    for one in returned_rows(store):
        for question in one.questions:
            if not question.answered:
                return one.row, question.field
    return None

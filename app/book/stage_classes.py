"""The class and the loss of every row at a stage, by one query."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.book.coding import to_yuan
from app.book.reading import to_class
from app.book.summary import LOSSES, STAGES, need_stage
from app.forms.classes import FiveClass
from app.models.tables import rows

if TYPE_CHECKING:
    from app.book.book import Book


def classes_at(book: Book, stage: str) -> dict[str, tuple[FiveClass | None, Decimal]]:
    """By row id: the class at the stage (None: no opinion yet) and the expected loss."""
    need_stage(stage)
    query = select(
        rows.c.id,
        STAGES[stage].label("class_"),
        func.coalesce(LOSSES[stage], 0).label("loss"),
    ).where(rows.c.period_id == book.period.id)
    with book.store.read() as connection:
        return {
            line.id: (to_class(line.class_), to_yuan(line.loss))
            for line in connection.execute(query.execution_options(yield_per=2000))
        }

"""The rows behind a figure of the summary: every sum can be traced to what it is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal, select

from app.book.errors import BookError
from app.book.summary import STAGES, Places, need_stage
from app.forms.classes import BY_CODE
from app.forms.schema import SummaryLine
from app.models.functions import json_part
from app.models.tables import rows

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store

UNREVIEWED = "open"
"""Names the rows without an opinion, where a class is asked for."""


def rows_behind(
    book: Book, stage: str, line_key: str, class_: str = "", *, netted: bool = True
) -> list[str]:
    """The ids of the rows that a line of the summary sums up, of one class where it is named."""
    store = book.store
    need_stage(stage)
    definition = store.ruleset.summary
    wanted = _leaves(definition, line_key)
    places = Places(definition)
    answers = [json_part(rows.c.field_values, name) for name in places.fields]
    query = (
        select(
            rows.c.id,
            rows.c.table_id,
            func.coalesce(rows.c.subject, literal("")).label("subject"),
            STAGES[stage].label("class_"),
            *(answer.label(f"answer_{n}") for n, answer in enumerate(answers)),
        )
        .where(rows.c.period_id == store.period.id)
        .order_by(rows.c.institution, func.length(rows.c.table_id), rows.c.table_id, rows.c.seq)
    )
    found = []
    with store.read() as connection:
        for line in connection.execute(query):
            given = {n: str(line._mapping[f"answer_{k}"]) for k, n in enumerate(places.fields)}
            key = places.of(line.subject, line.table_id, given)
            if key in wanted and _counts(store, line, class_, netted=netted):
                found.append(line.id)
    return found


def _leaves(definition: Iterable[SummaryLine], key: str) -> set[str]:
    """The lines that a line is the sum of, down to those that rows fall into."""
    by_key = {line.key: line for line in definition}
    if key not in by_key:
        raise BookError(f"汇总表里没有“{key}”这一行。请核对写法。")
    parts = by_key[key].sum_of
    if not parts:
        return {key}
    return set().union(*(_leaves(by_key.values(), part) for part in parts))


def _counts(store: Store, line: Any, class_: str, *, netted: bool) -> bool:
    """Whether a row goes into the figure; of netted subjects only the last three classes do."""
    found = BY_CODE[line.class_] if line.class_ else None
    if class_ and class_ != (found.value if found else UNREVIEWED):
        return False
    subject = store.chart.get(line.subject)
    netting = netted and subject is not None and subject.netting
    return not (netting and found is not None and not found.non_performing)

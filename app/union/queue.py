"""The reviewer's queue by office, table, class, stage and worth; random samples with their seed."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.book.coding import from_json, maybe_yuan, to_json, to_moment
from app.book.lists import matching
from app.book.reading import to_class
from app.book.types import STAGES
from app.forms.classes import BY_CODE, FiveClass
from app.models.tables import rows, samples
from app.union.errors import UnionError
from app.union.offices import need_union
from app.union.waiting import waits_for

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store

_ORDERS = {
    # The key down too, so that the index by worth gives the order without sorting.
    "worth": (rows.c.worth.desc(), rows.c.key.desc()),
    "amount": (rows.c.carrying_amount.desc().nulls_last(),),
    # 1-2 before 1-10.
    "place": (
        rows.c.institution,
        func.length(rows.c.table_id),
        rows.c.table_id,
        rows.c.seq,
    ),
}
ORDERS = tuple(_ORDERS)
_ASKED = 500
"""Ids asked for at a time: below what databases take in one statement."""
_LINE = (
    rows.c.id, rows.c.institution, rows.c.table_id, rows.c.name, rows.c.carrying_amount,
    rows.c.expected_loss, rows.c.suggested, rows.c.layer_class, rows.c.initial_class,
    rows.c.review_class, rows.c.determined_class, rows.c.last_class, rows.c.stage, rows.c.warnings,
    rows.c.worth, rows.c.marks, rows.c.sent_before, rows.c.version,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A row as the reviewer's list shows it."""

    id: str
    institution: str
    table_id: str
    name: str
    carrying_amount: Decimal | None
    expected_loss: Decimal | None
    suggested: FiveClass | None
    layer_class: FiveClass | None
    initial_class: FiveClass | None
    review_class: FiveClass | None
    determined_class: FiveClass | None
    last_class: FiveClass | None
    stage: str
    warnings: int
    worth: int
    """Amount × closeness to a step × kept warnings × missing evidence; only its order means."""
    marks: int
    unanswered: int
    changed: bool
    """Whether the office changed it with its last package."""
    version: int


def review_queue(
    book: Book,
    *,
    institution: str = "",
    table_id: str = "",
    class_: str = "",
    stage: str = "",
    sample: int | None = None,
    order_by: str = "worth",
    offset: int = 0,
    limit: int = 200,
) -> list[QueueLine]:
    """A page of the queue; empty filters let everything through."""
    need_union(book)
    wanted = _wanted(book.store, institution, table_id, class_, stage, sample)
    query = (
        select(*_LINE)
        .where(*wanted)
        .order_by(*_ORDERS[order_by], rows.c.key)
        .offset(offset)
        .limit(limit)
    )
    with book.store.read() as connection:
        return [_line(line) for line in connection.execute(query)]


def queue_ids(
    book: Book,
    *,
    institution: str = "",
    table_id: str = "",
    class_: str = "",
    stages: Sequence[str] = (),
    waits: str = "",
    sample: int | None = None,
    search: str = "",
    order_by: str = "worth",
) -> list[str]:
    """The ids of the whole queue in its order: a list that stays while its rows change.

    `waits` (one of waiting.WAITS): only rows that wait for this.
    """
    need_union(book)
    wanted = _wanted(book.store, institution, table_id, class_, "", sample)
    if stages:
        wanted.append(rows.c.stage.in_(stages))
    if waits:
        wanted.append(waits_for(book, waits))
    wanted += matching(search)
    query = select(rows.c.id).where(*wanted).order_by(*_ORDERS[order_by], rows.c.key)
    with book.store.read() as connection:
        return list(connection.execute(query).scalars())


def lines_of(book: Book, ids: Sequence[str]) -> list[QueueLine]:
    """Rows of either kind of book as the queue shows them, in the order asked for."""
    found: dict[str, QueueLine] = {}
    with book.store.read() as connection:
        for start in range(0, len(ids), _ASKED):
            part = list(ids[start : start + _ASKED])
            this = (rows.c.period_id == book.period.id) & rows.c.id.in_(part)
            for line in connection.execute(select(*_LINE).where(this)):
                found[line.id] = _line(line)
    return [found[one] for one in ids if one in found]


def waiting_count(book: Book, what: str) -> int:
    """How many rows wait for one of waiting.WAITS."""
    mine = rows.c.period_id == book.period.id
    query = select(func.count()).select_from(rows).where(mine, waits_for(book, what))
    with book.store.read() as connection:
        return int(connection.execute(query).scalar_one())


def _wanted(
    store: Store, institution: str, table_id: str, class_: str, stage: str, sample: int | None
) -> list[Any]:
    found: list[Any] = [rows.c.period_id == store.period.id]
    if institution:
        found.append(rows.c.institution == institution)
    if table_id:
        found.append(rows.c.table_id == table_id)
    if class_:
        if class_ not in BY_CODE:
            raise UnionError(f"没有“{class_}”这一类。请核对写法。")
        found.append(rows.c.suggested == class_)
    if stage:
        if stage not in STAGES:
            raise UnionError(f"没有“{stage}”这个阶段。请核对写法。")
        found.append(rows.c.stage == stage)
    if sample is not None:
        found.append(rows.c.id.in_(_sample(store, sample).row_ids))
    return found


def _line(line: Any) -> QueueLine:
    marks = from_json(line.marks) or ()
    return QueueLine(
        id=line.id,
        institution=line.institution,
        table_id=line.table_id,
        name=line.name or "",
        carrying_amount=maybe_yuan(line.carrying_amount),
        expected_loss=maybe_yuan(line.expected_loss),
        suggested=to_class(line.suggested),
        layer_class=to_class(line.layer_class),
        initial_class=to_class(line.initial_class),
        review_class=to_class(line.review_class),
        determined_class=to_class(line.determined_class),
        last_class=to_class(line.last_class),
        stage=line.stage,
        warnings=line.warnings,
        worth=line.worth,
        marks=len(marks),
        unanswered=sum(not mark["answered"] for mark in marks),
        changed=bool(line.sent_before),
        version=line.version,
    )


# Samples


@dataclass(frozen=True, slots=True)
class Sample:
    """A random sample; seed, size and scope draw the same rows again."""

    id: int
    seed: str
    size: int
    scope: Mapping[str, str]
    row_ids: tuple[str, ...]
    by: str
    at: datetime


def draw_sample(
    book: Book,
    size: int,
    *,
    by: str,
    seed: str = "",
    institution: str = "",
    table_id: str = "",
    class_: str = "",
) -> Sample:
    """Draws rows at random and records how; without a seed one is made."""
    need_union(book)
    store = book.store
    scope = {"institution": institution, "table_id": table_id, "class": class_}
    query = select(rows.c.id).where(*_wanted(store, institution, table_id, class_, "", None))
    seed = seed or secrets.token_hex(8)
    with store.write(by) as change:
        ids = sorted(change.connection.execute(query).scalars())
        if not 0 < size <= len(ids):
            raise UnionError(f"抽样笔数应为1至{len(ids)}，不是{size}。")
        drawn = sorted(random.Random(seed).sample(ids, size))
        line = {
            "period_id": store.period.id,
            "seed": seed,
            "size": size,
            "scope": to_json(scope),
            "row_ids": to_json(drawn),
            "by": by,
            "at": change.at_text,
        }
        added = change.connection.execute(samples.insert(), line).inserted_primary_key
        change.log("sample", new={"seed": seed, "size": size, "scope": scope})
    assert added is not None
    return _sample(store, int(added[0]))


def all_samples(book: Book) -> list[Sample]:
    """The samples of the period, in the order they were drawn."""
    query = select(samples).where(samples.c.period_id == book.period.id).order_by(samples.c.id)
    with book.store.read() as connection:
        return [_to_sample(line) for line in connection.execute(query)]


def _sample(store: Store, sample_id: int) -> Sample:
    mine = (samples.c.period_id == store.period.id) & (samples.c.id == sample_id)
    with store.read() as connection:
        line = connection.execute(select(samples).where(mine)).first()
    if line is None:
        raise UnionError(f"本期没有编号为{sample_id}的抽样。请核对编号。")
    return _to_sample(line)


def _to_sample(line: Any) -> Sample:
    return Sample(
        line.id, line.seed, line.size, from_json(line.scope), tuple(from_json(line.row_ids)),
        line.by, to_moment(line.at),
    )  # fmt: skip

"""Stages of a row at the office: draft, prepared, confirmed, submitted; sealing a period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, select, update

from app.book.errors import BookError
from app.book.history import Changing
from app.book.reading import row_line
from app.book.types import ROLES, STAGES
from app.models.tables import people, periods, rows

if TYPE_CHECKING:
    from app.book.store import Store

AT_THE_OFFICE = ("draft", "prepared", "confirmed")
"""Stages that the office itself decides on; the later ones come with packages and decisions."""


def confirm(store: Store, row_ids: Sequence[str] | None, *, by: str) -> int:
    """The accountant's confirmation; None: all prepared rows that somebody else prepared."""
    if not by:
        raise BookError("会计确认要署名。请先选择由谁确认。")
    with store.write(by) as change:
        _need_accountant(change, by)
        lines = _prepared(store, change, by) if row_ids is None else [
            _may_be_confirmed(row_line(store, change.connection, row_id), by) for row_id in row_ids
        ]  # fmt: skip
        unique = {line.key: line for line in lines}
        for line in unique.values():
            change.log("confirm", row_id=line.id, field="stage", old=line.stage, new="confirmed")
        _write(change, list(unique), by)
    return len(unique)


def _need_accountant(change: Changing, by: str) -> None:
    role = change.connection.execute(select(people.c.role).where(people.c.name == by)).scalar()
    if role != "accountant":
        label = ROLES.get(role or "", "")
        raise BookError(f"“{by}”的岗位是{label}，只有会计可以确认。")


def _prepared(store: Store, change: Changing, by: str) -> list[Any]:
    query = select(rows).where(rows.c.period_id == store.period.id, rows.c.stage == "prepared")
    lines = list(change.connection.execute(query.order_by(rows.c.key)))
    others = [line for line in lines if line.prepared_by != by]
    if lines and not others:
        raise BookError(f"待确认的{len(lines)}笔都是“{by}”自己初分的，要由别人确认。")
    return others


def _may_be_confirmed(line: Any, by: str) -> Any:
    if line.stage != "prepared":
        state = STAGES.get(line.stage, line.stage)
        missing = f"，还有{line.errors}处没有填好" if line.errors else ""
        raise BookError(f"{line.id}（{line.name or '未命名'}）{state}{missing}，不能确认。")
    if line.prepared_by == by:
        raise BookError(f"{line.id}是“{by}”自己初分的，要由别人确认。")
    return line


def _write(change: Changing, keys: Sequence[int], by: str) -> None:
    if keys:
        statement = update(rows).where(rows.c.key == bindparam("which"))
        renewed = {"stage": "confirmed", "confirmed_by": by, "confirmed_at": change.at_text}
        change.connection.execute(statement, [{**renewed, "which": key} for key in keys])


@contextmanager
def sealing(store: Store, seal_code: str, *, by: str) -> Iterator[Changing]:
    """Seals the period when the block ends well: rows are submitted, nothing can be changed.

    The package is built inside the block, so that sealing and package are there both or neither.
    """
    with store.write(by, for_export=True) as change:
        yield change
        mine = rows.c.period_id == store.period.id
        change.connection.execute(update(rows).where(mine).values(stage="submitted"))
        written = {"state": "sealed", "sealed_at": change.at_text, "seal_code": seal_code}
        this = periods.c.id == store.period.id
        change.connection.execute(update(periods).where(this).values(written))
        change.log("seal", new={"seal_code": seal_code})
    store.mark_period(state="sealed", sealed_at=change.at, seal_code=seal_code)


def reopen(store: Store, *, by: str, why: str) -> None:
    """Opens a sealed period again, for a new version of the package."""
    if store.period.state != "sealed":
        raise BookError(f"{store.period_date}这一期没有封存，不用重新打开。")
    if not why.strip():
        raise BookError("重新打开已封存的一期要说明理由。")
    with store.write(by, why=why, sealed=True) as change:
        mine = (rows.c.period_id == store.period.id) & (rows.c.stage == "submitted")
        before = case((rows.c.confirmed_by != "", "confirmed"), else_="prepared")
        change.connection.execute(update(rows).where(mine).values(stage=before))
        this = periods.c.id == store.period.id
        change.connection.execute(update(periods).where(this).values(state="open"))
        change.log("reopen", old={"seal_code": store.period.seal_code})
    store.mark_period(
        state="open", sealed_at=store.period.sealed_at, seal_code=store.period.seal_code
    )

"""Stages of a row at the office: draft, prepared, confirmed, submitted; sealing a period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, select, update

from app.book.authors import rows_of_author
from app.book.errors import BookError
from app.book.history import Changing, chain_state
from app.book.reading import row_line
from app.book.rows import fresh_errors, rejudge
from app.book.types import ROLES, STAGES
from app.models.tables import people, periods, rows

if TYPE_CHECKING:
    from app.book.store import Store


def confirm(store: Store, row_ids: Sequence[str] | None, *, by: str) -> int:
    """The accountant's confirmation; None: all prepared rows that somebody else prepared."""
    if not by:
        raise BookError("会计确认要署名。请先选择由谁确认。")
    with store.write(by) as change:
        _need_accountant(change, by)
        _settle(store, change, row_ids)
        own = rows_of_author(store, change.connection, by)
        lines = _prepared(store, change, by, own) if row_ids is None else [
            _may_be_confirmed(row_line(store, change.connection, row_id), by, own)
            for row_id in row_ids
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
        raise BookError(f"“{by}”的岗位是{label}，只有会计可以确认。请由会计来做。")


def _prepared(store: Store, change: Changing, by: str, own: set[str]) -> list[Any]:
    query = select(rows).where(rows.c.period_id == store.period.id, rows.c.stage == "prepared")
    lines = list(change.connection.execute(query.order_by(rows.c.key)))
    others = [line for line in lines if line.prepared_by != by and line.id not in own]
    if lines and not others:
        raise BookError(f"待确认的{len(lines)}笔都是“{by}”自己初分的或填写过的，要由别人确认。")
    return others


def _settle(store: Store, change: Changing, row_ids: Sequence[str] | None) -> None:
    """Drafts in which nothing is wrong any more, because time went by, count as prepared."""
    if row_ids is None:
        drafts = select(rows).where(rows.c.period_id == store.period.id, rows.c.stage == "draft")
        lines = list(change.connection.execute(drafts.order_by(rows.c.key)))
    else:
        named = [row_line(store, change.connection, row_id) for row_id in row_ids]
        lines = list({line.key: line for line in named if line.stage == "draft"}.values())
    rejudge(store, change, [line for line in lines if not fresh_errors(store, line)])


def _may_be_confirmed(line: Any, by: str, own: set[str]) -> Any:
    if line.stage != "prepared":
        state = STAGES.get(line.stage, line.stage)
        missing = f"，还有{line.errors}处没有填好" if line.errors else ""
        raise BookError(
            f"{line.id}（{line.name or '未命名'}）{state}{missing}，不能确认。请先初分完毕。"
        )
    if line.prepared_by == by:
        raise BookError(f"{line.id}是“{by}”自己初分的，要由别人确认。")
    if line.id in own:
        raise BookError(f"{line.id}里有“{by}”填写的内容，要由别人确认。")
    return line


def _write(change: Changing, keys: Sequence[int], by: str) -> None:
    if keys:
        statement = update(rows).where(rows.c.key == bindparam("which"))
        renewed = {"stage": "confirmed", "confirmed_by": by, "confirmed_at": change.at_text}
        change.connection.execute(statement, [{**renewed, "which": key} for key in keys])


@contextmanager
def sealing(
    store: Store, seal_code: str, *, by: str, record: Mapping[str, Any] | None = None
) -> Iterator[Changing]:
    """Seals the period when the block ends well: rows are submitted, nothing can be changed.

    `record` goes into the history: what papers printed again later have to say.
    """
    with store.write(by, for_export=True) as change:
        state = chain_state(change.connection)
        if not state.whole:
            raise BookError(
                f"历史记录从第{state.broken_at}条起对不上，账套被别的程序改动过，不能封印。"
                "请用最近的备份恢复账套。"
            )
        yield change
        # What the union has determined stays so, also in a package that is sent again.
        mine = (rows.c.period_id == store.period.id) & (rows.c.stage != "determined")
        change.connection.execute(update(rows).where(mine).values(stage="submitted"))
        written = {"state": "sealed", "sealed_at": change.at_text, "seal_code": seal_code}
        this = periods.c.id == store.period.id
        change.connection.execute(update(periods).where(this).values(written))
        change.log("seal", new={"seal_code": seal_code, **(record or {})})
    store.mark_period(state="sealed", sealed_at=change.at, seal_code=seal_code)


def reopen(store: Store, *, by: str, why: str) -> None:
    """Opens a sealed period again, for a new version of the package."""
    if store.period.state != "sealed":
        raise BookError(f"{store.period_date}这一期没有封印，不用重新打开。")
    if not why.strip():
        raise BookError("重新打开已封印的一期，请说明理由。")
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

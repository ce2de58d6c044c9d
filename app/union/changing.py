"""The one way the union changes a row: seen version checked, opinion kept, history written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from app.book.big_losses import put_sheet, qualifies
from app.book.coding import from_json, maybe_yuan, to_json, to_moment
from app.book.history import Changing, to_change
from app.book.reading import row_line, to_class
from app.book.types import STAGES, Change
from app.forms.classes import FiveClass
from app.models.tables import big_losses, history, opinions, rows
from app.union.errors import ConflictError, UnionError

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store

Json = Any
_ASKED = 500
"""Rows asked for at a time: below what databases take in one statement."""
# Made once: a statement that was executed before is neither built nor looked through again.
_THIS = (rows.c.period_id == bindparam("period")) & (rows.c.id == bindparam("row"))
_ROW, _STAGE = select(rows).where(_THIS), select(rows.c.stage).where(_THIS)
_SEEN = update(rows).where(rows.c.key == bindparam("which"), rows.c.version == bindparam("seen"))
_OPINIONS = (
    select(opinions)
    .where(opinions.c.period_id == bindparam("period"), opinions.c.row_id == bindparam("row"))
    .order_by(opinions.c.id)
)
OPINION_STAGES = {
    "review": "初审",
    "department": "归口部门审核",
    "site_check": "现场核查",
    "audit": "审计",
    "determination": "认定",
    "return": "退回",
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion on a row, as it was given; none is ever changed."""

    id: int
    row_id: str
    institution: str
    stage: str
    class_: FiveClass | None
    loss: Decimal | None
    layer: Mapping[str, Json]
    marks: tuple[Mapping[str, Json], ...]
    reason: str
    text: str
    vote: str
    minutes_name: str
    minutes_sha256: str | None
    package_id: int | None
    """The submission that was looked at."""
    by: str
    at: datetime


def opinions_of(book: Book, row_id: str) -> list[Opinion]:
    """Every opinion on a row in this period, oldest first."""
    with book.store.read() as connection:
        lines = connection.execute(_OPINIONS, _named(book.store, row_id))
        return [to_opinion(line) for line in lines]


def _named(store: Store, row_id: str) -> dict[str, Any]:
    return {"period": store.period.id, "row": row_id}


def opinions_in(store: Store, change: Changing, row_id: str) -> list[Opinion]:
    """The opinions on a row as a change sees them."""
    lines = change.connection.execute(_OPINIONS, _named(store, row_id))
    return [to_opinion(line) for line in lines]


def to_opinion(line: Any) -> Opinion:
    """A stored opinion."""
    return Opinion(
        line.id, line.row_id, line.institution, line.stage, to_class(line.class_code),
        maybe_yuan(line.loss), from_json(line.layer) or {}, tuple(from_json(line.marks) or ()),
        line.reason, line.text, line.vote, line.minutes_name, line.minutes_sha256,
        line.package_id, line.by, to_moment(line.at),
    )  # fmt: skip


def stored_row(store: Store, change: Changing, row_id: str, institution: str, place: str) -> Any:
    """The row an entry is about; UnionError when there is none of that office."""
    line = change.connection.execute(_ROW, _named(store, row_id)).first()
    where = f"{place}：" if place else ""
    if line is None:
        raise UnionError(f"{where}本期没有编号为“{row_id}”的资产。请核对编号和期。")
    if institution and line.institution != institution:
        raise UnionError(
            f"{where}资产{row_id}是{line.institution}的，不是{institution}的。请核对编号。"
        )
    return line


def stage_of(store: Store, change: Changing, row_id: str) -> str:
    """The stage a row has come to in a change."""
    return str(change.connection.execute(_STAGE, _named(store, row_id)).scalar_one())


def lock_rows(store: Store, change: Changing, row_ids: Iterable[str]) -> None:
    """Keeps these rows from everybody else until the change ends; always in the same order."""
    wanted = sorted(set(row_ids))
    for start in range(0, len(wanted), _ASKED):
        part = wanted[start : start + _ASKED]
        query = select(rows.c.key).where(rows.c.period_id == store.period.id, rows.c.id.in_(part))
        change.connection.execute(query.order_by(rows.c.id).with_for_update()).all()


def change_row(
    store: Store,
    change: Changing,
    line: Any,
    seen_version: int | None,
    columns: Mapping[str, Any],
    opinion: Mapping[str, Any],
) -> None:
    """Writes what an opinion changes on a row; ConflictError when it was changed meanwhile."""
    seen = line.version if seen_version is None else seen_version
    values: dict[str, Json] = {**(from_json(line.field_values) or {}), **columns.get("fields", {})}
    plain = {key: value for key, value in columns.items() if key != "fields"}
    written = {
        **plain,
        "field_values": to_json({k: v for k, v in values.items() if v not in (None, "")}),
        "version": seen + 1,
        "updated_at": change.at_text,
        "decided_in": None,
    }
    done = change.connection.execute(_SEEN, {**written, "which": line.key, "seen": seen})
    if done.rowcount != 1:
        raise _conflict(store, change, line.id)
    _add_opinion(store, change, line, opinion)
    if written.get("stage", line.stage) != line.stage:
        change.log("stage", row_id=line.id, field="stage", old=line.stage, new=written["stage"])
    _keep_sheet(store, change, {**line._mapping, **written})


def _conflict(store: Store, change: Changing, row_id: str) -> ConflictError:
    now = row_line(store, change.connection, row_id)
    stage = STAGES.get(now.stage, now.stage)
    last = _last_change(store, change, row_id)
    did = "有了变动" if last is None else f"，{last.by}于{last.at:%Y-%m-%d %H:%M}{_did(last)}"
    told = f"资产{row_id}在您查看之后{did}，现在是{stage}。请看过再定。"
    return ConflictError(told, row_id, other=last)


def _last_change(store: Store, change: Changing, row_id: str) -> Change | None:
    """The newest entry about an opinion on the row, or about its being sent again."""
    query = select(history).where(
        history.c.row_id == row_id,
        history.c.period == store.period_date,
        history.c.kind.in_(("opinion", "resubmit")),
    )
    line = change.connection.execute(query.order_by(history.c.id.desc()).limit(1)).first()
    return to_change(line) if line is not None else None


def _did(last: Change) -> str:
    if last.kind == "resubmit":
        return "接收了信用社改动后的上报"
    class_ = to_class(last.new.get("class_code"))
    said = f"，意见是{class_.label}" if class_ else ""
    because = last.new.get("reason") or last.new.get("text")
    return f"作了{OPINION_STAGES[last.field]}{said}{f'（{because}）' if because else ''}"


def _add_opinion(store: Store, change: Changing, line: Any, opinion: Mapping[str, Any]) -> None:
    full = {
        "period_id": store.period.id,
        "institution": line.institution,
        "row_id": line.id,
        "class_code": None,
        "loss": None,
        "layer": "",
        "marks": "",
        "reason": "",
        "text": "",
        "vote": "",
        "minutes_name": "",
        "minutes_sha256": None,
        "package_id": line.package_id,
        "by": change.by,
        "at": change.at_text,
        **opinion,
    }
    change.connection.execute(opinions.insert(), full)
    shown = ("stage", "class_code", "loss", "reason", "text", "vote", "minutes_sha256", "marks")
    change.log("opinion", row_id=line.id, field=full["stage"],
               new={key: full[key] for key in shown if full[key] not in (None, "")})  # fmt: skip


def _keep_sheet(store: Store, change: Changing, line: Mapping[str, Any]) -> None:
    """A row that became a big loss gets its sheet of table 2; an office's sheet never goes."""
    if not qualifies(store, line):
        return
    mine = (big_losses.c.period_id == store.period.id) & (big_losses.c.row_id == line["id"])
    if change.connection.execute(select(big_losses.c.row_id).where(mine)).first() is None:
        put_sheet(store, change, line["id"], {})

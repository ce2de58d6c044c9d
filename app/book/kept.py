"""Warnings kept with a reason; valid while the values they were given for stay the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from app.book.coding import to_moment
from app.book.errors import BookError
from app.book.history import Changing
from app.book.types import Finding, KeptWarning
from app.models.tables import kept_warnings

if TYPE_CHECKING:
    from app.book.store import Store

REASONS = (
    "已核对原始凭证，情况属实",
    "与总账的差额已查明，正在处理",
    "历史形成，无法取得资料",
    "确为两笔不同的资产",
    "按联社要求列报",
    "其他",
)
"""What a clerk may choose from; a note says more."""
LEDGER_REASONS = (
    "差额已查明，正在调整",
    "这个科目的资产由别的机构填报",
    "时间差，对方已经入账",
    "其他",
)
"""The same for a difference of sums, which nothing but its cause explains."""
_STORED = ("finding_id", "row_id", "field", "code", "fingerprint", "reason", "note", "by", "at")


def _kept(line: Any) -> KeptWarning:
    return KeptWarning(
        line.id, line.finding_id, line.row_id, line.field, line.code, line.fingerprint,
        line.reason, line.note, line.by, to_moment(line.at),
    )  # fmt: skip


def all_kept(store: Store, row_id: str = "") -> list[KeptWarning]:
    """Every warning kept in this period, or for one row, also those that no longer hold."""
    query = select(kept_warnings).where(kept_warnings.c.period_id == store.period.id)
    if row_id:
        query = query.where(kept_warnings.c.row_id == row_id)
    with store.read() as connection:
        return [_kept(line) for line in connection.execute(query.order_by(kept_warnings.c.id))]


def kept_fingerprints(store: Store, connection: Connection, row_id: str) -> dict[str, str]:
    """The kept warnings of a row: finding to fingerprint."""
    query = select(kept_warnings.c.finding_id, kept_warnings.c.fingerprint).where(
        kept_warnings.c.period_id == store.period.id, kept_warnings.c.row_id == row_id
    )
    return {line.finding_id: line.fingerprint for line in connection.execute(query)}


def keep_finding(
    store: Store, change: Changing, finding: Finding, reason: str, note: str
) -> KeptWarning:
    """Notes the reason for which a warning stays."""
    reason = reason.strip()
    if not reason:
        raise BookError("保留警告要写理由。")
    if finding.severity == "error":
        raise BookError(f"{finding.id}是错误，不能保留，请改正：{finding.message}")
    drop_one(store, change, finding.id)
    line = {
        "finding_id": finding.id,
        "row_id": finding.row_id,
        "field": finding.field,
        "code": finding.code,
        "fingerprint": finding.fingerprint,
        "reason": reason,
        "note": note.strip(),
        "by": change.by,
        "at": change.at_text,
    }
    put_kept(store, change, line)
    added = select(kept_warnings).where(
        kept_warnings.c.period_id == store.period.id, kept_warnings.c.finding_id == finding.id
    )
    return _kept(change.connection.execute(added).one())


def put_kept(store: Store, change: Changing, line: dict[str, Any]) -> None:
    """Stores a kept warning with its history entry."""
    change.connection.execute(kept_warnings.insert(), {**line, "period_id": store.period.id})
    change.log("keep", row_id=line["row_id"], field=line["field"], new=line)


def drop_one(store: Store, change: Changing, finding_id: str) -> bool:
    """Takes a kept warning back."""
    query = select(kept_warnings).where(
        kept_warnings.c.period_id == store.period.id, kept_warnings.c.finding_id == finding_id
    )
    lines = change.connection.execute(query).all()
    for line in lines:
        _drop(change, line)
    return bool(lines)


def drop_kept(store: Store, change: Changing, row_id: str) -> None:
    """Takes back all that was kept for a row."""
    query = select(kept_warnings).where(
        kept_warnings.c.period_id == store.period.id, kept_warnings.c.row_id == row_id
    )
    for line in change.connection.execute(query).all():
        _drop(change, line)


def _drop(change: Changing, line: Any) -> None:
    change.connection.execute(kept_warnings.delete().where(kept_warnings.c.id == line.id))
    old = {name: getattr(line, name) for name in _STORED}
    change.log("unkeep", row_id=line.row_id, field=line.field, old=old)

"""The ledger (台账): one line per determined asset, set up when the determination is final."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from app.book.coding import from_json, maybe_yuan, to_fen, to_moment, to_yuan
from app.book.errors import BookError
from app.book.history import Changing
from app.book.reading import to_class
from app.forms.classes import BY_CODE, FiveClass
from app.models.tables import followups, rows

if TYPE_CHECKING:
    from app.book.store import Store

_MONEY = ("provisions", "disposed", "recovered")
_TEXT = ("responsible", "next_review")


@dataclass(frozen=True, slots=True)
class Followup:
    """One asset in the ledger of a period."""

    period: date
    row_id: str
    institution: str
    table_id: str
    name: str
    class_: FiveClass
    last_class: FiveClass | None
    carrying_amount: Decimal
    expected_loss: Decimal
    provisions: Decimal
    disposed: Decimal
    recovered: Decimal
    responsible: str
    next_review: str
    """A date as text; empty while nobody set one."""
    set_up_at: datetime


def set_up_followups(store: Store, change: Changing, *, institution: str = "") -> int:
    """Enters the determined rows that the ledger does not hold as they are; how many."""
    known = select(followups.c.row_id, followups.c.class_code, followups.c.expected_loss).where(
        followups.c.period_id == store.period.id
    )
    held = {line.row_id: line for line in change.connection.execute(known)}
    mine = select(rows).where(
        rows.c.period_id == store.period.id,
        rows.c.institution == institution,
        rows.c.stage == "determined",
    )
    count = 0
    new = []
    for line in change.connection.execute(mine).all():
        loss = _loss(line)
        old = held.get(line.id)
        if old is None:
            new.append(_line(store, change, line, loss))
        elif (old.class_code, old.expected_loss) != (line.determined_class, loss):
            this = _this(store, line.id)
            renewed = {"class_code": line.determined_class, "expected_loss": loss}
            change.connection.execute(update(followups).where(this).values(renewed))
            change.log("followup", row_id=line.id, field="class_code", old=old.class_code,
                       new=line.determined_class)  # fmt: skip
        else:
            continue
        count += 1
    if new:
        change.connection.execute(followups.insert(), new)
        change.log("followups", field=institution, new={"rows": len(new)})
    return count


def _loss(line: Any) -> int:
    for loss in (line.determined_loss, line.review_loss, line.expected_loss):
        if loss is not None:
            return int(loss)
    return 0


def _line(store: Store, change: Changing, line: Any, loss: int) -> dict[str, Any]:
    values = from_json(line.field_values) or {}
    return {
        "period_id": store.period.id,
        "row_id": line.id,
        "institution": line.institution,
        "table_id": line.table_id,
        "name": line.name or "",
        "class_code": line.determined_class,
        "last_class": line.last_class,
        "carrying_amount": line.carrying_amount or 0,
        "expected_loss": loss,
        "responsible": str(values.get("responsible") or ""),
        "set_up_at": change.at_text,
    }


def _this(store: Store, row_id: str) -> Any:
    return (followups.c.period_id == store.period.id) & (followups.c.row_id == row_id)


def all_followups(store: Store) -> list[Followup]:
    """The ledger of the chosen period, by table and asset."""
    query = (
        select(followups)
        .where(followups.c.period_id == store.period.id)
        .order_by(followups.c.institution, followups.c.table_id, followups.c.row_id)
    )
    with store.read() as connection:
        return [_followup(store, line) for line in connection.execute(query)]


def _followup(store: Store, line: Any) -> Followup:
    amounts = {name: maybe_yuan(getattr(line, name)) or to_yuan(0) for name in _MONEY}
    return Followup(
        period=store.period.base_date,
        row_id=line.row_id,
        institution=line.institution,
        table_id=line.table_id,
        name=line.name,
        class_=BY_CODE[line.class_code],
        last_class=to_class(line.last_class),
        carrying_amount=to_yuan(line.carrying_amount),
        expected_loss=to_yuan(line.expected_loss),
        responsible=line.responsible,
        next_review=line.next_review,
        set_up_at=to_moment(line.set_up_at),
        **amounts,
    )


def set_followup(
    store: Store, row_id: str, given: Mapping[str, Any], *, by: str, why: str = ""
) -> None:
    """Notes disposals, recoveries, provisions, who is responsible, the next review date."""
    unknown = given.keys() - {*_MONEY, *_TEXT}
    if unknown:
        raise ValueError(f"not fields of the ledger: {sorted(unknown)}")
    with store.write(by, why=why, sealed=True) as change:
        this = _this(store, row_id)
        old = change.connection.execute(select(followups).where(this)).first()
        if old is None:
            raise BookError(f"台账里没有{row_id}：还没有认定。")
        written = {key: _stored(key, value) for key, value in given.items()}
        change.connection.execute(update(followups).where(this).values(written))
        for key, value in written.items():
            if getattr(old, key) != value:
                change.log("followup", row_id=row_id, field=key, old=getattr(old, key), new=value)


def _stored(key: str, value: Any) -> Any:
    if key == "next_review" and value:
        return date.fromisoformat(str(value)).isoformat()
    return to_fen(Decimal(value)) if key in _MONEY else str(value)

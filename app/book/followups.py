"""The ledger (台账): one line per determined asset, set up when the determination is final."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import func, select, update

from app.book.coding import from_json, maybe_yuan, to_fen, to_moment, to_yuan
from app.book.errors import BookError
from app.book.history import Changing
from app.book.reading import to_class
from app.forms.classes import BY_CODE, FiveClass
from app.forms.errors import ValueFault
from app.forms.values import parse_amount
from app.models.tables import followups, periods, rows

if TYPE_CHECKING:
    from app.book.store import Store

_MONEY = ("provisions", "disposed", "recovered")
_TEXT = ("responsible", "next_review")
EDITABLE = {
    "provisions": "已提准备",
    "disposed": "本期处置金额",
    "recovered": "本期收回金额",
    "responsible": "责任人",
    "next_review": "下次复查日期",
}
"""What people keep up in the ledger, with the words for it."""
_LONGEST = 60


class Followup(Struct, frozen=True):
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
    classes: tuple[tuple[date, FiveClass], ...]
    """The class of every period in the ledger, oldest first, this one last."""
    last_amount: Decimal | None
    """The carrying amount of the period before; None where the asset is new in the ledger."""


def set_up_followups(store: Store, change: Changing, *, institution: str = "") -> int:
    """Enters the determined rows that the ledger does not hold as they are; how many."""
    known = select(followups.c.row_id, followups.c.class_code, followups.c.expected_loss).where(
        followups.c.period_id == store.period.id, followups.c.institution == institution
    )
    held = {line.row_id: line for line in change.connection.execute(known)}
    mine = select(rows).where(
        rows.c.period_id == store.period.id,
        rows.c.institution == institution,
        rows.c.stage == "determined",
    )
    count = 0
    new = []
    before = _handed_on(store, change, institution)
    for line in change.connection.execute(mine).all():
        loss = _loss(line)
        old = held.get(line.id)
        if old is None:
            new.append(_line(store, change, line, loss, before.get(line.id)))
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


def _handed_on(store: Store, change: Changing, institution: str) -> dict[str, Any]:
    """The newest line of each asset in the ledgers of earlier periods."""
    query = (
        select(followups)
        .join(periods, periods.c.id == followups.c.period_id)
        .where(
            periods.c.base_date < store.period.base_date.isoformat(),
            followups.c.institution == institution,
        )
        .order_by(periods.c.base_date)
    )
    return {line.row_id: line for line in change.connection.execute(query)}


def _line(
    store: Store, change: Changing, line: Any, loss: int, before: Any | None
) -> dict[str, Any]:
    """A new line; who is responsible goes on, and the clerk is until somebody else is named."""
    values = from_json(line.field_values) or {}
    responsible = before.responsible if before else ""
    next_review = before.next_review if before else ""
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
        "responsible": responsible or str(values.get("responsible") or line.prepared_by),
        "next_review": next_review if next_review > store.period.base_date.isoformat() else "",
        "set_up_at": change.at_text,
    }


def _this(store: Store, row_id: str) -> Any:
    return (followups.c.period_id == store.period.id) & (followups.c.row_id == row_id)


def followup_count(store: Store) -> int:
    """How many assets the ledger of the chosen period holds."""
    query = select(func.count()).where(followups.c.period_id == store.period.id)
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def all_followups(store: Store) -> list[Followup]:
    """The ledger of the chosen period, by table and asset."""
    query = (
        select(followups)
        .where(followups.c.period_id == store.period.id)
        .order_by(followups.c.institution, followups.c.table_id, followups.c.row_id)
    )
    day = periods.c.base_date
    past = (
        select(followups.c.row_id, followups.c.class_code, followups.c.carrying_amount, day)
        .join(periods, periods.c.id == followups.c.period_id)
        .where(day < store.period.base_date.isoformat())
        .order_by(day)
    )
    earlier: dict[str, list[Any]] = {}
    with store.read() as connection:
        for line in connection.execute(past):
            earlier.setdefault(line.row_id, []).append(line)
        lines = connection.execute(query.execution_options(yield_per=2000))
        return [_followup(store, line, earlier.get(line.row_id, [])) for line in lines]


def _followup(store: Store, line: Any, earlier: Sequence[Any]) -> Followup:
    amounts = {name: maybe_yuan(getattr(line, name)) or to_yuan(0) for name in _MONEY}
    class_ = BY_CODE[line.class_code]
    past = [(date.fromisoformat(one.base_date), BY_CODE[one.class_code]) for one in earlier]
    return Followup(
        period=store.period.base_date,
        row_id=line.row_id,
        institution=line.institution,
        table_id=line.table_id,
        name=line.name,
        class_=class_,
        last_class=to_class(line.last_class),
        carrying_amount=to_yuan(line.carrying_amount),
        expected_loss=to_yuan(line.expected_loss),
        responsible=line.responsible,
        next_review=line.next_review,
        set_up_at=to_moment(line.set_up_at),
        classes=(*past, (store.period.base_date, class_)),
        last_amount=to_yuan(earlier[-1].carrying_amount) if earlier else None,
        **amounts,
    )


def set_followups(
    store: Store, given: Sequence[tuple[str, Mapping[str, Any]]], *, by: str, why: str = ""
) -> int:
    """Notes disposals, recoveries, provisions, who is responsible, the next review date.

    One transaction, all or nothing; how many assets changed. None and "" empty a value.
    """
    changed = 0
    with store.write(by, why=why, sealed=True) as change:
        for row_id, values in given:
            this = _this(store, row_id)
            old = change.connection.execute(select(followups).where(this)).first()
            if old is None:
                raise BookError(f"台账里没有{row_id}：本期还没有认定。请等联社的决定。")
            written = {key: _stored(row_id, key, value) for key, value in values.items()}
            new = {key: value for key, value in written.items() if getattr(old, key) != value}
            if not new:
                continue
            changed += 1
            change.connection.execute(update(followups).where(this).values(new))
            for key, value in new.items():
                was = getattr(old, key)
                change.log("followup", row_id=row_id, field=key, old=was, new=value)
    return changed


def set_followup(
    store: Store, row_id: str, given: Mapping[str, Any], *, by: str, why: str = ""
) -> None:
    """The same for one asset."""
    set_followups(store, [(row_id, given)], by=by, why=why)


def _stored(row_id: str, key: str, value: Any) -> Any:
    """A value as the ledger stores it; BookError says what it should have been."""
    if key not in EDITABLE:
        known = "、".join(f"{name}（{label}）" for name, label in EDITABLE.items())
        raise BookError(f"台账没有“{key}”这一项可填。可以填的有：{known}。")
    text = "" if value is None else str(value).strip()
    if key in _MONEY:
        return _fen(row_id, key, text)
    if key == "next_review" and text:
        return _day(row_id, text)
    if len(text) > _LONGEST:
        raise BookError(f"{row_id}的「{EDITABLE[key]}」太长，最多{_LONGEST}个字。")
    return text


def _fen(row_id: str, key: str, text: str) -> int:
    try:
        amount = parse_amount(text) if text else Decimal(0)
    except ValueFault:
        amount = Decimal(-1)
    if amount < 0 or amount != round(amount, 2):
        raise BookError(
            f"{row_id}的「{EDITABLE[key]}」写的是“{text}”，应为不小于0、最多两位小数的金额。"
        )
    return to_fen(amount)


def _day(row_id: str, text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise BookError(
            f"{row_id}的「下次复查日期」写的是“{text}”，应为日期，如 2007-06-30。"
        ) from None

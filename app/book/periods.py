"""Periods: base dates, their rule sets, and what a new one takes over from the last."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from app.book.carrying import Carrier, left_row
from app.book.coding import from_json, maybe_moment, to_yuan
from app.book.errors import BookError
from app.book.evidence import LOGGED
from app.book.findings import yuan
from app.book.history import Changing
from app.book.inserting import BULK, Content, insert_rows
from app.book.opinions import latest_class
from app.book.types import LeftBehind, Period, Values
from app.forms.loader import ruleset_for
from app.forms.ruleset import RuleSet
from app.models.tables import attachments, history, periods, rows, rulesets

if TYPE_CHECKING:
    from app.book.store import Store


def _to_period(line: Any) -> Period:
    return Period(
        id=line.id,
        base_date=date.fromisoformat(line.base_date),
        ruleset_id=line.ruleset_id,
        ruleset_hash=line.ruleset_hash,
        state=line.state,
        sealed_at=maybe_moment(line.sealed_at),
        seal_code=line.seal_code,
    )


def _periods() -> Any:
    return select(periods, rulesets.c.id.label("ruleset_id")).join(
        rulesets, rulesets.c.hash == periods.c.ruleset_hash
    )


def all_periods(store: Store) -> list[Period]:
    """Every period, oldest first."""
    with store.read() as connection:
        found = connection.execute(_periods().order_by(periods.c.base_date))
        return [_to_period(line) for line in found]


def latest_period(connection: Connection) -> Period:
    """The period with the latest base date."""
    newest = _periods().order_by(periods.c.base_date.desc()).limit(1)
    line = connection.execute(newest).first()
    if line is None:
        raise BookError("账套里没有任何一期，文件不完整。请用备份恢复。")
    return _to_period(line)


def select_period(store: Store, period_id: int) -> Period:
    """Makes another period the one that is worked on."""
    store.need_no_export()
    with store.read() as connection:
        line = connection.execute(_periods().where(periods.c.id == period_id)).first()
        if line is None:
            raise BookError(f"账套里没有编号为{period_id}的期。请核对编号。")
        store.choose_period(connection, _to_period(line))
    return store.period


def insert_period(
    connection: Connection, base_date: date, ruleset: RuleSet, opened_at: str
) -> Period:
    """Stores a period with a copy of its rule set."""
    known = select(rulesets.c.hash).where(rulesets.c.hash == ruleset.hash)
    if connection.execute(known).first() is None:
        copy = {
            "hash": ruleset.hash,
            "id": ruleset.id,
            "title": ruleset.title,
            "snapshot": ruleset.snapshot(),
        }
        connection.execute(rulesets.insert(), copy)
    line = {
        "base_date": base_date.isoformat(),
        "ruleset_hash": ruleset.hash,
        "state": "open",
        "opened_at": opened_at,
    }
    connection.execute(periods.insert(), line)
    stored = _periods().where(periods.c.base_date == base_date.isoformat())
    return _to_period(connection.execute(stored).one())


def add_period(
    store: Store,
    base_date: date,
    *,
    carry_forward: bool = False,
    ruleset: RuleSet | None = None,
    by: str = "",
) -> Period:
    """Opens the next period and works on it; `carry_forward` brings the last one's rows along."""
    store.need_no_export()
    last = all_periods(store)[-1]
    if base_date <= last.base_date:
        raise BookError(
            f"新一期的基准日{base_date.isoformat()}应晚于上一期的{last.base_date.isoformat()}。请改日期。"
        )
    before = store.period
    try:
        with store.write(by, sealed=True) as change:
            new_set = ruleset or ruleset_for(base_date)
            period = insert_period(change.connection, base_date, new_set, change.at_text)
            change.period = base_date.isoformat()
            store.choose_period(change.connection, period)
            # Rows of a union's book come with the offices' packages, carried forward by them.
            carries = carry_forward and not store.is_union
            new = {"ruleset": new_set.id}
            if carries:
                new |= {"from": last.base_date.isoformat(), **asdict(_carry(store, change, last))}
            change.log("period", new=new)
    except BaseException:
        with store.read() as connection:
            store.choose_period(connection, before)
        raise
    return period


def left_behind(store: Store) -> list[LeftBehind]:
    """What the chosen period could not take over from the one before, row by row."""
    query = select(history.c.row_id, history.c.field, history.c.old).where(
        history.c.kind == "left", history.c.period == store.period_date
    )
    with store.read() as connection:
        lines = connection.execute(query.order_by(history.c.id)).all()
    return [LeftBehind(line.row_id, field=line.field, **from_json(line.old)) for line in lines]


@dataclass
class _Carried:
    """What a new period took over, counted while it is carried."""

    rows: int = 0
    carrying_amount: int = 0
    values_left: int = 0
    rows_left: int = 0


def _carry(store: Store, change: Changing, last: Period) -> _Carried:
    """Copies the rows and the evidence of the last period, in the words of the new rule set."""
    old = store.ruleset_of(change.connection, last.ruleset_hash)
    carrier = Carrier(old, store.ruleset, store.own_subjects(change.connection))
    query = select(rows).where(rows.c.period_id == last.id).order_by(rows.c.key)
    done = _Carried()
    found = change.connection.execute(query.execution_options(yield_per=BULK))
    for part in found.partitions(BULK):
        contents = [one for line in part if (one := _carried(change, carrier, line, done))]
        insert_rows(store, change, contents, kind="carry")
        done.rows += len(contents)
    _carry_evidence(store, change, last)
    total = select(func.coalesce(func.sum(rows.c.carrying_amount), 0)).where(
        rows.c.period_id == store.period.id
    )
    done.carrying_amount = int(change.connection.execute(total).scalar_one())
    return done


def _carried(change: Changing, carrier: Carrier, line: Any, done: _Carried) -> Content | None:
    """A row as the new period begins with it; None where that has no table for it."""
    table = carrier.table(line.table_id)
    old_values: Values = from_json(line.field_values)
    if table is None:
        amount = "" if line.carrying_amount is None else yuan(to_yuan(line.carrying_amount))
        gone = left_row(old_values, amount)
        change.log("left", row_id=line.id, old=gone.entry(line.table_id, line.name or ""))
        done.rows_left += 1
        return None
    carried = table.carried(old_values)
    for one in carried.left:
        entry = one.entry(line.table_id, line.name or "")
        change.log("left", row_id=line.id, field=one.key, old=entry)
    done.values_left += len(carried.left)
    last_class = latest_class(line._mapping)
    return Content(
        line.id, line.table_id, line.seq, carried.values, from_json(line.printed),
        dict.fromkeys(carried.values, "carried"), last_class, renamed=carried.renamed,
    )  # fmt: skip


def _carry_evidence(store: Store, change: Changing, last: Period) -> None:
    here = select(rows.c.id).where(rows.c.period_id == store.period.id)
    old = change.connection.execute(
        select(attachments).where(
            attachments.c.period_id == last.id, attachments.c.row_id.in_(here)
        )
    )
    lines = [
        {
            **{name: value for name, value in line._mapping.items() if name != "id"},
            "period_id": store.period.id,
            "carried_from": line.carried_from or last.base_date.isoformat(),
        }
        for line in old
    ]
    if not lines:
        return
    change.connection.execute(attachments.insert(), lines)
    for line in lines:
        new = {name: line[name] for name in LOGGED}
        change.log("attach", row_id=line["row_id"], field=line["name"], new=new)

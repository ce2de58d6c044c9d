"""Periods: base dates, their rule sets, and what a new one takes over from the last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from app.book.coding import from_json, maybe_moment
from app.book.errors import BookError
from app.book.evidence import LOGGED
from app.book.history import Changing
from app.book.inserting import BULK, Content, insert_rows
from app.book.opinions import latest_class
from app.book.types import Json, Period, Values
from app.forms.loader import ruleset_for
from app.forms.ruleset import RuleSet
from app.forms.table import Table
from app.models.tables import attachments, periods, rows, rulesets

if TYPE_CHECKING:
    from app.book.store import Store

ASKED_AGAIN = frozenset((
    "compliance", "compliance_amount", "compliance_note", "violates_rules",
    "accuracy", "accuracy_amount",
    "expected_loss", "loss_basis", "remarks",
    "market_value", "investee_equity",
    "estimated_price", "disposal_costs", "disposal_taxes", "appraisal", "valued_by", "valued_on",
    "experts", "expert_opinion", "judgement", "booking_proper", "data_accurate",
    "recovered_amount", "recovered_on",
    "wp_basis",
))  # fmt: skip
"""Opinions, losses, valuations, compliance, accuracy belong to one base date; facts go on."""


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
            raise BookError(f"账套里没有编号为{period_id}的期。")
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
            f"新一期的基准日{base_date.isoformat()}应晚于上一期的{last.base_date.isoformat()}。"
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
            carried = _carry(store, change, last) if carries else (0, 0)
            new = {"ruleset": new_set.id, "from": last.base_date.isoformat()}
            new |= {"rows": carried[0], "carrying_amount": carried[1]}
            change.log("period", new=new if carries else {"ruleset": new_set.id})
    except BaseException:
        with store.read() as connection:
            store.choose_period(connection, before)
        raise
    return period


def carried_values(table: Table, values: Mapping[str, Json]) -> Values:
    """The facts of a row that hold beyond its base date."""
    return {
        key: value
        for key, value in values.items()
        if key not in ASKED_AGAIN
        and (key not in table.fields or table.fields[key].part in ("row", "working_paper"))
    }


def _carry(store: Store, change: Changing, last: Period) -> tuple[int, int]:
    """Copies the rows and the evidence of the last period; returns count and carrying amount."""
    query = select(rows).where(
        rows.c.period_id == last.id, rows.c.table_id.in_(store.ruleset.tables)
    )
    count = 0
    found = change.connection.execute(query.order_by(rows.c.key).execution_options(yield_per=BULK))
    for part in found.partitions(BULK):
        contents = [_carried(store, line) for line in part]
        insert_rows(store, change, contents, kind="carry")
        count += len(contents)
    _carry_evidence(store, change, last)
    total = select(func.coalesce(func.sum(rows.c.carrying_amount), 0)).where(
        rows.c.period_id == store.period.id
    )
    return count, int(change.connection.execute(total).scalar_one())


def _carried(store: Store, line: Any) -> Content:
    table = store.ruleset.tables[line.table_id]
    values = carried_values(table, from_json(line.field_values))
    return Content(
        line.id, line.table_id, line.seq, values, from_json(line.printed),
        dict.fromkeys(values, "carried"), latest_class(line._mapping),
    )  # fmt: skip


def _carry_evidence(store: Store, change: Changing, last: Period) -> None:
    old = change.connection.execute(select(attachments).where(attachments.c.period_id == last.id))
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

"""Checks of sums: rows against the ledger, against printed totals, tables against the summary."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import func, select

from app.book.balances import all_balances
from app.book.big_losses import qualifies
from app.book.coding import from_json, to_yuan
from app.book.findings import check_line, finding, yuan
from app.book.imports import import_records, present_sum
from app.book.opinions import LATEST, LATEST_FIRST
from app.book.periods import all_periods
from app.book.summary import summary_of
from app.book.types import Balance, CheckLine, Finding
from app.forms.classes import FiveClass
from app.forms.schema import Subject
from app.forms.table import Table
from app.models.functions import json_number
from app.models.tables import big_losses, history, rows

if TYPE_CHECKING:
    from app.book.store import Store

ZERO = Decimal("0.00")
CODES = frozenset(("W005", "W006", "W008", "W009", "W010"))
"""Problems that are found here."""


class Tie(Struct, frozen=True):
    """A subject with its ledger figure and the sum of its rows."""

    subject: Subject
    ledger: Decimal
    rows: Decimal
    count: int


def findings(store: Store) -> Iterator[Finding]:
    """Differences against the ledger and against printed totals; all of them can be kept."""
    for tie in ties(store):
        yield from _tie_finding(store, tie)
    yield from _printed_totals(store)
    yield from _netting_findings(store)
    yield from _opening_findings(store)


def check_lines(store: Store) -> list[CheckLine]:
    """Every relation of sums, whether it holds or not."""
    lines = [line for table in store.ruleset.row_tables for line in _within(store, table)]
    lines += [_tie_line(store, tie) for tie in ties(store) if tie.count]
    lines += [line for _, line in _printed_lines(store)]
    lines += _table_two(store)
    lines += _summary(store)
    lines += _opening(store)
    return lines


# Against the ledger


def ties(store: Store) -> list[Tie]:
    """Every subject that is compared, in the chart's order; none while there are no balances."""
    given = {balance.subject: balance for balance in all_balances(store)}
    if not given:
        return []
    found = []
    for code, subject in store.chart.items():
        if subject.netting:
            continue
        count, amount = _sum_of_rows(store, subject)
        ledger = _ledger_side(subject, given.get(code))
        if count or ledger:
            found.append(Tie(subject, ledger, amount, count))
    return found


def _ledger_side(subject: Subject, balance: Balance | None) -> Decimal:
    if balance is None:
        return ZERO
    return balance.credit if subject.side == "credit" else balance.debit


def _sum_of_rows(store: Store, subject: Subject) -> tuple[int, Decimal]:
    """Count and sum of the rows that must add up to a subject's balance."""
    if subject.side == "credit":
        # A counter-account has no rows of its own: the whole table carries it.
        which = rows.c.table_id == subject.table
    else:
        which = rows.c.subject == subject.code
    amount = func.coalesce(func.sum(amount_of(subject.tie_field)), 0)
    query = select(func.count(), amount).where(rows.c.period_id == store.period.id, which)
    with store.read() as connection:
        count, fen = connection.execute(query).one()
    return count, to_yuan(fen)


def amount_of(field: str) -> Any:
    """A money field of the rows, in fen, as SQL."""
    if field == "carrying_amount":
        return rows.c.carrying_amount
    return json_number(rows.c.amounts, field)


def _tie_line(store: Store, tie: Tie) -> CheckLine:
    table = store.ruleset.tables.get(tie.subject.table)
    field = tie.subject.tie_field
    label = table.fields[field].label if table and field in table.fields else field
    side = "贷方" if tie.subject.side == "credit" else "借方"
    name = f"{tie.subject.code} {tie.subject.name}"
    return check_line(
        f"{name}总账{side}余额 = 附表{tie.subject.table}各笔{label}合计",
        "表间",
        tie.ledger,
        tie.rows,
        tolerance=store.ruleset.definition.ledger_tolerance,
        table_id=tie.subject.table,
        subject=tie.subject.code,
        field=field,
    )


def _tie_finding(store: Store, tie: Tie) -> Iterator[Finding]:
    name = f"{tie.subject.code} {tie.subject.name}"
    line = _tie_line(store, tie)
    code, table_id = tie.subject.code, tie.subject.table
    if not tie.count:
        if tie.subject.side == "debit" and tie.ledger:
            yield finding(
                store, "W008", code, table_id=table_id, value=name, line=line,
                judged_on=(code, str(tie.ledger)),
            )  # fmt: skip
    elif not line.holds:
        on = (code, str(line.left), str(line.right))
        yield finding(
            store, "W005", code, table_id=table_id, field=tie.subject.tie_field, value=name,
            expected=yuan(line.difference), line=line, judged_on=on,
        )  # fmt: skip


# Against printed totals


def _printed_totals(store: Store) -> Iterator[Finding]:
    for place, line in _printed_lines(store):
        if line.holds:
            continue
        yield finding(
            store, "W006", place, table_id=line.table_id, field=line.field, value=line.relation,
            expected=yuan(line.difference), line=line, judged_on=(str(line.left), str(line.right)),
        )  # fmt: skip


def _printed_lines(store: Store) -> Iterator[tuple[str, CheckLine]]:
    """Printed totals against the rows as taken in, or as corrected since where that agrees."""
    for record in import_records(store):
        table = store.ruleset.tables.get(record.table_id)
        for field, (printed, taken_in) in record.totals.items():
            label = table.fields[field].label if table and field in table.fields else field
            now = taken_in if printed == taken_in else present_sum(store, record.id, field)
            yield (
                f"import {record.id}",
                check_line(
                    f"{record.source}打印的{label}合计 = 各笔之和",
                    "表间",
                    printed,
                    now if now == printed else taken_in,
                    table_id=record.table_id,
                    field=field,
                ),
            )


# Netting subjects


def _netting_findings(store: Store) -> Iterator[Finding]:
    """Netting subjects whose last three classes exceed the reported net figure (W009)."""
    given = {balance.subject: balance for balance in all_balances(store)}
    if "W009" not in store.ruleset.problems:  # a period keeps the catalogue it was opened with
        return
    for code, subject in store.chart.items():
        if not subject.netting or code not in given:
            continue
        reported = _ledger_side(subject, given[code])
        classified = _non_performing(store, code)
        if classified <= reported:
            continue
        name = f"{code} {subject.name}"
        line = check_line(
            f"{name}轧差后余额 ≥ 后三类合计", "表间", reported, classified,
            table_id=subject.table, subject=code, field="carrying_amount",
        )  # fmt: skip
        yield finding(
            store, "W009", code, table_id=subject.table, field="carrying_amount", value=name,
            expected=yuan(-line.difference), line=line,
            judged_on=(code, str(reported), str(classified)),
        )  # fmt: skip


def _non_performing(store: Store, subject: str) -> Decimal:
    worst = [member.value for member in FiveClass if member.non_performing]
    query = select(func.coalesce(func.sum(rows.c.carrying_amount), 0)).where(
        rows.c.period_id == store.period.id, rows.c.subject == subject, LATEST.in_(worst)
    )
    with store.read() as connection:
        return to_yuan(connection.execute(query).scalar_one())


# Within a table


def _within(store: Store, table: Table) -> list[CheckLine]:
    """Sums of a table: the five classes against the whole, cost less depreciation."""
    query = select(
        func.count().label("rows"),
        func.coalesce(func.sum(rows.c.carrying_amount), 0).label("carrying_amount"),
    ).where(rows.c.period_id == store.period.id, rows.c.table_id == table.id)
    with store.read() as connection:
        sums = connection.execute(query).one()
    if not sums.rows:
        return []
    lines = [_classes_line(store, table, to_yuan(sums.carrying_amount))]
    parts = [key for key in NET_PARTS if key in table.fields]
    if len(parts) > 1:
        lines.append(_net_line(store, table, parts, to_yuan(sums.carrying_amount)))
    return lines


NET_PARTS = {
    "cost": 1,
    "original_amount": 1,
    "accumulated_depreciation": -1,
    "accumulated_amortisation": -1,
    "amortised": -1,
    "impairment": -1,
}
"""Fields that make up a net carrying amount, with their signs."""


def _net_line(store: Store, table: Table, parts: list[str], carrying: Decimal) -> CheckLine:
    sums = [func.coalesce(func.sum(amount_of(key)), 0) for key in parts]
    query = select(*sums).where(rows.c.period_id == store.period.id, rows.c.table_id == table.id)
    with store.read() as connection:
        found = connection.execute(query).one()
    net = sum((NET_PARTS[key] * to_yuan(fen) for key, fen in zip(parts, found, strict=True)), ZERO)
    words = [("" if NET_PARTS[key] > 0 else "－") + table.fields[key].label for key in parts]
    label = table.fields["carrying_amount"].label
    relation = f"附表{table.id}：{label}合计 = {''.join(words)}合计"
    return check_line(relation, "表内", carrying, net, table_id=table.id, field="carrying_amount")


def _classes_line(store: Store, table: Table, carrying: Decimal) -> CheckLine:
    query = (
        select(rows.c.initial_class, func.coalesce(func.sum(rows.c.carrying_amount), 0))
        .where(rows.c.period_id == store.period.id, rows.c.table_id == table.id)
        .group_by(rows.c.initial_class)
    )
    with store.read() as connection:
        classes = sum((to_yuan(fen) for _, fen in connection.execute(query)), ZERO)
    relation = f"附表{table.id}：账面金额合计 = 正常＋关注＋次级＋可疑＋损失＋未初分"
    return check_line(
        relation, "表内", carrying, classes, table_id=table.id, field="carrying_amount"
    )


# Across tables


def _table_two(store: Store) -> list[CheckLine]:
    """Table 2 holds exactly the loss rows at or above the threshold."""
    if "2" not in store.ruleset.tables:
        return []
    query = select(rows).where(
        rows.c.period_id == store.period.id,
        rows.c.table_id.in_(store.ruleset.big_loss_tables),
    )
    sheets = (
        select(func.count(), func.coalesce(func.sum(rows.c.carrying_amount), 0))
        .join(
            big_losses,
            (big_losses.c.row_id == rows.c.id) & (big_losses.c.period_id == rows.c.period_id),
        )
        .where(rows.c.period_id == store.period.id)
    )
    wanted = _latest_class_columns(query)
    with store.read() as connection:
        amounts = [
            to_yuan(line.carrying_amount)
            for line in connection.execute(wanted)
            if qualifies(store, dict(line._mapping))
        ]
        count, fen = connection.execute(sheets).one()
    if not amounts and not count:
        return []
    relation = "附表2账面金额合计 = 五类中达到标准的损失类资产合计"
    return [check_line(relation, "表间", to_yuan(fen), sum(amounts, ZERO), table_id="2")]


def _latest_class_columns(query: Any) -> Any:
    names = ("table_id", "carrying_amount", *LATEST_FIRST)
    return query.with_only_columns(*(rows.c[name] for name in names))


def _summary(store: Store) -> list[CheckLine]:
    """The summary's total is the sum of the tables."""
    if not store.ruleset.summary:
        return []
    query = select(func.coalesce(func.sum(rows.c.carrying_amount), 0)).where(
        rows.c.period_id == store.period.id
    )
    with store.read() as connection:
        tables = to_yuan(connection.execute(query).scalar_one())
    total = summary_of(store, "initial", netted=False).total
    relation = "汇总表合计（轧差前） = 附表1-1至1-12账面金额合计"
    return [check_line(relation, "表间", total.classified, tables)]


def _opening_findings(store: Store) -> Iterator[Finding]:
    """The last period was changed after this one was opened, or could not all be carried (W010)."""
    for line in _opening(store):
        if not line.holds and "W010" in store.ruleset.problems:
            on = (str(line.left), str(line.right))
            yield finding(
                store, "W010", "opening", value=line.relation, expected=yuan(line.difference),
                line=line, judged_on=on,
            )  # fmt: skip


def _opening(store: Store) -> list[CheckLine]:
    """What this period took over is what the last one holds."""
    query = select(history.c.new).where(
        history.c.kind == "period", history.c.period == store.period_date
    )
    with store.read() as connection:
        opened = from_json(connection.execute(query).scalar()) or {}
    if "from" not in opened or "rows" not in opened:
        return []
    last = next(p for p in all_periods(store) if p.base_date.isoformat() == opened["from"])
    closing = select(func.coalesce(func.sum(rows.c.carrying_amount), 0)).where(
        rows.c.period_id == last.id
    )
    with store.read() as connection:
        left = to_yuan(connection.execute(closing).scalar_one())
    relation = f"上期{opened['from']}期末账面金额 = 本期期初账面金额"
    return [check_line(relation, "表间", left, to_yuan(opened["carrying_amount"]))]

"""Table 2: one sheet per big loss, made, kept in step and taken away by the program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import bindparam, select, update

from app.book import evidence
from app.book.carrying import Carrier
from app.book.coding import from_json, maybe_yuan, to_fen, to_json
from app.book.derive import context_of, judged, stored_values, table_of
from app.book.errors import BookError
from app.book.history import Changing
from app.book.locks import need_unlocked
from app.book.opinions import latest_class
from app.book.reading import ROW_COLUMNS, row_line, to_row
from app.book.types import Attachment, Json, Row, Values
from app.book.working_paper import paper_texts
from app.forms.evaluation import Evaluation, Problem, evaluate
from app.forms.table import Table
from app.forms.values import stored_value
from app.models.tables import big_losses, history, periods, rows

if TYPE_CHECKING:
    from app.book.store import Store

TABLE = "2"
SHEET_MARK = f"#{TABLE}"
"""Behind a row's id, it names the row's sheet."""


class BigLossSheet(Struct, frozen=True):
    """One sheet of table 2: what comes from the row, what the clerk adds, what is missing."""

    row: Row
    own: Values
    """What the clerk wrote on the sheet itself."""
    values: Values
    """The whole sheet: from the row, its working paper, its evidence, and `own`."""
    problems: tuple[Problem, ...]

    @property
    def row_id(self) -> str:
        """The row that the sheet belongs to."""
        return self.row.id


def _table(store: Store) -> Table | None:
    return store.ruleset.tables.get(TABLE)


def qualifies(store: Store, line: Mapping[str, Any]) -> bool:
    """Whether a row needs a sheet: its table, its amount, its latest opinion."""
    if line["table_id"] not in store.ruleset.big_loss_tables or line["carrying_amount"] is None:
        return False
    if line["carrying_amount"] < to_fen(store.ruleset.big_loss_threshold):
        return False
    return latest_class(line) == "loss"


def keep_in_step(
    store: Store, change: Changing, line: Mapping[str, Any], *, new: bool = False
) -> None:
    """Makes or takes away the sheet of a row that was just written."""
    wanted = qualifies(store, line)
    if new and not wanted:
        return
    sheet = None if new else _stored(store, change, line["id"])
    if wanted and sheet is None:
        texts = _dropped_texts(change, line["id"]) or _last_facts(store, change, line)
        put_sheet(store, change, line["id"], texts)
    elif not wanted and sheet is not None:
        drop_sheet(store, change, line["id"])


def _mine(store: Store, row_id: str) -> Any:
    return (big_losses.c.period_id == store.period.id) & (big_losses.c.row_id == row_id)


def _stored(store: Store, change: Changing, row_id: str) -> Any:
    return change.connection.execute(select(big_losses).where(_mine(store, row_id))).first()


def _dropped_texts(change: Changing, row_id: str) -> Values:
    """What stood on the row's last sheet in this period: a sheet that comes back says it again."""
    for entry in reversed(change.entries):
        if entry["kind"] == "big_loss" and entry["row_id"] == row_id:
            return from_json(entry["old"]) or {}
    query = select(history.c.old).where(
        history.c.row_id == row_id, history.c.kind == "big_loss", history.c.period == change.period
    )
    last = change.connection.execute(query.order_by(history.c.id.desc()).limit(1)).scalar()
    return from_json(last) or {}


def _last_facts(store: Store, change: Changing, line: Mapping[str, Any]) -> Values:
    """What still holds of the sheet that the row had in an earlier period."""
    query = (
        select(big_losses.c.field_values, periods.c.ruleset_hash)
        .join(periods, periods.c.id == big_losses.c.period_id)
        .where(big_losses.c.row_id == line["id"], periods.c.base_date < change.period)
        .order_by(periods.c.base_date.desc())
    )
    last = change.connection.execute(query.limit(1)).first()
    if last is None:
        return {}
    old = store.ruleset_of(change.connection, last.ruleset_hash)
    carrier = Carrier(old, store.ruleset, {}).table(TABLE)
    if carrier is None:
        return {}
    carried = carrier.carried(from_json(last.field_values) or {})
    for one in carried.left:
        entry = one.entry(TABLE, line["name"] or "")
        change.log("left", row_id=line["id"], field=one.key, old=entry)
    return carried.values


def put_sheet(store: Store, change: Changing, row_id: str, values: Values) -> None:
    """Makes the sheet of a row, with history."""
    line = {
        "period_id": store.period.id,
        "row_id": row_id,
        "field_values": to_json(values),
        "errors": _sheet_evaluation(store, values).error_count if _table(store) else 0,
        "created_at": change.at_text,
    }
    change.connection.execute(big_losses.insert(), line)
    change.log("big_loss", row_id=row_id, new=values)


def drop_sheet(store: Store, change: Changing, row_id: str) -> None:
    """Takes the sheet of a row away; the history keeps what stood on it."""
    sheet = _stored(store, change, row_id)
    if sheet is not None:
        change.connection.execute(big_losses.delete().where(_mine(store, row_id)))
        change.log("big_loss", row_id=row_id, old=from_json(sheet.field_values))


def _sheet_evaluation(store: Store, own: Values) -> Evaluation:
    table = store.ruleset.table(TABLE)
    return evaluate(table, own, context_of(store, complete=True))


def set_big_loss(
    store: Store, row_id: str, raw: Mapping[str, Json], *, by: str, why: str = ""
) -> None:
    """Stores what the clerk wrote on a sheet."""
    table = store.ruleset.table(TABLE)
    with store.write(by, why=why) as change:
        line = row_line(store, change.connection, row_id)
        write_sheet(store, change, line.id, stored_values(table, raw))


def is_sheet(reference: str) -> bool:
    """Whether this names a sheet, not a row."""
    return reference.endswith(SHEET_MARK)


def write_named(store: Store, change: Changing, reference: str, raw: Mapping[str, Json]) -> bool:
    """Stores values of the sheet that is named ``ROW#2``; whether something differed."""
    line = row_line(store, change.connection, reference.removesuffix(SHEET_MARK))
    values = stored_values(store.ruleset.table(TABLE), raw)
    return write_sheet(store, change, line.id, values)


def write_sheet(store: Store, change: Changing, row_id: str, values: Mapping[str, Json]) -> bool:
    """Stores what differs on a sheet, with history; whether something differed."""
    sheet = _stored(store, change, row_id)
    if sheet is None:
        raise BookError(f"{row_id}不需要填附表2。请核对编号。")
    need_unlocked(row_line(store, change.connection, row_id))
    old: Values = from_json(sheet.field_values) or {}
    new = dict(old)
    for key, value in values.items():
        if old.get(key) == value:
            continue
        change.log("big_loss_set", row_id=row_id, field=key, old=old.get(key), new=value)
        if value is None:
            new.pop(key, None)
        else:
            new[key] = value
    errors = _sheet_evaluation(store, new).error_count
    written = {"field_values": to_json(new), "errors": errors}
    change.connection.execute(update(big_losses).where(_mine(store, row_id)).values(written))
    return new != old


def all_sheets(store: Store) -> list[BigLossSheet]:
    """Every sheet of the period, in the order of the tables."""
    return list(sheets(store))


AMOUNTS = ("carrying_amount", "recovered_amount")
"""What the amounts of a sheet have to fit, of what stands in its row."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the clerk wrote on a sheet, beside the figures of its row."""

    row_id: str
    name: str
    own: Values
    amounts: Values
    """Carrying amount, expected loss and what has come in since, as the row has them."""


def written(store: Store) -> Iterator[Written]:
    """What stands on every sheet, in the order of `sheets`; no row is evaluated for it."""
    columns = (rows.c.id, rows.c.name, rows.c.expected_loss, rows.c.field_values)
    query = (
        _with_rows(select(*columns, big_losses.c.field_values.label("own")), store)
        .where(rows.c.table_id == bindparam("table"))
        .execution_options(yield_per=500)
    )
    with store.read() as connection:
        for table in store.ruleset.row_tables:
            with connection.execute(query, {"table": table.id}) as lines:
                for line in lines:
                    values: Values = from_json(line.field_values) or {}
                    amounts = {key: values.get(key) for key in AMOUNTS}
                    if line.expected_loss is not None:  # a loss that is open is none to compare
                        amounts["expected_loss"] = str(maybe_yuan(line.expected_loss))
                    own = from_json(line.own) or {}
                    yield Written(line.id, line.name or "", own, amounts)


def _with_rows(query: Any, store: Store) -> Any:
    """Sheets beside their rows, in the order of these."""
    same = (big_losses.c.row_id == rows.c.id) & (big_losses.c.period_id == rows.c.period_id)
    mine = rows.c.period_id == store.period.id
    return query.join(big_losses, same).where(mine).order_by(rows.c.institution, rows.c.seq)


def sheets(store: Store) -> Iterator[BigLossSheet]:
    """Every sheet of the period, streamed: tables in their order, rows by their number."""
    columns = (*ROW_COLUMNS, big_losses.c.field_values.label("sheet_values"))
    query = (
        _with_rows(select(*columns), store)
        .where(rows.c.table_id == bindparam("table"))
        .execution_options(yield_per=evidence.AT_A_TIME)
    )
    with store.read() as connection:
        for table in store.ruleset.row_tables:
            with connection.execute(query, {"table": table.id}) as lines:
                for part in lines.partitions():
                    files = evidence.attachments_of(store, [line.id for line in part])
                    yield from (sheet_of(store, line, files.get(line.id, [])) for line in part)


def sheet_of(store: Store, line: Any, files: Sequence[Attachment]) -> BigLossSheet:
    """The sheet of a stored row, whose line holds `sheet_values` too; with the row's evidence."""
    row = to_row(line)
    own: Values = from_json(line.sheet_values) or {}
    table = table_of(store, row.table_id)
    evaluation = judged(table, row.values, context_of(store, last_class=row.last_class))
    values = _from_row(store, row, evaluation, files) | own
    return BigLossSheet(row, own, values, _sheet_evaluation(store, own).problems)


def _from_row(
    store: Store, row: Row, evaluation: Evaluation, files: Sequence[Attachment]
) -> Values:
    """What a sheet takes over: common fields, working paper, evidence, opinions."""
    sheet = store.ruleset.table(TABLE)
    found: Values = {"item": evaluation.table.short_title}
    for key, field in sheet.fields.items():
        typed = evaluation.typed.get(key)
        if field.computed and typed is not None and key != "item":
            found[key] = stored_value(evaluation.table.fields[key], typed)
    texts = paper_texts(evaluation)
    found |= {key: paper.text for key, paper in texts.items() if key in sheet.fields and paper.text}
    names = [one.paper or one.name for one in files]
    if names:
        found["evidence"] = "\n".join(dict.fromkeys(names))
    return found


def sheet_evaluation(store: Store, own: Values) -> Evaluation:
    """A sheet's own fields, evaluated."""
    return _sheet_evaluation(store, own)

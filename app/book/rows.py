"""Rows: adding and changing them; every change with its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, update

from app.book import big_losses
from app.book.authors import TYPED, last_author
from app.book.coding import from_json, to_json
from app.book.derive import context_of, derived_columns, judged, stored_values, table_of
from app.book.errors import BookError
from app.book.history import Changing
from app.book.imports import ImportTotals, record_import
from app.book.inserting import Content, insert_rows, need_named_opinion
from app.book.kept import kept_fingerprints
from app.book.locks import need_unlocked
from app.book.meta import read_meta, write_meta
from app.book.reading import find_row, row_line, to_class
from app.book.types import Json, Row, Values
from app.forms.table import Table
from app.models.tables import drafts, rows

if TYPE_CHECKING:
    from app.book.store import Store


# Adding


def add_rows(
    store: Store,
    table_id: str,
    values: Sequence[Mapping[str, Json]],
    *,
    by: str,
    why: str = "",
    source: str = "typed",
    printed: Sequence[Mapping[str, Json]] | None = None,
    totals: ImportTotals | None = None,
) -> list[Row]:
    """Adds rows in one transaction: all of them or none."""
    table = table_of(store, table_id)
    given = [present(stored_values(table, one)) for one in values]
    strict = source != "typed"
    if strict:
        refuse_same_numbers(table, given)
    extra = [dict(one) for one in printed] if printed is not None else [{} for _ in given]
    if len(extra) != len(given):
        raise ValueError("printed columns do not match the rows")
    with store.write(by, why=why) as change:
        if strict:
            refuse_taken_numbers(store, change, table, given)
        import_id = record_import(store, change, table, given, source, totals)
        return append_rows(store, change, table, given, extra, source, import_id=import_id)


def append_rows(
    store: Store,
    change: Changing,
    table: Table,
    given: Sequence[Values],
    printed: Sequence[Mapping[str, Json]],
    source: str,
    *,
    import_id: int | None = None,
) -> list[Row]:
    """Adds rows at the end of a table; `source` says where every value comes from."""
    seq = last_seq(store, change, table.id)
    ids = new_ids(store, change, len(given))
    contents = [
        Content(
            id_, table.id, seq + place, values, dict(rest), dict.fromkeys(values, source),
            import_id=import_id,
        )
        for place, (id_, values, rest) in enumerate(zip(ids, given, printed, strict=True), 1)
    ]  # fmt: skip
    return insert_rows(store, change, contents)


def present(values: Values) -> Values:
    """The values that are there; an emptied one of a new row is none."""
    return {key: value for key, value in values.items() if value is not None}


def refuse_same_numbers(table: Table, given: Sequence[Values]) -> None:
    """Refuses an asset number that two of the new rows have."""
    seen: dict[str, int] = {}
    for place, values in enumerate(given, 1):
        number = values.get("asset_no")
        if isinstance(number, str) and number in seen:
            raise BookError(
                f"附表{table.id}第{seen[number]}笔和第{place}笔的资产编号都是“{number}”，什么也没有写入。请改其中一个。"
            )
        if isinstance(number, str):
            seen[number] = place


def refuse_taken_numbers(
    store: Store, change: Changing, table: Table, given: Sequence[Values]
) -> None:
    """Refuses an asset number that a row of the table already has."""
    numbers = {values["asset_no"] for values in given if isinstance(values.get("asset_no"), str)}
    if not numbers:
        return
    query = select(rows.c.asset_no, rows.c.id).where(
        rows.c.period_id == store.period.id, rows.c.table_id == table.id
    )
    for number, id_ in change.connection.execute(query.where(rows.c.asset_no.is_not(None))):
        if number in numbers:
            raise BookError(
                f"资产编号“{number}”在附表{table.id}中已经有了（{id_}），什么也没有写入。请换一个。"
            )


def new_ids(store: Store, change: Changing, count: int) -> list[str]:
    """Fresh ids: the institution's code and a number that is never used again."""
    last = int(read_meta(change.connection, "last_row_number", "0"))
    write_meta(change.connection, "last_row_number", str(last + count))
    return [f"{store.institution.code}-{last + place:04d}" for place in range(1, count + 1)]


def last_seq(store: Store, change: Changing, table_id: str) -> int:
    """The number of a table's last row, 0 where it has none."""
    query = select(func.max(rows.c.seq)).where(
        rows.c.period_id == store.period.id, rows.c.table_id == table_id
    )
    return change.connection.execute(query).scalar() or 0


# Changing


def set_values(
    store: Store,
    row_id: str,
    raw: Mapping[str, Json],
    *,
    by: str,
    why: str = "",
    source: str = "typed",
) -> Row:
    """Stores values of one row; None or an empty text empties a field."""
    with store.write(by, why=why) as change:
        line = row_line(store, change.connection, row_id)
        table = table_of(store, line.table_id)
        refuse_union_fields(store, table, raw)
        apply_values(store, change, line, stored_values(table, raw), source)
    return find_row(store, line.id)


def set_many(
    store: Store,
    given: Sequence[tuple[str, Mapping[str, Json]]],
    *,
    by: str,
    why: str = "",
    source: str = "typed",
) -> int:
    """Stores values of many rows in one transaction; returns how many rows changed.

    ``ROW#2`` names a row's sheet of table 2; sheets come after the rows that call for them.
    """
    changed = 0
    with store.write(by, why=why) as change:
        for reference, raw in sorted(given, key=lambda one: big_losses.is_sheet(one[0])):
            if big_losses.is_sheet(reference):
                changed += big_losses.write_named(store, change, reference, raw)
                continue
            line = row_line(store, change.connection, reference)
            table = table_of(store, line.table_id)
            refuse_union_fields(store, table, raw)
            changed += apply_values(store, change, line, stored_values(table, raw), source)
    return changed


def refuse_union_fields(store: Store, table: Table, raw: Mapping[str, Json]) -> None:
    """Refuses at an office what the union fills in."""
    for key in raw:
        field = table.fields.get(key)
        if field is not None and field.part == "union" and not store.is_union:
            raise BookError(f"「{field.label}」由联社填写，信用社不能填。请留空。")


def apply_values(
    store: Store, change: Changing, line: Any, values: Mapping[str, Json], source: str
) -> bool:
    """Stores what differs, with history, and everything that follows from it."""
    need_unlocked(line)
    old: Values = from_json(line.field_values) or {}
    changed = {key: value for key, value in values.items() if old.get(key) != value}
    _forget_drafts(store, change, line.id, values)
    if not changed:
        return False
    need_named_opinion(change, changed)
    before = from_json(line.provenance) or {}
    provenance = dict(before)
    new = dict(old)
    for key, value in changed.items():
        change.log("set", row_id=line.id, field=key, old=old.get(key), new=value)
        if value is None:
            new.pop(key, None)
            provenance.pop(key, None)
        else:
            new[key] = value
            provenance[key] = source
    _log_sources(change, line.id, before, provenance)
    columns = {"field_values": to_json(new), "provenance": to_json(provenance)}
    restate(store, change, line, new, columns)
    return True


def _log_sources(
    change: Changing, row_id: str, before: Mapping[str, str], after: Mapping[str, str]
) -> None:
    """Notes where values came from, as far as that is not just typing."""
    keys = before.keys() | after.keys()
    differing = sorted(k for k in keys if before.get(k, TYPED) != after.get(k, TYPED))
    if differing:
        old, new = ({k: side[k] for k in differing if k in side} for side in (before, after))
        change.log("source", row_id=row_id, old=old, new=new)


# Made once: every row that is written asks for it.
_DRAFTS_OF_FIELDS = drafts.delete().where(
    drafts.c.period_id == bindparam("period"),
    drafts.c.row_id == bindparam("row"),
    drafts.c.field.in_(bindparam("fields", expanding=True)),
)


def _forget_drafts(store: Store, change: Changing, row_id: str, values: Mapping[str, Json]) -> None:
    given = {"period": store.period.id, "row": row_id, "fields": list(values)}
    change.connection.execute(_DRAFTS_OF_FIELDS, given)


def restate(
    store: Store, change: Changing, line: Any, values: Values, columns: Mapping[str, Any]
) -> None:
    """Evaluates a row again and writes it; its confirmation falls, table 2 keeps in step."""
    table = table_of(store, line.table_id)
    kept = kept_fingerprints(store, change.connection, line.id)
    last = to_class(line.last_class)
    derived = derived_columns(store, table, line.id, values, last_class=last, kept=kept)
    prepared = derived["errors"] == 0
    stage = "prepared" if prepared else "draft"
    if stage != line.stage:
        change.log("stage", row_id=line.id, field="stage", old=line.stage, new=stage)
    renewed = {
        **derived,
        **columns,
        "stage": stage,
        "prepared_by": _preparer(store, change, line) if prepared else "",
        "confirmed_by": "",
        "confirmed_at": None,
        "updated_at": change.at_text,
    }
    change.connection.execute(update(rows).where(rows.c.key == line.key).values(renewed))
    big_losses.keep_in_step(store, change, {**line._mapping, **renewed})


def _preparer(store: Store, change: Changing, line: Any) -> str:
    """Who did this; a change by nobody leaves the name that is known."""
    known = change.by or line.prepared_by or last_author(store, change.connection, line.id)
    return str(known)


def fresh_errors(store: Store, line: Any) -> int:
    """How many errors a stored row has today."""
    context = context_of(store, last_class=to_class(line.last_class))
    table = table_of(store, line.table_id)
    return judged(table, from_json(line.field_values) or {}, context).error_count


def rejudge(store: Store, change: Changing, lines: Sequence[Any]) -> None:
    """Derives rows again whose surroundings changed, not their values; stages follow errors."""
    renewed = []
    for line in lines:
        table = table_of(store, line.table_id)
        kept = kept_fingerprints(store, change.connection, line.id)
        values = from_json(line.field_values) or {}
        last = to_class(line.last_class)
        derived = derived_columns(store, table, line.id, values, last_class=last, kept=kept)
        stage = line.stage
        if derived["errors"] and stage in ("prepared", "confirmed"):
            stage = "draft"
        elif not derived["errors"] and stage == "draft":
            stage = "prepared"
        if stage != line.stage:
            change.log("stage", row_id=line.id, field="stage", old=line.stage, new=stage)
        standing = _standing(store, change, line, stage)
        renewed.append({**derived, **standing, "which": line.key})
        big_losses.keep_in_step(store, change, {**line._mapping, **derived, **standing})
    if renewed:
        change.connection.execute(update(rows).where(rows.c.key == bindparam("which")), renewed)


def _standing(store: Store, change: Changing, line: Any, stage: str) -> dict[str, Any]:
    if stage == "draft":
        return {"stage": stage, "prepared_by": "", "confirmed_by": "", "confirmed_at": None}
    return {
        "stage": stage,
        # Whoever changed the surroundings has not prepared the row.
        "prepared_by": line.prepared_by
        or last_author(store, change.connection, line.id)
        or change.by,
        "confirmed_by": line.confirmed_by,
        "confirmed_at": line.confirmed_at,
    }

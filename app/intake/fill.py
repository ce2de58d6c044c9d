"""Values in bulk for rows that are already in a book, from JSON or a sheet with an id column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import system_reason
from app.forms.errors import ValueFault, likeliest
from app.forms.ruleset import RuleSet
from app.forms.schema import FieldDef
from app.forms.values import is_empty, parse_value
from app.intake.cells import BadCell, Cell, Sheet, address, cell_text, is_blank, word_key
from app.intake.json_text import JsonFault, read_json
from app.intake.messages import (
    COMPUTED_FORMULA,
    NO_ERROR_VALUE,
    CellFault,
    FaultsError,
    IntakeError,
)
from app.intake.synonyms import vocabulary_for
from app.intake.workbook import read_sheets

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Row

Json = Any
ID, TABLE = "id", "table"
BIG_LOSSES = "2"
UNREADABLE = ("E002", "E003", "E005")
_ID_HEADS = ("id", "编号")
_TABLE_HEADS = ("table", "附表", "认定表")
_SEARCHED_ROWS = 20


@dataclass(frozen=True, slots=True)
class _Column:
    """A column and the fields it may mean, by table."""

    number: int
    address: str
    head: str
    keys: Mapping[str, str]


def read_fill(path: str | Path, ruleset: RuleSet) -> list[dict[str, Json]]:
    """What to fill in: each entry has the row's `id` and values by field key, still unread.

    A head that means different fields in different tables becomes `head:TEXT`; `fill_book`
    settles it by the row's table.
    """
    path = Path(path)
    if path.suffix.lower() == ".json":
        entries = _from_json(path)
    else:
        entries = [entry for sheet in read_sheets(path) for entry in _from_sheet(sheet, ruleset)]
        if not entries:
            raise IntakeError("I031", file=path.name)
    _refuse_twice(entries, path.name)
    return entries


def _from_json(path: Path) -> list[dict[str, Json]]:
    try:
        content = read_json(path.read_bytes())
    except FileNotFoundError:
        raise IntakeError("I001", file=path) from None
    except OSError as error:
        raise IntakeError("I002", file=path, why=system_reason(error)) from None
    except JsonFault as fault:
        raise IntakeError("I032", file=path.name, why=fault) from None
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list) or not all(isinstance(entry, dict) for entry in content):
        raise IntakeError("I032", file=path.name, why="不是一组对象")
    for number, entry in enumerate(content, 1):
        if not isinstance(entry.get(ID), str) or not entry[ID].strip():
            raise IntakeError("I033", file=path.name, number=number)
        if not _is_text(entry):
            why = f"第{number}个对象里有不完整的字符"
            raise IntakeError("I032", file=path.name, why=why)
    return content


def _is_text(entry: Mapping[str, Json]) -> bool:
    """Whether all of it can be written as UTF-8: escapes may hide half a character."""
    try:
        json.dumps(entry, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse_twice(entries: Sequence[Mapping[str, Json]], file: str) -> None:
    seen: dict[tuple[str, bool], int] = {}
    for number, entry in enumerate(entries, 1):
        name = (entry[ID], _is_sheet(entry))
        if name in seen:
            given = {"number": number, "other": seen[name], "id": entry[ID]}
            raise IntakeError("I036", file=file, **given)
        seen[name] = number


def _table_in(entry: Mapping[str, Json]) -> str:
    """The table that an entry names; empty when it names none."""
    return str(entry.get(TABLE) or "").strip().removeprefix("附表")


def _is_sheet(entry: Mapping[str, Json]) -> bool:
    """Whether an entry is for the row's sheet of table 2."""
    return _table_in(entry) == BIG_LOSSES


def _from_sheet(sheet: Sheet, ruleset: RuleSet) -> Iterator[dict[str, Json]]:
    head = _head_row(sheet)
    if head is None or sheet.hidden:
        return
    ids = next(c for c, cell in enumerate(sheet.rows[head]) if _is_id_head(cell))
    tables = next((c for c, cell in enumerate(sheet.rows[head]) if cell in _TABLE_HEADS), None)
    columns = list(_columns(sheet, head, ids, ruleset))
    faults: list[CellFault] = []
    for number in range(head + 1, len(sheet.rows)):
        row = sheet.rows[number]
        if ids >= len(row) or is_blank(row[ids]):
            continue
        entry: dict[str, Json] = {ID: cell_text(row[ids])}
        if tables is not None and tables < len(row):
            entry[TABLE] = cell_text(row[tables])
        for column in columns:
            cell = row[column.number] if column.number < len(row) else ""
            if isinstance(cell, BadCell):
                expected = COMPUTED_FORMULA if cell.formula else NO_ERROR_VALUE
                place = address(number, column.number)
                faults.append(CellFault(sheet.name, place, str(cell), expected))
            elif not is_blank(cell):
                # Binary noise of numbers lies far behind the fen.
                exact = round(cell, 6) if isinstance(cell, float) else cell
                entry[_name_of(column)] = cell_text(exact)
        yield entry
    if faults:
        raise FaultsError(sheet.file, faults)


def _head_row(sheet: Sheet) -> int | None:
    for number, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        if any(map(_is_id_head, row)) and sum(not is_blank(cell) for cell in row) > 1:
            return number
    return None


def _is_id_head(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip() in _ID_HEADS


def _columns(sheet: Sheet, head: int, ids: int, ruleset: RuleSet) -> Iterator[_Column]:
    known = _known_heads(ruleset)
    passed_over = _passed_over(ruleset)
    for number, cell in enumerate(sheet.rows[head]):
        text = cell_text(cell)
        if number == ids or not text or word_key(text) in passed_over:
            continue
        keys = known.get(text) or known.get(word_key(text))
        place = address(head, number)
        if not keys:
            near = likeliest(text, known)
            hint = f"，是否指“{near}”" if near else ""
            raise IntakeError("I034", file=sheet.file, address=place, head=text, near=hint)
        yield _Column(number, place, text, keys)


def _known_heads(ruleset: RuleSet) -> dict[str, dict[str, str]]:
    """By head (field key or label): the field it means, by table."""
    known: dict[str, dict[str, str]] = {}
    for table in ruleset.tables.values():
        for field in table.fields.values():
            if not field.computed:
                for head in (field.key, word_key(field.label)):
                    known.setdefault(head, {})[table.id] = field.key
    return known


def _passed_over(ruleset: RuleSet) -> set[str]:
    """Heads of columns that only help a person: running numbers, the table, computed figures."""
    computed = (f for t in ruleset.row_tables for f in t.fields.values() if f.computed)
    words = {word_key(word) for f in computed for word in (f.key, f.label)}
    return words | vocabulary_for(ruleset).ignored | set(_TABLE_HEADS)


def _name_of(column: _Column) -> str:
    meanings = set(column.keys.values())
    return meanings.pop() if len(meanings) == 1 else f"head:{column.head}"


def fill_book(
    book: Book, entries: Sequence[Mapping[str, Json]], *, by: str, source: str = "fill"
) -> list[Row]:
    """Stores the values of all entries in one transaction; the rows as they are afterwards.

    An entry with ``table`` 2 is for the row's sheet of table 2; so are its fields elsewhere that
    the row's own table does not have.
    """
    known = _known_heads(book.ruleset)
    faults: list[CellFault] = []
    given: dict[str, dict[str, Json]] = {}
    row_ids = []
    for entry in entries:
        row = book.find_row(entry[ID])
        row_ids.append(row.id)
        _refuse_other_table(entry, row, source)
        for name, value in entry.items():
            if name in (ID, TABLE):
                continue
            wanted = BIG_LOSSES if _is_sheet(entry) else row.table_id
            table_id, key = _settled(name, wanted, row.id, known, source)
            reference = f"{row.id}#{BIG_LOSSES}" if table_id == BIG_LOSSES else row.id
            given.setdefault(reference, {})[key] = value
            faults += _faults(_field(book.ruleset, table_id, key, row.id, source), row.id, value)
    if faults:
        raise FaultsError(source, faults)
    book.set_many(list(given.items()), by=by, why=f"导入 {source}", source=source)
    return [book.row(row_id) for row_id in dict.fromkeys(row_ids)]


def _refuse_other_table(entry: Mapping[str, Json], row: Row, file: str) -> None:
    named = _table_in(entry)
    if named and named not in (row.table_id, BIG_LOSSES):
        raise IntakeError("I038", file=file, id=row.id, found=row.table_id, table=named)


def _field(ruleset: RuleSet, table_id: str, key: str, row_id: str, file: str) -> FieldDef:
    """The field of this key; IntakeError names the likeliest one otherwise."""
    fields = ruleset.table(table_id).fields
    if key not in fields:
        near = likeliest(key, fields)
        hint = f"，是否指“{near}”（{fields[near].label}）" if near else ""
        raise IntakeError("I039", file=file, id=row_id, key=key, table=table_id, near=hint)
    return fields[key]


def _faults(field: FieldDef, row_id: str, value: Json) -> Iterator[CellFault]:
    """What can't be read; a value that can be but must not be is the row's own problem."""
    if is_empty(value) or field.computed:
        return
    try:
        parse_value(field, value)
    except ValueFault as fault:
        if fault.code in UNREADABLE:
            place = f"{row_id}「{field.label}」"
            yield CellFault("", place, str(value), fault.expected)


def _settled(
    name: str, wanted: str, row_id: str, known: Mapping[str, Mapping[str, str]], file: str
) -> tuple[str, str]:
    """Table and field of an entry's name: the wanted table's, else the field of table 2."""
    head = name.removeprefix("head:")
    keys = known.get(head) or known.get(word_key(head)) or {}
    for table_id in (wanted, BIG_LOSSES):
        if table_id in keys:
            return table_id, keys[table_id]
    if name == head:
        return wanted, name
    told = "、".join(f"附表{table}" for table in keys)
    raise IntakeError("I035", file=file, head=head, keys=told, table=wanted, id=row_id)

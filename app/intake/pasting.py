"""A block copied from a spreadsheet: which cells it would add and change in a table."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.book.bulk import ChangedRow, NewRow, take_in
from app.intake.building import build, identity_of
from app.intake.cells import Cell, Sheet, address, column_name, is_blank_row
from app.intake.columns import ColumnMatch, match_columns, score_of
from app.intake.importing import PresentRows, present_rows
from app.intake.layout import HeadBlock, head_blocks
from app.intake.limits import MOST_ROWS
from app.intake.messages import FaultsError, IntakeError, Note
from app.intake.progress import Progress, silent
from app.intake.synonyms import vocabulary_for
from app.intake.types import Listing, ListingRow, Origin

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Row

Json = Any
PASTED = "粘贴的内容"


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that would be different: of which row, what stands there, what comes."""

    address: str
    row_id: str
    seq: int
    asset_no: str
    field: str
    old: Json
    new: Json


@dataclass(frozen=True, slots=True)
class PastePlan:
    """What pasting a block would do; nothing is written yet."""

    listing: Listing
    has_head: bool
    """Whether the first line was understood as heads; else somebody has to say what is what."""
    new: tuple[ListingRow, ...]
    changed: tuple[ChangedRow, ...]
    cells: tuple[CellChange, ...]
    """Every cell of the changed rows."""
    same: int
    """Rows in which nothing would change."""
    notes: tuple[Note, ...]

    @property
    def mapped(self) -> bool:
        """Whether any column fills a field."""
        return any(match.field for match in self.listing.mapping)

    @property
    def ready(self) -> bool:
        """Whether there is something to take in, and nothing that can't be read."""
        return not self.listing.faults and self.mapped and bool(self.new or self.changed)


def read_block(text: str) -> Sheet:
    """The cells of a block as spreadsheets put it on the clipboard: tabs, lines, quotes."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        quoted = csv.reader([line + "\n" for line in lines], delimiter="\t", strict=True)
        rows: list[list[Cell]] = [[cell.rstrip("\n") for cell in row] for row in quoted]
    except csv.Error:  # a quotation mark that is only a quotation mark
        rows = [[*line.split("\t")] for line in lines]
    while rows and is_blank_row(rows[-1]):
        rows.pop()
    if not rows:
        raise IntakeError("I050")
    if len(rows) > MOST_ROWS:
        raise IntakeError("I051", limit=MOST_ROWS)
    return Sheet("", rows, file=PASTED, kind="csv")


def paste_plan(
    book: Book,
    sheet: Sheet,
    table_id: str,
    *,
    columns: Mapping[str, str | None] | None = None,
    has_head: bool | None = None,
    progress: Progress = silent,
) -> PastePlan:
    """What pasting the block into a table would do.

    `columns` says which field the column of an address fills; `has_head` whether the first line
    are heads, where that is known.
    """
    vocabulary = vocabulary_for(book.ruleset).table(table_id)
    block = _head(sheet)
    known = block is not None and score_of(block, vocabulary) > 0
    with_head = known if has_head is None else has_head
    if block is not None and with_head:
        mapping, notes = match_columns(block, vocabulary)
    else:
        block, mapping, notes = _headless(sheet, with_head)
    mapping = _as_told(mapping, columns or {})
    told = [note for note in notes if note.address not in (columns or {})]
    listing = build(table_id, _origin(book, sheet, block, table_id), mapping, told, progress,
                    required=())  # fmt: skip
    return _planned(book, listing, with_head)


def _head(sheet: Sheet) -> HeadBlock | None:
    """The first line, where it may be one of heads."""
    first = next(iter(head_blocks(sheet)), None)
    return first if first is not None and first.first == 0 else None


def _headless(sheet: Sheet, skip: bool) -> tuple[HeadBlock, tuple[ColumnMatch, ...], list[Note]]:
    """Columns of which nothing is known but where they stand."""
    first = int(skip)
    mapping = tuple(
        ColumnMatch(address(0, column), f"{column_name(column)}列", None, column, ignored=True)
        for column in range(sheet.width)
    )
    return HeadBlock(0, first, ()), mapping, []


def _as_told(
    mapping: Sequence[ColumnMatch], columns: Mapping[str, str | None]
) -> tuple[ColumnMatch, ...]:
    taken = {field for field in columns.values() if field}
    return tuple(
        replace(
            match,
            field=columns.get(match.address, match.field if match.field not in taken else None),
            ignored=match.ignored and not columns.get(match.address),
        )
        for match in mapping
    )


def _origin(book: Book, sheet: Sheet, block: HeadBlock, table_id: str) -> Origin:
    return Origin(
        sheet=sheet,
        block=block,
        ruleset=book.ruleset,
        chart=book.chart(),
        base_date=book.period.base_date,
        subject=book.ruleset.first_subject(table_id),
        template=False,
    )


def _planned(book: Book, listing: Listing, has_head: bool) -> PastePlan:
    """Rows with a known asset number change the row that has it; all others are new."""
    present = present_rows(book, listing.table_id)
    columns = {match.field: match.column for match in listing.mapping if match.field}
    new: list[ListingRow] = []
    changed: list[ChangedRow] = []
    cells: list[CellChange] = []
    same = 0
    for line in listing.rows:
        row = present.by_number.get(str(line.values.get("asset_no") or ""))
        if row is None:
            new.append(line)
            continue
        given = {key: line.values[key] for key in columns if key in line.values}
        differing = {k: v for k, v in given.items() if row.values.get(k) != v}
        if not differing:
            same += 1
            continue
        changed.append(
            ChangedRow(row.id, differing, {key: row.values.get(key) for key in differing})
        )
        cells += [_cell(row, line, key, columns[key], v) for key, v in differing.items()]
    fields = book.ruleset.table(listing.table_id).fields
    amounts = any(fields[key].type == "money" for key in columns)
    told = [note for note in listing.notes if note.code != "N001" or amounts]
    notes = (*told, *_doubles(new, present))
    return PastePlan(listing, has_head, tuple(new), tuple(changed), tuple(cells), same, notes)


def _cell(row: Row, line: ListingRow, key: str, column: int, value: Json) -> CellChange:
    number = str(row.values.get("asset_no") or "")
    place = address(line.number, column)
    return CellChange(place, row.id, row.seq, number, key, row.values.get(key), value)


def _doubles(new: Sequence[ListingRow], present: PresentRows) -> list[Note]:
    """New rows that look like one the table already has."""
    found = []
    for line in new:
        identity = identity_of(line.values)
        if identity is not None and identity in present.by_identity:
            seq = present.by_identity[identity]
            found.append(Note("N019", at=line.address, number=seq))
    return found


def paste(
    book: Book, plan: PastePlan, *, by: str, progress: Progress = silent
) -> tuple[list[str], int]:
    """Takes a block in as one change: ids of the new rows, number of the changed ones."""
    if plan.listing.faults:
        raise FaultsError(PASTED, plan.listing.faults)
    added = [NewRow(line.values, line.printed) for line in plan.new]
    table_id = plan.listing.table_id
    return take_in(book.store, table_id, added, plan.changed, by=by, progress=progress)

"""Taking a register into a book: new assets come in, known ones are filled where they are empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.book.register_columns import BACKGROUND
from app.forms.errors import ValueFault
from app.forms.evaluation import evaluate
from app.forms.schema import FieldDef
from app.forms.values import is_empty, parse_value, shown_text
from app.intake.cells import address
from app.intake.importing import present_rows, row_findings
from app.intake.messages import FaultsError, Note
from app.intake.progress import Progress, silent
from app.intake.register import RegisterListing
from app.intake.types import Listing, ListingRow

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.prefill import Prefill
    from app.book.types import Finding, Row

Json = Any
_SHOWN = 40
"""Characters of a value that a note repeats."""


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """What taking a register in has done and found."""

    added: list[str]
    """Ids of the new rows."""
    filled: list[str]
    """Ids of the rows that were there and got something."""
    unchanged: int
    findings: list[Finding]
    notes: list[Note]

    @property
    def contradicted(self) -> bool:
        """Whether a new row contradicts itself."""
        return any(found.severity == "error" for found in self.findings)


@dataclass(slots=True)
class _Sorted:
    """The rows of one table: those to be added, and what known ones lack."""

    listing: Listing
    new: list[ListingRow] = field(default_factory=list)
    known: dict[str, dict[str, Json]] = field(default_factory=dict)
    unchanged: int = 0


def import_register(
    book: Book, listing: RegisterListing, *, by: str, progress: Progress = silent
) -> RegisterReport:
    """Takes the register in, all of it or nothing; FaultsError names every faulty cell."""
    from app.book.prefill import prefill

    if listing.faults:
        raise FaultsError(listing.file, listing.faults)
    notes: list[Note] = []
    parts = [_sorted(book, part, notes) for part in listing.parts]
    progress(0, len(parts), listing.file)
    added = prefill(book, [_given(book, one) for one in parts], by=by, source=listing.file)
    findings: list[Finding] = []
    rest = iter(added)
    for one in parts:
        mine = [next(rest) for _ in one.new]
        findings += row_findings(book, replace(one.listing, rows=one.new), mine, progress)
    return RegisterReport(
        [row.id for row in added],
        [row_id for one in parts for row_id in one.known],
        sum(one.unchanged for one in parts),
        findings,
        [*listing.notes, *notes],
    )


def _sorted(book: Book, listing: Listing, notes: list[Note]) -> _Sorted:
    present = present_rows(book, listing.table_id)
    by_id = {row.id: row for row in book.rows(listing.table_id)}
    found = _Sorted(listing)
    for line in listing.rows:
        number = line.values.get("asset_no")
        row = present.by_number.get(str(number)) or by_id.get(str(number))
        if row is None:
            found.new.append(line)
            continue
        lacking = _lacking(book, row, line, listing, notes)
        if lacking:
            found.known[row.id] = lacking
        else:
            found.unchanged += 1
    return found


def _lacking(
    book: Book, row: Row, line: ListingRow, listing: Listing, notes: list[Note]
) -> dict[str, Json]:
    """What the register says and the row does not; where they differ the row's value stays."""
    drafts = {key: text.text for key, text in book.paper_texts(row).items() if text.drafted}
    typed = book.evaluate(row).typed
    lacking: dict[str, Json] = {}
    for key, value in line.values.items():
        present = row.values.get(key)
        if present == value or drafts.get(key) == value:
            continue
        if key == "asset_no" and value == row.id:
            continue
        if is_empty(present):
            if key not in typed:
                lacking[key] = value
            continue
        definition = book.ruleset.table(row.table_id).fields[key]
        words = {"found": _shown(definition, value), "present": _shown(definition, present)}
        place = _cell_of(listing, line, key)
        notes.append(Note("N043", at=place, label=definition.label, row=row.id, **words))
    return lacking


def _shown(definition: FieldDef, value: Json) -> str:
    """A value as a person reads it; one that can't be read as it stands."""
    try:
        text = shown_text(definition, parse_value(definition, value))
    except ValueFault:
        text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _cell_of(listing: Listing, line: ListingRow, key: str) -> str:
    # Both parts of the background stand in one cell.
    wanted = BACKGROUND[0] if key in BACKGROUND else key
    column = next((match.column for match in listing.mapping if match.field == wanted), None)
    return line.address if column is None else address(line.number, column)


def _given(book: Book, one: _Sorted) -> Prefill:
    from app.book.prefill import Prefill

    table_id = one.listing.table_id
    values = [_without_drafts(book, table_id, row.values) for row in one.new]
    return Prefill(table_id, values, [row.printed for row in one.new], one.known)


def _without_drafts(book: Book, table_id: str, values: Mapping[str, Json]) -> dict[str, Json]:
    """The values without texts that the program would draft in the same words anyway."""
    from app.book.working_paper import paper_texts

    table = book.ruleset.table(table_id)
    evaluation = evaluate(table, dict(values), book.context(complete=False))
    drafts = {key: text.text for key, text in paper_texts(evaluation, {}).items()}
    return {key: value for key, value in values.items() if drafts.get(key) != value}

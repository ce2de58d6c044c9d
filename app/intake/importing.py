"""Taking a recognised listing into a book in one transaction; telling what contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from app.forms.evaluation import evaluate
from app.forms.results import UNANSWERED
from app.forms.values import amount_text
from app.intake.building import identity_of
from app.intake.cells import address
from app.intake.messages import FaultsError, IntakeError, Note, cell_place
from app.intake.progress import Progress, silent
from app.intake.types import ImportReport, Listing, ListingRow, TotalLine

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Finding, Row

_STEP = 500


@dataclass(frozen=True, slots=True)
class PresentRows:
    """The rows of the table that the book already holds."""

    by_number: dict[str, Row]
    by_identity: dict[tuple[Any, ...], int]
    """Name, date and amount, to the row's place in the table."""


def import_listing(
    book: Book, listing: Listing, *, by: str, progress: Progress = silent
) -> ImportReport:
    """Adds the listing's rows to the book, all or none; FaultsError names every faulty cell."""
    if listing.faults:
        raise FaultsError(listing.file, listing.faults)
    present = present_rows(book, listing.table_id)
    _refuse_known_numbers(listing, present)
    progress(0, len(listing.rows), listing.file)
    added = book.add_rows(
        listing.table_id,
        [row.values for row in listing.rows],
        by=by,
        why=f"导入 {listing.file}",
        source=listing.file,
        printed=[row.printed for row in listing.rows],
        totals=listing.totals,
    )
    findings = [
        *row_findings(book, listing, added, progress),
        *doubles(book, listing, added, present),
        *_total_findings(book, listing, added),
    ]
    notes = [note for note in listing.notes if not _is_told_otherwise(note)]
    return ImportReport(len(added), [row.id for row in added], findings, notes)


def _is_told_otherwise(note: str) -> bool:
    """Doubles are findings once they are in the book."""
    return isinstance(note, Note) and note.code == "N018"


def present_rows(book: Book, table_id: str) -> PresentRows:
    """The rows of a table, by their own number and by what may be the same asset."""
    present = PresentRows({}, {})
    for row in book.rows(table_id):
        number = row.values.get("asset_no")
        if isinstance(number, str):
            present.by_number[number] = row
        identity = identity_of(row.values)
        if identity is not None:
            present.by_identity.setdefault(identity, row.seq)
    return present


def _refuse_known_numbers(listing: Listing, present: PresentRows) -> None:
    column = next((m.column for m in listing.mapping if m.field == "asset_no"), None)
    if column is None:
        return
    for row in listing.rows:
        number = row.values.get("asset_no")
        existing = present.by_number.get(number) if number is not None else None
        if existing is not None:
            place = cell_place(listing.sheet_name, address(row.number, column))
            known = f"第{existing.seq}笔，编号{existing.id}"
            told = {"address": place, "number": number, "existing": known}
            raise IntakeError("I029", file=listing.file, **told)


def row_findings(
    book: Book, listing: Listing, added: Sequence[Row], progress: Progress
) -> Iterator[Finding]:
    """What is wrong with the new rows themselves; what is merely unanswered is no finding."""
    from app.book.findings import from_problem

    table = book.ruleset.table(listing.table_id)
    context = book.context(complete=False)
    for count, (row, read) in enumerate(zip(added, listing.rows, strict=True)):
        if count % _STEP == 0:
            progress(count, len(added), listing.file)
        evaluation = evaluate(table, row.values, context)
        if not (evaluation.faults or evaluation.failed_checks):
            continue
        for problem in evaluation.problems:
            if problem.code != UNANSWERED:
                found = from_problem(row.id, row.table_id, problem)
                yield _placed(found, listing, _cell_of(listing, read, problem.field))


def _cell_of(listing: Listing, read: ListingRow, field: str) -> str:
    """The cell that a field of a row came from, else the row's first."""
    column = next((m.column for m in listing.mapping if m.field == field), None)
    return read.address if column is None else address(read.number, column)


def _placed(found: Finding, listing: Listing, cell: str) -> Finding:
    place = cell_place(listing.sheet_name, cell)
    return replace(found, message=f"{place}：{found.message}")


def doubles(
    book: Book, listing: Listing, added: Sequence[Row], present: PresentRows
) -> Iterator[Finding]:
    """Rows whose name, date and amount stand in an earlier row of the table."""
    from app.book.findings import finding

    first = dict(present.by_identity)
    for row, read in zip(added, listing.rows, strict=True):
        identity = identity_of(read.values)
        if identity is None:
            continue
        if identity in first:
            found = finding(
                book.store,
                "W004",
                row.id,
                row_id=row.id,
                table_id=row.table_id,
                field="name",
                value=str(first[identity]),
            )
            yield _placed(found, listing, read.address)
        first.setdefault(identity, row.seq)


def _total_findings(book: Book, listing: Listing, added: Sequence[Row]) -> Iterator[Finding]:
    for line in listing.total_lines:
        kept = line.grand and listing.totals.get(line.field) == line.printed
        # The book keeps the listing's own total and names the difference by its import, so that
        # the warning can be kept under that name.
        place = f"import {added[0].import_id}" if kept and added else ""
        yield _total_finding(book, listing, line, place or f"{listing.file} {line.address}")


def _total_finding(book: Book, listing: Listing, line: TotalLine, place: str) -> Finding:
    from app.book.findings import finding

    label = book.ruleset.table(listing.table_id).fields[line.field].label
    printed, summed = amount_text(line.printed), amount_text(line.summed)
    value = f"{line.address} {line.label}，{label}打印{printed}，各笔{summed}"
    found = finding(
        book.store,
        "W006",
        place,
        table_id=listing.table_id,
        field=line.field,
        value=value,
        expected=f"{amount_text(line.difference)}元",
    )
    return replace(found, left=line.printed, right=line.summed, difference=line.difference)

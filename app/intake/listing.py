"""Listings: recognised, looked at, mapped otherwise, taken into a book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from app.forms.ruleset import RuleSet
from app.forms.schema import Subject
from app.intake.building import build
from app.intake.cells import Cell, Sheet, is_blank
from app.intake.columns import ColumnMatch, all_row_tables, best_guess, match_columns
from app.intake.importing import import_listing
from app.intake.layout import HeadBlock
from app.intake.marker import Marker, key_columns, read_marker
from app.intake.messages import NO_COLUMN, IntakeError, Note
from app.intake.progress import Progress, silent
from app.intake.synonyms import vocabulary_for
from app.intake.types import ImportReport, Listing, ListingRow, Origin, TotalLine

__all__ = [
    "ImportReport",
    "Listing",
    "ListingRow",
    "TotalLine",
    "import_listing",
    "listing_with_mapping",
    "recognise",
]


def recognise(
    sheets: Sequence[Sheet],
    ruleset: RuleSet,
    *,
    table: str | None = None,
    subject: str | None = None,
    base_date: date,
    institution: str = "",
    chart: Mapping[str, Subject] | None = None,
    sheet_name: str | None = None,
    progress: Progress = silent,
) -> Listing:
    """The listing that the sheets hold; IntakeError when there is none or it can't be told.

    `table`, `subject` and `sheet_name` settle what the file leaves open. A listing of another
    `institution` is noted. `chart` is the book's
    chart of accounts; without it the rule set's counts. Cells that can't be read are faults of
    the listing.
    """
    chart = ruleset.chart if chart is None else chart
    file = sheets[0].file
    _check_table(table, ruleset, file)
    if subject is not None and subject not in chart:
        raise IntakeError("I025", subject=subject)
    marker = read_marker(sheets)
    if marker is not None:
        if table not in (None, marker.table_id):
            raise IntakeError("I023", file=file, found=marker.table_id, table=table)
        return _from_template(marker, ruleset, chart, subject, base_date, progress)
    seen = _visible(sheets, sheet_name)
    favoured = chart[subject].table if subject else ""
    tables = [table] if table else all_row_tables(ruleset)
    guess = best_guess(seen, vocabulary_for(ruleset), tables, favoured)
    words = vocabulary_for(ruleset).table(guess.table_id)
    mapping, notes = match_columns(guess.block, words)
    others = [s.name for s in seen if s is not guess.sheet]
    origin = Origin(
        sheet=_filled_down(guess.sheet, guess.block.end),
        block=guess.block,
        ruleset=ruleset,
        chart=chart,
        base_date=base_date,
        subject=subject or ruleset.first_subject(guess.table_id),
        template=False,
        notes=tuple(Note("N008", sheet=name) for name in others),
        institution=institution,
    )
    return _some_rows(build(guess.table_id, origin, mapping, notes, progress))


def listing_with_mapping(
    listing: Listing, changes: Mapping[str, str | None], *, progress: Progress = silent
) -> Listing:
    """The same listing with columns (by the address of their head) filling other fields or none."""
    taken = {field for field in changes.values() if field}
    mapping = []
    for match in listing.mapping:
        field = match.field if match.field not in taken else None
        mapping.append(replace(match, field=changes.get(match.address, field)))
    return build(listing.table_id, listing.origin, tuple(mapping), (), progress)


def likelier_table(listing: Listing, sheets: Sequence[Sheet]) -> str:
    """The table that a listing fits better than the one it was read for; empty where none does.

    It is the one that its head and titles speak for, if that fills more fields or the other one
    lacks a column that it needs.
    """
    ruleset = listing.origin.ruleset
    vocabulary = vocabulary_for(ruleset)
    if listing.template:
        return ""
    try:
        guess = best_guess(_visible(sheets, None), vocabulary, all_row_tables(ruleset))
    except IntakeError:
        return ""
    mapping, _ = match_columns(guess.block, vocabulary.table(guess.table_id))
    lacks = any(fault.found == NO_COLUMN for fault in listing.faults)
    better = lacks or _filled(mapping) > _filled(listing.mapping)
    return guess.table_id if better and guess.table_id != listing.table_id else ""


def _filled(mapping: Sequence[ColumnMatch]) -> int:
    return sum(match.field is not None for match in mapping)


def _check_table(table: str | None, ruleset: RuleSet, file: str) -> None:
    known = all_row_tables(ruleset)
    if table is not None and table not in known:
        raise IntakeError("I022", file=file, table=table, tables="、".join(known))


def _visible(sheets: Sequence[Sheet], name: str | None) -> list[Sheet]:
    if name is not None:
        found = [sheet for sheet in sheets if sheet.name == name]
        if not found:
            names = "、".join(sheet.name for sheet in sheets)
            raise IntakeError("I026", file=sheets[0].file, sheet=name, sheets=names)
        return found
    shown = [sheet for sheet in sheets if sheet.rows and not sheet.hidden]
    return shown or list(sheets)


def _some_rows(listing: Listing) -> Listing:
    if not listing.rows and not listing.faults:
        raise IntakeError("I027", file=listing.file)
    return listing


def _filled_down(sheet: Sheet, first: int) -> Sheet:
    """The sheet with the text of cells merged over several lines standing in each of them."""
    areas = [area for area in sheet.merged if area[0] >= first and area[2] > area[0]]
    if not areas:
        return sheet
    rows: list[list[Cell]] = [list(row) for row in sheet.rows]
    for top, left, bottom, _ in areas:
        value = sheet.cell(top, left)
        # An amount merged over lines is one amount, not several.
        if isinstance(value, str) and not is_blank(value):
            for row in rows[top + 1 : bottom + 1]:
                if left < len(row) and is_blank(row[left]):
                    row[left] = value
    return replace(sheet, rows=rows)


def _from_template(
    marker: Marker,
    ruleset: RuleSet,
    chart: Mapping[str, Subject],
    subject: str | None,
    base_date: date,
    progress: Progress,
) -> Listing:
    table = ruleset.tables.get(marker.table_id)
    if table is None:
        known = "、".join(all_row_tables(ruleset))
        raise IntakeError("I022", file=marker.sheet.file, table=marker.table_id, tables=known)
    mapping, faults, notes = key_columns(marker, table, ruleset.id)
    if marker.ruleset_id != ruleset.id:
        notes.append(Note("N011", found=marker.ruleset_id, expected=ruleset.id))
    origin = Origin(
        sheet=marker.sheet,
        block=HeadBlock(marker.key_row, 1, ()),
        ruleset=ruleset,
        chart=chart,
        base_date=base_date,
        subject=subject or ruleset.first_subject(table.id),
        template=True,
    )
    listing = build(table.id, origin, mapping, notes, progress)
    listing.faults[:0] = faults
    return _some_rows(listing)

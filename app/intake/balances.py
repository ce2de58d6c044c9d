"""The general ledger's balances (科目余额表) of one date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from app.forms.loader import ruleset_for
from app.forms.schema import Subject
from app.intake.amounts import UnreadableError, read_amount
from app.intake.cells import BadCell, Cell, Sheet, address, cell_text, is_blank, squeezed, word_key
from app.intake.dates import date_in_title
from app.intake.layout import HeadBlock, base_date_line, head_blocks, title_lines, unit_of
from app.intake.messages import (
    COMPUTED_FORMULA,
    NO_ERROR_VALUE,
    CellFault,
    FaultsError,
    IntakeError,
    Note,
)
from app.intake.synonyms import Synonyms, vocabulary_for
from app.intake.whose import other_institution
from app.intake.workbook import read_sheets

if TYPE_CHECKING:
    from app.book.book import Book

ZERO = Decimal("0.00")
_LEAST_DIGITS, _MOST_DIGITS = 3, 20


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One printed subject: both sides in yuan."""

    address: str
    code: str
    name: str
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class BalanceListing:
    """A balance sheet as printed: nothing is written yet."""

    file: str
    sheet: str
    lines: list[BalanceLine]
    faults: list[CellFault]
    notes: list[Note]
    unit: str


@dataclass(frozen=True, slots=True)
class BalanceReport:
    """How many balances went into the book, and what was noticed."""

    balances: int
    notes: list[Note]
    unknown: list[BalanceLine]
    """Subjects that the chart does not know: their balances were not taken in."""


def read_balances(path: str | Path, base_date: date, *, institution: str = "") -> BalanceListing:
    """The balances in a file; IntakeError when it is no balance sheet.

    Those of another `institution` are noted; empty asks nothing.
    """
    synonyms = vocabulary_for(ruleset_for(base_date)).synonyms
    for sheet in read_sheets(path):
        found = None if sheet.hidden else _best_head(sheet, _words(synonyms))
        if found is not None:
            listing = _read(sheet, *found, base_date, synonyms.units)
            lines = title_lines(sheet, found[0])
            listing.notes[:0] = other_institution(lines, institution, synonyms)
            return listing
    raise IntakeError("I030", file=Path(path).name)


def _words(synonyms: Synonyms) -> dict[str, tuple[str, int]]:
    """By head: the part of a balance it names, and how sure (0 is surest)."""
    words: dict[str, tuple[str, int]] = {}
    for part, listed in synonyms.balances.items():
        for rank, word in enumerate(listed):
            words.setdefault(word_key(word), (part, rank))
    return words


def _best_head(
    sheet: Sheet, words: Mapping[str, tuple[str, int]]
) -> tuple[HeadBlock, dict[str, int]] | None:
    """The head that names most: code, name, and either both sides or an amount."""
    fitting = []
    for block in head_blocks(sheet):
        ranked = _ranked(block, words)
        columns = {part: column for part, (_, column) in ranked.items()}
        has_amounts = {"debit", "credit"} <= set(columns) or "amount" in columns
        if "code" in columns and has_amounts:
            sure = -sum(rank for rank, _ in ranked.values())
            fitting.append((block, columns, (len(columns), sure)))
    # Of equally good ones that with the surest words, then the lowest: the others have title
    # lines in them.
    best = max(fitting, key=lambda found: (*found[2], -found[0].height), default=None)
    return best[:2] if best else None


def _ranked(block: HeadBlock, words: Mapping[str, tuple[str, int]]) -> dict[str, tuple[int, int]]:
    """For each part of a balance the rank and the column of the head that is surest."""
    ranked: dict[str, tuple[int, int]] = {}
    for head in block.columns:
        for key in head.known_as():
            if key in words:
                part, rank = words[key]
                if part not in ranked or rank < ranked[part][0]:
                    ranked[part] = (rank, head.column)
                break
    return ranked


def _read(
    sheet: Sheet,
    block: HeadBlock,
    columns: dict[str, int],
    base_date: date,
    units: Mapping[str, int],
) -> BalanceListing:
    titles = title_lines(sheet, block)
    unit = unit_of(titles, units, sheet.file)
    scale, name = units.get(unit, 1), unit or "元"
    notes = [] if unit in ("", "元") else [Note("N002", unit=unit)]
    notes += [] if unit else [Note("N001")]
    dated = base_date_line(titles)
    found = date_in_title(dated.text) if dated else None
    if dated and found and not base_date.isoformat().startswith(found.stored):
        notes.append(Note("N003", at=dated.address, found=found.shown, expected=base_date))
    listing = BalanceListing(sheet.file, sheet.name, [], [], notes, unit)
    for number in range(block.end, len(sheet.rows)):
        _line(listing, sheet.rows[number], number, columns, (scale, name))
    if not listing.lines and not listing.faults:
        raise IntakeError("I027", file=sheet.file)
    return listing


def _line(
    listing: BalanceListing,
    row: Sequence[Cell],
    number: int,
    columns: Mapping[str, int],
    unit: tuple[int, str],
) -> None:
    def cell(part: str) -> Cell:
        place = columns.get(part, len(row))
        return row[place] if place < len(row) else ""

    code = _code_of(cell("code"))
    if not code:
        # Headings, totals and footers have no subject.
        return
    amounts = {
        part: _amount(listing, cell(part), number, columns.get(part, 0), unit)
        for part in ("debit", "credit", "amount")
    }
    debit, credit = amounts["debit"], amounts["credit"]
    if "debit" not in columns:
        side = squeezed(cell_text(cell("side")))
        debit, credit = (
            (ZERO, amounts["amount"]) if side.startswith("贷") else (amounts["amount"], ZERO)
        )
    name = cell_text(cell("name"))
    listing.lines.append(BalanceLine(address(number, columns["code"]), code, name, debit, credit))


def _code_of(cell: Cell) -> str:
    """The digits of a subject's code; empty when the cell holds none."""
    text = squeezed(cell_text(cell)).replace(".", "").replace("-", "")
    digits = text[: len(text) - len(text.lstrip("0123456789"))]
    return digits if _LEAST_DIGITS <= len(digits) <= _MOST_DIGITS else ""


def _amount(
    listing: BalanceListing, cell: Cell, number: int, column: int, unit: tuple[int, str]
) -> Decimal:
    if is_blank(cell) or (word_key(cell_text(cell)) == "" and not isinstance(cell, BadCell)):
        return ZERO
    try:
        if isinstance(cell, BadCell):
            raise UnreadableError(COMPUTED_FORMULA if cell.formula else NO_ERROR_VALUE)
        return read_amount(cell, *unit)
    except UnreadableError as error:
        place = address(number, column)
        listing.faults.append(CellFault(listing.sheet, place, cell_text(cell), error.expected))
    return ZERO


def import_balances(
    book: Book, listing: BalanceListing, *, by: str, own: Mapping[str, str] | None = None
) -> BalanceReport:
    """Replaces the book's balances by those of its subjects; FaultsError names every fault.

    `own`: tables of subjects of the sheet that the chart is to know from now on, by code.
    """
    from app.book.types import Balance

    if listing.faults:
        raise FaultsError(listing.file, listing.faults)
    notes = list(listing.notes)
    added = [_named(listing, code, table) for code, table in (own or {}).items()]
    chart = book.chart() | {subject.code: subject for subject in added}
    sums = _by_subject(listing.lines, chart, notes)
    unknown = unknown_subjects(listing, chart)
    if unknown:
        example = f"{unknown[0].code} {unknown[0].name}".strip()
        notes.append(Note("N030", count=len(unknown), example=example))
    balances = [
        Balance(code, name or chart[code].name, debit, credit)
        for code, (name, debit, credit) in sums.items()
    ]
    book.set_balances(balances, by=by, source=listing.file, own=added)
    return BalanceReport(len(balances), notes, unknown)


def unknown_subjects(listing: BalanceListing, chart: Mapping[str, Subject]) -> list[BalanceLine]:
    """The lines whose subject is neither in the chart nor a sub-account of one that is."""
    return [line for line in listing.lines if not subject_of(line.code, chart)]


def subject_of(code: str, chart: Mapping[str, Subject]) -> str:
    """The subject of the chart that a printed code belongs to; empty when it belongs to none."""
    if code in chart:
        return code
    return max((known for known in chart if code.startswith(known)), key=len, default="")


def _named(listing: BalanceListing, code: str, table: str) -> Subject:
    """A new subject with the name that the sheet gives it."""
    line = next((line for line in listing.lines if line.code == code), None)
    if line is None:
        raise IntakeError("I042", file=listing.file, subject=code)
    return Subject(code=code, name=line.name, table=table)


def _by_subject(
    lines: Sequence[BalanceLine], chart: Mapping[str, Subject], notes: list[Note]
) -> dict[str, tuple[str, Decimal, Decimal]]:
    """Both sides by subject of the chart; sub-accounts go into their subject once."""
    printed = {line.code for line in lines}
    sums: dict[str, tuple[str, Decimal, Decimal]] = {}
    for line in lines:
        code = subject_of(line.code, chart)
        if not code:
            continue
        if code != line.code and code in printed:
            notes.append(Note("N032", at=line.address, subject=line.code, parent=code))
        else:
            if code != line.code:
                notes.append(Note("N031", at=line.address, subject=line.code, parent=code))
            elif code in sums:
                notes.append(Note("N033", at=line.address, subject=code))
            name, debit, credit = sums.get(code, ("", ZERO, ZERO))
            own_name = line.name if code == line.code else name
            sums[code] = (own_name, debit + line.debit, credit + line.credit)
    return sums

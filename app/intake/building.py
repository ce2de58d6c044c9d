"""From the lines of a recognised sheet to the rows of a listing, with every fault and note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.forms.reported_date import ReportedDate
from app.forms.schema import FieldDef
from app.intake.amounts import UnreadableError
from app.intake.cells import Cell, address, cell_text, is_blank, squeezed, word_key
from app.intake.columns import ColumnMatch
from app.intake.dates import date_in_title
from app.intake.layout import base_date_line, title_lines, unit_of
from app.intake.lines import LineSorter
from app.intake.messages import (
    COLUMN_FOUND,
    NO_COLUMN,
    UNIQUE_NUMBER,
    CellFault,
    Note,
)
from app.intake.progress import Progress
from app.intake.readers import Read, ReadingContext, UnknownWordError, reader_for
from app.intake.synonyms import TableVocabulary, vocabulary_for
from app.intake.totals import PrintedTotal, TotalsCheck
from app.intake.types import Listing, ListingRow, Origin
from app.intake.whose import other_institution

Json = Any
_SHOWN = 40
"""Characters of a cell that a message repeats."""
_STEP = 2000
_MOST_LINE_NOTES = 20
"""Notes of one kind about single lines; more would hide the rest."""


@dataclass(slots=True)
class _Remark:
    """Something seen in several cells, told once."""

    first: str
    count: int = 0
    other: str = ""


@dataclass(slots=True)
class _Column:
    """A column that fills a field."""

    match: ColumnMatch
    field: FieldDef
    read: Read


@dataclass(slots=True)
class Builder:
    """Reads the lines of one listing."""

    origin: Origin
    vocabulary: TableVocabulary
    mapping: tuple[ColumnMatch, ...]
    notes: list[Note]
    required: tuple[str, ...]
    """Fields without whose column nothing can be taken in."""
    rows: list[ListingRow] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    _unknown: dict[tuple[int, str], _Remark] = field(default_factory=dict)
    _remarks: dict[tuple[str, str], _Remark] = field(default_factory=dict)
    _at: tuple[int, int] = (0, 0)
    """The cell that is being read."""
    _mapped: dict[str, int] = field(default_factory=dict)
    _heading: Json = None
    _line_notes: int = 0

    def build(self, progress: Progress) -> Listing:
        """The listing, with everything that was noticed."""
        sheet = self.origin.sheet
        unit = self._read_titles()
        columns = self._columns(unit)
        self._mapped = {column.field.key: column.match.column for column in columns}
        self._need_columns(columns)
        sorter = LineSorter(self.origin, self.mapping, self.vocabulary)
        check = TotalsCheck([c.field.key for c in columns if c.field.type == "money"])
        kept = [m for m in self.mapping if m.field is None and not m.ignored]
        for number in range(self.origin.block.end, len(sheet.rows)):
            if number % _STEP == 0:
                progress(number, len(sheet.rows), sheet.file)
            self._line(number, sorter, columns, kept, check)
        check.finish()
        self._refuse_same_numbers(columns)
        self._tell()
        return Listing(
            table_id=self.vocabulary.definition.id,
            mapping=self.mapping,
            rows=self.rows,
            faults=self.faults,
            notes=self.notes,
            totals=check.grand_totals(),
            total_lines=check.differing,
            unit=unit,
            origin=self.origin,
        )

    # The head

    def _read_titles(self) -> str:
        """The unit of money; notes on another institution, on the unit and on another base date."""
        lines = title_lines(self.origin.sheet, self.origin.block)
        words = self.vocabulary.general.synonyms
        # Above the columns that are not known: it may be the wrong file altogether.
        self.notes[:0] = other_institution(lines, self.origin.institution, words)
        unit = unit_of(lines, self.vocabulary.general.units, self.origin.sheet.file)
        if unit not in ("", "元"):
            self.notes.append(Note("N002", unit=unit))
        elif not unit and not self.origin.template and not any(m.unit for m in self.mapping):
            self.notes.append(Note("N001"))
        dated = base_date_line(lines)
        found = date_in_title(dated.text) if dated else None
        base_date = self.origin.base_date.isoformat()
        if dated and found and not base_date.startswith(found.stored):
            self.notes.append(Note("N003", at=dated.address, found=found.shown, expected=base_date))
        return unit

    def _columns(self, unit: str) -> list[_Column]:
        context = ReadingContext(
            self.vocabulary,
            self.origin.chart,
            self.vocabulary.general.units,
            unit,
            self.origin.template,
            self.origin.sheet.kind == "csv",
            self._remark,
        )
        fields = self.vocabulary.definition.fields
        return [
            _Column(
                match, fields[match.field], reader_for(fields[match.field], context, match.unit)
            )
            for match in self.mapping
            if match.field is not None
        ]

    def _need_columns(self, columns: Sequence[_Column]) -> None:
        present = {column.field.key for column in columns}
        fields = self.vocabulary.definition.fields
        stand_ins = [key for key in self.vocabulary.name_from if key in present or key == "subject"]
        for key in self.required:
            if key in present or key not in fields:
                continue
            if key == "name" and stand_ins:
                self.notes.append(Note("N016", label=fields[stand_ins[0]].label))
                continue
            words = "、".join(self.vocabulary.head_words(key)[:3]) or fields[key].label
            expected = COLUMN_FOUND.format(label=fields[key].label, words=words)
            self._fault(address(self.origin.block.end - 1, 0), NO_COLUMN, expected)
        if "subject" not in present:
            code = self.origin.subject
            name = self.origin.chart[code].name if code in self.origin.chart else ""
            self.notes.append(Note("N012", subject=f"{code} {name}".strip()))

    # Lines

    def _line(
        self,
        number: int,
        sorter: LineSorter,
        columns: Sequence[_Column],
        kept: Sequence[ColumnMatch],
        check: TotalsCheck,
    ) -> None:
        row = self.origin.sheet.rows[number]
        kind = sorter.kind(row)
        if kind == "data":
            self._asset(number, row, columns, kept)
            check.add(self.rows[-1].values)
        elif kind in ("total", "subtotal"):
            check.compare(self._total(number, row, columns, sorter, kind == "total"))
        elif kind == "heading":
            self._heading_line(number, row)

    def _asset(
        self,
        number: int,
        row: Sequence[Cell],
        columns: Sequence[_Column],
        kept: Sequence[ColumnMatch],
    ) -> None:
        values: dict[str, Json] = {}
        for column in columns:
            place = column.match.column
            cell = row[place] if place < len(row) else ""
            if is_blank(cell):
                continue
            value = self._read(number, column, cell)
            if value is not None:
                values[column.field.key] = value
        self._complete(values, row)
        printed = {
            match.printed: cell_text(row[match.column])
            for match in kept
            if match.column < len(row) and not is_blank(row[match.column])
        }
        first = next(c for c, cell in enumerate(row) if not is_blank(cell))
        self.rows.append(ListingRow(address(number, first), values, printed, number))

    def _read(self, number: int, column: _Column, cell: Cell) -> Json:
        # Set first: a remark of the reader names this cell.
        self._at = (number, column.match.column)
        try:
            return column.read(cell)
        except UnreadableError as error:
            self._fault(address(*self._at), cell_text(cell), error.expected)
        except UnknownWordError as error:
            place = address(*self._at)
            if self.origin.template:
                self._fault(place, error.word, error.expected)
            else:
                key = (column.match.column, error.word)
                self._unknown.setdefault(key, _Remark(place)).count += 1
        return None

    def _complete(self, values: dict[str, Json], row: Sequence[Cell]) -> None:
        """Subject, name and heading for a row whose listing has no column for them."""
        mapped = self._mapped
        if "subject" not in mapped and self.origin.subject:
            values["subject"] = self.origin.subject
        heading = self.vocabulary.own.heading
        if self._heading is not None and heading not in mapped:
            values[heading] = self._heading
        if "name" in mapped:
            return
        for key in self.vocabulary.name_from:
            if key == "subject" and key in values and values[key] in self.origin.chart:
                values["name"] = self.origin.chart[values[key]].name
                return
            if key in mapped and mapped[key] < len(row) and not is_blank(row[mapped[key]]):
                values["name"] = cell_text(row[mapped[key]])
                return

    def _total(
        self,
        number: int,
        row: Sequence[Cell],
        columns: Sequence[_Column],
        sorter: LineSorter,
        grand: bool,
    ) -> PrintedTotal:
        label = next(cell_text(cell) for cell in row if not is_blank(cell))
        figures: dict[str, int] = {}
        addresses: dict[str, str] = {}
        for column in columns:
            place = column.match.column
            if column.field.type != "money" or place >= len(row) or is_blank(row[place]):
                continue
            addresses[column.field.key] = address(number, place)
            try:
                value = column.read(row[place])
            except UnreadableError:
                at = addresses[column.field.key]
                self.notes.append(Note("N013", at=at, label=label))
                continue
            if value is not None:
                figures[column.field.key] = int(value.replace(".", ""))
        first = next(c for c, cell in enumerate(row) if not is_blank(cell))
        series = sorter.series(label)
        return PrintedTotal(address(number, first), label, grand, series, figures, addresses)

    def _heading_line(self, number: int, row: Sequence[Cell]) -> None:
        """A lone text: the answer of the rows below it, or something to tell."""
        text = next(cell_text(cell) for cell in row if not is_blank(cell))
        heading = self.vocabulary.own.heading
        if heading:
            words = self.vocabulary.words(self.vocabulary.definition.fields[heading])
            code = words.get(word_key(squeezed(text).lstrip("一二三四五六七八九十0123456789()、.")))
            if code:
                self._heading = code
                return
        self._line_notes += 1
        if self._line_notes <= _MOST_LINE_NOTES:
            place = next(c for c, cell in enumerate(row) if not is_blank(cell))
            self.notes.append(Note("N007", at=address(number, place), found=text[:_SHOWN]))

    # Faults and notes

    def _fault(self, place: str, found: str, expected: str) -> None:
        shown = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"
        self.faults.append(CellFault(self.origin.sheet.name, place, shown, expected))

    def _remark(self, kind: str, cell: Cell, value: Json) -> None:
        if kind == "sub_account":
            key, other = (kind, cell_text(cell)), str(value)
        else:
            key, other = (kind, address(*self._at)), _shown(value)
        remark = self._remarks.setdefault(key, _Remark(address(*self._at), other=other))
        remark.count += 1

    def _refuse_same_numbers(self, columns: Sequence[_Column]) -> None:
        """The asset number is unique in its table: every later one is a fault."""
        column = next((c.match.column for c in columns if c.field.key == "asset_no"), None)
        if column is None:
            return
        seen: dict[str, str] = {}
        for row in self.rows:
            number = row.values.get("asset_no")
            if number is not None:
                place = address(row.number, column)
                if number in seen:
                    self._fault(place, number, UNIQUE_NUMBER.format(other=seen[number]))
                seen.setdefault(number, place)

    def _tell(self) -> None:
        self.notes.extend(self._word_notes())
        for (kind, text), remark in self._remarks.items():
            at = remark.first
            if kind == "sub_account":
                given = {"found": text, "parent": remark.other, "count": remark.count}
                self.notes.append(Note("N017", at=at, **given))
            elif kind == "long_number":
                self.notes.append(Note("N015", at=at, found=remark.other))
            else:
                year = remark.other[:5]
                found = f"{remark.other[:4]}.1"
                month = {"month": remark.other, "other": f"{year}10月"}
                self.notes.append(Note("N006", at=at, found=found, **month))
        self.notes.extend(same_assets(self.rows))

    def _word_notes(self) -> Iterator[Note]:
        heads = {match.column: match for match in self.mapping}
        for (column, word), remark in self._unknown.items():
            head = heads[column]
            given = {"word": word[:_SHOWN], "count": remark.count, "first": remark.first}
            yield Note("N005", at=head.address, head=head.printed, **given)


def _shown(value: Json) -> str:
    return value.shown if isinstance(value, ReportedDate) else str(value)


def identity_of(values: dict[str, Json]) -> tuple[Json, ...] | None:
    """Name, date and amount, by which two rows may be one; None when one of them is missing."""
    found = tuple(values.get(key) for key in ("name", "formed_on", "carrying_amount"))
    return None if None in found else found


def same_assets(rows: Sequence[ListingRow]) -> Iterator[Note]:
    """Rows whose name, date and amount stand in another row too."""
    seen: dict[tuple[Json, ...], str] = {}
    for row in rows:
        identity = identity_of(row.values)
        if identity is None:
            continue
        if identity in seen:
            yield Note("N018", at=row.address, other=seen[identity])
        seen.setdefault(identity, row.address)


def build(
    table_id: str,
    origin: Origin,
    mapping: tuple[ColumnMatch, ...],
    notes: Sequence[Note],
    progress: Progress,
    *,
    required: tuple[str, ...] | None = None,
) -> Listing:
    """The listing of a sheet with a mapping of its columns.

    ``required`` are fields that must have a column, by default those of the table.
    """
    vocabulary = vocabulary_for(origin.ruleset).table(table_id)
    needed = vocabulary.required if required is None else required
    return Builder(origin, vocabulary, mapping, [*origin.notes, *notes], needed).build(progress)

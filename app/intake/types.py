"""What a listing comes out as, and what taking it in reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.forms.ruleset import RuleSet
from app.forms.schema import Subject
from app.intake.cells import Sheet
from app.intake.columns import ColumnMatch
from app.intake.layout import HeadBlock
from app.intake.messages import CellFault, Note

if TYPE_CHECKING:
    from app.book.types import Finding

Json = Any


@dataclass(frozen=True, slots=True)
class ListingRow:
    """One asset of a listing: where it stands, its stored values, columns without a field."""

    address: str
    values: dict[str, Json]
    printed: dict[str, str]
    number: int
    """The sheet's row, from 0."""


@dataclass(frozen=True, slots=True)
class TotalLine:
    """A printed total or subtotal of one field that differs from the rows it sums."""

    address: str
    label: str
    field: str
    printed: Decimal
    summed: Decimal
    grand: bool = False
    """Whether it speaks of the whole listing, not of a page or a kind."""

    @property
    def difference(self) -> Decimal:
        """Printed less the rows' sum."""
        return self.printed - self.summed


@dataclass(frozen=True, slots=True)
class Origin:
    """What a listing was read from, so that it can be read again with another mapping."""

    sheet: Sheet
    block: HeadBlock
    ruleset: RuleSet
    chart: Mapping[str, Subject]
    base_date: date
    subject: str
    template: bool
    notes: tuple[Note, ...] = ()
    """What was noticed before any column was mapped."""
    institution: str = ""
    """Whose listing it should be; empty where nobody asks."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A recognised listing: nothing is written yet."""

    table_id: str
    mapping: tuple[ColumnMatch, ...]
    rows: list[ListingRow]
    faults: list[CellFault]
    """Cells that can't be read; while there is one, nothing can be taken in."""
    notes: list[Note]
    totals: dict[str, Decimal]
    """The printed totals of the whole listing, by money field."""
    total_lines: list[TotalLine]
    """Printed totals and subtotals that differ from the rows."""
    unit: str
    origin: Origin = field(repr=False)

    @property
    def file(self) -> str:
        """The file's name."""
        return self.origin.sheet.file

    @property
    def sheet_name(self) -> str:
        """The sheet's name, empty for CSV."""
        return self.origin.sheet.name

    @property
    def template(self) -> bool:
        """Whether it is one of the program's own templates."""
        return self.origin.template

    def sum_of(self, key: str) -> Decimal:
        """The exact sum of a money field over all rows."""
        texts = (row.values.get(key) for row in self.rows)
        return sum((Decimal(text) for text in texts if text is not None), Decimal(0))


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What taking a listing in has done and found."""

    rows: int
    row_ids: list[str]
    findings: list[Finding]
    """Problems of the new rows and totals; what is merely unanswered is none."""
    notes: list[Note]

    @property
    def contradicted(self) -> bool:
        """Whether something read contradicts itself: a printed net, a printed total."""
        return any(f.severity == "error" or f.code == "W006" for f in self.findings)

"""What a paper is made from: plain frozen data, filled by ``from_book``, drawn by the writers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from app.forms.schema import FieldType
from app.forms.values import Typed
from app.papers import wording

Progress = Callable[[int, int], None]
"""Called with (done, of) while a long paper is written; may raise to cancel it."""

CENTRED: frozenset[FieldType] = frozenset(("int", "date", "bool", "one", "many", "class5"))
NUMBERS: frozenset[FieldType] = frozenset(("money", "rate"))


@dataclass(frozen=True, slots=True)
class PaperHead:
    """What stands above and below every sheet of a paper."""

    office: str
    institution_code: str
    base_date: date
    table_id: str = ""
    """Number of the determination table; empty on papers that belong to none."""
    title: str = ""
    ruleset_title: str = ""
    seal_code: str = ""
    """Short code that ties papers and package together; empty: not sealed."""
    unsealed: str = wording.DRAFT
    """What stands in the foot of a paper without a seal code."""
    filler: str = ""
    checker: str = ""
    head: str = ""
    unit: str = "元"
    printed_at: datetime | None = None

    @property
    def number(self) -> str:
        """The table's number as official forms print it: 附表1-2."""
        return f"附表{self.table_id}" if self.table_id else ""


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """One printed column: its place in the header, its width, and what its cells hold."""

    key: str
    title: str
    group: tuple[str, ...] = ()
    width: int = 18
    kind: FieldType = "text"
    total: bool = False
    """Summed in the last line."""
    choices: tuple[str, ...] = ()
    """Words that the sheet's drop-down offers."""
    formula: str = ""
    """Expression of the form language that computes the cell; empty: typed in."""

    @property
    def align(self) -> str:
        """left, center or right."""
        if self.kind in NUMBERS:
            return "right"
        return "center" if self.kind in CENTRED else "left"


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One row of a determination table: printed words and exact values, one per column."""

    texts: tuple[str, ...]
    values: tuple[Typed | None, ...]
    names: Mapping[str, Typed] = field(default_factory=dict)
    """Every answered value of the row, for formulas that read fields without a column."""


@dataclass(frozen=True, slots=True)
class TablePaper:
    """A whole determination table; the rows are read once, in order."""

    head: PaperHead
    columns: tuple[PaperColumn, ...]
    rows: Iterable[PaperRow]
    count: int
    """How many rows there are (for progress and column widths)."""
    short_title: str = ""
    with_total: bool = True
    """Whether a line of sums is added; a summary brings its own."""
    note: str = ""
    """A line below the table."""


@dataclass(frozen=True, slots=True)
class PaperItem:
    """A label with its text, as one field of a form."""

    label: str
    text: str
    wide: bool = False
    """Takes the whole width (long texts)."""


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A titled group of fields."""

    title: str
    items: tuple[PaperItem, ...]


@dataclass(frozen=True, slots=True)
class PaperReason:
    """One step that led to the class: what was found, what it demands, and why."""

    text: str
    demands: str
    basis: str


@dataclass(frozen=True, slots=True)
class PaperEvidence:
    """A paper that belongs to the asset, and whether it is attached."""

    paper: str
    present: bool | None
    """None: not known."""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """One of the six agreements (六相符) and whether it holds; None: not asked."""

    label: str
    holds: bool | None


@dataclass(frozen=True, slots=True)
class WorkingPaper:
    """The working paper of one asset."""

    asset_id: str
    seq: int
    item: str
    """资产项目: the subject's code and name."""
    name: str
    amount: Decimal
    amount_label: str
    capitals: str
    formed_on: str
    result: str
    """The class with its sign, as ④ 可疑; empty while open."""
    loss: str
    loss_rate: str
    narrative: tuple[PaperItem, ...] = ()
    sections: tuple[PaperSection, ...] = ()
    reasons: tuple[PaperReason, ...] = ()
    evidence: tuple[PaperEvidence, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    opinions: tuple[PaperItem, ...] = ()
    kept: tuple[str, ...] = ()
    """Warnings that were kept, each with its reason."""
    prepared_by: str = ""
    confirmed_by: str = ""
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class WorkingPapers:
    """All working papers of a table; read once, in order."""

    head: PaperHead
    papers: Iterable[WorkingPaper]
    count: int
    carrying_amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class BigLossSheet:
    """One sheet of table 2: a big loss with its causes and the opinions on it."""

    asset_id: str
    name: str
    origin: str
    """The determination table and row it was filled from."""
    facts: tuple[PaperItem, ...]
    accounts: tuple[PaperItem, ...]
    """Long texts: how it came about, its state, collection, why loss, responsibility."""
    evidence: tuple[PaperEvidence, ...] = ()
    opinions: tuple[PaperItem, ...] = ()
    missing: tuple[str, ...] = ()
    """Labels of what is still to be filled in."""
    office: str = ""
    """Whose asset it is, where one paper holds the sheets of several offices."""


@dataclass(frozen=True, slots=True)
class BigLossLine:
    """One sheet in the list in front of the sheets."""

    asset_id: str
    office: str
    table_id: str
    name: str
    amount: Decimal
    loss: Decimal


@dataclass(frozen=True, slots=True)
class BigLossPaper:
    """The sheets of table 2 of one period: of one office, or of every office of a union."""

    head: PaperHead
    sheets: Iterable[BigLossSheet]
    count: int
    lines: tuple[BigLossLine, ...] = ()
    """What the list in front says, in the order of the sheets; none: there is no list."""
    consolidated: bool = False
    """A union's: it signs the list; each office has signed its sheets in its own package."""
    answered: bool = False
    """Opinions are printed with their reasons: the form needs no room for writing by hand."""


@dataclass(frozen=True, slots=True)
class MissingCharacter:
    """A character that no shipped font has, and the text it was found in."""

    character: str
    found_in: str

    @property
    def code_point(self) -> str:
        """As U+21C56."""
        return f"U+{ord(self.character):04X}"


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where the office's seal belongs: page (from 0) and box in points from the lower left."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class PaperResult:
    """What was written: file, pages, the seal's place, and characters that could not be drawn."""

    path: Path
    pages: int
    seal: SealPlace | None = None
    missing: tuple[MissingCharacter, ...] = ()

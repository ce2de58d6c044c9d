"""Recognising the register of classified assets: one sheet with the rows of all tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.book.register_columns import BACKGROUND, COLUMNS
from app.book.types import Institution
from app.forms.ruleset import RuleSet
from app.forms.schema import Subject
from app.intake.building import build
from app.intake.cells import Cell, Sheet, address, cell_text, is_blank, is_blank_row, word_key
from app.intake.columns import ColumnMatch
from app.intake.dates import read_date, same_day
from app.intake.layout import ColumnHead, HeadBlock, head_blocks
from app.intake.messages import KIND_OR_SUBJECT, CellFault, IntakeError, Note
from app.intake.progress import Progress, silent
from app.intake.synonyms import Vocabulary, vocabulary_for
from app.intake.types import Listing, ListingRow, Origin

Json = Any
FIELDS: Mapping[str, str] = {
    "asset_no": "asset_no",
    "name": "name",
    "subject": "subject",
    "carrying_amount": "carrying_amount",
    "formed_on": "formed_on",
    "expected_loss": "expected_loss",
    "background": "wp_formation",
    "risk_analysis": "wp_basis",
    "loss_measurement": "remarks",
    "initial_class": "initial_class",
    "initial_reason": "initial_reason",
    "measures": "wp_measures",
}
"""The columns that fill a field; the others are kept with the row, or tell where it belongs."""
TOLD = frozenset((
    "institution", "asset_kind", "classified_on", "loss_rate", "currency", "union_code",
))  # fmt: skip
"""Columns that say nothing the book does not know."""
OF_ONE_DATE = frozenset(("expected_loss", "remarks", "wp_basis", "initial_class", "initial_reason"))
"""What belongs to the base date it was given for."""
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class RegisterListing:
    """A recognised register: a listing per table; nothing is written yet."""

    file: str
    columns: tuple[ColumnMatch, ...]
    """Every head with the register's column it stands for (None: kept as printed)."""
    parts: tuple[Listing, ...]
    faults: tuple[CellFault, ...]
    notes: tuple[Note, ...]


def recognise_register(
    sheets: Sequence[Sheet],
    ruleset: RuleSet,
    *,
    institution: Institution,
    base_date: date,
    chart: Mapping[str, Subject] | None = None,
    progress: Progress = silent,
) -> RegisterListing:
    """The register that the sheets hold, split into the tables; IntakeError when there is none."""
    vocabulary = vocabulary_for(ruleset)
    sheet, block, heads = _best(sheets, vocabulary)
    chart = ruleset.chart if chart is None else chart
    reader = _Reader(sheet, block, heads, vocabulary, chart, institution, base_date)
    tables = reader.rows_by_table()
    parts = [reader.part(table_id, rows, progress) for table_id, rows in tables.items()]
    if not parts and not reader.faults:
        raise IntakeError("I027", file=sheet.file)
    return RegisterListing(
        sheet.file,
        reader.columns,
        tuple(parts),
        (*reader.faults, *(fault for part in parts for fault in part.faults)),
        (*reader.notes, *_once(note for part in parts for note in part.notes)),
    )


def _once(notes: Iterable[Note]) -> list[Note]:
    """What was said of the sheet as a whole is said once, not for every table."""
    return list(dict.fromkeys(notes))


def _best(
    sheets: Sequence[Sheet], vocabulary: Vocabulary
) -> tuple[Sheet, HeadBlock, dict[str, ColumnHead]]:
    words = _words(vocabulary)
    found = [
        (len(heads), -block.height, -block.first, sheet, block, heads)
        for sheet in sheets
        if not sheet.hidden
        for block in head_blocks(sheet)
        for heads in [_heads(block, words)]
    ]
    best = max(found, key=lambda one: one[:3], default=None)
    if best is None or not _is_register(best[5]):
        raise IntakeError("I040", file=sheets[0].file)
    return best[3], best[4], best[5]


def _is_register(heads: Mapping[str, ColumnHead]) -> bool:
    placed = "asset_kind" in heads or "subject" in heads
    return {"name", "carrying_amount"} <= set(heads) and placed and len(heads) >= _FEWEST


def _words(vocabulary: Vocabulary) -> dict[str, str]:
    """Heads by their word; the official ones first."""
    words = {word_key(title): key for key, title in COLUMNS.items()}
    for key, others in vocabulary.synonyms.register.items():
        for other in others:
            words.setdefault(word_key(other), key)
    return words


def _heads(block: HeadBlock, words: Mapping[str, str]) -> dict[str, ColumnHead]:
    found: dict[str, ColumnHead] = {}
    for head in block.columns:
        key = next((words[known] for known in head.known_as() if known in words), None)
        if key is not None:
            found.setdefault(key, head)
    return found


class _Reader:
    """Sorts the lines of a register to their tables and reads each table's."""

    def __init__(
        self,
        sheet: Sheet,
        block: HeadBlock,
        heads: Mapping[str, ColumnHead],
        vocabulary: Vocabulary,
        chart: Mapping[str, Subject],
        institution: Institution,
        base_date: date,
    ) -> None:
        self.sheet, self.block, self.heads = sheet, block, heads
        self.vocabulary, self.chart = vocabulary, chart
        self.institution, self.base_date = institution, base_date
        self.faults: list[CellFault] = []
        self.notes: list[Note] = []
        self.columns = tuple(self._columns())
        self.kinds = _kinds(vocabulary)
        self.totals = frozenset(
            map(word_key, (*vocabulary.synonyms.totals, *vocabulary.synonyms.subtotals))
        )

    def _columns(self) -> Iterator[ColumnMatch]:
        keys = {head.column: key for key, head in self.heads.items()}
        ignored = self.vocabulary.ignored
        for head in self.block.columns:
            key = keys.get(head.column)
            skipped = key in TOLD if key else word_key(head.words[-1]) in ignored
            yield ColumnMatch(
                head.address, head.printed, key, head.column, head.unit, ignored=skipped
            )
            if key is None and not skipped:
                self.notes.append(Note("N004", at=head.address, head=head.printed))

    def _text(self, row: Sequence[Cell], key: str) -> str:
        head = self.heads.get(key)
        if head is None or head.column >= len(row) or is_blank(row[head.column]):
            return ""
        return cell_text(row[head.column])

    def _place(self, number: int, key: str) -> str:
        return address(number, self.heads[key].column if key in self.heads else 0)

    # Which lines, and to which table

    def rows_by_table(self) -> dict[str, list[int]]:
        """The lines of this office's assets by table, in the order the tables come."""
        lines = [
            number
            for number in range(self.block.end, len(self.sheet.rows))
            if not is_blank_row(self.sheet.rows[number]) and not self._is_total(number)
        ]
        found: dict[str, list[int]] = {}
        for number in self._own(lines):
            table_id = self._table_of(number)
            if table_id is not None:
                found.setdefault(table_id, []).append(number)
        order = [table.id for table in self.vocabulary.ruleset.row_tables]
        return {table_id: found[table_id] for table_id in order if table_id in found}

    def _is_total(self, number: int) -> bool:
        row = self.sheet.rows[number]
        first = next(column for column, cell in enumerate(row) if not is_blank(cell))
        if word_key(cell_text(row[first])) not in self.totals:
            return False
        self.notes.append(Note("N044", at=address(number, first)))
        return True

    def _own(self, lines: Sequence[int]) -> list[int]:
        """The lines of this office; a register that names one office alone is taken whole."""
        offices = {n: self._text(self.sheet.rows[n], "institution") for n in lines}
        named = set(filter(None, offices.values()))
        own = {name for name in named if self._is_own(name)}
        if len(named) < 2:
            if named and not own:
                place = self._place(lines[0], "institution")
                given = {"found": named.pop(), "own": self.institution.name}
                self.notes.append(Note("N041", at=place, **given))
            return list(lines)
        if not own:
            shown = "、".join(sorted(named)[:5])
            raise IntakeError(
                "I041", file=self.sheet.file, offices=shown, own=self.institution.name
            )
        others = [name for name in offices.values() if name and name not in own]
        if others:
            self.notes.append(Note("N040", count=len(others), example=others[0]))
        return [n for n in lines if not offices[n] or offices[n] in own]

    def _is_own(self, name: str) -> bool:
        known = {word_key(self.institution.name), word_key(self.institution.code)}
        return word_key(name) in known or known <= {word_key(part) for part in name.split()}

    def _table_of(self, number: int) -> str | None:
        """By the asset's kind, else by its subject; a fault where neither tells."""
        row = self.sheet.rows[number]
        kind, subject = self._text(row, "asset_kind"), self._text(row, "subject")
        table_id = self.kinds.get(word_key(kind)) or self._table_of_subject(subject)
        if table_id is None:
            key = "asset_kind" if "asset_kind" in self.heads else "subject"
            found = kind or subject
            place = self._place(number, key)
            self.faults.append(CellFault(self.sheet.name, place, found, KIND_OR_SUBJECT))
        return table_id

    def _table_of_subject(self, text: str) -> str | None:
        digits = text[: next((i for i, c in enumerate(text) if not c.isdigit()), len(text))]
        by_name = {word_key(one.name): one for one in self.chart.values()}
        subject = by_name.get(word_key(text))
        while subject is None and digits:
            subject, digits = self.chart.get(digits), digits[:-1]
        return subject.table or None if subject else None

    # One table

    def part(self, table_id: str, lines: Sequence[int], progress: Progress) -> Listing:
        """The listing of one table's lines."""
        ruleset = self.vocabulary.ruleset
        wanted = set(lines)
        rows = [
            row if number < self.block.end or number in wanted else []
            for number, row in enumerate(self.sheet.rows)
        ]
        origin = Origin(
            sheet=replace(self.sheet, rows=rows),
            block=self.block,
            ruleset=ruleset,
            chart=self.chart,
            base_date=self.base_date,
            subject=ruleset.first_subject(table_id),
            template=False,
        )
        mapping = self._mapping(table_id)
        listing = build(table_id, origin, mapping, (), progress, required=())
        return replace(listing, rows=self._for_this_date(table_id, listing.rows))

    def _mapping(self, table_id: str) -> tuple[ColumnMatch, ...]:
        fields = self.vocabulary.ruleset.table(table_id).fields
        return tuple(
            replace(column, field=key if key in fields and not fields[key].computed else None)
            for column in self.columns
            for key in [FIELDS.get(column.field or "")]
        )

    def _for_this_date(self, table_id: str, rows: Sequence[ListingRow]) -> list[ListingRow]:
        """Rows without the opinions and losses that were given for another base date."""
        fields = self.vocabulary.ruleset.table(table_id).fields
        labels = {key: fields[key].label for key in BACKGROUND if key in fields}
        kept, old = [], []
        for row in rows:
            values = _split_background(row.values, labels)
            if self._of_another_date(row.number):
                values = {key: v for key, v in values.items() if key not in OF_ONE_DATE}
                old.append(row.number)
            kept.append(replace(row, values=values))
        if old:
            given = {
                "count": len(old),
                "expected": self.base_date.isoformat(),
                "found": self._text(self.sheet.rows[old[0]], "classified_on"),
            }
            self.notes.append(Note("N042", at=self._place(old[0], "classified_on"), **given))
        return kept

    def _of_another_date(self, number: int) -> bool:
        head = self.heads.get("classified_on")
        row = self.sheet.rows[number]
        if head is None or head.column >= len(row) or is_blank(row[head.column]):
            return False
        found = read_date(row[head.column])
        return found is not None and not same_day(found.date, self.base_date)


def _kinds(vocabulary: Vocabulary) -> dict[str, str]:
    """What the register may call the assets of a table."""
    found: dict[str, str] = {}
    for table in vocabulary.ruleset.row_tables:
        for word in (table.id, f"附表{table.id}", table.title, table.short_title):
            found.setdefault(word_key(word), table.id)
        for word in vocabulary.table(table.id).titles:
            found.setdefault(word, table.id)
    return found


def _split_background(values: Mapping[str, Json], labels: Mapping[str, str]) -> dict[str, Json]:
    """The background cut into the parts of the working paper, where it names them."""
    found = dict(values)
    text = found.get(BACKGROUND[0])
    if not isinstance(text, str):
        return found
    marks = sorted((text.find(f"{label}："), key) for key, label in labels.items())
    marks = [(place, key) for place, key in marks if place >= 0]
    if not marks or marks[0][0] != 0:
        return found
    del found[BACKGROUND[0]]
    ends = [place for place, _ in marks[1:]] + [len(text)]
    for (place, key), end in zip(marks, ends, strict=True):
        found[key] = text[place + len(labels[key]) + 1 : end].strip()
    return found

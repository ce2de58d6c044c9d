"""From heads to fields: which column fills which field of a table, and which table it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.forms.ruleset import RuleSet
from app.forms.schema import FieldDef
from app.intake.cells import Sheet, cell_text, squeezed, word_key
from app.intake.layout import ColumnHead, HeadBlock, head_blocks, title_lines
from app.intake.messages import IntakeError, Note
from app.intake.synonyms import Head, TableVocabulary, Vocabulary

TITLE_WEIGHT = 8
PATH_WEIGHT = 0.5
"""A head known with its group tells a little more than its last word alone."""
_FEWEST_FIELDS = 2
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """One column: where its head stands, what it says, the field it fills (None: kept as is)."""

    address: str
    printed: str
    field: str | None
    column: int
    unit: str = ""
    ignored: bool = False
    """A running number and the like, which nobody keeps."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A table that a sheet may be for, with its head and how well both fit."""

    table_id: str
    sheet: Sheet
    block: HeadBlock
    score: float


def head_of(head: ColumnHead, vocabulary: TableVocabulary) -> tuple[Head | None, bool]:
    """What a head means in the table, and whether it was known with its group."""
    for place, key in enumerate(head.known_as()):
        known = vocabulary.heads.get(key)
        if known:
            return known, place == 0 and len(head.words) > 1
    return None, False


def may_fill(field: FieldDef, *, template: bool = False) -> bool:
    """Whether a column may fill the field; working paper and opinion only a template's own."""
    return not field.computed and (field.part == "row" or (template and field.part != "union"))


def _takes_in(vocabulary: TableVocabulary, field: str) -> bool:
    return may_fill(vocabulary.definition.fields[field])


def score_of(block: HeadBlock, vocabulary: TableVocabulary) -> float:
    """How well a head fits a table: its fields, each counted once."""
    best: dict[str, float] = {}
    for head in block.columns:
        known, with_group = head_of(head, vocabulary)
        if known:
            weight = known.weight + (PATH_WEIGHT if with_group else 0)
            best[known.field] = max(best.get(known.field, 0), weight)
    taken = [field for field in best if _takes_in(vocabulary, field)]
    return sum(best.values()) if len(taken) >= _FEWEST_FIELDS else 0


def best_guess(
    sheets: Sequence[Sheet],
    vocabulary: Vocabulary,
    table_ids: Sequence[str],
    favoured: str = "",
) -> Guess:
    """The table, sheet and head that fit best; IntakeError when none does, or two equally."""
    guesses = [
        guess
        for sheet in sheets
        for guess in _guesses(sheet, vocabulary, table_ids, favoured)
        if guess.score > 0
    ]
    if not guesses:
        raise IntakeError("I020", file=sheets[0].file)
    best = max(guess.score for guess in guesses)
    leading = [guess for guess in guesses if guess.score == best]
    if len({guess.table_id for guess in leading}) > 1:
        leading = _by_answers(leading, vocabulary)
    tables = list(dict.fromkeys(guess.table_id for guess in leading))
    if len(tables) > 1:
        raise IntakeError("I021", file=sheets[0].file, tables="、".join(tables))
    return leading[0]


def _by_answers(guesses: Sequence[Guess], vocabulary: Vocabulary) -> list[Guess]:
    """Of tables whose heads fit equally well those that know most answers of the first rows."""
    known = [_known_answers(guess, vocabulary) for guess in guesses]
    return [guess for guess, count in zip(guesses, known, strict=True) if count == max(known)]


def _known_answers(guess: Guess, vocabulary: Vocabulary) -> int:
    words = vocabulary.table(guess.table_id)
    chart = vocabulary.ruleset.chart
    own = {code for code, subject in chart.items() if subject.table == guess.table_id}
    own |= {chart[code].name for code in own}
    count = 0
    rows = guess.sheet.rows[guess.block.end : guess.block.end + _LOOKED_AT]
    for match in match_columns(guess.block, words)[0]:
        field = words.definition.fields[match.field] if match.field else None
        cells = [cell_text(row[match.column]) for row in rows if match.column < len(row)]
        if field is not None and field.type == "code":
            count += sum(cell in own for cell in cells)
        elif field is not None and field.type == "one":
            known = words.words(field)
            count += sum(word_key(cell) in known for cell in cells if cell)
    return count


def _guesses(
    sheet: Sheet, vocabulary: Vocabulary, table_ids: Iterable[str], favoured: str
) -> Iterable[Guess]:
    """The best head for each table: the lowest and the first of those that fit equally well."""
    blocks = list(head_blocks(sheet))
    for table_id in table_ids:
        words = vocabulary.table(table_id)
        scored = [(score_of(block, words), -block.height, -block.first) for block in blocks]
        if scored:
            score, height, first = max(scored)
            block = next(b for b in blocks if (b.height, b.first) == (-height, -first))
            if score > 0:
                score += TITLE_WEIGHT * (table_id in _titled(sheet, block, vocabulary))
                score += TITLE_WEIGHT * (table_id == favoured)
                yield Guess(table_id, sheet, block, score)


def _titled(sheet: Sheet, block: HeadBlock, vocabulary: Vocabulary) -> set[str]:
    """The tables that the title or the sheet's name speaks of, in the longest words."""
    texts = [sheet.name, sheet.file, *(line.text for line in title_lines(sheet, block))]
    text = " ".join(word_key(squeezed(part)) for part in texts)
    found: dict[int, set[str]] = {}
    for table in vocabulary.ruleset.row_tables:
        lengths = [len(w) for w in vocabulary.table(table.id).titles if w and w in text]
        if lengths:
            found.setdefault(max(lengths), set()).add(table.id)
    return found[max(found)] if found else set()


def match_columns(
    block: HeadBlock, vocabulary: TableVocabulary
) -> tuple[tuple[ColumnMatch, ...], list[Note]]:
    """The mapping of a head, with notes on what is not taken in."""
    known = {head: head_of(head, vocabulary)[0] for head in block.columns}
    chosen = _chosen(known)
    notes: list[Note] = []
    matches = []
    for head, meaning in known.items():
        ignored = meaning is None and word_key(head.words[-1]) in vocabulary.general.ignored
        field = None
        if meaning is not None:
            field = _field_or_note(head, meaning, chosen[meaning.field], vocabulary, notes)
            ignored = vocabulary.definition.fields[meaning.field].key == "seq"
        elif not ignored:
            notes.append(Note("N004", at=head.address, head=head.printed))
        matches.append(
            ColumnMatch(head.address, head.printed, field, head.column, head.unit, ignored)
        )
    return tuple(matches), notes


def _chosen(known: dict[ColumnHead, Head | None]) -> dict[str, ColumnHead]:
    """For each field the column whose head is surest."""
    ranked = [(m.field, m.rank, head.column, head) for head, m in known.items() if m is not None]
    ranked.sort(key=lambda entry: entry[:3], reverse=True)
    return {field: head for field, _, _, head in ranked}


def _field_or_note(
    head: ColumnHead,
    meaning: Head,
    chosen: ColumnHead,
    vocabulary: TableVocabulary,
    notes: list[Note],
) -> str | None:
    field = vocabulary.definition.fields[meaning.field]
    if field.key == "seq":
        return None
    if field.computed:
        notes.append(Note("N010", at=head.address, head=head.printed))
    elif field.part != "row":
        notes.append(Note("N014", at=head.address, head=head.printed))
    elif chosen is not head:
        place = {"head": head.printed, "other": chosen.address, "label": field.label}
        notes.append(Note("N009", at=head.address, **place))
    else:
        return field.key
    return None


def all_row_tables(ruleset: RuleSet) -> list[str]:
    """The tables that a listing can be for."""
    return [table.id for table in ruleset.row_tables]

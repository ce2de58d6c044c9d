"""From the cells of a column to stored values: one small reader per kind of field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.forms.classes import FiveClass
from app.forms.errors import ValueFault
from app.forms.schema import FieldDef, Subject
from app.forms.values import parser, stored_value
from app.intake.amounts import UnreadableError, read_amount
from app.intake.cells import (
    BadCell,
    Cell,
    cell_text,
    number_text,
    plain_letters,
    squeezed,
    word_key,
)
from app.intake.dates import ReadDate, read_date
from app.intake.messages import (
    COMPUTED_FORMULA,
    DATE,
    DATE_OR_MONTH,
    DAY,
    NO_ERROR_VALUE,
    ONE_OF,
)
from app.intake.synonyms import NONE, TableVocabulary

Json = Any
Read = Callable[[Cell], Json]
"""Reads a cell that is not blank; None leaves the field unanswered."""

_MOST_EXACT = 10**15
"""Whole numbers beyond this many may have been changed by the spreadsheet."""
_LISTED = re.compile(r"[、,，;；\n]+")
_COUNT_UNITS = ("个月", "月", "年", "天", "期", "笔")
_LEADING_CODE = re.compile(r"(\d{3,})\D*.*", re.DOTALL)


class UnknownWordError(Exception):
    """A word that is no answer of the field: a fault in a template, left open in a listing."""

    def __init__(self, word: str, expected: str) -> None:
        super().__init__(word)
        self.word = word
        self.expected = expected


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What the reading of all columns shares."""

    vocabulary: TableVocabulary
    chart: Mapping[str, Subject]
    units: Mapping[str, int]
    unit: str
    """The unit of money of the whole sheet."""
    template: bool
    from_csv: bool
    remarked: Callable[[str, Cell, Json], None]
    """Told (kind, cell, value) of what was read but should be looked at: cut_zero, long_number,
    sub_account."""


def reader_for(field: FieldDef, context: ReadingContext, unit: str = "") -> Read:
    """The reader of a column of this field whose head may name a unit of its own."""
    read = _READERS[field.type](field, context, unit)
    empty = context.vocabulary.general.empty
    known = context.vocabulary.words(field) if field.type in _WORDY else {}

    free = field.type in _FREE
    longest = max(map(len, empty), default=0)

    def with_blanks(cell: Cell) -> Json:
        if isinstance(cell, str):
            cell = cell.strip()
            is_none = not free and len(cell) <= longest and squeezed(cell) in empty
            if is_none and not _answers(cell, known):
                return None
        elif isinstance(cell, BadCell):
            raise UnreadableError(COMPUTED_FORMULA if cell.formula else NO_ERROR_VALUE)
        return read(cell)

    return with_blanks


def _answers(word: str, known: Mapping[str, str]) -> bool:
    return word_key(word) in known or word in known


def _checked(field: FieldDef) -> Callable[[Json], Json]:
    """Parses and stores a value; a readable one that breaks a limit stays as printed."""
    parse = parser(field)

    def checked(raw: Json) -> Json:
        try:
            return stored_value(field, parse(raw))
        except ValueFault as fault:
            if fault.code in ("E002", "E003", "E005"):
                raise UnreadableError(fault.expected) from None
            return raw

    return checked


def _text(field: FieldDef, context: ReadingContext, unit: str) -> Read:
    # Too long a text stays as it is; the evaluation says so.
    def read(cell: Cell) -> Json:
        if isinstance(cell, str):
            text = cell if context.template else plain_letters(cell)
        else:
            text = cell_text(cell)
            if isinstance(cell, float) and abs(cell) >= _MOST_EXACT:
                context.remarked("long_number", cell, text)
        return text or None

    return read


def _money(field: FieldDef, context: ReadingContext, unit: str) -> Read:
    name = unit if unit in context.units else context.unit or "元"
    scale = context.units[name]
    # A negative amount is readable; where none may be, the evaluation says so.
    return lambda cell: f"{read_amount(cell, scale, name):.2f}"


def _date(field: FieldDef, context: ReadingContext, unit: str) -> Read:
    def read(cell: Cell) -> Json:
        found: ReadDate | None = read_date(cell, numbers_lose_zeros=context.from_csv)
        if found is None:
            raise UnreadableError(DATE_OR_MONTH if field.month_allowed else DATE)
        if found.date.precision != "day" and not field.month_allowed:
            raise UnreadableError(DAY)
        if found.cut_zero:
            context.remarked("cut_zero", cell, found.date)
        return found.date.stored

    return read


def _whole(field: FieldDef, context: ReadingContext, unit: str) -> Read:
    checked = _checked(field)

    def read(cell: Cell) -> Json:
        text = number_text(cell) if isinstance(cell, (int, float)) else squeezed(cell_text(cell))
        for word in _COUNT_UNITS:
            text = text.removesuffix(word)
        return checked(text)

    return read


def _rate(field: FieldDef, context: ReadingContext, unit: str) -> Read:
    checked = _checked(field)

    def read(cell: Cell) -> Json:
        # Numbers of spreadsheets carry binary noise behind the twelfth decimal.
        exact = number_text(round(cell, 12)) if isinstance(cell, float) else ""
        text = exact or squeezed(cell_text(cell))
        percent = unit == "%" and not text.endswith("%")
        return checked(f"{text}%" if percent else text)

    return read


def _word_of(cell: Cell, known: Mapping[str, str]) -> str | None:
    text = cell_text(cell)
    return known.get(word_key(text)) or known.get(text)


def _choice(field: FieldDef, context: ReadingContext, unit: str) -> Read:
    known = context.vocabulary.words(field)
    checked = _checked(field)

    def read(cell: Cell) -> Json:
        code = _word_of(cell, known)
        if code is None:
            raise UnknownWordError(cell_text(cell), _labels(field))
        return checked(code)

    return read


def _yes_no(field: FieldDef, context: ReadingContext, unit: str) -> Read:
    known = context.vocabulary.words(field)

    def read(cell: Cell) -> Json:
        if isinstance(cell, bool):
            return cell
        answer = _word_of(cell, known)
        if answer not in ("yes", "no"):
            raise UnknownWordError(cell_text(cell), "是或否")
        return answer == "yes"

    return read


def _many(field: FieldDef, context: ReadingContext, unit: str) -> Read:
    known = context.vocabulary.words(field)
    checked = _checked(field)

    def read(cell: Cell) -> Json:
        text = cell_text(cell)
        if _word_of(text, known) == NONE:
            return []
        codes = []
        for word in filter(None, _LISTED.split(text)):
            code = _word_of(word, known)
            if code is None or code == NONE:
                raise UnknownWordError(word.strip(), _labels(field))
            codes.append(code)
        return checked(codes)

    return read


def _code(field: FieldDef, context: ReadingContext, unit: str) -> Read:
    by_name = {word_key(subject.name): code for code, subject in context.chart.items()}

    def read(cell: Cell) -> Json:
        text = squeezed(cell_text(cell))
        code = by_name.get(word_key(text))
        if code:
            return code
        match = _LEADING_CODE.fullmatch(text)
        if not match:
            raise UnknownWordError(text, "科目代码或科目名称")
        return _known_code(match.group(1), cell, context)

    return read


def _known_code(digits: str, cell: Cell, context: ReadingContext) -> str:
    """The code itself or, of a sub-account, the subject it belongs to."""
    if digits in context.chart:
        return digits
    parents = [code for code in context.chart if digits.startswith(code)]
    if not parents:
        # Read as printed; that the chart lacks it is the evaluation's problem to tell.
        return digits
    parent = max(parents, key=len)
    context.remarked("sub_account", cell, parent)
    return parent


def _labels(field: FieldDef) -> str:
    labels = [choice.label for choice in field.choices]
    if field.type == "class5":
        labels = [five.label for five in FiveClass]
    if field.none_label:
        labels.append(field.none_label)
    return ONE_OF.format(labels="、".join(labels))


_READERS: dict[str, Callable[[FieldDef, ReadingContext, str], Read]] = {
    "text": _text,
    "long": _text,
    "money": _money,
    "date": _date,
    "int": _whole,
    "rate": _rate,
    "bool": _yes_no,
    "one": _choice,
    "class5": _choice,
    "many": _many,
    "code": _code,
}
_FREE = ("text", "long")
_WORDY = ("one", "many", "bool", "class5")

"""What somebody is asked to look at again; it blocks nothing.

The remark on a row that speaks for another answer than the one it was given (words of a remark are
nobody's standard), an explanation without a word in it, and answers that seldom go together, as the
rule set names them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.book import big_losses
from app.book.coding import from_json
from app.book.derive import context_of, judged, table_of
from app.book.filling import REMARKS
from app.book.finding_ids import finding_id, fingerprint
from app.book.findings import place_of
from app.book.reading import to_class
from app.book.types import Finding
from app.forms.errors import ValueFault
from app.forms.evaluation import Evaluation
from app.forms.explain import hints_of
from app.forms.ruleset import RuleSet
from app.forms.schema import FieldDef
from app.forms.table import Table
from app.forms.values import amount_text, is_empty, parse_value, shown_text
from app.intake.synonyms import FILLED, NONE, vocabulary_for
from app.models.tables import rows

if TYPE_CHECKING:
    from app.book.store import Store

REMARKED = "N101"
"""What the question about a remark is called among the problems."""
WORDLESS = "N102"
"""What the question about an explanation of digits and signs alone is called."""
UNFILLED = "N103"
"""What the question about something that only the remark tells is called."""
UNEVEN = "N104"
"""What the question about two amounts is called that do not make up the third."""
UNEVEN_WAY_OUT = "请核对：可收回额错的在附表2改，损失额错的回认定表改。"
_LEFT = "recoverable"
WAY_OUT = "请核对：填错的改过来，没有错的不用管。"
UNFILLED_WAY_OUT = "请按凭证填上；不填就当作没有，照样分类。备注说的不是这回事的不用管。"
_SHARE = "|".join(
    (
        r"[\d一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾半]\s*[万千百十仟佰拾]*\s*[元圆万成%％]",
        r"分之|(?<![\d/])\d{1,2}/\d{1,2}(?![\d/])",
        r"收回[^\d，。；]{0,3}\d[\d,.]*(?![\d,.年月日/-])",
    )
)
"""An amount or a share of one."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field of a row and the word of its remark that speaks against what the field says."""

    field: str
    message: str
    code: str = REMARKED
    way_out: str = WAY_OUT


class RemarkWords:
    """The words of remarks that speak for an answer, by field."""

    def __init__(self, ruleset: RuleSet) -> None:
        words = vocabulary_for(ruleset).synonyms
        self.beside = words.beside
        self._beside_against = words.beside_against
        denials, over = (
            "|".join(map(re.escape, listed)) for listed in (words.denials, words.settled)
        )
        # Also before what it is listed with: 无丢失、损坏.
        self._denied = re.compile(
            f"(?:{denials})(?:[^，。；：,;:、和或及\\s]{{1,6}}[、和或及])*$" if denials else "(?!)"
        )
        self._partly = re.compile("|".join((*map(re.escape, words.partly), _SHARE)))
        self._settled = re.compile(f"[^，。；：,;:]{{0,2}}(?:{over})" if over else "(?!)")
        self.fields = {
            key: {
                answer: re.compile("|".join(map(re.escape, listed)))
                for answer, listed in answers.items()
            }
            for key, answers in words.remarks.items()
        }

    def doubt(self, table: Table, key: str, values: Mapping[str, Any]) -> str:
        """What is asked about one answer; empty where its remark does not speak against it."""
        text, patterns = values.get(REMARKS), self.fields.get(key)
        if not text or not patterns or not {key, REMARKS} <= table.fields.keys():
            return ""
        said = {
            answer: word
            for answer, pattern in patterns.items()
            if (word := self._said(pattern, str(text)))
        }
        raw = values.get(key)
        if not said or (raw in (None, "")) != (FILLED in said) or _codes(raw) & said.keys():
            return ""
        return _words(table, table.fields[key], raw, next(iter(said.values())))

    def fills(self, key: str) -> bool:
        """Whether remarks tell which rows have something to be filled in there at all."""
        return FILLED in self.fields.get(key, {})

    def fill_any(self, table: Table) -> bool:
        """Whether the table has a field that remarks may have something for."""
        return any(self.fills(key) for key in self.fields if key in table.fields)

    def against(self, table: Table, key: str, value: Any, remarks: Iterable[str]) -> set[str]:
        """Those of the remarks that speak against filling this in on their rows."""
        if not self.fills(key):
            given = {key: value}
            return {one for one in remarks if self.doubt(table, key, {**given, REMARKS: one})}
        texts, pattern = set(remarks), self.fields[key][FILLED]
        spoken = {one for one in texts if self._said(pattern, one)}
        # An amount for many is meant for those of which all has come in.
        whole = {one for one in spoken if not self._partly.search(one)}
        return texts - whole if spoken else set()

    def against_printed(self, key: str, value: Any, column: str, texts: Iterable[str]) -> set[str]:
        """Those of a printed column's words that speak against an answer it tells about."""
        if column not in self.beside.get(key, ()):
            return set()
        listed = self._beside_against.get(key, {}).get(str(value), ())
        return {text for text in texts if text.strip() in listed}

    def _said(self, pattern: re.Pattern[str], text: str) -> str:
        """The first of the words that stands there, neither denied nor over; empty for none."""
        for one in pattern.finditer(text):
            denied = self._denied.search(text[: one.start()])
            if not denied and not self._settled.match(text, one.end()):
                return one.group()
        return ""

    def doubts(self, table: Table, values: Mapping[str, Any]) -> Iterator[Doubt]:
        """Every answer of a row that its remark speaks against."""
        for key in self.fields if values.get(REMARKS) else ():
            if not (message := self.doubt(table, key, values)):
                continue
            if self.fills(key) and is_empty(values.get(key)):
                yield Doubt(key, message, UNFILLED, UNFILLED_WAY_OUT)
            else:
                yield Doubt(key, message)

    def untold(self, table: Table, values: Mapping[str, Any]) -> list[str]:
        """The empty fields that the remark has something for."""
        return [one.field for one in self.doubts(table, values) if one.code == UNFILLED]


@lru_cache(maxsize=4)
def remark_words(ruleset: RuleSet) -> RemarkWords:
    """The words of a rule set."""
    return RemarkWords(ruleset)


def wordless(table: Table, values: Mapping[str, Any]) -> Iterator[Doubt]:
    """Every explanation of a row in which there is not one word."""
    for key, value in values.items():
        field = table.fields.get(key)
        if field is None or not (field.type == "long" or field.in_words) or is_empty(value):
            continue
        # What a listing remarks on a row may be the number of a voucher.
        if key != REMARKS and not any(map(str.isalpha, str(value))):
            yield Doubt(key, f"「{field.label}」只写着“{value}”，看不出说的是什么。", WORDLESS)


def uneven(values: Mapping[str, Any]) -> Iterator[Doubt]:
    """What a sheet of table 2 says can come in still, where the loss of its row leaves another sum.

    `values`: the sheet's own and those of its row, as they are stored.
    """
    amount, loss, left = (
        _yuan(values.get(one)) for one in ("carrying_amount", "expected_loss", _LEFT)
    )
    if amount is None or loss is None or left is None:
        return
    rest = amount - loss
    # What has come in since the base date may be counted among it or not.
    if left not in (rest, rest - (_yuan(values.get("recovered_amount")) or 0)):
        told = f"账面金额{amount_text(amount)}减预计损失额{amount_text(loss)}是{amount_text(rest)}"
        message = f"{told}，「预计可收回额」填的是{amount_text(left)}。"
        yield Doubt(_LEFT, message, UNEVEN, UNEVEN_WAY_OUT)


def doubts_of(
    evaluation: Evaluation, values: Mapping[str, Any], words: RemarkWords
) -> Iterator[Doubt]:
    """Every question about a row: of its remark first, then of its rule set."""
    table = evaluation.table
    for doubt in (*words.doubts(table, values), *wordless(table, values)):
        if doubt.field in evaluation.asked:
            yield doubt
    for hint, text in hints_of(evaluation):
        if hint.field in evaluation.asked:
            yield Doubt(hint.field, text, hint.code, hint.way_out)


def hint_findings(store: Store) -> list[Finding]:
    """One hint for each such answer, tables and rows in their order; none once all is settled."""
    if store.period.state != "open":
        return []
    words = remark_words(store.ruleset)
    order = {table.id: place for place, table in enumerate(store.ruleset.row_tables)}
    query = (
        select(rows.c.id, rows.c.table_id, rows.c.field_values, rows.c.last_class)
        .where(rows.c.period_id == store.period.id)
        .order_by(rows.c.seq)
        .execution_options(yield_per=500)
    )
    found: list[Finding] = []
    with store.read() as connection:
        for line in connection.execute(query):
            found.extend(_findings_of(store, words, line))
    found.extend(_findings_of_sheets(store))
    return sorted(found, key=lambda one: order.get(one.table_id, len(order)))


def _findings_of(store: Store, words: RemarkWords, line: Any) -> Iterator[Finding]:
    table, values = table_of(store, line.table_id), from_json(line.field_values) or {}
    doubts = (*words.doubts(table, values), *wordless(table, values))
    if not table.definition.hints and not doubts:
        return  # most rows: nothing of them has to be worked out
    evaluation = judged(table, values, context_of(store, last_class=to_class(line.last_class)))
    for doubt in doubts_of(evaluation, values, words):
        yield _finding(line.id, table.id, doubt)


def _findings_of_sheets(store: Store) -> Iterator[Finding]:
    """What is written on the sheets of table 2 without a word."""
    table = store.ruleset.tables.get(big_losses.TABLE)
    if table is None:
        return
    for sheet in big_losses.written(store):
        for doubt in (*wordless(table, sheet.own), *uneven(sheet.amounts | sheet.own)):
            yield _finding(sheet.row_id, table.id, doubt)


def _finding(row_id: str, table_id: str, doubt: Doubt) -> Finding:
    place = place_of(row_id, table_id)
    return Finding(
        id=finding_id(doubt.code, place, doubt.field),
        row_id=row_id,
        table_id=table_id,
        field=doubt.field,
        code=doubt.code,
        severity="hint",
        message=doubt.message,
        way_out=doubt.way_out,
        fingerprint=fingerprint(doubt.code, place, doubt.field, (doubt.message,)),
    )


def _yuan(raw: Any) -> Decimal | None:
    """A stored amount; None where there is none, or one that can't be read."""
    try:
        return None if is_empty(raw) else Decimal(str(raw))
    except InvalidOperation:
        return None


def _codes(raw: Any) -> set[str]:
    """An answer as the words are listed by: the codes of choices, yes or no."""
    if isinstance(raw, bool):
        return {"yes" if raw else "no"}
    return set(raw) or {NONE} if isinstance(raw, list) else {str(raw)}


def _words(table: Table, field: FieldDef, raw: Any, said: str) -> str:
    told = f"{table.fields[REMARKS].label}写着“{said}”，「{field.label}」"
    if is_empty(raw):
        return f"{told}空着。"
    try:
        answer = shown_text(field, parse_value(field, raw))
    except ValueFault:
        answer = str(raw)
    return f"{told}填的是“{answer}”。"

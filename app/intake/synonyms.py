"""The words of listings as data: which head means which field, which word which answer."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

import msgspec

from app.book.register_columns import COLUMNS as REGISTER
from app.forms.errors import DefinitionError, with_suggestion
from app.forms.loader import builtin_rulesets, load_ruleset, rulesets_folder
from app.forms.ruleset import RuleSet
from app.forms.schema import FieldDef
from app.forms.table import Table
from app.forms.values import choice_codes
from app.intake.cells import without_unit, word_key

FILE = "synonyms.toml"
FILLED = "filled"
"""In place of an answer: the words of remarks that speak of a field that must not stay empty."""
NONE = "none"
"""The answer of a `many` field that stands for the empty list."""
_MANY_TABLES = 3
"""A head known to more tables than these tells nothing about which table it is."""


class TableWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one table."""

    titles: tuple[str, ...] = ()
    """Words in a title or a sheet's name that speak for the table."""
    name_from: tuple[str, ...] = ()
    """Fields that stand for a missing asset name, in this order."""
    required: tuple[str, ...] = ()
    """Fields without whose column nothing is taken in; empty: the general ones."""
    heading: str = ""
    """Choice field that headings between the rows may answer."""
    columns: dict[str, tuple[str, ...]] = {}
    words: dict[str, dict[str, tuple[str, ...]]] = {}


class Synonyms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A synonyms file, merged over its parents."""

    ignored: tuple[str, ...] = ()
    subtotals: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    """What the name of an institution above a head ends with, the longer words first."""
    no_institutions: tuple[str, ...] = ()
    """What titles begin with that name a kind of asset or everybody."""
    empty: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    name_from: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    units: dict[str, int] = {}
    balances: dict[
        Literal["code", "name", "debit", "credit", "amount", "side"], tuple[str, ...]
    ] = {}
    register: dict[str, tuple[str, ...]] = {}
    """Other heads of the register's columns."""
    columns: dict[str, tuple[str, ...]] = {}
    words: dict[str, dict[str, tuple[str, ...]]] = {}
    remarks: dict[str, dict[str, tuple[str, ...]]] = {}
    """By field and answer: what is found in a remark that speaks for it."""
    denials: tuple[str, ...] = ()
    """What stands before a word of a remark that is denied, meant for later, or another word."""
    settled: tuple[str, ...] = ()
    """What stands behind a word of a remark that is over."""
    partly: tuple[str, ...] = ()
    """What says in a remark that it does not speak of the whole amount."""
    beside: dict[str, tuple[str, ...]] = {}
    """By field, printed columns that no field takes and that tell about its answer."""
    beside_against: dict[str, dict[str, tuple[str, ...]]] = {}
    """By field and answer, what stands in these columns where the answer is not so."""
    table: dict[str, TableWords] = {}


@dataclass(frozen=True, slots=True)
class Head:
    """What a head means in a table: the field, how sure (0 is surest), how much it tells."""

    field: str
    rank: int
    weight: int


class Vocabulary:
    """All words of one rule set."""

    def __init__(self, ruleset: RuleSet, synonyms: Synonyms) -> None:
        self.ruleset = ruleset
        self.synonyms = synonyms
        self.ignored = _keys(synonyms.ignored)
        # Dashes and slashes have no word key; they are compared as they are.
        self.empty = frozenset(synonyms.empty)
        self.units = synonyms.units
        self._tables: dict[str, TableVocabulary] = {}

    def table(self, table_id: str) -> TableVocabulary:
        """The words of one table."""
        if table_id not in self._tables:
            self._tables[table_id] = TableVocabulary(self, self.ruleset.table(table_id))
        return self._tables[table_id]

    @cached_property
    def known_by(self) -> Counter[str]:
        """How many tables know a head as their own."""
        counts: Counter[str] = Counter()
        for table in self.ruleset.row_tables:
            words = self.synonyms.table.get(table.id, TableWords())
            counts.update({key for _, key, own in _heads(table, words, {}) if own})
        return counts


class TableVocabulary:
    """The words of one table: its heads and the answers of its fields."""

    def __init__(self, vocabulary: Vocabulary, table: Table) -> None:
        general = vocabulary.synonyms
        self.general = vocabulary
        self.definition = table
        self.own = general.table.get(table.id, TableWords())
        self.titles = frozenset(map(word_key, (*self.own.titles, table.short_title)))
        self.required = self.own.required or general.required
        self.name_from = self.own.name_from or general.name_from
        self.heads: dict[str, Head] = {}
        ranks: Counter[str] = Counter()
        for field, key, own in _heads(table, self.own, general.columns):
            if key and key not in self.heads and field in table.fields:
                telling = own and vocabulary.known_by[key] <= _MANY_TABLES
                self.heads[key] = Head(field, ranks[field], 3 if telling else 1)
                ranks[field] += 1
        self._words: dict[str, dict[str, str]] = {}

    def words(self, field: FieldDef) -> dict[str, str]:
        """Answers of a field by word; yes, no and none stand for themselves."""
        if field.key not in self._words:
            found = {word_key(w): code for w, code in choice_codes(field).items()}
            if field.none_label:
                found[word_key(field.none_label)] = NONE
            common = self.general.synonyms.words
            answers = [self.own.words.get(field.key, {}), common.get(field.key, {})]
            if field.type == "bool":
                answers.append({"yes": self.general.synonyms.yes, "no": self.general.synonyms.no})
            for listed in answers:
                self._add(found, field, listed)
            self._words[field.key] = found
        return self._words[field.key]

    def _add(
        self, found: dict[str, str], field: FieldDef, words: Mapping[str, Iterable[str]]
    ) -> None:
        codes = {choice.code for choice in field.choices} | {"yes", "no", NONE}
        for code, listed in words.items():
            if code in codes:
                for word in listed:
                    # Signs such as √ have no letters; they are compared as they are.
                    found.setdefault(word_key(word) or word, code)

    def head_words(self, field: str) -> tuple[str, ...]:
        """Heads that people may write for a field, the surest first."""
        own, common = self.own.columns, self.general.synonyms.columns
        return (*own.get(field, ()), *common.get(field, ()))


def _heads(
    table: Table, words: TableWords, common: Mapping[str, tuple[str, ...]]
) -> Iterable[tuple[str, str, bool]]:
    """Field, key and whether it is the table's own, the surest first."""
    for field in table.fields.values():
        yield field.key, word_key(field.label), True
        yield field.key, word_key(without_unit(field.label)[0]), True
    titles = Counter(word_key(column.title) for column in table.columns)
    for column in table.columns:
        for start in range(len(column.group)):
            yield column.field, word_key("".join((*column.group[start:], column.title))), True
        if titles[word_key(column.title)] == 1:
            yield column.field, word_key(column.title), True
    for columns, own in ((words.columns, True), (common, False)):
        for field_key, listed in columns.items():
            for word in listed:
                yield field_key, word_key(word), own


@lru_cache(maxsize=4)
def vocabulary_for(ruleset: RuleSet) -> Vocabulary:
    """The words of a rule set: its own file over those of its parents."""
    raw: dict[str, Any] = {}
    for name in _ancestors(ruleset):
        raw = _merged(raw, _read(name))
    try:
        synonyms = msgspec.convert(raw, Synonyms)
    except msgspec.ValidationError as error:
        raise DefinitionError(f"{FILE}: {error}") from None
    # A book's own copy of the rules may be older than the words that are shipped now.
    if ruleset.id in builtin_rulesets() and ruleset.hash == load_ruleset(ruleset.id).hash:
        _check(ruleset, synonyms)
    return Vocabulary(ruleset, synonyms)


def _ancestors(ruleset: RuleSet) -> list[str]:
    """The shipped rule sets whose words count, the eldest first."""
    known = builtin_rulesets()
    line = [name for name in (ruleset.id, ruleset.parent) if name in known][:1] or [known[-1]]
    while (parent := load_ruleset(line[-1]).parent) and parent not in line:
        line.append(parent)
    return line[::-1]


def _read(name: str) -> dict[str, Any]:
    path = rulesets_folder() / name / FILE
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{name}/{FILE}: {error}") from None


def _merged(parent: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    """The child's words before the parent's."""
    result = dict(parent)
    for key, value in child.items():
        old = parent.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            result[key] = _merged(old, value)
        elif isinstance(value, list) and isinstance(old, list):
            result[key] = value + [word for word in old if word not in value]
        else:
            result[key] = value
    return result


def _keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(word_key, words))


def _check(ruleset: RuleSet, synonyms: Synonyms) -> None:
    """Refuses tables, fields and answers that the rule set does not have."""
    for table_id, words in synonyms.table.items():
        if table_id not in ruleset.tables:
            raise DefinitionError(
                with_suggestion(f"{FILE}: no table '{table_id}'", table_id, ruleset.tables)
            )
        fields = ruleset.table(table_id).fields
        place = f"{FILE}: table '{table_id}'"
        named = (*words.columns, *words.words, *words.required, *words.name_from)
        _check_fields(place, (*named, *filter(None, [words.heading])), fields)
        for key, answers in words.words.items():
            _check_answers(f"{place}: {key}", answers, [fields[key]])
    for key in synonyms.register:
        if key not in REGISTER:
            raise DefinitionError(with_suggestion(f"{FILE}: no column '{key}'", key, REGISTER))
    everywhere = {k: f for t in ruleset.row_tables for k, f in t.fields.items()}
    columns = (*synonyms.beside, *synonyms.beside_against)
    common = (*synonyms.columns, *synonyms.words, *synonyms.remarks, *columns)
    _check_fields(FILE, (*common, *synonyms.required), everywhere)
    answered = [(key, set(answers)) for key, answers in synonyms.words.items()]
    answered += [(key, set(answers) - {FILLED}) for key, answers in synonyms.remarks.items()]
    answered += [(key, set(answers)) for key, answers in synonyms.beside_against.items()]
    for key, codes in answered:
        alike = [t.fields[key] for t in ruleset.row_tables if key in t.fields]
        _check_answers(f"{FILE}: {key}", codes, alike)


def _check_fields(place: str, keys: Iterable[str], known: Mapping[str, FieldDef]) -> None:
    for key in keys:
        if key not in known:
            raise DefinitionError(with_suggestion(f"{place}: no field '{key}'", key, known))


def _check_answers(place: str, answers: Iterable[str], fields: Iterable[FieldDef]) -> None:
    known = {choice.code for field in fields for choice in field.choices}
    for field in fields:
        known |= {"yes", "no"} if field.type == "bool" else set()
        known |= {NONE} if field.type == "many" else set()
    for code in answers:
        if code not in known:
            raise DefinitionError(with_suggestion(f"{place}: no answer '{code}'", code, known))

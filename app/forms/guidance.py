"""Everything the definitions explain, as topics that can be searched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from app.forms.ruleset import RuleSet
from app.forms.schema import Case
from app.forms.table import Table

Kind = Literal["field", "choice", "rule", "check", "case", "table", "band"]
KINDS: dict[Kind, str] = {
    "field": "说明",
    "choice": "选项",
    "rule": "规则",
    "check": "核对",
    "case": "案例",
    "table": "本表",
    "band": "损失率",
}
_PLACE = re.compile(r"\{(\w+)\}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that is explained: where it belongs and what it says."""

    kind: Kind
    title: str
    text: str
    tables: tuple[str, ...] = ()
    """Every table that says the same; empty: the whole rule set."""
    field: str = ""
    """The field it is about, to jump to."""
    choice: str = ""
    basis: str = ""
    case: Case | None = None
    initials: str = ""

    @property
    def said(self) -> tuple[str, ...]:
        """What tells it from other topics."""
        return self.kind, self.title, self.text, self.field, self.choice, self.basis

    @property
    def searched(self) -> str:
        """All its words, as they are looked for."""
        return plain(" ".join((KINDS[self.kind], self.title, self.text, self.basis, self.initials)))


@lru_cache(maxsize=8192)
def plain(words: str) -> str:
    """Half-width small letters."""
    return unicodedata.normalize("NFKC", words).casefold()


def topics(ruleset: RuleSet) -> list[Topic]:
    """Every explanation of a rule set; what several tables say alike stands once."""
    found: dict[tuple[str, ...], Topic] = {}
    for table in ruleset.tables.values():
        for topic in _of_table(table):
            key = topic.said
            known = found.get(key)
            tables = (*known.tables, table.id) if known else (table.id,)
            found[key] = replace(topic, tables=tuple(dict.fromkeys(tables)))
    bands = [Topic("band", one.floor.label, one.basis) for one in reversed(ruleset.bands)]
    return [*found.values(), *bands]


def _of_table(table: Table) -> Iterator[Topic]:
    yield Topic("table", f"附表{table.id} {table.title}", f"{table.about}\n{table.method}")
    for field in table.fields.values():
        text = f"{field.instruction}\n例：{field.example}" if field.example else field.instruction
        yield Topic("field", field.label, text, field=field.key)
        for choice in field.choices:
            yield Topic(
                "choice",
                f"{field.label}：{choice.label}",
                choice.explanation,
                field=field.key,
                choice=choice.code,
            )
    for rule in table.rules:
        text = _readable(table, rule.text)
        key = _first_field(table, rule.when)
        yield Topic("rule", _headline(text), text, field=key, basis=rule.basis)
    for check in table.checks:
        text = _readable(table, f"{check.text}{check.way_out}")
        key = check.field if check.field in table.fields else ""
        yield Topic("check", _headline(text), text, field=key)
    for case in table.cases:
        yield Topic("case", case.title, case.facts, case=case)


def _readable(table: Table, template: str) -> str:
    """The template with the names of fields where a row's values would stand."""

    def label(match: re.Match[str]) -> str:
        field = table.fields.get(match.group(1))
        return f"〔{field.label}〕" if field else "〔…〕"

    return _PLACE.sub(label, template)


def _headline(text: str) -> str:
    return re.split("[，。；：]", text, maxsplit=1)[0]


def _first_field(table: Table, expression: str) -> str:
    names = _NAME.findall(expression)
    return next((name for name in names if name in table.fields), "")


def with_initials(given: Iterable[Topic], initials: Callable[[str], str]) -> list[Topic]:
    """The topics, findable by the initials of their titles too."""
    return [replace(topic, initials=initials(topic.title)) for topic in given]


def search(given: Iterable[Topic], words: str, table: str = "", field: str = "") -> list[Topic]:
    """Topics that hold every word: titles before texts, the field in focus and its table first."""
    wanted = plain(words).split()
    hits = [topic for topic in given if all(word in topic.searched for word in wanted)]

    def rank(topic: Topic) -> tuple[bool, bool, bool, bool]:
        here = bool(table) and table in topic.tables
        at_field = here and bool(field) and topic.field == field
        title = plain(f"{topic.title} {topic.initials}")
        in_title = all(word in title for word in wanted)
        if wanted:
            return (not in_title, not at_field, not here, topic.kind != "field")
        return (not at_field, not here, topic.kind == "table", topic.kind != "field")

    return sorted(hits, key=rank)

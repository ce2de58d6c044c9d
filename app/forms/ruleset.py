"""Rule sets: the tables, the chart, the settings that belong together, with a hash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from app.forms.classes import BY_CODE, FiveClass
from app.forms.errors import DefinitionError
from app.forms.schema import Problem, RuleSetDef, Subject, SummaryLine, TableDef
from app.forms.table import Table


class CutPoint(Struct, frozen=True):
    """Loss rates above (or from, when included) this ratio belong at least to the class."""

    floor: FiveClass
    above: Decimal
    included: bool
    text: str
    basis: str
    source: str

    def reached(self, loss: Decimal, carrying: Decimal) -> bool:
        """Whether loss ÷ carrying lies in the band, compared exactly."""
        cut = carrying * self.above
        return loss > cut or (self.included and loss == cut)


class RuleSet:
    """A dated set of tables, rules and settings; `hash` identifies its exact content."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.definition = _convert(raw["ruleset"], RuleSetDef, "ruleset.toml")
        self.id = self.definition.id
        self.title = self.definition.title
        self.applies_from: date = self.definition.applies_from
        self.parent = self.definition.parent
        self.chart: dict[str, Subject] = {s.code: s for s in self.definition.subjects}
        self.problems: dict[str, Problem] = {p.code: p for p in self.definition.problems}
        self.summary: tuple[SummaryLine, ...] = self.definition.summary
        self.big_loss_threshold = self.definition.big_loss_threshold
        self.big_loss_tables = self.definition.big_loss_tables
        self.standard_rates = {
            BY_CODE[code]: rate for code, rate in self.definition.standard_rates.items()
        }
        self.bands = tuple(
            CutPoint(BY_CODE[b.floor], b.above, b.included, b.text, b.basis, b.source)
            for b in sorted(self.definition.bands, key=lambda b: b.above, reverse=True)
        )
        self.tables: dict[str, Table] = {
            id_: self._table(id_, raw["tables"]) for id_ in self.definition.tables
        }

    def _table(self, id_: str, tables: Mapping[str, Any]) -> Table:
        place = f"{self.id}/{id_}.toml"
        if id_ not in tables:
            raise DefinitionError(f"{place}: the file is missing")
        table = Table(_convert(tables[id_], TableDef, place), place)
        if table.id != id_:
            raise DefinitionError(f"{place}: id is '{table.id}', not that of the file")
        table.ruleset = self
        return table

    def compile(self) -> None:
        """Compiles every table now, so that a fault in any expression is found."""
        for table in self.tables.values():
            _ = table.program

    def table(self, id_: str) -> Table:
        """The table of this number (KeyError for an unknown one)."""
        return self.tables[id_]

    def first_subject(self, table_id: str) -> str:
        """The subject a listing without subject column belongs to."""
        return next((s.code for s in self.chart.values() if s.table == table_id), "")

    @cached_property
    def row_tables(self) -> tuple[Table, ...]:
        """The tables that hold one row per asset (all but table 2)."""
        return tuple(table for table in self.tables.values() if "-" in table.id)

    def snapshot(self) -> bytes:
        """The whole rule set as canonical JSON: what a period keeps and `hash` is taken of."""
        return json.dumps(
            self.raw, ensure_ascii=False, sort_keys=False, separators=(",", ":")
        ).encode()

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) over the content, independent of the order of keys."""
        canonical = json.dumps(self.raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(canonical.encode()).hexdigest()


def _convert(raw: Any, kind: type[Any], place: str) -> Any:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise DefinitionError(f"{place}: {error}") from None


def ruleset_from_snapshot(snapshot: bytes) -> RuleSet:
    """The rule set that a period kept."""
    return RuleSet(json.loads(snapshot))

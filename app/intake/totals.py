"""Printed totals and subtotals against the rows they sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.intake.types import TotalLine

Fen = dict[str, int]


def fen_of(text: str) -> int:
    """A stored amount (two decimals) in whole fen."""
    return int(text.replace(".", ""))


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


@dataclass(frozen=True, slots=True)
class PrintedTotal:
    """One printed line of totals: where, what it is called, its figures in fen."""

    address: str
    label: str
    grand: bool
    """Whether it speaks of the whole listing, not of a page or a kind."""
    series: str
    """What it is compared among: the sum since the last one of the same series counts."""
    figures: Fen
    """By field."""
    addresses: Mapping[str, str]


@dataclass(slots=True)
class TotalsCheck:
    """Sums the rows as they come and compares each printed total where it stands."""

    fields: Sequence[str]
    overall: Fen = field(default_factory=dict)
    differing: list[TotalLine] = field(default_factory=list)
    grand: Fen = field(default_factory=dict)
    """The figures of the last total of the whole listing."""
    _at_last: dict[str, Fen] = field(default_factory=dict)
    """What the sums were when a total of that series last stood there."""
    _ahead: list[PrintedTotal] = field(default_factory=list)
    """Totals printed before the first row."""
    _rows: int = 0

    def add(self, values: Mapping[str, Any]) -> None:
        """Counts a row."""
        self._rows += 1
        for key in self.fields:
            text = values.get(key)
            if text is not None:
                self.overall[key] = self.overall.get(key, 0) + fen_of(text)

    def compare(self, printed: PrintedTotal) -> None:
        """Checks a printed line of totals at its place."""
        if printed.grand and not self._rows:
            self.grand |= printed.figures
            self._ahead.append(printed)
            return
        before = self._at_last.get(printed.series, {})
        for key, figure in printed.figures.items():
            overall = self.overall.get(key, 0)
            since = overall - before.get(key, 0)
            if figure not in (overall, since):
                self._differs(printed, key, overall if printed.grand else since)
            if printed.grand and (figure == overall or figure != since):
                self.grand[key] = figure
        self._at_last[printed.series] = dict(self.overall)

    def finish(self) -> None:
        """Checks the totals that stood above the rows."""
        for printed in self._ahead:
            for key, figure in printed.figures.items():
                if figure != self.overall.get(key, 0):
                    self._differs(printed, key, self.overall.get(key, 0))

    def _differs(self, printed: PrintedTotal, key: str, summed: int) -> None:
        place = printed.addresses[key]
        figures = (_yuan(printed.figures[key]), _yuan(summed))
        self.differing.append(TotalLine(place, printed.label, key, *figures, printed.grand))

    def grand_totals(self) -> dict[str, Decimal]:
        """The printed totals of the whole listing."""
        return {key: _yuan(fen) for key, fen in self.grand.items()}

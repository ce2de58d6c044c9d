"""The sums of a determination table, added up exactly while its rows go by."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.papers.model import PaperRow, TablePaper


class TableTotals:
    """Count, sums of the money columns, and the loss rate of the whole table."""

    def __init__(self, paper: TablePaper) -> None:
        self._keys = [(i, c.key) for i, c in enumerate(paper.columns) if c.total]
        self.sums: dict[str, Decimal] = {key: Decimal("0.00") for _, key in self._keys}
        self.count = 0
        self._carrying = Decimal(0)
        self._loss = Decimal(0)
        self.has_rate = any(column.key == "loss_rate" for column in paper.columns)

    def add(self, row: PaperRow) -> None:
        """Takes in one row."""
        self.count += 1
        for index, key in self._keys:
            value = row.values[index]
            if isinstance(value, Decimal):
                self.sums[key] += value
        carrying = row.names.get("carrying_amount")
        loss = row.names.get("expected_loss")
        if isinstance(carrying, Decimal):
            self._carrying += carrying
        if isinstance(loss, Decimal):
            self._loss += loss

    @property
    def rate(self) -> Fraction:
        """Expected loss of all rows over their carrying amount; 0 when that is 0."""
        if not self._carrying:
            return Fraction(0)
        return Fraction(self._loss) / Fraction(self._carrying)

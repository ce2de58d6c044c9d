"""Asks about amounts ten thousand times off the ledger: yuan typed where 万元 were meant."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.forms.schema import FieldDef
from app.forms.values import amount_text

if TYPE_CHECKING:
    from app.book.book import Book

TEN_THOUSAND = 10_000
FAR = 1_000
"""From so many times the balance on, the unit is asked about."""
TOO_LARGE = (
    "这里是{amount}元，总账{subject}的余额只有{balance}元。"
    "是不是把元当成了万元？请核对；没有错就不用改。"
)
TOO_SMALL = (
    "这里是{amount}元，正好是总账{subject}余额{balance}元的一万分之一。"
    "是不是少写了“万”？请核对；没有错就不用改。"
)


class UnitGuard:
    """Knows the balances of the period; read when the first amount is looked at."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._balances: dict[str, Decimal] | None = None

    def _balance(self, code: str) -> Decimal:
        if self._balances is None:
            chart = self.book.chart()
            self._balances = {
                one.subject: one.credit if chart[one.subject].side == "credit" else one.debit
                for one in self.book.balances()
                if one.subject in chart
            }
        return self._balances.get(code, Decimal(0))

    def doubt(self, field: FieldDef, amount: Any, code: str) -> str:
        """What is asked about the amount of a row of this subject; empty where it may well be."""
        if field.type != "money" or not isinstance(amount, Decimal) or self.book.is_union:
            return ""
        balance, size = abs(self._balance(code)), abs(amount)
        if not balance or not size:
            return ""
        words = None
        if size >= balance * FAR:
            words = TOO_LARGE
        elif size * TEN_THOUSAND == balance:
            words = TOO_SMALL
        if words is None:
            return ""
        return words.format(amount=amount_text(amount), balance=amount_text(balance), subject=code)

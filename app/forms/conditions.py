"""Conditions in negation normal form: judged true, false or open."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec import Struct

Values = Mapping[str, Any]


class Threshold(Struct, frozen=True):
    """What an atom like ``overdue_days > 90`` compares: a moving number and a constant."""

    field: str
    """The field compared, or the date that days are counted from."""
    operator: str
    limit: Decimal | int
    count: Callable[[Values], Any] | None = None
    """Counts the days, where they are counted in the rule itself."""


class Atom(Struct, frozen=True):
    """One comparison or yes/no question; a comparison with an absent value does not hold."""

    source: str
    reads: frozenset[str]
    holds: Callable[[Values], bool]
    threshold: Threshold | None = None

    def judge(self, values: Values, open_fields: AbstractSet[str]) -> bool | None:
        """True, false, or None where a field it reads is open."""
        return None if self.reads & open_fields else self.holds(values)

    def atoms(self) -> Iterator[Atom]:
        """The atom itself."""
        yield self


class Group(Struct, frozen=True):
    """Conditions joined by `and` or `or`, judged by Kleene's logic."""

    parts: tuple[Atom | Group, ...]
    every: bool

    @property
    def source(self) -> str:
        """The Python expression of the group."""
        return f"({(' and ' if self.every else ' or ').join(p.source for p in self.parts)})"

    @property
    def reads(self) -> frozenset[str]:
        """All names the group reads."""
        return frozenset().union(*(part.reads for part in self.parts))

    def judge(self, values: Values, open_fields: AbstractSet[str]) -> bool | None:
        """`true or open` holds, `false and open` does not, else open."""
        deciding = not self.every
        undecided = False
        for part in self.parts:
            verdict = part.judge(values, open_fields)
            if verdict is deciding:
                return deciding
            undecided = undecided or verdict is None
        return None if undecided else not deciding

    def atoms(self) -> Iterator[Atom]:
        """Every atom of the group."""
        for part in self.parts:
            yield from part.atoms()


def add(left: Any, right: Any) -> Any:
    """Sum in which an absent amount counts as 0."""
    return _same(left or 0, right or 0, lambda a, b: a + b)


def subtract(left: Any, right: Any) -> Any:
    """Difference in which an absent amount counts as 0."""
    return _same(left or 0, right or 0, lambda a, b: a - b)


def multiply(left: Any, right: Any) -> Any:
    """Product, absent when a factor is."""
    if left is None or right is None:
        return None
    return _same(left, right, lambda a, b: a * b)


def divide(left: Any, right: Any) -> Fraction | None:
    """Exact ratio, absent when a part is or the divisor is 0."""
    if left is None or not right:
        return None
    return Fraction(left) / Fraction(right)


def _same(left: Any, right: Any, operation: Callable[[Any, Any], Any]) -> Any:
    if isinstance(left, Fraction) or isinstance(right, Fraction):
        return operation(Fraction(left), Fraction(right))
    return operation(left, right)


def largest(*values: Any) -> Any:
    """The largest of the values that are there."""
    return max((v for v in values if v is not None), default=None)


def smallest(*values: Any) -> Any:
    """The smallest of the values that are there."""
    return min((v for v in values if v is not None), default=None)


def days_between(first: date | None, last: date | None) -> int | None:
    """Days from the first date to the last, negative when it lies before."""
    return None if first is None or last is None else (last - first).days


def months_between(first: date | None, last: date | None) -> int | None:
    """Whole months passed; the last day of a month completes it whatever its length."""
    if first is None or last is None:
        return None
    months = (last.year - first.year) * 12 + last.month - first.month
    month_end = last.day == monthrange(last.year, last.month)[1]
    return months - (0 if last.day >= first.day or month_end else 1)


def is_filled(value: Any) -> bool:
    """Whether there is a value (an empty list is none)."""
    return value is not None and value != () and value != ""

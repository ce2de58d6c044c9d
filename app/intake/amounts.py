"""Amounts as listings print them, exact to the fen."""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite

from app.forms.values import AMOUNT_LIMIT as LIMIT
from app.intake.cells import Cell, squeezed
from app.intake.messages import AMOUNT, AMOUNT_LIMIT, TWO_PLACES

FEN = Decimal("0.01")
NOISE = Decimal("0.000001")
"""What binary numbers of spreadsheets may differ from whole fen, in yuan."""

_GROUPED = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+|\d{1,4}(,\d{4})+)?(\.\d+)?")
_BRACKETS = re.compile(r"\((.+)\)")
_MINUS = str.maketrans("−–—‐", "----")
_MARKS = ("人民币", "RMB", "CNY", "¥", "￥")
_OWN_UNITS = {"亿元": 10**8, "亿": 10**8, "万元": 10**4, "万": 10**4, "元": 1}


class UnreadableError(Exception):
    """A cell can't be read; the text says what is expected."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def read_amount(cell: Cell, scale: int = 1, unit: str = "元") -> Decimal:
    """The amount in yuan of a cell whose figures stand for `scale` yuan each."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        raise UnreadableError(AMOUNT.format(unit=unit))
    if isinstance(cell, str):
        amount = _from_text(cell, scale, unit)
    else:
        amount = _from_number(cell, unit) * scale
    whole = amount.quantize(FEN) if abs(amount) < LIMIT else None
    if whole is None:
        raise UnreadableError(AMOUNT_LIMIT)
    noise = NOISE if isinstance(cell, float) else Decimal(0)
    if abs(amount - whole) > noise:
        raise UnreadableError(TWO_PLACES)
    return whole + 0


def _from_number(number: float, unit: str) -> Decimal:
    if not isfinite(number):
        raise UnreadableError(AMOUNT.format(unit=unit))
    return Decimal(repr(number))


def _from_text(text: str, scale: int, unit: str) -> Decimal:
    plain = squeezed(text).translate(_MINUS)
    for mark in _MARKS:
        plain = plain.replace(mark, "")
    own = next((word for word in _OWN_UNITS if plain.endswith(word)), "")
    plain, scale = plain.removesuffix(own), _OWN_UNITS.get(own, scale)
    bracketed = _BRACKETS.fullmatch(plain)
    negative = bool(bracketed) or plain.endswith("-")
    plain = (bracketed.group(1) if bracketed else plain).removesuffix("-").removeprefix("+")
    if not _GROUPED.fullmatch(plain) or not any(map(str.isdigit, plain)) or not plain.isascii():
        raise UnreadableError(AMOUNT.format(unit=unit))
    amount = Decimal(plain.replace(",", "")) * scale
    return -abs(amount) if negative else amount

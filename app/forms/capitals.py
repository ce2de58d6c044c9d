"""Amounts in Chinese capitals (大写金额), after the rules for filling in payment papers."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


def amount_in_capitals(amount: Decimal) -> str:
    """The amount in yuan (at most two decimals, below 10^16) in capitals: 壹万贰仟元整."""
    fen = int(abs(amount) * 100)
    yuan, rest = divmod(fen, 100)
    sign = "负" if amount < 0 else ""
    if not fen:
        return "零元整"
    head = f"{_integer(yuan)}元" if yuan else ""
    return sign + head + _decimals(*divmod(rest, 10), after_yuan=bool(yuan))


def _decimals(jiao: int, fen: int, *, after_yuan: bool) -> str:
    if not jiao and not fen:
        return "整"
    if not fen:
        return f"{_DIGITS[jiao]}角整"
    middle = f"{_DIGITS[jiao]}角" if jiao else ("零" if after_yuan else "")
    return f"{middle}{_DIGITS[fen]}分"


def _integer(number: int) -> str:
    """A number in capitals: what stands before 亿, before 万, and the rest."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            zero = "零" if 0 < low < size // 10 else ""
            return _integer(high) + unit + zero + (_integer(low) if low else "")
    return _group(number)


def _group(group: int) -> str:
    text, zero = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if zero else "") + _DIGITS[digit] + _PLACES[place]
            zero = False
        elif text:
            zero = True
    return text

"""Amounts in Chinese capitals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.capitals import amount_in_capitals

KNOWN = {
    "0": "零元整",
    "0.01": "壹分",
    "0.10": "壹角整",
    "0.56": "伍角陆分",
    "1": "壹元整",
    "1.05": "壹元零伍分",
    "10": "壹拾元整",
    "15.20": "壹拾伍元贰角整",
    "20.00": "贰拾元整",
    "100": "壹佰元整",
    "101": "壹佰零壹元整",
    "110": "壹佰壹拾元整",
    "325.04": "叁佰贰拾伍元零肆分",
    "1000": "壹仟元整",
    "1001": "壹仟零壹元整",
    "1010": "壹仟零壹拾元整",
    "1409.50": "壹仟肆佰零玖元伍角整",
    "6007.14": "陆仟零柒元壹角肆分",
    "10000": "壹万元整",
    "10001": "壹万零壹元整",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "100000": "壹拾万元整",
    "203665.01": "贰拾万叁仟陆佰陆拾伍元零壹分",
    "1000000": "壹佰万元整",
    "1000001": "壹佰万零壹元整",
    "1745400": "壹佰柒拾肆万伍仟肆佰元整",
    "10000000": "壹仟万元整",
    "10010010": "壹仟零壹万零壹拾元整",
    "100000000": "壹亿元整",
    "100000001": "壹亿零壹元整",
    "100010000": "壹亿零壹万元整",
    "1000000000": "壹拾亿元整",
    "123456789.12": "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分",
    "1000000000000": "壹万亿元整",
    "1234500000000": "壹万贰仟叁佰肆拾伍亿元整",
    "1000100000000": "壹万零壹亿元整",
    "1000000000001": "壹万亿零壹元整",
    "999999999999999.99": "玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    "-5.00": "负伍元整",
}


@pytest.mark.parametrize(("amount", "capitals"), KNOWN.items())
def test_known_amounts(amount: str, capitals: str) -> None:
    assert amount_in_capitals(Decimal(amount)) == capitals


DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_back(capitals: str) -> Decimal:
    """The amount that capitals say, read as a person does."""
    sign = -1 if capitals.startswith("负") else 1
    yuan, _, rest = capitals.removeprefix("负").rpartition("元")
    total = group = digit = fen = 0
    for sign_ in yuan:
        if sign_ in DIGITS:
            digit = DIGITS[sign_]
        elif sign_ in PLACES:
            group, digit = group + digit * PLACES[sign_], 0
        else:
            size = 10**4 if sign_ == "万" else 10**8
            part = group + digit
            total = (total + part) * size if sign_ == "亿" else total + part * size
            group = digit = 0
    for place, sign_ in enumerate(rest):
        if sign_ in "角分":
            fen += DIGITS[rest[place - 1]] * (10 if sign_ == "角" else 1)
    return sign * (Decimal(total + group + digit) + Decimal(fen) / 100)


@given(st.decimals(0, Decimal("999999999999999.99"), places=2))
def test_capitals_say_the_amount(amount: Decimal) -> None:
    capitals = amount_in_capitals(amount)
    assert read_back(capitals) == amount
    assert "零零" not in capitals
    assert capitals.count("亿") <= 1
    assert capitals.endswith(("整", "分"))


@given(st.decimals(Decimal("0.01"), Decimal("999999999"), places=2))
def test_a_negative_amount_says_so(amount: Decimal) -> None:
    assert amount_in_capitals(-amount) == "负" + amount_in_capitals(amount)

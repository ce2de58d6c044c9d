"""Amounts of listings: exact to the fen, or refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.amounts import UnreadableError, read_amount
from app.intake.cells import BadCell

FEN = st.integers(-(10**14), 10**14)


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("23,602.32", "23602.32"),
        ("1,999,628.980000", "1999628.98"),
        ("494.36", "494.36"),
        ("１，２３４．５０　", "1234.50"),
        ("￥1,234.5", "1234.50"),
        ("¥ 1234", "1234.00"),
        ("1234元", "1234.00"),
        ("人民币1,234.00元", "1234.00"),
        ("(1,234.50)", "-1234.50"),
        ("（1234.50）", "-1234.50"),
        ("-5", "-5.00"),
        ("－5.1", "-5.10"),
        ("−5", "-5.00"),
        ("5.00-", "-5.00"),
        ("+5", "5.00"),
        ("12,3456,7890.5", "1234567890.50"),
        ("12.5万", "125000.00"),
        ("12.5万元", "125000.00"),
        (".5", "0.50"),
        (0, "0.00"),
        (-0.0, "0.00"),
        (12, "12.00"),
        (1234.56, "1234.56"),
        (0.1 + 0.2, "0.30"),
        (18132076.390000001, "18132076.39"),
        (9999999999.99, "9999999999.99"),
    ],
)
def test_reads_amounts_as_people_print_them(cell: Any, yuan: str) -> None:
    found = read_amount(cell)
    assert f"{found:.2f}" == yuan
    assert found.as_tuple().exponent == -2


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "abc",
        "12,34",
        "1,23,456",
        "1.2.3",
        "--5",
        "1e5",
        ".",
        "一百元",
        "1_000",
        "٣",
        "=1+1",
        "1.234",
        "0.001",
        1.234,
        0.005,
        float("nan"),
        float("inf"),
        1e300,
        "9" * 40,
        "999999999999999999",
        True,
        date(2004, 1, 1),
    ],
)
def test_refuses_what_is_no_exact_amount(cell: Any) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_amount(cell)
    assert caught.value.expected


def test_three_decimals_are_named_as_such() -> None:
    with pytest.raises(UnreadableError, match="两位小数"):
        read_amount(1.234)


def test_an_error_value_is_no_amount() -> None:
    with pytest.raises(UnreadableError):
        read_amount(BadCell("#REF!"))


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("12.345678", "123456.78"),
        (12.345678, "123456.78"),
        (0.000001, "0.01"),
        ("1,234", "12340000.00"),
        ("5元", "5.00"),
        ("2万", "20000.00"),
    ],
)
def test_wan_yuan_are_scaled_exactly(cell: Any, yuan: str) -> None:
    assert read_amount(cell, 10000, "万元") == Decimal(yuan)


def test_wan_yuan_finer_than_a_fen_are_refused() -> None:
    with pytest.raises(UnreadableError, match="两位小数"):
        read_amount("12.3456789", 10000, "万元")


@given(FEN)
def test_every_amount_in_fen_comes_back(fen: int) -> None:
    amount = Decimal(fen).scaleb(-2)
    assert read_amount(f"{amount:,.2f}") == amount
    assert read_amount(f"{amount}元") == amount
    if amount < 0:
        assert read_amount(f"({-amount:,.2f})") == amount


@given(st.integers(-(10**12), 10**12))
def test_every_amount_comes_back_from_a_spreadsheets_number(fen: int) -> None:
    amount = Decimal(fen).scaleb(-2)
    assert read_amount(float(amount)) == amount
    assert read_amount(float(amount) * 3 / 3) == amount
    assert read_amount(float(amount) / 10000, 10000, "万元") == amount

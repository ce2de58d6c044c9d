"""Values of each kind: read as people type them, stored, shown, refused with a code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.classes import FiveClass
from app.forms.errors import ValueFault
from app.forms.reported_date import ReportedDate
from app.forms.schema import Choice, FieldDef, FieldType
from app.forms.values import (
    LIMITS,
    half_up,
    parse_value,
    percent_text,
    ratio_text,
    shown_text,
    stored_value,
)

CHOICES = tuple(
    Choice(code=code, label=label, explanation=label)
    for code, label in (("cash", "账款不符"), ("thing", "账实不符"), ("paper", "账据（证）不符"))
)


def field(kind: str, **attributes: Any) -> FieldDef:
    """A field of a kind."""
    if kind in ("one", "many"):
        attributes = {"choices": CHOICES} | attributes
    plain = {"key": "field", "label": "栏目", "instruction": "填写。", "source": "D"}
    return FieldDef(type=cast(FieldType, kind), **(plain | attributes))


def refused(kind: str, raw: Any, **attributes: Any) -> str:
    """The code with which a value is refused."""
    with pytest.raises(ValueFault) as caught:
        parse_value(field(kind, **attributes), raw)
    assert caught.value.expected
    return caught.value.code


AMOUNTS = {
    "0": "0.00",
    "1": "1.00",
    "1.5": "1.50",
    "1,234.5": "1234.50",
    "1,234,567.89": "1234567.89",
    "￥1,234.50": "1234.50",
    "¥ 88": "88.00",
    "１２３．４５": "123.45",
    "１，２３４．５０": "1234.50",
    "120元": "120.00",
    "1.2万": "12000.00",
    "1.2万元": "12000.00",
    "1,234.5万": "12345000.00",
    "0.000001万": "0.01",
    "2亿": "200000000.00",
    "1.23亿元": "123000000.00",
    " 100.00 ": "100.00",
    "100.000": "100.00",
    "+5": "5.00",
    "-0": "0.00",
    ".5": "0.50",
    "9999999999999.99": "9999999999999.99",
    "00012.30": "12.30",
    "12,3456.78": "123456.78",
    "-1,234.50": "-1234.50",
}


@pytest.mark.parametrize(("typed", "stored"), AMOUNTS.items())
def test_amounts_as_people_type_them(typed: str, stored: str) -> None:
    amount = parse_value(field("money", negative=True), typed)
    assert isinstance(amount, Decimal)
    assert stored_value(field("money"), amount) == stored


@pytest.mark.parametrize("number", [0, 7, 1234.5, 0.1, 1000000.01, Decimal("3.10")])
def test_amounts_as_json_has_them(number: Any) -> None:
    assert parse_value(field("money"), number) == Decimal(str(number))


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("-1", "E004"),
        ("-0.01", "E004"),
        ("-1万", "E004"),
        ("0.001", "E005"),
        ("1.234", "E005"),
        ("0.0000001万", "E005"),
        (0.125, "E005"),
        ("abc", "E002"),
        ("12元3角", "E002"),
        ("1.2.3", "E002"),
        ("1234,5", "E002"),
        ("12,34", "E002"),
        ("1,234,5", "E002"),
        (",500", "E002"),
        ("1.234,50", "E002"),
        ("万", "E002"),
        ("元", "E002"),
        ("--5", "E002"),
        ("1_000", "E002"),
        ("NaN", "E002"),
        ("Infinity", "E002"),
        (float("nan"), "E002"),
        ("一百", "E002"),
        ("=1+1", "E002"),
        ("1e400", "E002"),
        (True, "E002"),
        ([], "E002"),
        ({}, "E002"),
        ("1000000000000000", "E002"),
        ("99999999亿", "E002"),
        ("999999999999万", "E002"),
    ],
)
def test_amounts_refused(raw: Any, code: str) -> None:
    assert refused("money", raw) == code


def test_a_negative_amount_where_it_is_allowed() -> None:
    assert parse_value(field("money", negative=True), "-350,000") == Decimal("-350000.00")
    assert parse_value(field("money", negative=True), "-3.5万") == Decimal("-35000.00")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2007-03-20", "2007-03-20"),
        ("2007年3月20日", "2007-03-20"),
        ("2007.3.20", "2007-03-20"),
        ("20070320", "2007-03-20"),
        ("２００７－０３－２０", "2007-03-20"),
        ("2007 年 3 月 20 日", "2007-03-20"),
        (date(2007, 3, 20), "2007-03-20"),
        (datetime(2007, 3, 20, 8, 30), "2007-03-20"),
        ("2008-02-29", "2008-02-29"),
    ],
)
def test_dates(typed: Any, stored: str) -> None:
    found = parse_value(field("date"), typed)
    assert isinstance(found, ReportedDate)
    assert stored_value(field("date"), found) == stored


@pytest.mark.parametrize("typed", ["2004-03", "2004年3月", "1998", "1998年"])
def test_a_month_or_year_only_where_allowed(typed: str) -> None:
    assert refused("date", typed) == "E002"
    found = parse_value(field("date", month_allowed=True), typed)
    assert isinstance(found, ReportedDate)
    assert found.precision in ("month", "year")
    assert found.first.day == 1


@pytest.mark.parametrize("raw", ["2007-02-29", "昨天", "2007-3", 20070320, True, [], "1-2-3"])
def test_dates_refused(raw: Any) -> None:
    assert refused("date", raw) == "E002"


@pytest.mark.parametrize(
    ("typed", "rate"),
    [
        ("0.38", "0.38"),
        ("38%", "0.38"),
        ("３８％", "0.38"),
        ("12.5 %", "0.125"),
        ("100%", "1"),
        (0.5, "0.5"),
        (1, "1"),
    ],
)
def test_rates(typed: Any, rate: str) -> None:
    assert parse_value(field("rate", maximum=Decimal(1)), typed) == Decimal(rate)


@pytest.mark.parametrize(
    ("raw", "code"),
    [("38", "E010"), ("101%", "E010"), ("-1%", "E004"), ("a", "E002"), (True, "E002")],
)
def test_rates_refused(raw: Any, code: str) -> None:
    assert refused("rate", raw, maximum=Decimal(1)) == code


@pytest.mark.parametrize(("typed", "number"), [("5", 5), (5, 5), ("５", 5), (5.0, 5), ("5.0", 5)])
def test_whole_numbers(typed: Any, number: int) -> None:
    assert parse_value(field("int"), typed) == number


@pytest.mark.parametrize(
    ("raw", "code"),
    [("5.5", "E002"), ("-1", "E004"), ("五", "E002"), (True, "E002"), ("1e3", "E002")],
)
def test_whole_numbers_refused(raw: Any, code: str) -> None:
    assert refused("int", raw) == code


@pytest.mark.parametrize("yes", [True, "是", "有", "true", "TRUE", "yes", "y", "1", "√", " 是 "])
def test_yes(yes: Any) -> None:
    assert parse_value(field("bool"), yes) is True


@pytest.mark.parametrize("no", [False, "否", "无", "false", "no", "N", "0", "×"])
def test_no(no: Any) -> None:
    assert parse_value(field("bool"), no) is False


@pytest.mark.parametrize("raw", ["不知道", "2", [], {}])
def test_neither_yes_nor_no(raw: Any) -> None:
    assert refused("bool", raw) == "E002"


@pytest.mark.parametrize("typed", ["paper", "账据（证）不符", "账据(证)不符", " paper "])
def test_a_choice_by_code_or_label(typed: str) -> None:
    assert parse_value(field("one"), typed) == "paper"


@pytest.mark.parametrize("raw", ["papers", "账", "", 3, True, ["paper"]])
def test_choices_refused(raw: Any) -> None:
    assert refused("one", raw) == "E003"


def test_an_unknown_choice_names_all_and_the_likeliest() -> None:
    with pytest.raises(ValueFault) as caught:
        parse_value(field("one"), "账实不附")
    assert all(choice.label in caught.value.expected for choice in CHOICES)
    assert "“账实不符”" in caught.value.expected


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ([], ()),
        ("无", ()),
        ("[]", ()),
        ("相符", ()),
        (["thing", "cash"], ("cash", "thing")),
        (["cash", "cash"], ("cash",)),
        ("账款不符、账实不符", ("cash", "thing")),
        ("账实不符，账款不符", ("cash", "thing")),
        ("cash,thing", ("cash", "thing")),
        (("paper",), ("paper",)),
    ],
)
def test_several_choices(typed: Any, codes: tuple[str, ...]) -> None:
    assert parse_value(field("many", none_label="相符"), typed) == codes


@pytest.mark.parametrize(
    ("raw", "code"), [(["none of these"], "E003"), (7, "E002"), ("cash+thing", "E003")]
)
def test_several_choices_refused(raw: Any, code: str) -> None:
    assert refused("many", raw) == code


@pytest.mark.parametrize("member", list(FiveClass))
def test_classes_by_code_or_label(member: FiveClass) -> None:
    assert parse_value(field("class5"), member.value) is member
    assert parse_value(field("class5"), member.label) is member
    assert stored_value(field("class5"), member) == member.value
    assert shown_text(field("class5"), member) == member.label


def test_an_unknown_class() -> None:
    assert refused("class5", "不良") == "E003"


@pytest.mark.parametrize("kind", ["text", "long", "code"])
def test_texts(kind: str) -> None:
    assert parse_value(field(kind), " 城关 ") == "城关"
    assert parse_value(field(kind), 1501) == "1501"
    limit = LIMITS.get(kind, 40)
    assert parse_value(field(kind), "字" * limit) == "字" * limit
    assert refused(kind, "字" * (limit + 1)) == "E013"
    assert {refused(kind, raw) for raw in ((), 1.5, True, None)} == {"E002"}


def test_text_that_looks_like_a_formula_stays_text() -> None:
    assert parse_value(field("text"), "=1+1") == "=1+1"


READABLE = st.characters(blacklist_categories=("Cc", "Cs"))

STRATEGIES: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
    "text": lambda: st.text(READABLE, max_size=60).map(str.strip).filter(bool),
    "long": lambda: st.text(READABLE, max_size=200).map(str.strip).filter(bool),
    "code": lambda: st.from_regex(r"[0-9]{3,8}", fullmatch=True),
    "money": lambda: st.decimals(-(10**13), 10**13, places=2),
    "date": lambda: st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(ReportedDate),
    "int": lambda: st.integers(-999_999_999, 999_999_999),
    "rate": lambda: st.decimals(-1000, 1000, places=6),
    "bool": st.booleans,
    "one": lambda: st.sampled_from([choice.code for choice in CHOICES]),
    "many": lambda: st.sets(st.sampled_from([0, 1, 2])).map(
        lambda places: tuple(CHOICES[place].code for place in sorted(places))
    ),
    "class5": lambda: st.sampled_from(list(FiveClass)),
}


def test_every_kind_goes_round() -> None:
    assert set(STRATEGIES) == set(get_args(FieldType))


@pytest.mark.parametrize("kind", sorted(STRATEGIES))
@given(data=st.data())
def test_a_stored_value_is_read_back(kind: str, data: st.DataObject) -> None:
    signed = {"negative": True} if kind in ("money", "int", "rate") else {}
    known = field(kind, month_allowed=kind == "date", **signed)
    value = data.draw(STRATEGIES[kind]())
    stored = stored_value(known, value)
    assert parse_value(known, stored) == value
    assert stored_value(known, parse_value(known, stored)) == stored
    assert isinstance(shown_text(known, value), str)


@given(st.decimals(0, 10**13, places=2))
def test_a_shown_amount_is_read_back(amount: Decimal) -> None:
    shown = shown_text(field("money"), amount)
    assert parse_value(field("money"), shown) == amount
    assert parse_value(field("money"), f"￥{shown}元") == amount


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_a_fault(text: str) -> None:
    try:
        amount = parse_value(field("money"), text)
    except ValueFault as fault:
        amount = fault.code
    if isinstance(amount, str):
        assert amount in ("E002", "E004", "E005")
    else:
        assert isinstance(amount, Decimal)
        assert 0 <= amount < Decimal("1e15")
        assert amount == amount.quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("money", Decimal("1000000"), "1,000,000.00"),
        ("money", Fraction(1, 3), "0.33"),
        ("rate", Decimal("0.2985"), "29.85%"),
        ("rate", Fraction(1, 3), "33.33%"),
        ("rate", Fraction(5, 10000), "0.05%"),
        ("rate", Fraction(15, 100000), "0.02%"),
        ("int", 61, "61"),
        ("int", Decimal("1.50"), "1.5"),
        ("bool", True, "是"),
        ("bool", False, "否"),
        ("one", "thing", "账实不符"),
        ("many", ("cash", "thing"), "账款不符、账实不符"),
        ("many", (), "无"),
        ("date", ReportedDate(date(2004, 3, 1), "month"), "2004年3月"),
        ("date", date(2007, 3, 20), "2007-03-20"),
        ("text", None, ""),
    ],
)
def test_shown(kind: str, value: Any, shown: str) -> None:
    assert shown_text(field(kind), value) == shown


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [
        ("0.005", 2, "0.01"),
        ("0.0049", 2, "0.00"),
        ("2.675", 2, "2.68"),
        ("-0.005", 2, "-0.01"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
    ],
)
def test_half_up(number: str, places: int, rounded: str) -> None:
    assert str(half_up(Decimal(number), places)) == rounded
    assert str(half_up(Fraction(number), places)) == rounded


def test_rates_are_shown_half_up() -> None:
    assert ratio_text(Fraction(1, 3)) == "0.3333"
    assert ratio_text(Fraction(2, 3)) == "0.6667"
    assert ratio_text(Fraction(29985, 100000)) == "0.2999"
    assert percent_text(Fraction(29995, 100000)) == "30.00%"
    assert percent_text(0) == "0.00%"


@pytest.mark.parametrize("kind", ["text", "long"])
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\ud800"])
def test_control_characters_are_refused(kind: str, character: str) -> None:
    with pytest.raises(ValueFault) as refused:
        parse_value(field(kind), f"农行{character}支行")
    assert refused.value.code == "E002"


def test_line_breaks_stay_in_long_texts() -> None:
    assert parse_value(field("long"), "一\n二") == "一\n二"

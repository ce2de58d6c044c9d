"""Dates as offices write them, and days and months between them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.conditions import days_between, months_between
from app.forms.errors import ValueFault
from app.forms.reported_date import (
    Precision,
    ReportedDate,
    parse_reported_date,
    too_late_a_day,
)
from app.forms.schema import FieldDef
from app.forms.values import parse_value

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2007-03-20",
        "2007-3-20",
        "2007.3.20",
        "2007.03.20",
        "2007/3/20",
        "2007年3月20日",
        "2007年03月20日",
        "2007年3月20",
        "20070320",
    ],
)
def test_a_day_in_every_way_of_writing(text: str) -> None:
    assert parse_reported_date(text) == ReportedDate(date(2007, 3, 20), "day")


@pytest.mark.parametrize("text", ["2004-03", "2004-3", "2004.3", "2004/03", "2004年3月", "200403"])
def test_a_month_alone(text: str) -> None:
    assert parse_reported_date(text) == ReportedDate(date(2004, 3, 1), "month")


@pytest.mark.parametrize("text", ["1998", "1998年"])
def test_a_year_alone(text: str) -> None:
    assert parse_reported_date(text) == ReportedDate(date(1998, 1, 1), "year")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2007-02-29",
        "2007-13",
        "2007-00-10",
        "2007-3-32",
        "07-3-20",
        "3-20-2007",
        "200703200",
        "2007032",
        "1899-12-31",
        "0000",
        "二〇〇七年",
        "2007-03-20 10:00",
        "2007--03",
        "today",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert parse_reported_date(text) is None


def test_leap_days() -> None:
    assert parse_reported_date("2008-02-29") == ReportedDate(date(2008, 2, 29))
    assert parse_reported_date("2000年2月29日") == ReportedDate(date(2000, 2, 29))
    assert parse_reported_date("1900-02-29") is None


@given(DAYS, st.sampled_from(["day", "month", "year"]))
def test_stored_and_shown_come_back(day: date, precision: Precision) -> None:
    first = day.replace(
        month=1 if precision == "year" else day.month, day=day.day if precision == "day" else 1
    )
    known = ReportedDate(first, precision)
    assert parse_reported_date(known.stored) == known
    assert parse_reported_date(known.shown) == known
    assert len(known.stored) == {"day": 10, "month": 7, "year": 4}[precision]


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2006-01-31", "2006-02-27", 0),
        ("2006-01-31", "2006-02-28", 1),
        ("2008-01-31", "2008-02-28", 0),
        ("2008-01-31", "2008-02-29", 1),
        ("2006-01-30", "2006-02-28", 1),
        ("2006-01-29", "2006-02-28", 1),
        ("2006-02-28", "2006-03-27", 0),
        ("2006-02-28", "2006-03-28", 1),
        ("2006-03-31", "2006-04-29", 0),
        ("2006-03-31", "2006-04-30", 1),
        ("2006-01-15", "2006-02-14", 0),
        ("2006-01-15", "2006-02-15", 1),
        ("2002-12-01", "2006-12-31", 48),
        ("2005-12-31", "2006-12-31", 12),
        ("2005-12-31", "2006-12-30", 11),
        ("2004-02-29", "2005-02-28", 12),
        ("2004-02-29", "2008-02-29", 48),
        ("2006-12-31", "2006-12-31", 0),
        ("2006-12-01", "2006-12-31", 0),
    ],
)
def test_whole_months(first: str, last: str, months: int) -> None:
    assert months_between(date.fromisoformat(first), date.fromisoformat(last)) == months


@given(DAYS, st.integers(0, 3000))
def test_months_grow_with_time(first: date, days: int) -> None:
    last = min(first + timedelta(days=days), date(2199, 12, 31))
    now, tomorrow = months_between(first, last), months_between(first, last + timedelta(days=1))
    assert now is not None
    assert tomorrow is not None
    assert 0 <= now <= tomorrow <= now + 1
    assert (last - first).days // 31 <= now <= (last - first).days // 28


def test_days_between() -> None:
    assert days_between(date(2007, 4, 19), date(2007, 6, 19)) == 61
    assert days_between(date(2008, 2, 28), date(2008, 3, 1)) == 2
    assert days_between(date(2008, 3, 1), date(2008, 2, 29)) == -1
    assert days_between(None, date(2008, 3, 1)) is None
    assert days_between(date(2008, 3, 1), None) is None
    assert months_between(None, None) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("20061131", "2006年11月只有30天"),
        ("2007.2.29", "2007年2月只有28天"),
        ("2004年2月30日", "2004年2月只有29天"),
        ("2004-02-29", ""),
        ("2006-13-31", ""),
        ("2006-00-31", ""),
        ("2006-11", ""),
        ("昨天", ""),
    ],
)
def test_a_day_that_its_month_has_not_says_why(text: str, why: str) -> None:
    assert too_late_a_day(text) == why


def test_a_field_tells_how_long_the_month_is() -> None:
    field = FieldDef(key="due_on", label="到期日", type="date", source="D", instruction="照合同")
    with pytest.raises(ValueFault) as fault:
        parse_value(field, "20061131")
    assert fault.value.expected == "日期（2006年11月只有30天）"

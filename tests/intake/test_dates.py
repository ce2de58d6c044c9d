"""Dates of listings: every way of writing, what can be mistaken, what is no date."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.dates import date_in_title, read_date

DAYS = st.dates(date(1950, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ("2004-10-20", "2004-10-20"),
        ("2004/12/05", "2004-12-05"),
        ("1996.3.1", "1996-03-01"),
        ("19970619", "1997-06-19"),
        ("1996年12月28日", "1996-12-28"),
        ("2004年10月20号", "2004-10-20"),
        ("1999.3", "1999-03"),
        ("1999年3月", "1999-03"),
        ("200410", "2004-10"),
        ("1987年", "1987"),
        ("1987", "1987"),
        ("１９９８．３．２", "1998-03-02"),
        (" 1996 年 12 月 28 日 ", "1996-12-28"),
        ("1996、12、28", "1996-12-28"),
        ("1996—12—28", "1996-12-28"),
        ("2004-10-20 00:00:00", "2004-10-20"),
        ("2004-10-20T13:45", "2004-10-20"),
        ("38000", "2004-01-14"),
        (38000.0, "2004-01-14"),
        (38000.75, "2004-01-14"),
        (19970619.0, "1997-06-19"),
        (200410.0, "2004-10"),
        (1987.8, "1987-08"),
        (1987.12, "1987-12"),
        (1997.0, "1997"),
        (date(2004, 10, 20), "2004-10-20"),
        (datetime(2004, 10, 20, 13, 5), "2004-10-20"),
    ],
)
def test_reads_every_way_of_writing(cell: Any, stored: str) -> None:
    found = read_date(cell)
    assert found is not None
    assert found.date.stored == stored


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "不详",
        "98.3.2",
        "98年3月",
        "2004-13-01",
        "2004-02-30",
        "28/12/1996",
        "2004-10-20-1",
        "12345678901",
        "-38000",
        "99999",
        7.5,
        -1.0,
        float("nan"),
        float("inf"),
        True,
        time(3, 4),
        timedelta(days=3),
        date(1899, 12, 31),
    ],
)
def test_refuses_what_is_no_date(cell: Any) -> None:
    assert read_date(cell) is None


@pytest.mark.parametrize(
    ("cell", "from_csv", "doubtful"),
    [
        (2006.1, False, True),
        ("2006.1", True, True),
        ("2006.1", False, False),
        ("2006.10", True, False),
        (2006.2, False, False),
        (2006.12, False, False),
        ("2006.1.1", True, False),
        ("2006-1", True, False),
    ],
)
def test_a_month_1_of_a_number_may_have_been_a_10(
    cell: Any, from_csv: bool, doubtful: bool
) -> None:
    found = read_date(cell, numbers_lose_zeros=from_csv)
    assert found is not None
    assert found.cut_zero is doubtful


@given(DAYS)
def test_a_day_comes_back_from_each_way_of_writing_it(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    ways: list[Any] = [
        day,
        datetime(day.year, day.month, day.day),
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month:02}.{day.day:02}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        float(serial),
        str(serial),
    ]
    for way in ways:
        found = read_date(way)
        assert found is not None
        assert (found.date.first, found.date.precision) == (day, "day")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("截止日期：2006年12月31日", "2006-12-31"),
        ("日期：2006-12-31", "2006-12-31"),
        ("截至2006.12.31", "2006-12-31"),
        ("2006年12月末余额", "2006-12"),
        ("2006年度明细", "2006"),
        ("20061231", "2006-12-31"),
        ("打印日期：2007-01-05  截止2006-12-31", "2006-12-31"),
    ],
)
def test_finds_the_date_of_a_title(text: str, stored: str) -> None:
    found = date_in_title(text)
    assert found is not None
    assert found.stored == stored


@pytest.mark.parametrize(
    "text",
    ["打印日期：2007-01-05", "制表时间2007.1.5", "固定资产明细", "内信联发[2007]12号", "第2006页"],
)
def test_a_title_without_the_listings_date_has_none(text: str) -> None:
    assert date_in_title(text) is None

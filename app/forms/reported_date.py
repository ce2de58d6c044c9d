"""Dates as offices report them: known to the day, the month or the year."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Literal

from msgspec import Struct

YEARS = range(1900, 2200)
"""What an office may date; anything else is a slip of the pen."""
Precision = Literal["day", "month", "year"]

_SEPARATED = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_YEAR = re.compile(r"(\d{4})年?")


class ReportedDate(Struct, frozen=True):
    """A date with its precision; ages count from the first day (prudence)."""

    first: date
    precision: Precision = "day"

    @property
    def stored(self) -> str:
        """YYYY-MM-DD, YYYY-MM or YYYY."""
        return self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]

    @property
    def shown(self) -> str:
        """As a clerk reads it: 2007-03-20, 2007年3月 or 2007年."""
        if self.precision == "day":
            return self.first.isoformat()
        month = f"{self.first.month}月" if self.precision == "month" else ""
        return f"{self.first.year}年{month}"


def parse_reported_date(text: str) -> ReportedDate | None:
    """The date that a text holds in one of the usual ways of writing, None when it holds none."""
    for pattern in (_SEPARATED, _COMPACT, _YEAR):
        match = pattern.fullmatch(text)
        if match:
            return _from_parts(*match.groups())
    return None


def too_late_a_day(text: str) -> str:
    """Why a text is no date where its month is shorter: 2006年11月只有30天; else empty."""
    for pattern in (_SEPARATED, _COMPACT):
        match = pattern.fullmatch(text)
        year, month, day = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
        if year in YEARS and month in range(1, 13) and day > (last := monthrange(year, month)[1]):
            return f"{year}年{month}月只有{last}天"
    return ""


def _from_parts(year: str, month: str | None = None, day: str | None = None) -> ReportedDate | None:
    precision: Precision = "day" if day else "month" if month else "year"
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return ReportedDate(first, precision) if first.year in YEARS else None

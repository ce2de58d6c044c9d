"""Dates as listings print them: seven ways and more, and what can be mistaken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.forms.reported_date import ReportedDate, parse_reported_date
from app.intake.cells import Cell, number_text, squeezed

_FIRST_SERIAL, _LAST_SERIAL = 18264, 73050
"""Day numbers of spreadsheets from 1950 to 2099; others are no dates."""
_SERIAL_ZERO = date(1899, 12, 30)
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_TIME_OF_DAY = re.compile(r"(?<=\d)[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_SEPARATORS = str.maketrans("—–−‐‑。、", "-----..")
_CUT_ZERO = re.compile(r"(\d{4})\.1")

_WHEN_PRINTED = re.compile(r"(打印|制表|编制|填报|填表|报送|导出|查询)(日期|时间)?:?$")
_IN_TITLE = re.compile(
    r"(?<!\d)(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2}))?|年|(\d{2})(\d{2}))(?!\d)"
)


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date read from a cell; `cut_zero`: the month 1 may be a 10 whose zero was lost."""

    date: ReportedDate
    cut_zero: bool = False


def read_date(cell: Cell, *, numbers_lose_zeros: bool = False) -> ReadDate | None:
    """The date a cell holds, None when it holds none.

    `numbers_lose_zeros`: the text may come from a number (CSV), so that 2006.1 may be 2006.10.
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return ReadDate(ReportedDate(cell)) if cell.year >= 1900 else None
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        return None
    is_number = not isinstance(cell, str)
    text = _plain(number_text(cell) if not isinstance(cell, str) else cell)
    found = parse_reported_date(text)
    if found is None:
        serial = _from_serial(text)
        return ReadDate(serial) if serial else None
    may_be_cut = (is_number or numbers_lose_zeros) and _CUT_ZERO.fullmatch(text) is not None
    return ReadDate(found, may_be_cut)


def _plain(text: str) -> str:
    text = _TIME_OF_DAY.sub("", text.strip())
    return squeezed(text).translate(_SEPARATORS).rstrip(".-/").removesuffix("号")


def _from_serial(text: str) -> ReportedDate | None:
    """The date of a day number as spreadsheets count them from 1899-12-30."""
    if not _SERIAL.fullmatch(text):
        return None
    days = int(float(text))
    if not _FIRST_SERIAL <= days <= _LAST_SERIAL:
        return None
    return ReportedDate(_SERIAL_ZERO + timedelta(days=days))


def date_in_title(text: str) -> ReportedDate | None:
    """The date that a title or a line under it names as the listing's; not when it was printed."""
    text = squeezed(text)
    for match in _IN_TITLE.finditer(text):
        if _WHEN_PRINTED.search(text[: match.start()]):
            continue
        found = parse_reported_date("-".join(part for part in match.groups() if part))
        if found:
            return found
    return None


def same_day(found: ReportedDate, base_date: date) -> bool:
    """Whether a date of that precision can be the base date."""
    return base_date.isoformat().startswith(found.stored)

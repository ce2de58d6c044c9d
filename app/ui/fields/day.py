"""A line for a whole day outside the forms: read in any usual way, then shown in full."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QLineEdit

from app.forms.reported_date import parse_reported_date
from app.forms.values import clean

BASE_DATE_UNREAD = "基准日认不出来，请写成 2006-12-31 这样。"


def typed_day(text: str) -> date | None:
    """The day that was typed; None where it is not a date or only a month."""
    day = parse_reported_date(clean(text))
    return day.first if day is not None and day.precision == "day" else None


def show_in_full(line: QLineEdit) -> None:
    """Writes a day as it was understood, once the keyboard leaves: 20061231 as 2006-12-31."""

    def show() -> None:
        day = typed_day(line.text())
        if day is not None:
            line.setText(day.isoformat())

    line.editingFinished.connect(show)

"""Dates: typed in any usual way, or picked from a calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtWidgets import QCalendarWidget, QToolButton

from app.forms.errors import ValueFault
from app.forms.reported_date import ReportedDate
from app.forms.schema import FieldDef
from app.forms.values import is_empty, parse_value
from app.ui.fields.base import STAND_IN
from app.ui.fields.text import LineEditor
from app.ui.icons import sign_icon
from app.ui.look import Look


class DateEditor(LineEditor):
    """A date; a month or a year alone where the field allows it."""

    line_width = 132

    def __init__(self, field: FieldDef, look: Look) -> None:
        super().__init__(field, look)
        self.set_hint("年-月-日")
        # From the start: the line is not to grow and shrink with its hint.
        self.make_room_for(STAND_IN.format(date.max.isoformat()))
        self.calendar: QCalendarWidget | None = None
        button = QToolButton()
        button.setIcon(sign_icon("calendar", look.theme.soft))
        button.setToolTip("从日历中选")
        button.setAccessibleName(f"{field.label}：从日历中选")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(self._show_calendar)
        self.row.insertWidget(1, button)
        self.calendar_button = button

    def set_locked(self, locked: bool) -> None:
        """Nothing can be picked either."""
        super().set_locked(locked)
        self.calendar_button.setEnabled(not locked)

    def _show_calendar(self) -> None:
        self.line.setFocus()
        if self.calendar is None:
            self.calendar = QCalendarWidget(self)
            self.calendar.setWindowFlags(Qt.WindowType.Popup)
            self.calendar.setGridVisible(False)
            self.calendar.clicked.connect(self._pick)
        self.calendar.setSelectedDate(self._date_now())
        self.calendar.move(self.line.mapToGlobal(QPoint(0, self.line.height())))
        self.calendar.show()

    def _date_now(self) -> QDate:
        raw: Any = self.raw()
        if not is_empty(raw):
            try:
                found = parse_value(self.field, raw)
            except ValueFault:
                found = None
            if isinstance(found, ReportedDate):
                first: date = found.first
                return QDate(first.year, first.month, first.day)
        return QDate.currentDate()

    def _pick(self, picked: QDate) -> None:
        if self.calendar is not None:
            self.calendar.hide()
        self.line.setText(picked.toString("yyyy-MM-dd"))
        self.typed.emit(self.raw())
        self.commit()

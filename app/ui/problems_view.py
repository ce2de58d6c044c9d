"""The list of problems: which table, asset and field, what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView

from app.ui.choosing import LineView, chosen_runs, selection_of
from app.ui.desk import Desk
from app.ui.icons import sign_icon
from app.ui.look import Look

if TYPE_CHECKING:
    from app.book.types import Finding

Index = QModelIndex | QPersistentModelIndex
TITLES = ("表", "资产", "项目", "问题和办法")
WIDTHS = (64, 190, 150, 400)
SEVERITIES = {"error": "错误", "warning": "警告", "hint": "提示"}
LEAST = 240
"""What the sentence needs beside the other columns before one of them goes."""


class FindingsModel(QAbstractTableModel):
    """The findings of a check; names are read when a line is seen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.look: Look = desk.look
        self.findings: list[Finding] = []
        self._name = lru_cache(maxsize=2000)(self._read_name)

    def show_findings(self, findings: list[Finding]) -> None:
        """Shows another result."""
        self.beginResetModel()
        self.findings = findings
        self._name.cache_clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex(), /) -> int:  # noqa: B008
        """How many findings."""
        return 0 if parent.isValid() else len(self.findings)

    def columnCount(self, parent: Index = QModelIndex(), /) -> int:  # noqa: B008
        """Table, asset, field, problem."""
        return 0 if parent.isValid() else len(TITLES)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
        /,
    ) -> Any:
        """The titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        """One cell; the sign before the table tells errors from warnings."""
        finding = self.findings[index.row()]
        theme = self.look.theme
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(finding, index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            if finding.kept is not None:
                return sign_icon("good", theme.good.ink)
            sign = "info" if finding.severity == "hint" else finding.severity
            return sign_icon(sign, getattr(theme, sign).ink)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 3:
            if finding.kept is not None:
                return QColor(theme.soft)
            return QColor(theme.ink)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{finding.message}\n{finding.way_out}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{SEVERITIES[finding.severity]}：{self._text(finding, index.column())}"
        return None

    def _text(self, finding: Finding, column: int) -> str:
        if column == 0:
            return finding.table_id
        if column == 1:
            return self.name(finding) or "（全表）"
        if column == 2:
            table = self.desk.book.ruleset.tables.get(finding.table_id)
            field = table.fields.get(finding.field) if table else None
            return field.label if field else ""
        if finding.kept is not None:
            note = f"，{finding.kept.note}" if finding.kept.note else ""
            return f"{finding.message}（{finding.kept.by}保留：{finding.kept.reason}{note}）"
        return f"{finding.message}{finding.way_out}"

    def name(self, finding: Finding) -> str:
        """The asset it is about; empty for a problem of sums."""
        return self._name(finding.row_id) if finding.row_id else ""

    def _read_name(self, row_id: str) -> str:
        row = self.desk.book.row(row_id)
        return str(row.values.get("name") or row_id)


class ProblemsView(LineView):
    """The list; Enter goes to the field, Ctrl+A chooses all of the same check."""

    entered_on = Signal()
    """Enter was pressed on the present line."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        look = desk.look
        self.lines = FindingsModel(desk)
        self.setModel(self.lines)
        self.setAccessibleName("问题")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setIconSize(QSize(look.px(16), look.px(16)))
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(look.px(28))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place, width in enumerate(WIDTHS):
            self.setColumnWidth(place, look.px(width))
        self._needs = look.px(sum(WIDTHS[:3]) + LEAST)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Where there is little room the item goes, which the sentence names as well."""
        super().resizeEvent(event)
        hidden = event.size().width() < self._needs
        if hidden != self.isColumnHidden(2):
            self.setColumnHidden(2, hidden)

    def current(self) -> Finding | None:
        """The finding that the keyboard is on."""
        place = self.currentIndex().row()
        return self.lines.findings[place] if 0 <= place < len(self.lines.findings) else None

    def chosen_places(self) -> list[int]:
        """The places of the chosen findings, from above."""
        runs = chosen_runs(self.selectionModel())
        return sorted({place for first, last in runs for place in range(first, last + 1)})

    def chosen(self) -> list[Finding]:
        """The chosen findings; while none is, the one that the keyboard is on."""
        found = [self.lines.findings[place] for place in self.chosen_places()]
        current = self.current()
        return found or ([current] if current is not None else [])

    def choose(self, places: Sequence[int], current: int) -> None:
        """Chooses these lines and no others; the keyboard is on one of them."""
        # Said outright: a view left to itself adds lines while Ctrl is down.
        flags = QItemSelectionModel.SelectionFlag
        index = self.lines.index(current, 0)
        self.selectionModel().setCurrentIndex(index, flags.NoUpdate)
        self.selectionModel().select(selection_of(self.lines, places), flags.ClearAndSelect)
        self.scrollTo(index)

    def same(self) -> list[int]:
        """The places of everything in the list that can be dealt with as the present line is."""
        current = self.current()
        if current is None:
            return []
        return [
            place
            for place, one in enumerate(self.lines.findings)
            if one.code == current.code and (one.kept is None) == (current.kept is None)
        ]

    def alike(self) -> list[Finding]:
        """What asks for the same field of other rows of the table: it can be filled together.

        Of the chosen problems where several are, else of all that are listed.
        """
        current, chosen = self.current(), self.chosen()
        if current is None or not current.row_id:
            return []
        among = chosen if len(chosen) > 1 else self.lines.findings
        return [one for one in among if one.row_id and _asked(one) == _asked(current)]

    def choose_same(self) -> None:
        """Chooses everything of the same check, wherever it stands."""
        if self.current() is not None:
            self.choose(self.same(), self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter goes there, Ctrl+A chooses the same ones."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_on.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.choose_same()
        else:
            super().keyPressEvent(event)


def _asked(finding: Finding) -> tuple[str, str, str]:
    return (finding.table_id, finding.field, finding.code)


def why_not_kept(chosen: Sequence[Finding]) -> str:
    """Why these can't be kept with one reason; empty where they can."""
    errors = sum(one.severity == "error" for one in chosen)
    kept = sum(one.kept is not None for one in chosen)
    if errors:
        there = "这是错误" if len(chosen) == 1 else f"选中的里面有{errors}个错误"
        return f"{there}，不能保留，要改正。"
    if any(one.severity == "hint" for one in chosen):
        return "提示不影响封印，不用保留。"
    if kept:
        there = "这个警告" if len(chosen) == 1 else f"选中的里面有{kept}个"
        return f"{there}已经保留了。"
    if len({one.code for one in chosen}) > 1:
        return "选中的不是同一种警告，不能用一个理由一起保留。按 Ctrl+A 只选和这一个同样的。"
    return ""

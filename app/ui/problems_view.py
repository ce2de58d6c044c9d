"""The list of problems: which table, asset and field, what is wrong and what to do about it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.ui.desk import Desk
from app.ui.icons import sign_icon
from app.ui.look import Look

if TYPE_CHECKING:
    from app.book.types import Finding

Index = QModelIndex | QPersistentModelIndex
TITLES = ("表", "资产", "项目", "问题和办法")
WIDTHS = (64, 190, 150, 400)


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
            tint = theme.error if finding.severity == "error" else theme.warning
            return sign_icon(finding.severity, tint.ink)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 3:
            if finding.kept is not None:
                return QColor(theme.soft)
            return QColor(theme.ink)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{finding.message}\n{finding.way_out}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            word = "错误" if finding.severity == "error" else "警告"
            return f"{word}：{self._text(finding, index.column())}"
        return None

    def _text(self, finding: Finding, column: int) -> str:
        if column == 0:
            return finding.table_id
        if column == 1:
            return self._name(finding.row_id) if finding.row_id else "（全表）"
        if column == 2:
            table = self.desk.book.ruleset.tables.get(finding.table_id)
            field = table.fields.get(finding.field) if table else None
            return field.label if field else ""
        if finding.kept is not None:
            note = f"，{finding.kept.note}" if finding.kept.note else ""
            return f"{finding.message}（{finding.kept.by}保留：{finding.kept.reason}{note}）"
        return f"{finding.message}{finding.way_out}"

    def _read_name(self, row_id: str) -> str:
        row = self.desk.book.row(row_id)
        return str(row.values.get("name") or row_id)


class ProblemsView(QTableView):
    """The list; Enter goes to the field."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        look = desk.look
        self.lines = FindingsModel(desk)
        self.setModel(self.lines)
        self.setAccessibleName("问题")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(look.px(28))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place, width in enumerate(WIDTHS):
            self.setColumnWidth(place, look.px(width))
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)

    def current(self) -> Finding | None:
        """The chosen finding."""
        place = self.currentIndex().row()
        return self.lines.findings[place] if 0 <= place < len(self.lines.findings) else None

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter goes there."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.doubleClicked.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

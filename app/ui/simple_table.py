"""A read-only table of texts, for the pages that show figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView

from app.ui.choosing import LineView
from app.ui.icons import sign_icon
from app.ui.look import Look

Index = QModelIndex | QPersistentModelIndex
GAP = "\u2002"
"""Half a letter between figures and the words after them."""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """One column: title, width at 100%, side, whether it takes what room is left."""

    title: str
    width: int
    right: bool = False
    stretches: bool = False
    least: int = 0
    """What a column that stretches keeps at 100%, even where the table has to scroll for it."""
    spare: int = 0
    """Where there is no room for all, this goes first (1), second (2), …; 0: it never does."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row: its texts, what it stands for, how it is set."""

    texts: tuple[str, ...]
    key: str = ""
    bold: bool = False
    sign: str = ""
    """Sign drawn before the first text."""
    tone: str = ""
    """"error", "warning" or "soft" for all texts."""
    tip: str = ""


class TextTableModel(QAbstractTableModel):
    """Rows of texts."""

    def __init__(self, look: Look, columns: Sequence[TextColumn], *, small: bool) -> None:
        super().__init__()
        self.small = small
        self.look = look
        self.columns = tuple(columns)
        self._after_right = frozenset(
            place
            for place, column in enumerate(columns)
            if place and columns[place - 1].right and not column.right
        )
        self.rows: list[TextRow] = []

    def show_rows(self, rows: list[TextRow]) -> None:
        """Shows other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex(), /) -> int:  # noqa: B008
        """How many rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex(), /) -> int:  # noqa: B008
        """How many columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        """One cell."""
        row = self.rows[index.row()]
        column = self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._apart(index.column(), row.texts[index.column()])
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.FontRole if row.bold:
                return self.look.font("small" if self.small else "body", bold=True)
            case Qt.ItemDataRole.ForegroundRole if row.tone:
                return self._colour(row.tone)
            case Qt.ItemDataRole.DecorationRole if row.sign and index.column() == 0:
                return sign_icon(row.sign, self._colour(row.sign), self.look.px(16))
            case Qt.ItemDataRole.ToolTipRole:
                return row.tip or row.texts[index.column()]
        return None

    def _apart(self, column: int, text: str) -> str:
        """Words after a column of figures would stand close to them."""
        return f"{GAP}{text}" if column in self._after_right else text

    def _colour(self, tone: str) -> QColor:
        theme = self.look.theme
        tints = {"error": theme.error.ink, "warning": theme.warning.ink, "good": theme.good.ink}
        return QColor(tints.get(tone, theme.soft))

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
        /,
    ) -> Any:
        """The titles."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._apart(section, self.columns[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = self.columns[section].right
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class TextTable(LineView):
    """The view: rows of 28 px, Enter or a double click opens what a row stands for."""

    opened = Signal(str)
    """The key of the row."""

    def __init__(
        self, look: Look, name: str, columns: Sequence[TextColumn], *, small: bool = False
    ) -> None:
        super().__init__()
        self.look = look
        if small:
            self.setFont(look.font("small"))
        self.lines = TextTableModel(look, columns, small=small)
        self.setModel(self.lines)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setVisible(False)
        self.setIconSize(QSize(look.px(16), look.px(16)))
        self.verticalHeader().setDefaultSectionSize(look.px(28))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        for place, column in enumerate(columns):
            self.setColumnWidth(place, look.px(column.width))
            if column.stretches:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda index: self._open(index.row()))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """A column that stretches is not squeezed until nobody can read it."""
        super().resizeEvent(event)
        self._make_room(event.size().width())
        header, mode = self.horizontalHeader(), QHeaderView.ResizeMode
        for place, column in enumerate(self.lines.columns):
            if not column.least:
                continue
            least = self.look.px(column.least)
            others = sum(self.columnWidth(n) for n in range(len(self.lines.columns)) if n != place)
            enough = event.size().width() - others >= least
            header.setSectionResizeMode(place, mode.Stretch if enough else mode.Fixed)
            if not enough:
                self.setColumnWidth(place, least)

    def _make_room(self, width: int) -> None:
        """What is needed most stays in sight: other columns go before the table scrolls.

        Where it has to scroll without them too, they stay.
        """
        px, columns = self.look.px, self.lines.columns
        spared = sorted((c.spare, n) for n, c in enumerate(columns) if c.spare)
        least = sum(px(c.least if c.stretches else c.width) for c in columns if not c.spare)
        room = width - sum(px(column.width) for column in columns)
        for _, place in spared:
            goes = room < 0 and least <= width
            if goes != self.isColumnHidden(place):
                self.setColumnHidden(place, goes)
            room += px(columns[place].width) if goes else 0

    def show_rows(self, rows: list[TextRow]) -> None:
        """Shows other rows and keeps the chosen place."""
        place = self.currentIndex().row()
        self.lines.show_rows(rows)
        if 0 <= place < len(rows):
            self.selectRow(place)

    @property
    def current_key(self) -> str:
        """The key of the chosen row, empty without one."""
        place = self.currentIndex().row()
        return self.lines.rows[place].key if 0 <= place < len(self.lines.rows) else ""

    def show_key(self, key: str) -> None:
        """Chooses the row of this key and brings it into sight."""
        place = next((n for n, row in enumerate(self.lines.rows) if row.key == key), -1)
        if place >= 0:
            self.selectRow(place)
            self.scrollTo(self.lines.index(place, 0))

    def _open(self, place: int) -> None:
        if 0 <= place < len(self.lines.rows) and self.lines.rows[place].key:
            self.opened.emit(self.lines.rows[place].key)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

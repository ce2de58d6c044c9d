"""The queue as it is seen: classes as chips, several rows may be chosen at once."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.book.book import Book
from app.ui.choosing import LineView
from app.ui.class_chip import draw_chip
from app.ui.look import Look
from app.ui.simple_table import GAP
from app.ui.union.queue_model import (
    AFTER_FIGURES,
    CLASSES,
    RIGHT,
    Index,
    QueueColumn,
    QueueModel,
    class_of,
)

ROW_HEIGHT = 28
WIDTHS = {
    QueueColumn.SUGGESTED: 78,
    QueueColumn.NAME: 160,
    QueueColumn.AMOUNT: 118,
    QueueColumn.SIGNS: 56,
    QueueColumn.OFFICE: 58,
    QueueColumn.TABLE: 48,
    QueueColumn.LOSS: 110,
    QueueColumn.LAST: 76,
    QueueColumn.INITIAL: 76,
    QueueColumn.REVIEW: 70,
    QueueColumn.DETERMINED: 70,
    QueueColumn.STAGE: 80,
}
NARROW = {
    QueueColumn.SUGGESTED: 66,
    QueueColumn.NAME: 190,
    QueueColumn.AMOUNT: 96,
    QueueColumn.STAGE: 62,
}
"""What is shown beside an open row."""
SPARED = (
    QueueColumn.LAST,
    QueueColumn.DETERMINED,
    QueueColumn.TABLE,
    QueueColumn.STAGE,
    QueueColumn.LOSS,
    QueueColumn.OFFICE,
    QueueColumn.REVIEW,
)
"""What a list with little room does without, in this order: the names have to be read."""


class QueueDelegate(QStyledItemDelegate):
    """Draws the cells by hand, as the list of rows does."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Ground, then chip or words."""
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        theme = self.look.theme
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.chosen))
        elif index.row() % 2:
            painter.fillRect(rect, QColor(theme.shade))
        model = index.model()
        line = model.line(index.row()) if isinstance(model, QueueModel) else None
        if line is None or not isinstance(model, QueueModel):
            return
        column = QueueColumn(index.column())
        if column in CLASSES:
            five_class = class_of(line, column)
            if five_class is not None:
                apart = self.look.px(9) if column in AFTER_FIGURES else 3
                chip = QRectF(rect).adjusted(apart, 3, -3, -3)
                draw_chip(painter, self.look, chip, five_class)
            return
        side = Qt.AlignmentFlag.AlignRight if column in RIGHT else Qt.AlignmentFlag.AlignLeft
        box = rect.adjusted(3, 0, -3, 0)
        words = (GAP if column in AFTER_FIGURES else "") + model.text(line, column)
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.setPen(QColor(theme.warning.ink if column is QueueColumn.SIGNS else theme.ink))
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, words)


class QueueView(LineView):
    """The list: Enter opens, Ctrl and Shift choose several."""

    opened = Signal(str)
    chosen = Signal(int)
    """How many rows are chosen now."""

    def __init__(self, look: Look, book: Book) -> None:
        super().__init__()
        self.look = look
        self.lines = QueueModel(book)
        self.setModel(self.lines)
        self.setItemDelegate(QueueDelegate(look, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("资产清单")
        vertical = self.verticalHeader()
        vertical.setVisible(False)
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setDefaultSectionSize(look.px(ROW_HEIGHT))
        vertical.setMinimumSectionSize(look.px(ROW_HEIGHT))
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        # The header asks of each column whether it is chosen as a whole: seconds with all rows
        # of a county. A selection of its own, always empty, answers at once.
        header.setSelectionModel(QItemSelectionModel(self.lines, self))
        self._widths = WIDTHS
        self._fit_columns()
        header.setSectionResizeMode(QueueColumn.NAME, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda _index: self.open_current())
        self.selectionModel().selectionChanged.connect(
            lambda *_: self.chosen.emit(self.chosen_count())
        )

    def set_narrow(self, narrow: bool) -> None:
        """Beside an open row only the columns that tell rows apart."""
        self._widths = NARROW if narrow else WIDTHS
        self._fit_columns()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Another width may have room for other columns."""
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        px, shown = self.look.px, dict(self._widths)
        room = self.viewport().width()
        for column in SPARED:
            if sum(map(px, shown.values())) > room:
                shown.pop(column, None)
        for column in QueueColumn:
            if self.isColumnHidden(column) != (column not in shown):
                self.setColumnHidden(column, column not in shown)
            if column in shown and column is not QueueColumn.NAME:
                self.setColumnWidth(column, px(shown[column]))

    def current_id(self) -> str:
        """The id of the row under the cursor, empty when there is none."""
        place = self.currentIndex().row()
        return self.lines.ids[place] if 0 <= place < len(self.lines.ids) else ""

    def chosen_count(self) -> int:
        """How many rows are chosen; by ranges, however many there are."""
        return sum(bottom - top + 1 for top, bottom in self._ranges())

    def _ranges(self) -> list[tuple[int, int]]:
        selection = self.selectionModel().selection()
        parts = (selection.at(place) for place in range(selection.count()))
        return sorted({(part.top(), part.bottom()) for part in parts})

    def chosen_ids(self) -> list[str]:
        """The ids of the chosen rows, in the order of the list."""
        return [one for top, bottom in self._ranges() for one in self.lines.ids[top : bottom + 1]]

    def choose_place(self, place: int) -> None:
        """Marks the row at this place alone."""
        index = self.lines.index(place, QueueColumn.NAME)
        self.selectionModel().setCurrentIndex(
            index,
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )
        self.scrollTo(index)

    def choose(self, row_id: str) -> bool:
        """Marks a row and brings it into sight; False when it isn't in the list."""
        place = self.lines.place_of(row_id) if row_id else -1
        if place >= 0:
            self.choose_place(place)
        return place >= 0

    def step(self, by: int) -> str:
        """Marks the next row or the one before and returns its id, empty at the end."""
        place = self.currentIndex().row() + by
        if not 0 <= place < self.lines.rowCount():
            return ""
        self.choose_place(place)
        return self.current_id()

    def open_current(self) -> None:
        """Opens the row under the cursor."""
        if self.current_id():
            self.opened.emit(self.current_id())

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        else:
            super().keyPressEvent(event)

"""The list of rows as it is seen: a class as a chip, problems as sign and number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.choosing import LineView, chosen_runs, selection_of
from app.ui.class_chip import draw_chip
from app.ui.icons import draw_sign
from app.ui.look import Look
from app.ui.row_list import AFTER_FIGURES, RIGHT_ALIGNED, ListColumn, RowListModel, problem_words
from app.ui.simple_table import GAP

if TYPE_CHECKING:
    from app.book.types import RowLine

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 28
NARROW = (ListColumn.CLASS, ListColumn.NAME, ListColumn.AMOUNT, ListColumn.PROBLEMS)
"""What is shown beside an open form."""
NARROW_WIDTHS = {ListColumn.CLASS: 64, ListColumn.AMOUNT: 96, ListColumn.PROBLEMS: 44}
SIGN_WIDTH = 36
"""The column of classes where there is room for their numbers alone."""
LEAST_NAME, WHOLE_NAME = 110, 200
"""What tells the names of most assets apart: seven letters; what most of them need."""
WIDTHS = {
    ListColumn.SEQ: 48,
    ListColumn.CLASS: 100,
    ListColumn.NAME: 150,
    ListColumn.AMOUNT: 130,
    ListColumn.PROBLEMS: 58,
    ListColumn.LOSS: 118,
    ListColumn.STAGE: 84,
    ListColumn.ASSET_NO: 120,
    ListColumn.SUBJECT: 64,
}


SPARED = (ListColumn.ASSET_NO, ListColumn.SUBJECT, ListColumn.SEQ, ListColumn.LOSS)
"""What a narrow list can do without, in this order."""


class RowDelegate(QStyledItemDelegate):
    """Draws the cells by hand: a list is scrolled through, and the style is slow at it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Ground, then chip, signs or words."""
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        theme, row = self.look.theme, index.row()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.chosen))
        elif row % 2:
            painter.fillRect(rect, QColor(theme.shade))
        model = index.model()
        if not isinstance(model, RowListModel):
            return
        line = model.line(row)
        if line is None:
            return
        column = ListColumn(index.column())
        if column is ListColumn.CLASS:
            self._paint_class(painter, rect, line)
        elif column is ListColumn.PROBLEMS:
            self._paint_problems(painter, rect, line)
        elif words := model.text(line, column):
            words = f"{GAP}{words}" if column in AFTER_FIGURES else words
            self._paint_words(painter, rect, words, right=column in RIGHT_ALIGNED)

    def _paint_words(self, painter: QPainter, rect: QRect, words: str, *, right: bool) -> None:
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        box = rect.adjusted(3, 0, -3, 0)
        metrics = painter.fontMetrics()
        if metrics.horizontalAdvance(words) > box.width():
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.setPen(QColor(self.look.theme.ink))
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_class(self, painter: QPainter, rect: QRect, line: RowLine) -> None:
        box = QRectF(rect).adjusted(3, 3, -3, -3)
        five_class, open_class = line.suggested or line.at_least, line.suggested is None
        short = rect.width() < self.look.px(WIDTHS[ListColumn.CLASS])
        sign = rect.width() < self.look.px(NARROW_WIDTHS[ListColumn.CLASS])
        draw_chip(painter, self.look, box, five_class, at_least=open_class, short=short, sign=sign)

    def _paint_problems(self, painter: QPainter, rect: QRect, line: RowLine) -> None:
        words = problem_words(line)
        if not words:
            return
        theme = self.look.theme
        sign, tint = ("error", theme.error) if line.errors else ("warning", theme.warning)
        size = self.look.px(14)
        top = rect.center().y() - size / 2
        box = QRectF(rect.left() + self.look.px(10), top, size, size)
        draw_sign(painter, sign, box, QColor(tint.ink))
        painter.save()
        painter.setPen(QColor(tint.ink))
        words_box = QRectF(rect).adjusted(self.look.px(28), 0, 0, 0)
        painter.drawText(words_box, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        """28 px a row."""
        width = super().sizeHint(option, index).width()
        return QSize(width, self.look.px(ROW_HEIGHT))


class RowListView(LineView):
    """The list: one row chosen at a time, Enter opens it."""

    opened = Signal(str)
    """Id of the row to open."""
    several_asked = Signal(int)
    """Enter while so many rows are chosen: which of them to open is not said."""
    chosen = Signal(str)
    remove_asked = Signal(str)
    remove_many_asked = Signal()
    paste_asked = Signal()
    menu_asked = Signal(object)
    """Where on the screen the menu of the chosen rows is wanted."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.setItemDelegate(RowDelegate(look, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSortingEnabled(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("资产清单")
        # Every pixel is painted here, so that rows that stay in sight are moved, not drawn again.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        vertical = self.verticalHeader()
        vertical.setVisible(False)
        # One fixed height: the view then needs no row to know where another one is.
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.sectionClicked.connect(self._sort_by)
        self._sorted = (ListColumn.SEQ, Qt.SortOrder.AscendingOrder)
        self._narrow = False
        self._fitted: dict[ListColumn, int] = {}
        self.apply_look()
        self.doubleClicked.connect(lambda _index: self.open_current())
        self.clicked.connect(lambda _index: self._say_chosen())

    def apply_look(self) -> None:
        """Takes row height and widths from the zoom."""
        height = self.look.px(ROW_HEIGHT)
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalHeader().setMinimumSectionSize(height)
        self.horizontalHeader().setMinimumSectionSize(self.look.px(SIGN_WIDTH))
        self._fit_columns()

    def _fit_columns(self) -> None:
        header = self.horizontalHeader()
        if self.model() is None:
            return
        self._fitted = self._fitting()
        for column in ListColumn:
            width = self._fitted.get(column, 0)
            self.setColumnHidden(column, not width)
            if width:
                self.setColumnWidth(column, self.look.px(width))
        header.setSectionResizeMode(ListColumn.NAME, QHeaderView.ResizeMode.Stretch)

    def _fitting(self) -> dict[ListColumn, int]:
        """The columns there is room for, and their widths at 100%, so that names can be read."""
        room = int(self.viewport().width() / self.look.scale)
        widths = {c: w for c, w in WIDTHS.items() if not self._narrow or c in NARROW}
        if not self._narrow and not self.rows.numbered:
            del widths[ListColumn.ASSET_NO]
        for column in SPARED:
            if sum(widths.values()) > room:
                widths.pop(column, None)
        if self._narrow or _left_for_names(widths, room) < WHOLE_NAME:
            widths |= NARROW_WIDTHS
        if _left_for_names(widths, room) < LEAST_NAME:
            widths[ListColumn.CLASS] = SIGN_WIDTH
        return widths

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Another width may have room for other columns."""
        super().resizeEvent(event)
        self._fit_again()

    def showEvent(self, event: QShowEvent, /) -> None:
        """Other rows may have come while nobody looked."""
        super().showEvent(event)
        self._fit_again()

    def _fit_again(self) -> None:
        """Other columns where other rows are seen, or at another width."""
        if self.isVisible() and self.model() is not None and self._fitted != self._fitting():
            self._fit_columns()

    def show_model(self, model: RowListModel) -> None:
        """Shows another table's rows."""
        old = self.model()
        self.setModel(model)
        if old is not None:
            old.deleteLater()
        self._sorted = (ListColumn.SEQ, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setSortIndicatorShown(False)
        self._fit_columns()
        model.modelReset.connect(self._fit_again)
        # Rows are read while they are painted, when columns must not come or go.
        model.numbers_seen.connect(self._fit_again, Qt.ConnectionType.QueuedConnection)

    def set_narrow(self, narrow: bool) -> None:
        """Beside an open form only the columns that tell rows apart."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._fit_columns()

    @property
    def rows(self) -> RowListModel:
        """The model that is shown."""
        model = self.model()
        if not isinstance(model, RowListModel):
            raise TypeError("the list has no model")
        return model

    def _sort_by(self, section: int) -> None:
        column, order = self._sorted
        ascending = Qt.SortOrder.AscendingOrder
        same = section == column and order == ascending
        wanted = Qt.SortOrder.DescendingOrder if same else ascending
        self._sorted = (ListColumn(section), wanted)
        kept = self.current_id()
        self.horizontalHeader().setSortIndicatorShown(True)
        self.horizontalHeader().setSortIndicator(section, wanted)
        self.rows.sort(section, wanted)
        self.choose(kept)

    def current_id(self) -> str:
        """The id of the chosen row, empty when there is none."""
        line = self.rows.line(self.currentIndex().row()) if self.currentIndex().isValid() else None
        return line.id if line else ""

    def place_of(self, row_id: str) -> int:
        """Where a row stands in the list, -1 when it isn't there; mostly it is the chosen one."""
        if self.current_id() == row_id:
            return self.currentIndex().row()
        return self.rows.place_of(row_id)

    def choose(self, row_id: str) -> bool:
        """Marks a row and brings it into sight; False when it isn't in the list."""
        place = self.rows.place_of(row_id) if row_id else -1
        if place < 0:
            self.clearSelection()
            return False
        self.choose_place(place)
        return True

    def choose_place(self, place: int) -> None:
        """Marks the row at this place."""
        index = self.rows.index(place, ListColumn.NAME)
        # Said outright: a view left to itself adds the row while Ctrl is down (Ctrl+N).
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect
        how |= QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, how)
        self.scrollTo(index)

    def choose_again(self, keys: set[int]) -> None:
        """Marks these rows, all of which are in the list; else leaves what is marked."""
        places = {place for place, key in enumerate(self.rows.keys) if key in keys}
        if len(places) != len(keys):
            return
        chosen = selection_of(self.rows, places)
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def step(self, by: int) -> str:
        """Marks the next row or the one before and returns its id, empty at the end."""
        here = self.currentIndex().row() if self.currentIndex().isValid() else -1
        place = here + by
        if not 0 <= place < self.rows.rowCount():
            return ""
        self.choose_place(place)
        return self.current_id()

    def chosen_places(self) -> list[tuple[int, int]]:
        """First and last place of each run of chosen rows."""
        return chosen_runs(self.selectionModel())

    def chosen_count(self) -> int:
        """How many rows are chosen."""
        return sum(last - first + 1 for first, last in self.chosen_places())

    def chosen_keys(self) -> set[int]:
        """The keys of the chosen rows, by which they are found again in another order."""
        keys = self.rows.keys
        return {key for first, last in self.chosen_places() for key in keys[first : last + 1]}

    def open_current(self) -> None:
        """Opens the chosen row."""
        if self.current_id():
            self.opened.emit(self.current_id())

    def _say_chosen(self) -> None:
        places = self.chosen_places()
        one = len(places) == 1 and places[0][0] == places[0][1]
        if one and self.current_id():
            self.chosen.emit(self.current_id())

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The ground also where there are no rows, then the rows."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(self.look.theme.paper))
        painter.end()
        super().paintEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        """By mouse where it points, by key below the row."""
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            row = self.visualRect(self.currentIndex())
            at = self.viewport().mapToGlobal(row.bottomLeft())
        self.menu_asked.emit(at)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter opens, Delete asks to remove, Ctrl+V pastes."""
        several = self.chosen_count()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Beside the open form Enter goes into it, whatever is chosen.
            if several > 1 and not self._narrow:
                self.several_asked.emit(several)
            else:
                self.open_current()
        elif event.key() == Qt.Key.Key_Delete and several > 1:
            self.remove_many_asked.emit()
        elif event.key() == Qt.Key.Key_Delete and self.current_id():
            self.remove_asked.emit(self.current_id())
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_asked.emit()
        else:
            super().keyPressEvent(event)


def _left_for_names(widths: dict[ListColumn, int], room: int) -> int:
    return room - sum(widths.values()) + widths[ListColumn.NAME]

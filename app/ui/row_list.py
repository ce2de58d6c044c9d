"""The list of a table's rows: a model that pages from the book, and how a line is drawn."""

from __future__ import annotations

from collections import OrderedDict
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.forms.values import amount_text
from app.ui.class_chip import class_text, draw_chip
from app.ui.icons import draw_sign
from app.ui.look import Look

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import RowLine

Index = QModelIndex | QPersistentModelIndex
PAGE = 200
MOST_PAGES = 24
ROW_HEIGHT = 28
LINE_ROLE = Qt.ItemDataRole.UserRole


class ListColumn(IntEnum):
    """The columns of the list, in their order."""

    SEQ = 0
    CLASS = 1
    NAME = 2
    AMOUNT = 3
    PROBLEMS = 4
    LOSS = 5
    STAGE = 6
    ASSET_NO = 7
    SUBJECT = 8


TITLES = {
    ListColumn.SEQ: "序号",
    ListColumn.CLASS: "类别",
    ListColumn.NAME: "资产名称",
    ListColumn.AMOUNT: "账面金额",
    ListColumn.PROBLEMS: "问题",
    ListColumn.LOSS: "预计损失",
    ListColumn.STAGE: "状态",
    ListColumn.ASSET_NO: "资产编号",
    ListColumn.SUBJECT: "科目",
}
ORDER_KEYS = {
    ListColumn.SEQ: "seq",
    ListColumn.CLASS: "suggested",
    ListColumn.NAME: "name",
    ListColumn.AMOUNT: "carrying_amount",
    ListColumn.PROBLEMS: "errors",
    ListColumn.LOSS: "expected_loss",
    ListColumn.STAGE: "stage",
    ListColumn.ASSET_NO: "asset_no",
    ListColumn.SUBJECT: "subject",
}
RIGHT_ALIGNED = frozenset((ListColumn.SEQ, ListColumn.AMOUNT, ListColumn.LOSS))
NARROW = (ListColumn.CLASS, ListColumn.NAME, ListColumn.AMOUNT, ListColumn.PROBLEMS)
"""What is shown beside an open form."""
NARROW_WIDTHS = {ListColumn.CLASS: 70, ListColumn.AMOUNT: 100, ListColumn.PROBLEMS: 38}
WIDTHS = {
    ListColumn.SEQ: 48,
    ListColumn.CLASS: 100,
    ListColumn.NAME: 150,
    ListColumn.AMOUNT: 130,
    ListColumn.PROBLEMS: 52,
    ListColumn.LOSS: 118,
    ListColumn.STAGE: 84,
    ListColumn.ASSET_NO: 120,
    ListColumn.SUBJECT: 64,
}


class RowListModel(QAbstractTableModel):
    """The rows of one table, read from the book a page at a time, the last pages kept."""

    def __init__(self, book: Book, table_id: str | None) -> None:
        super().__init__()
        from app.book.types import STAGES

        self.book = book
        self.table_id = table_id
        self.search = ""
        self.only = ""
        self.order_by = "seq"
        self.descending = False
        self._stages = STAGES
        self._pages: OrderedDict[int, list[RowLine]] = OrderedDict()
        self._count = book.row_count(table_id)

    # ── what Qt asks

    def rowCount(self, parent: Index = QModelIndex(), /) -> int:  # noqa: B008
        """How many rows match."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex(), /) -> int:  # noqa: B008
        """All columns; the view hides some."""
        return 0 if parent.isValid() else len(ListColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        """One cell."""
        if not index.isValid():
            return None
        line = self.line(index.row())
        if line is None:
            return None
        column = ListColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, column)
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if column in RIGHT_ALIGNED
                else Qt.AlignmentFlag.AlignLeft
            )
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._tip(line, column)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
        /,
    ) -> Any:
        """The titles of the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[ListColumn(section)]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in RIGHT_ALIGNED:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder, /) -> None:
        """Sorts in the book."""
        self.order_by = ORDER_KEYS[ListColumn(column)]
        self.descending = order == Qt.SortOrder.DescendingOrder
        self.reload()

    # ── what is shown

    def _text(self, line: RowLine, column: ListColumn) -> str:
        match column:
            case ListColumn.SEQ:
                return str(line.seq)
            case ListColumn.CLASS:
                best = line.suggested or line.at_least
                return class_text(best, at_least=line.suggested is None)
            case ListColumn.NAME:
                return line.name or "（未填名称）"
            case ListColumn.AMOUNT:
                return _amount(line.carrying_amount)
            case ListColumn.PROBLEMS:
                return _problem_words(line)
            case ListColumn.LOSS:
                return _amount(line.expected_loss)
            case ListColumn.STAGE:
                return self._stages[line.stage]
            case ListColumn.ASSET_NO:
                return line.asset_no
            case ListColumn.SUBJECT:
                return line.subject

    def _tip(self, line: RowLine, column: ListColumn) -> str:
        if column is ListColumn.PROBLEMS:
            return f"{line.errors}个错误，{line.warnings}个警告"
        return self._text(line, column)

    def line(self, row: int) -> RowLine | None:
        """The row at this place, read from the book when its page isn't at hand."""
        number, place = divmod(row, PAGE)
        page = self._pages.get(number)
        if page is None:
            page = self._read(number)
        else:
            self._pages.move_to_end(number)
        return page[place] if place < len(page) else None

    def _read(self, number: int) -> list[RowLine]:
        page = self.book.row_list(
            self.table_id,
            search=self.search,
            only=self.only,
            order_by=self.order_by,
            descending=self.descending,
            offset=number * PAGE,
            limit=PAGE,
        )
        self._pages[number] = page
        while len(self._pages) > MOST_PAGES:
            self._pages.popitem(last=False)
        return page

    def reload(self) -> None:
        """Reads everything anew."""
        self.beginResetModel()
        self._pages.clear()
        self._count = self.book.row_count(self.table_id, search=self.search, only=self.only)
        self.endResetModel()

    def renew(self, row_id: str) -> None:
        """Reads again what is at hand, after one row was saved; the view keeps its place."""
        self._pages.clear()
        count = self.book.row_count(self.table_id, search=self.search, only=self.only)
        if count != self._count:
            self.reload()
        elif count:
            self.dataChanged.emit(self.index(0, 0), self.index(count - 1, len(ListColumn) - 1))

    def set_filter(self, search: str, only: str) -> None:
        """Shows only rows that match."""
        if (search, only) != (self.search, self.only):
            self.search, self.only = search, only
            self.reload()

    def place_of(self, row_id: str) -> int:
        """Where a row stands in the list, -1 when it isn't there."""
        for number, page in self._pages.items():
            for place, line in enumerate(page):
                if line.id == row_id:
                    return number * PAGE + place
        for number in range((self._count + PAGE - 1) // PAGE):
            if number in self._pages:
                continue
            for place, line in enumerate(self._read(number)):
                if line.id == row_id:
                    return number * PAGE + place
        return -1


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else amount_text(amount)


def _problem_words(line: RowLine) -> str:
    if line.errors:
        return str(line.errors)
    return str(line.warnings) if line.warnings else ""


class RowDelegate(QStyledItemDelegate):
    """Draws a line: the class as a chip, problems as sign and number."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Chip and signs by hand, the rest as the style does."""
        column = ListColumn(index.column())
        if column not in (ListColumn.CLASS, ListColumn.PROBLEMS):
            super().paint(painter, option, index)
            return
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""  # type: ignore[attr-defined]
        rect: QRect = blank.rect  # type: ignore[attr-defined]
        view: QWidget = blank.widget  # type: ignore[attr-defined]
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, blank, painter, view)
        line = index.data(LINE_ROLE)
        if line is None:
            return
        if column is ListColumn.CLASS:
            self._paint_class(painter, rect, line)
        else:
            self._paint_problems(painter, rect, line)

    def _paint_class(self, painter: QPainter, rect: QRect, line: RowLine) -> None:
        box = QRectF(rect).adjusted(3, 3, -3, -3)
        five_class, open_class = line.suggested or line.at_least, line.suggested is None
        short = rect.width() < self.look.px(WIDTHS[ListColumn.CLASS])
        draw_chip(painter, self.look, box, five_class, at_least=open_class, short=short)

    def _paint_problems(self, painter: QPainter, rect: QRect, line: RowLine) -> None:
        words = _problem_words(line)
        if not words:
            return
        theme = self.look.theme
        sign, tint = ("error", theme.error) if line.errors else ("warning", theme.warning)
        size = self.look.px(14)
        top = rect.center().y() - size / 2
        box = QRectF(rect.left() + self.look.px(4), top, size, size)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, tint.ink)
        draw_sign(painter, sign, box, palette.color(QPalette.ColorRole.Text))
        painter.save()
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        words_box = QRectF(rect).adjusted(self.look.px(22), 0, 0, 0)
        painter.drawText(words_box, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        """28 px a row."""
        return QSize(super().sizeHint(option, index).width(), self.look.px(ROW_HEIGHT))


class RowListView(QTableView):
    """The list: one row chosen at a time, Enter opens it."""

    opened = Signal(str)
    """Id of the row to open."""
    chosen = Signal(str)
    remove_asked = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.setItemDelegate(RowDelegate(look, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setSortingEnabled(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("资产清单")
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
        self.apply_look()
        self.doubleClicked.connect(lambda _index: self.open_current())
        self.clicked.connect(lambda _index: self._say_chosen())

    def apply_look(self) -> None:
        """Takes row height and widths from the zoom."""
        height = self.look.px(ROW_HEIGHT)
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalHeader().setMinimumSectionSize(height)
        self._fit_columns()

    def _fit_columns(self) -> None:
        header = self.horizontalHeader()
        if self.model() is None:
            return
        for column in ListColumn:
            self.setColumnHidden(column, self._narrow and column not in NARROW)
            width = WIDTHS[column]
            if self._narrow:
                width = NARROW_WIDTHS.get(column, width)
            self.setColumnWidth(column, self.look.px(width))
        header.setSectionResizeMode(ListColumn.NAME, QHeaderView.ResizeMode.Stretch)

    def show_model(self, model: RowListModel) -> None:
        """Shows another table's rows."""
        old = self.model()
        self.setModel(model)
        if old is not None:
            old.deleteLater()
        self._sorted = (ListColumn.SEQ, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setSortIndicatorShown(False)
        self._fit_columns()

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
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def step(self, by: int) -> str:
        """Marks the next row or the one before and returns its id, empty at the end."""
        here = self.currentIndex().row() if self.currentIndex().isValid() else -1
        place = here + by
        if not 0 <= place < self.rows.rowCount():
            return ""
        self.choose_place(place)
        return self.current_id()

    def open_current(self) -> None:
        """Opens the chosen row."""
        if self.current_id():
            self.opened.emit(self.current_id())

    def _say_chosen(self) -> None:
        if self.current_id():
            self.chosen.emit(self.current_id())

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter opens, Delete asks to remove."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        elif event.key() == Qt.Key.Key_Delete and self.current_id():
            self.remove_asked.emit(self.current_id())
        else:
            super().keyPressEvent(event)

"""The rows of a table as a model that pages from the book."""

from __future__ import annotations

from collections import OrderedDict
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.forms.values import amount_text
from app.ui.class_chip import class_text
from app.ui.simple_table import GAP

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import RowLine

Index = QModelIndex | QPersistentModelIndex
PAGE = 200
MOST_PAGES = 24


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
AFTER_FIGURES = frozenset((ListColumn.PROBLEMS, ListColumn.STAGE))
"""What follows right-aligned figures keeps some distance from them."""


class RowListModel(QAbstractTableModel):
    """The rows of one table: their order is read at once, what they say a page at a time.

    A row keeps its place while it is changed: a list must not run away from under the hands.
    """

    numbers_seen = Signal()
    """A row with a number of its own has been read, the first one."""

    def __init__(self, book: Book, table_id: str | None) -> None:
        super().__init__()
        from app.book.types import STAGES

        self.book = book
        self.table_id = table_id
        self.search = ""
        self.only = ""
        self.within: tuple[str, ...] | None = None
        """Only these rows, where somebody has looked them up."""
        self.order_by = "seq"
        self.descending = False
        self._stages = STAGES
        self.pages: OrderedDict[int, list[RowLine | None]] = OrderedDict()
        self._numbered: bool | None = None
        self.keys = self.read_keys()

    # ── what Qt asks

    def rowCount(self, parent: Index = QModelIndex(), /) -> int:  # noqa: B008
        """How many rows match."""
        return 0 if parent.isValid() else len(self.keys)

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
            return self.text(line, column)
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
            title = TITLES[ListColumn(section)]
            return f"{GAP}{title}" if section in AFTER_FIGURES else title
        if role == Qt.ItemDataRole.TextAlignmentRole and section in RIGHT_ALIGNED:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder, /) -> None:
        """Sorts in the book."""
        self.order_by = ORDER_KEYS[ListColumn(column)]
        self.descending = order == Qt.SortOrder.DescendingOrder
        self.reload()

    # ── what is shown

    def text(self, line: RowLine, column: ListColumn) -> str:
        """The words of a cell."""
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
                return problem_words(line)
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
        return self.text(line, column)

    def line(self, row: int) -> RowLine | None:
        """The row at this place, read from the book when its page isn't at hand."""
        if not 0 <= row < len(self.keys):
            return None
        number, place = divmod(row, PAGE)
        page = self.pages.get(number)
        if page is None:
            page = self._page(number)
        else:
            self.pages.move_to_end(number)
        return page[place]

    def _page(self, number: int) -> list[RowLine | None]:
        page = self.read_lines(self.keys[number * PAGE : (number + 1) * PAGE])
        self.pages[number] = page
        self._look_for_numbers(page)
        while len(self.pages) > MOST_PAGES:
            self.pages.popitem(last=False)
        return page

    @property
    def numbered(self) -> bool:
        """Whether a row has a number of its own, as far as rows have been read."""
        if self._numbered is None:
            self.line(0)  # what is seen first is read anyway
        return bool(self._numbered)

    def _look_for_numbers(self, lines: list[RowLine | None]) -> None:
        if self._numbered:
            return
        self._numbered = any(line is not None and line.asset_no for line in lines)
        if self._numbered:
            self.numbers_seen.emit()

    def reload(self) -> None:
        """Reads everything anew."""
        self.beginResetModel()
        self.pages.clear()
        self._numbered = None
        self.keys = self.read_keys()
        self.endResetModel()

    # ── what is read

    def read_keys(self) -> list[int]:
        """The keys of all rows that are to be seen, in their order."""
        from app.book.lists import row_keys

        return row_keys(
            self.book.store, self.table_id, search=self.search, only=self.only,
            order_by=self.order_by, descending=self.descending, within=self.within,
        )  # fmt: skip

    def read_lines(self, keys: list[int]) -> list[RowLine | None]:
        """What the rows of these keys say."""
        from app.book.lists import lines_of

        return lines_of(self.book.store, keys)

    def read_key(self, row_id: str) -> int | None:
        """The key of a row."""
        from app.book.lists import key_of

        return key_of(self.book.store, row_id)

    def ids_at(self, places: list[tuple[int, int]]) -> list[str]:
        """The ids of the rows in these runs of places, in the list's order."""
        from app.book.lists import ids_of

        keys = [key for first, last in places for key in self.keys[first : last + 1]]
        return ids_of(self.book.store, self.table_id, keys)

    def renew(self, row_id: str) -> None:
        """Shows one row as it is now. It keeps its place, also where it no longer matches:

        a row must not run away from under the hands of who is filling it in.
        """
        for number, page in self.pages.items():
            for place, line in enumerate(page):
                if line is not None and line.id == row_id:
                    self._replace(number, place, row_id)
                    return

    def _replace(self, number: int, place: int, row_id: str) -> None:
        line = self.book.row_line(row_id)
        if line is not None:
            self.pages[number][place] = line
            self._look_for_numbers([line])
            row = number * PAGE + place
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(ListColumn) - 1))

    def set_filter(self, search: str, only: str, within: tuple[str, ...] | None = None) -> None:
        """Shows only rows that match, and that are among those within."""
        if (search, only, within) != (self.search, self.only, self.within):
            self.search, self.only, self.within = search, only, within
            self.reload()

    @property
    def filtered(self) -> bool:
        """Whether rows may be hidden."""
        return bool(self.search or self.only or self.within is not None)

    def place_of(self, row_id: str) -> int:
        """Where a row stands in the list, -1 when it isn't there."""
        key = self.read_key(row_id)
        return self.keys.index(key) if key in self.keys else -1


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else amount_text(amount)


def problem_words(line: RowLine) -> str:
    """The number of errors, or without any that of warnings."""
    if line.errors:
        return str(line.errors)
    return str(line.warnings) if line.warnings else ""

"""Rows of the queue as a model: the ids at once, what stands on a line when it is seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.forms.values import amount_text
from app.ui.class_chip import class_text
from app.ui.simple_table import GAP

if TYPE_CHECKING:
    from app.book.book import Book
    from app.forms.classes import FiveClass
    from app.union.queue import QueueLine

Index = QModelIndex | QPersistentModelIndex
PAGE = 200
MOST_PAGES = 24


class QueueColumn(IntEnum):
    """The columns, in their order."""

    SUGGESTED = 0
    NAME = 1
    AMOUNT = 2
    LOSS = 3
    LAST = 4
    INITIAL = 5
    REVIEW = 6
    DETERMINED = 7
    STAGE = 8
    OFFICE = 9
    TABLE = 10
    SIGNS = 11


TITLES = {
    QueueColumn.SUGGESTED: "程序结果",
    QueueColumn.NAME: "资产名称",
    QueueColumn.AMOUNT: "账面金额",
    QueueColumn.SIGNS: "提示",
    QueueColumn.OFFICE: "机构",
    QueueColumn.TABLE: "附表",
    QueueColumn.LOSS: "预计损失",
    QueueColumn.LAST: "上期",
    QueueColumn.INITIAL: "初分",
    QueueColumn.REVIEW: "初审",
    QueueColumn.DETERMINED: "认定",
    QueueColumn.STAGE: "状态",
}
RIGHT = frozenset((QueueColumn.AMOUNT, QueueColumn.LOSS))
AFTER_FIGURES = frozenset((QueueColumn.LAST, QueueColumn.INITIAL, QueueColumn.STAGE))
"""What follows right-aligned figures, as the view hides columns, keeps some distance from them."""
CLASSES = {
    QueueColumn.SUGGESTED: "suggested",
    QueueColumn.LAST: "last_class",
    QueueColumn.INITIAL: "initial_class",
    QueueColumn.REVIEW: "review_class",
    QueueColumn.DETERMINED: "determined_class",
}


class QueueModel(QAbstractTableModel):
    """Keeps its order while the rows change under it; pages are read when they are seen."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        from app.book.types import STAGES

        self.book = book
        self.ids: Sequence[str] = ()
        self.pages: OrderedDict[int, dict[str, QueueLine]] = OrderedDict()
        self._places: dict[str, int] = {}
        self._stages = STAGES

    def show_ids(self, ids: Sequence[str]) -> None:
        """Shows other rows."""
        self.beginResetModel()
        self.ids = ids
        self.pages.clear()
        self._places = {}
        self.endResetModel()

    # ── what Qt asks

    def rowCount(self, parent: Index = QModelIndex(), /) -> int:  # noqa: B008
        """How many rows."""
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = QModelIndex(), /) -> int:  # noqa: B008
        """All columns; the view hides some."""
        return 0 if parent.isValid() else len(QueueColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        """One cell."""
        if not index.isValid():
            return None
        column = QueueColumn(index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            return int(right) if column in RIGHT else None
        if role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        line = self.line(index.row())
        if line is None:
            return ""
        if column is QueueColumn.SIGNS and role != Qt.ItemDataRole.DisplayRole:
            return "，".join(signs_of(line))
        return self.text(line, column)

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
            title = TITLES[QueueColumn(section)]
            return f"{GAP}{title}" if section in AFTER_FIGURES else title
        if role == Qt.ItemDataRole.TextAlignmentRole and section in RIGHT:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    # ── what is shown

    def text(self, line: QueueLine, column: QueueColumn) -> str:
        """The words of a cell."""
        if column in CLASSES:
            return _class(class_of(line, column))
        match column:
            case QueueColumn.NAME:
                return line.name or "（未填名称）"
            case QueueColumn.AMOUNT:
                return "" if line.carrying_amount is None else amount_text(line.carrying_amount)
            case QueueColumn.LOSS:
                return "" if line.expected_loss is None else amount_text(line.expected_loss)
            case QueueColumn.OFFICE:
                return line.institution
            case QueueColumn.TABLE:
                return line.table_id
            case QueueColumn.STAGE:
                return self._stages[line.stage]
            case _:
                return " ".join(sign[:1] for sign in signs_of(line))

    def line(self, row: int) -> QueueLine | None:
        """The row at this place, read from the book when its page isn't at hand."""
        if not 0 <= row < len(self.ids):
            return None
        return self._page(row // PAGE).get(self.ids[row])

    def _page(self, number: int) -> dict[str, QueueLine]:
        page = self.pages.get(number)
        if page is not None:
            self.pages.move_to_end(number)
            return page
        from app.union.queue import lines_of

        wanted = self.ids[number * PAGE : (number + 1) * PAGE]
        page = {line.id: line for line in lines_of(self.book, wanted)}
        self.pages[number] = page
        while len(self.pages) > MOST_PAGES:
            self.pages.popitem(last=False)
        return page

    def place_of(self, row_id: str) -> int:
        """Where a row stands, -1 when it isn't there."""
        if not self._places:
            self._places = {one: place for place, one in enumerate(self.ids)}
        return self._places.get(row_id, -1)

    def seen(self, row_id: str) -> QueueLine | None:
        """A row as it was shown last, where it still is at hand."""
        page = self.pages.get(self.place_of(row_id) // PAGE)
        return page.get(row_id) if page is not None else None

    def renew(self, row_ids: Sequence[str]) -> None:
        """Shows rows as they are now; they keep their places, also where they no longer match."""
        numbers = {self.place_of(one) // PAGE for one in row_ids if self.place_of(one) >= 0}
        for number in numbers:
            self.pages.pop(number, None)
            last = min(len(self.ids), (number + 1) * PAGE) - 1
            self.dataChanged.emit(
                self.index(number * PAGE, 0), self.index(last, len(QueueColumn) - 1)
            )

    def renew_all(self) -> None:
        """Shows all rows as they are now, in their places."""
        self.pages.clear()
        if self.ids:
            last = self.index(len(self.ids) - 1, len(QueueColumn) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def class_of(line: QueueLine, column: QueueColumn) -> FiveClass | None:
    """The class that a column shows of a row."""
    found: FiveClass | None = getattr(line, CLASSES[column])
    return found


def _class(found: FiveClass | None) -> str:
    return class_text(found) if found else ""


def signs_of(line: QueueLine) -> list[str]:
    """What is to be noticed about a row; the first character of each stands in the list."""
    found = []
    if line.changed:
        found.append("改：信用社这次改过")
    if line.unanswered:
        found.append(f"问：{line.unanswered}个问题没有答复")
    if line.warnings:
        found.append(f"警：{line.warnings}个警告")
    if line.layer_class is not None and line.layer_class is not line.suggested:
        found.append(f"另：按联社的数是{line.layer_class.label}")
    return found

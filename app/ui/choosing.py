"""Lists of whole lines: the keys of their view, and choosing many lines at once."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    Qt,
)
from PySide6.QtWidgets import QTableView


class LineView(QTableView):
    """A table that is read line by line: Home and End go to its first and last line."""

    def moveCursor(
        self, action: QTableView.CursorAction, modifiers: Qt.KeyboardModifier, /
    ) -> QModelIndex:
        """Where a key leads; within a line there is nothing to go to."""
        last = self.model().rowCount() - 1
        ends = {
            QTableView.CursorAction.MoveHome: 0,
            QTableView.CursorAction.MoveEnd: last,
        }
        if action in ends and last >= 0:
            return self.model().index(ends[action], max(self.currentIndex().column(), 0))
        return super().moveCursor(action, modifiers)


def selection_of(model: QAbstractItemModel, places: Collection[int]) -> QItemSelection:
    """The whole lines at these places, run by run: one of many single lines is slow to draw."""
    wanted = set(places)
    firsts = sorted(place for place in wanted if place - 1 not in wanted)
    lasts = sorted(place for place in wanted if place + 1 not in wanted)
    right = model.columnCount() - 1
    chosen = QItemSelection()
    for first, last in zip(firsts, lasts, strict=True):
        chosen.select(model.index(first, 0), model.index(last, right))
    return chosen


def chosen_runs(model: QItemSelectionModel) -> list[tuple[int, int]]:
    """First and last place of each run of chosen lines."""
    selection = model.selection()
    runs = (selection.at(number) for number in range(selection.count()))
    return sorted({(run.top(), run.bottom()) for run in runs})

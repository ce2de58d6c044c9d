"""Choosing many lines of a list at once, whatever stands between them."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QAbstractItemModel, QItemSelection, QItemSelectionModel


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

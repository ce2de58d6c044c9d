"""The grid of an official table: header cells in up to three levels, and column widths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.papers.model import PaperColumn


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """One cell of the header: its text and the rows and columns that it covers."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def last_row(self) -> int:
        """The lowest row that the cell covers."""
        return self.row + self.rows - 1


def header_depth(columns: Sequence[PaperColumn]) -> int:
    """How many rows the header has."""
    return 1 + max((len(column.group) for column in columns), default=0)


def header_cells(columns: Sequence[PaperColumn]) -> list[HeaderCell]:
    """The header's cells, row by row; neighbours with the same groups share a cell."""
    depth = header_depth(columns)
    cells: list[HeaderCell] = []
    for level in range(depth):
        start = 0
        while start < len(columns):
            path = columns[start].group[: level + 1]
            end = start + 1
            if len(path) == level + 1:
                while end < len(columns) and columns[end].group[: level + 1] == path:
                    end += 1
                cells.append(HeaderCell(path[-1], level, start, 1, end - start))
            elif len(path) == level:
                title = columns[start].title
                cells.append(HeaderCell(title, level, start, depth - level, 1))
            start = end
    return cells

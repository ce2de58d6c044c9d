"""Ruled forms that flow over pages: lines of cells with labels and wrapping texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from app.papers.fonts import text_width
from app.papers.pen import MM
from app.papers.sheet import Sheet
from app.papers.text import wrap, wrap_evenly

SIZE = 9.0
LEADING = 1.38
PAD = 4.0
_ROW_PAD = 2.0 * MM
_LEAST_HEIGHT = 6.5 * MM
_LEAST_LINES = 3
"""Fewer lines of a long text are not left alone at a page's end."""
_ENDING = 5
"""So many lines stand at least on a last page, as far as they are short."""
_SHORT = 60
"""Characters of a line that can wait for the next one without filling a page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a line: a label in the middle, or a text that wraps."""

    text: str
    width: float
    """Share of the line, 0 to 1."""
    label: bool = False
    align: str = "left"
    size: float = SIZE
    bold: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """Cells side by side."""

    cells: tuple[Cell, ...]
    with_next: bool = False
    """Never the last on a page (a heading, the head of a list)."""
    least: float = _LEAST_HEIGHT


@dataclass(slots=True)
class _Set:
    """A line broken into text lines, ready to be drawn."""

    line: Line
    texts: list[list[str]]
    height: float


def label_cell(text: str, width: float) -> Cell:
    """A label."""
    return Cell(text, width, label=True, align="center")


def heading(text: str) -> Line:
    """A heading over the whole width."""
    return Line((Cell(text, 1.0, label=True, align="center", bold=0.2),), with_next=True)


class Flow:
    """Draws lines below one another and goes to the next page where one does not fit."""

    def __init__(self, sheet: Sheet, begin_page: Callable[[], float]) -> None:
        self._sheet = sheet
        self._begin = begin_page
        self._waiting: list[_Set] = []
        self.y = begin_page()
        self._page_top = self.y

    def add(self, *lines: Line) -> None:
        """Adds lines; headings wait for what follows them."""
        for line in lines:
            self._waiting.append(self._measure(line))
            if not line.with_next:
                self._place_waiting()

    def room(self, height: float) -> None:
        """Goes to the next page unless so much room is left."""
        self._place_waiting()
        if self.y - height < self._sheet.bottom and self.y < self._page_top:
            self._turn()

    def _turn(self) -> None:
        self._sheet.end_page()
        self.y = self._page_top = self._begin()

    def _measure(self, line: Line) -> _Set:
        texts = [self._lines_of(cell) for cell in line.cells]
        return self._set(line, texts)

    def _lines_of(self, cell: Cell) -> list[str]:
        text = self._sheet.prepare(cell.text)
        return list(_broken(text, cell.width * self._sheet.width - 2 * PAD, cell.size, cell.label))

    def _set(self, line: Line, texts: list[list[str]]) -> _Set:
        needed = max(
            len(lines) * cell.size * LEADING for cell, lines in zip(line.cells, texts, strict=True)
        )
        return _Set(line, texts, max(line.least, needed + _ROW_PAD))

    def _place_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        heads, last = waiting[:-1], waiting[-1]
        lead = sum(item.height for item in heads)
        if self.y - lead - self._least_part(last) < self._sheet.bottom and self.y < self._page_top:
            self._turn()
        for item in waiting:
            self._place(item)

    def _place(self, item: _Set) -> None:
        """Draws a line, from page to page where one has no room for it."""
        if self.y - self._least_part(item) < self._sheet.bottom and self.y < self._page_top:
            self._turn()
        while self.y - item.height < self._sheet.bottom:
            item = self._draw_part(item)
        self._draw(item)

    def _least_part(self, item: _Set) -> float:
        """The height without which a line is not begun on this page."""
        longest = max(len(lines) for lines in item.texts)
        if longest <= 2 * _LEAST_LINES:
            return item.height
        return _LEAST_LINES * SIZE * LEADING + _ROW_PAD

    def _draw_part(self, item: _Set) -> _Set:
        """Draws what fits on this page, turns it, and gives back the rest."""
        room = self.y - self._sheet.bottom - _ROW_PAD
        size = max(cell.size for cell in item.line.cells)
        fitting = max(1, int(room // (size * LEADING)))
        part = self._set(replace(item.line, least=0.0), [t[:fitting] for t in item.texts])
        self._draw(part)
        self._turn()
        rest = [
            # A label is repeated beside the rest of its text.
            lines if cell.label else lines[fitting:]
            for cell, lines in zip(item.line.cells, item.texts, strict=True)
        ]
        return self._set(item.line, rest)

    def _draw(self, item: _Set) -> None:
        sheet, left = self._sheet, self._sheet.left
        bottom = self.y - item.height
        for cell, lines in zip(item.line.cells, item.texts, strict=True):
            width = cell.width * sheet.width
            box = (left, bottom, width, item.height)
            sheet.pen.box(*box)
            sheet.pen.lines_in_cell(
                lines,
                box,
                cell.size,
                cell.size * LEADING,
                align=cell.align,
                pad=PAD,
                bold=cell.bold,
            )
            left += width
        self.y = bottom


@lru_cache(maxsize=4096)
def _broken(text: str, room: float, size: float, label: bool) -> tuple[str, ...]:
    """The lines of a text in a cell; the same labels and answers come on every page."""
    return tuple(wrap_evenly(text, room, size) if label else wrap(text, room, size))


def pair_lines(items: Sequence[tuple[str, str]], label: float) -> list[Line]:
    """Lines with two labelled texts each; a last one alone takes the whole line."""
    lines: list[Line] = []
    held: tuple[Cell, ...] = ()
    half = 0.5 - label
    for name, text in items:
        cells = (label_cell(name, label), Cell(text, half))
        if held:
            lines.append(Line(held + cells))
            held = ()
        else:
            held = cells
    if held:
        lines.append(Line((held[0], replace(held[1], width=1 - label))))
    return lines


def ending_together(lines: Sequence[Line], short: int = _SHORT) -> list[Line]:
    """The same lines; the last few of them never go to a new page without the others.

    `short`: so many characters of a line may wait for those that follow.
    """
    first = len(lines) - _ENDING
    return [
        replace(line, with_next=True) if place >= first and _length(line) < short else line
        for place, line in enumerate(lines[:-1])
    ] + list(lines[-1:])


def _length(line: Line) -> int:
    return sum(len(cell.text) for cell in line.cells)


def is_long(text: str, width: float, lines: int = 3) -> bool:
    """Whether a text takes more than so many lines of a width in points."""
    return "\n" in text.strip() or text_width(text, SIZE) > width * lines

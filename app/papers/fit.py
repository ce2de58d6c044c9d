"""How wide the columns of a printed table are, and how large its letters."""

from __future__ import annotations

from collections.abc import Sequence

from app.papers.fonts import text_width
from app.papers.model import PaperColumn
from app.papers.text import longest_cluster

PAD = 2.0
"""Room left and right in a cell, in points."""
LEADING = 1.3
"""Distance of lines, in sizes."""
_SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)
_SMALL_SIZES = (6.5, 6.0, 5.5)
_GOOD_LINES = 3
"""Rows of so many lines read well; a smaller size is tried before more are taken."""
_MOST_LINES = 40
_TITLE_LINES = 4
_SHORT_WORD = 3
"""Texts of so many characters are not broken."""
_SHORT_TEXT, _SHORT_LINES = 32.0, 4
"""Texts up to so many characters keep to so few lines, however long those in other columns are."""
_NAME, _NAME_LINES = 10.0, 2
"""A name with its office (李国强（经办）) is read at a glance only on so few lines."""
_LONGEST_PIECE = 4.0
_OUTLIERS = 10
"""One text in so many may take more lines than the others."""


def fit_columns(
    columns: Sequence[PaperColumn],
    sample: Sequence[tuple[str, ...]],
    width: float,
    *,
    dense: bool = False,
) -> tuple[float, list[float]]:
    """Size and widths: figures and dates whole, and as few lines in a row as can be had.

    The largest size whose rows take at most three lines is chosen, or, where ``dense``, the one
    that gives the lowest rows. Below 7 points only where the figures would not fit otherwise.
    """
    needs = [
        _Need(column, [texts[index] for texts in sample]) for index, column in enumerate(columns)
    ]
    size, lines = _choose(needs, width, dense)
    widths = [need.width(size, lines) for need in needs]
    return size, _stretch(widths, [float(column.width) for column in columns], width)


def _choose(needs: list[_Need], width: float, dense: bool) -> tuple[float, int]:
    fitting = [
        (size, lines)
        for size in _SIZES
        if (lines := _fewest_lines(needs, size, width)) <= _MOST_LINES
    ]
    if dense and fitting:
        return min(fitting, key=lambda pair: pair[0] * pair[1])
    good = [pair for pair in fitting if pair[1] <= _GOOD_LINES]
    if good or fitting:
        return good[0] if good else fitting[-1]
    for size in _SMALL_SIZES:
        lines = _fewest_lines(needs, size, width)
        if lines <= _MOST_LINES:
            break
    return size, lines


def _fewest_lines(needs: list[_Need], size: float, width: float) -> int:
    for lines in range(1, _MOST_LINES + 1):
        if sum(need.width(size, lines) for need in needs) <= width:
            return lines
    return _MOST_LINES + 1


def _stretch(widths: list[float], weights: list[float], total: float) -> list[float]:
    """Shares out what is left by weight; scales all down when there is too little."""
    rest = total - sum(widths)
    if rest < 0:
        return [width * total / sum(widths) for width in widths]
    weight = sum(weights)
    return [width + rest * share / weight for width, share in zip(widths, weights, strict=True)]


def _whole_piece(title: str) -> float:
    """A short piece of a title that keeps together, as （天）."""
    return min(longest_cluster(title, 1), _LONGEST_PIECE)


class _Need:
    """What one column asks for; widths are measured at size 1."""

    def __init__(self, column: PaperColumn, texts: list[str]) -> None:
        whole = column.align == "right" or column.kind in ("int", "date")
        measured = sorted(max(text_width(t, 1) for t in text.split("\n")) for text in texts)
        kept = len(measured) - len(measured) // _OUTLIERS
        words = (text_width(text, 1) for text in texts if len(text) <= _SHORT_WORD)
        self._least = max(text_width(column.title[:2], 1), _whole_piece(column.title), *words, 0)
        self._is_name = column.kind == "text"
        self._title = text_width(column.title, 1)
        self._whole = measured[-1] if whole and measured else 0.0
        self._flowing = 0.0 if whole or not measured else measured[kept - 1]

    def width(self, size: float, lines: int) -> float:
        """The width at which the column's texts take at most so many lines."""
        if self._flowing <= _SHORT_TEXT:
            name = self._is_name and self._flowing <= _NAME
            lines = min(lines, _NAME_LINES if name else _SHORT_LINES)
        # A line ends up to one character early, so that a text needs a little more than its share.
        flowing = self._flowing if lines == 1 else self._flowing / lines + min(1, self._flowing)
        title = self._title / min(lines, _TITLE_LINES)
        return max(self._least, self._whole, flowing, title) * size + 2 * PAD + 0.02

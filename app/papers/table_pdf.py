"""A determination table as PDF: landscape, wide header on every page, rows that wrap, never cut."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from app.files import replacing
from app.forms.values import amount_text, percent_text
from app.papers import wording
from app.papers.fit import LEADING, PAD, fit_columns
from app.papers.fonts import text_width
from app.papers.grid import HeaderCell, header_cells, header_depth
from app.papers.model import PaperColumn, PaperResult, PaperRow, Progress, TablePaper
from app.papers.pen import MM
from app.papers.seal import Stamp
from app.papers.sheet import A4_LANDSCAPE, Sheet
from app.papers.text import wrap, wrap_evenly
from app.papers.totals import TableTotals

_SAMPLE = 400
"""Rows that are looked at before the widths are fixed."""
_SMALLEST = 4.5
_MIN_ROW = 6.4 * MM
_COMPACT_ROW = 4.3 * MM
_COMPACT_PAD = 1.0 * MM
"""For summaries: all their lines on one page."""
_FEW_ROWS = 12
_ROOMY_ROW = 9.0 * MM
"""Least height of a row where the table does not fill its page anyway."""
_ROW_PAD = 1.7 * MM
_NOTE = 8.5
_LAST_ROWS = 4
"""So many rows go to the last page with the sum: one alone looks as if something were missing."""
_HEAD_FORM = "PageHead"
_MEMO = 5000


@dataclass(slots=True)
class _Cell:
    """The lines of one cell and the size they are set in."""

    lines: list[str]
    size: float


def write_table_pdf(
    paper: TablePaper, out: Path, *, stamp: Stamp | None = None, progress: Progress | None = None
) -> PaperResult:
    """Writes the table; the result says where the seal belongs."""
    return write_tables_pdf([paper], out, stamp=stamp, progress=progress)


def write_tables_pdf(
    papers: Sequence[TablePaper],
    out: Path,
    *,
    stamp: Stamp | None = None,
    progress: Progress | None = None,
) -> PaperResult:
    """Writes tables one after the other into one file; names and seal follow the last."""
    with replacing(out) as part:
        with part.open("wb") as stream:
            sheet = Sheet(stream, papers[0].head, A4_LANDSCAPE, stamp=stamp)
            for number, paper in enumerate(papers):
                sign = number == len(papers) - 1
                TableWriter(sheet, paper, progress, number=number, sign=sign).write()
            sheet.finish()
        return sheet.result(out)


class TableWriter:
    """Draws one table page by page, some rows behind its input: the last ones stay with the sum."""

    def __init__(
        self,
        sheet: Sheet,
        paper: TablePaper,
        progress: Progress | None,
        *,
        number: int,
        sign: bool,
    ) -> None:
        self.sheet = sheet
        self.head_form = f"{_HEAD_FORM}{number}"
        self.sign = sign
        self.pen = sheet.pen
        self.paper = paper
        self.progress = progress
        self.totals = TableTotals(paper)
        rows = iter(paper.rows)
        sample = list(islice(rows, _SAMPLE))
        self.rows: Iterator[PaperRow] = chain(sample, rows)
        texts, dense = self._sample_texts(sample), paper.count > _FEW_ROWS
        self.size, self.widths = fit_columns(paper.columns, texts, sheet.width, dense=dense)
        self.leading = self.size * LEADING
        self.row_pad = _ROW_PAD if paper.with_total else _COMPACT_PAD
        self.least_height = self._least_height()
        self.edges = [sheet.left]
        for width in self.widths:
            self.edges.append(self.edges[-1] + width)
        self.memo: dict[tuple[int, str], _Cell] = {}
        self.body_top = 0.0
        self.y = 0.0

    def _least_height(self) -> float:
        if self.paper.count <= _FEW_ROWS:
            return _ROOMY_ROW
        return _MIN_ROW if self.paper.with_total else _COMPACT_ROW

    def _sample_texts(self, sample: list[PaperRow]) -> list[tuple[str, ...]]:
        """What the sampled rows print, and a guess at the sums of all rows."""
        prepare = self.sheet.prepare
        texts = [tuple(map(prepare, row.texts)) for row in sample]
        guess = TableTotals(self.paper)
        for row in sample:
            guess.add(row)
        factor = max(1, -(-self.paper.count // max(1, len(sample))))
        sums = {key: amount * factor for key, amount in guess.sums.items()}
        texts.append(
            tuple(amount_text(sums[c.key]) if c.key in sums else "" for c in self.paper.columns)
        )
        return texts

    # The pages

    def write(self) -> None:
        """Draws all rows, the sum and the line for names and seal."""
        self._make_head()
        self._begin_page()
        held: deque[list[_Cell]] = deque()
        for row in self.rows:
            if len(held) == _LAST_ROWS:
                self._place(held.popleft(), 0.0)
            self.totals.add(row)
            held.append(self._cells(row.texts))
            if self.progress is not None and self.totals.count % 50 == 0:
                self.progress(self.totals.count, self.paper.count)
        total = self._total_cells() if self.paper.with_total else None
        closing = self._height(total) if total else 0.0
        closing += self.sheet.signature_height if self.sign else 0.0
        note = wrap(self.sheet.prepare(self.paper.note), self.sheet.width, _NOTE)
        closing += (len(note) + 1) * _NOTE * LEADING if self.paper.note else 0.0
        self._place_last(held, closing)
        self._end_body()
        if total:
            self._draw_total(total)
        if self.paper.note:
            self._draw_note(note)
        if self.sign:
            self.sheet.draw_signatures(self.y)
        self.sheet.end_page()

    def _place_last(self, held: Sequence[list[_Cell]], closing: float) -> None:
        """The last rows and what closes the table: on one page where a page has room for them."""
        if not held:
            self._draw_empty()
            return
        needed = sum(map(self._height, held)) + closing
        fits_a_page = needed <= self.body_top - self.sheet.bottom
        if fits_a_page and self.y - needed < self.sheet.bottom and self.y < self.body_top:
            self._next_page()
        for cells in list(held)[:-1]:
            self._place(cells, 0.0)
        self._place(held[-1], closing)

    def _draw_note(self, lines: list[str]) -> None:
        self.y -= _NOTE * LEADING
        for line in lines:
            self.pen.text(self.sheet.left, self.y, line, _NOTE)
            self.y -= _NOTE * LEADING

    def _make_head(self) -> None:
        y = self.sheet.draw_title(self.sheet.top, title=self.paper.head.title)
        y = self.sheet.draw_subtitle(y)
        self.body_top = self._draw_header(y)
        box = (0.0, 0.0, self.sheet.page_width, self.sheet.page_height)
        self.sheet.file.put_form(self.head_form, box, self.pen.take())

    def _begin_page(self) -> None:
        self.sheet.begin_page()
        self.pen.draw_form(self.head_form)
        self.y = self.body_top

    def _end_body(self) -> None:
        """The upright lines of all rows on this page."""
        for edge in self.edges:
            self.pen.line(edge, self.body_top, edge, self.y)

    def _next_page(self) -> None:
        self._end_body()
        self.sheet.end_page()
        self._begin_page()

    # The header

    def _draw_header(self, top: float) -> float:
        depth = header_depth(self.paper.columns)
        cells = header_cells(self.paper.columns)
        lines = [self._header_lines(cell) for cell in cells]
        heights = self._header_heights(depth, cells, lines)
        edges = [top]
        for height in heights:
            edges.append(edges[-1] - height)
        for cell, texts in zip(cells, lines, strict=True):
            left, right = self.edges[cell.column], self.edges[cell.column + cell.columns]
            upper, lower = edges[cell.row], edges[cell.row + cell.rows]
            box = (left, lower, right - left, upper - lower)
            self.pen.box(*box)
            self.pen.lines_in_cell(texts, box, self.size, self.leading, align="center", pad=PAD)
        return edges[-1]

    def _header_lines(self, cell: HeaderCell) -> list[str]:
        width = self.edges[cell.column + cell.columns] - self.edges[cell.column] - 2 * PAD
        return wrap_evenly(self.sheet.prepare(cell.text), width, self.size)

    def _header_heights(
        self, depth: int, cells: list[HeaderCell], lines: list[list[str]]
    ) -> list[float]:
        heights = [self.leading + _ROW_PAD] * depth
        for cell, texts in sorted(zip(cells, lines, strict=True), key=lambda pair: pair[0].rows):
            needed = len(texts) * self.leading + _ROW_PAD
            lack = needed - sum(heights[cell.row : cell.row + cell.rows])
            if lack > 0:
                heights[cell.last_row] += lack
        return heights

    # Rows

    def _cells(self, texts: tuple[str, ...]) -> list[_Cell]:
        return [self._cell(index, text) for index, text in enumerate(texts)]

    def _cell(self, index: int, text: str) -> _Cell:
        cell = self.memo.get((index, text))
        if cell is None:
            cell = self._measure(self.paper.columns[index], text, self.widths[index] - 2 * PAD)
            if len(self.memo) > _MEMO:
                self.memo.clear()
            self.memo[index, text] = cell
        return cell

    def _measure(self, column: PaperColumn, text: str, room: float) -> _Cell:
        text = self.sheet.prepare(text)
        size = self.size
        wide = text_width(text, size)
        if column.align == "right" and wide > room:
            size = max(_SMALLEST, size * room / wide)  # a figure is made smaller before it breaks
        breaking = wrap_evenly if column.align == "center" else wrap
        return _Cell(breaking(text, room + 0.01, size), size)

    def _height(self, cells: list[_Cell]) -> float:
        lines = max(len(cell.lines) for cell in cells)
        return max(self.least_height, lines * self.leading + self.row_pad)

    def _place(self, cells: list[_Cell], closing: float) -> None:
        """Draws a row where it fits, with so much room left for what closes the table."""
        height = self._height(cells)
        if self.y - height - closing < self.sheet.bottom and self.y < self.body_top:
            self._next_page()
        page_room = self.body_top - self.sheet.bottom
        if height <= page_room:
            self._draw_row(cells, height)
        else:
            self._draw_in_parts(cells)
        if self.y - closing < self.sheet.bottom:  # only after a row as tall as a page
            self._next_page()

    def _draw_in_parts(self, cells: list[_Cell]) -> None:
        lines = int((self.body_top - self.sheet.bottom - self.row_pad) // self.leading)
        count = max(len(cell.lines) for cell in cells)
        for start in range(0, count, lines):
            part = [_Cell(cell.lines[start : start + lines], cell.size) for cell in cells]
            height = self._height(part)
            if self.y - height < self.sheet.bottom:
                self._next_page()
            self._draw_row(part, height)

    def _draw_row(self, cells: list[_Cell], height: float) -> None:
        bottom = self.y - height
        for index, cell in enumerate(cells):
            if cell.lines and cell.lines[0]:
                box = (self.edges[index], bottom, self.widths[index], height)
                align = self.paper.columns[index].align
                self.pen.lines_in_cell(
                    cell.lines, box, cell.size, self.leading, align=align, pad=PAD
                )
        self.pen.line(self.edges[0], bottom, self.edges[-1], bottom)
        self.y = bottom

    def _draw_empty(self) -> None:
        height = 2 * _MIN_ROW
        box = (self.edges[0], self.y - height, self.sheet.width, height)
        self.pen.box(*box)
        self.pen.lines_in_cell([wording.NO_ROWS], box, 9, 12, align="center")
        self.y -= height
        self.body_top = self.y

    # The sum

    def _total_cells(self) -> list[_Cell]:
        texts = []
        for column in self.paper.columns:
            if column.key in self.totals.sums:
                texts.append(amount_text(self.totals.sums[column.key]))
            elif column.key == "loss_rate" and self.totals.has_rate:
                texts.append(percent_text(self.totals.rate))
            else:
                texts.append("")
        return self._cells(tuple(texts))

    def _draw_total(self, cells: list[_Cell]) -> None:
        top, height = self.y, self._height(cells)
        first = next((i for i, cell in enumerate(cells) if cell.lines[0]), len(cells))
        label = f"{wording.TOTAL}　{wording.item_count(self.totals.count)}"
        label_cells = [_Cell([""], self.size)] * first + cells[first:]
        self._draw_row(label_cells, height)
        box = (self.edges[0], self.y, self.edges[first] - self.edges[0], height)
        lines = wrap(label, box[2] - 2 * PAD, self.size)
        self.pen.lines_in_cell(lines, box, self.size, self.leading, align="center", pad=PAD)
        for edge in (self.edges[0], *self.edges[max(first, 1) :]):
            self.pen.line(edge, top, edge, self.y)
        blank = self.y - 4 * MM
        self.pen.centred(sum(self.edges[:1] + self.edges[-1:]) / 2, blank, wording.BLANK_BELOW, 8)

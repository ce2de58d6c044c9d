"""A report as PDF: headings, indented paragraphs, ruled tables, charts, names and seal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.files import replacing
from app.papers.charts import draw_chart, lay_out
from app.papers.model import PaperColumn, PaperResult
from app.papers.pen import MM
from app.papers.report_model import Block, Chart, Paragraph, Report, ReportTable, Section
from app.papers.seal import Stamp
from app.papers.sheet import A4_PORTRAIT, Margins, Sheet
from app.papers.text import wrap, wrap_evenly

_MARGINS = Margins(left=26 * MM, right=24 * MM, top=20 * MM, bottom=9 * MM)
_SIZE, _LEADING = 10.5, 17.5
_HEADINGS = {1: 12.5, 2: 11.0}
_INDENT = "　　"
_CELL, _CELL_LEADING, _PAD, _CELL_GAP = 8.5, 11.5, 3.0, 5.0
_CAPTION = 9.5
_CHART_GAP = 10.0
_LEAST_LINES = 2


def write_report_pdf(report: Report, out: Path, *, stamp: Stamp | None = None) -> PaperResult:
    """Writes the report; names and seal follow its end."""
    with replacing(out) as part:
        with part.open("wb") as stream:
            sheet = Sheet(stream, report.head, A4_PORTRAIT, _MARGINS, stamp=stamp)
            _Writer(sheet, report).write()
            sheet.finish()
        return sheet.result(out)


def listed(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """The blocks, bullets with their number （1）（2） in front."""
    number = 0
    for block in blocks:
        number = number + 1 if isinstance(block, Paragraph) and block.bullet else 0
        yield block, f"（{number}）" if number else ""


class _Writer:
    """Draws one block after the other, turning the page where one does not fit."""

    def __init__(self, sheet: Sheet, report: Report) -> None:
        self.sheet = sheet
        self.pen = sheet.pen
        self.report = report
        self.y = sheet.begin_page()
        self.page_top = self.y
        self._closing = sheet.signature_height + 6 * MM
        self._last = next((s.blocks[-1] for s in reversed(report.sections) if s.blocks), None)

    def write(self) -> None:
        """The whole report."""
        self.y = self.sheet.draw_title(self.y, size=18.0)
        self.y = self.sheet.draw_subtitle(self.y) - 4 * MM
        for section in self.report.sections:
            self._section(section)
        self._room(self._closing)
        self.sheet.draw_signatures(self.y - 6 * MM)
        self.sheet.end_page()

    def _room(self, height: float) -> None:
        if self.y - height < self.sheet.bottom and self.y < self.page_top:
            self._turn()

    def _turn(self) -> None:
        self.sheet.end_page()
        self.y = self.page_top = self.sheet.begin_page()

    def _section(self, section: Section) -> None:
        size = _HEADINGS[section.level]
        # A page of signatures alone could be put under anything: the last words go with them.
        alone = len(section.blocks) == 1 and section.blocks[0] is self._last
        first = section.blocks[0] if section.blocks else None
        needed = self._lead(first) if isinstance(first, ReportTable) else 3 * _LEADING
        self._room(size * 2.1 + 2 + needed + (self._closing if alone else 0))
        if section.level == 1:
            self.sheet.file.add_bookmark(section.title, self.y)
        self.y -= size * 0.6
        for line in wrap(self.sheet.prepare(section.title), self.sheet.width, size):
            self.pen.text(self.sheet.left, self.y - size, line, size, bold=0.3)
            self.y -= size * 1.5
        self.y -= 2
        for block, mark in listed(section.blocks):
            if isinstance(block, Paragraph):
                self._paragraph(block, mark)
            elif isinstance(block, Chart):
                self._chart(block)
            else:
                self._table(block)

    def _paragraph(self, paragraph: Paragraph, mark: str) -> None:
        text = self.sheet.prepare(f"{_INDENT}{mark}{paragraph.text}")
        lines = wrap(text, self.sheet.width, _SIZE)
        following = _LEAST_LINES if text.endswith("：") else 0  # what it announces stays with it
        self._room((min(len(lines), _LEAST_LINES) + following) * _LEADING)
        ending = max(len(lines) - _LEAST_LINES, 0) if paragraph is self._last else -1
        for number, line in enumerate(lines):
            rest = (len(lines) - number) * _LEADING + self._closing
            if self.y - (rest if number == ending else _LEADING) < self.sheet.bottom:
                self._turn()
            self.pen.text(self.sheet.left, self.y - _SIZE - 2, line, _SIZE)
            self.y -= _LEADING

    def _chart(self, chart: Chart) -> None:
        layout = lay_out(chart, self.sheet.width)
        self._room(layout.height + _CHART_GAP)
        self.y -= _CHART_GAP / 2
        draw_chart(self.pen, layout, self.sheet.left, self.y)
        self.y -= layout.height + _CHART_GAP / 2

    # Tables

    def _table(self, table: ReportTable) -> None:
        widths = self._widths(table.columns)
        head = self._cells([column.title for column in table.columns], widths, even=True)
        self._room(self._lead(table))
        if table.caption:
            self.y -= _CAPTION * 0.6
            middle = self.sheet.left + self.sheet.width / 2
            caption = self.sheet.prepare(table.caption)
            self.pen.centred(middle, self.y - _CAPTION, caption, _CAPTION, bold=0.2)
            self.y -= _CAPTION * 1.7
        self._row(head, widths, ["center"] * len(widths), bold=0.2)
        aligns = [column.align for column in table.columns]
        last = len(table.lines) - 1 if table.with_total else -1
        for number, line in enumerate(table.lines):
            cells = self._cells(line, widths)
            if self.y < self.page_top and not self._begins_here(cells, self._height(head)):
                self._turn()
                self._row(head, widths, ["center"] * len(widths), bold=0.2)
            self._long_row(cells, widths, aligns, bold=0.2 if number == last else 0.0)
        self.y -= 2.5 * MM

    def _lead(self, table: ReportTable) -> float:
        """The height without which a table is not begun: caption, head and first line."""
        widths = self._widths(table.columns)
        head = self._cells([column.title for column in table.columns], widths, even=True)
        before = _CAPTION * 2.3 + self._height(head)
        first = self._height(self._cells(table.lines[0], widths)) if table.lines else 0.0
        least = _LEAST_LINES * _CELL_LEADING + _CELL_GAP
        return before + (first if self._fits_a_page(before + first) else least)

    def _begins_here(self, cells: list[list[str]], head: float) -> bool:
        """Whether a line has room; one taller than a page is parted, a few lines to begin with."""
        room, height = self.y - self.sheet.bottom, self._height(cells)
        if self._fits_a_page(_CAPTION * 2.3 + head + height):
            return height <= room
        return room >= _LEAST_LINES * _CELL_LEADING + _CELL_GAP

    def _fits_a_page(self, height: float) -> bool:
        """Whether so much stands on one page, below a heading."""
        return height < self.page_top - self.sheet.bottom - 3 * _LEADING

    def _widths(self, columns: Sequence[PaperColumn]) -> list[float]:
        whole = sum(column.width for column in columns)
        return [column.width * self.sheet.width / whole for column in columns]

    def _cells(
        self, texts: Sequence[str], widths: Sequence[float], *, even: bool = False
    ) -> list[list[str]]:
        breaking = wrap_evenly if even else wrap
        prepare = self.sheet.prepare
        return [
            breaking(prepare(text), width - 2 * _PAD, _CELL)
            for text, width in zip(texts, widths, strict=True)
        ]

    @staticmethod
    def _height(cells: Sequence[Sequence[str]]) -> float:
        return max(len(lines) for lines in cells) * _CELL_LEADING + _CELL_GAP

    def _long_row(
        self,
        cells: list[list[str]],
        widths: Sequence[float],
        aligns: Sequence[str],
        *,
        bold: float,
    ) -> None:
        """A row; one taller than a page goes on on the next."""
        while self.y - self._height(cells) < self.sheet.bottom:
            room = self.y - self.sheet.bottom - _CELL_GAP
            fitting = max(1, int(room // _CELL_LEADING))
            self._row([lines[:fitting] for lines in cells], widths, aligns, bold=bold)
            cells = [lines[fitting:] for lines in cells]
            self._turn()
        self._row(cells, widths, aligns, bold=bold)

    def _row(
        self,
        cells: Sequence[list[str]],
        widths: Sequence[float],
        aligns: Sequence[str],
        *,
        bold: float = 0.0,
    ) -> None:
        height, left = self._height(cells), self.sheet.left
        bottom = self.y - height
        for lines, width, align in zip(cells, widths, aligns, strict=True):
            box = (left, bottom, width, height)
            self.pen.box(*box)
            self.pen.lines_in_cell(
                lines, box, _CELL, _CELL_LEADING, align=align, pad=_PAD, bold=bold
            )
            left += width
        self.y = bottom

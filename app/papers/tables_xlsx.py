"""All determination tables as one workbook: official headers, live sums and rates, drop-downs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.files import replacing
from app.forms.values import Typed, amount_text
from app.papers import wording
from app.papers.formulas import NoFormulaError, spreadsheet_formula
from app.papers.model import PaperColumn, PaperHead, PaperRow, Progress, TablePaper
from app.papers.sheet_fit import SheetFit, set_height
from app.papers.totals import TableTotals
from app.papers.workbook import (
    Formats,
    column_letters,
    new_workbook,
    put,
    set_up_print,
    sheet_name,
    write_head,
    write_signatures,
)

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_LIST_LIMIT = 255
"""Characters that a drop-down may hold itself; longer lists stand on a sheet of their own."""
_LIVE = frozenset(("money", "rate"))


def write_tables_xlsx(
    papers: Iterable[TablePaper], head: PaperHead, out: Path, *, progress: Progress | None = None
) -> Path:
    """Writes a sheet per table; memory stays flat however many rows there are."""
    with replacing(out) as part, new_workbook(part, head) as workbook:
        writer = _WorkbookWriter(workbook, progress)
        for paper in papers:
            writer.add(paper)
        writer.write_choices()
    return out


class _WorkbookWriter:
    """The workbook while its sheets are added."""

    def __init__(self, workbook: Workbook, progress: Progress | None) -> None:
        self.workbook = workbook
        self.formats = Formats(workbook)
        self.progress = progress
        self.names: list[str] = []
        self.long_lists: list[tuple[str, ...]] = []

    def add(self, paper: TablePaper) -> None:
        """Writes one table."""
        name = sheet_name(f"{paper.head.table_id} {paper.short_title}".strip(), self.names)
        self.names.append(name)
        sheet = self.workbook.add_worksheet(name)
        _SheetWriter(self, sheet, paper).write()

    def choice_source(self, choices: tuple[str, ...]) -> list[str] | str:
        """What a drop-down lists: the words themselves, or their place on the hidden sheet."""
        if len(",".join(choices)) <= _LIST_LIMIT and not any("," in word for word in choices):
            return list(choices)
        if choices not in self.long_lists:
            self.long_lists.append(choices)
        letters = column_letters(self.long_lists.index(choices))
        return f"={wording.CHOICES_SHEET}!${letters}$1:${letters}${len(choices)}"

    def write_choices(self) -> None:
        """The hidden sheet with the long lists."""
        if not self.long_lists:
            return
        sheet = self.workbook.add_worksheet(wording.CHOICES_SHEET)
        for row in range(max(map(len, self.long_lists))):
            for col, words in enumerate(self.long_lists):
                if row < len(words):
                    sheet.write_string(row, col, words[row])
        sheet.hide()


class _SheetWriter:
    """Writes one table from top to bottom."""

    def __init__(self, book: _WorkbookWriter, sheet: Worksheet, paper: TablePaper) -> None:
        self.book = book
        self.sheet = sheet
        self.paper = paper
        self.columns: Sequence[PaperColumn] = paper.columns
        self.formats = [book.formats.cell(column) for column in paper.columns]
        self.letters = {column.key: column_letters(i) for i, column in enumerate(paper.columns)}
        self.totals = TableTotals(paper)
        self.fit = SheetFit(paper.columns)

    def write(self) -> None:
        """Head, rows, sums, names; then drop-downs, panes and print settings."""
        head = self.paper.head
        first = write_head(self.sheet, self.book.formats, head, self.fit)
        row = first
        for paper_row in self.paper.rows:
            self._write_row(row, paper_row)
            self.totals.add(paper_row)
            row += 1
            if self.book.progress is not None and self.totals.count % 50 == 0:
                self.book.progress(self.totals.count, self.paper.count)
        if row == first:  # sums need a range, also in an empty table
            for col, format_ in enumerate(self.formats):
                self.sheet.write_blank(row, col, None, format_)
            row += 1
        self._write_totals(first, row)
        write_signatures(self.sheet, self.book.formats, head, row + 1)
        self._add_choices(first, row - 1)
        self.sheet.freeze_panes(first, self._frozen_columns())
        set_up_print(self.sheet, head, self.fit, first)

    def _write_row(self, row: int, paper_row: PaperRow) -> None:
        set_height(self.sheet, row, self.fit.height(paper_row.texts))
        for col, column in enumerate(self.columns):
            value, text = paper_row.values[col], paper_row.texts[col]
            self.fit.see(col, text)
            formula = self._formula(column, row, paper_row) if value is not None else ""
            if formula:
                self.sheet.write_formula(row, col, formula, self.formats[col], _cached(value))
            else:
                put(self.sheet, row, col, value, text, self.formats[col])

    def _formula(self, column: PaperColumn, row: int, paper_row: PaperRow) -> str:
        if not column.formula or column.kind not in _LIVE:
            return ""
        cells = {
            key: f"{letters}{row + 1}" for key, letters in self.letters.items() if key != column.key
        }
        try:
            return spreadsheet_formula(column.formula, cells, paper_row.names, column.kind)
        except NoFormulaError:
            return ""

    def _write_totals(self, first: int, row: int) -> None:
        label = f"{wording.TOTAL}　{wording.item_count(self.totals.count)}"
        label_at = min(1, len(self.columns) - 1)
        for col, column in enumerate(self.columns):
            format_ = self.book.formats.cell(column, bold=True)
            letters = self.letters[column.key]
            if column.key in self.totals.sums:
                formula = f"=SUM({letters}{first + 1}:{letters}{row})"
                total = self.totals.sums[column.key]
                self.fit.see(col, amount_text(total))
                self.sheet.write_formula(row, col, formula, format_, float(total))
            elif column.key == "loss_rate" and self._rate_formula(row):
                rate = float(self.totals.rate)
                self.sheet.write_formula(row, col, self._rate_formula(row), format_, rate)
            elif col == label_at:
                self.sheet.write_string(row, col, label, format_)
            else:
                self.sheet.write_blank(row, col, None, format_)

    def _rate_formula(self, row: int) -> str:
        carrying, loss = (self.letters.get(key) for key in ("carrying_amount", "expected_loss"))
        if not carrying or not loss:
            return ""
        return f"=IF({carrying}{row + 1}=0,0,{loss}{row + 1}/{carrying}{row + 1})"

    def _add_choices(self, first: int, last: int) -> None:
        for col, column in enumerate(self.columns):
            if column.choices and not column.formula:
                source = self.book.choice_source(column.choices)
                options = {"validate": "list", "source": source, "error_type": "warning"}
                self.sheet.data_validation(first, col, last, col, options)

    def _frozen_columns(self) -> int:
        names = [i for i, column in enumerate(self.columns) if column.kind == "text"]
        return names[0] + 1 if names and names[0] < 4 else 1


def _cached(value: Typed | None) -> float:
    return float(value)  # type: ignore[arg-type]

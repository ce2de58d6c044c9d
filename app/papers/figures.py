"""Tables of figures that are printed, and written to workbooks with live formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from app.forms.values import amount_text, percent_text
from app.papers import wording
from app.papers.model import PaperColumn, PaperHead, PaperRow, TablePaper
from app.papers.sheet_fit import SheetFit, set_height
from app.papers.summary_tables import points_text

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from app.papers.workbook import Formats

Figure = Decimal | Fraction | int
ADDED = "+"
"""The formula of a sum: all lines above that are no sums themselves."""
_LINE_HEIGHT = 19


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One line: words, exact values, and formulas.

    A formula names the cells of its own line as {column}, those of the n-th line as {column_n}.
    """

    words: Mapping[str, str]
    values: Mapping[str, Figure] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)
    total: bool = False


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A titled table of figures; a figure that there is not is printed as a dash."""

    title: str
    sheet: str
    """The name of its sheet in a workbook."""
    columns: tuple[PaperColumn, ...]
    rows: tuple[FigureRow, ...]
    note: str = ""

    def texts(self, row: FigureRow) -> tuple[str, ...]:
        """What a line prints."""
        return tuple(_text(column, row) for column in self.columns)


def _text(column: PaperColumn, row: FigureRow) -> str:
    value = row.values.get(column.key)
    if value is None:
        return row.words.get(column.key, "" if column.align == "left" else wording.NOT_COMPARED)
    if column.kind == "int":
        return f"{int(value):,}"
    if column.kind == "rate":
        return percent_text(value)
    return points_text(value) if isinstance(value, Fraction) else amount_text(Decimal(value))


def printed(table: FigureTable, head: PaperHead) -> TablePaper:
    """The table as the PDF writer takes it."""
    rows = [PaperRow(table.texts(row), (None,) * len(table.columns)) for row in table.rows]
    own = replace(head, title=table.title, table_id="")
    return TablePaper(own, table.columns, rows, len(rows), with_total=False, note=table.note)


def write_figure_sheet(
    workbook: Workbook, formats: Formats, head: PaperHead, table: FigureTable
) -> None:
    """Adds the table as a sheet of its own; sums, ratios and differences are formulas."""
    from app.papers.workbook import column_letters, set_up_print, write_head

    sheet = workbook.add_worksheet(table.sheet)
    own = replace(head, title=table.title, table_id="")
    fit = SheetFit(table.columns)
    first = write_head(sheet, formats, own, fit)
    letters = {column.key: column_letters(i) for i, column in enumerate(table.columns)}
    last = first + len(table.rows)
    others = {
        f"{key}_{place}": f"{letter}{first + place + 1}"
        for key, letter in letters.items()
        for place in range(len(table.rows))
    }
    for number, row in enumerate(table.rows, first):
        set_height(sheet, number, _LINE_HEIGHT)
        texts = table.texts(row)
        for index, column in enumerate(table.columns):
            format_ = formats.cell(column, bold=row.total)
            fit.see(index, texts[index])
            value, formula = row.values.get(column.key), row.formulas.get(column.key, "")
            if value is None:
                sheet.write_string(number, index, texts[index], format_)
            elif formula:
                cells = others | {key: f"{letter}{number + 1}" for key, letter in letters.items()}
                parts = _parts(table.rows, letters[column.key], first)
                text = parts if formula == ADDED else formula.format(**cells)
                sheet.write_formula(number, index, f"={text}", format_, _number(column, value))
            else:
                sheet.write_number(number, index, _number(column, value), format_)
    if table.note:
        sheet.write_string(last, 0, table.note, formats.get())
    sheet.freeze_panes(first, 1)
    set_up_print(sheet, own, fit, first)


def _number(column: PaperColumn, value: Figure) -> float:
    """A difference of ratios stands in points."""
    points = column.kind == "money" and isinstance(value, Fraction)
    return float(value * 100) if points else float(value)


def _parts(rows: Sequence[FigureRow], letter: str, first: int) -> str:
    """The sum of the cells of all lines that are no sums; amounts stay whole fen."""
    numbers = [first + place + 1 for place, row in enumerate(rows) if not row.total]
    if not numbers:
        return "0"
    return f"ROUND(SUM({letter}{numbers[0]}:{letter}{numbers[-1]}),2)"

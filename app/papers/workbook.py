"""Workbooks as official tables: formats, head, header cells, foot; written row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.forms.reported_date import ReportedDate
from app.forms.schema import FieldType
from app.papers import wording
from app.papers.grid import HeaderCell, header_cells, header_depth
from app.papers.model import PaperColumn, PaperHead
from app.papers.sheet_fit import SheetFit, set_height

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FONT = "宋体"
_NUMBER_FORMATS: Mapping[FieldType, str] = {
    "money": "#,##0.00",
    "rate": "0.00%",
    "date": "yyyy-mm-dd",
    "int": "General",
}
_SHEET_NAME_LIMIT = 31
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
_FOOTER_LIMIT = 255


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """A workbook that is written while it grows; when the block fails nothing of it is left."""
    from xlsxwriter.workbook import Workbook as XlsxWorkbook

    workbook = XlsxWorkbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    try:
        yield workbook
    except BaseException:
        for sheet in workbook.worksheets():
            # Each sheet grows in a file of its own until the workbook is closed.
            sheet.row_data_fh.close()
            Path(sheet.row_data_filename).unlink(missing_ok=True)
        raise
    workbook.close()


@contextmanager
def new_workbook(path: Path, head: PaperHead) -> Iterator[Workbook]:
    """A workbook of a paper, closed at the end of the block."""
    with open_workbook(path) as workbook:
        workbook.set_properties(_properties(head))
        yield workbook


def _properties(head: PaperHead) -> dict[str, Any]:
    properties: dict[str, Any] = {"title": head.title, "author": head.office}
    if head.printed_at is not None:
        properties["created"] = head.printed_at
    return properties


class Formats:
    """The cell formats of a workbook, made when first asked for."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        """The format with these properties, in the paper's font."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            common = {"font_name": FONT, "font_size": 9, "valign": "vcenter"}
            self._made[key] = self._workbook.add_format({**common, **properties})
        return self._made[key]

    def cell(self, column: PaperColumn, *, bold: bool = False) -> Format:
        """The format of a column's cells."""
        given: dict[str, Any] = {"border": 1, "text_wrap": True, "align": column.align}
        if column.kind in _NUMBER_FORMATS:
            given["num_format"] = _NUMBER_FORMATS[column.kind]
        if bold:
            given["bold"] = True
        return self.get(**given)

    def header(self) -> Format:
        """The format of header cells."""
        return self.get(border=1, text_wrap=True, align="center", bold=True)


@dataclass(frozen=True, slots=True)
class SheetPlaces:
    """Where the figures of a sheet stand: letters by column key, rows (from 0) by line key."""

    sheet: str
    letters: Mapping[str, str]
    rows: Mapping[str, int]

    def cell(self, column: str, line: str) -> str:
        """The address of a figure, for formulas of the same sheet."""
        return f"{self.letters[column]}{self.rows[line] + 1}"

    def elsewhere(self, column: str, line: str) -> str:
        """The address of a figure, for formulas of other sheets."""
        quoted = self.sheet.replace("'", "''")
        return f"'{quoted}'!{self.cell(column, line)}"


def column_letters(index: int) -> str:
    """The letters of a column, from 0: A, B, … AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sheet_name(text: str, taken: Sequence[str] = ()) -> str:
    """A name that a sheet may have, not taken yet."""
    plain = text.translate(_NOT_IN_SHEET_NAMES)[:_SHEET_NAME_LIMIT]
    name, number = plain, 2
    while name.lower() in {other.lower() for other in taken}:
        tail = f"({number})"
        name, number = plain[: _SHEET_NAME_LIMIT - len(tail)] + tail, number + 1
    return name


def merge(sheet: Worksheet, first: tuple[int, int], last: tuple[int, int]) -> None:
    """Joins cells that were written before.

    The library's own merge_range would go back to rows that have left memory.
    """
    if first != last:
        sheet.merge.append([*first, *last])


def put(sheet: Worksheet, row: int, col: int, value: object, text: str, format_: Format) -> None:
    """Writes one value; a text is always a text, whatever it begins with."""
    match value:
        case None:
            if text:
                sheet.write_string(row, col, text, format_)
            else:
                sheet.write_blank(row, col, None, format_)
        case bool():
            sheet.write_string(row, col, text, format_)
        case Decimal() | int() | Fraction():
            sheet.write_number(row, col, float(value), format_)
        case ReportedDate(precision="day", first=day) | (date() as day):
            sheet.write_datetime(row, col, day, format_)
        case _:
            sheet.write_string(row, col, text, format_)


def write_head(sheet: Worksheet, formats: Formats, head: PaperHead, fit: SheetFit) -> int:
    """Title, office, base date, unit and the header cells; the first row below them."""
    columns = fit.columns
    last = max(len(columns) - 1, 1)
    title = formats.get(bold=True, font_size=16, align="center")
    if head.number:
        sheet.write_string(0, 0, head.number, formats.get(font_size=10))
    set_height(sheet, 1, 26)
    sheet.write_string(1, 0, head.title, title)
    merge(sheet, (1, 0), (1, last))
    office = wording.labelled(wording.OFFICE, head.office)
    if head.institution_code:
        office += f"（{head.institution_code}）"
    day = wording.labelled(wording.BASE_DATE, wording.date_words(head.base_date))
    unit = wording.labelled(wording.UNIT, head.unit)
    split = max(1, last * 2 // 3)
    sheet.write_string(2, 0, office, formats.get())
    sheet.write_string(2, split, f"{day}　　{unit}", formats.get(align="right"))
    merge(sheet, (2, 0), (2, split - 1))
    merge(sheet, (2, split), (2, last))
    return _write_header_cells(sheet, formats, fit, 3)


def _write_header_cells(sheet: Worksheet, formats: Formats, fit: SheetFit, top: int) -> int:
    columns, heights = fit.columns, fit.header_heights()
    cells = header_cells(columns)
    depth = header_depth(columns)
    by_place = {(cell.row, cell.column): cell for cell in cells}
    format_ = formats.header()
    for level in range(depth):
        set_height(sheet, top + level, heights[level])
        for index in range(len(columns)):
            cell = by_place.get((level, index))
            if cell is None:
                sheet.write_blank(top + level, index, None, format_)
            else:
                sheet.write_string(top + level, index, cell.text, format_)
                _merge_cell(sheet, cell, top)
    return top + depth


def _merge_cell(sheet: Worksheet, cell: HeaderCell, top: int) -> None:
    first = (top + cell.row, cell.column)
    merge(sheet, first, (top + cell.last_row, cell.column + cell.columns - 1))


def set_up_print(sheet: Worksheet, head: PaperHead, fit: SheetFit, first_row: int) -> None:
    """Landscape A4 one page wide, the head on every page, seal code and pages in the foot."""
    fit.apply(sheet)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, first_row - 1)
    sheet.set_margins(left=0.45, right=0.45, top=0.5, bottom=0.7)
    sheet.center_horizontally()
    sheet.set_footer(_footer(head), {"margin": 0.3})
    sheet.hide_gridlines(2)


def _footer(head: PaperHead) -> str:
    code = wording.labelled(wording.SEAL_CODE, head.seal_code) if head.seal_code else head.unsealed
    basis = head.ruleset_title.replace("&", "&&")
    text = f"&L&9{code}&C&9{wording.XLSX_PAGES}&R&9{basis}"
    return text if len(text) <= _FOOTER_LIMIT else f"&L&9{code}&C&9{wording.XLSX_PAGES}"


def write_signatures(sheet: Worksheet, formats: Formats, head: PaperHead, row: int) -> None:
    """The line for names, seal and date below a table."""
    day = wording.date_words(head.printed_at.date()) if head.printed_at else wording.NO_DATE
    parts = [
        wording.labelled(wording.FILLER, head.filler),
        wording.labelled(wording.CHECKER, head.checker),
        wording.labelled(wording.HEAD, head.head),
        wording.labelled(wording.OFFICE_SEAL, "　　　　　　"),
        wording.labelled(wording.SEAL_DATE, day),
    ]
    sheet.write_string(row + 1, 0, "　　　".join(parts), formats.get(font_size=10))
    if head.seal_code:
        code = wording.labelled(wording.SEAL_CODE, head.seal_code)
        sheet.write_string(row + 2, 0, code, formats.get(font_size=10))

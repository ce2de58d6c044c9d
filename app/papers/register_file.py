"""The register as a file: XLSX or CSV, with the units that were asked for written into it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.files import replacing
from app.forms.values import half_up
from app.papers import wording
from app.papers.errors import PaperError

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.register import Cell, RegisterLine

TITLE = "非信贷资产五级分类登记簿"
MONEY_UNITS = {"元": 0, "万元": 4}
"""By how many places an amount in yuan is moved; nothing is rounded away."""
RATE_UNITS = {"%": 2, "小数": 0}
_MONEY = ("carrying_amount", "expected_loss")
_RATES = ("loss_rate",)
_WIDE = ("name", "background", "risk_analysis", "loss_measurement", "measures")
_FORMULA_STARTS = ("=", "+", "-", "@")
_STEP = 500


@dataclass(frozen=True, slots=True)
class RegisterUnits:
    """The units of a register: of money, and of the loss rate."""

    money: str = "元"
    rate: str = "%"

    def words(self) -> str:
        """As the file says them."""
        return f"金额单位：{self.money}　比率单位：{self.rate}"

    def number(self, key: str, value: Cell) -> Decimal | None:
        """An amount or rate in its unit; None for anything else."""
        if key in _MONEY and isinstance(value, Decimal):
            return value.scaleb(-MONEY_UNITS[self.money])
        if key in _RATES and isinstance(value, Fraction):
            return half_up(value, 4).scaleb(RATE_UNITS[self.rate])
        return None

    def places(self, key: str) -> int:
        """How many decimals a figure of this column has."""
        if key in _MONEY:
            return 2 + MONEY_UNITS[self.money]
        return 4 - RATE_UNITS[self.rate]


def write_register(
    book: Book,
    out: Path,
    *,
    units: RegisterUnits | None = None,
    union_code: str = "",
    progress: Callable[[int, int, str], None] | None = None,
) -> int:
    """Writes the register of the period; how many assets it holds. The suffix tells the form."""
    from app.book.register import register_lines

    writers: dict[str, Callable[..., int]] = {".xlsx": _write_xlsx, ".csv": _write_csv}
    writer = writers.get(out.suffix.lower())
    if writer is None:
        raise PaperError(f"{out.name}：登记簿只能写成 .xlsx 或 .csv，请改文件名。")
    count = book.row_count(None)
    if not count:
        raise PaperError(wording.nothing_to_report(book.period.base_date))
    lines = _told(register_lines(book, union_code=union_code), count, progress)
    with replacing(out) as part:
        return writer(part, _titles(book, units or RegisterUnits()), lines)


@dataclass(frozen=True, slots=True)
class _Titles:
    """What stands above the columns."""

    units: RegisterUnits
    about: str


def _titles(book: Book, units: RegisterUnits) -> _Titles:
    office = f"{wording.OFFICE}：{book.institution.name}（{book.institution.code}）"
    day = f"{wording.BASE_DATE}：{wording.date_words(book.period.base_date)}"
    return _Titles(units, "　".join((office, day, units.words())))


def _told(
    lines: Iterator[RegisterLine], count: int, progress: Callable[[int, int, str], None] | None
) -> Iterator[RegisterLine]:
    for number, line in enumerate(lines):
        if progress is not None and number % _STEP == 0:
            progress(number, count, TITLE)
        yield line


def _write_csv(path: Path, titles: _Titles, lines: Iterator[RegisterLine]) -> int:
    from app.book.register_columns import COLUMNS

    count = 0
    # Spreadsheets know UTF-8 by its mark only.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([TITLE])
        writer.writerow([titles.about])
        writer.writerow(COLUMNS.values())
        for line in lines:
            count += 1
            writer.writerow([_csv_text(titles.units, key, line.cells[key]) for key in COLUMNS])
    return count


def _csv_text(units: RegisterUnits, key: str, value: Cell) -> str:
    number = units.number(key, value)
    if number is not None:
        return f"{number:.{units.places(key)}f}"
    text = _text(value)
    # A tab keeps spreadsheets from taking it for a formula; readers of tables drop it again.
    return f"\t{text}" if text.startswith(_FORMULA_STARTS) else text


def _text(value: Cell) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _write_xlsx(path: Path, titles: _Titles, lines: Iterator[RegisterLine]) -> int:
    from app.papers.workbook import Formats, open_workbook

    with open_workbook(path) as workbook:
        sheet = workbook.add_worksheet(TITLE)
        return _fill_sheet(sheet, Formats(workbook), titles, lines)


def _fill_sheet(sheet: Any, formats: Any, titles: _Titles, lines: Iterator[RegisterLine]) -> int:
    from app.book.register_columns import COLUMNS

    for index, key in enumerate(COLUMNS):
        sheet.set_column(index, index, 36 if key in _WIDE else 16)
    sheet.write_string(0, 0, TITLE, formats.get(bold=True, font_size=16))
    sheet.write_string(1, 0, titles.about, formats.get())
    for index, head in enumerate(COLUMNS.values()):
        sheet.write_string(2, index, head, formats.header())
    count = 0
    for line in lines:
        count += 1
        for index, key in enumerate(COLUMNS):
            _put(sheet, count + 2, index, key, line.cells[key], titles.units, formats)
    sheet.freeze_panes(3, 2)
    sheet.autofilter(2, 0, count + 2, len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    return count


def _put(
    sheet: Any, row: int, col: int, key: str, value: Cell, units: RegisterUnits, formats: Any
) -> None:
    number = units.number(key, value)
    if number is not None:
        shape = formats.get(border=1, num_format=f"#,##0.{'0' * units.places(key)}")
        sheet.write_number(row, col, float(number), shape)
    elif isinstance(value, date):
        sheet.write_datetime(row, col, value, formats.get(border=1, num_format="yyyy-mm-dd"))
    else:
        sheet.write_string(row, col, _text(value), formats.get(border=1, text_wrap=key in _WIDE))

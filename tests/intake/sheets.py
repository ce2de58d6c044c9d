"""Making listings for tests: workbooks, CSV files, altered archives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from app.forms.loader import load_ruleset
from app.intake.listing import Listing, recognise
from app.intake.workbook import read_sheets

BASE_DATE = date(2006, 12, 31)
CLERK = "王明"
RULESET = load_ruleset("inner-mongolia-2007")
FILES = Path(__file__).parent / "files"
SHEET_XML = "xl/worksheets/sheet1.xml"
Rows = Sequence[Sequence[Any]]

ASSET_HEAD = ["序号", "资产编号", "资产类别", "资产名称", "入账日期", "原值", "累计折旧", "净值"]


def workbook(path: Path, rows: Rows, *, name: str = "Sheet1", merged: Sequence[str] = ()) -> Path:
    """An .xlsx with these rows; a text is a text, whatever it begins with."""
    book = Workbook()
    sheet = book.active
    sheet.title = name
    put_rows(sheet, rows)
    for area in merged:
        sheet.merge_cells(area)
    book.save(path)
    return path


def put_rows(sheet: Any, rows: Rows, first: int = 1) -> None:
    """Writes rows into a sheet of openpyxl; None stays empty."""
    for number, row in enumerate(rows, first):
        for column, value in enumerate(row, 1):
            if value is not None and value != "":
                cell = sheet.cell(number, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"


def csv_file(path: Path, rows: Rows, *, separator: str = ",", encoding: str = "utf-8") -> Path:
    """A CSV file of texts, quoted where needed."""
    lines = [separator.join(_quoted(str(v), separator) for v in row) for row in rows]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def _quoted(text: str, separator: str) -> str:
    return f'"{text}"' if separator in text else text


def altered(source: Path, target: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """A copy of an archive with one entry changed."""
    with ZipFile(source) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == member else content)
    return target


def listed(path: Path, **given: Any) -> Listing:
    """The listing of a file."""
    return recognise(read_sheets(path), RULESET, **{"base_date": BASE_DATE} | given)


def assets(*rows: Sequence[Any]) -> list[list[Any]]:
    """A listing of fixed assets: unit line, head, rows."""
    return [["单位：元"], list(ASSET_HEAD), *map(list, rows)]


def asset(number: int, **changed: Any) -> list[Any]:
    """A row of such a listing that is in order."""
    values = {
        "seq": number,
        "asset_no": f"G{number}",
        "category": "电子设备",
        "name": f"微机{number}号",
        "formed_on": "2004-05-06",
        "cost": 5000.5,
        "depreciation": 1000.25,
        "net": 4000.25,
    }
    return list((values | changed).values())


def codes(notes: Sequence[Any]) -> list[str]:
    """The catalogue codes of notes or findings."""
    return [note.code for note in notes]

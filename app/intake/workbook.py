"""Reading files into sheets: .xlsx, .xls and .ods through calamine, .csv by ourselves."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast
from xml.etree.ElementTree import ParseError
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from app.errors import system_reason
from app.intake import limits, ods_scan, xls_scan, xlsx_scan
from app.intake.cells import BadCell, Cell, FileKind, Sheet, address, is_blank_row
from app.intake.csv_text import read_csv
from app.intake.messages import IntakeError
from app.intake.progress import Progress, silent

if TYPE_CHECKING:
    from types import TracebackType

    from python_calamine import CalamineSheet, CalamineWorkbook

Place = tuple[int, int]
_BROKEN = (
    *(BadZipFile, zlib.error, EOFError, NotImplementedError, OSError),
    *(
        ParseError,
        expat.ExpatError,
        LookupError,
        ValueError,
        struct.error,
        xls_scan.BrokenContainerError,
    ),
)
"""What broken archives and containers make the standard library raise."""
_STDERR = 2
BadCells = dict[str, dict[Place, BadCell]]


def read_sheets(path: str | Path, *, progress: Progress = silent) -> list[Sheet]:
    """The sheets of a file as they are; raises IntakeError when it can't be read.

    What the file holds decides how it is read, not its suffix.
    """
    path = Path(path)
    data = _bytes_of(path)
    progress(0, 0, path.name)
    if data.startswith(b"PK"):
        sheets = _from_zip(path)
    elif data.startswith(xls_scan.SIGNATURE):
        sheets = _from_ole(path, data)
    elif data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf")):
        raise IntakeError("I006", file=path.name)
    else:
        sheets = [Sheet("", read_csv(data, path.name), path.name, "csv")]
    for sheet in sheets:
        _refuse_too_many(sheet)
        _drop_blank_end(sheet)
    if all(is_blank_row(row) for sheet in sheets for row in sheet.rows):
        raise IntakeError("I010", file=path.name)
    return sheets


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > limits.MOST_BYTES:
            raise IntakeError("I008", file=path.name, limit=limits.BYTES_TEXT)
        data = path.read_bytes()
    except FileNotFoundError:
        raise IntakeError("I001", file=path) from None
    except OSError as error:
        raise IntakeError("I002", file=path, why=system_reason(error)) from None
    if not data:
        raise IntakeError("I003", file=path.name)
    return data


def _refuse_too_many(sheet: Sheet) -> None:
    rows = sum(1 for row in sheet.rows if not is_blank_row(row))
    if rows > limits.MOST_ROWS or sheet.width > limits.MOST_COLUMNS:
        _refuse_range(sheet.file, sheet.name, len(sheet.rows) - 1, sheet.width - 1)


def _drop_blank_end(sheet: Sheet) -> None:
    while sheet.rows and is_blank_row(sheet.rows[-1]):
        sheet.rows.pop()


def _refuse_range(file: str, sheet: str, row: int, column: int) -> None:
    raise IntakeError(
        "I009", file=file, sheet=sheet, address=address(row, column), limit=limits.RANGE_TEXT
    )


def _refuse_large(file: str, sheet: str, last: Place) -> None:
    """Before calamine sees it: it keeps the whole rectangle in memory."""
    if (last[0] + 1) * (last[1] + 1) > limits.MOST_CELLS:
        _refuse_range(file, sheet, *last)


def _from_zip(path: Path) -> list[Sheet]:
    try:
        with ZipFile(path) as archive:
            names = set(archive.namelist())
            if any(part.file_size > limits.MOST_BYTES for part in archive.infolist()):
                raise IntakeError("I008", file=path.name, limit=limits.BYTES_TEXT)
            if any(part.flag_bits & 1 for part in archive.infolist()):
                raise IntakeError("I004", file=path.name)
            if "xl/workbook.xml" in names:
                return _with_calamine(path, "xlsx", _scan_xlsx(archive, path.name))
            if "content.xml" in names:
                return _with_calamine(path, "ods", _scan_ods(archive, path.name))
    except _BROKEN as error:
        raise IntakeError("I005", file=path.name) from error
    raise IntakeError("I006", file=path.name)


def _scan_xlsx(archive: ZipFile, file: str) -> BadCells:
    found: BadCells = {}
    for name, part in xlsx_scan.sheet_parts(archive):
        scan = xlsx_scan.SheetScan(archive.read(part))
        last = scan.last_cell()
        _refuse_large(file, name, last)
        if scan.filled_rows > limits.MOST_ROWS:
            _refuse_range(file, name, *last)
        found[name] = scan.bad_cells()
    return found


def _scan_ods(archive: ZipFile, file: str) -> BadCells:
    if b"manifest:encryption-data" in archive.read("META-INF/manifest.xml"):
        raise IntakeError("I004", file=file)
    content = archive.read("content.xml")
    # On XML that breaks off calamine waits for ever.
    expat.ParserCreate().Parse(content, True)
    found: BadCells = {}
    for name, table in ods_scan.tables(content):
        _refuse_large(file, name, ods_scan.last_cell(table))
        found[name] = ods_scan.bad_cells(table)
    return found


def _from_ole(path: Path, data: bytes) -> list[Sheet]:
    try:
        container = xls_scan.Container(data)
        if xls_scan.is_encrypted(container):
            raise IntakeError("I004", file=path.name)
        stream = xls_scan.workbook_stream(container)
        if stream is None:
            raise IntakeError("I006", file=path.name)
        scans = xls_scan.sheet_scans(stream)
    except _BROKEN as error:
        raise IntakeError("I005", file=path.name) from error
    for name, scan in scans.items():
        _refuse_large(path.name, name, (scan.last_row, scan.last_column))
    return _with_calamine(path, "xls", {name: scan.bad for name, scan in scans.items()})


class _NoPanic:
    """Turns a panic of the reading library, which is no ordinary exception, into an IntakeError.

    The library prints its panic to the standard error stream itself; that is kept from people.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._stderr: int | None = None

    def __enter__(self) -> None:
        try:
            self._stderr = os.dup(_STDERR)
        except OSError:
            # A program without a console has none.
            return
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, _STDERR)
        os.close(silence)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stderr is not None:
            os.dup2(self._stderr, _STDERR)
            os.close(self._stderr)
        if kind is not None and kind.__name__ == "PanicException":
            raise IntakeError("I005", file=self.file) from error


@contextmanager
def _opened(path: Path) -> Iterator[CalamineWorkbook]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    with _NoPanic(path.name):
        try:
            with CalamineWorkbook.from_path(path) as workbook:
                yield workbook
        except PasswordError:
            raise IntakeError("I004", file=path.name) from None
        except (CalamineError, OSError, ValueError, OverflowError) as error:
            raise IntakeError("I005", file=path.name) from error


def _with_calamine(path: Path, kind: FileKind, bad: BadCells) -> list[Sheet]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = []
    with _opened(path) as workbook:
        for about in workbook.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                read = workbook.get_sheet_by_name(about.name)
                sheet = Sheet(about.name, _cells(read, bad.get(about.name, {})), path.name, kind)
                sheet.hidden = about.visible != SheetVisibleEnum.Visible
                sheet.merged = tuple((*a, *b) for a, b in read.merged_cell_ranges or ())
                sheets.append(sheet)
    return sheets


def _cells(read: CalamineSheet, bad: dict[Place, BadCell]) -> list[list[Cell]]:
    rows = cast(list[list[Cell]], read.to_python(skip_empty_area=False))
    for (row, column), cell in sorted(bad.items()):
        while len(rows) <= row:
            rows.append([])
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = cell
    return rows

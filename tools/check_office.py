"""Open every workbook of a folder in LibreOffice, recalculate it, and compare with what we wrote.

``python -m tools.check_office FOLDER`` (or ``./do office FOLDER``). For each XLSX below the folder:
every formula cell must recalculate to the value that we stored beside it, no cell may hold an
error, and the PDF that LibreOffice makes of it must show no error and no figure cut off to ####.
Folders named ``listings`` are left out: they hold what was taken in, not what we wrote.
Exit status: 0 all well, 1 something differs, 2 nothing to check or LibreOffice does not run.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

CellValue = str | int | float | bool | date | datetime | time | None

# LibreOffice keeps the stored values of files that say they come from Excel unless told otherwise.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
    <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
  </item>
</oor:items>
"""
ERROR_WORDS = ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "Err:5")
CUT_OFF = "###"
LISTINGS = "listings"
"""The folder of a demonstration with what core systems print: input, none of our papers."""
SECONDS_PER_BATCH = 600


class OfficeError(RuntimeError):
    """LibreOffice is not there, or did not do what it was asked for."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a workbook, and where."""

    file: str
    place: str
    what: str

    def __str__(self) -> str:
        """The line that is printed."""
        return f"{self.file}: {self.place}: {self.what}"


@dataclass(frozen=True)
class Workbook:
    """The cells of a workbook: formulas and values by sheet and address."""

    formulas: dict[tuple[str, str], str]
    values: dict[tuple[str, str], CellValue]
    errors: dict[tuple[str, str], str]


def read_workbook(path: Path) -> Workbook:
    """All formulas, and all values as they are stored in the file."""
    from openpyxl import load_workbook

    formulas: dict[tuple[str, str], str] = {}
    values: dict[tuple[str, str], CellValue] = {}
    errors: dict[tuple[str, str], str] = {}
    for sheet in load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    # Array formulas come as objects that carry their text.
                    formulas[sheet.title, cell.coordinate] = str(
                        getattr(cell.value, "text", cell.value)
                    )
    for sheet in load_workbook(path, data_only=True).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    values[sheet.title, cell.coordinate] = cell.value
                if cell.data_type == "e":
                    errors[sheet.title, cell.coordinate] = str(cell.value)
    return Workbook(formulas, values, errors)


def same_value(ours: CellValue, theirs: CellValue) -> bool:
    """Whether two stored values are the same, up to how a float is written down."""
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-9)
    # An empty text is stored by one program and left out by another.
    return (None if ours == "" else ours) == (None if theirs == "" else theirs)


def compare(file: str, ours: Workbook, theirs: Workbook) -> Iterator[Fault]:
    """What LibreOffice made of our workbook and should not have."""
    for book, who in ((ours, "as we wrote it"), (theirs, "in LibreOffice")):
        for (sheet, address), value in book.errors.items():
            yield Fault(file, f"{sheet}!{address}", f"error {value} {who}")
    for place, formula in ours.formulas.items():
        sheet, address = place
        stored, calculated = ours.values.get(place), theirs.values.get(place)
        if stored is None and calculated not in (None, ""):
            what = f"{formula} carries no value, LibreOffice gets {calculated!r}"
        elif not same_value(stored, calculated):
            what = f"{formula} is stored as {stored!r}, LibreOffice gets {calculated!r}"
        else:
            continue
        yield Fault(file, f"{sheet}!{address}", what)
    if {sheet for sheet, _ in ours.values} != {sheet for sheet, _ in theirs.values}:
        yield Fault(file, "workbook", "the sheets are not the same after opening and saving")


def pdf_faults(file: str, path: Path) -> Iterator[Fault]:
    """Errors and cut-off figures that a person would see on the pages."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(path)
    try:
        if not len(document):
            yield Fault(file, "PDF", "has no page")
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage().get_text_bounded()
            for word in (*ERROR_WORDS, CUT_OFF):
                if word in text:
                    yield Fault(file, f"PDF page {number + 1}", f"shows {word}")
    finally:
        document.close()


class LibreOffice:
    """A headless LibreOffice with a profile of its own that recalculates whatever it opens."""

    def __init__(self, folder: Path) -> None:
        """Prepare a fresh profile below the folder."""
        program = shutil.which("soffice") or shutil.which("libreoffice")
        if program is None:
            raise OfficeError("LibreOffice is not installed (Debian: libreoffice-calc)")
        self.program = program
        self.profile = folder / "profile"
        (self.profile / "user").mkdir(parents=True)
        settings = self.profile / "user" / "registrymodifications.xcu"
        settings.write_text(PROFILE, encoding="utf-8")

    def convert(self, files: Sequence[Path], kind: str, out: Path) -> None:
        """Convert files, all in one run, into a folder; the names keep their stems."""
        out.mkdir(exist_ok=True)
        command = [
            self.program,
            f"-env:UserInstallation={self.profile.as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            kind,
            "--outdir",
            str(out),
            *map(str, files),
        ]
        # Without a screen LibreOffice must not look for one.
        environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp"}
        try:
            done = subprocess.run(
                command,
                env=environment,
                capture_output=True,
                text=True,
                timeout=SECONDS_PER_BATCH,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise OfficeError(f"LibreOffice took more than {SECONDS_PER_BATCH} s") from error
        missing = [file.name for file in files if not (out / f"{file.stem}.{kind}").is_file()]
        if missing:
            raise OfficeError(f"LibreOffice made no {kind} of {missing}: {done.stderr.strip()}")


def make_probe(path: Path) -> None:
    """A workbook with a wrong stored value, to see that LibreOffice does recalculate."""
    from xlsxwriter import Workbook as Writer

    with Writer(str(path)) as book:
        sheet = book.add_worksheet("probe")
        sheet.write_number("A1", 2)
        sheet.write_formula("A2", "=A1*3", value=7)


def probe(office: LibreOffice, folder: Path) -> None:
    """Refuse to check anything with a LibreOffice that trusts stored values."""
    path = folder / "probe.xlsx"
    make_probe(path)
    office.convert([path], "xlsx", folder / "probed")
    value = read_workbook(folder / "probed" / "probe.xlsx").values.get(("probe", "A2"))
    if value != 6:
        raise OfficeError(f"LibreOffice did not recalculate: 2*3 came back as {value!r}")


def workbooks_below(folder: Path) -> list[Path]:
    """The XLSX files to check, without the lock files of open ones and what others wrote."""
    found = (path for path in folder.rglob("*.xlsx") if not path.name.startswith("~$"))
    return sorted(path for path in found if LISTINGS not in path.relative_to(folder).parts[:-1])


def check_folder(folder: Path) -> tuple[int, int, list[Fault]]:
    """How many workbooks and formulas were checked, and what is wrong with them."""
    originals = workbooks_below(folder)
    if not originals:
        raise OfficeError(f"no XLSX below {folder}")
    faults: list[Fault] = []
    formulas = 0
    with tempfile.TemporaryDirectory(prefix="check-office-") as temporary:
        work = Path(temporary)
        office = LibreOffice(work)
        probe(office, work)
        copies = [work / f"{number:05}.xlsx" for number in range(len(originals))]
        for original, copy in zip(originals, copies, strict=True):
            shutil.copyfile(original, copy)
        office.convert(copies, "xlsx", work / "recalculated")
        office.convert(copies, "pdf", work / "printed")
        for original, copy in zip(originals, copies, strict=True):
            name = original.relative_to(folder).as_posix()
            ours = read_workbook(copy)
            formulas += len(ours.formulas)
            faults += compare(name, ours, read_workbook(work / "recalculated" / copy.name))
            faults += pdf_faults(name, work / "printed" / f"{copy.stem}.pdf")
    return len(originals), formulas, faults


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a folder and print what was found; returns the exit status."""
    parser = argparse.ArgumentParser(prog="check_office", description=__doc__)
    parser.add_argument("folder", type=Path, help="every XLSX below it is checked")
    folder: Path = parser.parse_args(arguments).folder
    try:
        books, formulas, faults = check_folder(folder)
    except OfficeError as error:
        print(f"check_office: {error}", file=sys.stderr)
        return 2
    for fault in faults:
        print(fault)
    print(f"{books} workbooks, {formulas} formula cells, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

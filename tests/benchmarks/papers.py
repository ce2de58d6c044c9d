"""Papers: tables against LibreOffice, milliseconds a page, memory as rows grow."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from app.papers.table_pdf import write_table_pdf
from app.papers.tables_xlsx import write_tables_xlsx
from app.papers.working_pdf import write_working_papers_pdf
from tests.benchmarks._measurement import Measurement, median_ratio, median_seconds
from tests.papers import samples

ROWS = 1_000
MORE_ROWS = 10_000
PAPERS = 200
BY_OFFICE = 0.5
PAGE_MS = 30.0
FLAT = 1.15
"""Peak memory of ten times the rows; the rest is the interpreter's own noise."""
_PEAK = """
import sys
from pathlib import Path
from tests.benchmarks import papers
papers.WORK[sys.argv[1]](int(sys.argv[2]), Path(sys.argv[3]))
status = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in status if line.startswith("VmHWM:")))
"""


def table_pdf(rows: int, folder: Path) -> None:
    """A determination table as PDF."""
    write_table_pdf(samples.large_table(rows), folder / "table.pdf")


def tables_xlsx(rows: int, folder: Path) -> None:
    """The same as XLSX."""
    write_tables_xlsx([samples.large_table(rows)], samples.head(), folder / "tables.xlsx")


def working_papers(rows: int, folder: Path) -> None:
    """Working papers."""
    write_working_papers_pdf(samples.working_papers(rows), folder / "papers.pdf")


WORK: dict[str, Callable[[int, Path], None]] = {
    "table PDF": table_pdf,
    "tables XLSX": tables_xlsx,
    "working papers": working_papers,
}


def office_pdf(program: str, folder: Path) -> None:
    """LibreOffice's way from the same XLSX to PDF."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    convert = ["--headless", "--convert-to", "pdf", "--outdir", str(folder / "office")]
    command = [program, profile, *convert, str(folder / "tables.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=600)


def against_office(folder: Path) -> Iterator[Measurement]:
    """Our time by LibreOffice's for 1,000 rows; nothing where it is not installed."""
    program = shutil.which("soffice")
    if program is None:
        return
    tables_xlsx(ROWS, folder)
    theirs = partial(office_pdf, program, folder)
    for name in ("table PDF", "tables XLSX"):
        ratio = median_ratio(partial(WORK[name], ROWS, folder), theirs, rounds=3)
        yield Measurement(f"{name} of {ROWS:,} rows by LibreOffice", ratio, "×", BY_OFFICE)


def page_time(folder: Path) -> Measurement:
    """Milliseconds for a page of working papers."""
    pages = write_working_papers_pdf(samples.working_papers(PAPERS), folder / "p.pdf").pages
    taken = median_seconds(partial(working_papers, PAPERS, folder), rounds=5)
    note = f"{pages} pages"
    return Measurement("page of working papers", taken * 1000 / pages, "ms", PAGE_MS, note=note)


def peak(name: str, rows: int, folder: Path) -> float:
    """Megabytes at the peak of a fresh process that writes so many rows."""
    command = [sys.executable, "-c", _PEAK, name, str(rows), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024


def memory(folder: Path) -> Iterator[Measurement]:
    """Peak memory of ten times the rows by that of the rows."""
    for name in WORK:
        # A working paper takes two pages, a row a tenth of one.
        less, more = (ROWS, MORE_ROWS) if name != "working papers" else (PAPERS, 10 * PAPERS)
        few, many = (peak(name, rows, folder) for rows in (less, more))
        title = f"memory, {name} of {more:,} by {less:,} rows"
        yield Measurement(title, many / few, "×", FLAT, note=f"{many:.0f} MB by {few:.0f} MB")


def measure() -> Iterator[Measurement]:
    """Speed against LibreOffice, a page's time, and memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from against_office(folder)
        yield page_time(folder)
        yield from memory(folder)

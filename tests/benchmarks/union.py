"""A county of 40 offices with 2,500 rows each: taken in by the union's book, summed up, listed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.book.book import Book, Institution
from app.book.derive import columns_of, context_of, judged
from app.book.summary import consolidated_summary
from app.models.tables import rows
from app.package.archive import open_archive
from app.package.verify import read_lines
from app.papers.export import make_papers
from app.papers.register_file import write_register
from app.union.incoming import worth_of
from app.union.intake import BULK
from app.union.merging import Merging
from app.union.queue import review_queue
from tests.benchmarks._measurement import Measurement, median_seconds, seconds, shortest_ratio
from tests.union.county import BASE_DATE, OFFICES, REVIEWER, county_in

COUNTY, OFFICE = 40, 2_500
TWICE = 2.2
BY_EXECUTEMANY = 4.0
SUMMARY_SECONDS = 1.0
INTAKE_RATE = 1_000
PAGE_MS = 50.0
FLAT = 1.15
BY_READING = 2.5
"""Reports by reading and judging every row once: so that no report does it several times over."""
ROUNDS = 7

Line = dict[str, Any]
_PEAK = """
import sys
from pathlib import Path
from tests.benchmarks.union import county, samples
folder, offices = Path(sys.argv[1]), int(sys.argv[2])
county(folder / f"peak-{offices}.wuji", samples(folder), offices)
status = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in status if line.startswith("VmHWM:")))
"""


def samples(folder: Path) -> list[Line]:
    """The lines of two small packages, of nearly every table."""
    made = county_in(folder, folder / "samples")
    found: list[Line] = []
    for code in OFFICES:
        with open_archive(made.package(code)) as archive:
            found += read_lines(archive)
    return found


def office_lines(sample: Sequence[Line], office: str, count: int) -> Iterator[Line]:
    """As many lines of an office as wanted, the sample over and over."""
    for number, line in enumerate(islice(cycle(sample), count), 1):
        yield {**line, "id": f"{office}-{number:06d}", "seq": number}


def take(book: Book, office: str, lines: Iterator[Line]) -> None:
    """An office's rows into the book, as `collect` does it once a package is verified."""
    with book.store.write(REVIEWER) as change:
        merge = Merging(book.store, change, office, 1)
        while part := list(islice(lines, BULK)):
            merge.take(part)
        merge.take_out_gone()


def union_book(path: Path) -> Book:
    """An empty book of a union; an earlier one of the name is written over."""
    path.unlink(missing_ok=True)
    book = Book.create(path, Institution("LS", "某县联社"), BASE_DATE, union=True)
    book.add_person(REVIEWER, "working_group")
    return book


def county(path: Path, sample: Sequence[Line], offices: int) -> None:
    """A union's book with so many offices' rows."""
    with union_book(path) as book:
        for number in range(offices):
            code = f"S{number:02d}"
            take(book, code, office_lines(sample, code, OFFICE))


def evaluated(book: Book, lines: Sequence[Line]) -> None:
    """What the rule set makes of the lines, without storing it."""
    for line in lines:
        table = book.ruleset.tables[line["table"]]
        evaluation = judged(table, line["values"], context_of(book.store, papers=frozenset()))
        columns = columns_of(book.store, evaluation, line["id"])
        worth_of(evaluation, columns["carrying_amount"] or 0, 0)


def schema_of(path: Path) -> list[str]:
    """The statements that make a book's tables and indexes."""
    query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    with closing(sqlite3.connect(path)) as connection:
        return [line[0] for line in connection.execute(query)]


def bare(path: Path, schema: Sequence[str], stored: Sequence[tuple[Any, ...]]) -> None:
    """The same rows into the same schema by the driver alone."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        for statement in schema:
            connection.execute(statement)
        places = ", ".join("?" * len(rows.columns))
        connection.executemany(f"INSERT INTO rows VALUES ({places})", stored)


def stored_rows(book: Book) -> list[tuple[Any, ...]]:
    """Every stored row, column by column."""
    with book.store.read() as connection:
        return [tuple(line) for line in connection.execute(select(rows))]


def against_executemany(folder: Path, sample: Sequence[Line]) -> Measurement:
    """Intake less evaluation, by a bare `executemany` of the same rows."""
    lines = list(office_lines(sample, "S00", OFFICE * 4))
    taken, judged_alone, plainly = [], [], []
    for _ in range(ROUNDS):
        with union_book(folder / "intake.wuji") as book:
            taken.append(seconds(partial(take, book, "S00", iter(lines)), time.process_time))
            judged_alone.append(seconds(partial(evaluated, book, lines), time.process_time))
            stored = stored_rows(book)
        schema = schema_of(folder / "intake.wuji")
        work = partial(bare, folder / "bare", schema, stored)
        plainly.append(seconds(work, time.process_time))
    # The shortest of each: a difference of two times doubles what a busy machine adds to them.
    share = (min(taken) - min(judged_alone)) / min(plainly)
    title = f"intake of {len(lines):,} rows less evaluation by executemany"
    return Measurement(title, share, "×", BY_EXECUTEMANY)


def scaling(folder: Path, sample: Sequence[Line]) -> Measurement:
    """Twice the offices by half of them."""
    more = partial(county, folder / "more.wuji", sample, 8)
    less = partial(county, folder / "less.wuji", sample, 4)
    ratio = shortest_ratio(more, less, ROUNDS)
    return Measurement("intake of 20,000 rows by 10,000", ratio, "×", TWICE)


def whole_county(folder: Path, sample: Sequence[Line]) -> Iterator[Measurement]:
    """Summary and queue of a book with all offices' rows."""
    path = folder / "county.wuji"
    taken = seconds(partial(county, path, sample, COUNTY))
    count = COUNTY * OFFICE
    yield Measurement(
        f"intake of {count:,} rows", count / taken, "rows/s", INTAKE_RATE, at_least=True
    )
    with Book.open(path) as book:
        summed = median_seconds(partial(consolidated_summary, book, "suggested"), rounds=5)
        yield Measurement(f"summary of {count:,} rows", summed, "s", SUMMARY_SECONDS)
        for name, offset in (("first", 0), ("last", count - 200)):
            page = median_seconds(partial(review_queue, book, offset=offset), rounds=5)
            yield Measurement(f"{name} page of the queue", page * 1000, "ms", PAGE_MS)
        yield from reports(folder, book, count)


def judged_once(book: Book) -> None:
    """Every row read and evaluated, with its reasons."""
    for row in book.rows():
        book.evaluate(row).reasons  # noqa: B018


def reports(folder: Path, book: Book, count: int) -> Iterator[Measurement]:
    """The register, and the analysis and loss reports, of a county."""
    once = seconds(partial(judged_once, book), time.process_time)
    papers = partial(
        make_papers, book, folder / "papers", seal_code="", key=None, parts=("report",)
    )
    for name, work in (
        ("register", partial(write_register, book, folder / "register.csv")),
        ("analysis and loss reports", papers),
    ):
        taken = seconds(work, time.process_time)
        title = f"{name} of {count:,} rows by judging them once"
        yield Measurement(title, taken / once, "×", BY_READING, note=f"{taken:.0f} s")


def peak(folder: Path, offices: int) -> float:
    """Megabytes at the peak of a fresh process that takes so many offices in."""
    command = [sys.executable, "-c", _PEAK, str(folder), str(offices)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024


def memory(folder: Path) -> Measurement:
    """Peak memory of all offices by that of a tenth."""
    few, many = (peak(folder, offices) for offices in (COUNTY // 10, COUNTY))
    title = f"memory, intake of {COUNTY} offices by {COUNTY // 10}"
    return Measurement(title, many / few, "×", FLAT, note=f"{many:.0f} MB by {few:.0f} MB")


def measure() -> Iterator[Measurement]:
    """Intake, its scaling and memory; then the county's summary and queue."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample = samples(folder)
        yield against_executemany(folder, sample)
        yield scaling(folder, sample)
        yield from whole_county(folder, sample)
        yield memory(folder)

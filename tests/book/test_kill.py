"""A killed process: what was committed is there, what was not is not, the book opens at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.book.book import Book
from app.book.checks import check_book
from tests.book.samples import CLERK

WRITER = """
import sys
from app.book.book import Book
book = Book.open(sys.argv[1])
row = book.row("QS01-0001")
number = 0
while True:
    number += 1
    book.set_values(row.id, {"remarks": f"第{number}次"}, by="王明")
    print(number, flush=True)
    book.add_rows("1-5", [{"name": f"甲{number}-{n}"} for n in range(5)], by="王明", source="x.csv")
"""
HALFWAY = """
import os, signal, sys
from app.book.book import Book
book = Book.open(sys.argv[1])
print("open", flush=True)
with book.sealing("ABCD", by="王明") as change:
    change.connection.exec_driver_sql("UPDATE rows SET stage = 'submitted'")
    change.log("seal")
    change.write_entries()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def start(script: str, path: Path) -> subprocess.Popen[str]:
    """A process of its own that works on the book."""
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", script, str(path)], cwd=root, stdout=subprocess.PIPE, text=True
    )


def test_killed_while_writing(book: Book, book_path: Path) -> None:
    book.add_row("1-2", {"name": "农行存款"}, by=CLERK)
    book.close()
    for kills in range(1, 4):
        with start(WRITER, book_path) as writer:
            assert writer.stdout is not None
            said = 0
            for line in writer.stdout:
                said = int(line)
                if said == 4 * kills:
                    writer.kill()
                    break
            said = max([said, *(int(line) for line in writer.stdout if line.endswith("\n"))])
        with Book.open(book_path) as again:
            stored = int(str(again.row("QS01-0001").values["remarks"]).strip("第次"))
            # The next change may have been committed before its number was printed.
            assert stored in (said, said + 1)
            assert again.row_count("1-5") % 5 == 0
            assert again.verify_history().whole
            assert {one.code for one in check_book(again)} == {"E001"}
            seqs = [row.seq for row in again.rows("1-5")]
            assert seqs == list(range(1, len(seqs) + 1))


def test_killed_in_the_middle_of_a_change(book: Book, book_path: Path) -> None:
    row = book.add_row("1-2", {"name": "农行存款"}, by=CLERK)
    entries = book.verify_history()
    book.close()
    with start(HALFWAY, book_path) as writer:
        assert writer.stdout is not None
        assert writer.stdout.read() == "open\n"
    assert writer.returncode == -9
    with Book.open(book_path) as again:
        assert again.row(row.id) == row
        assert again.period.state == "open"
        assert again.verify_history() == entries

"""Exporting and sealing: all of it or nothing, whatever fails and whenever the process dies."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.book.seal_record import seal_record
from app.package import exporting
from app.package.errors import PackageError
from app.package.exporting import Exported, SealingRefusedError, export_period
from app.package.verify import verify_package
from app.papers.export import PapersMade
from tests.cli.office import CLERK, HEAD, PASSPHRASE, Office

Patch = pytest.MonkeyPatch


def silent(_done: int, _of: int, _text: str) -> None:
    """No progress shown."""


def export(book: Book, out: Path, *parts: str, passphrase: str = PASSPHRASE) -> Exported:
    wanted = parts or exporting.ALL_PARTS
    return export_period(book, out, passphrase, by=HEAD, parts=wanted, progress=silent)


def tree(folder: Path) -> dict[str, bytes]:
    """Everything below a folder, hidden files and empty folders too."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
    }


def text_of(paper: bytes) -> str:
    """The text of a PDF."""
    import pypdfium2

    document = pypdfium2.PdfDocument(paper)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


@pytest.fixture
def book(finished: Office) -> Iterator[Book]:
    """The finished office's book, open."""
    with Book.open(finished.book) as opened:
        yield opened


@pytest.fixture
def out(finished: Office) -> Path:
    """Where it is exported to; not there yet."""
    return finished.out


@pytest.fixture
def quick_papers(monkeypatch: Patch) -> None:
    """Papers that cost nothing: only how they are handled is tested."""

    def make(_book: Book, folder: Path, **_options: Any) -> PapersMade:
        made = PapersMade()
        for name in ("forms/1-1.pdf", "forms/1-2.pdf", "tables.xlsx", "summary.xlsx"):
            made.files[name] = folder / name
            made.files[name].parent.mkdir(exist_ok=True)
            made.files[name].write_bytes(f"new {name}".encode())
        return made

    monkeypatch.setattr("app.papers.export.make_papers", make)


def untouched(book: Book) -> bool:
    """Whether the period is still open, every row as it was confirmed."""
    stages = {row.stage for row in book.rows()}
    return book.periods()[0].state == "open" and stages == {"confirmed"}


# What is refused


def test_open_problems_are_all_shown_and_nothing_is_written(book: Book, out: Path) -> None:
    book.set_values(book.find_row("1-2:TY-1").id, {"remarks": ""}, by=CLERK)
    book.unkeep(book.kept()[0].finding_id, by=CLERK)
    before = len(book.history())
    with pytest.raises(SealingRefusedError, match=r"1个错误.*1个警告") as refused:
        export(book, out)
    assert [f.severity for f in refused.value.findings] == ["error", "warning"]
    assert not out.exists()
    assert len(book.history()) == before


@pytest.mark.parametrize("parts", [("forms",), ("summary",), ("forms", "summary")])
def test_papers_too_wait_for_open_problems(book: Book, out: Path, parts: tuple[str, ...]) -> None:
    book.set_values(book.find_row("1-2:TY-1").id, {"remarks": ""}, by=CLERK)
    with pytest.raises(SealingRefusedError):
        export(book, out, *parts)
    assert not out.exists()


def test_a_wrong_passphrase_writes_nothing(book: Book, out: Path) -> None:
    with pytest.raises(BookError, match="口令不对"):
        export(book, out, passphrase="falsch")
    assert not out.exists()
    assert untouched(book)


def test_a_period_without_rows_is_not_sealed(tmp_path: Path) -> None:
    from datetime import date

    from app.book.types import Institution

    with Book.create(tmp_path / "b.wuji", Institution("QS", "青山"), date(2006, 12, 31)) as book:
        with pytest.raises(PackageError, match="没有一笔资产"):
            export(book, tmp_path / "out")
        assert book.period.state == "open"
    assert not (tmp_path / "out").exists()


# What is made


def test_sealing_makes_the_package_and_closes_the_period(book: Book, out: Path) -> None:
    made = export(book, out)
    assert verify_package(made.package).holds
    assert {path for path in out.rglob("*") if path.is_file()} == set(made.files)
    assert book.period.state == "sealed"
    assert book.period.seal_code == made.seal_code
    assert {row.stage for row in book.rows()} == {"submitted"}
    with pytest.raises(BookError, match="已经封"):
        book.set_values(book.find_row("1-2:TY-1").id, {"remarks": "晚了"}, by=CLERK)


def test_the_package_holds_report_and_page(book: Book, out: Path) -> None:
    made = export(book, out)
    with zipfile.ZipFile(made.package) as archive:
        names = set(archive.namelist())
        page = archive.read("index.html").decode()
        packed = archive.read("report.docx")
    assert {"report.docx", "index.html", "forms/report.pdf", "forms/loss-report.pdf"} <= names
    assert "loss-report.docx" not in names
    assert packed == (out / "report.docx").read_bytes()
    links = set(re.findall(r'href="([^"]+)"', page))
    assert links == names - {"index.html", "manifest.sig"}
    assert made.seal_code in page
    folder = (out / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="([^"]+)"', folder)) == {
        path.relative_to(out).as_posix() for path in out.rglob("*.*") if path.name != "index.html"
    }


def test_the_report_alone_is_a_draft(book: Book, out: Path) -> None:
    made = export(book, out, "report")
    assert {path.name for path in made.files} == {
        "report.docx",
        "loss-report.docx",
        "report.pdf",
        "loss-report.pdf",
        "big-losses.pdf",
        "index.html",
    }
    assert untouched(book)


@pytest.mark.usefixtures("quick_papers")
def test_papers_alone_seal_nothing(book: Book, out: Path) -> None:
    made = export(book, out, "forms")
    assert made.files
    assert not made.package.exists()
    assert untouched(book)
    last = book.history()[-1]
    assert (last.kind, last.by, last.new["parts"]) == ("export", HEAD, ["forms"])


def test_papers_of_an_open_period_are_signed_drafts(book: Book, out: Path) -> None:
    from app.papers.sign import verify_pdf

    made = export(book, out, "summary")
    assert made.seal_code == ""
    paper = out / "forms" / "summary.pdf"
    assert verify_pdf(paper).bottom_line
    assert "草稿，未封印" in text_of(paper.read_bytes())


@pytest.mark.usefixtures("quick_papers")
@pytest.mark.parametrize("by", ["", CLERK])
def test_only_the_head_seals(book: Book, out: Path, by: str) -> None:
    with pytest.raises(PackageError, match=f"负责人封印.*{HEAD}.*--as"):
        export_period(book, out, PASSPHRASE, by=by, progress=silent)
    assert not out.exists()
    assert untouched(book)


def test_nothing_is_changed_while_it_is_exported(book: Book, out: Path) -> None:
    row = book.find_row("1-2:TY-1")
    refused: list[str] = []

    def meddle(_done: int, _of: int, text: str) -> None:
        if "底稿" in text and not refused:
            with pytest.raises(BookError) as error:
                book.set_values(row.id, {"carrying_amount": "1.00"}, by=CLERK)
            refused.append(str(error.value))

    made = export_period(book, out, PASSPHRASE, by=HEAD, progress=meddle)
    assert "正在导出" in refused[0]
    found = verify_package(made.package)
    assert found.holds
    assert found.manifest is not None
    assert found.manifest.seal_code == made.seal_code == book.period.seal_code
    assert book.row(row.id).values["carrying_amount"] == "750000.00"


@pytest.mark.usefixtures("quick_papers")
def test_a_package_of_something_else_is_not_sealed(
    book: Book, out: Path, monkeypatch: Patch
) -> None:
    from app.package import content

    def fewer(*arguments: Any) -> Iterator[dict[str, Any]]:
        lines = content.row_lines(*arguments)
        next(lines)
        return lines

    monkeypatch.setattr("app.package.build.row_lines", fewer)
    with pytest.raises(PackageError, match="内容变了，没有封印"):
        export(book, out)
    assert not out.exists()
    assert untouched(book)


def test_what_is_printed_later_is_what_was_sealed(sealed: Office) -> None:
    from app.book.seal_picture import set_seal_picture

    first = (sealed.out / "forms" / "1-2.pdf").read_bytes()
    with Book.open(sealed.book) as book:
        sealed_at = seal_record(book)
        book.add_person("孙行", "head", by=HEAD)
        set_seal_picture(book, b"another picture", by=HEAD)
        made = export(book, sealed.folder / "again")
        assert made.seal_code == book.period.seal_code
        assert seal_record(book) == sealed_at
    found = verify_package(made.package)
    assert found.holds
    assert found.manifest is not None
    assert found.manifest.printed is not None
    assert found.manifest.printed.people["head"] == [HEAD]
    again = sealed.folder / "again" / "forms" / "1-2.pdf"
    assert text_of(again.read_bytes()) == text_of(first)


def test_exporting_again_changes_nothing_in_the_book(sealed: Office) -> None:
    with Book.open(sealed.book) as book:
        before, code = len(book.history()), book.period.seal_code
        again = sealed.folder / "again"
        made = export(book, again)
        assert made.seal_code == code
        assert len(book.history()) == before
    assert verify_package(made.package).holds
    assert {p.name for p in again.rglob("*")} == {p.name for p in sealed.out.rglob("*")}


def test_a_sealed_book_that_was_tampered_with_is_not_exported_again(sealed: Office) -> None:
    import sqlite3

    with sqlite3.connect(sealed.book) as connection:
        connection.execute("UPDATE periods SET seal_code = 'AAAA-BBBB-CCCC'")
    connection.close()
    before = tree(sealed.out)
    with Book.open(sealed.book) as book, pytest.raises(PackageError, match="与封印时不同"):
        export(book, sealed.out)
    assert tree(sealed.out) == before


# All or nothing


def fail(*_arguments: Any, **_options: Any) -> Any:
    """A disk that is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fail_at(number: int, monkeypatch: Patch) -> None:
    """Lets the number-th file of the export fail to come into its place."""
    genuine = os.replace
    calls = iter(range(1, 1000))

    def replace(source: Any, target: Any) -> None:
        beside = str(source).endswith(".part")  # a file that is finished where it is written
        if not beside and next(calls) == number:
            fail()
        genuine(source, target)

    monkeypatch.setattr(os, "replace", replace)


LATE_STEPS: dict[str, Callable[[Patch], None]] = {
    "papers": lambda patch: patch.setattr("app.papers.export.make_papers", fail),
    "rows": lambda patch: patch.setattr("app.package.build.row_lines", fail),
    "evidence": lambda patch: patch.setattr("app.package.build._add_attachments", fail),
    "signature": lambda patch: patch.setattr("app.package.build.sign_manifest", fail),
    "comment": lambda patch: patch.setattr("app.package.archive.ArchiveWriter.close", fail),
    "stages": lambda patch: patch.setattr("app.book.stages.update", fail),
    "commit": lambda patch: patch.setattr("app.book.history.Changing.write_entries", fail),
}
PLACING: dict[str, Callable[[Patch], None]] = {
    "first file": lambda patch: fail_at(1, patch),
    "later file": lambda patch: fail_at(4, patch),
    "flushing": lambda patch: patch.setattr("app.papers.placing.sync_folder", fail),
}
"""Steps after the sealing."""


@pytest.mark.usefixtures("quick_papers")
@pytest.mark.parametrize("step", LATE_STEPS)
def test_a_failure_leaves_nothing_behind(
    book: Book, out: Path, monkeypatch: Patch, step: str
) -> None:
    before = len(book.history())
    with monkeypatch.context() as patch:
        LATE_STEPS[step](patch)
        with pytest.raises(OSError, match="space"):
            export(book, out)
    assert not out.exists()
    assert untouched(book)
    assert len(book.history()) == before
    assert export(book, out).package.is_file()


@pytest.mark.usefixtures("quick_papers")
@pytest.mark.parametrize("step", [*PLACING, "stages", "commit"])
def test_a_failure_puts_an_earlier_export_back(
    book: Book, out: Path, monkeypatch: Patch, step: str
) -> None:
    (out / "forms").mkdir(parents=True)
    (out / "forms" / "1-1.pdf").write_bytes(b"earlier")
    (out / "notes.txt").write_bytes(b"of somebody else")
    before = tree(out)
    with monkeypatch.context() as patch:
        (PLACING | LATE_STEPS)[step](patch)
        with pytest.raises((OSError, PackageError), match=r"space|已封印.*再导出一次"):
            export(book, out)
    assert tree(out) == before
    # Files of an open book with a seal code never lie about: sealed first, placed then.
    assert untouched(book) is (step not in PLACING)
    export(book, out)
    after = tree(out)
    assert after["forms/1-1.pdf"] == b"new forms/1-1.pdf"
    assert after["notes.txt"] == b"of somebody else"


@pytest.mark.usefixtures("quick_papers")
def test_a_break_by_the_user_leaves_nothing_behind(book: Book, out: Path) -> None:
    def stop(_done: int, _of: int, text: str) -> None:
        if "附件" in text:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_period(book, out, PASSPHRASE, by=HEAD, progress=stop)
    assert not out.exists()
    assert untouched(book)


# Killed

KILLED = """
import os, signal, sys
from pathlib import Path
from app.book.book import Book
from app.package import exporting

moment, replaced = sys.argv[3], []

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def progress(done, of, text):
    if moment in text:
        die()

genuine = os.replace

def replace(source, target):
    if ".export-" not in str(target):
        replaced.append(target)
    if moment == f"file {len(replaced)}":
        die()
    genuine(source, target)

os.replace = replace
with Book.open(sys.argv[1]) as book:
    exporting.export_period(
        book, Path(sys.argv[2]), "山高水长 2006", by="赵国强", progress=progress
    )
    die()
"""


@pytest.mark.parametrize("moment", ["底稿", "写入资料附件", "file 1", "file 3", "the end"])
def test_a_killed_export_can_be_done_again(
    finished: Office, project_root: Path, moment: str
) -> None:
    earlier = finished.out / "forms" / "1-8.pdf"
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(b"earlier")
    command = [sys.executable, "-c", KILLED, str(finished.book), str(finished.out), moment]
    done = subprocess.run(command, cwd=project_root, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    with Book.open(finished.book) as book:
        assert book.verify_history().whole
        placing = moment.startswith("file")
        assert untouched(book) is (not placing and moment != "the end")
        assert finished.package.exists() is (moment == "the end")
        assert earlier.is_file(), "an earlier file is replaced at one stroke or left"
        code = book.period.seal_code
        made = export(book, finished.out)
        assert book.period.seal_code == made.seal_code
        assert code in ("", made.seal_code)
    assert verify_package(finished.package).holds
    assert not list(finished.out.rglob(".*")), "the killed one's leftovers are gone"

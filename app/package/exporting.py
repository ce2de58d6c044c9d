"""Exporting a period: stamped and signed papers, workbooks, and the package, all or nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.package.build import Progress, build_package, package_name
from app.package.content import seal_code
from app.package.errors import PackageError

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.keys import SigningKey
    from app.book.types import Finding
    from app.papers.from_book import Sealing
    from app.papers.model import PaperResult
    from app.papers.seal import Stamp

ALL_PARTS = ("forms", "summary", "package")


class SealingRefusedError(PackageError):
    """Something is still open; `findings` says what."""

    def __init__(self, findings: list[Finding]) -> None:
        errors = sum(finding.severity == "error" for finding in findings)
        warnings = len(findings) - errors
        super().__init__(
            f"还不能封印：有{errors}个错误没有改，{warnings}个警告没有说明理由。"
            "请逐条处理后再上报。"
        )
        self.findings = findings


@dataclass(frozen=True)
class Exported:
    """What was written."""

    seal_code: str
    files: list[Path]
    package: Path
    """Where the package is (it need not have been asked for)."""


def blocking_findings(book: Book) -> list[Finding]:
    """What keeps the period from being sealed: errors, and warnings without a reason."""
    from app.book.checks import check_book

    return [f for f in check_book(book) if f.severity == "error" or f.kept is None]


def export_period(
    book: Book,
    out: Path,
    passphrase: str,
    *,
    by: str,
    parts: tuple[str, ...] = ALL_PARTS,
    progress: Progress,
) -> Exported:
    """Writes the parts asked for into `out`; with the package the period is sealed too.

    SealingRefusedError when something is open; nothing is written unless everything is.
    """
    from app.book.keys import unlock

    progress(0, 0, "检查")
    findings = blocking_findings(book)
    if findings:
        raise SealingRefusedError(findings)
    key = unlock(book, passphrase)
    code = seal_code(book)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".export-") as folder:
        desk = _Desk(book, Path(folder), key, code, progress)
        if "forms" in parts or "package" in parts:
            desk.write_forms()
        if "summary" in parts or "package" in parts:
            desk.write_summary()
        if "package" not in parts:
            return Exported(code, _moved(desk.files, out), out / package_name(book))
        return _sealed(book, desk, out, by)


def _sealed(book: Book, desk: _Desk, out: Path, by: str) -> Exported:
    """Builds the package inside the book's transaction, so that both are there or neither."""
    name = package_name(book)
    part = desk.folder / name
    with _sealing(book, desk.code, by):
        build_package(book, part, desk.key, desk.files, desk.progress)
        files = _moved(desk.files | {name: part}, out)
    return Exported(desk.code, files, out / name)


@contextmanager
def _sealing(book: Book, code: str, by: str) -> Iterator[None]:
    if book.period.state == "sealed":
        # Exporting again what is sealed changes nothing in the book.
        if book.period.seal_code != code:
            raise PackageError("账套内容与封印时不同，不能再次导出。请联系技术人员。")
        yield
        return
    with book.sealing(code, by=by):
        yield


def _moved(files: dict[str, Path], out: Path) -> list[Path]:
    """Puts finished files into their place; those of an earlier export are replaced."""
    moved = []
    for name, path in files.items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)
        moved.append(target)
    return moved


class _Writer(Protocol):
    """Writes a paper that it already holds."""

    def __call__(self, out: Path, *, stamp: Stamp) -> PaperResult: ...


class _Desk:
    """Where the papers of one export are written before they are moved or packed."""

    def __init__(
        self, book: Book, folder: Path, key: SigningKey, code: str, progress: Progress
    ) -> None:
        from app.papers.from_book import Sealing

        self.book = book
        self.folder = folder
        self.key = key
        self.code = code
        self.progress = progress
        self.at = book.period.sealed_at or datetime.now().astimezone()
        self.sealing: Sealing = Sealing(code, self.at)
        self.files: dict[str, Path] = {}

    @property
    def stamp(self) -> Stamp:
        """The office's stamp with the date of sealing and the seal code."""
        from app.papers.seal import Stamp

        return Stamp(self.book.institution.name, self.at.date(), self.code)

    def write_forms(self) -> None:
        """A determination table and its working papers per table, table 2, and the workbook."""
        from app.papers.big_loss_pdf import write_big_loss_pdf
        from app.papers.from_book import (
            big_loss_paper,
            filled_tables,
            paper_head,
            table_paper,
            working_papers,
        )
        from app.papers.table_pdf import write_table_pdf
        from app.papers.tables_xlsx import write_tables_xlsx
        from app.papers.working_pdf import write_working_papers_pdf

        book, sealing = self.book, self.sealing
        tables = filled_tables(book)
        for table_id in tables:
            table = table_paper(book, table_id, sealing)
            self._signed(f"{table_id}-table.pdf", partial(write_table_pdf, table))
            papers = working_papers(book, table_id, sealing)
            self._signed(
                f"{table_id}-working-papers.pdf", partial(write_working_papers_pdf, papers)
            )
        self._signed("2-big-losses.pdf", partial(write_big_loss_pdf, big_loss_paper(book, sealing)))
        self.progress(0, 0, "写认定表工作簿")
        out = self.folder / "tables.xlsx"
        write_tables_xlsx(
            (table_paper(book, table_id, sealing) for table_id in tables),
            paper_head(book, sealing),
            out,
        )
        self.files["tables.xlsx"] = out

    def write_summary(self) -> None:
        """The summary as PDF and as workbook with live formulas."""
        from app.papers.from_book import summary_paper
        from app.papers.summary_tables import write_summary_pdf
        from app.papers.summary_xlsx import write_summary_xlsx

        paper = summary_paper(self.book, self.sealing)
        self._signed("summary.pdf", partial(write_summary_pdf, paper))
        out = self.folder / "summary.xlsx"
        write_summary_xlsx(paper, out)
        self.files["summary.xlsx"] = out

    def _signed(self, name: str, write: _Writer) -> None:
        """Writes a paper and signs it; the stamp is the picture of the signature."""
        from app.papers.sign import sign_pdf

        self.progress(len(self.files), 0, f"制作 {name}")
        plain = self.folder / name
        stamp = self.stamp
        result = write(plain, stamp=stamp)
        sign_pdf(plain, plain, self.key, place=result.seal, picture=stamp.pdf)
        self.files[f"forms/{name}"] = plain

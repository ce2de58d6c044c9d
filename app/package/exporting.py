"""Exporting a period: stamped and signed papers, workbooks, and the package, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.package.build import Progress, build_package, package_name
from app.package.content import seal_code
from app.package.errors import PackageError
from app.papers.placing import desk_in, placing_into

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Finding

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
    notes: list[str]
    """What the reader should know, such as characters that no font has."""


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
    from app.book.seal_picture import seal_picture
    from app.papers.export import make_papers

    progress(0, 0, "检查")
    if not book.row_count(None):
        raise PackageError(f"{book.period.base_date}这一期还没有一笔资产，没有可导出的内容。")
    findings = blocking_findings(book)
    if findings:
        raise SealingRefusedError(findings)
    key = unlock(book, passphrase)
    code = seal_code(book)
    name = package_name(book)
    with desk_in(out, Path(name).stem) as desk:
        made = make_papers(
            book,
            desk,
            seal_code=code,
            key=key,
            at=book.period.sealed_at,
            seal_picture=seal_picture(book),
            parts=_paper_parts(parts),
            progress=progress,
        )
        with placing_into(out, desk / "replaced") as placing:
            if "package" not in parts:
                files = placing.put(made.files)
            else:
                # Built inside the book's transaction, so that both are there or neither.
                with _sealing(book, code, by):
                    build_package(book, desk / name, key, made.files, progress)
                    files = placing.put(made.files | {name: desk / name})
    return Exported(code, files, out / name, made.notes)


def _paper_parts(parts: tuple[str, ...]) -> tuple[str, ...]:
    """A package always holds every paper."""
    return ("forms", "summary") if "package" in parts else parts


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

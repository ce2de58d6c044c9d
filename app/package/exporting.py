"""Exporting a period: stamped and signed papers, workbooks, and the package, all or nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.package.build import Progress, build_package, package_name
from app.package.content import seal_code
from app.package.errors import PackageError

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
    from app.papers.export import make_papers

    progress(0, 0, "检查")
    findings = blocking_findings(book)
    if findings:
        raise SealingRefusedError(findings)
    key = unlock(book, passphrase)
    code = seal_code(book)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".export-") as folder:
        desk = Path(folder)
        made = make_papers(
            book,
            desk,
            seal_code=code,
            key=key,
            at=book.period.sealed_at,
            parts=_paper_parts(parts),
            progress=progress,
        )
        name = package_name(book)
        if "package" not in parts:
            return Exported(code, _moved(made.files, out), out / name, made.notes)
        # Built inside the book's transaction, so that both are there or neither.
        with _sealing(book, code, by):
            build_package(book, desk / name, key, made.files, progress)
            files = _moved(made.files | {name: desk / name}, out)
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


def _moved(files: dict[str, Path], out: Path) -> list[Path]:
    """Puts finished files into their place; those of an earlier export are replaced."""
    moved = []
    for name, path in files.items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)
        moved.append(target)
    return moved

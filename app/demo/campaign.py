"""The whole campaign without a window: books, papers, packages, each verified."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.book.book import Book
from app.book.checks import check_book
from app.book.keys import create_key
from app.book.types import Institution
from app.demo import offices
from app.errors import KnownError
from app.package.exporting import export_period
from app.package.verify import verify_package

Progress = Callable[[int, int, str], None]
CHECK_LIST = "check-list.json"


class DemoError(KnownError):
    """The demonstration can't be made here."""


@dataclass
class OfficeResult:
    """What was made for one office."""

    name: str
    book: Path
    rows: int
    classes: dict[str, int]
    seal_code: str
    files: list[Path]
    package: Path
    verified: bool


@dataclass
class DemoResult:
    """What was made, where, and how long it took."""

    folder: Path
    listings: list[Path]
    offices: list[OfficeResult] = field(default_factory=list)
    seconds: float = 0.0


def run_demo(folder: Path, count: int, assets: int, progress: Progress) -> DemoResult:
    """Makes `count` offices in an empty folder; those after the second hold `assets` rows each."""
    if folder.exists() and any(folder.iterdir()):
        raise DemoError(f"{folder} 里已经有文件。请换一个空的文件夹。")
    started = time.monotonic()
    (folder / "books").mkdir(parents=True, exist_ok=True)
    result = DemoResult(folder, offices.listings_into(folder / "listings"))
    for number in range(1, count + 1):
        result.offices.append(_office(folder, number, assets, progress))
    result.seconds = time.monotonic() - started
    return result


def _institution(number: int) -> Institution:
    known = {1: ("QS", "青山信用社"), 2: ("BH", "白河信用社")}
    code, name = known.get(number, (f"YS{number:02d}", f"演示第{number}信用社"))
    return Institution(code, name)


def _office(folder: Path, number: int, assets: int, progress: Progress) -> OfficeResult:
    institution = _institution(number)
    path = folder / "books" / f"{institution.name}.wuji"

    def tell(done: int, total: int, text: str) -> None:
        progress(done, total, f"{institution.name}：{text}")

    passphrase = _passphrase(folder, institution)
    with Book.create(path, institution, offices.BASE_DATE) as book:
        offices.add_people(book)
        create_key(book, passphrase, by=offices.HEAD)
        _fill(book, number, assets, tell)
        offices.finish(book, tell)
        out = folder / "exports" / institution.name
        _write_check_list(book, out)
        made = export_period(book, out, passphrase, by=offices.HEAD, progress=tell)
        verification = verify_package(made.package)
        classes = {row.suggested.label: 0 for row in book.rows() if row.suggested}
        for row in book.rows():
            if row.suggested:
                classes[row.suggested.label] += 1
        return OfficeResult(
            name=institution.name,
            book=path,
            rows=sum(classes.values()),
            classes=classes,
            seal_code=made.seal_code,
            files=made.files,
            package=made.package,
            verified=verification.holds,
        )


def _fill(book: Book, number: int, assets: int, tell: Progress) -> None:
    if number == 1:
        offices.fill_from_listings(book, tell)
    elif number == 2:
        offices.fill_from_cases(book)
    else:
        offices.fill_at_random(book, assets, number)


def _passphrase(folder: Path, institution: Institution) -> str:
    """A fresh passphrase, kept beside the books so that the visitor can seal again."""
    passphrase = secrets.token_urlsafe(12)
    file = folder / "books" / f"{institution.name}-口令.txt"
    file.write_text(passphrase + "\n", encoding="utf-8")
    return passphrase


def _write_check_list(book: Book, out: Path) -> None:
    """The check list as it stood before sealing: every line, kept ones with their reason."""
    out.mkdir(parents=True, exist_ok=True)
    lines = [
        {
            "id": finding.id,
            "row": finding.row_id,
            "code": finding.code,
            "severity": finding.severity,
            "message": finding.message,
            "kept": finding.kept.reason if finding.kept else None,
        }
        for finding in check_book(book)
    ]
    text = json.dumps(lines, ensure_ascii=False, indent=1)
    (out / CHECK_LIST).write_text(text + "\n", encoding="utf-8")

"""The whole campaign without a window: books, papers, packages, each verified."""

from __future__ import annotations

import csv
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.book.book import Book
from app.book.checks import check_book, check_list
from app.book.keys import create_key
from app.book.types import Institution
from app.demo import offices
from app.errors import KnownError
from app.forms.classes import FiveClass
from app.package.exporting import export_period
from app.package.verify import verify_package

Progress = Callable[[int, int, str], None]
CHECK_LIST, KEPT_WARNINGS = "check-list.csv", "kept-warnings.csv"
CHECK_COLUMNS = ("关系表达式", "校验类别", "校验结果", "左值", "右值", "差值", "保留理由")


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
        lists = _write_check_list(book, out)
        made = export_period(book, out, passphrase, by=offices.HEAD, progress=tell)
        verification = verify_package(made.package)
        found = Counter(row.suggested for row in book.rows())
        classes = {five.label: found[five] for five in FiveClass if found[five]}
        return OfficeResult(
            name=institution.name,
            book=path,
            rows=sum(classes.values()),
            classes=classes,
            seal_code=made.seal_code,
            files=[*lists, *made.files],
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


def _write_check_list(book: Book, out: Path) -> list[Path]:
    """The check list as it stood before sealing: every relation, and every kept warning."""
    out.mkdir(parents=True, exist_ok=True)
    findings = check_book(book)
    reasons = {f.relation: f.kept.reason for f in findings if f.relation and f.kept}
    relations, warnings = out / CHECK_LIST, out / KEPT_WARNINGS
    with relations.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(CHECK_COLUMNS)
        for line in check_list(book):
            kept = reasons.get(line.relation, "")
            result = "相符" if line.holds else "保留" if kept else "不符"
            sides = (line.left, line.right, line.difference)
            lines.writerow((line.relation, line.category, result, *sides, kept))
    with warnings.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("编号", "附表", "资产", "内容", "保留理由"))
        for one in findings:
            kept = one.kept.reason if one.kept else ""
            lines.writerow((one.id, one.table_id, one.row_id, one.message, kept))
    return [relations, warnings]

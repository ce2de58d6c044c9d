"""What an office of the demonstration does, step by step."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from app.book.book import Book
from app.book.checks import check_book, check_list
from app.book.keys import create_key
from app.demo import offices
from app.demo.evidence import picture
from app.demo.places import NEXT_DATE, Office, OfficeResult, Progress, new_passphrase
from app.forms.classes import FiveClass
from app.package.exporting import export_period
from app.package.receiving import receive_answer
from app.package.verify import verify_package

CHECK_LIST, KEPT_WARNINGS = "check-list.csv", "kept-warnings.csv"
CHECK_COLUMNS = ("关系表达式", "校验类别", "校验结果", "左值", "右值", "差值", "保留理由")


def submit(office: Office, assets: int, tell: Progress) -> OfficeResult:
    """The book filled, its papers made, its package sealed and verified."""
    passphrase = new_passphrase(office.folder, office.institution)
    with Book.create(office.book, office.institution, offices.BASE_DATE) as book:
        offices.add_people(book)
        create_key(book, passphrase, by=offices.HEAD)
        _fill(book, office.number, assets, tell)
        offices.finish(book, tell)
        lists = _write_check_list(book, office.exports)
        made = export_period(book, office.exports, passphrase, by=offices.HEAD, progress=tell)
        verification = verify_package(made.package)
        found = Counter(row.suggested for row in book.rows())
    classes = {five.label: found[five] for five in FiveClass if found[five]}
    return OfficeResult(
        name=office.institution.name,
        book=office.book,
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


def take_answer(office: Office, answer: Path, tell: Progress) -> None:
    """A receipt or a decision comes in."""
    tell(0, 0, "接收联社的答复")
    with Book.open(office.book) as book:
        receive_answer(book, answer, by=offices.HEAD)


def correct(book: Book, row_id: str) -> None:
    """The clerk completes what the union asked for; the accountant confirms it again."""
    row = book.row(row_id)
    remarks = f"{row.values.get('remarks') or ''}经办人已说明原因，手续正在补办。"
    book.set_values(row_id, {"remarks": remarks}, by=offices.PREPARER, why="按联社要求补正")
    paper = "主管部门出具的证明"
    content = (picture(paper, book.institution.name), f"{paper}.png", paper)
    book.attach_contents(row_id, [content], by=offices.PREPARER)
    book.confirm([row_id], by=offices.ACCOUNTANT)


def send_again(office: Office, tell: Progress) -> Path:
    """The package that supersedes the first one."""
    return _export(office, office.again, tell)


def _export(office: Office, out: Path, tell: Progress) -> Path:
    with Book.open(office.book) as book:
        made = export_period(book, out, office.passphrase(), by=offices.HEAD, progress=tell)
    return made.package


def finish_period(office: Office, tell: Progress) -> list[Path]:
    """The papers of what was determined, and the next period opened."""
    decided = report_decided(office, tell)
    open_next(office, tell)
    return decided


def report_decided(office: Office, tell: Progress) -> list[Path]:
    """Summary, register and table 2 with what was determined."""
    from app.papers.register_file import write_register
    from app.papers.report_export import export_big_losses
    from app.papers.summary_export import export_summary

    out, passphrase = office.decided, office.passphrase()
    register = out / "register.xlsx"
    with Book.open(office.book, write=False) as book:
        sheets = export_big_losses(book, out, passphrase, progress=tell).files
        write_register(book, register, progress=tell)
        names = [path.name for path in (register, *sheets)]
        made = export_summary(book, out, passphrase, beside=names, progress=tell)
    return [*made.files, register, *sheets]


def open_next(office: Office, tell: Progress) -> None:
    """The second period, with what the first one hands on."""
    tell(0, 0, "结转到下一期")
    with Book.open(office.book) as book:
        book.add_period(NEXT_DATE, carry_forward=True, by=offices.HEAD)


def export_next(office: Office, tell: Progress) -> Path:
    """The second period filled in, sealed and packed."""
    with Book.open(office.book) as book:
        offices.fill_again(book, tell)
        offices.finish(book, tell)
    return _export(office, office.next, tell)


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

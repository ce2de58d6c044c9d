"""Commands about reports: summary, register."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.common import (
    book_argument,
    json_option,
    opened,
    passphrase_from,
    passphrase_option,
    print_json,
    progress_shown,
)
from app.cli.errors import EXIT_DONE, EXIT_PROBLEMS
from app.cli.params import FILE, FOLDER, Place, Word

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.indicators import Indicators
    from app.book.migration import Migration
    from app.book.summary import SummaryRow
    from app.intake.register_import import RegisterReport

MONEY = Word({"元": "元", "yuan": "元", "万元": "万元", "wan": "万元"})
RATE = Word({"%": "%", "percent": "%", "小数": "小数", "比率": "小数", "ratio": "小数"})


@click.command(short_help="汇总表、轧差前汇总表、指标和迁徙表")
@book_argument
@click.argument("out", metavar="OUT_DIR", type=FOLDER, help="放汇总表的文件夹。")
@passphrase_option
@json_option
def summary(path: Place, out: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """写出汇总表、轧差前汇总表、指标和迁徙表：签名的 PDF 和带公式的 XLSX。"""
    from app.papers.summary_export import export_summary

    with opened(path, write=False) as book, progress_shown("汇总") as progress:
        passphrase = passphrase_from(passphrase_file)
        made = export_summary(book, out, passphrase, progress=progress)
        if as_json:
            print_json(_summary_plain(book, made.files))
            return
    for file in made.files:
        click.echo(str(file))
    for part in made.paper.parts:
        total = part.summary.total
        click.echo(
            f"{part.title}：{total.count}笔，{total.classified:,.2f}元，"
            f"不良{total.non_performing:,.2f}元"
        )


def _summary_plain(book: Book, files: list[Path]) -> dict[str, Any]:
    """The figures of the summary as plain data: amounts as strings in yuan."""
    from app.book.indicators import indicators
    from app.book.migration import migration
    from app.book.summary import consolidated_summary
    from app.papers.summary_from_book import stages_with_opinions

    stages = stages_with_opinions(book)
    moved = migration(book, stages[-1])
    return {
        "files": [str(file) for file in files],
        "stages": {
            stage: {
                name: [
                    _line(line) for line in consolidated_summary(book, stage, netted=netted).lines
                ]
                for name, netted in (("summary", True), ("base", False))
            }
            for stage in stages
        },
        "indicators": [
            _indicators(line)
            for sheet in [indicators(book, stages[-1])]
            for line in (*sheet.lines, sheet.total)
        ],
        "migration": moved and _migration(moved),
    }


def _line(line: SummaryRow) -> dict[str, Any]:
    return {
        "key": line.key,
        "title": line.title,
        "balance": f"{line.balance:.2f}",
        "classified": f"{line.classified:.2f}",
        "difference": None if line.difference is None else f"{line.difference:.2f}",
        "classes": {five.value: f"{amount:.2f}" for five, amount in line.classes.items()},
        "unreviewed": f"{line.unreviewed:.2f}",
        "expected_loss": f"{line.expected_loss:.2f}",
        "count": line.count,
    }


def _indicators(line: Indicators) -> dict[str, Any]:
    from app.forms.values import ratio_text

    coverage = line.coverage
    return {
        "table": line.key,
        "count": line.all.count,
        "amount": f"{line.all.amount:.2f}",
        "non_performing": f"{line.bad.amount:.2f}",
        "non_performing_ratio": ratio_text(line.non_performing_ratio),
        "expected_loss": f"{line.all.loss:.2f}",
        "loss_rate": ratio_text(line.loss_rate),
        "provisions": f"{line.provisions:.2f}",
        "coverage_base": line.base,
        "coverage": None if coverage is None else ratio_text(coverage),
    }


def _migration(moved: Migration) -> dict[str, Any]:
    from app.forms.values import ratio_text

    def name(five: Any) -> str:
        return five.value if five else "open"

    return {
        "cells": [
            {
                "before": name(before),
                "now": name(now),
                "count": cell.count,
                "amount_before": f"{cell.before:.2f}",
                "amount_now": f"{cell.now:.2f}",
            }
            for (before, now), cell in moved.stayed.items()
        ],
        "new": {name(now): [cell.count, f"{cell.now:.2f}"] for now, cell in moved.new.items()},
        "gone": {name(was): [cell.count, f"{cell.before:.2f}"] for was, cell in moved.gone.items()},
        "downward_rate": ratio_text(moved.downward_rate),
        "downward_count_rate": ratio_text(moved.downward_count_rate),
    }


@click.command(short_help="导出分类登记簿（29栏），XLSX 或 CSV")
@book_argument
@click.argument("out", metavar="OUT.xlsx|csv", type=FILE, help="要生成的登记簿，.xlsx 或 .csv。")
@click.option(
    "--money-unit", type=MONEY, metavar="U", default="元", help="金额单位：元或万元（默认元）。"
)
@click.option(
    "--rate-unit", type=RATE, metavar="U", default="%", help="损失率单位：%或小数（默认%）。"
)
@click.option("--union-code", default="", metavar="CODE", help="法人联社号。")
@json_option
def register(
    path: Place, out: Path, money_unit: str, rate_unit: str, union_code: str, as_json: bool
) -> None:
    """导出非信贷资产五级分类登记簿，29栏，金额和比率的单位写在表上。"""
    from app.papers.register_file import RegisterUnits, write_register

    units = RegisterUnits(money_unit, rate_unit)
    with opened(path, write=False) as book, progress_shown("登记簿") as progress:
        count = write_register(book, out, units=units, union_code=union_code, progress=progress)
    if as_json:
        plain = {"register": str(out), "rows": count}
        print_json(plain | {"money_unit": money_unit, "rate_unit": rate_unit})
        return
    click.echo(f"已写出{out}：{count}笔，{units.words()}。")


def import_register_file(book: Book, source: Path, by: str, as_json: bool, progress: Any) -> int:
    """Takes a register in and tells what came of it; the exit status."""
    from app.book.register_columns import COLUMNS
    from app.intake.register import recognise_register
    from app.intake.register_import import import_register
    from app.intake.workbook import read_sheets

    listing = recognise_register(
        read_sheets(source),
        book.ruleset,
        institution=book.institution,
        base_date=book.period.base_date,
        chart=book.chart(),
    )
    report = import_register(book, listing, by=by, progress=progress)
    if as_json:
        from app.cli.checking import finding_plain

        plain: dict[str, Any] = {
            "tables": {part.table_id: len(part.rows) for part in listing.parts},
            "added": report.added,
            "filled": report.filled,
            "unchanged": report.unchanged,
            "mapping": [
                {"address": c.address, "printed": c.printed, "column": c.field}
                for c in listing.columns
            ],
            "notes": list(report.notes),
            "problems": [finding_plain(finding) for finding in report.findings],
        }
        print_json(plain)
    else:
        for column in listing.columns:
            meant = COLUMNS[column.field] if column.field else "原样保留"
            click.echo(f"{column.address}  {column.printed} → {meant}")
        _tell_register(report)
    return EXIT_PROBLEMS if report.contradicted else EXIT_DONE


def _tell_register(report: RegisterReport) -> None:
    from app.cli.checking import finding_line

    for note in report.notes:
        click.echo(note)
    for finding in report.findings:
        click.echo(finding_line(finding))
    click.echo(
        f"新增{len(report.added)}笔，补填{len(report.filled)}笔，没有变动{report.unchanged}笔。"
    )

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
from app.cli.params import FOLDER

if TYPE_CHECKING:
    from app.book.indicators import Indicators
    from app.book.migration import Migration
    from app.book.summary import SummaryRow


@click.command(short_help="汇总表、轧差前汇总表、指标和迁徙表")
@book_argument
@click.argument("out", metavar="OUT_DIR", type=FOLDER, help="放汇总表的文件夹。")
@passphrase_option
@json_option
def summary(path: Path, out: Path, passphrase_file: Path | None, as_json: bool) -> None:
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


def _summary_plain(book: Any, files: list[Path]) -> dict[str, Any]:
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

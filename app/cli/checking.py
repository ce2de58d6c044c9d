"""Commands about problems: check the book, keep a warning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.common import BOOK, as_option, json_option, opened, print_json, worker_of
from app.cli.errors import EXIT_DONE, EXIT_PROBLEMS

if TYPE_CHECKING:
    from app.book.types import Finding

_SEVERITY = {"error": "错误", "warning": "警告"}


def finding_plain(finding: Finding) -> dict[str, Any]:
    """A finding as plain data, with the six columns of a check list."""
    return {
        "id": finding.id,
        "row": finding.row_id,
        "table": finding.table_id,
        "field": finding.field,
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "way_out": finding.way_out,
        "kept": finding.kept.reason if finding.kept else None,
        "relation": finding.relation,
        "category": finding.category,
        "result": "保留" if finding.kept else "不符",
        "left": _text(finding.left),
        "right": _text(finding.right),
        "difference": _text(finding.difference),
    }


def _text(figure: Any) -> str | None:
    return None if figure is None else str(figure)


def finding_line(finding: Finding) -> str:
    """A finding as one line: id, where, what, what to do."""
    place = " ".join(filter(None, (finding.table_id, finding.row_id)))
    kept = f" 〔已保留：{finding.kept.reason}〕" if finding.kept else ""
    severity = _SEVERITY[finding.severity]
    head = f"{finding.id}  {severity} {finding.code}  {place or '全账套'}"
    return f"{head}  {finding.message}{finding.way_out}{kept}"


def still_open(findings: list[Finding]) -> list[Finding]:
    """What blocks sealing: errors, and warnings nobody has kept."""
    return [f for f in findings if f.severity == "error" or f.kept is None]


@click.command(short_help="检查全部：字段、表间、与总账核对")
@click.argument("path", metavar="BOOK", type=BOOK)
@json_option
def check(path: Path, as_json: bool) -> int:
    """检查全部：字段、表间、与总账核对。"""
    from app.book.checks import check_book

    with opened(path, write=False) as book:
        findings = check_book(book)
    blocking = still_open(findings)
    if as_json:
        print_json([finding_plain(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(finding_line(finding))
        errors = sum(f.severity == "error" for f in blocking)
        click.echo(f"共{errors}个错误、{len(blocking) - errors}个未说明的警告。")
    return EXIT_PROBLEMS if blocking else EXIT_DONE


@click.command(short_help="说明理由，保留一个警告")
@click.argument("path", metavar="BOOK", type=BOOK)
@click.argument("problem")
@click.option("--reason", required=True, help="理由。")
@click.option("--note", default="", help="补充说明。")
@as_option
def keep(path: Path, problem: str, reason: str, note: str, person: str) -> None:
    """说明理由，保留一个警告（PROBLEM 是 wuji check 列出的编号）。"""
    with opened(path) as book:
        book.keep(problem, reason, by=worker_of(book, person), note=note)
    click.echo(f"已保留 {problem}：{reason}")

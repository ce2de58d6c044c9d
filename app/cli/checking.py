"""Commands about problems: check the book, keep a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from app.cli.common import (
    as_option,
    book_argument,
    json_option,
    needed_worker,
    opened,
    print_json,
)
from app.cli.errors import EXIT_DONE, EXIT_PROBLEMS
from app.cli.params import Place

if TYPE_CHECKING:
    from app.book.types import Finding

_SEVERITY = {"error": "错误", "warning": "警告"}
_ENDS = ("。", "！", "？", "）。")


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
    table = f"附表{finding.table_id}" if finding.table_id else ""
    place = " ".join(filter(None, (table, finding.row_id)))
    kept = f" 〔已保留：{finding.kept.reason}〕" if finding.kept else ""
    severity = _SEVERITY[finding.severity]
    message = finding.message if finding.message.endswith(_ENDS) else f"{finding.message}。"
    return f"{finding.id}  {severity}  {place or '全账套'}  {message}{finding.way_out}{kept}"


@click.command(short_help="检查全部：字段、表间、与总账核对")
@book_argument
@json_option
def check(path: Place, as_json: bool) -> int:
    """检查全部：字段、表间、与总账核对。"""
    from app.book.checks import blocking, check_book

    with opened(path, write=False) as book:
        findings = check_book(book)
    found = blocking(findings)
    if as_json:
        print_json([finding_plain(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(finding_line(finding))
        errors = sum(f.severity == "error" for f in found)
        click.echo(_conclusion(errors, len(found) - errors, len(findings) - len(found)))
    return EXIT_PROBLEMS if found else EXIT_DONE


def _conclusion(errors: int, warnings: int, kept: int) -> str:
    told = f"（另有{kept}个警告已说明理由）" if kept else ""
    if not errors and not warnings:
        return f"检查完毕，没有要处理的问题{told}。"
    return f"还有{errors}个错误要改、{warnings}个警告要说明理由{told}。"


@click.command(short_help="说明理由，保留一个警告")
@book_argument
@click.argument("problem", metavar="PROBLEM", help="wuji check 列出的编号。")
@click.option("--reason", required=True, metavar="R", help="理由。")
@click.option("--note", default="", metavar="N", help="补充说明。")
@as_option
@json_option
def keep(path: Place, problem: str, reason: str, note: str, person: str, as_json: bool) -> None:
    """说明理由，保留一个警告；所涉及的数改动后要重新说明。"""
    with opened(path) as book:
        by = needed_worker(book, person, "preparer")
        kept = book.keep(problem, reason, by=by, note=note)
    if as_json:
        print_json({"id": kept.finding_id, "reason": kept.reason, "note": kept.note, "by": by})
        return
    click.echo(f"已保留 {kept.finding_id}：{kept.reason}")

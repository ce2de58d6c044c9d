"""Commands about rows: import, fill, list, confirm, attach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.common import (
    as_option,
    as_required,
    book_argument,
    json_option,
    needed_worker,
    opened,
    print_json,
    progress_shown,
    worker_of,
)
from app.cli.errors import EXIT_DONE, EXIT_PROBLEMS, InputError
from app.cli.params import FILE, Count, Place
from app.forms.results import UNANSWERED

if TYPE_CHECKING:
    from app.book.big_losses import BigLossSheet
    from app.book.book import Book
    from app.book.types import Finding, Row
    from app.forms.table import Table
    from app.intake.balances import BalanceLine
    from app.intake.types import ImportReport, Listing

MOST_UNKNOWN = 20
"""How many subjects are listed that the chart does not know."""
BIG_LOSSES = "2"


@click.command("import", short_help="导入清单、模板、总账余额或分类登记簿")
@book_argument
@click.argument("source", metavar="FILE", type=FILE, help="清单、模板：.xlsx .xls .ods .csv。")
@click.option("--table", "table_id", default=None, metavar="T", help="认定表，如 1-8。")
@click.option("--subject", default=None, metavar="S", help="清单没有科目栏时的核算科目。")
@click.option(
    "--balances",
    is_flag=True,
    help="这是总账科目余额表；加 --subject 和 --table，把其中一个科目列入科目表。",
)
@click.option("--register", is_flag=True, help="这是分类登记簿（29栏）。")
@as_option
@json_option
def import_file(
    path: Place,
    source: Path,
    table_id: str | None,
    subject: str | None,
    balances: bool,
    register: bool,
    person: str,
    as_json: bool,
) -> int:
    """导入清单、模板或总账余额；有读不出的格子时一笔也不写。"""
    with opened(path) as book, progress_shown(f"读取 {source.name}") as progress:
        by = needed_worker(book, person, "preparer")
        if balances:
            own = _own_subject(book, table_id, subject)
            return _import_balances(book, source, own, by, as_json)
        if register:
            from app.cli.reports import import_register_file

            return import_register_file(book, source, by, as_json, progress)
        return _import_listing(book, source, (table_id, subject), by, as_json, progress)


def _own_subject(book: Book, table_id: str | None, code: str | None) -> dict[str, str]:
    """The subject that the chart is to know from now on, with its table."""
    if not table_id and not code:
        return {}
    if not table_id or not code:
        raise InputError(
            "把余额表里的科目列入科目表，请同时写明科目和认定表：--subject 1399 --table 1-5。"
        )
    known = {subject.code: subject.table for subject in book.own_subjects()}
    return {} if known.get(code) == table_id else {code: table_id}


def _import_balances(book: Book, source: Path, own: dict[str, str], by: str, as_json: bool) -> int:
    from app.intake.balances import import_balances, read_balances

    listing = read_balances(source, book.period.base_date, institution=book.institution.name)
    report = import_balances(book, listing, by=by, own=own)
    if as_json:
        unknown = [
            {"code": one.code, "name": one.name, "debit": str(one.debit), "credit": str(one.credit)}
            for one in report.unknown
        ]
        print_json({"balances": report.balances, "notes": list(report.notes), "unknown": unknown})
        return EXIT_DONE
    for note in report.notes:
        click.echo(note)
    for line in _unknown_lines(report.unknown):
        click.echo(line)
    for code, table in own.items():
        click.echo(f"已把{code} {book.chart()[code].name}列入科目表，属于附表{table}。")
    click.echo(f"已导入{report.balances}个科目的余额。")
    return EXIT_DONE


def _unknown_lines(unknown: Sequence[BalanceLine]) -> Iterator[str]:
    """The subjects that were left out, and how one of them is taken into the chart."""
    if not unknown:
        return
    for one in unknown[:MOST_UNKNOWN]:
        sides = (("借", one.debit), ("贷", one.credit))
        amounts = "  ".join(f"{side} {amount:,.2f}" for side, amount in sides if amount)
        yield f"  {one.code} {one.name}  {amounts}".rstrip()
    if len(unknown) > MOST_UNKNOWN:
        yield f"  ……另有{len(unknown) - MOST_UNKNOWN}个（--json 列出全部）"
    yield f"列入科目表：在同一条命令后面加上 --subject {unknown[0].code} --table 认定表（如 1-5）。"


def _import_listing(
    book: Book,
    source: Path,
    wanted: tuple[str | None, str | None],
    by: str,
    as_json: bool,
    progress: Any,
) -> int:
    from app.intake.listing import import_listing, recognise
    from app.intake.workbook import read_sheets

    table_id, subject = wanted
    day = book.period.base_date
    sheets = read_sheets(source)
    listing = recognise(
        sheets,
        book.ruleset,
        table=table_id,
        subject=subject,
        base_date=day,
        institution=book.institution.name,
        chart=book.chart(),
    )
    report = import_listing(book, listing, by=by, progress=progress)
    mapping = [
        {"address": m.address, "printed": m.printed, "field": m.field} for m in listing.mapping
    ]
    if as_json:
        from app.cli.checking import finding_plain

        print_json(
            {
                "table": listing.table_id,
                "rows": report.rows,
                "mapping": mapping,
                "notes": list(report.notes),
                "problems": [finding_plain(finding) for finding in report.findings],
            }
        )
    else:
        _print_import(listing, report, book.ruleset.table(listing.table_id))
    return EXIT_PROBLEMS if report.contradicted else EXIT_DONE


def _print_import(listing: Listing, report: ImportReport, table: Table) -> None:
    from app.cli.checking import finding_line

    for match in listing.mapping:
        label = f"{table.fields[match.field].label}（{match.field}）" if match.field else "原样保留"
        click.echo(f"{match.address}  {match.printed} → {label}")
    for note in report.notes:
        click.echo(note)
    for finding in report.findings:
        click.echo(finding_line(finding))
    click.echo(f"已导入附表{listing.table_id} {report.rows}笔。")


@click.command(short_help="按编号成批填写字段、底稿文字、初分意见")
@book_argument
@click.argument("source", metavar="FILE.json|xlsx", type=FILE, help="要填的内容，按 id。")
@as_required
@json_option
def fill(path: Place, source: Path, person: str, as_json: bool) -> int:
    """按编号成批填写字段、底稿文字、初分意见。"""
    from app.cli.checking import finding_line, finding_plain
    from app.intake.fill import fill_book, read_fill
    from app.intake.ledger import ledger_in, read_ledger

    with opened(path) as book:
        by = worker_of(book, person)
        ledger = read_ledger(source)
        entries = [] if ledger else read_fill(source, book.ruleset)
        if ledger := ledger or ledger_in(entries):
            return _fill_ledger(book, ledger, len(entries), by, source, as_json)
        rows = fill_book(book, entries, by=by, source=source.name)
        unfinished = sum(1 for row in rows if row.errors)
        wrong = [finding for row in rows for finding in _wrong(book, row)]
    if as_json:
        problems = [finding_plain(finding) for finding in wrong]
        print_json({"rows": len(rows), "rows_with_errors": unfinished, "problems": problems})
    else:
        for finding in wrong:
            click.echo(finding_line(finding))
        left = f"，其中{unfinished}笔还有错误或未填的字段" if unfinished else ""
        click.echo(f"已填写{len(rows)}笔{left}。")
    return EXIT_PROBLEMS if wrong else EXIT_DONE


def _fill_ledger(
    book: Book, given: list[Any], entries: int, by: str, source: Path, as_json: bool
) -> int:
    from app.book.followups import set_followups

    if entries and entries != len(given):
        raise InputError(f"{source.name}：台账的内容请单独写一个文件，不要和资产的写在一起。")
    changed = set_followups(book.store, given, by=by, why=f"导入 {source.name}")
    if as_json:
        print_json({"rows": len(given), "changed": changed})
    else:
        click.echo(f"台账：看过{len(given)}笔，改动{changed}笔。")
    return EXIT_DONE


def _wrong(book: Book, row: Row) -> list[Finding]:
    """The errors of a row; what is merely unanswered is none."""
    from app.book.checks import row_findings

    found = row_findings(book, row.id)
    return [one for one in found if one.severity == "error" and one.code != UNANSWERED]


def flat_row(book: Book, row: Row) -> dict[str, Any]:
    """A row as one flat object: every field key, class, stage and problems."""
    evaluation = book.evaluate(row)
    values = {key: row.values.get(key) for key in evaluation.table.fields}
    values |= {key: None for key in values if key not in evaluation.asked}
    from app.forms.values import stored_value

    for key, typed in evaluation.typed.items():
        values[key] = stored_value(evaluation.table.fields[key], typed)
    return values | {
        "id": row.id,
        "table": row.table_id,
        "seq": row.seq,
        "class": evaluation.suggested.value if evaluation.suggested else None,
        "at_least": evaluation.at_least.value,
        "stage": row.stage,
        "problems": [
            {"field": p.field, "code": p.code, "severity": p.severity, "message": p.message}
            for p in evaluation.problems
        ],
    }


@click.command("list", short_help="列出资产及其类别、阶段和问题")
@book_argument
@click.option("--table", "table_id", default=None, metavar="T", help="认定表，如 1-8。")
@click.option(
    "--sample", type=Count(1, 1_000_000), default=None, help="联社随机抽几笔复核；抽法记入账套。"
)
@click.option("--seed", default="", metavar="S", help="抽样种子：同一种子抽出同样几笔。")
@as_option
@json_option
def list_rows(
    path: Place, table_id: str | None, sample: int | None, seed: str, person: str, as_json: bool
) -> None:
    """列出资产及其类别、阶段和问题；联社可以随机抽样。"""
    from app.cli.tables import table_of

    if seed and sample is None:
        raise InputError("--seed 是抽样用的，请同时写 --sample 和笔数。")
    with opened(path, write=sample is not None) as book:
        if table_id:
            table_of(book.ruleset, table_id)
        if sample is not None:
            _list_sample(book, sample, seed, table_id or "", person, as_json)
        elif table_id == BIG_LOSSES:
            _list_sheets(book, as_json)
        elif as_json:
            print_json([flat_row(book, row) for row in book.rows(table_id)])
        else:
            for row in book.rows(table_id):
                click.echo(_row_line(book, row))
            click.echo(f"共{book.row_count(table_id)}笔。")


def _list_sample(
    book: Book, size: int, seed: str, table_id: str, person: str, as_json: bool
) -> None:
    from app.union.queue import draw_sample

    by = worker_of(book, person, "working_group")
    drawn = draw_sample(book, size, by=by, seed=seed, table_id=table_id)
    found = (book.row(row_id) for row_id in drawn.row_ids)
    if as_json:
        told = {"sample": drawn.id, "seed": drawn.seed}
        print_json([flat_row(book, row) | told for row in found])
        return
    for row in found:
        click.echo(_row_line(book, row))
    click.echo(f"第{drawn.id}次抽样：{drawn.size}笔，种子{drawn.seed}，已记入账套。")


def _list_sheets(book: Book, as_json: bool) -> None:
    sheets = book.big_losses()
    if as_json:
        print_json([flat_sheet(book, sheet) for sheet in sheets])
        return
    for sheet in sheets:
        missing = f"  错误{len(sheet.problems)}" if sheet.problems else ""
        click.echo(f"{sheet.row_id}  附表2  {sheet.values.get('name') or '未命名'}{missing}")
    click.echo(f"共{len(sheets)}张。")


def flat_sheet(book: Book, sheet: BigLossSheet) -> dict[str, Any]:
    """A sheet of table 2 as one flat object, like a row."""
    row = sheet.row
    values = {key: sheet.values.get(key) for key in book.ruleset.table(BIG_LOSSES).fields}
    suggested = row.suggested.value if row.suggested else None
    return values | {
        "id": row.id,
        "table": BIG_LOSSES,
        "class": suggested,
        "stage": row.stage,
        "problems": [
            {"field": p.field, "code": p.code, "severity": p.severity, "message": p.message}
            for p in sheet.problems
        ],
    }


def _row_line(book: Book, row: Row) -> str:
    from app.book.types import STAGES
    from app.forms.classes import BY_CODE

    amount = row.values.get("carrying_amount") or "金额未填"
    label = row.suggested.label if row.suggested else f"未定（至少{row.at_least.label}）"
    errors = f"  错误{row.errors}" if row.errors else ""
    warnings = f"  警告{row.warnings}" if row.warnings else ""
    name = book.evaluate(row).typed.get("name") or "未命名"
    parts = (row.id, row.table_id, str(name), amount, label)
    given = row.values.get("determined_class")
    other = f"（{BY_CODE[given].label}）" if given and BY_CODE[given] is not row.suggested else ""
    return "  ".join((*parts, STAGES[row.stage])) + other + errors + warnings


@click.command(short_help="会计确认")
@book_argument
@click.argument("assets", metavar="[ASSET...]", nargs=-1, help="编号，或 TABLE:资产编号。")
@as_required
@json_option
def confirm(path: Place, assets: tuple[str, ...], person: str, as_json: bool) -> None:
    """会计确认；不写资产时确认全部已初分的。"""
    with opened(path) as book:
        by = worker_of(book, person)
        rows = [book.find_row(asset).id for asset in assets] if assets else None
        count = book.confirm(rows, by=by)
    if as_json:
        print_json({"confirmed": count, "by": by})
        return
    nothing = "没有要确认的资产：填报完整、由别人初分的才能确认。"
    click.echo(f"{by}确认了{count}笔。" if count else nothing)


@click.command(short_help="把资料附到底稿")
@book_argument
@click.argument("asset", metavar="ASSET", help="编号，或 TABLE:资产编号，如 1-8:GZ001。")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE, help="资料文件。")
@click.option("--paper", default="", metavar="P", help="这是哪一种资料，如 产权证。")
@as_option
@json_option
def attach(
    path: Place, asset: str, files: tuple[Path, ...], paper: str, person: str, as_json: bool
) -> None:
    """把资料附到底稿；有一份读不出来，就一份也不附。"""
    with opened(path) as book:
        row = book.find_row(asset)
        by = needed_worker(book, person, "preparer")
        added = book.attach_files(row.id, files, by=by, paper=paper)
    if as_json:
        print_json([{"row": a.row_id, "name": a.name, "sha256": a.sha256} for a in added])
        return
    click.echo(f"已给 {row.id} 附上{len(added)}份资料。")

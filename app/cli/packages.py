"""Commands about papers and packages: export, verify."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from app.cli.common import (
    as_option,
    book_argument,
    json_option,
    needed_worker,
    opened,
    passphrase_from,
    passphrase_option,
    print_json,
    progress_shown,
)
from app.cli.errors import EXIT_DONE, EXIT_PROBLEMS, InputError
from app.cli.params import FILE, FOLDER, Place

PARTS = ("forms", "summary", "report", "package")
_KNOWN = "本机登记过这把密钥"
_UNKNOWN = "本机没有登记对方的密钥，请与对方核对这个短码"


def _parts(only: str) -> tuple[str, ...]:
    wanted = tuple(part.strip() for part in only.split(",") if part.strip()) or PARTS
    for part in wanted:
        if part not in PARTS:
            raise InputError(f"--only 不认识“{part}”，可选：{'、'.join(PARTS)}。")
    return wanted


@click.command(short_help="导出盖章的表和底稿、汇总、报告，封成上报文件包")
@book_argument
@click.argument("out", metavar="OUT_DIR", type=FOLDER, help="放导出文件的文件夹。")
@click.option(
    "--only", default="", metavar="PARTS", help="只导出其中几样：forms,summary,report,package。"
)
@passphrase_option
@as_option
@json_option
def export(
    path: Place, out: Path, only: str, passphrase_file: Path | None, person: str, as_json: bool
) -> int:
    """导出盖章的表和底稿、汇总、报告，封成上报文件包；有错误未改时不封。没有封印的一期，只导出表是草稿。"""
    from app.package.exporting import SealingRefusedError, export_period

    wanted = _parts(only)
    with opened(path) as book, progress_shown("导出") as progress:
        by = needed_worker(book, person, "leading_group" if book.is_union else "head")
        passphrase = passphrase_from(passphrase_file)
        unsealed = "联社的汇总和报告不封印。" if book.is_union else "这些是草稿，还没有封印。"
        try:
            made = export_period(book, out, passphrase, by=by, parts=wanted, progress=progress)
        except SealingRefusedError as refused:
            return _print_refusal(refused, as_json)
    if as_json:
        files = [str(file) for file in made.files]
        print_json({"seal_code": made.seal_code, "files": files, "notes": made.notes})
    else:
        for line in (*map(str, made.files), *made.notes):
            click.echo(line)
        click.echo(f"封印码 {made.seal_code}" if made.seal_code else unsealed)
    return EXIT_DONE


def _print_refusal(refused: Exception, as_json: bool) -> int:
    from app.cli.checking import finding_line, finding_plain

    findings = getattr(refused, "findings", [])
    if as_json:
        print_json({"refused": [finding_plain(finding) for finding in findings]})
        return EXIT_PROBLEMS
    for finding in findings:
        click.echo(finding_line(finding))
    click.echo(str(refused), err=True)
    return EXIT_PROBLEMS


@click.command(short_help="检验文件包：是否完整、谁签的、有什么")
@click.argument("package", metavar="PACKAGE", type=FILE, help="文件包（.wjz）。")
@json_option
def verify(package: Path, as_json: bool) -> int:
    """检验文件包：是否完整、谁签的、有什么。"""
    from app.package.verify import verify_package

    if not package.is_file():
        raise InputError(f"{package}：没有这个文件。请核对文件名。")
    # No book is open here, so nobody can say whether the key is one that was accepted.
    result = verify_package(package)
    if as_json:
        print_json(result.plain())
    else:
        for line in _verification_lines(result.plain()):
            click.echo(line)
    return EXIT_DONE if result.holds else EXIT_PROBLEMS


def _verification_lines(found: dict[str, Any]) -> list[str]:
    from app.forms.values import amount_text

    lines = ["文件包完整，签名成立。" if found["valid"] else "文件包不成立："]
    lines += [f"  {fault}" for fault in found["faults"]]
    if found["key"]:
        known = _KNOWN if found["known"] else _UNKNOWN
        lines.append(f"签名：{found['signed_by']}，密钥短码 {found['key']}（{known}）")
    if "institution" in found:
        office, totals = found["institution"], found["totals"]
        amount, loss = (
            amount_text(Decimal(totals[key])) for key in ("carrying_amount", "expected_loss")
        )
        lines.append(f"机构：{office['code']} {office['name']}，基准日 {found['base_date']}")
        lines.append(
            f"资产{totals['rows']}笔，账面{amount}元，预计损失{loss}元，附件{totals['attachments']}份"
        )
        lines.append(f"封印码：{found['seal_code']}")
        for one in found.get("kept", []):
            why = "，".join(filter(None, (one["reason"], one.get("note"))))
            lines.append(_printable(f"保留的差异：{one['message']}（{why}）"))
    return lines


def _printable(text: str) -> str:
    """Text from a package, without what would act on a terminal."""
    return "".join(c if c.isprintable() else "□" for c in text)

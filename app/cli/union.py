"""Commands of the county union: collect; and what its answers do at an office: receive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.common import (
    as_option,
    book_argument,
    json_option,
    opened,
    passphrase_from,
    passphrase_option,
    print_json,
    progress_shown,
    worker_of,
)
from app.cli.errors import EXIT_DONE, EXIT_PROBLEMS
from app.cli.params import BOOK, FILE, FOLDER, FilePath, Place

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.keys import SigningKey
    from app.package.receiving import Received
    from app.union.intake import Collected

union_argument = click.argument(
    "path", metavar="UNION_BOOK", type=BOOK, help="联社的账套：文件（.wuji）或数据库地址。"
)

COMPARED = "一致后加 --accept {}。"
"""How the command is told that somebody has compared a key."""


class PackagePath(FilePath):
    """The path of a package, or of a folder with packages."""

    name = "文件包"

    def convert(self, value: Any, param: Any, ctx: Any) -> Path:
        """The path, whatever it is; what can't be taken in is told package by package."""
        return Path(value)


PACKAGE = PackagePath()


@click.command(short_help="联社接收上报包，可同时写回执；不给包时列出各社情况")
@union_argument
@click.argument(
    "packages", metavar="[PACKAGE]...", type=PACKAGE, nargs=-1, help="上报包（.wjz）或其文件夹。"
)
@click.option(
    "--accept", multiple=True, metavar="CODE", help="已与对方核对一致的密钥短码，可重复。"
)
@click.option("--receipts", type=FOLDER, metavar="DIR", default=None, help="把回执写到这个文件夹。")
@passphrase_option
@as_option
@json_option
def collect(
    path: Place,
    packages: tuple[Path, ...],
    accept: tuple[str, ...],
    receipts: Path | None,
    passphrase_file: Path | None,
    person: str,
    as_json: bool,
) -> int:
    """接收信用社的上报包：验签、重新计算、取代旧的；不给包时列出谁报了、到哪一步。"""
    from app.union.intake import packages_in
    from app.union.offices import need_union

    with opened(path, write=bool(packages)) as book:
        need_union(book)
        if not packages:
            return _print_offices(book, as_json)
        key = _key_for(book, receipts, passphrase_file)
        by = worker_of(book, person, "working_group")
        results = []
        with progress_shown("接收") as progress:
            for package in packages_in(packages):
                results.append(_collect_one(book, package, by, accept, receipts, key, progress))
    return _print_collected(results, as_json)


def _key_for(book: Book, receipts: Path | None, passphrase_file: Path | None) -> SigningKey | None:
    from app.book.keys import unlock

    return unlock(book, passphrase_from(passphrase_file)) if receipts is not None else None


def _collect_one(
    book: Book,
    package: Path,
    by: str,
    accept: tuple[str, ...],
    receipts: Path | None,
    key: SigningKey | None,
    progress: Any,
) -> tuple[Collected, Path | None]:
    from app.union.intake import collect as take_in
    from app.union.receipts import write_receipt

    done = take_in(book, package, by=by, accept=accept, progress=progress)
    if not done.taken or receipts is None or key is None:
        return done, None
    return done, write_receipt(book, done, receipts, key, by=by)


def _collected_plain(done: Collected, receipt: Path | None) -> dict[str, Any]:
    office = done.institution
    return {
        "package": str(done.path),
        "taken": done.taken,
        "reason": _reason(done),
        "institution": {"code": office.code, "name": office.name} if office else None,
        "key": done.key_code or None,
        "again": done.again,
        "superseded": done.superseded,
        "rows": done.totals.rows,
        "carrying_amount": f"{done.totals.carrying_amount:.2f}",
        "expected_loss": f"{done.totals.expected_loss:.2f}",
        **{name: done.counts.get(name, 0) for name in ("new", "changed", "unchanged", "gone")},
        "findings": done.findings,
        "receipt": str(receipt) if receipt else None,
    }


def _reason(done: Collected) -> str:
    """Why a package was not taken in, with the way out that the command has."""
    return done.reason + (COMPARED.format(done.key_code) if done.unknown_key else "")


def _print_collected(results: list[tuple[Collected, Path | None]], as_json: bool) -> int:
    if as_json:
        print_json([_collected_plain(done, receipt) for done, receipt in results])
    else:
        for done, receipt in results:
            for line in _collected_lines(done, receipt):
                click.echo(line)
    holds = all(done.taken and not done.differences for done, _ in results)
    return EXIT_DONE if holds else EXIT_PROBLEMS


def _collected_lines(done: Collected, receipt: Path | None) -> list[str]:
    from app.union.findings import finding_words

    if not done.taken or done.institution is None:
        return [f"未接收 {done.path.name}：{_reason(done)}"]
    word = "以前已接收" if done.again else "已接收"
    totals, counts = done.totals, done.counts
    sums = f"账面{totals.carrying_amount:.2f}元，预计损失{totals.expected_loss:.2f}元"
    office = f"{done.institution.code} {done.institution.name}"
    lines = [f"{word} {office}：{totals.rows}笔，{sums}"]
    if done.superseded:
        lines.append(
            f"  取代了上一次上报：改动{counts['changed']}笔，新增{counts['new']}笔，"
            f"减少{counts['gone']}笔，没有变{counts['unchanged']}笔"
        )
    for finding in done.findings:
        lines.append(f"  {finding_words(finding)}")
    if receipt is not None:
        lines.append(f"  回执 {receipt}")
    return lines


def _print_offices(book: Book, as_json: bool) -> int:
    from app.union.offices import STATES, office_states

    states = office_states(book)
    if as_json:
        print_json([
            {
                "code": one.code, "name": one.name, "expected": one.expected, "state": one.state,
                "rows": one.rows, "stages": dict(one.stages), "key": one.key_code or None,
                "carrying_amount": f"{one.carrying_amount:.2f}",
                "expected_loss": f"{one.expected_loss:.2f}",
            }
            for one in states
        ])  # fmt: skip
        return EXIT_DONE
    for one in states:
        click.echo(
            f"{one.code}  {one.name}  {STATES[one.state]}  {one.rows}笔  "
            f"账面{one.carrying_amount:.2f}元  密钥{one.key_code or '未认可'}"
        )
    if not states:
        click.echo("还没有接收过任何机构的上报。")
    return EXIT_DONE


@click.command(short_help="信用社接收联社的回执或决定；联社接收上级的")
@book_argument
@click.argument("answer", metavar="DECISION|RECEIPT", type=FILE, help="联社的决定或回执（.wjz）。")
@click.option("--accept", default="", metavar="CODE", help="已与联社核对一致的密钥短码。")
@as_option
@json_option
def receive(path: Place, answer: Path, accept: str, person: str, as_json: bool) -> int:
    """接收联社的回执或决定：退回的重新打开补正，认定的记入账套；不成立的不采用。联社的账套接收上级的答复。"""
    from app.package.receiving import NotAcceptedError, UncomparedKeyError, receive_answer

    with opened(path) as book:
        by = worker_of(book, person, "head")
        try:
            received = receive_answer(book, answer, by=by, accept=accept)
        except NotAcceptedError as refused:
            reason = str(refused)
            if isinstance(refused, UncomparedKeyError):
                reason += COMPARED.format(refused.short_code)
            if as_json:
                print_json({"taken": False, "reason": reason})
            else:
                click.echo(f"未采用 {answer.name}：{reason}")
            return EXIT_PROBLEMS
    if as_json:
        print_json(_received_plain(received))
    else:
        for line in _received_lines(received):
            click.echo(line)
    return EXIT_DONE


def _received_plain(received: Received) -> dict[str, Any]:
    return {
        "taken": True,
        "kind": received.kind,
        "union": received.union,
        "key": received.key_code,
        "first_contact": received.first_contact,
        "seal_code": received.seal_code,
        "again": received.again,
        "differences": received.differences,
        "returned": received.landed.returned,
        "determined": received.landed.determined,
        "passed_over": received.landed.passed_over,
        "closed": received.landed.closed,
    }


def _received_lines(received: Received) -> list[str]:
    from app.package.receiving import KINDS

    what = KINDS[received.kind]
    word = "以前已采用" if received.again else "已采用"
    lines = [f"{word}{received.union}的{what}，答复封印码{received.seal_code}。"]
    if received.first_contact:
        lines.append(f"第一次收到联社的文件，密钥短码 {received.key_code}，请打电话与联社核对。")
    if received.differences:
        lines.append(f"联社重新计算，有{received.differences}笔的类别或损失不同，请与联社核对。")
    if received.landed.returned:
        lines.append(f"退回{len(received.landed.returned)}笔，请补正后重新上报：")
        lines += [f"  {row_id}" for row_id in received.landed.returned]
    if received.landed.determined:
        lines.append(f"认定{len(received.landed.determined)}笔，结果已记入账套。")
    if received.landed.passed_over:
        lines.append(f"另有{len(received.landed.passed_over)}笔报出后又有改动，答复没有登记：")
        lines += [f"  {row_id}" for row_id in received.landed.passed_over]
    if received.landed.closed:
        lines.append("本期已全部认定，台账已建立，本期关闭。")
    return lines


entries_argument = click.argument(
    "file", metavar="FILE", type=FILE, help="意见文件（.json、.xlsx、.csv）。"
)


@click.command(short_help="联社成批写初审、归口审核、审计意见，或退回")
@union_argument
@entries_argument
@as_option
@json_option
def review(path: Place, file: Path, person: str, as_json: bool) -> int:
    """成批写意见：工作小组初审或退回，归口部门审核，审计写意见；办理人的岗位决定能写什么。"""
    from app.union.review import review as apply

    return _apply(path, file, person, as_json, apply, "working_group")


@click.command(short_help="联社领导小组成批认定")
@union_argument
@entries_argument
@as_option
@json_option
def determine(path: Place, file: Path, person: str, as_json: bool) -> int:
    """领导小组成批认定：损失类要有审计意见、表决和会议纪要；超出权限的报上级。"""
    from app.union.determination import determine as apply

    return _apply(path, file, person, as_json, apply, "leading_group")


def _apply(path: Place, file: Path, person: str, as_json: bool, apply: Any, role: str) -> int:
    from app.book.types import STAGES
    from app.union.entries import read_entries

    entries = read_entries(file)
    with opened(path) as book:
        done = apply(book, entries, by=worker_of(book, person, role))
    if as_json:
        print_json({"rows": done.rows, "stages": done.stages})
        return EXIT_DONE
    parts = "，".join(f"{STAGES[stage]}{count}笔" for stage, count in done.stages.items())
    click.echo(f"已写入{len(done.rows)}笔意见：{parts}。")
    return EXIT_DONE


@click.command(short_help="联社写决定，每个机构一份")
@union_argument
@click.argument("out", metavar="OUT_DIR", type=FOLDER, help="放决定的文件夹。")
@passphrase_option
@as_option
@json_option
def decide(path: Place, out: Path, passphrase_file: Path | None, person: str, as_json: bool) -> int:
    """把退回和认定写成签名的决定，每个机构一份；没有新内容的机构不写。"""
    from app.book.keys import unlock
    from app.union.decisions import decide as write_decisions

    with opened(path) as book:
        by = worker_of(book, person, "leading_group")
        key = unlock(book, passphrase_from(passphrase_file))
        made = write_decisions(book, out, key, by=by)
    if as_json:
        print_json([
            {
                "institution": one.office.code, "decision": str(one.path), "returned": one.returned,
                "determined": one.determined, "seal_code": one.seal_code,
            }
            for one in made
        ])  # fmt: skip
        return EXIT_DONE
    for one in made:
        office = f"{one.office.code} {one.office.name}"
        click.echo(f"{one.path}  {office}：退回{one.returned}笔，认定{one.determined}笔")
    if not made:
        click.echo("没有要告诉各机构的新决定。")
    return EXIT_DONE

"""Commands about a book as a whole: new, period, people, key, backup, restore."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.common import (
    BOOK,
    DAY,
    FILE,
    as_option,
    json_option,
    opened,
    passphrase_from,
    passphrase_option,
    print_json,
    ruleset_chooser,
    ruleset_option,
    worker_of,
)
from app.cli.errors import InputError

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Institution


def _institution(text: str) -> Institution:
    from app.book.types import Institution

    code, separator, name = text.replace("，", ",").partition(",")
    if not (separator and code.strip() and name.strip()):
        raise InputError(f"--institution “{text}”不对，应为 代码,名称，如 QS,青山信用社。")
    return Institution(code.strip(), name.strip())


@click.command(short_help="新建账套（一个文件），并建立第一个基准日")
@click.argument("path", metavar="BOOK", type=BOOK)
@click.option("--institution", required=True, metavar="CODE,NAME", help="机构代码和名称。")
@click.option("--base-date", type=DAY, required=True, help="基准日。")
@click.option("--union", is_flag=True, help="联社的账套。")
@ruleset_option
def new(path: Path, institution: str, base_date: date, union: bool, ruleset_name: str) -> None:
    """新建账套（一个文件），并建立第一个基准日。"""
    from app.book.book import Book

    ruleset = ruleset_chooser(ruleset_name)(base_date)
    office = _institution(institution)
    with Book.create(path, office, base_date, union=union, ruleset=ruleset) as book:
        click.echo(f"已建立 {book.path}：{office.name}，基准日{base_date}，{ruleset.title}。")


@click.command(short_help="建立下一个基准日，或列出已有的")
@click.argument("path", metavar="BOOK", type=BOOK)
@click.option("--base-date", type=DAY, default=None, help="基准日。")
@click.option("--carry-forward", is_flag=True, help="结转上期资产。")
@ruleset_option
@json_option
def period(
    path: Path, base_date: date | None, carry_forward: bool, ruleset_name: str, as_json: bool
) -> None:
    """建立下一个基准日；不给日期时列出已有的。"""
    with opened(path, write=base_date is not None) as book:
        if base_date is not None:
            ruleset = ruleset_chooser(ruleset_name)(base_date)
            added = book.add_period(base_date, carry_forward=carry_forward, ruleset=ruleset)
            book.select_period(added.id)
            count = sum(p.rows for p in book.progress().values())
            if not as_json:
                click.echo(f"已建立基准日{base_date}（{ruleset.title}），结转{count}笔。")
                return
        _list_periods(book, as_json)


def _list_periods(book: Book, as_json: bool) -> None:
    lines = [
        {
            "base_date": p.base_date.isoformat(),
            "ruleset": p.ruleset_id,
            "ruleset_hash": p.ruleset_hash,
            "state": p.state,
            "seal_code": p.seal_code,
        }
        for p in book.periods()
    ]
    if as_json:
        print_json(lines)
        return
    for line in lines:
        state = f"已封印 {line['seal_code']}" if line["state"] == "sealed" else "填报中"
        click.echo(f"{line['base_date']}  {line['ruleset']}  {state}")


@click.command(short_help="账套的工作人员：列出，或 add NAME --role ROLE")
@click.argument("path", metavar="BOOK", type=BOOK)
@click.argument("action", required=False, default="list", metavar="[add NAME]")
@click.argument("name", required=False, default="", metavar="")
@click.option("--role", default="", help="岗位：preparer 初分人、accountant 会计、head 负责人等。")
@as_option
@json_option
def people(path: Path, action: str, name: str, role: str, person: str, as_json: bool) -> None:
    """账套的工作人员：列出，或 add NAME --role ROLE。"""
    from app.book.types import ROLES

    if action not in ("list", "add"):
        raise InputError(f"people 不认识“{action}”，应为 add NAME --role ROLE。")
    with opened(path, write=action == "add") as book:
        if action == "add":
            if not name or not role:
                raise InputError("请写明姓名和岗位：wuji people BOOK add NAME --role ROLE。")
            by = worker_of(book, person) if person else None
            added = book.add_person(name, role, by=by)
            if not as_json:
                click.echo(f"已添加 {added.name}（{ROLES[added.role]}）。")
                return
        everyone = book.people()
        if as_json:
            print_json([asdict(one) for one in everyone])
            return
        for one in everyone:
            click.echo(f"{one.name}  {ROLES[one.role]}")


@click.command(short_help="本社的密钥和校验短码；--new 新建")
@click.argument("path", metavar="BOOK", type=BOOK)
@click.option("--new", "make_new", is_flag=True, help="新建密钥。")
@passphrase_option
@as_option
@json_option
def key(
    path: Path, make_new: bool, passphrase_file: Path | None, person: str, as_json: bool
) -> None:
    """本社的密钥和校验短码；--new 新建。"""
    from app.book.keys import create_key, office_key

    with opened(path, write=make_new) as book:
        if make_new:
            create_key(book, passphrase_from(passphrase_file), by=worker_of(book, person))
        office = office_key(book)
        if office is None:
            raise InputError("还没有密钥。请用 wuji key BOOK --new --passphrase-file F 新建。")
        if as_json:
            print_json({"institution": book.institution.code, "short_code": office.short_code})
            return
        click.echo(f"{book.institution.name} 的密钥校验短码：{office.short_code}")


@click.command(short_help="备份账套")
@click.argument("path", metavar="BOOK", type=BOOK)
@click.argument("out", metavar="OUT", type=FILE)
def backup(path: Path, out: Path) -> None:
    """把账套完整备份到另一个文件。"""
    from app.book.backup import backup as make_backup

    with opened(path, write=False) as book:
        made = make_backup(book, out)
    click.echo(f"已备份到 {made}，核对无误。")


@click.command(short_help="从备份恢复账套")
@click.argument("source", metavar="IN", type=FILE)
@click.argument("path", metavar="BOOK", type=BOOK)
def restore(source: Path, path: Path) -> None:
    """从备份恢复账套；恢复前先核对备份。"""
    from app.book.backup import restore as restore_backup

    restore_backup(source, path)
    click.echo(f"已从 {source} 恢复到 {path}。")

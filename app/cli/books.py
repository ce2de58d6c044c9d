"""Commands about a book as a whole: new, period, people, backup, restore."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import asdict

from app.cli.common import (
    as_option,
    book_argument,
    json_option,
    needed_worker,
    opened,
    print_json,
    ruleset_chooser,
    ruleset_option,
    shown_place,
    worker_of,
)
from app.cli.errors import InputError
from app.cli.params import BOOK, DAY, FILE, Place

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
@book_argument
@click.option("--institution", required=True, metavar="CODE,NAME", help="机构代码和名称。")
@click.option("--base-date", type=DAY, required=True, help="基准日。")
@click.option("--union", is_flag=True, help="联社的账套。")
@ruleset_option
@json_option
def new(
    path: Place, institution: str, base_date: date, union: bool, ruleset_name: str, as_json: bool
) -> None:
    """新建账套（一个文件），并建立第一个基准日。"""
    from app.book.book import Book

    ruleset = ruleset_chooser(ruleset_name)(base_date)
    office = _institution(institution)
    with Book.create(path, office, base_date, union=union, ruleset=ruleset) as book:
        code = book.institution.code
    if as_json:
        found = {"book": shown_place(path), "institution": {"code": code, "name": office.name}}
        print_json(found | {"base_date": base_date.isoformat(), "ruleset": ruleset.id})
        return
    where = shown_place(path)
    click.echo(f"已建立 {where}：{code} {office.name}，基准日{base_date}，规则是{ruleset.title}。")


@click.command(short_help="建立下一个基准日，列出已有的，或重新打开已封印的一期")
@book_argument
@click.option("--base-date", type=DAY, default=None, help="基准日。")
@click.option("--carry-forward", is_flag=True, help="结转上期的资产。")
@click.option("--reopen", is_flag=True, help="重新打开已封印的一期（不写基准日是最近一期）。")
@click.option("--reason", default="", metavar="R", help="重新打开的理由。")
@ruleset_option
@as_option
@json_option
def period(
    path: Place,
    base_date: date | None,
    carry_forward: bool,
    reopen: bool,
    reason: str,
    ruleset_name: str,
    person: str,
    as_json: bool,
) -> None:
    """建立下一个基准日；不给日期时列出已有的；--reopen 重新打开已封印的一期。"""
    if reason and not reopen:
        raise InputError("--reason 只用于 --reopen，请去掉。")
    if reopen:
        _reopen(path, base_date, reason, person, as_json)
        return
    if carry_forward and base_date is None:
        raise InputError("结转要写明新的基准日：--base-date 2007-12-31 --carry-forward。")
    with opened(path, write=base_date is not None) as book:
        if base_date is not None:
            ruleset = ruleset_chooser(ruleset_name)(base_date)
            by = worker_of(book, person, "head")
            book.add_period(base_date, carry_forward=carry_forward, ruleset=ruleset, by=by)
            if as_json:
                print_json([*_periods(book)[:-1], _opened_period(book)])
            else:
                _tell_opened(book)
            return
        _list_periods(book, as_json)


def _opened_period(book: Book) -> dict[str, object]:
    """The new period with what it took over and what it could not."""
    left = [asdict(one) for one in book.left_behind()]
    return {**_periods(book)[-1], "carried": book.row_count(None), "not_carried": left}


def _tell_opened(book: Book) -> None:
    rows = "各社的资产随上报接收" if book.is_union else f"结转{book.row_count(None)}笔"
    day, rules = book.period.base_date, book.ruleset.title
    click.echo(f"已建立基准日{day}，规则是{rules}，{rows}。")
    left = book.left_behind()
    if not left:
        return
    assets = len({one.row_id for one in left})
    click.echo(
        f"有{assets}笔资产的{len(left)}项内容没有带过来，请逐项核对、补填；原样留在修改历史里："
    )
    for one in left:
        shown = " ".join(one.shown.split())
        click.echo(
            f"  附表{one.table_id} {one.row_id} {one.name}：{one.label}“{shown}”，{one.why}。"
        )


def _reopen(path: Place, base_date: date | None, reason: str, person: str, as_json: bool) -> None:
    with opened(path) as book:
        if base_date is not None:
            known = {p.base_date: p.id for p in book.periods()}
            if base_date not in known:
                days = "、".join(map(str, known))
                raise InputError(f"没有基准日{base_date}。已有的：{days}。")
            book.select_period(known[base_date])
        book.reopen(by=needed_worker(book, person, "head"), why=reason)
        if as_json:
            _list_periods(book, as_json)
            return
        click.echo(f"已重新打开{book.period.base_date}这一期。改完要再封印一次，封印码会不同。")


_STATES = {"open": "填报中", "sealed": "已封印", "closed": "已认定"}


def _periods(book: Book) -> list[dict[str, object]]:
    from app.union.period_state import period_states

    # Nothing locks a union's period: whether it is done is read off its rows.
    done = {id_: one.done for id_, one in period_states(book).items()} if book.is_union else {}
    return [
        {
            "base_date": p.base_date.isoformat(),
            "ruleset": p.ruleset_id,
            "ruleset_hash": p.ruleset_hash,
            "state": p.state,
            "seal_code": p.seal_code,
        }
        | ({"done": done[p.id]} if done else {})
        for p in book.periods()
    ]


def _list_periods(book: Book, as_json: bool) -> None:
    lines = _periods(book)
    if as_json:
        print_json(lines)
        return
    union = book.is_union
    for line in lines:
        state = _STATES[str(line["state"])]
        if union:
            state = "已办结" if line["done"] else "审核认定中"
        if line["state"] != "open":
            state += f" {line['seal_code']}"
        click.echo(f"{line['base_date']}  {line['ruleset']}  {state}")


@click.command(short_help="工作人员：列出，add NAME --role ROLE 添加、换岗")
@book_argument
@click.argument("action", required=False, default="list", metavar="[add]", help="不写是列出。")
@click.argument("name", required=False, default="", metavar="[NAME]", help="要添加或换岗的姓名。")
@click.option(
    "--role",
    default="",
    metavar="ROLE",
    help="岗位：preparer 初分人、accountant 会计、head 负责人等。",
)
@as_option
@json_option
def people(path: Place, action: str, name: str, role: str, person: str, as_json: bool) -> None:
    """账套的工作人员：列出，或 add NAME --role ROLE；已有的人换成这个岗位。"""
    from app.book.types import ROLES

    if action not in ("list", "add"):
        raise InputError(f"people 不认识“{action}”，应为 add NAME --role ROLE。")
    with opened(path, write=action == "add") as book:
        if action == "add":
            if not name or not role:
                raise InputError("请写明姓名和岗位：wuji people BOOK add NAME --role ROLE。")
            done = _add_or_move(book, name.strip(), role, person)
            if not as_json:
                click.echo(done)
                return
        everyone = book.people()
        if as_json:
            print_json([asdict(one) for one in everyone])
            return
        for one in everyone:
            click.echo(f"{one.name}  {ROLES[one.role]}")
        if not everyone:
            click.echo("还没有工作人员。添加：wuji people BOOK add 姓名 --role 岗位。")


def _add_or_move(book: Book, name: str, role: str, person: str) -> str:
    """Adds someone, or gives someone the book knows another role; says which."""
    from app.book.types import ROLES

    present = next((one for one in book.people() if one.name == name), None)
    if present is None:
        by = worker_of(book, person) if person else None
        added = book.add_person(name, role, by=by)
        return f"已添加 {added.name}（{ROLES[added.role]}）。"
    moved = book.change_role(name, role, by=needed_worker(book, person, "head"))
    if moved.role == present.role:
        return f"{name}已经是{ROLES[moved.role]}，没有改动。"
    return f"{name}由{ROLES[present.role]}改为{ROLES[moved.role]}。"


@click.command(short_help="备份账套")
@book_argument
@click.argument("out", metavar="OUT", type=FILE, help="备份文件。")
@json_option
def backup(path: Place, out: Path, as_json: bool) -> None:
    """把账套完整备份到另一个文件。"""
    from app.book.backup import backup as make_backup

    with opened(path, write=False) as book:
        made = make_backup(book, out)
    if as_json:
        print_json({"backup": str(made)})
        return
    click.echo(f"已备份到 {made}，核对无误。")


@click.command(short_help="从备份恢复账套")
@click.argument("source", metavar="IN", type=FILE, help="备份文件。")
@click.argument(
    "path", metavar="BOOK", type=BOOK, help="要恢复成的账套文件，不能已有；联社的也可以是空数据库。"
)
@json_option
def restore(source: Path, path: Place, as_json: bool) -> None:
    """从备份恢复账套；恢复前先核对备份。"""
    from app.book.backup import restore as restore_backup

    restore_backup(source, path)
    if as_json:
        print_json({"book": shown_place(path)})
        return
    click.echo(f"已从 {source} 恢复到 {shown_place(path)}，核对无误。")

"""Commands about the tables themselves: describe, classify, template."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.common import json_option, print_json, ruleset_chooser, ruleset_option
from app.cli.errors import EXIT_DONE, EXIT_PROBLEMS, InputError
from app.cli.params import FILE

if TYPE_CHECKING:
    from app.forms.ruleset import RuleSet
    from app.forms.table import Table


def table_of(ruleset: RuleSet, table_id: str) -> Table:
    """The table of this number; a clear error for another word."""
    if table_id not in ruleset.tables:
        known = "、".join(ruleset.tables)
        raise InputError(f"没有认定表“{table_id}”。可选：{known}。")
    return ruleset.table(table_id)


def row_table_of(ruleset: RuleSet, table_id: str) -> Table:
    """The table of this number that holds a row per asset; table 2 does not."""
    table = table_of(ruleset, table_id)
    if table not in ruleset.row_tables:
        raise InputError(f"附表{table_id}由程序从其他附表生成，这里要写附表1-1至1-12之一。")
    return table


@click.command(short_help="显示认定表的字段、填报说明、选项和规则")
@click.argument("table_id", metavar="[TABLE]", required=False, default="", help="如 1-8。")
@json_option
@ruleset_option
def describe(table_id: str, as_json: bool, ruleset_name: str) -> None:
    """显示认定表的字段、填报说明、选项和规则。"""
    from app.forms.describe import described

    ruleset = ruleset_chooser(ruleset_name)(date.today())
    tables = [table_of(ruleset, table_id)] if table_id else list(ruleset.tables.values())
    data = [described(table) for table in tables]
    if as_json:
        print_json({"ruleset": ruleset.id, "hash": ruleset.hash, "tables": data})
        return
    for table in data:
        _print_table(table, full=bool(table_id))


def _print_table(table: dict[str, Any], *, full: bool) -> None:
    click.echo(f"附表{table['table']}  {table['title']}（{table['method']}）")
    if not full:
        return
    click.echo(table["about"])
    for field in table["fields"]:
        computed = "（计算）" if field["computed"] else ""
        click.echo(f"\n{field['label']}  {field['key']}{computed}\n  {field['instruction']}")
        if field["example"]:
            click.echo(f"  例：{field['example']}")
        for choice in field["choices"]:
            click.echo(f"  · {choice['label']}（{choice['code']}）：{choice['explanation']}")
    click.echo("\n规则")
    for rule in table["rules"]:
        click.echo(f"  {rule['id']}：{rule['basis']}")
    for case in table["cases"]:
        click.echo(f"\n案例{case['number']}  {case['title']}\n  {case['facts']}")


@click.command(short_help="不用账套，直接给一笔或几笔资产分类")
@click.argument("table_id", metavar="TABLE", help="认定表，如 1-8。")
@click.argument("source", metavar="FILE.json|-", help="一笔或一组资产；- 是标准输入。")
@json_option
@ruleset_option
def classify(table_id: str, source: str, as_json: bool, ruleset_name: str) -> int:
    """不用账套，直接给一笔或几笔资产分类；结果为 JSON。"""
    from app.forms.classify import classify_rows

    choose = ruleset_chooser(ruleset_name)
    row_table_of(choose(date.today()), table_id)
    data = _read_json(source)
    answers = classify_rows(table_id, data if isinstance(data, list) else [data], choose)
    print_json(answers if isinstance(data, list) else answers[0])
    severities = {p["severity"] for answer in answers for p in answer["problems"]}
    return EXIT_PROBLEMS if "error" in severities else EXIT_DONE


def _read_json(source: str) -> Any:
    from app.intake.json_text import JsonFault, read_json

    name = "标准输入" if source == "-" else source
    try:
        return read_json(sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes())
    except JsonFault as fault:
        raise InputError(f"{name}：不是 JSON（{fault}）。请改正。") from None


@click.command(short_help="生成供手工填写的 XLSX 模板")
@click.argument("table_id", metavar="TABLE", help="认定表，如 1-8。")
@click.argument("out", metavar="OUT.xlsx", type=FILE, help="要生成的文件。")
@ruleset_option
@json_option
def template(table_id: str, out: Path, ruleset_name: str, as_json: bool) -> None:
    """生成供手工填写的 XLSX 模板：官方表头、下拉选项、填报说明。"""
    from app.intake.template import write_template

    ruleset = ruleset_chooser(ruleset_name)(date.today())
    row_table_of(ruleset, table_id)
    write_template(ruleset, table_id, out)
    if as_json:
        print_json({"template": str(out), "table": table_id, "ruleset": ruleset.id})
        return
    click.echo(f"已生成 {out}。填好后用 wuji import 导入。")

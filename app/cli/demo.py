"""The command demo: the whole job on made-up offices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.common import json_option, print_json, progress_shown
from app.cli.errors import EXIT_DONE, EXIT_PROBLEMS
from app.cli.params import FOLDER, Count
from app.demo import ASSETS, OFFICES

if TYPE_CHECKING:
    from app.demo.places import DemoResult, OfficeResult, UnionResult


@click.command(short_help="演示：一个虚构的县，从清单到联社认定、台账、下一期")
@click.argument("folder", metavar="DIR", type=FOLDER, help="空的或新的文件夹。")
@click.option(
    "--offices", type=Count(1, 99), default=OFFICES, help=f"几个信用社（默认{OFFICES}）。"
)
@click.option("--assets", type=Count(1, 100_000), default=ASSETS, help="第三个起每社几笔。")
@json_option
def demo(folder: Path, offices: int, assets: int, as_json: bool) -> int:
    """演示：一个虚构的县，从清单到联社认定、台账、下一期。"""
    from app.demo.campaign import run_demo

    with progress_shown("演示") as progress:
        result = run_demo(folder, offices, assets, progress)
    if as_json:
        print_json(_plain(result))
    else:
        _print(result)
    return EXIT_DONE if all(office.verified for office in result.offices) else EXIT_PROBLEMS


def _plain(result: DemoResult) -> dict[str, Any]:
    return {
        "folder": str(result.folder),
        "seconds": round(result.seconds, 1),
        "listings": [str(path) for path in result.listings],
        "offices": [
            {
                "name": office.name,
                "book": str(office.book),
                "rows": office.rows,
                "classes": office.classes,
                "seal_code": office.seal_code,
                "package": str(office.package),
                "verified": office.verified,
                "files": [str(path) for path in office.files],
                "decided": [str(path) for path in office.decided],
            }
            for office in result.offices
        ],
        "union": _union(result.union) if result.union else None,
    }


def _union(union: UnionResult) -> dict[str, Any]:
    return {
        "name": union.name,
        "book": str(union.book),
        "returned": union.returned,
        "determined": union.determined,
        "sample_seed": union.sample,
        "receipts": [str(path) for path in union.received],
        "decisions": [str(path) for path in union.decisions],
        "summaries": [str(path) for path in union.summaries],
    }


def _has_sheets(office: OfficeResult) -> bool:
    """Whether the office had losses that need table 2."""
    return any(path.name == "big-losses.pdf" for path in office.decided)


def _print(result: DemoResult) -> None:
    click.echo(f"清单（核心系统打印的样子）：{result.listings[0].parent}")
    for office in result.offices:
        classes = "，".join(f"{label}{count}笔" for label, count in office.classes.items())
        click.echo(f"\n{office.name}：{office.rows}笔资产（{classes}）")
        click.echo(f"  账套　　　{office.book}（密钥口令在旁边的文本文件里）")
        click.echo(f"  表和底稿　{office.package.parent}（共{len(office.files)}个文件）")
        click.echo(f"  校验清单　{office.files[0]}")
        click.echo(f"  文件包　　{office.package}")
        verdict = "完整，签名成立" if office.verified else "不成立"
        click.echo(f"  检验　　　{verdict}；封印码 {office.seal_code}")
        if office.decided:
            holds = "汇总、登记簿、台账、附表2" if _has_sheets(office) else "汇总、登记簿、台账"
            click.echo(f"  认定后　　{office.decided[0].parent}（{holds}）")
    if result.union is not None:
        _print_union(result.union)
    click.echo(f"\n用时{result.seconds:.0f}秒。打开窗口看：wuji，再选账套文件。")


def _print_union(union: UnionResult) -> None:
    click.echo(f"\n{union.name}：退回补正1笔（{union.returned}），认定{union.determined}笔")
    click.echo(f"  账套　　　{union.book}（密钥口令在旁边的文本文件里）")
    for title, files in (
        ("回执　　", union.received),
        ("决定　　", union.decisions),
        ("汇总报告", union.summaries),
    ):
        found = (path.parent for path in files)
        folders = dict.fromkeys(str(p.parent if p.name == "forms" else p) for p in found)
        click.echo(f"  {title}　{'、'.join(folders)}")
    click.echo("第二期已结转：各社可以接着填报，有一社已经上报，等联社审核。")

"""The command demo: the whole job on made-up offices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.common import json_option, print_json, progress_shown
from app.cli.errors import EXIT_DONE, EXIT_PROBLEMS
from app.cli.params import FOLDER, Count

if TYPE_CHECKING:
    from app.demo.campaign import DemoResult


@click.command(short_help="演示：虚构信用社的全过程，从清单到封好的文件包")
@click.argument("folder", metavar="DIR", type=FOLDER, help="空的或新的文件夹。")
@click.option("--offices", type=Count(1, 99), default=2, help="几个信用社（默认2）。")
@click.option("--assets", type=Count(1, 100_000), default=200, help="第三个起每社几笔。")
@json_option
def demo(folder: Path, offices: int, assets: int, as_json: bool) -> int:
    """演示：虚构信用社的全过程，从清单到封好的文件包。"""
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
            }
            for office in result.offices
        ],
    }


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
    click.echo(f"\n用时{result.seconds:.0f}秒。打开窗口看：wuji，再选账套文件。")

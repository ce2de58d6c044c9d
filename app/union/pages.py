"""Plain pages for receipts and decisions: readable without the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from app.forms.classes import BY_CODE

_STYLE = (
    "body{font-family:sans-serif;margin:2em;max-width:60em}"
    "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3em .6em;"
    "text-align:left;vertical-align:top}"
)
OUTCOMES = {"returned": "退回", "determined": "认定"}


def page(title: str, facts: Sequence[tuple[str, str]], body: str = "") -> str:
    """A page with a title, facts as a list, and what follows."""
    items = "".join(f"<tr><th>{escape(k)}</th><td>{escape(v)}</td></tr>" for k, v in facts)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head>{head}</head><body>'
        f"<h1>{escape(title)}</h1><table>{items}</table>{body}</body></html>\n"
    )


def decision_table(lines: Iterable[Mapping[str, Any]]) -> str:
    """The decisions as a table: asset, outcome, class, loss, reason, questions."""
    head = ("资产编号", "附表", "账面金额", "结果", "类别", "预计损失", "理由", "要补正的")
    top = "".join(f"<th>{word}</th>" for word in head)
    rows = "".join(f"<tr>{_cells(line)}</tr>" for line in lines)
    return f"<h2>逐笔结果</h2><table><tr>{top}</tr>{rows}</table>"


def _cells(line: Mapping[str, Any]) -> str:
    class_ = BY_CODE[line["class"]].label if line["class"] else ""
    marks = "；".join(f"{mark['field']}：{mark['note']}" for mark in line["marks"])
    cells = (
        line["id"], line["table"], line["values"].get("carrying_amount") or "",
        OUTCOMES[line["outcome"]], class_, line["expected_loss"] or "", line["reason"], marks,
    )  # fmt: skip
    return "".join(f"<td>{escape(str(cell))}</td>" for cell in cells)

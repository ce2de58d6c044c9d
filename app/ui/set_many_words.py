"""What the dialog that fills one field for many rows says of its plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.forms.table import Table
from app.forms.values import amount_text
from app.intake.hints import wordless

if TYPE_CHECKING:
    from app.book.filling import SetPlan

MY_OPINION = "初分意见由您负责：请先看各类几笔；要选得更差的，到那一笔里选并写明理由。"
MOST_NAMED = 5
LOOK_AGAIN = "再看"
"""Rows left aside because the rule set asks to look at such an answer again."""


def action_words(plan: SetPlan | None) -> str:
    """The button: what it does to how many rows."""
    if plan is None:
        return "填写"
    word = "清空" if _empties(plan) else "填写"
    return f"{word}{len(plan.row_ids)}笔" if plan.row_ids else word


def plan_words(
    table: Table, plan: SetPlan, meant: SetPlan, asides: Mapping[str, int], may_stay: int = 0
) -> str:
    """What would become of which rows; `meant` is the plan before rows of it were left aside.

    `asides`: by what was written where they were, how many; `may_stay`: left empty as they may be.
    """
    spared = len(meant.replaced) if meant.replaced and not plan.replaced else 0
    parts = [
        (len(plan.filled), "{}笔现在空着，将填上"),
        (len(plan.replaced), "{}笔现在是别的内容，将清空" if _empties(plan)
         else "{}笔现在是别的内容，将被替换"),
        (len(plan.worse.intersection(plan.replaced)), "其中{}笔原来选得更差"),
        (spared, "{}笔现在是别的内容，不动"),
        (may_stay, "{}笔可以空着，不动"),
        *((count, _aside_words(name)) for name, count in asides.items()),
        (plan.same, "{}笔已经是这样"),
        (plan.not_asked, "{}笔不问这一项，不动"),
        (plan.without_amount, "{}笔没有账面金额，不动"),
        (plan.locked, "{}笔已经上报，不动"),
    ]  # fmt: skip
    told = "；".join(words.format(count) for count, words in parts if count)
    lines = [f"{told}。"] if told else []
    if plan.amounts and plan.row_ids:
        lines.insert(0, f"将各填账面金额，合计{amount_text(plan.total)}元。")
    if plan.classes is not None:
        mine = [MY_OPINION] if plan.row_ids else []
        lines = [*_classes_told(plan), *lines, *left_told(plan), *mine]
    lines += [doubt.message for doubt in wordless(table, {plan.field: plan.value})]
    return "\n".join(lines)


def aside_told(asides: Mapping[str, int], *, asked_again: bool) -> str:
    """Which rows were left aside, and how they are come back to where they have to be filled."""
    told = [_left_words(name).format(count) for name, count in asides.items() if count]
    found = "，别的填完再按一次 Ctrl+M，就从它们填起" if asked_again else ""
    return f"{'、'.join(told)}没有填{found}。" if told else ""


def _aside_words(name: str) -> str:
    return "{}笔请再看一看，先不填" if name == LOOK_AGAIN else f"{{}}笔按{name}先不填"


def _left_words(name: str) -> str:
    return "请再看一看的{}笔" if name == LOOK_AGAIN else f"按{name}留下的{{}}笔"


def left_told(plan: SetPlan) -> list[str]:
    """The rows that have no class yet, by name as far as there is room."""
    names = plan.without_class
    if not names:
        return []
    more = "等" if len(names) > MOST_NAMED else ""
    listed = "、".join(names[:MOST_NAMED])
    return [f"还算不出类别的{len(names)}笔不动，要先填完：{listed}{more}。"]


def _classes_told(plan: SetPlan) -> list[str]:
    """How many rows would get which class."""
    counts = [f"{one.sign} {one.label}{count}笔" for one, count in plan.by_class]
    return [f"将填：{'，'.join(counts)}。"] if counts else []


def _empties(plan: SetPlan) -> bool:
    return plan.value is None and plan.classes is None and plan.amounts is None

"""Why a bulk of opinions was refused: one sentence per reason, not one per row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.union.entries import Entry

MOST_REASONS = 5
MOST_NAMED = 3

Refused = tuple["Entry", str]
"""An entry and what was said of it."""


def refusal_words(refused: Sequence[Refused]) -> str:
    """All faults, those that say the same of several rows together, the largest group first."""
    groups: dict[str, list[Refused]] = {}
    for entry, words in refused:
        groups.setdefault(_reason(entry, words), []).append((entry, words))
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    told = [_told(reason, group) for reason, group in ordered[:MOST_REASONS]]
    rest = sum(len(group) for _, group in ordered[MOST_REASONS:])
    more = f"（还有{rest}笔有别的问题）" if rest else ""
    return "".join(told) + more + "什么也没有写入。"


def _reason(entry: Entry, words: str) -> str:
    """What was said, without which row it was said of; as it is where it names the row itself."""
    for start in (f"{entry.place}（{entry.id}）：", f"{entry.place}："):
        if words.startswith(start):
            rest = words.removeprefix(start)
            return rest.replace(f"资产{entry.id}的", "").replace(f"资产{entry.id}", "")
    return words


def _told(reason: str, group: Sequence[Refused]) -> str:
    if len(group) == 1:
        return group[0][1]
    named = "、".join(entry.place for entry, _ in group[:MOST_NAMED])
    more = "等" if len(group) > MOST_NAMED else ""
    return f"{len(group)}笔（{named}{more}）：{reason}"

"""Whose listing it is: the institution named above the head, compared with the book's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.intake.cells import squeezed
from app.intake.layout import TitleLine
from app.intake.messages import Note

_KINDS = "信用合作联社|信用合作社|合作银行|商业银行|信用社|联社|合作社|分社|营业部|储蓄所|支行"
_NAMED = re.compile(
    rf"^(?:(?:填报|编制|报送|开户)?(?:单位|机构|网点)(?:名称)?[:：])?([\u4e00-\u9fff]{{2,20}}?(?:{_KINDS}))"
)
_ENDING = re.compile(rf"(?:农村)?(?:{_KINDS})$")
_NOT_A_NAME = (
    "存放",
    "拆放",
    "调放",
    "上存",
    "应收",
    "应付",
    "各",
    "全",
    "本",
    "所属",
    "辖内",
    "联社",
)
"""What titles begin with that name a kind of asset or everybody, not an institution."""


def other_institution(lines: Sequence[TitleLine], own: str) -> list[Note]:
    """One note where the titles name an institution and none of them the book's own.

    A branch of the own institution counts as its own: its name holds the own one. `own` empty
    asks nothing.
    """
    core = _ENDING.sub("", squeezed(own))
    if not core or any(core in squeezed(line.text) for line in lines):
        return []
    notes = [Note("N020", at=line.address, found=found, own=own) for line, found in _named(lines)]
    return notes[:1]


def _named(lines: Sequence[TitleLine]) -> Iterator[tuple[TitleLine, str]]:
    for line in lines:
        match = _NAMED.match(squeezed(line.text))
        if match and not match.group(1).startswith(_NOT_A_NAME):
            yield line, match.group(1)

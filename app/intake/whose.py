"""Whose listing it is: the institution named above the head, compared with the book's own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.intake.cells import squeezed
from app.intake.layout import TitleLine
from app.intake.messages import Note
from app.intake.synonyms import Synonyms

_LABEL = "(?:(?:填报|编制|报送|开户)?(?:单位|机构|网点)(?:名称)?:)?"


def other_institution(lines: Sequence[TitleLine], own: str, words: Synonyms) -> list[Note]:
    """One note where the titles name an institution and none of them the book's own.

    A branch of the own institution counts as its own: its name holds the own one. `own` empty
    asks nothing.
    """
    kinds = "|".join(map(re.escape, words.institutions))
    core = re.sub(f"(?:农村)?(?:{kinds})$", "", squeezed(own))
    if not core or any(core in squeezed(line.text) for line in lines):
        return []
    named = re.compile(f"{_LABEL}([\u4e00-\u9fff]{{2,20}}?(?:{kinds}))")
    for line in lines:
        match = named.match(squeezed(line.text))
        if match and not match.group(1).startswith(words.no_institutions):
            return [Note("N020", at=line.address, found=match.group(1), own=own)]
    return []

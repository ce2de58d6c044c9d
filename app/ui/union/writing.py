"""Opinions on their way into the book: written in the worker, with what came of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.intake.progress import Progress, silent
from app.ui.union.draft import Draft

if TYPE_CHECKING:
    from app.book.book import Book
    from app.union.entries import Entry
    from app.union.errors import ConflictError
    from app.union.review import Reviewed

_KEYS = re.compile(r"（[a-z_]+）")


@dataclass(frozen=True)
class Written:
    """What became of an attempt: written, or why not."""

    done: Reviewed | None = None
    conflict: ConflictError | None = None
    fault: str = ""
    missing: tuple[str, ...] = ()
    """The keys of what was left empty, where that is why."""


def written(
    book: Book, role: str, entries: Sequence[Entry], by: str, progress: Progress = silent
) -> Written:
    """Writes opinions, all of them or none."""
    from app.union.determination import determine
    from app.union.errors import ConflictError, UnionError
    from app.union.review import review

    apply = determine if role == "leading_group" else review
    try:
        return Written(done=apply(book, entries, by=by, progress=progress))
    except ConflictError as conflict:
        return Written(conflict=conflict)
    except UnionError as fault:
        return Written(fault=plain(str(fault)), missing=fault.missing)


def plain(words: str) -> str:
    """A message without the keys that only files know."""
    return _KEYS.sub("", words)


def bulk_entries(
    book: Book, role: str, draft: Draft, ids: Sequence[str], seen: Mapping[str, int]
) -> list[Entry]:
    """One entry per row; without a class each follows its own suggestion.

    `seen` are the versions of the rows that were on the screen: those must not have changed.
    """
    from dataclasses import replace

    from app.union.queue import lines_of

    entries = []
    for number, line in enumerate(lines_of(book, ids), 1):
        own = draft
        if role == "working_group" and draft.class_ is None and line.suggested is not None:
            own = replace(draft, class_=line.suggested.value)
        version = seen.get(line.id, line.version)
        entries.append(own.entry(line.id, line.name or f"第{number}笔", role, version))
    return entries

"""Half-typed opinions by row, kept in the book: closing the window or a crash loses none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.book.types import OPINION_DRAFT
from app.ui.union.draft import Draft
from app.ui.union.draft_saving import DraftSaving

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Draft as StoredDraft
    from app.ui.desk import Desk


def drafts_of(book: Book, by: str) -> list[StoredDraft]:
    """What one person has left half typed, oldest first.

    Left out are rows that are gone, and those that were determined meanwhile: only the leading
    group has still something to say of them.
    """
    from app.union.queue import lines_of

    found = [one for one in book.drafts() if one.field == OPINION_DRAFT + by]
    if not found:
        return []
    last = book.person(by).role != "leading_group"
    lines = lines_of(book, [one.row_id for one in found])
    open_ = {line.id for line in lines if not (last and line.stage == "determined")}
    return [one for one in found if one.row_id in open_]


def forget_in(book: Book, by: str, row_ids: Iterable[str]) -> None:
    """Takes out of the book what one person has left half typed about rows."""
    for row_id in row_ids:
        book.clear_draft(row_id, OPINION_DRAFT + by)


ALL_CHOSEN = ""
"""In place of a row's id: what is being typed about all chosen rows together."""


def draft_of_all_chosen(book: Book, by: str) -> dict[str, str]:
    """What one person has left half typed about several rows at once."""
    field = OPINION_DRAFT + by
    return {one.row_id: one.text for one in book.drafts(ALL_CHOSEN) if one.field == field}


class KeptDrafts:
    """The drafts of who works."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.by = ""
        self._drafts: dict[str, Draft] = {}
        self._stored: dict[str, str] = {}
        """What the book holds, as text, or was not able to take."""
        self._refused: set[str] = set()
        """Rows whose draft the book was not able to take."""
        # The desk's, so that words wait for a gone server whichever pages come and go.
        self.saving = desk.draft_saving = desk.draft_saving or DraftSaving(desk)

    def change_person(self, by: str) -> None:
        """Reads what this person has left; nobody for an empty name."""
        import msgspec

        self.by = by
        self._drafts, self._stored, self._refused = {}, {}, set()
        if by:
            kept = {one.row_id: one.text for one in drafts_of(self.desk.book, by)}
            kept |= draft_of_all_chosen(self.desk.book, by)
            newer = kept | self.saving.waiting_of(by)
            self._stored = {row_id: text for row_id, text in newer.items() if text is not None}
        for row_id, text in self._stored.items():
            self._drafts[row_id] = msgspec.json.decode(text, type=Draft)

    def of(self, row_id: str) -> Draft:
        """What was typed about a row."""
        return self._drafts.setdefault(row_id, Draft())

    def kept_of(self, row_ids: Iterable[str]) -> list[str]:
        """Those of the rows of which the book holds a draft."""
        return [one for one in row_ids if one in self._stored]

    def keep(self, row_id: str, draft: Draft, *, again: bool = True) -> None:
        """Keeps what is typed about a row; nothing is kept of nothing.

        `again`: also what the file refused before; a server is asked again by itself.
        """
        import msgspec

        if draft.empty:
            self.forget([row_id])
            return
        self._drafts[row_id] = draft
        text = msgspec.json.encode(draft).decode()
        refused = again and row_id in self._refused
        if self.by and (refused or self._stored.get(row_id) != text):
            # Noted first: what can't be stored now is not tried, and told, every second.
            self._stored[row_id] = text
            taken = self.saving.put(row_id, self.by, text)
            (self._refused.discard if taken else self._refused.add)(row_id)

    def forget(self, row_ids: Iterable[str]) -> None:
        """The opinions are written, or were wiped out."""
        for row_id in row_ids:
            self._drafts.pop(row_id, None)
            self._refused.discard(row_id)
            if self._stored.pop(row_id, None) is not None:
                self.saving.put(row_id, self.by, None)

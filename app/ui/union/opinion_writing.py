"""Opinions from the queue's page into the book, in the worker, and what comes after."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui.sign_line import Said
from app.ui.union.draft import Draft
from app.ui.union.kept_drafts import ALL_CHOSEN, forget_in
from app.ui.union.writing import Written, bulk_entries, written
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.ui.union.queue_page import QueuePage


class OpinionWriting(QObject):
    """Writes what was typed on one row or on the chosen ones, and goes on to the next."""

    def __init__(self, page: QueuePage) -> None:
        super().__init__(page)
        self.page = page
        self.desk = page.desk
        self.opinion = page.pane.opinion
        self.busy = False
        """Whether opinions are on their way."""
        self.under_way: frozenset[str] = frozenset()
        """The rows they are about: what was typed of them is no draft any more."""

    def apply(self) -> None:
        """Writes the opinion on the open row and goes on, or on all chosen rows."""
        if not self._may_write():
            return
        draft, role = self.opinion.draft(), self.page.role
        if self.opinion.bulk:
            self._apply_to_chosen(draft, role)
        elif self.page.session is not None:
            row = self.page.session.row
            entry = draft.entry(row.id, "这一笔", role, row.version)
            self._write([row.id], lambda: [entry], role)

    def give_back(self) -> None:
        """Returns the open row with its questions."""
        session = self.page.session
        if session is None or not self._may_write():
            return
        draft = self.opinion.draft()
        if not draft.reason:
            self.opinion.say([Said("warning", "退回要写理由。")])
            self.opinion.reason.setFocus()
            return
        row = session.row
        entry = draft.entry(row.id, "这一笔", self.page.role, row.version, returns=True)
        self._write([row.id], lambda: [entry], self.page.role)

    def _may_write(self) -> bool:
        return not self.busy and bool(self.page.role) and self.desk.need_person()

    def _apply_to_chosen(self, draft: Draft, role: str) -> None:
        ids, book, lines = self.page.bulk_ids(), self.desk.book, self.page.list.view.lines
        seen = {one: line.version for one in ids if (line := lines.seen(one)) is not None}
        self._write(ids, lambda: bulk_entries(book, role, draft, ids, seen), role)

    def _write(self, ids: Sequence[str], entries: object, role: str) -> None:
        assert callable(entries)
        from app.book.errors import BookError

        book, by = self.desk.book, self.desk.by
        self.page.keep_draft()
        about = [*ids, ALL_CHOSEN] if self.opinion.bulk else ids
        kept = self.page.drafts.kept_of(about)
        self.busy, self.under_way = True, frozenset(ids)
        self.opinion.apply_button.setEnabled(False)

        def work(progress: Progress) -> Written:
            found = written(book, role, entries(), by, progress)
            if found.done is not None:
                # Here, because the book may be closed before anybody hears of it; where it can't
                # be done just now, the window does it.
                with suppress(BookError):
                    forget_in(book, by, kept)
            return found

        quiet = len(ids) < 100
        job = self.desk.worker.start(
            f"写入{len(ids)}笔意见",
            work,
            lambda found: self._written(found, ids),
            quiet=quiet,
            undone="一笔也没有写入。",
            owner=self,
        )
        job.ended.connect(self._ended)

    def _ended(self) -> None:
        self.busy, self.under_way = False, frozenset()
        self.opinion.apply_button.setEnabled(True)

    def _written(self, found: Written, ids: Sequence[str]) -> None:
        self.under_way = frozenset()
        if not self.desk.has_book:
            return
        if found.conflict is not None:
            self._show_conflict(found.conflict.row_id, str(found.conflict))
        elif found.fault:
            # Why it can't be done may be what another one has just done.
            if not self.opinion.bulk:
                self.page.show_row_as_it_is()
            self.opinion.say([Said("error", found.fault)])
            self.opinion.go_to_missing(found.missing)
        else:
            self._go_on(ids)

    def _show_conflict(self, row_id: str, told: str) -> None:
        """Shows what the other did; what was typed stays, to be written after another look."""
        self.page.list.view.lines.renew([row_id])
        opinion = self.opinion
        if opinion.bulk:
            opinion.say([Said("warning", f"{told}其他各笔也没有写入。")])
            return
        self.page.keep_draft()
        self.page.open_row(row_id)
        opinion.say([Said("warning", told), Said("info", "您写的还在下面，看过后可以再写入。")])

    def _go_on(self, ids: Sequence[str]) -> None:
        self.page.done.update(ids)
        self.page.drafts.forget(ids)
        opinion = self.opinion
        opinion.say([])
        self.page.list.view.lines.renew(ids)
        self.desk.rows_were_changed()
        if opinion.bulk:
            opinion.show_draft(Draft())
            self.page.drafts.forget([ALL_CHOSEN])
            # Chosen no longer: another press would write them all once more.
            self.page.list.view.clearSelection()
            # The button was off meanwhile, so the keyboard went on to wherever it could.
            self.page.list.view.setFocus()
            self.desk.messages.tell(f"已写入{len(ids)}笔。", kind="good")
            return
        session = self.page.session
        if session is None or session.row.id not in ids:
            # Somebody has gone on by himself: what he types there now is not to be touched.
            return
        opinion.show_draft(Draft())
        session.draft = Draft()
        if self._is_last(session.row.id):
            self.page.open_row(session.row.id)
            # Not by the message at the window's foot: it would lie on the vote and the reason.
            opinion.say([Said("good", "已写入，这是最后一笔。")])
        else:
            self.page.step(1)

    def _is_last(self, row_id: str) -> bool:
        """Whether nothing comes after the row; after one outside the list all of the list does."""
        lines = self.page.list.view.lines
        return lines.place_of(row_id) + 1 >= lines.rowCount()

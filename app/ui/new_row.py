"""The life of a row that was just added: it stays once anything has been filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.forms.table import Table
    from app.ui.desk import Desk
    from app.ui.form_session import FormSession

NOT_KEPT = "没有填内容的一笔没有保留。"


class NewRow:
    """Knows the row that was added last in the window, as long as it may be an empty one.

    It is in the book from the start, as everything is; left empty it is taken away again.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.row_id = ""
        self.given: frozenset[str] = frozenset()
        """Fields that had their value from the start."""
        self.wanted_subject = ""
        """The subject without rows that somebody has come from: the next new row is one of it."""

    def add(self, table: Table) -> str:
        """Adds an empty row and returns its id; empty where the book refuses."""
        book = self.desk.book
        subjects = [one.code for one in book.chart().values() if one.table == table.id]
        wanted, self.wanted_subject = self.wanted_subject, ""
        given = wanted if wanted in subjects else ""
        if len(subjects) == 1:
            given = book.ruleset.first_subject(table.id)
        values = {"subject": given} if given else {}
        self.forget()
        self.given = frozenset(values)
        with self.desk.messages.guarded() as guard:
            self.row_id = book.add_row(table.id, values, by=self.desk.by).id
        return self.row_id if guard.ok else ""

    def forget(self) -> None:
        """Whatever was added stays, and no subject is wanted any more."""
        self.row_id = self.wanted_subject = ""

    def keep(self, row_id: str) -> None:
        """Something is done with this row: it stays, if it is the new one."""
        if row_id == self.row_id:
            self.forget()

    def confirm(self, row_id: str, field: str) -> None:
        """Somebody says that a value is right: one that was given counts as filled in then."""
        if field in self.given:
            self.keep(row_id)

    def is_blank(self, session: FormSession) -> bool:
        """Whether it is the new row and nothing was filled in."""
        from app.book.blank import is_blank

        return self._may_be(session) and is_blank(self.desk.book.store, session.row.id)

    def let_go(self, session: FormSession) -> bool:
        """Takes the row that is left away again, if it is the new one and still empty."""
        from app.book.blank import take_back

        may_go = self._may_be(session)
        self.keep(session.row.id)  # from now on it is a row like others
        if not may_go:
            return False
        gone = False
        with self.desk.messages.guarded():
            gone = take_back(self.desk.book.store, session.row.id, by=self.desk.by)
        if gone:
            self.desk.messages.tell(NOT_KEPT)
        return gone

    def _may_be(self, session: FormSession) -> bool:
        return session.row.id == self.row_id and not session.pending

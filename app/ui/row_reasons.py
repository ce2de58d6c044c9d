"""What a person says about the open row: why a warning is kept, what the union is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.ask import ask_reason, ask_text

if TYPE_CHECKING:
    from app.ui.table_page import TablePage


class RowReasons:
    """Asks for words about the row in the form and stores them."""

    def __init__(self, page: TablePage) -> None:
        self.page = page
        self.desk = page.desk
        self.look = page.look

    def ask_keep(self, key: str, code: str) -> None:
        """Asks why a warning is kept."""
        session = self.page.session
        if session is None or not self.desk.need_person():
            return
        from app.book.finding_ids import finding_id
        from app.book.kept import REASONS

        problem = next(
            (p for p in session.evaluation.problems if (p.field, p.code) == (key, code)), None
        )
        if problem is None:
            return
        name = finding_id(code, session.row.id, key)
        ask_reason(
            self.page,
            self.look,
            title="保留警告",
            text=problem.message,
            reasons=REASONS,
            then=lambda reason, note: self.keep(name, reason, note),
        )

    def keep(self, finding: str, reason: str, note: str) -> None:
        """Keeps a warning with its reason."""
        with self.desk.messages.guarded() as guard:
            self.desk.book.keep(finding, reason, by=self.desk.by, note=note)
        if guard.ok and self.page.session is not None:
            self.page.session.reload()
            self.desk.row_was_saved(self.page.session.row.id)

    def ask_answer(self, key: str, line: int) -> None:
        """Asks for an answer in words, where nothing has to be changed."""
        from app.ui.office_session import OfficeSession

        session = self.page.session
        if not isinstance(session, OfficeSession) or not self.desk.need_person():
            return
        field = session.field_of(key, line)
        ask_text(
            self.page,
            self.look,
            title="答复联社",
            text="改了这一项就不用再答复。不用改的，写明为什么。",
            label="答复",
            action="答复",
            then=lambda text: self.answer(field, text),
        )

    def answer(self, field: str, text: str) -> None:
        """Answers the union's questions on a field."""
        session = self.page.session
        if session is None or self.page.form is None:
            return
        with self.desk.messages.guarded() as guard:
            self.desk.book.answer_mark(session.row.id, field, text, by=self.desk.by)
        if guard.ok:
            session.reload()
            self.page.form.show_marks()
            # The link that was pressed is gone: the keyboard must not go on to anywhere else.
            self.page.form.setFocus()
            self.page.form.go_to(field)
            self.desk.row_was_saved(session.row.id)

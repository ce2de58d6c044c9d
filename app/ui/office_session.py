"""A row of the office's own: locked where it is the union's, with the union's questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.forms.table import Table
from app.ui.desk import DETERMINED, SEALED, Desk
from app.ui.form_session import FormSession
from app.ui.sign_line import Said

if TYPE_CHECKING:
    from app.book.marks import Question, Returned
    from app.book.types import Period, Row

ANSWER = "答复…"


class OfficeSession(FormSession):
    """What may be changed follows from what was sent and what came back."""

    def __init__(self, desk: Desk, table: Table, row: Row) -> None:
        self.returned = _questions(desk, row)
        super().__init__(desk, table, row)
        self.locked = locked_words(row, desk.book.period)

    def reload(self) -> None:
        """Questions and lock follow the row."""
        super().reload()
        self.renew_questions()

    def renew_questions(self) -> None:
        """Reads again what has been done about the questions."""
        self.returned = _questions(self.desk, self.row)
        self.locked = locked_words(self.row, self.desk.book.period)

    def mark_lines(self, key: str) -> list[Said]:
        """The questions on a field, with a tick where something was done."""
        return [self._said(one) for one in self._on(key)]

    def _on(self, key: str) -> list[Question]:
        return [one for one in self.returned.questions if one.field == key]

    def _said(self, one: Question, label: str = "") -> Said:
        asked = f"联社{one.by}问{label}：{one.note}"
        action = "" if self.locked else ANSWER
        if one.answer:
            return Said("good", f"{asked}　已答复：{one.answer}", action)
        if one.changed:
            return Said("good", f"{asked}　已改", action)
        return Said("warning", asked, action)

    @property
    def loose(self) -> list[Question]:
        """Questions on what is no field of the form."""
        return [one for one in self.returned.questions if one.field not in self.table.fields]

    def notes(self) -> list[Said]:
        """The lock, the result, the reason of the return, questions on what is no field."""
        found = [Said("info", self.locked)] if self.locked else []
        found += self._result()
        if self.returned.questions and self.returned.reason:
            found.append(Said("warning", f"联社退回：{self.returned.reason}"))
        return found + [self._said(one, _label(one.field)) for one in self.loose]

    def field_of(self, key: str, line: int) -> str:
        """What a line under a field, or above the form, asks about."""
        if key:
            return key
        place = line - (len(self.notes()) - len(self.loose))
        return self.loose[place].field if 0 <= place < len(self.loose) else ""

    def _result(self) -> list[Said]:
        from app.forms.classes import BY_CODE
        from app.forms.values import amount_text

        code = self.row.values.get("determined_class")
        if not code:
            return []
        words = f"联社认定：{BY_CODE[str(code)].sign} {BY_CODE[str(code)].label}"
        if self.row.determined_loss is not None:
            words += f"，损失{amount_text(self.row.determined_loss)}元"
        reason = str(self.row.values.get("determined_reason") or "")
        return [Said("good", f"{words}。" + (f"理由：{reason}" if reason else ""))]


def _questions(desk: Desk, row: Row) -> Returned:
    from app.book.marks import Returned, questions_on

    return questions_on(desk.book.store, row) if row.marks else Returned(row, (), "")


def locked_words(row: Row, period: Period) -> str:
    """Why a row can't be changed; empty where it can."""
    from app.book.locks import LOCKED

    if row.stage not in LOCKED:
        return ""
    if row.stage == "determined":
        return DETERMINED
    if period.state == "sealed":
        return SEALED
    return "已经上报，联社没有退回这一笔，不能改。"


def _label(field: str) -> str:
    return {"evidence": "资料", "kept": "保留的警告", "big_loss": "附表2"}.get(field, "")

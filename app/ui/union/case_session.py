"""A row of an office in the read-only form: as it was sent, with the questions on its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.forms.table import Table
from app.ui.desk import Desk
from app.ui.form_session import FormSession
from app.ui.sign_line import Said
from app.ui.union.draft import Draft
from app.ui.union.words import class_words, money

if TYPE_CHECKING:
    from app.union.case import Case

TAKE_BACK = "撤去"


class CaseSession(FormSession):
    """Nothing can be changed; questions can be put."""

    def __init__(self, desk: Desk, table: Table, case: Case, draft: Draft) -> None:
        self.case = case
        self.draft = draft
        super().__init__(desk, table, case.row)
        self.locked = "信用社上报的内容，只看不改。"
        # Everything the office left open is shown at once.
        self.checked = True

    def mark_lines(self, key: str) -> list[Said]:
        """Questions that were sent with what the office did, then those not written yet."""
        sent = [mark_said(mark, waiting=waits) for mark, waits in self._sent(key)]
        own = [Said("warning", f"要补正：{n}", TAKE_BACK) for f, n in self.draft.marks if f == key]
        return sent + own

    def _sent(self, key: str) -> list[tuple[Mapping[str, Any], bool]]:
        """The questions on a field, oldest first, each with whether the office is still at it."""
        waiting = self.row.stage == "returned"
        asked = [(mark, False) for mark in self.case.asked]
        asked += [(mark, waiting) for mark in self.row.marks]
        return [one for one in asked if one[0]["field"] == key]

    def draft_place(self, key: str, line: int) -> int:
        """Which of the draft's questions a line under a field shows; -1 for one that was sent."""
        sent = len(self._sent(key))
        places = [n for n, (field, _) in enumerate(self.draft.marks) if field == key]
        return places[line - sent] if line >= sent else -1

    def notes(self) -> list[Said]:
        """Where the row stands, and questions on what is no field."""
        from app.union.resubmission import WITHOUT_FIELD

        found = self._standing()
        for key, (_, label) in WITHOUT_FIELD.items():
            found += [Said(m.sign, f"{label}：{m.text}", m.action) for m in self.mark_lines(key)]
        return found

    def _standing(self) -> list[Said]:
        row, case = self.row, self.case
        if row.stage == "returned":
            words = "已退回信用社，等重新上报。" if case.told else "已退回，还没有下发决定。"
            return [Said("info", words)]
        if row.stage == "determined":
            class_ = class_words(str(row.values.get("determined_class") or ""))
            reason = str(row.values.get("determined_reason") or "")
            told = "" if case.told else "还没有下发决定。"
            because = f"理由：{reason}。" if reason else ""
            loss = money(row.determined_loss)
            return [Said("good", f"已认定：{class_}，损失{loss}元。{because}{told}")]
        if row.stage == "referred" and case.decides is not None:
            return [Said("info", f"超出联社权限，已报{case.decides.decides}。")]
        return []


def mark_said(mark: Mapping[str, Any], *, waiting: bool = False) -> Said:
    """A question of the union as a line, with what the office did about it."""
    asked = f"{mark['by']}问：{mark['note']}"
    if mark.get("answer"):
        return Said("good", f"{asked}　答复：{mark['answer']}")
    if mark.get("answered"):
        return Said("good", f"{asked}　已改")
    return Said("warning", asked if waiting else f"{asked}　没有答复")

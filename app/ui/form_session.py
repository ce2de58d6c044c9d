"""One row being filled in: what is stored, what is being typed, and what both mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.forms.errors import ValueFault
from app.forms.evaluation import Context, Evaluation, Problem
from app.forms.results import UNANSWERED
from app.forms.schema import FieldDef
from app.forms.table import Table
from app.forms.values import is_empty, parse_value, shown_text, stored_value
from app.intake.hints import Doubt, doubts_of, remark_words
from app.ui.desk import Desk
from app.ui.sign_line import Said
from app.ui.unit_guard import UnitGuard

if TYPE_CHECKING:
    from app.book.types import Draft, KeptWarning, Row

PAUSE_MS = 2000
DRAFT_MS = 400


class FormSession(QObject):
    """Keeps one row in step with its form: evaluates at each keystroke, saves what is complete."""

    evaluated = Signal()
    """The evaluation is new; the form has to show it."""
    saved = Signal(str)
    """A field's value was saved."""

    def __init__(self, desk: Desk, table: Table, row: Row) -> None:
        super().__init__()
        self.desk = desk
        self.table = table
        self.row = row
        self.pending: dict[str, Any] = {}
        """Typed but not complete."""
        self.locked = ""
        """Why nothing can be changed here; empty where it can."""
        self.visited: set[str] = set()
        self.checked = False
        """Whether missing answers are shown for fields that were not visited yet (F5)."""
        self.recovered: dict[str, Draft] = self._drafts()
        self.kept: dict[tuple[str, str], KeptWarning] = {}
        self.context: Context = desk.book.context(row)
        self.units = UnitGuard(desk.book)
        self._pause = self._timer(PAUSE_MS, self._commit_last)
        self._draft_timer = self._timer(DRAFT_MS, self._save_drafts)
        self._undrafted: set[str] = set()
        self._drafted: set[str] = set(self.recovered)
        self._last = ""
        self._doubted: tuple[Evaluation, dict[str, str]] | None = None
        self._load_kept()
        self.evaluation: Evaluation = self.judge()

    def _timer(self, interval: int, action: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(action)
        return timer

    def _drafts(self) -> dict[str, Draft]:
        found = {draft.field: draft for draft in self.desk.book.drafts(self.row.id)}
        return {key: found[self.draft_key(key)] for key in self.table.fields
                if self.draft_key(key) in found}  # fmt: skip

    def _load_kept(self) -> None:
        from app.book.kept import all_kept

        kept = all_kept(self.desk.book.store, self.row.id)
        self.kept = {(k.field, k.code): k for k in kept}

    # ── what a row and a sheet of table 2 do each in their own way

    @property
    def stored(self) -> dict[str, Any]:
        """The values as the book holds them."""
        return self.row.values

    def draft_key(self, key: str) -> str:
        """The name a field's draft is kept under."""
        return key

    def store(self, key: str, raw: Any) -> None:
        """Saves one value."""
        self.row = self.desk.book.set_values(self.row.id, {key: raw}, by=self.desk.by)

    def judge(self) -> Evaluation:
        """What the values mean, as the book judges them."""
        from app.book.derive import judged

        return judged(self.table, self.values, self.context)

    def read_row(self) -> Row:
        """The row as the book holds it now."""
        return self.desk.book.row(self.row.id)

    # ── the union's questions

    def mark_lines(self, key: str) -> list[Said]:
        """The questions on a field, with what has become of them."""
        return []

    def notes(self) -> list[Said]:
        """What stands above the form."""
        return [Said("info", self.locked)] if self.locked else []

    # ── what the values mean

    @property
    def values(self) -> dict[str, Any]:
        """Stored values with what is being typed over them."""
        return {**self.stored, **self.pending}

    def _renew(self) -> None:
        self.evaluation = self.judge()
        self.evaluated.emit()

    def value(self, key: str) -> Any:
        """The raw value of a field as the form shows it: stored, or computed."""
        field = self.table.fields[key]
        if not field.computed:
            return self.values.get(key)
        typed = self.evaluation.typed.get(key)
        return None if typed is None else stored_value(field, typed)

    def source(self, key: str) -> str:
        """Where a value came from: typed, carried, a file's name …; empty for no value."""
        if self.table.fields[key].computed:
            return "computed"
        # A sheet of table 2 has values of its own beside its row's.
        mine = self.stored is self.row.values and not is_empty(self.stored.get(key))
        return self.row.provenance.get(key, "") if mine else ""

    def shown(self, key: str) -> str:
        """The value as a person reads it."""
        return shown_text(self.table.fields[key], self.evaluation.typed.get(key))

    def stand_in(self, key: str) -> str:
        """What counts while the answer is empty: default, minimum or draft."""
        field = self.table.fields[key]
        if field.computed or not is_empty(self.values.get(key)):
            return ""
        if field.part == "working_paper" or field.draft:
            from app.book.working_paper import drafted_text, is_safe

            return drafted_text(self.evaluation, key, safe=is_safe(self.evaluation))
        return self.shown(key)

    @property
    def name(self) -> str:
        """What the row is called: as typed, else as it counts, like cash that needs no name."""
        key = "name"
        typed = str(self.values.get(key) or "")
        known = key in self.table.fields
        return typed or (self.stand_in(key) if known else "") or "（未填名称）"

    def doubt(self, key: str) -> str:
        """What is quietly asked about a complete answer; empty where there is nothing to ask."""
        if key in self.pending:
            return ""
        said = self._doubts().get(key, "")
        if said or self.table.fields[key].type != "money":
            return said
        subject = str(self.values.get("subject") or "")
        return self.units.doubt(self.table.fields[key], self.evaluation.typed.get(key), subject)

    def _doubts(self) -> dict[str, str]:
        """What is asked about answers, by field; worked out once for each evaluation."""
        if self._doubted is None or self._doubted[0] is not self.evaluation:
            found = self.look_again()
            # What can't be changed here is only pointed at.
            by_field = {
                one.field: one.message if self.locked else one.message + one.way_out
                for one in reversed(found)
            }
            self._doubted = (self.evaluation, by_field)
        return self._doubted[1]

    def look_again(self) -> list[Doubt]:
        """Every question about the answers as they are now."""
        words = remark_words(self.desk.book.ruleset)
        return list(doubts_of(self.evaluation, self.values, words))

    def asked(self, key: str) -> bool:
        """Whether the field belongs to the form just now."""
        return key in self.evaluation.asked

    # ── problems

    def problems(self, key: str) -> list[Problem]:
        """The problems to show under a field: none while it is typed, missing only once visited."""
        return [p for p in self.visible_problems() if p.field == key]

    def visible_problems(self) -> list[Problem]:
        """Every problem that is to be seen now."""
        return [
            p
            for p in self.evaluation.problems
            if p.field not in self.pending
            and (p.code != UNANSWERED or self.checked or p.field in self.visited)
        ]

    def kept_reasons(self, key: str) -> dict[str, str]:
        """Reasons of the warnings kept at a field, by code."""
        from app.book.finding_ids import fingerprint

        return {
            problem.code: "，".join(filter(None, (kept.reason, kept.note)))
            for problem in self.evaluation.problems
            if problem.field == key
            and (kept := self.kept.get((key, problem.code))) is not None
            and kept.fingerprint == fingerprint(problem.code, self.row.id, key, problem.values)
        }

    @property
    def open_warnings(self) -> int:
        """How many warnings of the row nobody has kept."""
        return sum(
            problem.severity == "warning" and problem.code not in self.kept_reasons(problem.field)
            for problem in self.evaluation.problems
        )

    def section_state(self, keys: tuple[str, ...]) -> str:
        """ "!" for something to look at, "○" for something to fill in, "✓" for neither."""
        mine = set(keys)
        kept = {(k, c) for k in keys for c in self.kept_reasons(k)}
        open_problems = [
            p for p in self.evaluation.problems if p.field in mine and (p.field, p.code) not in kept
        ]
        if any(p.code != UNANSWERED and p.field not in self.pending for p in open_problems):
            return "!"
        return "○" if open_problems else "✓"

    def check_now(self) -> None:
        """Shows everything that is missing too (F5)."""
        self.checked = True
        self.evaluated.emit()

    def visit(self, key: str) -> None:
        """Notes that the focus has left a field: what is missing there may be said."""
        if key not in self.visited:
            self.visited.add(key)
            if key in self.evaluation.missing:
                self.evaluated.emit()

    def unvisit(self, keys: set[str]) -> None:
        """Takes visits back that the clerk's hands had no part in."""
        if keys & self.visited:
            self.visited -= keys
            self.evaluated.emit()

    # ── typing and saving

    def type_in(self, key: str, raw: Any) -> None:
        """A keystroke: evaluated, kept as a draft, saved after a pause."""
        if raw == self.stored.get(key):
            self.pending.pop(key, None)
        else:
            self.pending[key] = raw
        self._last = key
        self._undrafted.add(key)
        self._draft_timer.start()
        self._pause.start()
        self._renew()

    def commit(self, key: str, raw: Any) -> bool:
        """A complete value: saved in one transaction; True when the store holds it."""
        self.pending.pop(key, None)
        self._undrafted.discard(key)
        self.visited.add(key)
        if self.locked:
            return False
        if self._same(key, raw):
            self.desk.new_row.confirm(self.row.id, key)
            self._forget_draft(key)
            self._renew()
            return True
        if not self.desk.need_person():
            self.pending[key] = raw
            return False
        with self.desk.messages.guarded() as guard:
            self.store(key, raw)
        if not guard.ok:
            self.pending[key] = raw
            self._renew()
            return False
        self._forget_draft(key)
        self._renew()
        self.desk.row_was_saved(self.row.id)
        self.saved.emit(key)
        return True

    def _same(self, key: str, raw: Any) -> bool:
        held, field = self.stored.get(key), self.table.fields[key]
        if raw == held or (is_empty(raw) and is_empty(held)):
            return True
        try:
            return bool(stored_value(field, parse_value(field, raw)) == held)
        except ValueFault:
            return False

    def commit_all(self) -> None:
        """Saves everything that is still being typed."""
        self._pause.stop()
        for key, raw in list(self.pending.items()):
            self.commit(key, raw)

    def _commit_last(self) -> None:
        if self._last in self.pending:
            self.commit(self._last, self.pending[self._last])

    def _save_drafts(self) -> None:
        for key in self._undrafted & self.pending.keys():
            raw = self.pending[key]
            text = "" if raw is None else str(raw)
            self.desk.book.save_draft(self.row.id, self.draft_key(key), text)
            self._drafted.add(key)
        self._undrafted.clear()

    def _forget_draft(self, key: str) -> None:
        self.recovered.pop(key, None)
        if key in self._drafted:
            self._drafted.discard(key)
            self.desk.book.clear_draft(self.row.id, self.draft_key(key))

    def drop_recovered(self, key: str) -> None:
        """Throws a recovered input away; the stored value stands."""
        self._forget_draft(key)
        self._renew()

    def keep_recovered(self, key: str) -> None:
        """Saves a recovered input."""
        draft = self.recovered.get(key)
        if draft is not None:
            self.commit(key, draft.text or None)

    # ── from elsewhere

    def reload(self) -> None:
        """Reads the row again after somebody else changed it: undo, keep, evidence."""
        self.row = self.read_row()
        self.context = self.desk.book.context(self.row)
        self._load_kept()
        self._renew()

    def close(self) -> None:
        """Saves what is open and stops."""
        self.commit_all()
        self._pause.stop()
        self._draft_timer.stop()


def visible_fields(table: Table, *, union: bool) -> dict[str, tuple[FieldDef, ...]]:
    """The fields of each section that the form shows; the union's only in a union's book."""
    hidden = {"id", "seq"}
    found = {}
    for section in table.sections:
        fields = [table.fields[key] for key in section.fields]
        shown = [f for f in fields if f.key not in hidden and (union or f.part != "union")]
        if shown:
            found[section.key] = tuple(shown)
    return found

"""The guided form: one renderer for every table, driven by its definition."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.forms.results import UNANSWERED
from app.forms.schema import FieldDef
from app.forms.table import Table
from app.ui.class_chip import class_text
from app.ui.desk import Desk
from app.ui.fields.base import STAND_IN
from app.ui.fields.choice_buttons import ChoiceButtons, ClassButtons
from app.ui.fields.choice_list import ChoiceList, SubjectList
from app.ui.fields.computed import ComputedValue
from app.ui.fields.field_row import STACKED_BELOW, FieldRow
from app.ui.form_session import FormSession, visible_fields
from app.ui.result_bar import ResultBar
from app.ui.section_bar import SectionBar
from app.ui.sign_line import SignLine

OPINION = "initial_class"
RECOVERED = "找回上次没有保存的输入：“{text}”。"


class FormView(QWidget):
    """All fields of one table in sections, filled with one row at a time."""

    field_focused = Signal(str)
    choice_pointed = Signal(str, str)
    how_asked = Signal(str)
    keep_asked = Signal(str, str)
    mark_acted = Signal(str, int)
    """Field and place of a question that something is to be done about; no field: of a note."""
    ended = Signal()
    """Enter behind the last field."""
    evaluated = Signal()
    saved = Signal(str)

    def __init__(self, desk: Desk, table: Table) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.table = table
        self.session: FormSession | None = None
        self.help_below = False
        self.focused_key = ""
        self._mouse = QCursor.pos()
        """Where the mouse was when a field was last entered, an answer come to or left."""
        # What the union itself says stands beside the form, not in it.
        self.sections = visible_fields(table, union=False)
        self.rows: dict[str, FieldRow] = {}
        self._heads: dict[str, QWidget] = {}
        self._titles = {section.key: section.title for section in table.sections}
        self._build()

    # ── building

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.section_bar = SectionBar(self.look, {key: self._titles[key] for key in self.sections})
        self.section_bar.asked.connect(self.go_to_section)
        outer.addWidget(self.section_bar)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._sheet())
        self.area.viewport().installEventFilter(self)
        outer.addWidget(self.area, 1)
        self.result = ResultBar(self.look)
        self.result.field_asked.connect(self.go_to)
        outer.addWidget(self.result)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Where there is little room from side to side labels stand above their fields."""
        if event.type() == QEvent.Type.Resize and watched is self.area.viewport():
            stacked = self.area.viewport().width() < self.look.px(STACKED_BELOW)
            for row in self.rows.values():
                row.set_stacked(stacked)
        return super().eventFilter(watched, event)

    def _sheet(self) -> QWidget:
        px = self.look.px
        sheet = QFrame()
        sheet.setProperty("surface", "paper")
        layout = QVBoxLayout(sheet)
        layout.setContentsMargins(px(16), px(4), px(16), px(16))
        layout.setSpacing(0)
        self.notes = QVBoxLayout()
        self.notes.setContentsMargins(0, px(6), 0, 0)
        self.notes.setSpacing(px(4))
        layout.addLayout(self.notes)
        for key, fields in self.sections.items():
            head = self._section_head(key)
            self._heads[key] = head
            layout.addWidget(head)
            for field in fields:
                row = self._field_row(field)
                self.rows[field.key] = row
                layout.addWidget(row)
        layout.addStretch(1)
        return sheet

    def _section_head(self, key: str) -> QWidget:
        px = self.look.px
        head = QWidget()
        layout = QVBoxLayout(head)
        layout.setContentsMargins(0, px(14), 0, px(4))
        layout.setSpacing(px(3))
        title = QLabel(self._titles[key])
        title.setFont(self.look.font(bold=True))
        line = QFrame()
        line.setProperty("surface", "line")
        line.setFixedHeight(1)
        layout.addWidget(title)
        layout.addWidget(line)
        return head

    def _field_row(self, field: FieldDef) -> FieldRow:
        row = FieldRow(field, self.look)
        editor, key = row.editor, field.key
        editor.typed.connect(lambda raw: self._typed(key, raw))
        editor.committed.connect(lambda raw: self._committed(key, raw))
        editor.moved.connect(lambda step: self._move(key, step))
        editor.focused.connect(lambda: self._focus_entered(key))
        editor.left.connect(lambda: self._focus_left(key))
        editor.pointed.connect(lambda code: self._pointed(key, code))
        editor.refused.connect(lambda why: self.desk.messages.tell(f"「{field.label}」{why}"))
        row.keep_asked.connect(self.keep_asked)
        row.subject_asked.connect(lambda: self._ask_subject(key))
        row.mark_acted.connect(self.mark_acted)
        row.draft_kept.connect(self._keep_recovered)
        row.draft_dropped.connect(self._drop_recovered)
        if isinstance(editor, ComputedValue):
            editor.asked_how.connect(lambda: self.how_asked.emit(key))
        if isinstance(editor, SubjectList):
            self._fill_subjects(editor)
        return row

    def _fill_subjects(self, editor: SubjectList) -> None:
        """Offers the chart's subjects, those of this table first."""
        chart = self.desk.book.chart()
        mine = [s for s in chart.values() if s.table == self.table.id]
        rest = [s for s in chart.values() if s.table != self.table.id]
        editor.set_entries((s.code, s.name) for s in [*mine, *rest])

    def renew_subjects(self) -> None:
        """Offers the subjects of a chart that was changed."""
        for row in self.rows.values():
            if isinstance(row.editor, SubjectList):
                self._fill_subjects(row.editor)

    def _ask_subject(self, key: str) -> None:
        if self.session is not None:
            self.desk.subject_asked.emit(str(self.session.value(key) or ""), self.table.id)

    @property
    def has_lists(self) -> bool:
        """Whether the form has a long list of choices."""
        return any(isinstance(row.editor, ChoiceList) for row in self.rows.values())

    def use_initials(self, initials: Any) -> None:
        """Lets the long lists be searched by initials."""
        for row in self.rows.values():
            if isinstance(row.editor, ChoiceList):
                row.editor.set_initials(initials)

    # ── one row

    def show_row(self, session: FormSession) -> None:
        """Fills the form with a row."""
        self.close_row()
        self.session = session
        session.evaluated.connect(self._show_evaluation)
        session.saved.connect(self.saved)
        for key, row in self.rows.items():
            row.editor.set_locked(bool(session.locked))
            row.set_value(session.value(key), self._computed_text(key))
            row.show_source(session.source(key))
            self._show_recovered(key)
        self.show_marks()
        self._show_evaluation()
        self.area.verticalScrollBar().setValue(0)

    def close_row(self) -> None:
        """Saves what is being typed and lets the row go."""
        if self.session is not None:
            self.commit_focused()
            self.session.close()
            self.session.evaluated.disconnect(self._show_evaluation)
            self.session = None

    def commit_focused(self) -> None:
        """Takes the value under the cursor as complete."""
        if self.focused_key and self.session is not None:
            self.rows[self.focused_key].editor.commit()

    def show_marks(self) -> None:
        """Shows questions at their fields, and what is to be said above the form."""
        session = self.session
        if session is None:
            return
        for key, row in self.rows.items():
            row.show_marks(session.mark_lines(key))
        while self.notes.count():
            widget: QWidget = self.notes.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        for place, said in enumerate(session.notes()):
            line = SignLine(self.look, said.sign, said.text, said.action)
            line.acted.connect(lambda at=place: self.mark_acted.emit("", at))
            self.notes.addWidget(line)

    def refill(self) -> None:
        """Shows the stored values again, after undo or a change from elsewhere."""
        if self.session is None:
            return
        self.show_marks()
        for key, row in self.rows.items():
            if key not in self.session.pending:
                row.set_value(self.session.value(key), self._computed_text(key))
                row.show_source(self.session.source(key))
        self._show_evaluation()

    def _computed_text(self, key: str) -> str:
        session = self.session
        return session.shown(key) if session and self.table.fields[key].computed else ""

    def _show_recovered(self, key: str) -> None:
        session, row = self.session, self.rows[key]
        draft = session.recovered.get(key) if session else None
        row.show_recovered(RECOVERED.format(text=draft.text) if draft else "")

    # ── what the evaluation says

    def _show_evaluation(self) -> None:
        session = self.session
        if session is None:
            return
        self.result.show_evaluation(session.evaluation)
        visible = session.visible_problems()
        at_fields: dict[str, list[Any]] = {}
        for problem in visible:
            at_fields.setdefault(problem.field, []).append(problem)
        for key, row in self.rows.items():
            asked = session.asked(key)
            if row.isHidden() == asked:
                row.setVisible(asked)
            if asked:
                self._show_row_state(key, row, at_fields.get(key, []))
        self._show_sections()
        self.evaluated.emit()

    def _show_row_state(self, key: str, row: FieldRow, problems: list[Any]) -> None:
        session = self.session
        if session is None:
            return
        if row.is_computed:
            row.set_value(session.value(key), session.shown(key))
        else:
            self._show_stand_in(row, session.stand_in(key))
        if isinstance(row.editor, ClassButtons) and key == OPINION:
            evaluation = session.evaluation
            best = evaluation.suggested or evaluation.at_least
            row.editor.set_best(best)
            words = class_text(best, at_least=evaluation.suggested is None)
            row.show_note(f"系统建议：{words}。初分意见只能相同或更差。")
        kept = session.kept_reasons(key) if problems else {}
        row.show_problems(problems, kept)
        row.show_doubt(session.doubt(key))

    def _show_stand_in(self, row: FieldRow, stand_in: str) -> None:
        """Says what counts while the answer is empty."""
        if isinstance(row.editor, ChoiceButtons):
            row.editor.set_hint(STAND_IN.format(stand_in) if stand_in else "")
            row.show_note(row.editor.raw())
        elif stand_in or row.field.type != "date":
            hint = STAND_IN.format(stand_in) if stand_in else self._plain_hint(row)
            row.editor.set_hint(hint)

    def _plain_hint(self, row: FieldRow) -> str:
        if isinstance(row.editor, ChoiceList) and not row.editor.locked:
            return row.editor.usual_hint
        if row.editor.locked:
            return "没有填"
        return "可以不填" if row.field.optional and not self._is_missed(row.field.key) else ""

    def _is_missed(self, key: str) -> bool:
        """Whether other answers ask for this one, which may be left out elsewhere."""
        problems = self.session.evaluation.problems if self.session else ()
        return any(p.field == key and p.code == UNANSWERED for p in problems)

    def _show_sections(self) -> None:
        session = self.session
        if session is None:
            return
        for key, head in self._heads.items():
            fields = tuple(f.key for f in self.sections[key])
            shown = any(session.asked(k) for k in fields)
            head.setVisible(shown)
            self.section_bar.show_state(key, shown=shown, state=session.section_state(fields))

    # ── hands

    def _typed(self, key: str, raw: Any) -> None:
        if self.session is not None:
            self.rows[key].show_note(raw)
            self.session.type_in(key, raw)

    def _committed(self, key: str, raw: Any) -> bool:
        """Whether the book has taken it; one that stays pending is told of where it is refused."""
        session = self.session
        if session is None:
            return False
        if taken := session.commit(key, raw):
            self.rows[key].set_value(session.value(key), self._computed_text(key))
            self.rows[key].show_source(session.source(key))
        self._show_recovered(key)
        return taken

    @property
    def key_in_hand(self) -> str:
        """The field that the keyboard is in; empty while it is elsewhere, as in the list."""
        row = self.rows.get(self.focused_key)
        within = row is not None and row.isAncestorOf(self.window().focusWidget())
        return self.focused_key if within else ""

    def take_value(self, raw: Any) -> bool:
        """Gives the field in hand a value from elsewhere, as if typed; whether it was taken."""
        return self._committed(self.focused_key, raw)

    def _keep_recovered(self, key: str) -> None:
        if self.session is not None:
            self.session.keep_recovered(key)
            self.rows[key].set_value(self.session.value(key))
            self._show_recovered(key)

    def _drop_recovered(self, key: str) -> None:
        if self.session is not None:
            self.session.drop_recovered(key)
            self._show_recovered(key)

    def _focus_entered(self, key: str) -> None:
        self.focused_key = key
        self._mouse = QCursor.pos()
        self.field_focused.emit(key)
        self._show_help_below()
        QTimer.singleShot(0, self, lambda: self._bring_into_view(key))

    def _pointed(self, key: str, code: str) -> None:
        """Explains an answer; a mouse that only rests there while the form moves explains none."""
        mouse, self._mouse = self._mouse, QCursor.pos()
        if key == self.focused_key or not self.focused_key:
            self.choice_pointed.emit(key, code)
        elif not code:
            self.field_focused.emit(self.focused_key)
        elif mouse != self._mouse:
            self.choice_pointed.emit(key, code)

    def _focus_left(self, key: str) -> None:
        if self.session is not None:
            self.session.visit(key)

    def set_help_below(self, wanted: bool) -> None:
        """Where there is no help pane, the instruction stands under the field in focus."""
        self.help_below = wanted
        self._show_help_below()

    def _show_help_below(self) -> None:
        for key, row in self.rows.items():
            wanted = self.help_below and key == self.focused_key
            row.show_help(first_sentence(row.field.instruction) if wanted else "")

    def _bring_into_view(self, key: str) -> None:
        row = self.rows.get(key)
        layout = self.area.widget().layout()
        if row is not None and row.isVisible() and layout is not None:
            # Lines that have just come or gone first have to find their place.
            layout.activate()
            self.area.ensureWidgetVisible(row, 0, self.look.px(56))
            self.area.horizontalScrollBar().setValue(0)

    def least_width(self) -> int:
        """What the fields need side to side so that nothing is cut."""
        bar = self.area.verticalScrollBar().sizeHint().width()
        return self.area.widget().minimumSizeHint().width() + bar

    def asked_keys(self) -> list[str]:
        """The fields that can be filled in now, in order."""
        session = self.session
        return [
            key
            for key, row in self.rows.items()
            if session is not None and session.asked(key) and not row.is_computed
        ]

    def _move(self, key: str, step: int) -> None:
        if self.session is not None and step > 0:
            self.desk.new_row.confirm(self.session.row.id, key)
        keys = self.asked_keys()
        order = list(self.rows)
        here = order.index(key)
        later = [k for k in keys if (order.index(k) - here) * step > 0]
        if later:
            self.go_to(later[0] if step > 0 else later[-1])
        elif step > 0:
            self.result.toggle.setFocus(Qt.FocusReason.TabFocusReason)
            self.ended.emit()

    def go_to(self, key: str) -> None:
        """Puts the focus into a field; computed ones explain themselves."""
        row = self.rows.get(key)
        if row is None or row.isHidden():
            return
        if row.is_computed:
            self.how_asked.emit(key)
            self._bring_into_view(key)
            return
        row.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go_to_first(self) -> None:
        """Puts the focus into the first field without an answer, else with an error, else any."""
        session, keys = self.session, self.asked_keys()
        if session is None or not keys:
            return
        missing = set(session.evaluation.missing)
        wrong = {p.field for p in session.evaluation.problems if p.severity == "error"}
        wanted = [key for key in keys if key in missing] or [key for key in keys if key in wrong]
        self.go_to((wanted or keys)[0])

    def go_to_section(self, section: str) -> None:
        """Puts the focus into a section's first field, with its heading in sight."""
        keys = {f.key for f in self.sections[section]}
        first = next((key for key in self.asked_keys() if key in keys), "")
        top = self._heads[section].mapTo(self.area.widget(), QPoint(0, 0)).y()
        if first:
            self.go_to(first)
        QTimer.singleShot(0, self, lambda: self.area.verticalScrollBar().setValue(top))

    def go_to_section_number(self, number: int) -> None:
        """Alt+1 … Alt+9."""
        if 0 < number <= len(self.sections):
            self.go_to_section(list(self.sections)[number - 1])

    def go_to_next_problem(self, *, from_top: bool = False, errors_only: bool = False) -> bool:
        """F8: the next field with something wrong or missing, in a circle."""
        session = self.session
        if session is None:
            return False
        self.commit_focused()
        session.check_now()
        order = list(self.rows)
        kept = {(key, code) for key in order for code in session.kept_reasons(key)}
        found = (p for p in session.evaluation.problems if (p.field, p.code) not in kept)
        wanted = [p.field for p in found if not errors_only or p.severity == "error"]
        places = sorted({order.index(key) for key in wanted if key in self.rows})
        if not places:
            return False
        here = order.index(self.focused_key) if self.focused_key and not from_top else -1
        place = next((p for p in places if p > here), places[0])
        self.go_to(order[place])
        # What is told under the field comes a turn later and is to be read too.
        QTimer.singleShot(0, self, lambda: self._bring_later(order[place]))
        return True

    def _bring_later(self, key: str) -> None:
        QTimer.singleShot(0, self, lambda: self._bring_into_view(key))

    def check_now(self) -> int:
        """F5: shows everything that is wrong or missing; returns how much that is."""
        self.commit_focused()
        if self.session is None:
            return 0
        self.session.check_now()
        return len(self.session.evaluation.problems)


def first_sentence(text: str) -> str:
    """The beginning of an instruction, where there is room for no more."""
    head, mark, _ = text.partition("。")
    return head + mark

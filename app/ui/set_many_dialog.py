"""One field for many rows: field, value, what would change, then in one change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.book.bulk import DIFFERS
from app.forms.results import UNANSWERED, Problem
from app.forms.table import Table
from app.forms.values import is_empty
from app.intake.hints import remark_words
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.fields.base import Editor, step_of_return
from app.ui.fields.choice_buttons import ChoiceButtons
from app.ui.fields.choice_list import SubjectList
from app.ui.fields.registry import BY_DIGIT, make_editor
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.remark_ticks import REMARKS, RemarkTicks
from app.ui.room import form_layout, make_room
from app.ui.row_list import RowListModel
from app.ui.set_many_ahead import PlanAhead, Wish
from app.ui.set_many_parts import Easier, FieldBox, InsteadTicks
from app.ui.set_many_words import LOOK_AGAIN, action_words, aside_told, left_told, plan_words
from app.ui.sign_line import soft_label
from app.ui.sparing_ticks import SparingTicks
from app.ui.work_bar import WorkBar
from app.ui.worker import Progress, Worker

if TYPE_CHECKING:
    from app.book.filling import SetPlan

WHY = "成批填写"
AS_WORKED_OUT = "成批填写，采用程序测算的结果"
SAID_IN_REMARKS = "备注里说到的各笔要填，不填就当作没有，照样分类；别的可以空着。"
MOST_LOOKED_AT = 200
"""Chosen rows that are asked what they miss, before the dialog opens."""


class SetManyDialog(QDialog):
    """给选中的各笔填同一项."""

    done_with = Signal(int)
    """How many rows were changed."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        table: Table,
        rows: RowListModel,
        places: list[tuple[int, int]],
    ) -> None:
        super().__init__(parent)
        self.desk, self.look, self.table = desk, desk.look, table
        self.ids = rows.ids_at(places)  # now: what is filled here may change what the list shows
        self.count = len(self.ids)
        self.plan: SetPlan | None = None
        self._wanted: tuple[str, Any, bool, bool] | None = None
        self._is_done_typing = False
        self._has_looked = False
        """Whether the column that tells about the present field has been brought up."""
        self._asides: dict[str, int] = {}
        """How many rows are left aside, by what is written where."""
        self._filled: list[tuple[str, int]] = []
        """Field and change of each fill, so that the last one can be taken back from here."""
        QShortcut(QKeySequence.StandardKey.Undo, self, self.take_back)
        self.setWindowTitle("给选中的各笔填同一项")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        px = self.look.px
        self.resize(px(560), px(320))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(10))
        self.messages = Messages()
        self.worker = Worker(self.messages)
        self.form = form_layout(self.look)
        self.form.addRow(
            "选中", soft_label(f"{self.count}笔（附表{table.id} {table.short_title}）")
        )
        self.field = self._field_box()
        self.form.addRow("填哪一项", self.field)
        layout.addLayout(self.form)
        self.easier = Easier(self.look)
        self.easier.asked.connect(self._take_easier_way)
        layout.addWidget(self.easier)
        self.asked_where = soft_label()
        layout.addWidget(self.asked_where)
        self._add_ticks(layout)
        self.facts = soft_label()
        layout.addWidget(self.facts)
        layout.addStretch(1)
        # Below what is filled in: nothing there moves when a message comes.
        layout.addWidget(MessageBar(self.look, self.messages))
        layout.addWidget(WorkBar(self.look, self.worker))
        layout.addLayout(self._buttons())
        self.ahead = PlanAhead(self.worker, desk.book.store, table.id, self.ids, self)
        self.ahead.found.connect(self._have_plan)
        self.editor: Editor
        self._show_editor()
        self.field.setFocus()

    def _add_ticks(self, layout: QVBoxLayout) -> None:
        """What is written instead of an answer, and which rows are left aside."""
        self.instead = InsteadTicks(self.look)
        self.instead.changed.connect(self._instead_changed)
        layout.addWidget(self.instead)
        self.sparing = SparingTicks(self.look)
        self.sparing.changed.connect(self._show_plan)
        layout.addWidget(self.sparing)
        self.remarks = RemarkTicks(self.look)
        self.remarks.changed.connect(self._show_plan)
        self.remarks.column_asked.connect(self._recount)
        layout.addWidget(self.remarks)

    def _field_box(self) -> FieldBox:
        from app.book.filling import fields_for_many

        box = FieldBox()
        box.numbered.connect(self._take_number)
        box.entered_on.connect(self._go_to_answer)
        box.setAccessibleName("填哪一项")
        for field in fields_for_many(self.table):
            box.addItem(field.label, field.key)
        box.currentIndexChanged.connect(lambda _place: self._show_editor())
        return box

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        self.action = push_button("填写", main=True)
        self.action.clicked.connect(self.apply)
        cancel = push_button("取消")
        cancel.clicked.connect(self.reject)
        row.addWidget(self.action)
        row.addWidget(cancel)
        return row

    def _show_editor(self) -> None:
        """The editor of the chosen field, as the form has it."""
        field = self.table.fields[self._key]
        self.remarks.start_again()
        self._has_looked = False
        self.sparing.start_again()
        self.instead.start_again(field)  # while the editor that it turns on is still there
        if self.form.rowCount() > 2:
            self.form.removeRow(2)
        self.editor = make_editor(field, self.look, BY_DIGIT)
        self.editor.name(f"{field.label}填成")
        if field.unit or field.type == "money":
            self.editor.set_unit(field.unit or "元")
        if isinstance(self.editor, SubjectList):
            chart = self.desk.book.chart().values()
            self.editor.set_entries((s.code, s.name) for s in chart if s.table == self.table.id)
        self.editor.refused.connect(lambda why: self.messages.tell(f"「{field.label}」{why}"))
        self.editor.typed.connect(lambda _raw: self._typed())
        self.editor.committed.connect(lambda _raw: self._typed())
        self.editor.moved.connect(lambda step: self._move(step))
        self.form.addRow("填成（可选几项）" if field.type == "many" else "填成", self.editor)
        # Now, not when the layout comes to it: the keyboard may be on its way here.
        self.editor.show()
        self.easier.show_way(self.table, field)
        fills = remark_words(self.desk.book.ruleset).fills(field.key)
        told = field.instruction + (SAID_IN_REMARKS if fills else "")
        self.asked_where.setVisible(bool(told))
        self.asked_where.setText(told)
        self._put_in_tab_order()
        self.editor.setEnabled(not self.instead.on)
        self._typed()

    def _take_easier_way(self, key: str, code: str) -> None:
        """Goes to the field that works this one out, with the answer that does it."""
        self.field.setCurrentIndex(self.field.findData(key))
        self.editor.set_value(code)
        self.editor.setFocus()
        self._typed()

    @property
    def _key(self) -> str:
        """The chosen field."""
        return str(self.field.currentData())

    def _put_in_tab_order(self) -> None:
        """From the field to its value: the editor is newer than what stands below it."""
        before: QWidget = self.field
        parts = [part for part in self.editor.findChildren(QWidget) if not part.focusProxy()]
        tabbed = Qt.FocusPolicy.TabFocus.value
        for part in [
            self.editor,
            *parts,
            self.easier.button,
            self.instead.each,
            self.instead.empty,
            *self.sparing.boxes,
            self.remarks.column,
            *(tick for tick, _texts in self.remarks.ticks),
        ]:
            if part.focusPolicy().value & tabbed:
                QWidget.setTabOrder(before, part)
                before = part

    def start_at(self, key: str) -> None:
        """Begins with this field."""
        self.field.setCurrentIndex(self.field.findData(key))

    def start_at_missing(self) -> None:
        """Begins with the first field that any of the chosen rows still has to be asked."""
        first = self._first_missing()
        if first is None:
            self._tell_none_is_missing()
        else:
            self.field.setCurrentIndex(first)

    def _first_missing(self, behind: int = -1) -> int | None:
        """The place of the first such field that comes behind a place in the form's order."""
        book, first = self.desk.book, self.field.count()
        words = remark_words(book.ruleset)
        for row_id in self.ids[:MOST_LOOKED_AT]:
            row = book.row(row_id)
            found = book.evaluate(row)
            missing = [one.field for one in found.problems if _is_to_fill(one)]
            untold = [key for key in words.untold(self.table, row.values) if key in found.asked]
            for key in (*missing, *untold):
                place = self._asked_at(key, row.values, behind)
                first = place if behind < place < first else first
            if first == behind + 1:  # nothing comes before it
                break
        return first if first < self.field.count() else None

    def _asked_at(self, key: str, values: Mapping[str, Any], behind: int) -> int:
        """Where a missing field is asked for: first at the one whose answer may work it out."""
        way = self.table.worked_out_by(key)
        if way is not None and is_empty(values.get(way[0].key)):
            place = self.field.findData(way[0].key)
            if place > behind:
                return place
        return self.field.findData(key)

    def _tell_none_is_missing(self) -> None:
        many = self.count > MOST_LOOKED_AT
        which = f"选中的前{MOST_LOOKED_AT}笔" if many else f"选中的{self.count}笔"
        self.messages.tell(
            f"{which}要填的都填了。", "要改其中一项，请先在「填哪一项」里选。", kind="info"
        )

    def _instead_changed(self) -> None:
        self.editor.setEnabled(not self.instead.on)
        self._typed()

    def _value(self) -> Any:
        return None if self.instead.on else self.editor.raw()

    def _take_number(self, number: int) -> None:
        """The answer with this number, typed while the focus is still on the field."""
        if isinstance(self.editor, ChoiceButtons) and not self.instead.on:
            self.editor.setFocus()
            self.editor.take_number(number)

    def _go_to_answer(self) -> None:
        if self.instead.on:
            self._move(1)
        else:
            self.editor.setFocus()

    def _move(self, step: int) -> None:
        # Enter comes sooner than the count: the button is not there yet to go to.
        self._is_done_typing = step > 0 and (self.ahead.is_coming or self.worker.busy)
        if not self._is_done_typing:
            (self.action if step > 0 and self.action.isEnabled() else self.field).setFocus()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter on a tick goes on, as it does on an answer: only on the button it fills."""
        if step_of_return(event) and isinstance(self.focusWidget(), QCheckBox):
            self._move(step_of_return(event))
        else:
            super().keyPressEvent(event)

    def _typed(self) -> None:
        ticks = (self.instead.empty.isChecked(), self.instead.each.isChecked())
        wanted = (self._key, self._value(), *ticks)
        if wanted == self._wanted:  # the focus has only left what was typed
            return
        self._wanted = wanted
        self._is_done_typing = False
        self._recount()

    def _recount(self) -> None:
        """What was counted holds no more; the fill as it is now is counted anew."""
        self.plan = None
        self._show_plan()
        # Nothing typed is no wish to empty the field: that has a box of its own.
        if self._value() is None and not self.instead.on:
            self.ahead.drop()
            self.sparing.hide_all()
            self.remarks.hide()
        else:
            each, columns = self.instead.each.isChecked(), self.remarks.columns_wanted
            self.ahead.ask(Wish(self._key, self._value(), each, columns))

    def _have_plan(self, plan: SetPlan) -> None:
        self.messages.clear()
        if self._looks_beside(plan):
            self._recount()
            return
        self.plan = plan
        self._show_plan()
        if self._is_done_typing and self.action.isEnabled():
            self.action.setFocus()
        self._is_done_typing = False

    def _looks_beside(self, plan: SetPlan) -> bool:
        """Brings up the column that tells about the field, once; its words are still to be read."""
        if self._has_looked or not plan.columns:
            return False
        self._has_looked = True
        words = remark_words(self.desk.book.ruleset)
        return self.remarks.look_at(words.beside.get(plan.field, ()), plan.columns)

    def _chosen_plan(self) -> SetPlan | None:
        """What would be done, without the rows that are left as they are."""
        if self.plan is None:
            return None
        plan = self.sparing.spared(self.plan)
        if self.sparing.looked_at_again:
            self._asides[LOOK_AGAIN] = self.sparing.looked_at_again
        if plan.said is None or self.instead.empty.isChecked():  # nothing to contradict a remark
            self.remarks.set_against(())
            self.remarks.show_said(())
            return plan
        return self._sparing_said(plan)

    def _sparing_said(self, plan: SetPlan) -> SetPlan:
        """Without the rows that are left aside for their remark, or for what was printed."""
        ticks, words = self.remarks, remark_words(self.desk.book.ruleset)
        none_too = words.fills(plan.field)
        told = (text for text, _count in (self.plan or plan).words(none_too=none_too))
        ticks.set_against(words.against(self.table, plan.field, plan.value, told))
        for column in plan.columns:
            printed = (text for text, _count in (self.plan or plan).words(column))
            against = words.against_printed(plan.field, plan.value, column, printed)
            ticks.set_against(against, column)
        ticks.show_said(plan.words(ticks.column_name, none_too=none_too), plan.columns)
        for column in ("", *ticks.columns_wanted):
            rest = plan.sparing_said(ticks.aside(column), column)
            self._asides[column or REMARKS] = len(plan.row_ids) - len(rest.row_ids)
            plan = rest
        return plan

    def _show_plan(self) -> None:
        self._asides = {}
        plan = self._chosen_plan()
        self.action.setEnabled(plan is not None and bool(plan.row_ids))
        self.action.setText(action_words(plan))
        meant = self.plan
        told = ""
        if plan is not None and meant is not None:
            may_stay = self.sparing.left_empty
            told = plan_words(self.table, plan, meant, self._asides, may_stay)
        self.facts.setText(told)
        make_room(self)

    def apply(self) -> None:
        """Does it, as one change that can be undone."""
        plan = self._chosen_plan()
        if plan is None or not plan.row_ids:
            return
        asides = dict(self._asides)
        store, by = self.desk.book.store, self.desk.by
        why = WHY if plan.classes is None else AS_WORKED_OUT

        def work(progress: Progress) -> int:
            from app.book.filling import set_for_many

            return set_for_many(store, plan, by=by, why=why, progress=progress)

        self.action.setEnabled(False)
        job = self.worker.start("填写", work, lambda count: self._applied(plan, asides, count))
        job.ended.connect(lambda: self._recount_after(plan))

    def _recount_after(self, plan: SetPlan) -> None:
        """What was refused is counted anew; what was done has gone on to the next field."""
        if self.plan is not None and self._key == plan.field and self.isVisible():
            self._recount()

    def _applied(self, plan: SetPlan, asides: Mapping[str, int], count: int) -> None:
        """Goes on to the next field that is missing; behind the last one it closes."""
        label = self.table.fields[plan.field].label
        aside = aside_told(asides, asked_again=not self.table.fields[plan.field].optional)
        told = f"已给{count}笔填写「{label}」。{''.join(left_told(plan))}{aside}"
        self._remember(plan.field)
        self.done_with.emit(count)
        following = self._first_missing(behind=self.field.findData(plan.field))
        if not self.isVisible():  # Esc came too late to keep it from being written
            self.desk.messages.tell(told, "要改回去，按 Ctrl+Z。", kind="good")
        elif following is None:
            self.desk.messages.tell(told, "要改回去，按 Ctrl+Z。", kind="good")
            self.accept()
        else:
            way_out = "接着填下一项；填错了按 Ctrl+Z，不填了按 Esc。"
            self.messages.tell(told, way_out, kind="good")
            self.field.setCurrentIndex(following)
            self.field.setFocus()

    def _remember(self, key: str) -> None:
        from app.book.sitting import steps

        last = next(iter(steps(self.desk.book.store, most=1)), None)
        if last is not None:
            self._filled.append((key, last.change_no))

    def take_back(self) -> None:
        """Ctrl+Z: the last fill of this dialog, and back to its field."""
        if self.worker.at_work:
            return
        if not self._filled:
            self.messages.tell("还没有填过，没有可以撤销的。", "不填了按 Esc。", kind="info")
            return
        key, change_no = self._filled[-1]
        store, by = self.desk.book.store, self.desk.by

        def work(_progress: Progress) -> int | None:
            from app.book.undo import undo

            return undo(store, by, only=change_no)

        self.worker.start("撤销", work, lambda number: self._taken_back(key, number))

    def _taken_back(self, key: str, number: int | None) -> None:
        label = self.table.fields[key].label
        self._filled.pop()
        if number is None:
            told = f"「{label}」填过以后又有别的修改。"
            self.messages.tell(told, "请按 Esc，再按 Ctrl+Z 逐步撤销。", kind="warning")
            return
        self.done_with.emit(0)
        self.messages.tell(f"已撤销刚才填的「{label}」。", "重新填，或按 Esc。", kind="good")
        self.field.setCurrentIndex(self.field.findData(key))
        self.field.setFocus()
        self._wanted = None
        self._typed()

    def done(self, code: int, /) -> None:
        """Stops what is still being counted."""
        self.ahead.drop()
        self.worker.close()
        super().done(code)


def _is_to_fill(problem: Problem) -> bool:
    """Missing, or wrong in a way that another answer for many rows may mend."""
    wrong = problem.severity == "error" and problem.field not in DIFFERS
    return problem.code == UNANSWERED or wrong

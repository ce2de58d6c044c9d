"""审查 and 认定: the queue, the row as it was sent, the opinion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from app.ui.desk import Desk
from app.ui.sign_line import Said
from app.ui.union.case_pane import CasePane
from app.ui.union.case_session import CaseSession
from app.ui.union.kept_drafts import ALL_CHOSEN, KeptDrafts
from app.ui.union.mark_dialog import ask_mark
from app.ui.union.opinion_writing import OpinionWriting
from app.ui.union.preview import preview_words
from app.ui.union.queue_panel import DETERMINE_STAGES, REVIEW_STAGES, QueuePanel
from app.ui.union.sheet_panel import SheetPanel

if TYPE_CHECKING:
    from app.ui.form_view import FormView

REVIEWING = ("working_group", "department", "auditor")
DETERMINING = ("leading_group",)
DRAFT_MS = 1000
SIZES = (330, 480, 384)
WIDE_FROM = 1000
"""The width from which list, form and opinion stand side by side."""
FIRST_STAGE = {"working_group": "review", "department": "department", "auditor": "audit"}


class QueuePage(QWidget):
    """Queue, form and case pane; who works decides what can be said."""

    def __init__(self, desk: Desk, title: str, roles: Sequence[str]) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.roles = tuple(roles)
        self.drafts = KeptDrafts(desk)
        self.session: CaseSession | None = None
        self.forms: dict[str, FormView] = {}
        self._stale = True
        self._list_instead = self._was_wide = self._kept_words = False
        self.done: set[str] = set()
        """Rows dealt with since the list was read, also by others; they still stand in it."""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        layout.addWidget(self.splitter)
        stages = REVIEW_STAGES if self.roles == REVIEWING else DETERMINE_STAGES
        self.list = QueuePanel(desk, title, stages)
        self.sheet = SheetPanel(self.look)
        self.pane = CasePane(desk)
        self.writing = OpinionWriting(self)
        for widget in (self.list, self.sheet, self.pane):
            self.splitter.addWidget(widget)
        self.splitter.setStretchFactor(1, 1)
        self.list.setMinimumWidth(self.look.px(260))
        self._share_room()
        self._connect()
        self._person_changed()
        self._place_panes()
        self.draft_timer = QTimer(self)
        self.draft_timer.setInterval(DRAFT_MS)
        self.draft_timer.timeout.connect(lambda: self.keep_draft(again=False))

    def _connect(self) -> None:
        view, opinion = self.list.view, self.pane.opinion
        view.opened.connect(self.open_row)
        view.clicked.connect(lambda _index: self._clicked())
        view.chosen.connect(lambda _count: self._selection_changed())
        self.list.loaded.connect(self._list_read)
        self.list.moved_on.connect(self._others_dealt)
        self.pane.field_asked.connect(self.go_to)
        self.pane.side.paper_shown.connect(lambda _shown: self._place_panes())
        self.sheet.stepped.connect(self.step)
        self.sheet.close_asked.connect(self.close_row)
        opinion.apply_asked.connect(self.writing.apply)
        opinion.return_asked.connect(self.writing.give_back)
        opinion.mark_asked.connect(self.ask_mark)
        opinion.changed.connect(self.show_preview)
        self.desk.person_changed.connect(self._person_changed)
        self.desk.rows_changed.connect(self._rows_changed)

    # ── who works

    @property
    def role(self) -> str:
        """The role of the person at work, where it has a say here."""
        person = self.desk.person if self.desk.has_book else None
        return person.role if person is not None and person.role in self.roles else ""

    def _person_changed(self) -> None:
        if not self.desk.has_book:
            return
        from app.book.types import ROLES

        role = self.role
        by = self.desk.by if role else ""
        if by != self.drafts.by:
            self.keep_draft()
            self.drafts.change_person(by)
            if self.session is not None:
                self.session.draft = self.drafts.of(self.session.row.id)
            if self.pane.opinion.bulk:
                self.pane.opinion.show_draft(self.drafts.of(ALL_CHOSEN))
            else:
                # What came of another one's attempt is not said to this one.
                self.pane.opinion.say([])
        self.pane.opinion.set_role(role)
        who = "、".join(ROLES[one] for one in self.roles)
        self.pane.show_nobody("" if role else f"这里由{who}办理。请在右上角选人。")
        wanted = FIRST_STAGE.get(role)
        if wanted is not None and self.list.stage.currentData() != wanted:
            self.list.set_filter(self.list.stage, wanted)
            self._reload_if_seen()
        if self.session is not None:
            self._show_opinion()

    # ── the list

    def showEvent(self, event: QShowEvent, /) -> None:
        """Read again when others may have changed it."""
        super().showEvent(event)
        if self._stale and self.desk.has_book:
            self._stale = False
            self.list.fill_choices()
            self.list.reload()

    def _reload_if_seen(self) -> None:
        if self.isVisible():
            self.list.reload()
        else:
            self._stale = True

    def _rows_changed(self, _table: str) -> None:
        """What was taken in or written elsewhere shows when the page is seen again."""
        if not self.isVisible():
            self._stale = True

    def follow_others(self) -> None:
        """Shows what others have done; in the middle of work the list keeps its order."""
        if not self.isVisible():
            self._stale = True
        elif self.session is None and not self.pane.opinion.bulk:
            self.list.fill_choices()
            self.list.reload()
        else:
            self.list.look_again()
            self._follow_row()

    def _follow_row(self) -> None:
        """The open row as it is now, unless somebody types: he is shown it when he writes."""
        if not self.pane.opinion.bulk and self.pane.opinion.draft().empty:
            self.show_row_as_it_is()

    def show_row_as_it_is(self) -> bool:
        """Shows the open row again where others have changed it; what was typed stays."""
        from app.union.queue import lines_of

        if self.session is None:
            return False
        row = self.session.row
        changed = any(line.version != row.version for line in lines_of(self.desk.book, [row.id]))
        return changed and self.open_row(row.id)

    def _others_dealt(self, gone: object) -> None:
        assert isinstance(gone, set)
        self.done |= gone
        self._selection_changed()

    def show_office(self, office: str) -> None:
        """All rows of an office."""
        self._stale = False
        self.list.fill_choices()
        self.list.show_all_of(office)

    def show_rows(self, ids: Sequence[str], words: str) -> None:
        """Certain rows alone."""
        self._stale = False
        self.list.show_ids(ids, words)

    def search(self, words: str) -> None:
        """Only rows that match."""
        if words != self.list.search:
            self.list.search = words
            self.list.reload()

    def _clicked(self) -> None:
        if self.session is not None and self.list.view.chosen_count() == 1:
            self.open_row(self.list.view.current_id())

    def _list_read(self) -> None:
        self.done.clear()
        self._mark_open_row()
        self._selection_changed()

    def _mark_open_row(self) -> None:
        """The open row alone is marked; where the list does not hold it, no row that looks open."""
        if self.session is None:
            return
        view, row_id = self.list.view, self.session.row.id
        marked = view.chosen_count() == 1 and view.current_id() == row_id
        if not marked and not view.choose(row_id):
            view.clearSelection()

    def bulk_ids(self) -> list[str]:
        """The chosen rows; without those just written, unless nothing else is chosen."""
        chosen = self.list.view.chosen_ids()
        return [one for one in chosen if one not in self.done] or chosen

    def _selection_changed(self) -> None:
        chosen = self.list.view.chosen_count()
        count = len(self.bulk_ids()) if self.done else chosen
        bulk = count if chosen > 1 else 0
        opinion = self.pane.opinion
        if bulk != opinion.bulk:
            if not (bulk and opinion.bulk):
                self.keep_draft()
            if bulk and not opinion.bulk:
                self._begin_bulk()
            opinion.set_bulk(bulk)
            if not bulk:
                self._end_bulk()
        if bulk:
            opinion.say_of_chosen(chosen - bulk, kept=self._kept_words)
        self._place_panes()

    def _begin_bulk(self) -> None:
        """What was typed about all chosen rows before is there again, to be looked at anew."""
        opinion, draft = self.pane.opinion, self.drafts.of(ALL_CHOSEN)
        self._kept_words = not draft.empty
        opinion.set_table(None)
        opinion.show_preview("")
        opinion.show_draft(draft)
        self.draft_timer.start()

    def _end_bulk(self) -> None:
        self._kept_words = False
        if self.session is not None:
            self._show_opinion()
        else:
            self.draft_timer.stop()

    # ── one row

    def open_row(self, row_id: str, field: str = "") -> bool:
        """Shows a row as it was sent."""
        from app.union.case import case_of

        self.keep_draft()
        with self.desk.messages.guarded() as guard:
            case = case_of(self.desk.book, row_id)
        if not guard.ok:
            return False
        table = self.desk.book.ruleset.table(case.row.table_id)
        draft = self.drafts.of(row_id)
        self.session = CaseSession(self.desk, table, case, draft)
        form = self._form(table.id)
        form.show_row(self.session)
        self.sheet.stack.setCurrentWidget(form)
        self.sheet.show()
        self._mark_open_row()
        self.pane.side.show_table(table)
        self.pane.show_session(self.session)
        self.pane.opinion.say([])
        self._show_opinion()
        self._show_title()
        self._place_panes()
        self.draft_timer.start()
        if field:
            form.go_to(field)
        else:
            self.pane.opinion.go_to_first()
        return True

    def _form(self, table_id: str) -> FormView:
        """The one renderer, once per table."""
        form = self.forms.get(table_id)
        if form is None:
            from app.ui.form_view import FormView

            form = FormView(self.desk, self.desk.book.ruleset.table(table_id))
            form.field_focused.connect(lambda key: self.pane.side.show_field(key))
            form.choice_pointed.connect(self.pane.side.show_field)
            form.how_asked.connect(self.pane.side.show_how)
            form.mark_acted.connect(self._take_mark_back)
            form.set_help_below(False)
            self.forms[table_id] = form
            self.sheet.stack.addWidget(form)
        return form

    @property
    def form(self) -> FormView | None:
        """The form of the open row."""
        return self.forms[self.session.table.id] if self.session is not None else None

    def go_to(self, key: str) -> None:
        """Puts the focus into a field of the open row."""
        if self.form is not None:
            self.form.go_to(key)

    def _show_opinion(self) -> None:
        session = self.session
        if session is None:
            return
        opinion = self.pane.opinion
        opinion.set_bulk(0)
        opinion.set_table(session.table)
        opinion.show_draft(session.draft)
        if self.role == "working_group" and self._site_check_wanted(session):
            opinion.open_site_check()
            opinion.say([Said("warning", "归口部门要求调整，先到现场核查，写明记录。")])
        if self.role == "leading_group" and session.row.stage == "referred":
            words = "录入上级的决定：写类别和理由，上级的书面答复放在会议纪要一栏。"
            opinion.say([Said("info", words)])
        self.show_preview()

    def _site_check_wanted(self, session: CaseSession) -> bool:
        wanted = False
        for one in session.case.opinions:
            if one.stage in ("department", "site_check"):
                wanted = one.stage == "department" and one.class_ is not None
        return wanted

    def _show_title(self) -> None:
        session = self.session
        if session is None:
            return
        name = session.name
        words = f"{name}　{session.case.row.institution} 附表{session.table.id}"
        here = self.list.view.lines.place_of(session.row.id) + 1
        place = f"{here}/{self.list.view.lines.rowCount()} 笔" if here else ""
        self.sheet.show_title(words, f"{words}　编号 {session.row.id}", place)

    def keep_draft(self, *, again: bool = True) -> None:
        """What was typed stays with its row; `again`: also what could not be kept before."""
        session = self.session
        if self.pane.opinion.bulk:
            if not self.writing.busy:
                self.drafts.keep(ALL_CHOSEN, self.pane.opinion.draft(), again=again)
            return
        if session is None or session.row.id in self.writing.under_way:
            return
        draft = self.pane.opinion.draft()
        self.drafts.keep(session.row.id, draft, again=again)
        session.draft = draft

    def close_row(self) -> None:
        """Back to the list alone."""
        self.keep_draft()
        if self.form is not None:
            self.form.close_row()
        self.session = None
        self.draft_timer.stop()
        self.sheet.hide()
        self.pane.show_session(None)
        self._place_panes()
        self.list.view.setFocus()

    def step(self, by: int) -> None:
        """The next row or the one before (Ctrl+Enter)."""
        view, session = self.list.view, self.session
        outside = session is not None and view.lines.place_of(session.row.id) < 0
        # From a row that the list does not hold the way leads to where the list stands.
        row_id = view.current_id() if outside else view.step(by)
        if row_id:
            self.open_row(row_id)
        elif by > 0:
            self.desk.messages.tell("这是最后一笔。", "可以换一个状态或机构接着看。")

    # ── what it comes to

    def show_preview(self) -> None:
        """Both results where own values were typed; who decides on the class."""
        session, opinion = self.session, self.pane.opinion
        if session is None or opinion.bulk:
            opinion.show_preview("")
            return
        words = preview_words(session, self.role, opinion.draft(), opinion.own_values())
        opinion.show_preview(words)

    # ── questions

    def ask_mark(self) -> None:
        """F7: a question on the field in focus."""
        session, form = self.session, self.form
        if session is None or form is None or self.role not in ("working_group", "leading_group"):
            return
        from app.union.resubmission import WITHOUT_FIELD

        fields = [(key, session.table.fields[key].label) for key in form.rows]
        fields += [(key, label) for key, (_, label) in WITHOUT_FIELD.items()]
        ask_mark(self, self.look, fields=fields, focused=form.focused_key, then=self.add_mark)

    def add_mark(self, key: str, note: str) -> None:
        """Puts a question to the draft; it goes with the return."""
        self._change_marks(lambda marks: marks.append((key, note)))

    def _take_mark_back(self, key: str, line: int) -> None:
        session = self.session
        if session is None:
            return
        place = session.draft_place(key, line) if key else self._note_place(session, line)
        if place >= 0:
            self._change_marks(lambda marks: marks.pop(place))

    def _note_place(self, session: CaseSession, line: int) -> int:
        """Which of the draft's questions a note above the form shows; notes stand in order."""
        from app.union.resubmission import WITHOUT_FIELD

        keys = [key for key in WITHOUT_FIELD for _ in session.mark_lines(key)]
        line -= len(session.notes()) - len(keys)
        if not 0 <= line < len(keys):
            return -1
        key = keys[line]
        return session.draft_place(key, line - keys.index(key))

    def _change_marks(self, change: object) -> None:
        session = self.session
        if session is None or not callable(change):
            return
        self.keep_draft()
        draft = session.draft
        change(draft.marks)
        self.drafts.keep(session.row.id, draft)
        session.draft = draft
        self.pane.opinion.show_draft(draft)
        if self.form is not None:
            self.form.show_marks()

    # ── room

    def toggle_list(self) -> None:
        """F6: shows or hides the list beside the form."""
        if self.session is None:
            return
        if self.is_wide:
            self.list.setVisible(self.list.isHidden())
        else:
            self._list_instead = not self._list_instead
            self._place_panes()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """In a narrow window list and opinion take turns beside the form."""
        super().resizeEvent(event)
        self._share_room()
        if self.session is not None and self._was_wide != self.is_wide:
            self._place_panes()

    def _share_room(self) -> None:
        """The opinion has what it needs, but leaves more than half to what it is about."""
        self.pane.setMinimumWidth(min(self.look.px(364), self.width() * 45 // 100))

    @property
    def is_wide(self) -> bool:
        """Whether there is room for list, form and opinion."""
        return self.width() >= self.look.px(WIDE_FROM)

    def _place_panes(self) -> None:
        bulk = self.pane.opinion.bulk > 0
        open_row = self.session is not None and not bulk
        self.sheet.setVisible(open_row)
        self._was_wide = self.is_wide
        instead = open_row and not self.is_wide and self._list_instead
        self.pane.setVisible((open_row or bulk) and not instead)
        self.pane.side.setVisible(not bulk)
        beside = open_row and self.pane.side.paper_is_shown
        self.list.setVisible(not beside and (self.is_wide or not open_row or instead))
        few = open_row or (bulk and not self.is_wide)
        self.list.view.set_narrow(few)
        total = self.splitter.width()
        left, _, right = (self.look.px(size) for size in SIZES)
        # A wide window shows more of the names.
        left = 0 if self.list.isHidden() else max(left, total // 4)
        right = 0 if self.pane.isHidden() else min(right, total * 45 // 100)
        if beside:
            self.splitter.setSizes([0, total - total // 2, total // 2])
        elif open_row:
            self.splitter.setSizes([left, max(0, total - left - right), right])
        elif bulk:
            self.splitter.setSizes([max(0, total - right), 0, right])
        QTimer.singleShot(0, self, self._show_title)

"""The desk of an open book: top bar, navigation, pages, and the commands that act on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui import navigation, remembered
from app.ui.desk import Desk
from app.ui.desk_hands import DeskHands
from app.ui.desk_jobs import DeskJobs
from app.ui.desk_row import DeskRow
from app.ui.desk_search import DeskSearch
from app.ui.navigation import TABLE, Navigation
from app.ui.page import Page
from app.ui.page_makers import arrive, make_page
from app.ui.recovered_bar import BIG_LOSS_DRAFT, RecoveredBar
from app.ui.table_page import TablePage
from app.ui.top_bar import TopBar
from app.ui.union.jobs import UnionJobs
from app.ui.union.watching import Watching
from app.ui.warming import warm_up_soon

if TYPE_CHECKING:
    from app.book.types import Draft, Finding
    from app.ui.big_loss_page import BigLossPage
    from app.ui.union.queue_page import QueuePage


class DeskView(QWidget):
    """Pages are made when they are first asked for and kept."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.book = desk.book
        self.look = desk.look
        self.pages: dict[str, QWidget] = {}
        self.jobs = DeskJobs(desk, self)
        self.hands = DeskHands(desk, self)
        self.row = DeskRow(desk, self)
        self.commands = (self, self.row, self.hands)
        """Who has the `do_…` of a command."""
        self.union = UnionJobs(desk, self)
        self.watching = Watching(desk, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.top = TopBar(desk)
        layout.addWidget(self.top)
        self.search = DeskSearch(self)
        layout.addWidget(self._line(horizontal=True))
        self.recovered = RecoveredBar(desk)
        layout.addWidget(self.recovered)
        body = QHBoxLayout()
        body.setSpacing(0)
        self.navigation = Navigation(self.look)
        self.stack = QStackedWidget()
        body.addWidget(self.navigation)
        body.addWidget(self._line(horizontal=False))
        body.addWidget(self.stack, 1)
        layout.addLayout(body, 1)
        self._connect()
        self.top.show_book()
        self._show_entries()

    def _line(self, *, horizontal: bool) -> QFrame:
        line = QFrame()
        line.setProperty("surface", "line")
        if horizontal:
            line.setFixedHeight(1)
        else:
            line.setFixedWidth(1)
        return line

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """A wide window has room for the tables' whole names."""
        super().resizeEvent(event)
        self.navigation.fit(event.size().width())

    def _connect(self) -> None:
        desk, top = self.desk, self.top
        self.navigation.went.connect(self.go)
        self.navigation.entered.connect(lambda key: arrive(self, key))
        desk.progress_changed.connect(self._show_entries)
        desk.period_left.connect(self.do_leave_blank)
        desk.period_changed.connect(self._period_changed)
        desk.person_changed.connect(self.renew_page)
        desk.person_changed.connect(self._show_entries)
        desk.people_changed.connect(self.renew_page)
        top.people_asked.connect(self.do_people)
        top.person_chosen.connect(lambda: arrive(self, self.navigation.current_key()))
        top.new_period_asked.connect(self.do_new_period)
        self.jobs.page_asked.connect(lambda key: arrive(self, key))
        self.union.answers.received.connect(self._answer_received)
        self.jobs.renew_asked.connect(self.renew_page)
        self.recovered.draft_asked.connect(self._open_draft)
        self.recovered.is_shown = self._shows_draft
        desk.subject_asked.connect(self.jobs.subjects)
        desk.backup_asked.connect(self.jobs.backup)
        self.watching.others_changed.connect(self._others_changed)

    def _show_entries(self) -> None:
        if not self._is_mine():
            return
        book = self.book
        if book.is_union:
            role = self.desk.person.role if self.desk.person else ""
            self.navigation.show_entries(navigation.union_entries(self.desk.tally, role))
            return
        tables = [
            (t.id, navigation.short_name(t.short_title)) for t in book.ruleset.tables.values()
        ]
        self.navigation.show_entries(navigation.entries(tables, self.desk.tally))

    # ── pages

    def show_first_page(self) -> None:
        """The page that was open last, else the overview; what a crash left over is told."""
        key = remembered.last_page(self.desk.settings, self.desk.place)
        keys = {entry.key for entry in self.navigation.lines.entries}
        page = self.go(key if key in keys and key else navigation.home(self.desk.book.is_union))
        if isinstance(page, TablePage):
            page.list.view.setFocus()
        else:
            self.navigation.setFocus()
        if not self.desk.book.is_union:
            self.open_first_question()
            warm_up_soon(self.desk.worker, self, self.book)
        self._tell_recovered()

    def open_first_question(self) -> bool:
        """Shows the first question of the union that has no answer; False when there is none."""
        from app.book.marks import first_open

        found = first_open(self.desk.book.store)
        if found is not None:
            self.open_row(found[0].table_id, found[0].id, found[1])
        return found is not None

    def _answer_received(self, _received: object) -> None:
        if self.desk.book.is_union:
            self.go(navigation.DECIDE)
        elif not self.open_first_question():
            self.go(navigation.ANSWERS)

    def _tell_recovered(self) -> None:
        drafts = self.recovered.tell()
        if drafts:
            self._open_draft(drafts[0])

    def _shows_draft(self, draft: Draft) -> bool:
        session = self.queue_page.session if self.queue_page is not None else None
        return session is not None and session.row.id == draft.row_id

    def _open_draft(self, draft: Draft) -> None:
        person = self.desk.person
        if self.desk.book.is_union and person is not None:
            determines = person.role == "leading_group"
            self.go(navigation.DETERMINE if determines else navigation.REVIEW)
            if self.queue_page is not None:
                self.queue_page.open_row(draft.row_id)
            return
        table_id = self.desk.book.row(draft.row_id).table_id
        if draft.field.startswith(BIG_LOSS_DRAFT):
            table_id = navigation.BIG_LOSS_TABLE
        self.open_row(table_id, draft.row_id, draft.field.removeprefix(BIG_LOSS_DRAFT))

    def go(self, key: str) -> QWidget:
        """Shows a page."""
        page = self.pages.get(key)
        if page is None or page is not self.page:
            self.do_leave_blank()
            self.desk.new_row.wanted_subject = ""
        else:
            self._commit()
        if page is None:
            page = make_page(self, key)
            self.pages[key] = page
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self.navigation.choose(key)
        self.search.follow()
        if key not in (navigation.SEARCH, navigation.FIGURE):
            remembered.set_last_page(self.desk.settings, self.desk.place, key)
        return page

    def renew_page(self) -> None:
        """Pages that depend on who works read themselves again."""
        page = self.stack.currentWidget()
        if isinstance(page, Page) and self._is_mine():
            page.renew()

    def _others_changed(self) -> None:
        """Somebody else works on the same book on a server."""
        if not self._is_mine():
            return
        self.top.show_book()
        if self.queue_page is not None:
            self.queue_page.follow_others()

    def _is_mine(self) -> bool:
        """Whether the book on the desk is still the one of this view, which goes a little later."""
        return self.desk.has_book and self.desk.book is self.book

    def _period_changed(self) -> None:
        """Another period may have another rule set: all pages are made anew."""
        current = self.navigation.current_key() or navigation.home(self.desk.book.is_union)
        focus = QApplication.focusWidget()
        beside = (
            focus is not None and self.isAncestorOf(focus) and not self.stack.isAncestorOf(focus)
        )
        shown = self.stack.currentWidget()
        # The shown one last: what comes into sight begins to read.
        for page in sorted(self.pages.values(), key=lambda page: page is shown):
            self.stack.removeWidget(page)
            page.deleteLater()
        self.pages.clear()
        self.top.show_book()
        self._show_entries()
        shown = self.go(current)
        if isinstance(shown, Page) and not beside:
            # What had the keyboard has gone with its page.
            shown.focus_first()

    # ── rows

    @property
    def page(self) -> QWidget:
        """The page that is shown."""
        return self.stack.currentWidget()

    @property
    def table_page(self) -> TablePage | None:
        """The table that is shown, if one is."""
        page = self.page
        return page if isinstance(page, TablePage) else None

    @property
    def row_page(self) -> TablePage | BigLossPage | None:
        """The table or the sheets of table 2 that are shown, if any are."""
        from app.ui.big_loss_page import BigLossPage

        page = self.page
        return page if isinstance(page, TablePage | BigLossPage) else None

    @property
    def queue_page(self) -> QueuePage | None:
        """The union's queue that is shown, if one is."""
        from app.ui.union.queue_page import QueuePage

        page = self.page
        return page if isinstance(page, QueuePage) else None

    def open_row(self, table_id: str, row_id: str, field: str = "") -> None:
        """Shows a row in its table's form, at a field when one is named."""
        if self.desk.book.is_union:
            self.go(navigation.REVIEW)
            if self.queue_page is not None:
                self.queue_page.open_row(row_id, field)
            return
        page = self.go(TABLE + table_id)
        if isinstance(page, TablePage):
            page.open_row(row_id, field)
        else:
            sheets = self.row_page
            if sheets is not None:
                sheets.open_row(row_id, field)

    def open_found(self, row_id: str) -> None:
        """Shows a row that a search found."""
        row = self.desk.book.row(row_id)
        self.open_row(row.table_id, row.id)

    def show_rows(self, table_id: str, only: str, words: str) -> None:
        """Shows the rows that a filter leaves, of one table or of all."""
        page: Any = self.go(TABLE + table_id if table_id else navigation.SEARCH)
        page.show_only(only, words)

    def go_to_finding(self, finding: Finding) -> None:
        """Jumps to the field of a problem; problems of sums lead to the reconciliation."""
        if finding.row_id:
            self.open_row(finding.table_id, finding.row_id, finding.field)
            page = self.table_page
            if page is not None and page.session is not None:
                page.session.check_now()
        else:
            self.go(navigation.RECONCILIATION)

    def _commit(self) -> None:
        if self.stack.count() and self.queue_page is not None:
            self.queue_page.keep_draft()
        page = self.row_page if self.stack.count() else None
        if page is not None and page.form is not None and page.session is not None:
            page.form.commit_focused()
            page.session.commit_all()

    def do_leave_blank(self) -> None:
        """What is being typed is saved; a new row into which nothing was filled goes."""
        self._commit()
        if self.table_page is not None:
            self.table_page.leave_blank()

    # ── commands

    def do_step(self, key: str) -> None:
        """The next step of the campaign."""
        steps: dict[str, Callable[[], object]] = {
            "people": self.do_people,
            "balances": self.do_import_balances,
            "rows": self.do_import_rows,
            "fill": self._go_to_unfinished,
            "confirm": self._go_to_submit,
            "submit": self._go_to_submit,
        }
        steps[key]()

    def _go_to_submit(self) -> None:
        # The keyboard rests on the page until the check has told what comes first.
        self.go(navigation.SUBMIT).setFocus()

    def _go_to_unfinished(self) -> None:
        for table_id, one in self.desk.tally.progress.items():
            if one.finished < one.rows:
                found = self.desk.book.row_list(table_id, only="unfinished", limit=1)
                if found:
                    self.open_row(table_id, found[0].id)
                    return
        self.go(navigation.PROBLEMS)

    def do_leave(self) -> tuple[str, str]:
        """Saves what is being typed; returns page and row, so that both can come back."""
        self._commit()
        if self.desk.draft_saving is not None:
            self.desk.draft_saving.settle()
        page = self.row_page
        row = page.session.row.id if page is not None and page.session is not None else ""
        return self.navigation.current_key(), row

    def do_restore(self, key: str, row_id: str) -> None:
        """Comes back to a page and row."""
        if key:
            page = self.go(key)
            if row_id and isinstance(page, TablePage):
                page.open_row(row_id)

    def do_find(self) -> None:
        """Ctrl+F."""
        self.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.search.selectAll()

    def do_overview(self) -> None:
        """总览."""
        self.go(navigation.home(self.desk.book.is_union))

    def reload_row(self) -> None:
        """Shows the open row as it is stored now."""
        page = self.row_page
        if page is not None:
            page.reload_row()

    # ── commands that belong to no page

    def do_people(self) -> None:
        """人员."""
        self.jobs.people()

    def do_subjects(self) -> None:
        """科目表."""
        self.jobs.subjects()

    def do_key(self) -> None:
        """密钥."""
        self.jobs.key()

    def do_new_period(self) -> None:
        """新的一期."""
        self.do_leave_blank()  # else it would be carried forward
        self.jobs.new_period()

    def do_import_rows(self) -> None:
        """导入清单: into the table that is shown, else into the one that is recognised."""
        page = self.table_page
        self.jobs.import_rows(page.table.id if page is not None else "")

    def do_import_balances(self) -> None:
        """导入总账余额."""
        self.jobs.import_balances()

    def do_template(self) -> None:
        """取填报模板."""
        page = self.table_page
        if page is not None:
            self.jobs.save_template(page.table.id)
        else:
            self.desk.messages.tell("先在左边选一张认定表，再取它的填报模板。")

    def do_backup(self) -> None:
        """备份."""
        self.jobs.backup()

    def do_take_in(self, paths: list[Path] | None = None) -> None:
        """Packages of offices and answers from above at the union, its answers at an office."""
        if self.desk.book.is_union:
            self.go(navigation.OFFICES)
            self.union.take_in(paths)
        else:
            self.union.answers.take_in(paths)

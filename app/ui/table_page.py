"""One determination table: the list, the form of the open row, and what stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.forms.table import Table
from app.ui import remembered
from app.ui.ask import ask_text
from app.ui.desk import Desk
from app.ui.evidence.adding import DropFrame, pass_drops_on
from app.ui.list_panel import ListPanel
from app.ui.messages import Kind, Message
from app.ui.row_head import RowHead
from app.ui.row_reasons import RowReasons
from app.ui.side_pane import SidePane

if TYPE_CHECKING:
    from app.ui.form_session import FormSession
    from app.ui.form_view import FormView

SIDE_FROM = 1000
"""Below this width of the page the help stands under the field (the window is then 1200 wide)."""
BOTH_FROM = 560
"""Below this width of the page list and form take turns."""
DEFAULT_SIZES = (344, 560, 268)
NOT_LISTED = "不在所列各笔中"


class TablePage(QWidget):
    """List, form and side pane of one table."""

    import_asked = Signal(str)
    template_asked = Signal(str)
    paste_asked = Signal()

    def __init__(self, desk: Desk, table: Table) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.table = table
        self.form: FormView | None = None
        self.reasons = RowReasons(self)
        self._said_here: Message | None = None
        self._side_wanted = self._list_wanted = True
        self._side_instead = self._beside = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        layout.addWidget(self.splitter)
        self.list = ListPanel(desk, table)
        self.sheet = self._sheet_panel()
        self.side = SidePane(desk)
        # The list is what is waited for; what the table is about comes right after it.
        QTimer.singleShot(0, self.side, lambda: self.side.show_table(table))
        for widget in (self.list, self.sheet, self.side):
            self.splitter.addWidget(widget)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setStretchFactor(2, 0)
        self.splitter.splitterMoved.connect(lambda *_: self._keep_sizes())
        self.sheet.hide()
        self.list.setMinimumWidth(self.look.px(240))
        self.side.setMinimumWidth(self.look.px(220))
        self._connect()
        self.list.show_progress(desk.tally.progress.get(table.id))

    def _connect(self) -> None:
        self.list.view.opened.connect(self.open_row)
        self.list.view.chosen.connect(self._chosen)
        self.list.view.rows.modelReset.connect(self._show_place)
        self.list.view.several_asked.connect(self._say_several)
        self.list.view.remove_asked.connect(self.ask_remove)
        self.list.add_asked.connect(self.add_row)
        self.list.import_asked.connect(lambda: self.import_asked.emit(self.table.id))
        self.list.paste_asked.connect(self.paste_asked)
        self.list.template_asked.connect(lambda: self.template_asked.emit(self.table.id))
        self.side.field_asked.connect(self._go_to)
        self.side.paper_shown.connect(self._show_beside)
        self.desk.row_saved.connect(self._row_saved)
        self.desk.rows_changed.connect(self._rows_changed)
        self.desk.progress_changed.connect(self._show_progress)
        self.desk.chart_changed.connect(self._chart_changed)

    def _sheet_panel(self) -> QFrame:
        panel = DropFrame()
        panel.setProperty("surface", "paper")
        panel.dropped.connect(lambda given: self.side.take_files(given))
        self._sheet_layout = QVBoxLayout(panel)
        self._sheet_layout.setContentsMargins(0, 0, 0, 0)
        self._sheet_layout.setSpacing(0)
        self.head = RowHead(self.look)
        for sign, tip, action in (
            ("left", "上一笔（Ctrl+Shift+Enter）", lambda: self.step(-1)),
            ("right", "下一笔（Ctrl+Enter）", lambda: self.step(1)),
            ("paper", "底稿、资料、历史（F9）", self.toggle_side),
            ("close", "关上这笔，回到清单（Esc）", self.close_form),
        ):
            self.head.add_tool(sign, tip, action)
        self._sheet_layout.addWidget(self.head)
        return panel

    # ── rows

    @property
    def session(self) -> FormSession | None:
        """The row in the form."""
        return self.form.session if self.form is not None and self.sheet.isVisibleTo(self) else None

    @property
    def in_hand(self) -> str:
        """The id of the row in the form, else of the one that is marked in the list."""
        return self.session.row.id if self.session is not None else self.list.view.current_id()

    def open_row(self, row_id: str, field: str = "", *, stay: bool = False) -> bool:
        """Opens a row in the form, at a field when one is named; `stay`: the keyboard stays."""
        if self.session is not None and self.session.row.id == row_id:
            self._focus(field, stay=stay)
            return True
        with self.desk.messages.guarded() as guard:
            session = self.make_session(row_id)
        if not guard.ok:
            return False
        self._withdraw_said()
        form, left = self._made_form(), self.session
        form.show_row(session)
        self.list.in_hand = row_id
        self._let_go(left)
        self.side.show_session(session)
        if self.sheet.isHidden():
            self.sheet.show()
            self.list.view.set_narrow(True)
            self._place_panes()
        self.list.view.choose(row_id)
        self._show_title()
        self._show_place()
        self._focus(field, stay=stay)
        return True

    def make_session(self, row_id: str) -> FormSession:
        """The session of a row."""
        from app.ui.office_session import OfficeSession

        return OfficeSession(self.desk, self.table, self.desk.book.row(row_id))

    def _made_form(self) -> FormView:
        """The form is built when the first row is opened and kept for the next ones."""
        if self.form is None:
            from app.ui.form_view import FormView

            form = FormView(self.desk, self.table)
            form.field_focused.connect(lambda key: self.side.show_field(key))
            form.choice_pointed.connect(self.side.show_field)
            form.how_asked.connect(self.side.show_how)
            form.keep_asked.connect(self.reasons.ask_keep)
            form.evaluated.connect(self._evaluated)
            form.mark_acted.connect(self.reasons.ask_answer)
            form.saved.connect(lambda _key: self._saved())
            form.ended.connect(self._row_ended)
            form.result.entered_on.connect(lambda: self.step(1))
            pass_drops_on(form)
            self._sheet_layout.addWidget(form, 1)
            self.form = form
            self._learn_initials(form)
        return self.form

    def _learn_initials(self, form: FormView) -> None:
        """Long lists can be searched by initials once the dictionary has been read."""
        if not form.has_lists:
            return

        def work(_progress: object) -> object:
            from app.book.initials import initials

            initials("拼音")  # the first call reads the dictionary
            return initials

        self.desk.worker.start("读拼音", work, form.use_initials, quiet=True)

    def _focus(self, field: str, *, stay: bool) -> None:
        if self.form is not None and not stay:
            if field:
                self.form.go_to(field)
            else:
                self.form.go_to_first()

    def _go_to(self, key: str) -> None:
        if self.form is not None and self.session is not None:
            self.form.go_to(key)

    def _chosen(self, row_id: str) -> None:
        """A click in the list shows the row in an open form; the keyboard stays in the list."""
        if self.session is not None:
            self.open_row(row_id, stay=True)

    def show_only(self, only: str, words: str) -> None:
        """The list alone, with the rows that a filter leaves."""
        self.close_form()
        self.list.show_only(only, words)

    def show_these(self, ids: tuple[str, ...]) -> None:
        """The list alone, with these rows, all of them chosen."""
        self.close_form()
        self.list.show_these(ids)

    def close_form(self) -> None:
        """Back to the list alone."""
        self._put_form_away()
        self.list.take_keyboard()

    def _put_form_away(self) -> None:
        left = self.session
        self._withdraw_said()
        if self.form is not None and left is not None:
            self.form.close_row()
        self.sheet.hide()
        self.list.in_hand = ""
        self.side.show_session(None)
        self.side.show_table(self.table)
        self.list.view.set_narrow(False)
        self._place_panes()
        self._let_go(left)

    def leave_blank(self) -> None:
        """Another page is gone to: a new row without anything filled in does not wait here."""
        if self.session is not None and self.desk.new_row.is_blank(self.session):
            self._put_form_away()

    def _let_go(self, left: FormSession | None) -> None:
        if left is not None and self.desk.new_row.let_go(left):
            self.desk.rows_were_changed(self.table.id)

    def _row_ended(self) -> None:
        """Enter behind the last field: back to what is still missing, else ready for the next."""
        if self.form is None or self.session is None or self.session.locked:
            return
        self.form.commit_focused()
        left = self.session.evaluation.error_count
        if left:
            self.form.go_to_next_problem(from_top=True, errors_only=True)
            way_out = "先不填的，按 Ctrl+Enter 到下一笔。"
            self.tell_here(f"这一笔还有{left}处要填、要改。", way_out, "info")
        else:
            warnings = self.session.open_warnings
            told = f"，有{warnings}个警告要核对（F8）" if warnings else ""
            way_out = "按 Enter 到下一笔；登记新的一笔，按 Ctrl+N。"
            kind: Kind = "warning" if warnings else "good"
            self.tell_here(f"这一笔填完了{told}。", way_out, kind)

    def tell_here(self, text: str, way_out: str = "", kind: Kind = "info") -> None:
        """Says something of what is shown here; it goes when something else is."""
        self._said_here = self.desk.messages.tell(text, way_out, kind=kind)

    def _say_several(self, several: int) -> None:
        """One Enter too many after filling must neither open a row nor lose the choice."""
        way_out = "按 Ctrl+M 填同一项；要打开哪一笔，先点它。"
        self.tell_here(f"选中了{several}笔，没有打开。", way_out)

    def _withdraw_said(self) -> None:
        """What was said about a row is not left standing over another one."""
        if self._said_here is not None:
            self.desk.messages.withdraw(self._said_here)
            self._said_here = None

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Another page is shown; a window made small comes back with the same row."""
        if not event.spontaneous():
            self._withdraw_said()
        super().hideEvent(event)

    def step(self, by: int) -> None:
        """The next asset or the one before (Ctrl+Enter)."""
        if self.form is not None:
            self.form.commit_focused()
        if self.session is not None and self.list.view.current_id() != self.session.row.id:
            self.list.view.choose(self.session.row.id)  # many were chosen meanwhile
        row_id = self.list.view.step(by)
        if row_id:
            self.open_row(row_id)
        elif by > 0:
            self.tell_here("这是最后一笔。", "要登记新的一笔，按 Ctrl+N。")

    def add_row(self) -> None:
        """A new empty row, open in the form."""
        if not self.desk.need_person():
            return
        if self.form is not None:
            self.form.commit_focused()
        if self.session is not None and self.desk.new_row.is_blank(self.session):
            self._focus("", stay=False)  # it is there already
            return
        row_id = self.desk.new_row.add(self.table)
        if row_id:
            self.list.show_all()
            self.desk.rows_were_changed(self.table.id)
            self.open_row(row_id)

    def ask_remove(self, row_id: str) -> None:
        """Asks for the reason and takes the row out."""
        name = self._name_of(row_id)
        ask_text(
            self,
            self.look,
            title="移出资产",
            text=f"把“{name}”移出{self.table.short_title}？历史里会留下记录，可以撤销。",
            label="原因",
            action="移出",
            then=lambda why: self.remove(row_id, why),
        )

    def _name_of(self, row_id: str) -> str:
        """What the list calls a row."""
        line = self.list.view.rows.line(self.list.view.place_of(row_id))
        if line is not None and line.name:
            return line.name
        return str(self.desk.book.row(row_id).values.get("name") or row_id)

    def remove(self, row_id: str, why: str) -> None:
        """Takes a row out of the table."""
        name = self._name_of(row_id)
        self.desk.new_row.keep(row_id)  # not taken away without a word: somebody says why
        if self.session is not None and self.session.row.id == row_id:
            self.close_form()
        with self.desk.messages.guarded() as guard:
            self.desk.book.remove_row(row_id, by=self.desk.by, why=why)
        if guard.ok:
            told = f"已把“{name}”移出{self.table.short_title}。"
            self.desk.messages.tell(told, "要放回来，按 Ctrl+Z。", kind="good")
            self.desk.rows_were_changed(self.table.id)

    # ── what happens elsewhere

    def _saved(self) -> None:
        """What was changed may be the answer to a question."""
        from app.ui.office_session import OfficeSession

        self.side.row_saved()
        session = self.session
        if isinstance(session, OfficeSession) and session.returned.questions and self.form:
            session.renew_questions()
            self.form.show_marks()

    def _evaluated(self) -> None:
        self.side.evaluation_changed()
        self._show_title()

    def _row_saved(self, row_id: str) -> None:
        self.list.renew(row_id)

    def _rows_changed(self, table_id: str) -> None:
        if table_id in ("", self.table.id):
            self.list.reload()
            self._show_title()
            self._show_place()

    def _chart_changed(self) -> None:
        if self.form is not None:
            self.form.renew_subjects()
            self.reload_row()

    def reload_row(self) -> None:
        """Shows the stored values again, after undo or redo."""
        from app.book.errors import MissingRowError

        if self.session is None or self.form is None:
            return
        with self.desk.messages.guarded() as guard:
            try:
                self.session.reload()
            except MissingRowError:  # its adding was undone: nothing to complain of
                self.close_form()
                return
        if guard.ok:
            self.form.refill()
            self.side.evidence_changed()
            self.side.row_saved()
        else:
            self.close_form()

    def _show_progress(self) -> None:
        self.list.show_progress(self.desk.tally.progress.get(self.table.id))

    def _show_title(self) -> None:
        session = self.session
        if session is None:
            return
        self.head.show_name(session.name)

    def _show_place(self) -> None:
        """Where the row stands in the list: looked up when either of them changes, not at keys."""
        session = self.session
        if session is None:
            return
        here = self.list.view.place_of(session.row.id) + 1
        place = f"{here}/{self.list.view.rows.rowCount()} 笔" if here else NOT_LISTED
        self.head.place.setText(f"{session.row.id}　{place}")

    # ── room

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Narrow windows put the help under the field."""
        super().resizeEvent(event)
        self._place_panes()
        self._show_title()

    @property
    def is_wide(self) -> bool:
        """Whether there is room for the pane beside the form."""
        return self.width() >= self.look.px(SIDE_FROM)

    @property
    def _is_tight(self) -> bool:
        return self.width() < self.look.px(BOTH_FROM)

    def toggle_side(self) -> None:
        """F9: shows or hides the side pane; in a narrow window it stands in place of the list."""
        if self.is_wide:
            self._side_wanted = not self._side_wanted
        else:
            self._side_instead = not self._side_instead
        self._place_panes()

    def toggle_paper(self) -> None:
        """F3: the row's evidence in one half, its fields in the other; or as it was."""
        if self.session is not None:
            self.side.toggle_paper()

    def _show_beside(self, shown: bool) -> None:
        """A paper takes the right half, the list makes room for it."""
        self._beside = shown
        self._place_panes()

    def toggle_list(self) -> None:
        """F6: shows or hides the list beside the form."""
        if self._is_tight and self.session is not None:
            self.close_form()
        elif self._side_instead and not self.is_wide:
            self._side_instead, self._list_wanted = False, True
        else:
            self._list_wanted = not self._list_wanted
        self._place_panes()

    def _place_panes(self) -> None:
        open_form = not self.sheet.isHidden()
        if self.is_wide:
            side, list_ = self._side_wanted, self._list_wanted
        else:
            side = open_form and self._side_instead
            list_ = self._list_wanted and not side and not self._is_tight
        if self._beside:
            side, list_ = True, False
        self.side.setVisible(side)
        self.list.setVisible(list_ or not open_form)
        if self.form is not None:
            self.form.set_help_below(not side or self._beside)
        self._divide(open_form, side)

    def _keep_sizes(self) -> None:
        """Remembers how the hand has divided the room, while all three panes are there."""
        if not self.sheet.isHidden() and self.side.isVisibleTo(self) and not self._beside:
            remembered.keep_sizes(self.desk.settings, "panes", self.splitter.sizes())

    def _divide(self, open_form: bool, side: bool) -> None:
        total = self.width()
        # The name is cut to the room there is when the panes have taken theirs.
        QTimer.singleShot(0, self, self._show_title)
        if self._beside:
            # Half each, unless the fields need more than that at large letters.
            needed = self.form.least_width() if self.form is not None else 0
            form = min(max(total // 2, needed), total * 2 // 3)
            self.splitter.setSizes([0, form, total - form])
            return
        kept = remembered.sizes(self.desk.settings, "panes")
        left, _, right = (self.look.px(size) for size in DEFAULT_SIZES)
        if len(kept) == 3 and kept[0] and kept[2]:
            left, right = kept[0], kept[2]
        else:
            left = max(left, total // 4)  # a wide window shows more of the names
        left = min(left, total * 2 // 5) if open_form else total - (right if side else 0)
        right = right if side else 0
        self.splitter.setSizes([left, max(0, total - left - right), right])

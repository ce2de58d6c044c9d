"""Commands on the row in hand: add, remove, step, check, keep a warning, what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.book.bulk import DIFFERS
from app.book.opinions import OPINIONS
from app.forms.values import is_empty
from app.ui import navigation
from app.ui.desk import Desk
from app.ui.page_makers import arrive
from app.ui.table_page import TablePage

if TYPE_CHECKING:
    from app.ui.desk_view import DeskView

NEVER_COPIED = (*DIFFERS, *OPINIONS[:1])
"""What tells an asset from the one above it, and what somebody has to judge of each."""


class DeskRow(QObject):
    """What the keys of the form and the list do, on whichever page has rows."""

    def __init__(self, desk: Desk, view: DeskView) -> None:
        super().__init__(view)
        self.desk = desk
        self.view = view

    def do_add_row(self) -> None:
        """Ctrl+N."""
        page = self.view.table_page
        if page is not None:
            page.add_row()
        else:
            self.desk.messages.tell(
                "先在左边选一张认定表，再新增资产。", "要新建账套，按 Ctrl+Shift+N。"
            )

    def do_remove_row(self) -> None:
        """移出资产."""
        page = self.view.table_page
        if page is None:
            return
        if page.session is None and page.list.view.chosen_count() > 1:
            self.view.hands.remove_chosen()
        elif page.in_hand:
            page.ask_remove(page.in_hand)

    def do_next_row(self) -> None:
        """Ctrl+Enter."""
        page = self.view.row_page or self.view.queue_page
        if page is not None:
            page.step(1)

    def do_previous_row(self) -> None:
        """Ctrl+Shift+Enter."""
        page = self.view.row_page or self.view.queue_page
        if page is not None:
            page.step(-1)

    def do_same_as_above(self) -> None:
        """Ctrl+': the field in hand as in the row above, as databases and spreadsheets have it."""
        page = self.view.row_page
        form, session = (page.form, page.session) if page is not None else (None, None)
        key = form.key_in_hand if form is not None else ""
        if form is None or session is None or not key:
            self.desk.messages.tell("先打开一笔，到要填的那一项，再照上一笔填。")
            return
        field, above = session.table.fields[key], self._above()
        if session.locked:
            self.desk.messages.tell(session.locked)
        elif field.computed or field.key in NEVER_COPIED:
            self.desk.messages.tell(f"「{field.label}」每一笔不同，不能照抄。")
        elif above is None:
            self.desk.messages.tell("清单里这一笔上面没有别的，没有可以照抄的。")
        elif is_empty(above[1].get(field.key)):
            self.desk.messages.tell(f"上一笔“{above[0]}”的「{field.label}」也空着。")
        elif self.desk.need_person() and form.take_value(above[1][field.key]):
            told = f"「{field.label}」已照上一笔“{above[0]}”填写。"
            self.desk.messages.tell(told, "不对就改，或按 Ctrl+Z。", kind="good")

    def _above(self) -> tuple[str, Mapping[str, Any]] | None:
        """Name and values of the row, or the sheet, that stands above the one in hand."""
        page, book = self.view.row_page, self.desk.book
        if isinstance(page, TablePage) and page.session is not None:
            rows = page.list.view.rows
            line = rows.line(rows.place_of(page.session.row.id) - 1)
            return (line.name, book.row(line.id).values) if line is not None else None
        if page is None or page.session is None:
            return None
        before = None
        for sheet in book.big_losses():
            if sheet.row_id == page.session.row.id:
                break
            before = sheet
        return (str(before.values.get("name") or before.row_id), before.own) if before else None

    def do_next_problem(self) -> None:
        """F8: within the row; where it has none, in the next row that has one.

        On a page without rows it leads to the list of problems.
        """
        page = self.view.table_page
        if page is None:
            self._next_problem_elsewhere()
            return
        is_open = page.form is not None and page.session is not None
        if is_open and page.form is not None and page.form.go_to_next_problem():
            return
        book, seen = self.desk.book, page.in_hand if is_open else ""
        lines = book.row_list(page.table.id, only="problems", limit=2)
        following = next((line for line in lines if line.id != seen), None)
        if following is None:
            page.tell_here(f"附表{page.table.id}没有要处理的问题。", kind="good")
            return
        page.list.show_all()
        page.open_row(following.id)
        if page.form is not None:
            page.form.go_to_next_problem(from_top=True)

    def _next_problem_elsewhere(self) -> None:
        from app.ui.big_loss_page import BigLossPage

        page = self.view.page
        if not isinstance(page, BigLossPage):
            arrive(self.view, navigation.PROBLEMS)
        elif not page.go_to_next_problem():
            self.desk.messages.tell("附表2没有要处理的问题。", kind="good")

    def do_keep_warning(self) -> None:
        """F7: the warning at the field in focus, or what is chosen in the list of problems.

        In the union's queue it asks a question on the field.
        """
        from app.ui.problems_page import ProblemsPage

        if self.view.queue_page is not None:
            self.view.queue_page.ask_mark()
            return
        if isinstance(self.view.page, ProblemsPage):
            self.view.page.ask_keep()
            return
        page = self.view.table_page
        if page is None or page.form is None or page.session is None:
            return
        key = page.form.focused_key
        kept = page.session.kept_reasons(key)
        open_codes = [p.code for p in page.session.problems(key) if p.severity == "warning"]
        code = next((code for code in open_codes if code not in kept), "")
        if code:
            page.reasons.ask_keep(key, code)
        else:
            self.desk.messages.tell("这一项没有可以保留的警告。", "按 F8 到下一个问题。")

    def do_check(self) -> None:
        """F5: this row; on the page of problems the whole book; the union's queue is read again."""
        if self.view.queue_page is not None:
            self.view.queue_page.list.reload()
            return
        page = self.view.row_page
        if page is None or page.form is None or page.session is None:
            self.do_check_all()
            return
        count = page.form.check_now()
        if count:
            self.desk.messages.tell(
                f"这一笔还有{count}处要看，已在各项下面标出。", "按 F8 逐个去看。"
            )
        else:
            self.desk.messages.tell("这一笔没有问题。", kind="good")

    def do_check_all(self) -> None:
        """Ctrl+F5."""
        self.view.go(navigation.PROBLEMS)
        self.view.renew_page()

    def do_close_form(self) -> None:
        """Esc."""
        page = self.view.row_page
        if page is not None and page.session is not None:
            page.close_form()
        elif self.view.queue_page is not None and self.view.queue_page.session is not None:
            self.view.queue_page.close_row()

    def do_go_to_section_number(self, number: int) -> None:
        """Alt+1 … Alt+9."""
        page = self.view.row_page
        if page is not None and page.form is not None and page.session is not None:
            page.form.go_to_section_number(number)

    def do_toggle_list(self) -> None:
        """F6."""
        if self.view.table_page is not None:
            self.view.table_page.toggle_list()
        elif self.view.queue_page is not None:
            self.view.queue_page.toggle_list()

    def do_toggle_paper(self) -> None:
        """对照资料填写."""
        if self.view.table_page is not None:
            self.view.table_page.toggle_paper()
        elif self.view.queue_page is not None:
            self.view.queue_page.pane.side.toggle_paper()

    def do_toggle_side(self) -> None:
        """F9."""
        if self.view.table_page is not None:
            self.view.table_page.toggle_side()

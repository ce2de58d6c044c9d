"""What hands do with many rows: undo and redo, a copy, a pasted block, a field for many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.ui import navigation
from app.ui.ask import ask_text
from app.ui.desk import Desk
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.sitting import Step
    from app.ui.desk_view import DeskView
    from app.ui.table_page import TablePage

AT_ONCE = 200
"""Rows that are changed back while one waits; more are left to the worker."""
NOTHING_REMOVED = "一笔也没有移出。"
FIRST_A_TABLE = "先在左边选一张认定表，再{what}。"
IN_ITS_TABLE = (
    "附表2随认定表自动建立，逐笔补填（照上一笔填，按 Ctrl+'）。要{what}，请到这笔资产的认定表。"
)


class DeskHands(QObject):
    """Commands on the rows of the table that is shown, and on what was done last."""

    def __init__(self, desk: Desk, view: DeskView) -> None:
        super().__init__(view)
        self.desk = desk
        self.view = view

    def _page(self, what: str) -> TablePage | None:
        page = self.view.table_page
        if page is None:
            words = FIRST_A_TABLE if self.view.row_page is None else IN_ITS_TABLE
            self.desk.messages.tell(words.format(what=what))
            return None
        self.view.do_leave()
        return page if self.desk.need_person() else None

    # ── undo and redo

    def do_undo(self) -> None:
        """Ctrl+Z: the last saved change."""
        self.take_back(1)

    def do_redo(self) -> None:
        """Ctrl+Y."""
        self.take_back(1, forward=True)

    def do_undo_list(self) -> None:
        """The list of what can be undone, and how far back."""
        from app.ui.undo_dialog import UndoDialog

        self.view.do_leave()
        dialog = UndoDialog(self.desk, self.view)
        dialog.chosen.connect(lambda count, forward: self.take_back(count, forward=forward))
        dialog.open()

    def take_back(self, count: int, *, forward: bool = False) -> None:
        """Undoes (or does again) so many changes, each as a change of its own."""
        from app.book.sitting import steps

        self.view.do_leave()
        book, by = self.desk.book, self.desk.by
        word = "重做" if forward else "撤销"
        ahead = steps(book.store, forward=forward, most=count)
        if not ahead:
            self.desk.messages.tell(f"没有可以{word}的修改。")
            return

        def work(progress: Progress | None) -> int:
            done = 0
            for step in ahead:
                if progress is not None:
                    progress(done, len(ahead), step.words)
                taken = book.redo(by) if forward else book.undo(by)
                done += taken is not None
            return done

        if sum(step.rows for step in ahead) > AT_ONCE:
            job = self.desk.worker.start(word, work, lambda n: self._tell_taken(word, ahead[:n]))
            job.ended.connect(lambda: self._renew_after(book))
            return
        with self.desk.messages.guarded() as guard:
            done = work(None)
        if guard.ok:
            self._tell_taken(word, ahead[:done])
        self._renew()
        if guard.ok and done == 1:
            self._show_place(ahead[0])

    def _renew(self) -> None:
        """Shows what has changed; rows chosen together stay chosen, for the next thing to do."""
        page = self.view.table_page
        chosen = page.list.view.chosen_keys() if page is not None else set()
        self.desk.rows_were_changed()
        self.view.reload_row()
        if page is not None and len(chosen) > 1:
            page.list.view.choose_again(chosen)

    def _renew_after(self, book: Book) -> None:
        """Shows what a job has changed; the book may have been closed meanwhile."""
        if self.desk.has_book and self.desk.book is book:
            self._renew()

    def _show_place(self, step: Step) -> None:
        """Goes to what was changed back: where hands are is where they go on."""
        page = self.view.table_page
        if page is None or step.place is None:
            return
        table_id, row_id, field = step.place
        in_hand = page.session.row.id if page.session is not None else ""
        if page.table.id != table_id or in_hand:
            self.view.open_row(table_id, row_id, field)

    def _tell_taken(self, word: str, taken: list[Step]) -> None:
        what = taken[-1].words if len(taken) == 1 else f"{len(taken)}处修改"
        self.desk.messages.tell(f"已{word}：{what}。", kind="good")

    # ── rows

    def do_copy_row(self) -> None:
        """Ctrl+D: a new row with the facts of the present one."""
        page = self._page("复制资产")
        if page is None:
            return
        row_id = page.session.row.id if page.session is not None else page.list.view.current_id()
        if not row_id:
            self.desk.messages.tell("先在清单里选一笔，再复制。")
            return
        from app.book.bulk import copy_row

        with self.desk.messages.guarded() as guard:
            copy = copy_row(self.desk.book.store, row_id, by=self.desk.by)
        if not guard.ok:
            return
        page.list.show_all()
        self.desk.rows_were_changed(page.table.id)
        page.open_row(copy.id, "name")
        self.desk.messages.tell(
            "已复制成新的一笔，资产编号、底稿和初分意见没有复制。",
            "请改成这一笔自己的内容。不要的话按 Ctrl+Z。",
            kind="good",
        )

    def do_set_many(self) -> None:
        """Ctrl+M: one field for all chosen rows, or for those with the same problem."""
        from app.ui.problems_page import ProblemsPage

        if isinstance(self.view.page, ProblemsPage):
            self.view.page.ask_fill()
            return
        page = self._page("给几笔填同一项")
        if page is None:
            return
        places = page.list.view.chosen_places()
        if not places:
            self.desk.messages.tell(
                "先在清单里选几笔。", "按住 Shift 或 Ctrl 再点，或按 Ctrl+A 全选。"
            )
            return
        self._set_many(page, places)

    def fill_these(self, table_id: str, ids: tuple[str, ...], field: str) -> None:
        """Shows these rows alone in their list, all chosen, and fills a field of them."""
        self.view.go(navigation.TABLE + table_id)
        page = self.view.table_page
        if page is None:
            return
        page.show_these(ids)
        if places := page.list.view.chosen_places():
            self._set_many(page, places, field)
        else:
            self.desk.messages.tell("这几笔已经不在表里了。", "请按 F5 重新检查。")

    def _set_many(self, page: TablePage, places: list[tuple[int, int]], field: str = "") -> None:
        from app.ui.set_many_dialog import SetManyDialog

        dialog = SetManyDialog(self.desk, self.view, page.table, page.list.view.rows, places)
        if field:
            dialog.start_at(field)
        else:
            dialog.start_at_missing()
        dialog.done_with.connect(lambda _count: self._renew())
        dialog.open()

    def remove_chosen(self) -> None:
        """Asks for the reason and takes all chosen rows out, as one change."""
        page = self._page("移出几笔")
        if page is None:
            return
        view, table = page.list.view, page.table
        ids = view.rows.ids_at(view.chosen_places())
        names = [line.name or line.id for place in view.chosen_places()[:1]
                 if (line := view.rows.line(place[0])) is not None]  # fmt: skip
        ask_text(
            self.view,
            self.desk.look,
            title="移出资产",
            text=f"把选中的{len(ids)}笔（{''.join(names)}等）移出{table.short_title}？"
            "历史里会留下记录，可以一起撤销。",
            label="原因",
            action=f"移出{len(ids)}笔",
            then=lambda why: self._remove(page, ids, why),
        )

    def _remove(self, page: TablePage, ids: list[str], why: str) -> None:
        book, by = self.desk.book, self.desk.by
        store = book.store
        for row_id in ids:
            self.desk.new_row.keep(row_id)  # removed with the others, not as left empty
        if page.session is not None and page.session.row.id in ids:
            page.close_form()

        def work(progress: Progress) -> int:
            from app.book.removal import remove_rows

            return remove_rows(store, ids, by=by, why=why, progress=progress)

        def tell(count: int) -> None:
            told = f"已把{count}笔移出{page.table.short_title}。"
            self.desk.messages.tell(told, "要放回来，按 Ctrl+Z。", kind="good")

        job = self.desk.worker.start("移出资产", work, tell, undone=NOTHING_REMOVED)
        job.ended.connect(lambda: self._renew_after(book))

    def do_paste_rows(self) -> None:
        """Ctrl+V in the list: what a spreadsheet has put on the clipboard."""
        page = self._page("粘贴")
        if page is not None:
            from app.ui.paste_dialog import PasteDialog

            text = QGuiApplication.clipboard().text()
            dialog = PasteDialog(self.desk, self.view, page.table)
            dialog.pasted.connect(self._renew)
            if dialog.read(text):
                dialog.open()
            else:
                dialog.deleteLater()

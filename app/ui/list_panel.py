"""The list of a table's rows with its head: what it holds, adding, importing, filtering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.forms.classes import FiveClass
from app.forms.table import Table
from app.forms.values import amount_text
from app.ui.ask import Deliberate
from app.ui.buttons import link_button, push_button
from app.ui.desk import Desk, why_shut
from app.ui.icons import sign_icon
from app.ui.room import FittingArea
from app.ui.row_list import RowListModel
from app.ui.row_list_view import RowListView
from app.ui.sign_line import soft_label

if TYPE_CHECKING:
    from app.book.types import TableProgress

CHANGED, THESE = "changed", "these"
FILTERS: tuple[tuple[str, str], ...] = (
    ("全部", ""),
    ("有错误", "errors"),
    ("有警告", "warnings"),
    ("没有填完", "unfinished"),
    ("与上期有变化", CHANGED),
    *((f"{c.sign} {c.label}", c.value) for c in FiveClass),
)


class ListPanel(QFrame):
    """Head, filter and list of one table."""

    search_gone = Signal()
    """What was searched for is no more: every row of a filter is shown."""
    add_asked = Signal()
    import_asked = Signal()
    template_asked = Signal()
    paste_asked = Signal()
    set_many_asked = Signal()

    def __init__(self, desk: Desk, table: Table) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.table = table
        self._progress: TableProgress | None = None
        self.search = ""
        self._these: tuple[str, ...] = ()
        """Rows that the list of problems has asked to be shown."""
        self.in_hand = ""
        """The row in the form beside the list: no other one is marked by itself."""
        self._adding: dict[QPushButton, str] = {}
        """Buttons that bring rows in, with their tips."""
        self.setProperty("surface", "paper")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head())
        self.view = RowListView(self.look)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.show_model(RowListModel(desk.book, table.id))
        self.view.paste_asked.connect(self.paste_asked)
        self.view.selectionModel().selectionChanged.connect(self._show_chosen)
        # What is read anew has nothing chosen, and says so by no other signal.
        self.view.rows.modelReset.connect(self._show_chosen)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self._empty())
        self.stack.addWidget(self._no_match())
        layout.addWidget(self.stack, 1)
        self._show_right_page()
        self._show_state()

    def _head(self) -> QWidget:
        px = self.look.px
        head = QWidget()
        layout = QVBoxLayout(head)
        layout.setContentsMargins(px(12), px(8), px(8), px(6))
        layout.setSpacing(px(4))
        title = QLabel(f"{self.table.id} {self.table.short_title}")
        title.setFont(self.look.font(bold=True))
        title.setToolTip(self.table.title)
        title.setWordWrap(True)
        self.totals = soft_label()
        self.totals.setFont(self.look.font("small"))
        row = QHBoxLayout()
        row.setSpacing(px(6))
        row.addWidget(title, 1)
        self.filter = QComboBox()
        self.filter.setAccessibleName("只看")
        self.filter.setToolTip("只看一部分")
        for words, code in FILTERS:
            self.filter.addItem(words, code)
        self.filter.currentIndexChanged.connect(lambda _index: self.apply_filter())
        self.add_button = push_button("新增")
        self.add_button.setIcon(sign_icon("plus", self.look.theme.accent))
        self._adding[self.add_button] = "登记一笔新的资产（Ctrl+N）"
        self.add_button.clicked.connect(self.add_asked)
        self.import_button = push_button("导入")
        self._adding[self.import_button] = "从清单或模板导入（Ctrl+I）"
        self.import_button.clicked.connect(self.import_asked)
        row.addWidget(self.add_button)
        row.addWidget(self.import_button)
        layout.addLayout(row)
        second = QHBoxLayout()
        second.addWidget(self.totals, 1)
        second.addWidget(self._many_link(), 1)
        second.addWidget(self.filter)
        layout.addLayout(second)
        return head

    def _many_link(self) -> QPushButton:
        """Stands in place of the totals while several rows are chosen: nothing moves."""
        self.many_button = link_button("", "给选中的各笔填同一项（Ctrl+M）")
        self.many_button.setFont(self.look.font("small"))
        self.many_button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.many_button.clicked.connect(self._ask_set_many)
        self.many_button.hide()
        return self.many_button

    def _show_chosen(self) -> None:
        count = self.view.chosen_count()
        if count > 1:
            self.many_button.setText(f"选中{count}笔：填同一项… Ctrl+M")
        self.many_button.setVisible(count > 1)
        self.totals.setVisible(count <= 1)

    def _ask_set_many(self) -> None:
        self.view.setFocus()  # where the keyboard is wanted again, the rows still being chosen
        self.set_many_asked.emit()

    def _empty(self) -> FittingArea:
        page = QFrame()
        page.setProperty("surface", "paper")
        layout = QVBoxLayout(page)
        px = self.look.px
        layout.setContentsMargins(px(20), px(24), px(20), px(20))
        layout.setSpacing(px(10))
        layout.addWidget(QLabel("这张表还没有资产。"))
        layout.addWidget(soft_label(self.table.about))
        for words, signal in (
            ("登记第一笔", self.add_asked),
            ("从清单导入…", self.import_asked),
            ("粘贴从表格软件复制的内容…", self.paste_asked),
            ("取一份填报模板…", self.template_asked),
        ):
            button = push_button(words, main=signal is self.add_asked)
            button.clicked.connect(signal)
            if signal is not self.template_asked:
                self._adding[button] = ""
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        return FittingArea(page)

    def _no_match(self) -> QWidget:
        page = QFrame()
        page.setProperty("surface", "paper")
        layout = QVBoxLayout(page)
        px = self.look.px
        layout.setContentsMargins(px(20), px(24), px(20), px(20))
        layout.addWidget(QLabel("没有符合条件的资产。"))
        button = push_button("显示全部")
        button.clicked.connect(self.show_all)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        return page

    def show_all(self) -> None:
        """Takes filter and search away."""
        self._drop_search()
        self.filter.setCurrentIndex(0)
        self.apply_filter()

    def _drop_search(self) -> None:
        self.search = ""
        self.search_gone.emit()

    def show_only(self, only: str, words: str) -> None:
        """Shows the rows of a filter that is not among the usual ones, under its words."""
        self._drop_search()
        place = self.filter.findData(only)
        if place < 0:
            self.filter.addItem(words, only)
            place = self.filter.count() - 1
        self.filter.setCurrentIndex(place)
        self.apply_filter()
        if self.view.rows.rowCount():
            self.view.choose_place(0)
        self.view.setFocus()

    def show_these(self, ids: tuple[str, ...]) -> None:
        """Shows these rows, all chosen, until another filter is set."""
        self._drop_search()
        self._these = ids
        if self.filter.findData(THESE) < 0:
            self.filter.addItem("同一问题的", THESE)
        self.filter.setCurrentIndex(self.filter.findData(THESE))
        self.apply_filter()
        self.view.selectAll()
        self.view.setFocus()

    def apply_filter(self, search: str | None = None) -> None:
        """Shows the rows that match search and filter."""
        if search is not None:
            self.search = search
        only = str(self.filter.currentData() or "")
        if only == CHANGED:
            self._find_changed()
        elif only == THESE:
            self._show_matching("", self._these)
        else:
            self._show_matching(only, None)

    def _find_changed(self) -> None:
        """Compares every row with the last period in the worker, then shows those that differ."""
        store, table_id = self.desk.book.store, self.table.id

        def work(_progress: object) -> tuple[str, ...]:
            from app.book.since_last import changed_ids

            return tuple(changed_ids(store, table_id))

        self.desk.worker.start("与上期比较", work, self._have_changed, quiet=True)

    def _have_changed(self, ids: tuple[str, ...]) -> None:
        if self.filter.currentData() == CHANGED:
            self._show_matching("", ids)

    def _show_matching(self, only: str, within: tuple[str, ...] | None) -> None:
        kept = self.in_hand or self.view.current_id()
        self.view.rows.set_filter(self.search, only, within)
        self._show_right_page()
        if kept:
            self.view.choose(kept)

    def reload(self) -> None:
        """Reads the list again after rows came or went."""
        if self.filter.currentData() == CHANGED:
            self._find_changed()
            return
        kept = self.in_hand or self.view.current_id()
        self.view.rows.reload()
        self._show_right_page()
        if kept:
            self.view.choose(kept)

    def _show_state(self) -> None:
        """What is sealed takes nothing more in, and its buttons say so."""
        why = why_shut(self.desk.book.period)
        for button, tip in self._adding.items():
            button.setEnabled(not why)
            button.setToolTip(why or tip)

    def take_keyboard(self) -> None:
        """The list, at its first row if none was come to; what can be done where it is empty."""
        shown = self.stack.currentWidget()
        buttons = [one for one in shown.findChildren(QPushButton) if one.isEnabled()]
        target = shown if shown is self.view else next(iter(buttons), self.filter)
        if target is self.view and not self.view.current_id():
            self.view.choose_place(0)
        target.setFocus()

    def renew(self, row_id: str) -> None:
        """Shows one row as it is now, after it was saved."""
        self.view.rows.renew(row_id)

    def _show_right_page(self) -> None:
        rows, before = self.view.rows, self.stack.currentIndex()
        if rows.rowCount():
            self.stack.setCurrentIndex(0)
        else:
            self.stack.setCurrentIndex(2 if rows.filtered else 1)
            if before == 0:  # the Enter that removed the last row is not to add another
                Deliberate(self.stack.currentWidget())
        self._show_totals()

    def show_progress(self, progress: TableProgress | None) -> None:
        """Number and amount in the head."""
        self._progress = progress or self._progress
        self._show_totals()

    def _show_totals(self) -> None:
        """Of the table; while a search or filter leaves some of its rows, how many these are."""
        whole = self._progress
        if whole is None:
            return
        if self.view.rows.filtered:
            self.totals.setText(f"找到 {self.view.rows.rowCount()} 笔，共 {whole.rows} 笔")
        else:
            self.totals.setText(f"{whole.rows} 笔　{amount_text(whole.carrying_amount)} 元")

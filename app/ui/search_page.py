"""What a search finds over all tables."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from app.ui.desk import Desk
from app.ui.page import Page
from app.ui.row_list import RowListModel
from app.ui.row_list_view import RowListView


class SearchPage(Page):
    """Rows of any table whose name, number, amount or initials match."""

    row_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "搜索结果")
        self.count = QLabel()
        self.body.addWidget(self.count)
        self.view = RowListView(self.look)
        self.view.show_model(RowListModel(desk.book, None))
        self.view.opened.connect(self.row_asked)
        self.body.addWidget(self.view, 1)

    def search(self, words: str) -> None:
        """Shows what matches."""
        self.title.setText("搜索结果")
        self.view.rows.set_filter(words, "")
        self.renew()

    def show_only(self, only: str, words: str) -> None:
        """Shows the rows of all tables that a filter leaves."""
        self.title.setText(words)
        self.view.rows.set_filter("", only)
        self.renew()
        self.view.setFocus()

    def renew(self) -> None:
        """Says how many there are."""
        count = self.view.rows.rowCount()
        way = "选一笔，回车打开。" if count > 1 else "回车打开。"
        self.count.setText(f"找到{count}笔。{way}" if count else "没有找到。")
        if count:
            self.view.choose_place(0)

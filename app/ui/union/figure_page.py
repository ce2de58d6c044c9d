"""明细: the rows behind a figure of the summary."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from app.ui.desk import Desk
from app.ui.page import Page
from app.ui.union.queue_view import QueueView


class FigurePage(Page):
    """A list of certain rows; Enter opens one."""

    row_asked = Signal(str)
    back_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "明细", "汇总表里这个数由下面的资产相加而来。")
        self.add_action("回到汇总表", "回到汇总表", self.back_asked.emit)
        self.count = QLabel()
        self.body.addWidget(self.count)
        self.view = QueueView(self.look, desk.book)
        self.view.opened.connect(self.row_asked)
        self.body.addWidget(self.view, 1)

    def show_rows(self, ids: Sequence[str], words: str) -> None:
        """Shows the rows behind another figure."""
        self.title.setText(words)
        self.view.lines.show_ids(ids)
        self.count.setText(f"{len(ids)}笔。回车打开。")
        if ids:
            self.view.choose_place(0)
            self.view.setFocus()

    def renew(self) -> None:
        """Shows the rows as they are now."""
        self.view.lines.show_ids(self.view.lines.ids)

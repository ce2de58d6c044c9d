"""What was done since the book was opened, and how far back to go."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from app.book.sitting import Step, steps
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.room import open_at
from app.ui.sign_line import soft_label
from app.ui.simple_table import TextColumn, TextRow, TextTable

COLUMNS = (
    TextColumn("时间", 90),
    TextColumn("由谁", 90),
    TextColumn("做了什么", 360, stretches=True),
)
NOTHING = "没有可以撤销的修改。会计确认、封印以前的修改不能撤销。"


class UndoDialog(QDialog):
    """Two lists: what can be undone, the newest first, and what can be done again."""

    chosen = Signal(int, bool)
    """How many changes, and whether they are done again."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        look = desk.look
        px = look.px
        self.setWindowTitle("撤销到哪里")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_at(self, desk.look, 640, 440)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(10))
        self.note = soft_label(
            "选一处修改：它和它上面的都撤销。历史里会留下记录，撤销了还可以重做。"
        )
        layout.addWidget(self.note)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("可以撤销的、可以重做的")
        self.back = self._list("可以撤销", forward=False)
        self.again = self._list("可以重做", forward=True)
        layout.addWidget(self.tabs, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        self.action = push_button("撤销到这里", main=True)
        self.action.clicked.connect(self.take)
        cancel = push_button("取消")
        cancel.clicked.connect(self.reject)
        row.addWidget(self.action)
        row.addWidget(cancel)
        layout.addLayout(row)
        self.tabs.currentChanged.connect(lambda _place: self._show_action())
        self._show_action()
        self.back.setFocus()

    def _list(self, title: str, *, forward: bool) -> TextTable:
        found = steps(self.desk.book.store, forward=forward)
        table = TextTable(self.desk.look, title, COLUMNS)
        table.show_rows([_row(place, step) for place, step in enumerate(found, start=1)])
        table.opened.connect(lambda _key: self.take())
        table.selectionModel().currentChanged.connect(lambda _now, _then: self._show_action())
        if found:
            table.selectRow(0)
        self.tabs.addTab(table, f"{title}（{len(found)}）")
        return table

    @property
    def _forward(self) -> bool:
        return self.tabs.currentIndex() == 1

    def _count(self) -> int:
        table = self.again if self._forward else self.back
        return int(table.current_key or 0)

    def _show_action(self) -> None:
        if not hasattr(self, "action"):
            return
        count, word = self._count(), "重做" if self._forward else "撤销"
        self.action.setText(f"{word}{count}处" if count else word)
        self.action.setEnabled(bool(count))
        if not self.back.lines.rows and not self._forward:
            self.note.setText(NOTHING)

    def take(self) -> None:
        """Goes back (or forward) to the chosen change."""
        count = self._count()
        if count:
            self.accept()
            self.chosen.emit(count, self._forward)


def _row(place: int, step: Step) -> TextRow:
    moment = f"{step.at.astimezone():%H:%M:%S}"
    return TextRow((moment, step.by or "程序", step.words), str(place))

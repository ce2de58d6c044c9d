"""What a new period could not take over from the last one, row by row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.book.types import LeftBehind
from app.ui.buttons import push_button
from app.ui.look import Look
from app.ui.room import open_at
from app.ui.sign_line import soft_label
from app.ui.simple_table import TextColumn, TextRow, TextTable

COLUMNS = (
    TextColumn("附表", 56),
    TextColumn("编号", 110),
    TextColumn("资产名称", 170),
    TextColumn("栏目", 110),
    TextColumn("上期的内容", 170),
    TextColumn("为什么没有带过来", 260, stretches=True),
)


class LeftBehindDialog(QDialog):
    """没有带过来的内容."""

    def __init__(self, look: Look, parent: QWidget | None, left: Sequence[LeftBehind]) -> None:
        super().__init__(parent)
        px = look.px
        self.setWindowTitle("没有带过来的内容")
        open_at(self, look, 920, 480)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(12))
        assets = len({one.row_id for one in left})
        self.summary = QLabel(
            f"新的一期已经开始。有{assets}笔资产的{len(left)}项内容没有带过来，请逐项核对、补填。"
        )
        self.summary.setWordWrap(True)
        layout.addWidget(self.summary)
        self.table = TextTable(look, "没有带过来的内容", COLUMNS)
        self.table.show_rows([_line(one) for one in left])
        layout.addWidget(self.table, 1)
        layout.addWidget(soft_label("原来的内容都留在修改历史里，上一期也照旧可以查看。"))
        row = QHBoxLayout()
        row.addStretch(1)
        self.close_button = push_button("知道了", main=True)
        self.close_button.clicked.connect(self.accept)
        row.addWidget(self.close_button)
        layout.addLayout(row)


def _line(one: LeftBehind) -> TextRow:
    shown = " ".join(one.shown.split())
    return TextRow((one.table_id, one.row_id, one.name, one.label, shown, one.why))

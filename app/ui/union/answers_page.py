"""联社答复: what came from the union, and which rows it wants made good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from app.forms.values import amount_text
from app.ui import html
from app.ui.desk import Desk
from app.ui.page import Page
from app.ui.rich_pane import UNDER_LIST, RichPane
from app.ui.simple_table import TextColumn, TextRow, TextTable

if TYPE_CHECKING:
    from app.book.marks import Returned

COLUMNS = (
    TextColumn("附表", 60),
    TextColumn("资产名称", 180),
    TextColumn("账面金额（元）", 130, right=True, spare=1),
    TextColumn("联社的问题", 240, stretches=True),
    TextColumn("没有答复", 76, right=True),
)


class AnswersPage(Page):
    """Receipts and decisions, and the rows that came back."""

    take_in_asked = Signal()
    row_asked = Signal(str, str, str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk, "联社答复", "把联社的回执或决定（.wjz 文件）拖进窗口，或点“接收联社答复”。"
        )
        self.returned: list[Returned] = []
        self.add_action(
            "接收联社答复…", "选回执或决定（Ctrl+R）", self.take_in_asked.emit, main=True
        )
        self.count = QLabel()
        self.body.addWidget(self.count)
        self.table = TextTable(self.look, "退回的资产", COLUMNS)
        self.table.opened.connect(self._open)
        self.body.addWidget(self.table, 2)
        self.came = RichPane(self.look, "收到的答复", margin=UNDER_LIST)
        self.body.addWidget(self.came, 1)
        desk.progress_changed.connect(self.renew_if_seen)

    def renew(self) -> None:
        """Reads the returned rows and the answers again."""
        from app.book.marks import returned_rows

        self.returned = returned_rows(self.desk.book.store)
        self.table.show_rows([self._row(one) for one in self.returned])
        if self.returned:
            open_ = sum(one.open for one in self.returned)
            words = f"退回{len(self.returned)}笔，"
            words += f"还有{open_}个问题没有答复。回车去补正。" if open_ else "问题都已答复。"
            words += "" if open_ else "会计确认后，在“上报”页重新上报。"
        else:
            words = "没有退回的资产。"
        self.count.setText(words)
        self.came.show_html(self._came())

    def _row(self, one: Returned) -> TextRow:
        line = self.desk.book.row_line(one.row.id)
        amount = one.row.values.get("carrying_amount")
        fields = self.desk.book.ruleset.table(one.row.table_id).fields
        names = (fields[q.field].label if q.field in fields else "" for q in one.questions)
        asked = (
            f"{n}：{q.note}" if n else q.note for n, q in zip(names, one.questions, strict=True)
        )
        texts = (
            one.row.table_id,
            line.name if line is not None and line.name else one.row.id,
            amount_text_of(amount),
            "；".join(asked),
            str(one.open or ""),
        )
        return TextRow(texts, one.row.id, sign="warning" if one.open else "good")

    def _open(self, row_id: str) -> None:
        one = next((one for one in self.returned if one.row.id == row_id), None)
        if one is None:
            return
        question = next((q for q in one.questions if not q.answered), one.questions[0])
        self.row_asked.emit(one.row.table_id, one.row.id, question.field)

    def _came(self) -> str:
        from app.package.receiving import KINDS
        from app.union.packages import packages_of

        store = self.desk.book.store
        came = [one for kind in KINDS for one in packages_of(store, kind=kind)]
        if not came:
            return html.soft("本期还没有收到联社的答复。", self.look)
        parts = [html.heading("收到的答复")]
        for one in sorted(came, key=lambda one: one.id, reverse=True):
            words = (
                f"{one.at.astimezone():%Y-%m-%d %H:%M}　{KINDS[one.kind]}　"
                f"答复封印码 {one.answers}　联社密钥 {one.key_code}　{one.by}接收"
            )
            parts.append(html.bullet(html.text(words)))
        return "".join(parts)


def amount_text_of(amount: object) -> str:
    """A stored amount as a person reads it; empty for none."""
    from decimal import Decimal

    return amount_text(Decimal(str(amount))) if amount else ""

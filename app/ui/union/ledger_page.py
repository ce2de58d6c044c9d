"""台账: what was determined and what becomes of it: disposals, recoveries, provisions, reviews."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout

from app.forms.errors import ValueFault
from app.forms.values import amount_text, parse_amount
from app.ui.ask import add_buttons, make_dialog
from app.ui.desk import Desk
from app.ui.fields.base import Line
from app.ui.fields.day import show_in_full, typed_day
from app.ui.fields.leading import lead_through
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.page import Page
from app.ui.room import form_layout
from app.ui.simple_table import TextColumn, TextRow, TextTable
from app.ui.union.words import class_words

if TYPE_CHECKING:
    from app.book.followups import Followup

COLUMNS = (
    TextColumn("资产名称", 170, stretches=True),
    TextColumn("附表", 52),
    TextColumn("上期", 70),
    TextColumn("认定", 70),
    TextColumn("账面金额", 116, right=True),
    TextColumn("预计损失", 106, right=True),
    TextColumn("已提减值", 96, right=True),
    TextColumn("已处置", 96, right=True),
    TextColumn("已收回", 96, right=True),
    TextColumn("责任人", 76),
    TextColumn("下次复查", 90),
)
MONEY = {"provisions": "已提减值", "disposed": "已处置", "recovered": "已收回"}
TEXT = {"responsible": "责任人", "next_review": "下次复查"}


class LedgerPage(Page):
    """The ledger of the period."""

    row_asked = Signal(str, str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "台账", "认定以后建立。回车登记处置、收回、减值和复查。")
        self.lines: list[Followup] = []
        self.row_button = self.add_action("看这笔资产", "打开认定表里的这一笔", self._go_to_row)
        self.edit_button = self.add_action(
            "登记…", "登记处置、收回、减值和复查", self.ask, main=True
        )
        self.count = QLabel()
        self.body.addWidget(self.count)
        self.table = TextTable(self.look, "台账", COLUMNS)
        self.table.opened.connect(lambda _key: self.ask())
        self.body.addWidget(self.table, 1)

    def renew(self) -> None:
        """Reads the ledger again."""
        self.lines = self.desk.book.followups()
        self.table.show_rows([_row(one) for one in self.lines])
        amount = sum((one.carrying_amount for one in self.lines), Decimal(0))
        self.count.setText(f"{len(self.lines)}笔，账面{amount_text(amount)}元。")
        if self.lines and self.table.currentIndex().row() < 0:
            self.table.selectRow(0)

    @property
    def current(self) -> Followup | None:
        """The line that is chosen."""
        key = self.table.current_key
        return next((one for one in self.lines if one.row_id == key), None)

    def _go_to_row(self) -> None:
        one = self.current
        if one is not None:
            self.row_asked.emit(one.table_id, one.row_id)

    def ask(self) -> None:
        """Asks what has become of the chosen asset."""
        one = self.current
        if one is None or not self.desk.need_person():
            return
        dialog = make_dialog(self, self.look, "登记台账", f"{one.name}（{one.row_id}）")
        layout = dialog.layout()
        assert isinstance(layout, QVBoxLayout)
        messages = Messages()
        layout.addWidget(MessageBar(self.look, messages))
        form = form_layout(self.look)
        lines = {key: Line() for key in (*MONEY, *TEXT)}
        for key, label in (MONEY | TEXT).items():
            value = getattr(one, key)
            lines[key].setText(amount_text(value) if key in MONEY else str(value))
            lines[key].setAccessibleName(label)
            form.addRow(label, lines[key])
        lines["next_review"].setPlaceholderText("年-月-日")
        show_in_full(lines["next_review"])
        layout.addLayout(form)
        order = list(lines.values())

        def accept() -> None:
            self._save(one, {key: line.text() for key, line in lines.items()}, dialog, messages)

        button = add_buttons(dialog, "登记", accept)
        lead_through(order, button.setFocus)
        dialog.open()
        order[0].setFocus()

    def _save(
        self, one: Followup, texts: dict[str, str], dialog: QDialog, messages: Messages
    ) -> None:
        from app.book.followups import set_followup

        try:
            given: dict[str, object] = {key: parse_amount(texts[key] or "0") for key in MONEY}
        except ValueFault:
            messages.tell("金额认不出来，请写成 12,345.67 这样。", kind="warning")
            return
        day = typed_day(texts["next_review"])
        if texts["next_review"].strip() and day is None:
            messages.tell("下次复查的日期认不出来，请写成 2007-06-30 这样。", kind="warning")
            return
        given["next_review"] = day.isoformat() if day else ""
        given["responsible"] = texts["responsible"].strip()
        with messages.guarded() as guard:
            set_followup(self.desk.book.store, one.row_id, given, by=self.desk.by)
        if guard.ok:
            dialog.accept()
            self.desk.tell_saved()
            self.renew()


def _row(one: Followup) -> TextRow:
    amounts = (one.carrying_amount, one.expected_loss, one.provisions, one.disposed, one.recovered)
    texts = (
        one.name or one.row_id,
        one.table_id,
        class_words(one.last_class) if one.last_class else "",
        class_words(one.class_),
        *(amount_text(amount) if amount else "" for amount in amounts),
        one.responsible,
        one.next_review,
    )
    return TextRow(texts, one.row_id)

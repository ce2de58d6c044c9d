"""One subject's balance, typed by hand."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.forms.errors import ValueFault
from app.forms.values import amount_text, parse_amount
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.fields.base import Line
from app.ui.fields.leading import lead_through
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.room import FittingDialog, form_layout


class BalanceDialog(FittingDialog):
    """登记余额."""

    def __init__(self, desk: Desk, parent: QWidget, subject: str = "") -> None:
        super().__init__(parent)
        self.desk = desk
        px = desk.look.px
        self.setWindowTitle("登记余额")
        self.setMinimumWidth(px(440))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(12))
        self.messages = Messages()
        layout.addWidget(MessageBar(desk.look, self.messages))
        form = form_layout(desk.look)
        self.subject = QComboBox()
        self.subject.setAccessibleName("科目")
        for code, one in desk.book.chart().items():
            self.subject.addItem(f"{code} {one.name}", code)
        self.debit, self.credit, self.provisions = Line(), Line(), Line()
        lead_through((self.debit, self.credit, self.provisions), self.save)
        form.addRow("科目", self.subject)
        for line, label in (
            (self.debit, "借方余额"),
            (self.credit, "贷方余额"),
            (self.provisions, "已提准备"),
        ):
            line.setAccessibleName(label)
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
            form.addRow(label, line)
        layout.addLayout(form)
        row = QHBoxLayout()
        self.save_button = push_button("保存", main=True)
        self.save_button.clicked.connect(self.save)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row.addStretch(1)
        row.addWidget(self.save_button)
        row.addWidget(cancel)
        layout.addLayout(row)
        self.subject.currentIndexChanged.connect(lambda _index: self._show_present())
        place = self.subject.findData(subject)
        self.subject.setCurrentIndex(max(0, place))
        self._show_present()

    def _show_present(self) -> None:
        code = str(self.subject.currentData())
        found = {b.subject: b for b in self.desk.book.balances()}.get(code)
        for line, name in (
            (self.debit, "debit"),
            (self.credit, "credit"),
            (self.provisions, "provisions"),
        ):
            amount: Decimal = getattr(found, name) if found else Decimal("0.00")
            line.setText(amount_text(amount) if amount else "")

    def save(self) -> None:
        """Stores the balance."""
        from app.book.types import Balance

        amounts = []
        for line in (self.debit, self.credit, self.provisions):
            try:
                amounts.append(parse_amount(line.text() or "0"))
            except ValueFault:
                name = line.accessibleName()
                self.messages.tell(f"{name}“{line.text()}”认不出来。", "请填金额，单位元。")
                line.setFocus()
                return
        code = str(self.subject.currentData())
        name = self.desk.book.chart()[code].name
        with self.messages.guarded() as guard:
            self.desk.book.set_balance(Balance(code, name, *amounts), by=self.desk.by)
        if guard.ok:
            self.accept()
            self.desk.rows_were_changed()

"""The next period of a book: its base date, and whether the rows are carried forward."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.fields.day import BASE_DATE_UNREAD, show_in_full, typed_day
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.room import FittingDialog, form_layout
from app.ui.sign_line import soft_label


class PeriodDialog(FittingDialog):
    """新的一期."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        px = desk.look.px
        self.setWindowTitle("新的一期")
        self.setMinimumWidth(px(480))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(12))
        self.messages = Messages()
        layout.addWidget(MessageBar(desk.look, self.messages))
        form = form_layout(desk.look)
        self.day = QLineEdit(next_day(desk.book.period.base_date).isoformat())
        self.day.setAccessibleName("基准日")
        show_in_full(self.day)
        form.addRow("基准日", self.day)
        layout.addLayout(form)
        self.carry = QCheckBox("把上一期的资产带过来")
        self.carry.setChecked(True)
        layout.addWidget(self.carry)
        union = desk.book.is_union
        # Its rows come with the offices' packages of the period.
        self.carry.setVisible(not union)
        layout.addWidget(
            soft_label(
                "本期的资产随各社的上报包来；机构和密钥照旧。"
                if union
                else "带过来的是事实；意见、损失、估价、合规性和准确性本期要重新填。"
            )
        )
        row = QHBoxLayout()
        self.create_button = push_button("开始这一期", main=True)
        self.create_button.clicked.connect(self.create_period)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row.addStretch(1)
        row.addWidget(self.create_button)
        row.addWidget(cancel)
        layout.addLayout(row)

    def create_period(self) -> None:
        """Adds the period and goes to it."""
        day = typed_day(self.day.text())
        if day is None:
            self.messages.tell(BASE_DATE_UNREAD, kind="warning")
            return
        with self.messages.guarded() as guard:
            carry = self.carry.isChecked()
            period = self.desk.book.add_period(day, carry_forward=carry, by=self.desk.by)
        if guard.ok:
            self.accept()
            self.desk.enter_period(period.id)
            self._tell_left_behind()

    def _tell_left_behind(self) -> None:
        left = self.desk.book.left_behind()
        if left:
            from app.ui.left_behind_dialog import LeftBehindDialog

            LeftBehindDialog(self.desk.look, self.parentWidget(), left).open()


def next_day(day: date) -> date:
    """The same day a year later; from the last of February to the last of February."""
    if day.month == 2 and day.day >= 28:
        following = date(day.year + 1, 3, 1)
        return date.fromordinal(following.toordinal() - 1)
    return day.replace(year=day.year + 1)

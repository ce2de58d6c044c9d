"""科目表: the chart of accounts, and the office's own subjects in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.ask import ask
from app.ui.buttons import link_button, push_button
from app.ui.desk import Desk
from app.ui.fields.base import Line
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.room import open_at
from app.ui.sign_line import soft_label
from app.ui.simple_table import TextColumn, TextRow, TextTable

COLUMNS = (
    TextColumn("科目", 84),
    TextColumn("名称", 220, stretches=True),
    TextColumn("认定表", 190),
    TextColumn("来源", 64),
)
ABOUT = (
    "来源是“规则”的科目不能改。本社账上另有的非信贷资产科目，在下面列入，并选它属于哪张认定表。"
    "明细科目不用列入，记在上级科目里。"
)


class SubjectsDialog(QDialog):
    """The chart, with a card to add a subject or to change one of the office's own."""

    def __init__(
        self, desk: Desk, parent: QWidget, code: str = "", name: str = "", table_id: str = ""
    ) -> None:
        """Opened for a code that the chart does not know, it stands ready to add it."""
        super().__init__(parent)
        self.desk = desk
        self.look = desk.look
        self.changing = ""
        """The code of the own subject that the card shows; empty: a new one."""
        px = self.look.px
        self.setWindowTitle("科目表")
        open_at(self, self.look, 680, 560)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(12))
        self.messages = Messages()
        layout.addWidget(MessageBar(self.look, self.messages))
        layout.addWidget(soft_label(ABOUT))
        self.table = TextTable(self.look, "科目表", COLUMNS)
        self.table.setProperty("surface", "card")
        layout.addWidget(self.table, 1)
        layout.addWidget(self._card())
        layout.addLayout(self._buttons())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._chosen())
        self._renew()
        self._show_card(code, name, table_id)
        (self.name if code else self.code).setFocus()

    # ── building

    def _card(self) -> QFrame:
        px = self.look.px
        card = QFrame()
        card.setProperty("surface", "card")
        grid = QGridLayout(card)
        grid.setContentsMargins(px(14), px(10), px(14), px(12))
        grid.setHorizontalSpacing(px(10))
        grid.setVerticalSpacing(px(6))
        self.heading = QLabel()
        self.heading.setFont(self.look.font(bold=True))
        self.new_button = link_button("改为列入新科目")
        self.new_button.clicked.connect(self._start_another)
        self.code, self.name, self.kind = Line(), Line(), QComboBox()
        self.code.setMaximumWidth(px(110))
        self.code.setPlaceholderText("3至8位数字")
        self.name.setPlaceholderText("与总账上的名称相同")
        self.kind.addItem("请选择", "")
        for table in self.desk.book.ruleset.row_tables:
            self.kind.addItem(f"附表{table.id} {table.short_title}", table.id)
        grid.addWidget(self.heading, 0, 0, 1, 2)
        grid.addWidget(self.new_button, 0, 2, 1, 2, Qt.AlignmentFlag.AlignRight)
        fields = ((self.code, "科目代码"), (self.name, "名称"), (self.kind, "属于哪张认定表"))
        for place, (widget, words) in enumerate(fields):
            label = soft_label(words, wrap=False)
            label.setBuddy(widget)
            widget.setAccessibleName(words)
            grid.addWidget(label, 1, place)
            grid.addWidget(widget, 2, place)
        for line in (self.code, self.name):
            # A plain line would let Enter through to the dialog, which then closes.
            line.stepped.connect(lambda _step: self.save())
        self.save_button = push_button(main=True)
        self.save_button.clicked.connect(self.save)
        grid.addWidget(self.save_button, 2, 3)
        grid.setColumnStretch(1, 1)
        return card

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.remove_button = QPushButton("移出科目表…")
        self.remove_button.setAutoDefault(False)
        self.remove_button.clicked.connect(self.ask_remove)
        close = QPushButton("关闭")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        row.addWidget(self.remove_button)
        row.addStretch(1)
        row.addWidget(close)
        return row

    # ── state

    def _renew(self) -> None:
        own = {subject.code for subject in self.desk.book.own_subjects()}
        titles = {t.id: f"{t.id} {t.short_title}" for t in self.desk.book.ruleset.row_tables}
        chart = sorted(self.desk.book.chart().values(), key=lambda one: one.code)
        rows = [
            TextRow(
                (
                    one.code,
                    one.name,
                    titles.get(one.table, "（备抵科目）"),
                    "本社" if one.code in own else "规则",
                ),
                one.code,
                bold=one.code in own,
            )
            for one in chart
        ]
        self.table.show_rows(rows)

    def _chosen(self) -> None:
        """An own subject goes into the card, to be changed."""
        code = self.table.current_key
        own = {subject.code: subject for subject in self.desk.book.own_subjects()}
        if code in own:
            self._show_card(code, own[code].name, own[code].table, changing=code)
        elif self.changing:
            self._show_card()

    def _start_another(self) -> None:
        """The card is for a new subject again; the link that was pressed goes."""
        self.code.setFocus()
        self._show_card()

    def _show_card(
        self, code: str = "", name: str = "", table_id: str = "", *, changing: str = ""
    ) -> None:
        self.changing = changing
        self.code.setText(code)
        self.code.setReadOnly(bool(changing))
        self.name.setText(name)
        self.kind.setCurrentIndex(max(0, self.kind.findData(table_id)))
        self.heading.setText(f"修改 {changing}" if changing else "列入新科目")
        self.save_button.setText("保存" if changing else "列入")
        self.new_button.setVisible(bool(changing))
        self.remove_button.setVisible(bool(changing))

    # ── work

    def save(self) -> None:
        """Adds the subject of the card, or changes the chosen one."""
        code, name = self.code.text().strip(), self.name.text().strip()
        table_id = str(self.kind.currentData())
        if not code:
            self.messages.tell("请先写科目代码。", kind="warning")
            self.code.setFocus()
            return
        if not table_id:
            self.messages.tell("请选择这个科目属于哪张认定表。", kind="warning")
            self.kind.setFocus()
            return
        book, by = self.desk.book, self.desk.by
        with self.messages.guarded() as guard:
            if self.changing:
                book.change_subject(code, name, table_id, by=by)
            else:
                book.add_subject(code, name, table_id, by=by)
        if guard.ok:
            self._saved(f"已保存{code} {name}。" if self.changing else f"已列入{code} {name}。")
            self.table.show_key(code)

    def ask_remove(self) -> None:
        """Asks before a subject is taken out."""
        code = self.changing
        ask(
            self,
            self.look,
            title="移出科目表",
            text=f"把{code} {self.name.text()}移出科目表吗？有资产或余额在用的不能移出。",
            action="移出",
            then=lambda: self.remove(code),
        )

    def remove(self, code: str) -> None:
        """Takes an own subject out of the chart."""
        with self.messages.guarded() as guard:
            self.desk.book.remove_subject(code, by=self.desk.by)
        if guard.ok:
            self._show_card()
            self._saved(f"已把{code}移出科目表。")

    def _saved(self, words: str) -> None:
        self._renew()
        self.messages.tell(words, kind="good")
        self.desk.chart_was_changed()

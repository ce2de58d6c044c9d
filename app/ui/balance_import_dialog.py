"""Taking in the general ledger's balances from a printed sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.forms.values import amount_text
from app.ui import remembered
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.import_dialog import FILE_FILTER
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.room import open_at
from app.ui.sign_line import SignLine
from app.ui.simple_table import TextColumn, TextRow, TextTable
from app.ui.work_bar import WorkBar
from app.ui.worker import Job, Progress, Worker

if TYPE_CHECKING:
    from app.intake.balances import BalanceListing

COLUMNS = (
    TextColumn("位置", 64, spare=1),
    TextColumn("科目", 80),
    TextColumn("名称", 140, stretches=True),
    TextColumn("认定表", 92),
    TextColumn("借方余额", 130, right=True),
    TextColumn("贷方余额", 130, right=True),
)


class BalanceImportDialog(QDialog):
    """导入总账余额."""

    imported = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self.look = desk.look
        self.listing: BalanceListing | None = None
        self.setWindowTitle("导入总账余额")
        px = self.look.px
        open_at(self, self.look, 720, 540)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(10))
        self.messages = Messages()
        self.worker = Worker(self.messages)
        layout.addWidget(MessageBar(self.look, self.messages))
        layout.addWidget(WorkBar(self.look, self.worker))
        row = QHBoxLayout()
        self.file = QLabel("还没有选文件。请用基准日的科目余额表。")
        choose = QPushButton("选择文件…")
        choose.setAutoDefault(False)
        choose.clicked.connect(self.choose_file)
        row.addWidget(self.file, 1)
        row.addWidget(choose)
        layout.addLayout(row)
        self.table = TextTable(self.look, "读到的余额", COLUMNS)
        layout.addWidget(self.table, 3)
        self.unknown = QHBoxLayout()
        layout.addLayout(self.unknown)
        self.table.opened.connect(self.ask_subject)
        desk.chart_changed.connect(self._show_lines)
        self.remarks = QPlainTextEdit()
        self.remarks.setReadOnly(True)
        self.remarks.setAccessibleName("要注意的事")
        layout.addWidget(self.remarks, 1)
        buttons = QHBoxLayout()
        self.import_button = push_button("导入", main=True)
        self.import_button.setEnabled(False)
        self.import_button.clicked.connect(self.take_in)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        buttons.addStretch(1)
        buttons.addWidget(self.import_button)
        buttons.addWidget(cancel)
        layout.addLayout(buttons)

    def choose_file(self) -> None:
        """Asks for the file."""
        folder = remembered.last_folder(self.desk.settings)
        name, _ = QFileDialog.getOpenFileName(self, "选择科目余额表", folder, FILE_FILTER)
        if name:
            self.read(Path(name))

    def read(self, path: Path) -> Job:
        """Reads the sheet in the worker."""
        remembered.set_last_folder(self.desk.settings, path)
        self.file.setText(path.name)
        self.messages.clear()
        # What the file before held must not go in under this one's name.
        self.listing = None
        self.import_button.setEnabled(False)
        self.table.show_rows([])
        self.remarks.clear()
        book = self.desk.book
        base_date, own = book.period.base_date, book.institution.name

        def work(_progress: Progress) -> Any:
            from app.intake.balances import read_balances

            return read_balances(path, base_date, institution=own)

        return self.worker.start("读取文件", work, self._have_listing)

    def _have_listing(self, listing: BalanceListing) -> None:
        self.listing = listing
        self._show_lines()
        words = [f"× {fault}" for fault in listing.faults] + [f"· {n}" for n in listing.notes]
        self.remarks.setPlainText("\n".join(words) or "没有要注意的事。")
        self.import_button.setEnabled(not listing.faults)

    def _show_lines(self) -> None:
        """The lines with their tables; those that the chart does not know can be looked after."""
        from app.intake.balances import subject_of, unknown_subjects

        if self.listing is None:
            return
        chart = self.desk.book.chart()
        rows = []
        for line in self.listing.lines:
            code = subject_of(line.code, chart)
            amounts = (amount_text(a) if a else "" for a in (line.debit, line.credit))
            table = chart[code].table or "备抵" if code else "不在科目表"
            texts = (line.address, line.code, line.name, table, *amounts)
            rows.append(TextRow(texts, "" if code else line.code, tone="" if code else "soft"))
        self.table.show_rows(rows)
        while self.unknown.count():
            widget = self.unknown.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        count = len(unknown_subjects(self.listing, chart))
        if count:
            words = f"{count}个科目不在科目表，不读入。其中有非信贷资产的，选中它，列入科目表。"
            told = SignLine(self.look, "info", words, "列入科目表…")
            told.acted.connect(lambda: self.ask_subject(self.table.current_key))
            self.unknown.addWidget(told)

    def ask_subject(self, code: str) -> None:
        """Opens the chart, ready to add the chosen subject of the sheet."""
        from app.ui.subjects_dialog import SubjectsDialog

        lines = self.listing.lines if self.listing else []
        name = next((line.name for line in lines if line.code == code), "")
        SubjectsDialog(self.desk, self, code, name).open()

    def take_in(self) -> None:
        """Puts the balances into the book, in place of those that were there."""
        listing = self.listing
        if listing is None:
            return
        from app.intake.balances import import_balances

        with self.messages.guarded() as guard:
            report = import_balances(self.desk.book, listing, by=self.desk.by)
        if guard.ok:
            self.desk.messages.tell(f"已取得{report.balances}个科目的余额。", kind="good")
            self.accept()
            self.desk.rows_were_changed()
            self.imported.emit()

    def done(self, code: int, /) -> None:
        """Stops what is still being read."""
        self.worker.close()
        super().done(code)

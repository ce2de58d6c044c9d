"""Taking in a listing: what was recognised, shown and changeable, what can't be read, then in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.forms.values import amount_text
from app.ui import remembered
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.problems_page import FILLED
from app.ui.room import FittingArea, form_layout, open_at
from app.ui.sign_line import soft_label
from app.ui.work_bar import WorkBar
from app.ui.worker import Job, Progress, Worker

if TYPE_CHECKING:
    from app.intake.types import ImportReport, Listing

FILE_FILTER = "清单 (*.xlsx *.xls *.ods *.csv);;全部 (*)"
KEPT_AS_PRINTED = "（不填入，原样保留）"
EXAMPLES = 3
MOST_LINES = 200


class ImportDialog(QDialog):
    """导入清单."""

    imported = Signal(str)
    """The table that the rows went into."""

    def __init__(self, desk: Desk, parent: QWidget, table_id: str = "") -> None:
        super().__init__(parent)
        self.desk = desk
        self.look = desk.look
        self.path: Path | None = None
        self.sheets: Any = None
        self.listing: Listing | None = None
        self._filling = False
        self._likelier = ""
        self.setWindowTitle("导入清单")
        px = self.look.px
        open_at(self, self.look, 820, 600)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(10))
        self.messages = Messages()
        self.worker = Worker(self.messages)
        self.bar = MessageBar(self.look, self.messages)
        layout.addWidget(self.bar)
        layout.addWidget(WorkBar(self.look, self.worker))
        head = QWidget()
        head.setLayout(self._head(table_id))
        layout.addWidget(FittingArea(head))
        layout.addWidget(self._mapping(), 3)
        layout.addWidget(soft_label("读不出来的地方和要注意的事"))
        self.remarks = QPlainTextEdit()
        self.remarks.setReadOnly(True)
        self.remarks.setAccessibleName("读不出来的地方和要注意的事")
        self.remarks.setMinimumHeight(px(44))  # the bar of work comes and goes above it
        layout.addWidget(self.remarks, 2)
        layout.addLayout(self._buttons())
        self._show_listing()

    # ── building

    def _head(self, table_id: str) -> QFormLayout:
        form = form_layout(self.look)
        form.setVerticalSpacing(self.look.px(4))  # the columns below need the room
        self.file = QLabel("还没有选文件")
        self.choose_button = QPushButton("选择文件…")
        self.choose_button.setAutoDefault(False)
        self.choose_button.clicked.connect(self.choose_file)
        row = QHBoxLayout()
        row.addWidget(self.file, 1)
        row.addWidget(self.choose_button)
        form.addRow("清单文件", row)
        self.table = QComboBox()
        self.table.setAccessibleName("认定表")
        self.table.addItem("按内容辨认", "")
        for table in self.desk.book.ruleset.row_tables:
            self.table.addItem(f"{table.id} {table.short_title}", table.id)
        self.table.setCurrentIndex(max(0, self.table.findData(table_id)))
        self.table.currentIndexChanged.connect(lambda _index: self.recognise())
        self.likelier_button = push_button("")
        self.likelier_button.setVisible(False)
        self.likelier_button.clicked.connect(self._take_likelier)
        choice = QHBoxLayout()
        choice.addWidget(self.table, 1)
        choice.addWidget(self.likelier_button)
        form.addRow("认定表", choice)
        self.subject = QComboBox()
        self.subject.setAccessibleName("核算科目")
        self.subject.addItem("按清单里的科目一栏；没有的，按本表第一个科目", "")
        for code, one in self.desk.book.chart().items():
            if one.table:
                self.subject.addItem(f"{code} {one.name}", code)
        self.subject.currentIndexChanged.connect(lambda _index: self.recognise())
        form.addRow("核算科目", self.subject)
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        form.addRow("读到", self.facts)
        return form

    def _mapping(self) -> QTableWidget:
        self.mapping = QTableWidget(0, 4)
        self.mapping.setHorizontalHeaderLabels(["位置", "清单的栏名", "填入", "前几笔"])
        self.mapping.setAccessibleName("各栏填到哪里")
        self.mapping.setTabKeyNavigation(False)  # Tab leads through its boxes and on
        self.mapping.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.mapping.verticalHeader().setVisible(False)
        self.mapping.setShowGrid(False)
        self.mapping.setAlternatingRowColors(True)
        px = self.look.px
        self.mapping.verticalHeader().setDefaultSectionSize(px(34))
        for place, width in enumerate((64, 190, 210, 200)):
            self.mapping.setColumnWidth(place, px(width))
        header = self.mapping.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        return self.mapping

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.import_button = push_button("导入", main=True)
        self.import_button.clicked.connect(self.take_in)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row.addStretch(1)
        row.addWidget(self.import_button)
        row.addWidget(cancel)
        return row

    # ── reading

    def choose_file(self) -> None:
        """Asks for the file."""
        folder = remembered.last_folder(self.desk.settings)
        name, _ = QFileDialog.getOpenFileName(self, "选择清单", folder, FILE_FILTER)
        if name:
            self.read(Path(name))

    def read(self, path: Path) -> Job:
        """Reads the file; large ones take a moment, so not in the window's thread."""
        remembered.set_last_folder(self.desk.settings, path)
        self.path, self.listing, self.sheets = path, None, None
        self.file.setText(path.name)
        self.messages.clear()
        self._show_listing()

        def work(progress: Progress) -> Any:
            from app.intake.workbook import read_sheets

            return read_sheets(path, progress=progress)

        return self.worker.start("读取文件", work, self._have_sheets)

    def _have_sheets(self, sheets: Any) -> None:
        self.sheets = sheets
        self.recognise()

    def recognise(self) -> None:
        """Recognises the listing for the table and subject that are chosen."""
        if self.sheets is None:
            return
        book, sheets = self.desk.book, self.sheets
        table = str(self.table.currentData()) or None
        subject = str(self.subject.currentData()) or None

        def work(progress: Progress) -> Any:
            from app.intake.listing import likelier_table, recognise

            found = recognise(
                sheets,
                book.ruleset,
                table=table,
                subject=subject,
                base_date=book.period.base_date,
                institution=book.institution.name,
                chart=book.chart(),
                progress=progress,
            )
            return found, likelier_table(found, sheets) if table else ""

        self.listing = None
        self.messages.clear()
        self._show_listing()
        self.worker.start("辨认内容", work, self._have_recognised)

    def _have_recognised(self, found: tuple[Listing, str]) -> None:
        listing, likelier = found
        self._have_listing(listing)
        if likelier:
            self._offer_likelier(listing, likelier)
        else:
            self._tell_repeated(listing)

    def _offer_likelier(self, listing: Listing, likelier: str) -> None:
        """Says which table the listing fits; one press changes to it."""
        asked = self.desk.book.ruleset.table(listing.table_id)
        fitting = self.desk.book.ruleset.table(likelier)
        self._likelier = likelier
        self.likelier_button.setText(f"改成{fitting.id} {fitting.short_title}")
        self.likelier_button.setVisible(True)
        self.likelier_button.setFocus()
        self.messages.tell(
            f"这张清单不像附表{asked.id} {asked.short_title}，"
            f"像附表{fitting.id} {fitting.short_title}。",
            f"按“{self.likelier_button.text()}”，再导入。",
            kind="warning",
        )

    def _take_likelier(self) -> None:
        self.table.setFocus()  # the button goes; Enter then imports
        self.table.setCurrentIndex(self.table.findData(self._likelier))

    def _tell_repeated(self, listing: Listing) -> None:
        """Says when the same listing is in the book already: its rows would stand there twice."""
        from app.book.imports import import_records

        for record in import_records(self.desk.book.store):
            same = (record.table_id, record.source, record.row_count)
            if same == (listing.table_id, listing.file, len(listing.rows)):
                moment = f"{record.at.astimezone():%Y-%m-%d %H:%M}"
                self.messages.tell(
                    f"{record.by}{moment}已从{listing.file}导入{record.row_count}笔。",
                    "再导入就重复登记；确实是另一份清单的，才导入。",
                    kind="warning",
                )
                return

    def _have_listing(self, listing: Listing) -> None:
        self.listing = listing
        self._show_listing()

    def _remap(self, address: str, field: str | None) -> None:
        listing = self.listing
        if listing is None or self._filling:
            return

        def work(progress: Progress) -> Any:
            from app.intake.listing import listing_with_mapping

            return listing_with_mapping(listing, {address: field}, progress=progress)

        self.worker.start("重新读取", work, self._have_listing)

    # ── showing

    def _show_listing(self) -> None:
        listing = self.listing
        self.import_button.setEnabled(listing is not None and not listing.faults)
        if listing is None:
            self.likelier_button.setVisible(False)
            self.facts.setText("—")
            self.mapping.setRowCount(0)
            self.remarks.clear()
            self.import_button.setText("导入")
            return
        table = self.desk.book.ruleset.table(listing.table_id)
        amount = amount_text(listing.sum_of("carrying_amount"))
        self.facts.setText(
            f"附表{table.id} {table.short_title}，{len(listing.rows)}笔，"
            f"{table.fields['carrying_amount'].label}合计{amount}元"
        )
        self.import_button.setText(f"导入{len(listing.rows)}笔")
        self._filling = True
        self._show_mapping(listing)
        self._filling = False
        self._show_remarks(listing)

    def _show_mapping(self, listing: Listing) -> None:
        from app.intake.columns import may_fill

        fields = self.desk.book.ruleset.table(listing.table_id).fields
        open_fields = [f for f in fields.values() if may_fill(f, template=listing.template)]
        matches = [match for match in listing.mapping if not match.ignored]
        self.mapping.setRowCount(len(matches))
        for row, match in enumerate(matches):
            self.mapping.setItem(row, 0, QTableWidgetItem(match.address))
            self.mapping.setItem(row, 1, QTableWidgetItem(match.printed))
            choice = QComboBox()
            choice.setAccessibleName(f"{match.printed}填入")
            choice.addItem(KEPT_AS_PRINTED, None)
            for field in open_fields:
                choice.addItem(field.label, field.key)
            choice.setCurrentIndex(max(0, choice.findData(match.field)))
            choice.activated.connect(
                lambda _i, box=choice, at=match.address: self._remap(at, box.currentData())
            )
            self.mapping.setCellWidget(row, 2, choice)
            self.mapping.setItem(row, 3, QTableWidgetItem(self._examples(listing, match)))

    def field_box(self, row: int) -> QComboBox:
        """The choice of the field that a line of the mapping fills."""
        box = self.mapping.cellWidget(row, 2)
        if not isinstance(box, QComboBox):
            raise TypeError("a line of the mapping has no choice")
        return box

    def _examples(self, listing: Listing, match: Any) -> str:
        """The first cells under the head, as the file has them."""
        from app.intake.cells import cell_text

        sheet = listing.origin.sheet
        numbers = [row.number for row in listing.rows[:EXAMPLES]]
        return "　".join(
            cell_text(sheet.rows[n][match.column])
            for n in numbers
            if match.column < len(sheet.rows[n])
        )

    def _show_remarks(self, listing: Listing) -> None:
        fields = self.desk.book.ruleset.table(listing.table_id).fields
        lines = [f"× {fault}" for fault in listing.faults[:MOST_LINES]]
        if len(listing.faults) > MOST_LINES:
            lines.append(f"× 另有{len(listing.faults) - MOST_LINES}处读不出来")
        for total in listing.total_lines:
            lines.append(
                f"! {total.address} {total.label}：{fields[total.field].label}打印"
                f"{amount_text(total.printed)}，各笔之和{amount_text(total.summed)}，"
                f"相差{amount_text(total.difference)}"
            )
        lines += [f"· {note}" for note in listing.notes]
        if listing.faults:
            lines.insert(0, "有读不出来的地方，不能导入。请在清单里改正，或改变该栏填入的项目。")
        self.remarks.setPlainText("\n".join(lines) or "没有。")

    # ── taking in

    def take_in(self) -> None:
        """Adds the rows to the book, all of them or none."""
        listing = self.listing
        if listing is None or listing.faults:
            return
        book, by = self.desk.book, self.desk.by

        def work(progress: Progress) -> Any:
            from app.intake.importing import import_listing

            return import_listing(book, listing, by=by, progress=progress)

        self.import_button.setEnabled(False)
        job = self.worker.start("导入", work, lambda report: self._taken_in(listing, report))
        job.ended.connect(lambda: self.import_button.setEnabled(self.listing is not None))

    def _taken_in(self, listing: Listing, report: ImportReport) -> None:
        self.desk.rows_were_changed(listing.table_id)
        errors = sum(f.severity == "error" for f in report.findings)
        warnings = len(report.findings) - errors
        found = []
        if errors:
            found.append(f"{errors}处自相矛盾")
        if warnings:
            found.append(f"{warnings}处要核对")
        way_out = f"其中{'，'.join(found)}，见“问题”里的“{FILLED}”。" if found else "没有发现矛盾。"
        kind: Any = "warning" if found else "good"
        self.desk.messages.tell(f"已从{listing.file}导入{report.rows}笔。", way_out, kind=kind)
        self.accept()
        self.imported.emit(listing.table_id)

    def done(self, code: int, /) -> None:
        """Stops what is still being read."""
        self.worker.close()
        super().done(code)

"""The consolidated summary on the screen."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from app.forms.classes import FiveClass
from app.forms.values import amount_text, percent_text
from app.ui.desk import Desk
from app.ui.page import Page
from app.ui.simple_table import TextColumn, TextRow, TextTable

STAGES = (("按初分意见", "initial"), ("按系统建议", "suggested"))
UNION_STAGES = (("按初审意见", "reviewed"), ("按认定结果", "determined"))
CLASSIFIED, UNREVIEWED, LOSS, COUNT = 2, 9, 11, 12
CLASS_COLUMNS = {4 + place: five.value for place, five in enumerate(FiveClass)}
"""The columns whose figures lead to rows of one class."""
COLUMNS = (
    TextColumn("项目", 150, stretches=True, least=130),
    TextColumn("总账余额", 88, right=True),
    TextColumn("分类余额", 88, right=True),
    TextColumn("差额", 88, right=True),
    *(TextColumn(c.label, 84, right=True) for c in FiveClass),
    TextColumn("未分类", 84, right=True),
    TextColumn("不良率", 54, right=True, spare=2),
    TextColumn("预计损失", 84, right=True),
    TextColumn("笔数", 36, right=True, spare=1),
)


class SummaryPage(Page):
    """汇总与报表."""

    export_asked = Signal()
    figure_asked = Signal(object, str)
    """The rows behind a figure, and what it says."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "汇总与报表", "单位：元。数字全部来自各表，随时重算。")
        self.follow_rows()
        self.stage = QComboBox()
        self.stage.setAccessibleName("按哪一阶段的意见")
        for words, code in (*STAGES, *UNION_STAGES):
            self.stage.addItem(words, code)
        self.stage.currentIndexChanged.connect(lambda _index: self._show())
        self.stage.activated.connect(lambda _index: self._stay_with_stage())
        self._chosen = False
        self.button_row.addWidget(self.stage)
        self.export_button = self.add_action(
            "导出报表…", "把各表和汇总导出为 PDF 和 Excel 文件", self.export_asked
        )
        self.table = TextTable(self.look, "汇总表", COLUMNS, small=True)
        self.table.clicked.connect(lambda index: self.show_rows_of(index.row(), index.column()))
        self.table.opened.connect(lambda _key: self._open_current())
        self.body.addWidget(self.table, 1)

    def _stay_with_stage(self) -> None:
        """A stage that was chosen by hand stays."""
        self._chosen = True

    def renew(self) -> None:
        """Computes the summary again, at the stage that the period has reached."""
        from app.book.summary import furthest_stage

        if not self._chosen:
            self.stage.blockSignals(True)
            self.stage.setCurrentIndex(self.stage.findData(furthest_stage(self.desk.book)))
            self.stage.blockSignals(False)
        self._show()

    def _show(self) -> None:
        """Computes the summary, by SQL."""
        from app.book.summary import SummaryRow, consolidated_summary

        summary = consolidated_summary(self.desk.book, str(self.stage.currentData()))

        def texts(line: SummaryRow) -> tuple[str, ...]:
            return (
                f"{'　' * max(0, line.level - 1)}{line.title}",
                _amount(line.balance),
                _amount(line.classified),
                "轧差" if line.difference is None else _amount(line.difference),
                *(_amount(line.classes[c]) for c in FiveClass),
                _amount(line.unreviewed),
                percent_text(line.non_performing_ratio) if line.classified else "",
                _amount(line.expected_loss),
                str(line.count or ""),
            )

        self.table.show_rows(
            [TextRow(texts(line), line.key, bold=line.level <= 1) for line in summary.lines]
        )

    # ── what a figure is made of

    def _open_current(self) -> None:
        """Enter: the rows of the figure under the cursor, of the whole line where it is none."""
        index = self.table.currentIndex()
        column = index.column() if index.column() in CLASS_COLUMNS else COUNT
        self.show_rows_of(index.row(), column)

    def show_rows_of(self, place: int, column: int) -> None:
        """Looks up the rows behind a figure, in the worker."""
        from app.book.behind import UNREVIEWED as OPEN
        from app.book.behind import rows_behind

        line = self.table.lines.rows[place]
        known = column in CLASS_COLUMNS or column in (CLASSIFIED, UNREVIEWED, LOSS, COUNT)
        if not known or not line.texts[column]:
            return
        class_ = OPEN if column == UNREVIEWED else CLASS_COLUMNS.get(column, "")
        book, stage, key = self.desk.book, str(self.stage.currentData()), line.key
        what = COLUMNS[column].title if class_ else "全部"
        words = f"{line.texts[0].strip()}　{what}　{self.stage.currentText()}"
        self.desk.worker.start(
            "查明细",
            lambda _progress: rows_behind(book, stage, key, class_),
            lambda ids: self.figure_asked.emit(ids, words),
            quiet=True,
            owner=self,
        )


def _amount(amount: Decimal) -> str:
    return amount_text(amount) if amount else ""

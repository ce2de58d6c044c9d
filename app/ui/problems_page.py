"""Every problem of the period as a work list: jump to the field, keep a warning with a reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel

from app.book.types import UNKNOWN_SUBJECT
from app.ui.ask import ask_reason
from app.ui.desk import Desk
from app.ui.page import Page
from app.ui.problems_view import ProblemsView
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Finding

NOT_FILLED = "E001"
FILLED = "除去没有填写的"
FILTERS = (
    ("错误和警告", "open"),
    (FILLED, "filled"),
    ("只看错误", "error"),
    ("只看警告", "warning"),
    ("等会计确认", "unconfirmed"),
    ("已保留的警告", "kept"),
    ("全部", "all"),
)


def wanted(finding: Finding, only: str) -> bool:
    """Whether the filter lets a finding through."""
    match only:
        case "error" | "warning":
            return finding.severity == only and finding.open and not finding.unconfirmed
        case "kept":
            return finding.kept is not None
        case "unconfirmed":
            return finding.unconfirmed
        case "filled":
            return finding.open and not finding.unconfirmed and finding.code != NOT_FILLED
        case "open":
            return finding.open and not finding.unconfirmed
    return True


class ProblemsPage(Page):
    """问题."""

    finding_asked = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "问题", "错误要改正才能上报；警告核对后可以说明理由保留。")
        self.findings: list[Finding] = []
        self._sought: Collection[str] = ()
        self.filter = QComboBox()
        self.filter.setAccessibleName("看哪些问题")
        for words, code in FILTERS:
            self.filter.addItem(words, code)
        self.filter.currentIndexChanged.connect(lambda _index: self._show())
        self.button_row.addWidget(self.filter)
        self.check_button = self.add_action("重新检查", "Ctrl+F5", self.renew)
        self.count = QLabel()
        self.body.addWidget(self.count)
        self.view = ProblemsView(desk)
        self.view.doubleClicked.connect(lambda _index: self.go())
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._show_buttons())
        self.body.addWidget(self.view, 1)
        self.detail = QLabel()
        self.detail.setWordWrap(True)
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        self.detail.setMinimumHeight(2 * self.detail.fontMetrics().lineSpacing())
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self.detail)
        foot = QHBoxLayout()
        self.go_button = self.add_action("去改", "到这一项（Enter）", self.go, main=True)
        self.keep_button = self.add_action("保留并说明…", "说明理由，保留这个警告", self.ask_keep)
        self.unkeep_button = self.add_action("收回保留", "重新当作警告", self.unkeep)
        self.subject_button = self.add_action(
            "列入科目表…", "本社账上确有这个科目的，列入科目表", self.ask_subject
        )
        buttons = (self.go_button, self.keep_button, self.unkeep_button, self.subject_button)
        for button in buttons:
            self.button_row.removeWidget(button)
            foot.addWidget(button)
        foot.addStretch(1)
        self.body.addLayout(foot)
        self._show_buttons()

    def renew(self) -> None:
        """Checks the whole book; a large one takes a moment, so not in the window's thread."""
        book = self.desk.book
        self.count.setText("正在检查…")
        self.desk.worker.start("检查全部", lambda p: checked(book, p), self._checked, quiet=True)

    def focus_first(self) -> None:
        """The list, also while it is still being made."""
        self.view.setFocus()

    def seek(self, ids: Collection[str]) -> None:
        """Marks the first of these once the check that showing began is done.

        They are not about what is not filled, which would bury them.
        """
        self._sought = ids
        self.filter.setCurrentIndex(self.filter.findText(FILLED))
        self.view.setFocus()

    def _checked(self, findings: list[Finding]) -> None:
        if self.desk.has_book:
            self.findings = findings
            self._show(stay=True)
            self._sought = ()

    def _show(self, *, stay: bool = False) -> None:
        """Staying, the next stands in the place of the one that was just dealt with."""
        only = str(self.filter.currentData())
        chosen, before = self.view.current(), self.view.currentIndex().row() if stay else 0
        sought = self._sought or ((chosen.id,) if chosen else ())
        shown = [f for f in self.findings if wanted(f, only)]
        self.view.lines.show_findings(shown)
        waiting = sum(f.unconfirmed for f in self.findings)
        errors = sum(f.severity == "error" for f in self.findings) - waiting
        warnings = sum(f.severity == "warning" and f.open for f in self.findings)
        kept = sum(f.kept is not None for f in self.findings)
        words = f"{errors}个错误，{warnings}个警告" + (f"，已保留{kept}个" if kept else "")
        words += f"，{waiting}笔等会计确认" if waiting else ""
        self.count.setText(words if errors or warnings else f"没有要处理的问题。{words}")
        if shown:
            gone = min(max(before, 0), len(shown) - 1)
            place = next((n for n, f in enumerate(shown) if f.id in sought), gone)
            self.view.selectRow(place)
            self.view.scrollTo(self.view.lines.index(place, 0))
        self._show_buttons()

    def _show_buttons(self) -> None:
        finding = self.view.current()
        warning = finding is not None and finding.severity == "warning"
        kept = finding is not None and finding.kept is not None
        self.detail.setText(f"{finding.message}{finding.way_out}" if finding else "")
        self.go_button.setEnabled(finding is not None)
        self.keep_button.setEnabled(warning and not kept)
        self.unkeep_button.setVisible(kept)
        self.subject_button.setVisible(finding is not None and finding.code == UNKNOWN_SUBJECT)

    def go(self) -> None:
        """Goes to the field of the chosen problem."""
        finding = self.view.current()
        if finding is not None:
            self.finding_asked.emit(finding)

    def ask_subject(self) -> None:
        """Opens the chart for the subject that it does not know."""
        finding = self.view.current()
        if finding is not None:
            code = self.desk.book.row(finding.row_id).values.get(finding.field)
            self.desk.subject_asked.emit(str(code or ""), finding.table_id)

    def ask_keep(self) -> None:
        """Asks why the warning is kept."""
        finding = self.view.current()
        if finding is None or not self.desk.need_person():
            return
        from app.book.kept import REASONS

        ask_reason(
            self,
            self.look,
            title="保留警告",
            text=finding.message,
            reasons=REASONS,
            then=lambda reason, note: self.keep(finding, reason, note),
        )

    def keep(self, finding: Finding, reason: str, note: str) -> None:
        """Keeps a warning with its reason."""
        with self.desk.messages.guarded() as guard:
            self.desk.book.keep(finding.id, reason, by=self.desk.by, note=note)
        if guard.ok:
            self.desk.rows_were_changed(finding.table_id)
            self.renew()

    def unkeep(self) -> None:
        """Takes a kept warning back."""
        finding = self.view.current()
        if finding is None:
            return
        with self.desk.messages.guarded() as guard:
            self.desk.book.unkeep(finding.id, by=self.desk.by)
        if guard.ok:
            self.desk.rows_were_changed(finding.table_id)
            self.renew()


def checked(book: Book, progress: Progress) -> list[Finding]:
    """Every problem of the book."""
    from app.book.checks import check_book

    progress.check()
    return check_book(book)

"""Every problem of the period as a work list: jump to the field, keep a warning with a reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QLabel

from app.book.types import UNKNOWN_SUBJECT
from app.forms.results import UNANSWERED
from app.ui.ask import ask_reason
from app.ui.desk import Desk
from app.ui.navigation import BIG_LOSS_TABLE
from app.ui.page import Page
from app.ui.problems_view import ProblemsView, why_not_kept
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Finding

LOW = 400
"""Below this height, at 100%, the line of explanation is spared."""
KEEP_ONE = "保留并说明…"
FILL_SAME = "一起填…"
MOST_NAMED = 5
WHY_DIFFERENT = "请写明原因：差在哪里、查了什么、什么时候调整"
NOTHING_KEPT = "一个也没有保留。"
FILLED = "除去没有填写的"
ORDER = ("error", "warning", "hint")
"""What blocks sealing stands above what may be kept, and what blocks nothing below both."""
FILTERS = (
    ("要处理的", "open"),
    (FILLED, "filled"),
    ("只看错误", "error"),
    ("只看警告", "warning"),
    ("只看提示", "hint"),
    ("等会计确认", "unconfirmed"),
    ("已保留的警告", "kept"),
    ("全部", "all"),
)


def wanted(finding: Finding, only: str) -> bool:
    """Whether the filter lets a finding through."""
    match only:
        case "error" | "warning":
            return finding.severity == only and finding.open and not finding.unconfirmed
        case "hint":
            return finding.severity == "hint"
        case "kept":
            return finding.kept is not None
        case "unconfirmed":
            return finding.unconfirmed
        case "filled":
            return _to_do(finding) and finding.code != UNANSWERED
        case "open":
            return _to_do(finding)
    return True


def _to_do(finding: Finding) -> bool:
    return (finding.open and not finding.unconfirmed) or finding.severity == "hint"


class ProblemsPage(Page):
    """问题."""

    finding_asked = Signal(object)
    fill_asked = Signal(str, tuple, str)
    """Table, ids of rows, and the field that is to be filled for all of them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk, "问题", "错误要改正才能上报；警告要核对，可以说明理由保留；提示再看一看就行。"
        )
        self.findings: list[Finding] = []
        self._sought: Collection[str] = ()
        self._for_now = False
        """Whether the filter was set from elsewhere, for this visit."""
        self._moves_on = False
        self.pause = QTimer(self)
        """How long an Enter still belongs to the dialog that was just closed with one."""
        self.pause.setSingleShot(True)
        self.pause.setInterval(QApplication.doubleClickInterval())
        self.pause.timeout.connect(self._settle)
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
        self.view.entered_on.connect(self._go_on)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._show_buttons())
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._show_buttons())
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
        self.keep_button = self.add_action(
            KEEP_ONE, "说明理由，保留选中的警告（F7）", self.ask_keep
        )
        self.same_button = self.add_action(
            "选中同样的", "选中清单里和这一个同样的警告（Ctrl+A）", self.choose_same
        )
        self.fill_button = self.add_action(
            FILL_SAME, "给清单里缺同一项、错同一项的各笔一起填（Ctrl+M）", self.ask_fill
        )
        self.unkeep_button = self.add_action("收回保留", "重新当作警告", self.unkeep)
        self.subject_button = self.add_action(
            "列入科目表…", "本社账上确有这个科目的，列入科目表", self.ask_subject
        )
        buttons = (self.go_button, self.fill_button, self.keep_button, self.same_button)
        for button in (*buttons, self.unkeep_button, self.subject_button):
            self.button_row.removeWidget(button)
            foot.addWidget(button)
        foot.addStretch(1)
        self.body.addLayout(foot)
        self.follow_rows()
        self._show_buttons()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Where the page is low, the list needs the room of what explains it and stands around."""
        super().resizeEvent(event)
        px, low = self.look.px, event.size().height() < self.look.px(LOW)
        self.about.setVisible(not low)
        above = px(6 if low else 16)
        self.body.setContentsMargins(px(24), above, px(24), above)
        self.body.setSpacing(px(4 if low else 10))

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
        self.show_only("filled")

    def show_only(self, only: str) -> None:
        """Sets the filter until the page is left."""
        self.filter.setCurrentIndex(self.filter.findData(only))
        self._for_now = True
        self.view.setFocus()

    def hideEvent(self, event: QHideEvent, /) -> None:
        """What was asked for from elsewhere is not what the next visit is about."""
        super().hideEvent(event)
        if self._for_now and not event.spontaneous():
            self._for_now = False
            self.filter.setCurrentIndex(0)

    def _checked(self, findings: list[Finding]) -> None:
        if self.desk.has_book:
            self.findings = findings
            self._show(stay=True)
            self._sought = ()
            if self._moves_on:
                self.pause.start()  # only now does the next one stand where the kept one stood

    def _show(self, *, stay: bool = False) -> None:
        """Staying, the next stands in the place of the first that was just dealt with."""
        only = str(self.filter.currentData())
        chosen, current = [one.id for one in self.view.chosen()], self.view.current()
        before = min(self.view.chosen_places(), default=self.view.currentIndex().row())
        shown = [f for f in self.findings if wanted(f, only)]
        shown.sort(key=_urgency)
        self.view.lines.show_findings(shown)
        self.count.setText(_counted(self.findings))
        if shown:
            gone = min(max(before, 0) if stay else 0, len(shown) - 1)
            wanted_ids = set(self._sought or chosen)
            places = [n for n, f in enumerate(shown) if f.id in wanted_ids] or [gone]
            places = places[:1] if self._sought else places
            here = next((n for n in places if current and shown[n].id == current.id), places[0])
            self.view.choose(places, here)
        self._show_buttons()

    def _show_buttons(self) -> None:
        finding, chosen = self.view.current(), self.view.chosen()
        one = chosen[0] if len(chosen) == 1 else None
        refused = why_not_kept(chosen)
        self.detail.setText(f"{one.message}{one.way_out}" if one else refused or _together(chosen))
        self.go_button.setEnabled(finding is not None)
        self.keep_button.setEnabled(bool(chosen) and not refused)
        many = len(chosen) > 1 and not refused
        self.keep_button.setText(f"保留这{len(chosen)}个并说明…" if many else KEEP_ONE)
        self.unkeep_button.setVisible(one is not None and one.kept is not None)
        self.subject_button.setVisible(one is not None and one.code == UNKNOWN_SUBJECT)
        self._show_same(finding)
        count = len(self._fillable())
        self.fill_button.setVisible(count > 1)
        self.fill_button.setText(f"这一项{count}笔一起填…")

    def _fillable(self) -> list[Finding]:
        """What can be filled together with the present one; rows of table 2 are none."""
        from app.book.bulk import DIFFERS
        from app.book.filling import fields_for_many

        alike = self.view.alike()
        table = self.desk.book.ruleset.tables.get(alike[0].table_id) if alike else None
        if table is None or table.id == BIG_LOSS_TABLE or self.desk.book.period.state != "open":
            return []
        keys = {field.key for field in fields_for_many(table)}.difference(DIFFERS)
        return alike if alike[0].field in keys else []

    def ask_fill(self) -> None:
        """Goes to the rows that lack or miss the same field, to fill it for all of them."""
        alike = self._fillable()
        if len(alike) < 2:
            self.desk.messages.tell("没有别的几笔和这一个问题在同一项上。", "按 Enter 去改这一笔。")
        elif self.desk.need_person():
            ids = tuple(dict.fromkeys(one.row_id for one in alike))
            self.fill_asked.emit(alike[0].table_id, ids, alike[0].field)

    def _show_same(self, finding: Finding | None) -> None:
        """More than one warning of the present one's check: they can be chosen together."""
        may = finding is not None and finding.severity == "warning" and finding.kept is None
        count = len(self.view.same()) if may else 0
        self.same_button.setVisible(count > 1)
        self.same_button.setText(f"选中同样的{count}个")

    def choose_same(self) -> None:
        """Chooses every warning of the list that is like the present one."""
        self.view.choose_same()
        self.view.setFocus()

    def go(self) -> None:
        """Goes to the field of the chosen problem."""
        finding = self.view.current()
        if finding is not None:
            self.finding_asked.emit(finding)

    def _go_on(self) -> None:
        """Enter in the list; one too many behind a reason must not open what has moved up."""
        if not self._moves_on:
            self.go()

    def _settle(self) -> None:
        self._moves_on = False

    def ask_subject(self) -> None:
        """Opens the chart for the subject that it does not know."""
        finding = self.view.current()
        if finding is not None:
            code = self.desk.book.row(finding.row_id).values.get(finding.field)
            self.desk.subject_asked.emit(str(code or ""), finding.table_id)

    def ask_keep(self) -> None:
        """Asks why the chosen warnings are kept: one, or several of one check."""
        chosen = self.view.chosen()
        refused = why_not_kept(chosen)
        if refused:
            self.desk.messages.tell(refused)
        if refused or not chosen or not self.desk.need_person():
            return
        from app.book.kept import LEDGER_REASONS, REASONS
        from app.book.ledger import CODES

        sums = chosen[0].code in CODES
        many = len(chosen) > 1
        ask_reason(
            self,
            self.look,
            title=f"保留{len(chosen)}个警告" if many else "保留警告",
            text=self._asked_about(chosen) if many else chosen[0].message,
            reasons=LEDGER_REASONS if sums else REASONS,
            then=lambda reason, note: self.keep(chosen, reason, note),
            needs_note=WHY_DIFFERENT if sums else "",
        )

    def _asked_about(self, chosen: Sequence[Finding]) -> str:
        names = list(dict.fromkeys(filter(None, map(self.view.lines.name, chosen))))
        if not names:  # of sums: each is another one
            told = [one.message for one in chosen[:MOST_NAMED]]
            rest = len(chosen) - len(told)
            return "\n".join([*told, *([f"还有{rest}个同样的。"] if rest else [])])
        more = "等" if len(names) > MOST_NAMED else ""
        listed = f"：{'、'.join(names[:MOST_NAMED])}{more}" if names else ""
        return (
            f"{len(chosen)}个同样的警告，每一个都记下这个理由{listed}。\n例如：{chosen[0].message}"
        )

    def keep(self, chosen: Sequence[Finding], reason: str, note: str) -> None:
        """Keeps warnings of one check with their reason; many take a moment."""
        book, by = self.desk.book, self.desk.by
        ids = [one.id for one in chosen]

        def work(progress: Progress) -> int:
            from app.book.checks import keep_many

            return len(keep_many(book, ids, reason, by=by, note=note, progress=progress))

        one = len(ids) == 1  # over before a bar could be read
        self._moves_on = True
        job = self.desk.worker.start(
            "保留警告", work, self._kept, undone=NOTHING_KEPT, owner=self, quiet=one
        )
        job.ended.connect(self.pause.start)

    def _kept(self, count: int) -> None:
        if count > 1:
            self.desk.messages.tell(
                f"已保留{count}个警告，理由都记下了。", "要收回，按 Ctrl+Z。", kind="good"
            )
        else:
            self.desk.messages.clear()  # what is told of those before is not about this one
        self.desk.rows_were_changed()

    def unkeep(self) -> None:
        """Takes a kept warning back."""
        finding = next(iter(self.view.chosen()), None)
        if finding is None:
            return
        with self.desk.messages.guarded() as guard:
            self.desk.book.unkeep(finding.id, by=self.desk.by)
        if guard.ok:
            self.desk.rows_were_changed(finding.table_id)


def _urgency(finding: Finding) -> tuple[int, bool]:
    """What blocks first; of the hints those that may change a class or contradict themselves."""
    from app.intake.hints import UNEVEN, UNFILLED

    mild = finding.severity == "hint" and finding.code not in (UNFILLED, UNEVEN)
    return ORDER.index(finding.severity), mild


def _counted(findings: Sequence[Finding]) -> str:
    """How many there are of each kind."""
    waiting = sum(f.unconfirmed for f in findings)
    errors = sum(f.severity == "error" for f in findings) - waiting
    warnings = sum(f.severity == "warning" and f.open for f in findings)
    kept = sum(f.kept is not None for f in findings)
    hints = sum(f.severity == "hint" for f in findings)
    words = f"{errors}个错误，{warnings}个警告" + (f"，已保留{kept}个" if kept else "")
    words += f"，{hints}处提示" if hints else ""
    words += f"，{waiting}笔等会计确认" if waiting else ""
    return words if errors or warnings else f"没有必须处理的问题。{words}"


def _together(chosen: Sequence[Finding]) -> str:
    """What can be done with several warnings of one check."""
    count = len(chosen)
    return f"选中{count}个同样的警告；都核对过的，可以用一个理由一起保留（F7）。" if count else ""


def checked(book: Book, progress: Progress) -> list[Finding]:
    """Every problem of the book."""
    from app.book.checks import check_book
    from app.intake.hints import hint_findings

    progress.check()
    return [*check_book(book), *hint_findings(book.store)]

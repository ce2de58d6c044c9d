"""账务核对: the general ledger against the rows, subject by subject."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QTabWidget, QVBoxLayout, QWidget

from app.forms.values import amount_text
from app.ui.desk import Desk
from app.ui.page import Page
from app.ui.sign_line import soft_label
from app.ui.simple_table import TextColumn, TextRow, TextTable

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.clues import Clue
    from app.book.ledger import Tie
    from app.book.types import CheckLine, Finding

COLUMNS = (
    TextColumn("核对", 100),
    TextColumn("科目", 56),
    TextColumn("名称", 110, stretches=True),
    TextColumn("认定表", 64, spare=2),
    TextColumn("笔数", 56, right=True, spare=1),
    TextColumn("总账余额", 130, right=True, spare=4),
    TextColumn("各笔合计", 130, right=True, spare=3),
    TextColumn("差额", 120, right=True),
)
"""The difference is what the page is about: it is in sight however little room there is."""


CHECK_COLUMNS = (
    TextColumn("关系表达式", 240, stretches=True),
    TextColumn("校验类别", 76, spare=1),
    TextColumn("校验结果", 76),
    TextColumn("左值", 124, right=True, spare=3),
    TextColumn("右值", 124, right=True, spare=2),
    TextColumn("差值", 112, right=True),
)


CLUE_COLUMNS = (
    TextColumn("认定表", 64, spare=1),
    TextColumn("资产名称", 170),
    TextColumn("金额", 124, right=True, spare=2),
    TextColumn("可能的原因", 330, stretches=True),
)


class ReconciliationPage(Page):
    """Every subject with a balance or rows."""

    import_asked = Signal()
    balance_asked = Signal(str)
    table_asked = Signal(str)
    row_asked = Signal(str, str)
    """Table and id of a row."""
    rows_asked = Signal(str, str, str)
    """Table, filter and its words."""
    problems_asked = Signal(object)
    """Ids that the problem of the chosen subject may have."""
    subjects_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            "账务核对",
            "总账余额与各笔合计要一致。选一个科目，下面列出可能的原因；回车看它的各笔。",
            scrolls=True,
        )
        self._ties: list[Tie] = []
        self._at: dict[str, Finding | None] = {}
        """What is found at each subject."""
        self.follow_rows()
        self.subjects_button = self.add_action(
            "科目表…", "看科目属于哪张认定表；列入本社另有的科目", self.subjects_asked
        )
        self.add_action("登记余额…", "手工登记或更正一个科目的余额", self._ask_balance)
        self.import_button = self.add_action(
            "导入余额…", "从科目余额表导入", self.import_asked, main=True
        )
        self.state = soft_label()
        self.body.addWidget(self.state)
        self.table = TextTable(self.look, "账务核对", COLUMNS)
        self.table.opened.connect(self._ask_rows)
        self.table.selectionModel().currentChanged.connect(lambda _now, _then: self._explain())
        self.checks = TextTable(self.look, "校验清单", CHECK_COLUMNS)
        self.checks.opened.connect(self.table_asked)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.tabBar().setAccessibleName("核对的几个方面")
        tabs.addTab(self._subjects(), "科目核对")
        tabs.addTab(self.checks, "校验清单")
        self.body.addWidget(tabs, 1)
        self.problems_button = self.add_action(
            "说明差额…", "到“问题”里说明理由，保留差额", self._ask_problem
        )

    def _subjects(self) -> QWidget:
        """The subjects above, below the rows that may explain the difference of the chosen one."""
        px = self.look.px
        box = QFrame()
        box.setProperty("surface", "paper")
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, px(6), 0, 0)
        layout.setSpacing(px(6))
        self.why = soft_label()
        self.why.setAccessibleName("差额的可能原因")
        self.clues = TextTable(self.look, "可能造成差额的各笔", CLUE_COLUMNS)
        self.clues.opened.connect(self._open_clue)
        layout.addWidget(self.table, 3)
        layout.addWidget(self.why)
        layout.addWidget(self.clues, 2)
        for table in (self.table, self.clues):
            # A few rows are enough to ask for; more where there is room.
            table.setMinimumHeight(px(96))
            table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        return box

    # ── the rows behind a difference

    def _tie(self) -> Tie | None:
        place = self.table.currentIndex().row()
        return self._ties[place] if 0 <= place < len(self._ties) else None

    def _ask_rows(self, _key: str) -> None:
        tie = self._tie()
        if tie is None or not tie.subject.table:
            return
        subject = tie.subject
        if subject.side == "credit":
            self.table_asked.emit(subject.table)
        elif not tie.count:  # a list of nothing would lead nowhere
            self.table_asked.emit(subject.table)
            self.desk.new_row.wanted_subject = subject.code
            self.desk.messages.tell(
                f"{subject.code} {subject.name}还没有登记，总账余额{amount_text(tie.ledger)}元。",
                "请点“新增”逐笔登记，或点“导入”取清单。",
            )
        else:
            from app.book.lists import OF_SUBJECT

            words = f"科目{subject.code}"
            self.rows_asked.emit(subject.table, f"{OF_SUBJECT}{subject.code}", words)

    def _explain(self) -> None:
        """Looks in the worker for rows that may explain the difference of the chosen subject."""
        tie = self._tie()
        wanted = tie is not None and tie.ledger != tie.rows
        self.clues.setVisible(wanted)
        self.why.setVisible(wanted)
        if tie is None or not wanted:
            return
        self.clues.show_rows([])
        finding = self._at.get(tie.subject.code)
        if finding is not None and finding.kept is not None:
            kept = "，".join(filter(None, (finding.kept.reason, finding.kept.note)))
            self.clues.setVisible(False)
            self.why.setText(f"{_gap_words(tie)}已说明：{kept.rstrip('。')}。")
            return
        self.why.setText(f"{tie.subject.code} {tie.subject.name}：正在找可能的原因…")
        store = self.desk.book.store

        def work(_progress: object) -> tuple[Tie, list[Clue]]:
            from app.book.clues import clues

            return tie, clues(store, tie)

        self.desk.worker.start("找差额的原因", work, self._show_clues, quiet=True)

    def _show_clues(self, found: tuple[Tie, list[Clue]]) -> None:
        tie, clues = found
        finding = self._at.get(tie.subject.code)
        if tie != self._tie() or (finding is not None and finding.kept is not None):
            return
        self.clues.show_rows([_clue_row(clue) for clue in clues])
        self.clues.setVisible(bool(clues))
        self.why.setText(_why(tie, len(clues)))

    def _open_clue(self, key: str) -> None:
        table_id, _, row_id = key.partition(" ")
        self.row_asked.emit(table_id, row_id)

    def _ask_problem(self) -> None:
        tie = self._tie()
        self.problems_asked.emit(_finding_names(tie) if tie else ())

    def _ask_balance(self) -> None:
        place = self.table.currentIndex().row()
        rows = self.table.lines.rows
        self.balance_asked.emit(rows[place].texts[1] if 0 <= place < len(rows) else "")

    def renew(self) -> None:
        """Compares again."""
        from app.book.ledger import ties

        book = self.desk.book
        found = ties(book.store)
        self._ties = found
        warned = self._warned()
        at = self._at = {tie.subject.code: _finding_of(tie, warned) for tie in found}
        self.table.show_rows([self._row(tie, at[tie.subject.code]) for tie in found])
        self._choose_first(found)
        # The same findings as in the badge of the page and on the overview's line.
        opened = sum(finding.open for finding in warned.values())
        count = sum(map(_is_open, at.values()))
        untaken = sum(not tie.count and _is_open(at[tie.subject.code]) for tie in found)
        waiting = sum(_waits(tie) for tie in found)
        self.problems_button.setVisible(bool(opened))
        if found:
            said = _difference_words(count, untaken, waiting)
            self.state.setText(_state_words(len(found), said, waiting, opened - count, book))
        else:
            self.state.setText("还没有总账余额。请从核心系统打印基准日的科目余额表，导入后核对。")
        self.desk.worker.start("校验", lambda _p: checked(book), self._show_checks, quiet=True)

    def focus_first(self) -> None:
        """The subjects; where there are none yet, importing them."""
        (self.table if self._ties else self.import_button).setFocus()

    def _choose_first(self, found: list[Tie]) -> None:
        """The first difference is looked into at once; what was chosen stays chosen."""
        if self._tie() is None:
            first = next((n for n, tie in enumerate(found) if tie.ledger != tie.rows), -1)
            if first >= 0:
                self.table.selectRow(first)
        self._explain()

    def _show_checks(self, lines: list[CheckLine]) -> None:
        """The check list (校验清单): every relation, whether it holds or not."""
        self.checks.show_rows([_check_row(line) for line in lines])

    def _warned(self) -> dict[str, Finding]:
        """What is found at the ledger, by its id, with the reason it is kept for."""
        from app.book.checks import with_kept
        from app.book.ledger import findings

        store = self.desk.book.store
        return {finding.id: finding for finding in with_kept(store, findings(store))}

    def _row(self, tie: Tie, finding: Finding | None) -> TextRow:
        difference = tie.ledger - tie.rows
        reason = finding.kept.reason if finding is not None and finding.kept else None
        if _waits(tie):
            sign, word = "info", "等待登记"
        elif finding is None:
            sign, word = "good", "一致"
        elif reason is not None:
            sign, word = "good", "已说明"
        elif not tie.count:
            sign, word = "warning", "还没有登记"
        else:
            sign, word = "warning", "不一致"
        subject = tie.subject
        texts = (
            word,
            subject.code,
            subject.name,
            subject.table or "—",
            str(tie.count),
            amount_text(tie.ledger),
            amount_text(tie.rows),
            _difference(difference),
        )
        return TextRow(texts, subject.table, sign=sign, tip=reason or "")


def _finding_names(tie: Tie) -> tuple[str, str]:
    """The ids under which a difference of the subject is found."""
    from app.book.finding_ids import finding_id

    code = tie.subject.code
    return finding_id("W005", code, tie.subject.tie_field), finding_id("W008", code, "")


def _finding_of(tie: Tie, warned: Mapping[str, Finding]) -> Finding | None:
    """What is found at the subject; none where it agrees, or is not asked for yet."""
    return next((warned[name] for name in _finding_names(tie) if name in warned), None)


def _waits(tie: Tie) -> bool:
    """A counter-account whose table has no rows yet: the assets' own subject asks for them."""
    return tie.subject.side == "credit" and not tie.count


def _is_open(finding: Finding | None) -> bool:
    return finding is not None and finding.open


def _difference_words(count: int, untaken: int, waiting: int) -> str:
    """How many subjects differ, and how many of these only because nothing is entered yet."""
    if not count:
        return "" if waiting else "全部核对过"
    parts = ((count - untaken, "{}个不一致"), (untaken, "{}个还没有登记"))
    return "，".join(words.format(number) for number, words in parts if number)


def _state_words(subjects: int, said: str, waiting: int, others: int, book: Book) -> str:
    """How far the ledger agrees, and what else is found there."""
    rest = f"{waiting}个等所在的表登记后再核对" if waiting else ""
    more = f"另有{others}个账务警告，见“问题”。" if others else ""
    told = "，".join(filter(None, (f"{subjects}个科目", said, rest)))
    return f"{told}。{more}{_netted(book)}"


def _why(tie: Tie, count: int) -> str:
    """What the difference is, and where to look."""
    told = _gap_words(tie)
    if not tie.ledger:
        return f"{told}总账里没有这个科目的余额。请核对余额表，或看各笔的科目是否登错。"
    if count:
        return f"{told}下面{count}笔可能是原因，回车打开："
    return f"{told}没有找到像是原因的一笔。请对照总账明细逐笔核对，或导入清单补登。"


def _gap_words(tie: Tie) -> str:
    gap = tie.ledger - tie.rows
    less_or_more = "少" if gap > 0 else "多"
    name = f"{tie.subject.code} {tie.subject.name}"
    return f"{name}：各笔比总账{less_or_more}{amount_text(abs(gap))}元。"


def _clue_row(clue: Clue) -> TextRow:
    amount = "" if clue.amount is None else amount_text(clue.amount)
    texts = (clue.table_id, clue.name or clue.row_id, amount, clue.why)
    return TextRow(texts, f"{clue.table_id} {clue.row_id}")


def _netted(book: Book) -> str:
    """Which balances are not compared, and why: they were netted before they were reported."""
    chart = book.chart()
    given = [chart[b.subject] for b in book.balances() if b.subject in chart]
    names = "、".join(f"{subject.code} {subject.name}" for subject in given if subject.netting)
    return f"{names}报的是轧差后的数，不在这里核对。" if names else ""


def checked(book: Book) -> list[CheckLine]:
    """Every relation of sums, computed again."""
    from app.book.checks import check_list

    return check_list(book)


def _check_row(line: CheckLine) -> TextRow:
    texts = (
        line.relation,
        line.category,
        "相符" if line.holds else "不符",
        amount_text(line.left),
        amount_text(line.right),
        _difference(line.difference),
    )
    return TextRow(texts, line.table_id, sign="good" if line.holds else "warning")


def _difference(difference: Decimal) -> str:
    return amount_text(difference) if difference else ""

"""上报: what still blocks sealing, sealing and exporting, opening again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui import remembered
from app.ui.ask import ask, ask_text
from app.ui.before_sealing import (
    BeforeSealing,
    hints_told,
    look_before_sealing,
    uneven_told,
    unproven_told,
    untold_told,
)
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.flow_layout import FlowLayout
from app.ui.page import Page
from app.ui.places import start_in
from app.ui.room import form_layout
from app.ui.sign_line import SignLine, soft_label
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.book.readiness import Readiness
    from app.ui.preview_dialog import PreviewDialog


OPEN = "封印以后，表、底稿和上报包一次做成，内容不能再改。"
CHANGE_PERSON = "换人…"
SEALED = "内容已经封印，只能看；要改，先重新打开本期，改完再封印，封印码会不同。"

THERE_ALREADY = "文件夹里已经有上报包：同名的文件会换成这一次的。要留着的，先取消，换一个文件夹。"


class SubmitPage(Page):
    """The last step of the campaign at the office."""

    problems_asked = Signal(str)
    """The list of problems, with one of its filters."""
    key_asked = Signal()
    people_asked = Signal()
    person_asked = Signal()
    """Somebody else is to work on: the choice of persons is opened where it always is."""
    ledger_asked = Signal()
    exclusive = Signal(bool)
    """True while nothing may be changed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "上报", OPEN, scrolls=True)
        self._is_checking = False
        self.state: BeforeSealing | None = None
        self._looked = False
        self.card = QFrame()
        self.card.setProperty("surface", "card")
        self._lines = QVBoxLayout(self.card)
        px = self.look.px
        self._lines.setContentsMargins(px(16), px(12), px(16), px(12))
        self._lines.setSpacing(px(8))
        self.body.addWidget(self.card)
        self.body.addWidget(self._form())
        self.body.addWidget(self._result())
        self.body.addStretch(1)
        self.follow_rows()
        # A method of the page, not a lambda: Qt lets go of it when the book is closed.
        self.desk.saved.connect(self._saved)

    # ── building

    def _form(self) -> QWidget:
        self.form = QWidget()
        form = form_layout(self.look, self.form)
        self.folder = QLineEdit()
        self.folder.setAccessibleName("放在文件夹")
        browse = push_button("选择…")
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.setSpacing(self.look.px(6))
        row.addWidget(self.folder, 1)
        row.addWidget(browse)
        form.addRow("放在文件夹", row)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName("密钥口令")
        self.passphrase.setMaximumWidth(self.look.px(320))
        self.passphrase.returnPressed.connect(self.seal)
        form.addRow("密钥口令", self.passphrase)
        buttons = FlowLayout(None, self.look.px(8))
        self.seal_button = push_button("封印并导出", main=True)
        self.seal_button.clicked.connect(self.seal)
        buttons.addWidget(self.seal_button)
        self.preview_button = push_button("预览和打印…", "封印以前看每一张表，打印草稿")
        self.preview_button.clicked.connect(self.preview)
        buttons.addWidget(self.preview_button)
        self.stamp_button = push_button("印章图片…", "看或换表上盖的章")
        self.stamp_button.clicked.connect(self.key_asked)
        buttons.addWidget(self.stamp_button)
        form.addRow("", buttons)
        return self.form

    def _result(self) -> QWidget:
        self.result = QWidget()
        layout = FlowLayout(self.result, self.look.px(8))
        self.open_button = push_button("打开文件夹")
        self.open_button.clicked.connect(self._open_folder)
        self.look_button = push_button("查看和打印…", "看导出的每一张表，打印")
        self.look_button.clicked.connect(self.look_at_exported)
        self.reopen_button = push_button("重新打开本期…")
        self.reopen_button.setToolTip("要改已封印的内容时用；以后的上报包是新的一版")
        self.reopen_button.clicked.connect(self._ask_reopen)
        layout.addWidget(self.open_button)
        layout.addWidget(self.look_button)
        layout.addWidget(self.reopen_button)
        return self.result

    # ── state

    def renew(self) -> None:
        """Checks what blocks sealing."""
        book = self.desk.book
        if not self.folder.text():
            day = book.period.base_date.isoformat()
            self.folder.setText(str(remembered.export_folder(self.desk.settings, book.path, day)))
        sealed = book.period.state == "sealed"
        self.about.setText(SEALED if sealed else OPEN)
        self.form.setVisible(not sealed)
        self.result.setVisible(sealed)
        if sealed:
            self._show_sealed()
            return
        self.preview_button.setEnabled(bool(self.desk.tally.rows) or book.row_count(None) > 0)
        self._is_checking = True
        self._show_lines([("info", "正在检查…", "", None)])
        self.seal_button.setEnabled(False)
        job = self.desk.worker.start(
            "检查全部", lambda p: look_before_sealing(book, p), self._checked, quiet=True
        )
        job.ended.connect(self._check_ended)

    def _check_ended(self) -> None:
        self._is_checking = False  # also where it has failed

    def _checked(self, found: BeforeSealing) -> None:
        if not self.desk.has_book or self.desk.book.period.state == "sealed":
            return
        self._is_checking = False
        self.state, state = found, found.readiness
        ready = state.allows(self.desk.by)
        words = f"{state.rows}笔资产全部填好、确认，可以封印上报。"
        lines = [("good", words, "", None)] if ready else self._blockers(state)
        lines += self._hint_lines(found) + self._ledger_lines(state)
        if found.unproven:
            lines.append(("info", unproven_told(found.unproven), "", None))
        self._show_lines(lines)
        self.seal_button.setEnabled(ready)
        self.focus_if_resting()

    def _blockers(self, state: Readiness) -> list[tuple[str, str, str, Any]]:
        lines: list[tuple[str, str, str, Any]] = []
        if not state.rows:
            lines.append(("warning", "这一期还没有资产。", "", None))
        for kind, words, found in (
            ("error", "{}个错误要改正。", state.errors),
            ("warning", "{}个警告要核对，改正或说明理由保留。", state.warnings),
        ):
            if found:
                text = words.format(len(found))
                lines.append((kind, text, "去处理", lambda: self.problems_asked.emit("open")))
        if state.unconfirmed:
            lines.append(self._confirm_line(len(state.unconfirmed)))
        if not state.has_key:
            lines.append(("warning", "本社还没有密钥，不能签名。", "生成密钥", self.key_asked.emit))
        return lines + self._sealer_lines(state.sealers)

    def _hint_lines(self, found: BeforeSealing) -> list[tuple[str, str, str, Any]]:
        """Nothing that blocks either: the words of a remark are nobody's standard."""
        told = []
        if found.untold:
            told.append(("warning", untold_told(found.untold)))
        if found.uneven:
            told.append(("warning", uneven_told(found.uneven)))
        if found.hints:
            told.append(("info", hints_told(found.hints)))
        return [
            (sign, text, "去核对", lambda: self.problems_asked.emit("hint")) for sign, text in told
        ]

    def _ledger_lines(self, state: Readiness) -> list[tuple[str, str, str, Any]]:
        """Nothing that blocks: an office may have to report before its ledger is closed."""
        if state.has_balances or not state.rows:
            return []
        text = "还没有录入总账余额：没有与总账核对，汇总表的总账余额都是0。"
        return [("warning", text, "去录入", self.ledger_asked.emit)]

    def _sealer_lines(self, sealers: tuple[str, ...]) -> list[tuple[str, str, str, Any]]:
        """Only a head of office seals."""
        if not sealers:
            text = "还没有登记负责人；上报要由负责人封印。"
            return [("warning", text, "登记人员", self.people_asked.emit)]
        if self.desk.by not in sealers:
            text = f"上报要由负责人封印。请{'或'.join(sealers)}在右上角选自己。"
            return [("warning", text, CHANGE_PERSON, self.person_asked.emit)]
        return []

    def _confirm_line(self, count: int) -> tuple[str, str, str, Any]:
        """An accountant confirms; for anybody else the way to let one take the seat."""
        person, text = self.desk.person, f"{count}笔等会计确认。"
        if person is not None and person.role == "accountant":
            return ("warning", text, "全部确认", self._ask_confirm)
        text += "请会计在右上角选自己，再到这里确认。"
        return ("warning", text, CHANGE_PERSON, self.person_asked.emit)

    def _ask_confirm(self) -> None:
        """Who confirms puts his name to it: not by an Enter that was meant for something else."""
        count = len(self.state.readiness.unconfirmed) if self.state is not None else 0
        ask(
            self,
            self.look,
            title="全部确认",
            text=f"确认{count}笔资产？确认以后，每一笔的底稿上都有您的名字。",
            action="确认",
            then=self._confirm_all,
            careful=True,
        )

    def _confirm_all(self) -> None:
        with self.desk.messages.guarded() as guard:
            count = self.desk.book.confirm(None, by=self.desk.by)
        if guard.ok:
            way_out = "发现错的，改那一笔，它会重新等会计确认。"
            self.desk.messages.tell(f"已确认{count}笔。", way_out, kind="good")
            self.desk.rows_were_changed()

    def focus_first(self) -> None:
        """What blocks sealing, one after the other; then the passphrase; once sealed the files."""
        sealed = self.desk.book.period.state == "sealed"
        if self._is_checking and not sealed:  # what comes next is known when that is through
            self.setFocus()
            return
        lines = [self._lines.itemAt(place).widget() for place in range(self._lines.count())]
        ways_out = [one.button for one in lines if isinstance(one, SignLine) and one.button]
        blocked = bool(ways_out) and not self.seal_button.isEnabled()
        then = self.open_button if sealed else self.passphrase
        (ways_out[0] if blocked else then).setFocus()

    def _show_lines(self, lines: list[tuple[str, str, str, Any]]) -> None:
        focus = self.keyboard()
        if focus is not None and self.card.isAncestorOf(focus):
            # Its button goes; the keyboard waits here for what takes its place.
            self.setFocus()
        while self._lines.count():
            widget: QWidget = self._lines.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        for sign, text, words, action in lines:
            line = SignLine(self.look, sign, text, words)
            if action is not None:
                line.acted.connect(action)
            self._lines.addWidget(line)
            # Now, not when the layout comes to it: the keyboard may be on its way here.
            line.show()

    def _show_sealed(self) -> None:
        from app.book.keys import office_key

        period = self.desk.book.period
        moment = f"{period.sealed_at.astimezone():%Y-%m-%d %H:%M}" if period.sealed_at else ""
        self._show_lines([("good", f"{moment} 已封印。封印码 {period.seal_code}", "", None)])
        code = QLabel("每张表、底稿和上报包上都是同一个封印码，可以互相核对。")
        self._lines.addWidget(code)
        key = office_key(self.desk.book)
        told = f"并告诉对方密钥短码 {key.short_code}。" if key else "并告诉对方密钥短码。"
        self._lines.addWidget(soft_label(f"把上报包（.wjz 文件）交给联社，{told}"))
        folder = self.folder.text()
        if Path(folder).is_dir():  # the message that told it is gone by and by
            self._lines.addWidget(soft_label(f"表、底稿和上报包放在{folder}。"))

    # ── looking

    def preview(self) -> None:
        """Makes every paper as a draft and shows it."""
        from app.ui.preview_dialog import PreviewDialog

        dialog = PreviewDialog(self.desk, self)
        dialog.finished.connect(lambda _code: self._have_looked(dialog))
        dialog.open()

    def _have_looked(self, dialog: PreviewDialog) -> None:
        self._looked = bool(dialog.papers)

    def _saved(self, _moment: object) -> None:
        """What was looked at is not what would be sealed now."""
        self._looked = False

    def look_at_exported(self) -> None:
        """Shows the papers of the export; asks where they are when they have been moved."""
        from app.papers.preview import exported_papers

        papers = exported_papers(Path(self.folder.text()))
        if not papers:
            self.desk.messages.tell(
                "导出的表不在原来的文件夹。", "请指给我它们现在在哪里。", kind="warning"
            )
            self._browse()
            papers = exported_papers(Path(self.folder.text()))
        if papers:
            from app.ui.preview_dialog import PreviewDialog

            PreviewDialog(self.desk, self, papers).open()

    # ── sealing

    def _browse(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "放在文件夹", start_in(self.folder.text()))
        if name:
            self.folder.setText(name)

    def seal(self) -> None:
        """Asks once more, with the figures that are sealed."""
        state = self.state
        if not self.seal_button.isEnabled() or state is None or not self.desk.need_person():
            return
        if not self.passphrase.text():
            self.desk.messages.tell("请输入密钥口令。", kind="warning")
            self.passphrase.setFocus()
            return
        self.desk.messages.clear()  # what was refused before is about another try
        base_date = self.desk.book.period.base_date.isoformat()
        question = state.question(base_date, looked=self._looked)
        if any(Path(self.folder.text().strip()).glob("*.wjz")):
            question = f"{question}\n{THERE_ALREADY}"
        ask(
            self,
            self.look,
            title="封印并导出",
            text=question,
            action="封印",
            then=self._seal,
            careful=True,
        )

    def _seal(self) -> None:
        """Seals the period and exports everything: all of it or nothing."""
        book, by, passphrase = self.desk.book, self.desk.by, self.passphrase.text()
        out = Path(self.folder.text().strip())
        day = book.period.base_date.isoformat()
        remembered.set_export_folder(self.desk.settings, book.path, day, out)

        def work(progress: Progress) -> Any:
            from app.package.exporting import export_period

            return export_period(book, out, passphrase, by=by, progress=progress)

        self.setFocus()  # the keyboard waits here for what becomes of it
        self.exclusive.emit(True)
        self.seal_button.setEnabled(False)
        job = self.desk.worker.start("封印并导出", work, self._sealed)
        job.ended.connect(self._ended)

    def _sealed(self, made: Any) -> None:
        self.passphrase.clear()
        count = len(made.files)
        self.desk.messages.tell(
            f"已封印，封印码 {made.seal_code}。",
            f"{count}个文件在{self.folder.text()}。",
            kind="good",
        )

    def _ended(self) -> None:
        self.exclusive.emit(False)
        if not self.desk.has_book:
            return
        if self.desk.book.period.state == "sealed":
            self.desk.rows_were_changed()
            self.desk.period_changed.emit()
        else:
            if self.keyboard() is self:
                # Nothing was sealed, most often for the passphrase.
                self.passphrase.setFocus()
                self.passphrase.selectAll()
            self.renew()

    def _open_folder(self) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(self.folder.text())):
            self.desk.messages.tell("系统没有打开文件夹。", f"文件在{self.folder.text()}。")

    def _ask_reopen(self) -> None:
        ask_text(
            self,
            self.look,
            title="重新打开本期",
            text="重新打开后可以修改；改完要再封印一次，封印码会不同。",
            label="原因",
            action="重新打开",
            then=self.reopen,
        )

    def reopen(self, why: str) -> None:
        """Opens the sealed period again."""
        if not self.desk.need_person():
            return
        with self.desk.messages.guarded() as guard:
            self.desk.book.reopen(by=self.desk.by, why=why)
        if guard.ok:
            self.desk.period_changed.emit()
            self.desk.rows_were_changed()
            # It also takes the place of the refusal that led here.
            self.desk.messages.tell("本期已重新打开，可以修改。", kind="good")

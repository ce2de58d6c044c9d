"""下发决定: what the offices have to be told, what waits for the level above, what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QVBoxLayout

from app.ui import html
from app.ui.desk import Desk
from app.ui.page import Page
from app.ui.rich_pane import UNDER_LIST, RichPane
from app.ui.sign_line import SignLine
from app.ui.simple_table import TextColumn, TextRow, TextTable
from app.ui.union.above_words import sent_html, waiting_line
from app.ui.union.decisions_job import DecisionsJob

if TYPE_CHECKING:
    from app.book.book import Book
    from app.union.above import Above
    from app.union.decisions import Waiting

COLUMNS = (
    TextColumn("机构", 140),
    TextColumn("退回补正（笔）", 112, right=True),
    TextColumn("认定（笔）", 84, right=True),
    TextColumn("本期全部（笔）", 112, right=True, spare=1),
    TextColumn("说明", 110, stretches=True),
)


class DecidePage(Page):
    """One signed decision per office; one package with what is beyond the union's authority."""

    take_in_asked = Signal()
    exclusive = Signal(bool)
    """True while nothing may be changed."""

    def __init__(self, desk: Desk, job: DecisionsJob) -> None:
        super().__init__(
            desk,
            "下发决定",
            "退回和认定写成签名的决定，每个机构一份，交给信用社接收；超出权限的报上级。",
        )
        self.job = job
        self.waiting: list[Waiting] = []
        self.above: Above | None = None
        self.folder_button = self.add_action(
            "打开文件夹", "刚写好的文件所在的文件夹", self._open_folder
        )
        self.answer_button = self.add_action(
            "接收上级答复…", "选上级的回执或决定，也可以拖进窗口", self.take_in_asked.emit
        )
        self.up_button = self.add_action(
            "报上级…", "把超出权限的资产写成签名的上报包，签名要密钥口令", self._ask_up
        )
        self.decide_button = self.add_action(
            "写决定…", "签名要密钥口令", self._ask, main=True
        )  # fmt: skip
        self.count = QLabel()
        self.count.setWordWrap(True)
        self.body.addWidget(self.count)
        self.above_line = QVBoxLayout()
        self.body.addLayout(self.above_line)
        self.table = TextTable(self.look, "等下发的机构", COLUMNS)
        self.body.addWidget(self.table, 2)
        self.made = RichPane(self.look, "已经发出的", margin=UNDER_LIST)
        self.body.addWidget(self.made, 1)
        self.table.hide()
        for button in (self.answer_button, self.up_button):
            button.hide()
        job.made_some.connect(self.renew_if_seen)
        job.exclusive.connect(self.exclusive)
        job.exclusive.connect(self._sending)
        desk.progress_changed.connect(self.renew_if_seen)

    def renew(self) -> None:
        """Reads what waits and what was sent, in the worker."""
        book = self.desk.book
        self.folder_button.setVisible(self.job.folder is not None)
        self.desk.worker.start(
            "读等下发的", lambda _progress: _leaving(book), self._read, quiet=True, owner=self
        )

    def _read(self, found: tuple[list[Waiting], Above]) -> None:
        self.waiting, self.above = found
        self.table.show_rows([self._row(one) for one in self.waiting])
        self.table.setVisible(bool(self.waiting))
        self.count.setText(waiting_words(self.waiting))
        self.decide_button.setEnabled(bool(self.waiting))
        self._show_above(self.above)
        self.made.show_html(self._told() + sent_html(self.above))
        self.focus_if_resting()

    def _show_above(self, above: Above) -> None:
        """Nothing where the union decides on everything itself."""
        while self.above_line.count():
            old = self.above_line.takeAt(0).widget()
            old.hide()
            old.deleteLater()
        concerned = bool(above.rows or above.sent)
        other = self._who_sends() if above.rows else ""
        if concerned:
            said = waiting_line(above, other)
            line = SignLine(self.look, said.sign, said.text)
            self.above_line.addWidget(line)
            line.show()
        self.answer_button.setVisible(bool(above.sent))
        self.up_button.setVisible(concerned)
        self.up_button.setEnabled(bool(above.rows) and not other)

    def _sending(self, on: bool) -> None:
        """Nobody sends up twice, or writes decisions of what is being packed."""
        if on:
            self.up_button.setEnabled(False)
            self.decide_button.setEnabled(False)
        else:
            self.renew_if_seen()

    def _who_sends(self) -> str:
        """Who sends up, in words; empty where the person at work does."""
        from app.book.types import ROLES
        from app.union.going_up import SENDERS

        person = self.desk.person
        if person is not None and person.role in SENDERS:
            return ""
        return "或".join(ROLES[role] for role in SENDERS)

    def focus_first(self) -> None:
        """What waits: decisions, else what goes up."""
        waits = (self.decide_button, self.up_button, self.answer_button)
        usable = [one for one in waits if one.isEnabled() and one.isVisible()]
        if usable:
            usable[0].setFocus()
        else:
            self.made.setFocus()

    def _row(self, one: Waiting) -> TextRow:
        words = f"另有{one.open}笔还没有结果" if one.open else "全部有了结果"
        if one.again:
            words = f"其中{one.again}笔以前告知过，重新上报后再告知一次；{words}"
        if one.returned:
            words += "；退回的等它重新上报"
        texts = (
            f"{one.office.code} {one.office.name}", str(one.returned or ""),
            str(one.determined or ""), str(one.rows), words,
        )  # fmt: skip
        return TextRow(texts, one.office.code, tip=words)

    def _told(self) -> str:
        from app.union.offices import known_offices
        from app.union.packages import packages_of

        names = {one.code: one.name for one in known_offices(self.desk.book)}
        told = packages_of(self.desk.book.store, direction="out", kind="decision")
        if not told:
            return html.soft("本期还没有下发过决定。", self.look)
        parts = [html.heading(f"本期已下发{len(told)}份")]
        for one in reversed(told):
            words = (
                f"{one.at.astimezone():%Y-%m-%d %H:%M}　{one.institution} "
                f"{names.get(one.institution, '')}　封印码 {one.seal_code}　{one.by}"
            )
            parts.append(html.bullet(html.text(words)))
        return "".join(parts)

    def _ask(self) -> None:
        self.job.ask(len(self.waiting))

    def _ask_up(self) -> None:
        if self.above is not None:
            self.job.ask_up(self.above)

    def _open_folder(self) -> None:
        if self.job.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.job.folder)))


def _leaving(book: Book) -> tuple[list[Waiting], Above]:
    """What is to leave the union: down to its offices, up to the level above."""
    from app.union.above import above_state
    from app.union.decisions import decisions_waiting

    return decisions_waiting(book), above_state(book)


def waiting_words(waiting: Sequence[Waiting]) -> str:
    """How many offices have to be told something, and whether it is new to them."""
    new = sum(one.new > 0 for one in waiting)
    again = len(waiting) - new
    words = f"{new}家机构有新的结果要告知。" if new else "没有新的结果要告知。"
    if not waiting:
        words += "在“审查”退回，或在“认定”认定以后，机构列在这里。"
    if again:
        words += f"{again}家重新上报了，以前告知过的结果随新的决定再告知一次。"
    return words

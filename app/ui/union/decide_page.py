"""下发决定: the offices that have something to be told, and what was told already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel

from app.ui import html
from app.ui.desk import Desk
from app.ui.page import Page
from app.ui.rich_pane import RichPane
from app.ui.simple_table import TextColumn, TextRow, TextTable
from app.ui.union.decisions_job import DecisionsJob

if TYPE_CHECKING:
    from app.union.decisions import Waiting

COLUMNS = (
    TextColumn("机构", 180),
    TextColumn("退回补正（笔）", 112, right=True),
    TextColumn("认定（笔）", 84, right=True),
    TextColumn("本期全部（笔）", 112, right=True),
    TextColumn("说明", 200, stretches=True),
)


class DecidePage(Page):
    """One signed decision per office; all of them or none."""

    def __init__(self, desk: Desk, job: DecisionsJob) -> None:
        super().__init__(
            desk, "下发决定", "退回和认定写成签名的决定，每个机构一份，交给信用社接收。"
        )
        self.job = job
        self.waiting: list[Waiting] = []
        self.folder_button = self.add_action(
            "打开文件夹", "刚写好的决定所在的文件夹", self._open_folder
        )
        self.decide_button = self.add_action(
            "写决定…", "签名要密钥口令", self._ask, main=True
        )  # fmt: skip
        self.count = QLabel()
        self.count.setWordWrap(True)
        self.body.addWidget(self.count)
        self.table = TextTable(self.look, "等下发的机构", COLUMNS)
        self.body.addWidget(self.table, 2)
        self.made = RichPane(self.look, "已经下发的")
        self.body.addWidget(self.made, 1)
        self.table.hide()
        job.made_some.connect(self.renew_if_seen)
        desk.progress_changed.connect(self.renew_if_seen)

    def renew(self) -> None:
        """Reads what waits, in the worker, and what was told."""
        from app.union.decisions import decisions_waiting

        book = self.desk.book
        self.folder_button.setVisible(self.job.folder is not None)
        self.made.show_html(self._told())
        self.desk.worker.start(
            "读等下发的", lambda _progress: decisions_waiting(book), self._read, quiet=True
        )

    def _read(self, waiting: list[Waiting]) -> None:
        self.waiting = waiting
        self.table.show_rows([self._row(one) for one in self.waiting])
        self.table.setVisible(bool(waiting))
        count = len(self.waiting)
        self.count.setText(waiting_words(waiting))
        self.decide_button.setEnabled(bool(count))
        self.focus_if_resting()

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

    def _open_folder(self) -> None:
        if self.job.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.job.folder)))


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

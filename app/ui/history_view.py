"""Who changed what, when and why, for one asset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QShowEvent

from app.book.since_last import SinceLast, since_last
from app.forms.errors import ValueFault
from app.forms.table import Table
from app.forms.values import is_empty, parse_value, shown_text
from app.ui import html
from app.ui.desk import Desk
from app.ui.form_session import FormSession
from app.ui.rich_pane import RichPane

if TYPE_CHECKING:
    from app.book.types import Change

KINDS = {
    "add": "登记了这笔资产",
    "carry": "由上一期带过来",
    "left": "没有带过来",
    "remove": "移出了这笔资产",
    "attach": "附上资料",
    "detach": "移除资料",
    "paper": "说明是哪份资料",
    "box": "出处",
    "keep": "保留警告",
    "unkeep": "收回保留的警告",
    "confirm": "会计确认",
    "stage": "状态",
    "big_loss": "附表2",
    "big_loss_set": "附表2填写",
    "import": "导入",
    "source": "数据来源",
    "seal": "封印上报",
    "export": "导出草稿",
    "reopen": "重新打开本期",
    "opinion": "联社意见",
    "resubmit": "信用社重新上报",
    "return": "联社退回",
    "answer": "答复联社",
    "answered": "信用社的答复",
    "determine": "联社认定",
    "followup": "台账",
}
EXCHANGED = ("opinion", "return", "answer", "answered", "determine")
"""What union and office said to each other."""
MOST = 200


class HistoryView(RichPane):
    """The changes of one row, newest first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.look, "修改历史")
        self.desk = desk
        self.session: FormSession | None = None

    def show_session(self, session: FormSession | None) -> None:
        """Shows the history of another row."""
        self.session = session
        self.renew()

    def showEvent(self, event: QShowEvent, /) -> None:
        """Read only while it is seen, so now."""
        super().showEvent(event)
        self.renew()

    def renew(self) -> None:
        """Reads the history again, only while it is seen."""
        if self.session is None:
            self.show_html("")
        elif self.isVisible():
            row_id = self.session.row.id
            changes = self.desk.book.history(row_id)
            since = since_html(since_last(self.desk.book, row_id), self)
            self.show_html(since + history_html(changes, self.session.table, self))


def since_html(since: SinceLast | None, pane: RichPane) -> str:
    """The row beside what it was on the last base date; nothing for a row that is new."""
    if since is None:
        return ""
    parts = [html.heading(f"与上期（{since.base_date.isoformat()}）相比")]
    then, now = (c.label if c else "未定" for c in (since.class_then, since.class_now))
    parts.append(html.bullet(html.text(f"类别：上期{then}，现为{now}")))
    for one in since.changed:
        label = html.link(f"field:{one.field}", one.label)
        before, after = (html.text(text or "（空）") for text in (one.before, one.now))
        parts.append(html.bullet(f"{label}：{before} → {after}"))
    if not since.changed:
        parts.append(html.soft("其他内容没有变化。", pane.look))
    return "".join(parts)


def history_html(changes: list[Change], table: Table, pane: RichPane) -> str:
    """The newest changes as text: day as heading, then time, person, what and why."""
    parts: list[str] = []
    day = ""
    for change in reversed(changes[-MOST:]):
        moment = change.at.astimezone()
        if f"{moment:%Y-%m-%d}" != day:
            day = f"{moment:%Y-%m-%d}"
            parts.append(html.heading(day))
        who = html.text(f"{moment:%H:%M:%S} {change.by or '程序'}")
        parts.append(html.bullet(f"{who}　{change_words(change, table)}"))
        if change.why:
            parts.append(html.soft(f"　原因：{change.why}", pane.look))
    if len(changes) > MOST:
        parts.append(html.soft(f"更早的{len(changes) - MOST}条没有列出。", pane.look))
    return "".join(parts) or html.paragraph("还没有修改记录。")


def change_words(change: Change, table: Table) -> str:
    """One change in words: the field, from what, to what."""
    if change.kind == "set" and change.field in table.fields:
        label = html.link(f"field:{change.field}", table.fields[change.field].label)
        old, new = (shown_value(table, change.field, v) for v in (change.old, change.new))
        return f"{label}：{html.text(old)} → {html.text(new)}"
    words = KINDS.get(change.kind, change.kind)
    if change.kind == "stage":
        from app.book.types import STAGES

        old, new = (STAGES.get(str(v), str(v)) for v in (change.old, change.new))
        return html.text(f"{words}：{old} → {new}")
    if change.kind in EXCHANGED:
        from app.ui.union.exchange_words import exchange_words

        return f"{html.text(words)}：{exchange_words(change, table)}"
    if change.kind == "left" and isinstance(change.old, dict):
        left = change.old
        return html.text(f"{words}：{left['label']}“{left['shown']}”，{left['why']}")
    if change.kind in ("attach", "detach"):
        content = change.new or change.old
        name = content.get("name", "") if isinstance(content, dict) else ""
        return html.text(f"{words}：{name}")
    if change.kind == "paper" and isinstance(change.new, dict):
        return html.text(f"{words}：{change.new['name']} → {change.new['paper'] or '其他'}")
    if change.kind == "box" and change.field in table.fields:
        label = html.link(f"field:{change.field}", table.fields[change.field].label)
        return f"{label}：{_boxed(change)}"
    return html.text(words)


def _boxed(change: Change) -> str:
    """Where a value was found, or that its box was taken away."""
    side = change.new or change.old
    name, page = side["name"], side["page"]
    return html.text(f"{'框出出处' if change.new else '去掉框'}，{name}第{page}页")


def shown_value(table: Table, key: str, raw: Any) -> str:
    """A stored value as a person reads it."""
    if is_empty(raw):
        return "（空）"
    field = table.fields[key]
    try:
        return shown_text(field, parse_value(field, raw))
    except ValueFault:
        return str(raw)

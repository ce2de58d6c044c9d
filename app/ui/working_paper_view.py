"""The working paper of one asset as it reads just now, beside the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.forms.classes import FiveClass
from app.forms.values import shown_text
from app.ui import html
from app.ui.buttons import push_button
from app.ui.class_chip import UNDECIDED, class_text
from app.ui.desk import Desk
from app.ui.form_session import FormSession
from app.ui.rich_pane import RichPane
from app.ui.sign_line import soft_label

if TYPE_CHECKING:
    from app.book.types import Row
    from app.forms.evaluation import Evaluation

EMPTY = "（还没有写）"
DRAFTED = "程序起草，可在表中改写"


class WorkingPaperView(QFrame):
    """工作底稿: who and what, the texts, the result, the six agreements, the confirmation."""

    field_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.session: FormSession | None = None
        self.setProperty("surface", "paper")
        px = self.look.px
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, px(8))
        self.pane = RichPane(self.look, "工作底稿")
        self.pane.followed.connect(self._follow)
        layout.addWidget(self.pane, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(10), 0, px(10), 0)
        self.state = soft_label()
        self.confirm_button = push_button("会计确认")
        self.confirm_button.clicked.connect(self._confirm)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.confirm_button)
        layout.addLayout(foot)

    def show_session(self, session: FormSession | None) -> None:
        """Shows the working paper of another row."""
        self.session = session
        self.renew()

    def showEvent(self, event: QShowEvent, /) -> None:
        """Written only while it is seen, so now."""
        super().showEvent(event)
        self.renew()

    def renew(self) -> None:
        """Writes it again from the evaluation; only while it is seen."""
        if self.session is None:
            self.pane.show_html("")
            self.confirm_button.setVisible(False)
            self.state.clear()
        elif self.isVisible():
            self.pane.show_html(self._html(self.session))
            self._show_confirmation(self.session.row)

    def _html(self, session: FormSession) -> str:
        from app.book.working_paper import paper_texts

        evaluation, fields = session.evaluation, session.table.fields
        subject = str(session.values.get("subject") or "")
        known = self.desk.book.chart().get(subject)
        parts = [
            html.heading("工作底稿"),
            self._line("资产项目", known.name if known else session.table.short_title),
            self._line("资产名称", session.shown("name")),
            self._line("编号", session.row.id),
        ]
        for key, paper in paper_texts(evaluation).items():
            title = html.link(f"field:{key}", fields[key].label)
            parts.append(f'<p style="margin:10px 0 2px 0;"><b>{title}</b></p>')
            parts.append(html.paragraph(paper.text or EMPTY))
            if paper.drafted and paper.text:
                parts.append(html.soft(f"（{DRAFTED}）", self.look))
        parts += self._result(session)
        parts += self._agreements(session)
        parts += self._evidence(session)
        return "".join(parts)

    def _line(self, label: str, words: str) -> str:
        soft = self.look.theme.soft
        return (
            f'<p style="margin:2px 0;"><span style="color:{soft};">{html.text(label)}：</span>'
            f"{html.text(words or '—')}</p>"
        )

    def _result(self, session: FormSession) -> list[str]:
        evaluation = session.evaluation
        opinion = evaluation.typed.get("initial_class")
        given = opinion if isinstance(opinion, FiveClass) else None
        return [
            html.heading("分类结果"),
            self._line("系统建议", _suggestion(evaluation)),
            self._line("初分意见", class_text(given) if given else UNDECIDED),
        ]

    def _agreements(self, session: FormSession) -> list[str]:
        field = session.table.fields.get("accuracy")
        if field is None or not session.asked("accuracy"):
            return []
        answer = session.evaluation.typed.get("accuracy")
        if answer is None:
            return [html.heading("六相符核对"), html.paragraph("（还没有核对）")]
        words = shown_text(field, answer)
        return [html.heading("六相符核对"), html.paragraph(words)]

    def _evidence(self, session: FormSession) -> list[str]:
        attached = self.desk.book.attachments(session.row.id)
        names = [html.bullet(html.text(a.paper or a.name)) for a in attached]
        return [html.heading("所附资料"), *(names or [html.paragraph("（还没有附资料）")])]

    def _show_confirmation(self, row: Row) -> None:
        person = self.desk.person
        accountant = person is not None and person.role == "accountant"
        if row.confirmed_at is not None:
            words = f"会计{row.confirmed_by}已于{row.confirmed_at:%Y-%m-%d %H:%M}确认"
        elif row.stage == "prepared":
            words = "已初分，等会计确认"
        else:
            words = "填好并给出初分意见后，由会计确认"
        self.state.setText(words)
        self.confirm_button.setVisible(accountant and row.stage == "prepared")

    def _confirm(self) -> None:
        if self.session is None:
            return
        row_id = self.session.row.id
        with self.desk.messages.guarded() as guard:
            self.desk.book.confirm([row_id], by=self.desk.by)
        if guard.ok:
            self.session.reload()
            self.desk.row_was_saved(row_id)
            self.renew()

    def _follow(self, kind: str, target: str) -> None:
        if kind == "field":
            self.field_asked.emit(target)


def _suggestion(evaluation: Evaluation) -> str:
    """The same words as in the bar below: what is certain already counts."""
    final = evaluation.suggested
    return class_text(final or evaluation.at_least, at_least=final is None)

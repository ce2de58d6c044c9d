"""The class as it stands, always in sight; a click opens reasons, distance and evidence."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.forms.evaluation import Evaluation, Reason
from app.forms.values import amount_text, percent_text
from app.ui import html
from app.ui.class_chip import ClassChip
from app.ui.cut_label import CutLabel
from app.ui.fields.base import step_of_return
from app.ui.flow_layout import FlowLayout
from app.ui.icons import sign_icon
from app.ui.look import Look
from app.ui.rich_pane import RichPane

EFFECTS = {"direct": "直接认定为", "floor": "至少", "lift": "至少", "worsen": "降一级，成为"}


class ResultBar(QFrame):
    """Class or at least, loss rate, the reason that decides; all the rest on a click."""

    field_asked = Signal(str)
    entered_on = Signal()
    """Enter, where the form has led to: on from here."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.setProperty("surface", "paper")
        self.evaluation: Evaluation | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.details = RichPane(look, "理由、距离和资料")
        self.details.setVisible(False)
        self.details.followed.connect(self._follow)
        outer.addWidget(self._line())
        outer.addWidget(self.details)
        outer.addWidget(self._line())
        outer.addWidget(self._bar())

    def _line(self) -> QFrame:
        line = QFrame()
        line.setProperty("surface", "line")
        line.setFixedHeight(1)
        return line

    def _bar(self) -> QWidget:
        px = self.look.px
        bar = QWidget()
        bar.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(bar)
        row.setContentsMargins(px(12), px(6), px(8), px(6))
        row.setSpacing(px(12))
        self.chip = ClassChip(self.look, bold=True)
        self.figures, self.loss = QLabel(), QLabel()
        figures = QWidget()
        flow = FlowLayout(figures, px(12))
        flow.addWidget(self.figures)
        flow.addWidget(self.loss)
        self.reason = CutLabel()
        self.reason.setProperty("tone", "soft")
        self.toggle = QToolButton()
        self.toggle.setIcon(sign_icon("up", self.look.theme.soft))
        self.toggle.setCheckable(True)
        self.toggle.setShortcut("F4")
        self.toggle.setToolTip("全部理由、离下一类的距离、需要的资料（F4）")
        self.toggle.setAccessibleName("全部理由")
        self.toggle.toggled.connect(self._open)
        self.toggle.installEventFilter(self)
        row.addWidget(self.chip)
        row.addWidget(figures, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.reason, 1)
        row.addWidget(self.toggle)
        return bar

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Shows what the row's values mean."""
        self.evaluation = evaluation
        final = evaluation.suggested
        self.chip.show_class(final or evaluation.at_least, at_least=final is None)
        rate, loss = evaluation.loss_rate, evaluation.expected_loss
        self.figures.setText(f"损失率 {percent_text(rate) if rate is not None else '未定'}")
        self.loss.setText(f"损失 {amount_text(loss)}" if loss else "")
        self.loss.setVisible(bool(loss))
        self.reason.show_words(self._deciding(evaluation))
        if self.details.isVisible():
            self._fill()

    def _deciding(self, evaluation: Evaluation) -> str:
        if evaluation.reasons:
            more = len(evaluation.reasons) - 1
            return evaluation.reasons[0].text + (f"（另有{more}条）" if more else "")
        if evaluation.suggested is None:
            missing = len(evaluation.missing)
            return f"还有{missing}项没有填，类别未定" if missing else "填的内容还不能定类别"
        return "没有发现影响分类的情形"

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """On the arrow Enter goes on."""
        if watched is self.toggle:
            return self._takes_enter(event)
        return super().eventFilter(watched, event)

    def _takes_enter(self, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or step_of_return(event) < 1:
            return False
        if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
            self.entered_on.emit()
        return True

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """A click anywhere on the bar opens or closes the reasons."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.toggle.toggle()

    def _open(self, wanted: bool) -> None:
        self.toggle.setIcon(sign_icon("down" if wanted else "up", self.look.theme.soft))
        if wanted:
            self._fill()
            parent = self.parentWidget()
            room = parent.height() if parent is not None else 600
            self.details.setFixedHeight(min(self.look.px(320), room * 45 // 100))
        self.details.setVisible(wanted)

    def _fill(self) -> None:
        evaluation = self.evaluation
        if evaluation is not None:
            self.details.show_html(reasons_html(evaluation, self.look))

    def _follow(self, kind: str, target: str) -> None:
        if kind == "field":
            self.field_asked.emit(target)


def reasons_html(evaluation: Evaluation, look: Look) -> str:
    """Every reason with basis and fields, the distance to worse classes, the papers asked for."""
    labels = {key: field.label for key, field in evaluation.table.fields.items()}
    parts = [html.heading("为什么是这一类")]
    if not evaluation.reasons:
        parts.append(html.paragraph("没有发现影响分类的情形。"))
    parts += [_reason_html(reason, labels, look) for reason in evaluation.reasons]
    missing = [key for key in evaluation.missing if key in labels]
    if evaluation.suggested is None and missing:
        parts.append(html.heading("还没有填，可能影响类别"))
        parts.append(f"<p>{html.field_links(missing, labels)}</p>")
    if evaluation.distance:
        parts.append(html.heading("离更差一类还有多远"))
        parts += [html.bullet(html.text(d.text)) for d in evaluation.distance]
    if evaluation.evidence:
        parts.append(html.heading("需要的资料"))
        signs = {True: "√ ", False: "○ ", None: ""}
        parts += [html.bullet(html.text(signs[e.present] + e.paper)) for e in evaluation.evidence]
    return "".join(parts)


def _reason_html(reason: Reason, labels: dict[str, str], look: Look) -> str:
    chip = ""
    if reason.floor is not None:
        tint = look.class_tint(reason.floor)
        words = f"{EFFECTS[reason.effect]}{reason.floor.label}"
        chip = html.tinted(words, tint.back, tint.ink)
    fields = html.field_links(reason.fields, labels)
    found = html.bullet(f"<b>{html.text(reason.text)}</b> {chip}")
    basis = html.soft(f"依据：{reason.basis}", look)
    return f"{found}{basis}" + (f"<p style='margin:0 0 8px 0;'>看：{fields}</p>" if fields else "")

"""What is remarked on the rows to be filled: each remark can be ticked, to leave its rows aside."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.ui.flow_layout import FlowLayout
from app.ui.look import Look
from app.ui.sign_line import soft_label

MOST = 5
LONGEST = 12
LEAD = "备注里写着（和要填的不合的，勾上先不填）："


class RemarkTicks(QWidget):
    """The commonest remarks with their numbers, the rest under one tick."""

    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.ticks: list[tuple[QCheckBox, frozenset[str]]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(look.px(4))
        layout.addWidget(soft_label(LEAD))
        self._flow = FlowLayout(None, look.px(12))
        layout.addLayout(self._flow)
        self.setVisible(False)

    def show_remarks(self, said: Sequence[tuple[str, int]]) -> None:
        """Shows these, the commonest first; what was ticked stays ticked."""
        groups = [(_short(text), count, frozenset((text,))) for text, count in said[:MOST]]
        if rest := said[MOST:]:
            texts = frozenset(text for text, _count in rest)
            groups.append(("别的备注", sum(count for _text, count in rest), texts))
        if [texts for _tick, texts in self.ticks] != [texts for _words, _count, texts in groups]:
            self._make_ticks([texts for _words, _count, texts in groups])
        for (tick, _texts), (words, count, _same) in zip(self.ticks, groups, strict=True):
            tick.setText(f"{words}（{count}笔）")
        self.setVisible(bool(groups))

    def _make_ticks(self, groups: Sequence[frozenset[str]]) -> None:
        ticked = self.ticked()
        for tick, _texts in self.ticks:
            self._flow.removeWidget(tick)
            tick.hide()
            tick.deleteLater()
        self.ticks = [(QCheckBox(), texts) for texts in groups]
        for tick, texts in self.ticks:
            tick.setChecked(texts <= ticked)
            tick.toggled.connect(lambda _on: self.changed.emit())
            self._flow.addWidget(tick)

    def ticked(self) -> set[str]:
        """The remarks whose rows are left aside."""
        return {text for tick, texts in self.ticks if tick.isChecked() for text in texts}


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

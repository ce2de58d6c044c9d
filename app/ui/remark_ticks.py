"""What is remarked or was printed on the rows to be filled; a tick leaves its rows aside."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.ui.flow_layout import FlowLayout
from app.ui.look import Look
from app.ui.sign_line import soft_label

MOST = 5
MOST_AGAINST = 3
LONGEST = 12
EMPTY = "空着"
LEAD = "一栏写着（和要填的不合的，勾上先不填）："
REMARKS = "备注"


class RemarkTicks(QWidget):
    """The commonest remarks with their numbers, the rest under one tick.

    Those that speak against the answer stand first and are ticked until somebody thinks otherwise.
    Another column of the listing, which no field has taken, can be looked at in their place.
    """

    changed = Signal()
    column_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.ticks: list[tuple[QCheckBox, frozenset[str]]] = []
        self._against: frozenset[str] = frozenset()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(look.px(4))
        self.column = QComboBox()
        self.column.setAccessibleName("看清单的哪一栏")
        self.column.addItem(REMARKS, "")
        self.column.activated.connect(lambda _place: self.column_asked.emit())
        lead = QHBoxLayout()
        lead.setSpacing(look.px(6))
        self._only = QLabel(REMARKS)
        lead.addWidget(self.column)
        lead.addWidget(self._only)
        lead.addWidget(soft_label(LEAD, wrap=False), 1)
        layout.addLayout(lead)
        self._flow = FlowLayout(None, look.px(12))
        layout.addLayout(self._flow)
        self.setVisible(False)

    @property
    def column_name(self) -> str:
        """The printed column that is looked at; empty for the remarks."""
        return str(self.column.currentData())

    @property
    def shown_name(self) -> str:
        """The same in words."""
        return self.column_name or REMARKS

    def start_again(self) -> None:
        """Another field is asked: its remarks first, nothing left aside yet."""
        self.column.setCurrentIndex(0)
        self._against = frozenset()
        self._make_ticks([])

    def show_remarks(
        self,
        said: Sequence[tuple[str, int]],
        columns: Sequence[str] = (),
        against: Collection[str] = (),
    ) -> None:
        """Shows these, the commonest first; what was ticked stays ticked.

        `against`: what of it speaks against the answer.
        """
        for name in columns:
            if self.column.findData(name) < 0:
                self.column.addItem(name, name)
        choice = self.column.count() > 1
        self.column.setVisible(choice)
        self._only.setVisible(not choice)
        groups = _groups(said, against)
        if [texts for _tick, texts in self.ticks] != [texts for _words, _count, texts in groups]:
            self._make_ticks([texts for _words, _count, texts in groups])
        if frozenset(against) != self._against:
            self._against = frozenset(against)
            self._tick(self._against)
        for (tick, _texts), (words, count, _same) in zip(self.ticks, groups, strict=True):
            tick.setText(f"{words}（{count}笔）")
        self.setVisible(bool(groups or columns))

    def _tick(self, texts: Collection[str]) -> None:
        """Ticks the groups of these; who shows them knows."""
        for tick, group in self.ticks:
            tick.blockSignals(True)
            tick.setChecked(group <= frozenset(texts))
            tick.blockSignals(False)

    def _make_ticks(self, groups: Sequence[frozenset[str]]) -> None:
        ticked = self.ticked() if groups else set()
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


def _groups(
    said: Sequence[tuple[str, int]], against: Collection[str]
) -> list[tuple[str, int, frozenset[str]]]:
    """Words, number of rows and texts of each tick: what contradicts first, each rest as one."""
    contrary = [one for one in said if one[0] in against]
    others = [one for one in said if one[0] not in against]
    most = max(MOST - len(contrary), 1) if contrary else MOST
    return [*_ticked_as(contrary, MOST_AGAINST, "别的不合的"), *_ticked_as(others, most, "别的")]


def _ticked_as(
    said: Sequence[tuple[str, int]], most: int, rest: str
) -> list[tuple[str, int, frozenset[str]]]:
    groups = [(_short(text), count, frozenset((text,))) for text, count in said[:most]]
    if beyond := said[most:]:
        texts = frozenset(text for text, _count in beyond)
        groups.append((rest, sum(count for _text, count in beyond), texts))
    return groups


def _short(text: str) -> str:
    text = " ".join(text.split()) or EMPTY
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

"""What is remarked or was printed on the rows to be filled; a tick leaves its rows aside."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
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
    Another column of the listing, which no field has taken, can be looked at in their place; what
    was ticked stays so, also out of sight.
    """

    changed = Signal()
    column_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.ticks: list[tuple[QCheckBox, frozenset[str]]] = []
        self._by_hand: dict[str, dict[str, bool]] = {}
        """By column (empty: the remarks) and text, what somebody has ticked or unticked."""
        self._against: dict[str, frozenset[str]] = {}
        """By column, what speaks against the answer."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, look.px(4))  # room for the ring of the focus
        layout.setSpacing(look.px(4))
        self.column = QComboBox()
        self.column.setAccessibleName("看清单的哪一栏")
        self.column.addItem(REMARKS, "")
        self.column.activated.connect(lambda _place: self._ask_column())
        lead = QHBoxLayout()
        lead.setSpacing(look.px(6))
        self._only = QLabel(REMARKS)
        lead.addWidget(self.column)
        lead.addWidget(self._only)
        self.lead = soft_label(LEAD, wrap=False)
        lead.addWidget(self.lead, 1)
        layout.addLayout(lead)
        self._flow = FlowLayout(None, look.px(12))
        layout.addLayout(self._flow)
        self.setVisible(False)

    @property
    def column_name(self) -> str:
        """The printed column that is looked at; empty for the remarks."""
        return str(self.column.currentData())

    def aside(self, column: str = "") -> frozenset[str]:
        """The remarks, or words of a column, whose rows are left aside."""
        chosen = self._by_hand.get(column, {})
        against = self._against.get(column, ())
        proposed = (one for one in against if chosen.get(one, True))
        return frozenset((*proposed, *(text for text, on in chosen.items() if on)))

    @property
    def columns_wanted(self) -> tuple[str, ...]:
        """The printed columns whose words are shown, or by which rows are left aside."""
        ticked = (name for name in (*self._by_hand, *self._against) if self.aside(name))
        return tuple(dict.fromkeys(filter(None, (self.column_name, *ticked))))

    def start_again(self) -> None:
        """Another field is asked: its remarks first, nothing left aside yet."""
        self.column.setCurrentIndex(0)
        self._by_hand.clear()
        self._against.clear()
        self._make_ticks([])
        self.setVisible(False)

    def _offer(self, columns: Sequence[str]) -> None:
        for name in columns:
            if self.column.findData(name) < 0:
                self.column.addItem(name, name)

    def look_at(self, names: Sequence[str], columns: Sequence[str]) -> bool:
        """Looks at the first of the named columns that there is, instead of the remarks."""
        self._offer(columns)
        places = [self.column.findData(name) for name in names]
        place = next((one for one in places if one > 0), -1)
        if place < 0:
            return False
        self.column.setCurrentIndex(place)
        self._make_ticks([])
        return True

    def _ask_column(self) -> None:
        """Words of one column never stand under the name of another, not for a moment."""
        self._make_ticks([])
        self.column_asked.emit()

    def set_against(self, against: Collection[str], column: str = "") -> None:
        """What speaks against the answer in the remarks or a column: left aside unless unticked."""
        self._against[column] = frozenset(against)

    def show_said(self, said: Sequence[tuple[str, int]], columns: Sequence[str] = ()) -> None:
        """Shows remarks, or words of the column that is looked at, the commonest first."""
        self._offer(columns)
        choice = self.column.count() > 1
        self.column.setVisible(choice)
        self._only.setVisible(not choice)
        groups = _groups(said, self._against.get(self.column_name, ()))
        if [texts for _tick, texts in self.ticks] != [texts for _words, _count, texts in groups]:
            self._make_ticks([texts for _words, _count, texts in groups])
        for (tick, texts), (words, count, _same) in zip(self.ticks, groups, strict=True):
            tick.setText(f"{words}（{count}笔）")
            tick.setCheckState(self._state(texts))
        self.lead.setVisible(bool(groups))
        self.setVisible(bool(groups or columns))

    def _make_ticks(self, groups: Sequence[frozenset[str]]) -> None:
        for tick, _texts in self.ticks:
            self._flow.removeWidget(tick)
            tick.hide()
            tick.deleteLater()
        self.ticks = [(QCheckBox(), texts) for texts in groups]
        for tick, texts in self.ticks:
            tick.clicked.connect(lambda _on, texts=texts: self._turn(texts))
            self._flow.addWidget(tick)

    def _state(self, texts: frozenset[str]) -> Qt.CheckState:
        """A tick of several remarks may be half set."""
        aside = self.aside(self.column_name)
        if texts <= aside:
            return Qt.CheckState.Checked
        return Qt.CheckState.PartiallyChecked if texts & aside else Qt.CheckState.Unchecked

    def _turn(self, texts: frozenset[str]) -> None:
        """What is not all left aside is left aside now, and the other way round."""
        on = not texts <= self.aside(self.column_name)
        self._by_hand.setdefault(self.column_name, {}).update(dict.fromkeys(texts, on))
        self.changed.emit()


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
    # What says nothing is not what says something else: never under one tick with it.
    spoken = [one for one in said if one[0]]
    shown = {text for text, _count in spoken[:most]} | {""}
    single = [one for one in said if one[0] in shown]
    groups = [(_short(text), count, frozenset((text,))) for text, count in single]
    if beyond := spoken[most:]:
        texts = frozenset(text for text, _count in beyond)
        groups.append((rest, sum(count for _text, count in beyond), texts))
    return groups


def _short(text: str) -> str:
    text = " ".join(text.split()) or EMPTY
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

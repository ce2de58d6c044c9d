"""Bars drawn by hand: each is a button that leads to its rows, with last period's below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui.look import Look
from app.ui.sign_line import soft_label
from app.ui.theme import Tint

HEIGHT, HEIGHT_WITH_LAST = 22, 30
LABEL_WIDTH = 104
FIGURE_WIDTH = 116


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it leads to, its words, how long it is, how long it was."""

    key: str
    label: str
    figure: str
    """The value as it is written behind the bar."""
    length: float
    last: float | None = None
    """The length in the last period; None where there was none."""
    last_figure: str = ""
    tint: Tint | None = None

    @property
    def spoken(self) -> str:
        """The bar as a screen reader says it."""
        then = f"，上期{self.last_figure}" if self.last is not None else ""
        return f"{self.label} {self.figure}{then}"


class BarButton(QAbstractButton):
    """One bar; what it shows is written beside it, so that no colour has to be told."""

    stepped = Signal(int)

    def __init__(self, look: Look, bar: Bar, longest: float) -> None:
        super().__init__()
        self.look = look
        self.setFont(look.font("small"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.show_bar(bar, longest)

    def show_bar(self, bar: Bar, longest: float) -> None:
        """Shows another value."""
        self.bar = bar
        self.longest = longest
        self.setAccessibleName(bar.spoken)
        self.setToolTip(f"{bar.spoken}。回车或点一下，看是哪几笔。")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One line; with last period's bar a little more."""
        px = self.look.px
        height = HEIGHT if self.bar.last is None else HEIGHT_WITH_LAST
        return QSize(px(LABEL_WIDTH + FIGURE_WIDTH + 80), px(height))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter presses; the arrows go to the neighbours."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif (step := steps.get(Qt.Key(event.key()))) is not None:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Label, bar, figure; last period's bar is thin and hollow."""
        px, theme = self.look.px, self.look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            painter.fillRect(self.rect(), QColor(theme.chosen))
        height = px(HEIGHT)
        painter.setPen(QColor(theme.ink))
        self._write(painter, QRectF(px(4), 0, px(LABEL_WIDTH - 8), height), self.bar.label)
        room = max(1.0, self.width() - px(LABEL_WIDTH + FIGURE_WIDTH))
        left = float(px(LABEL_WIDTH))
        tint = self.bar.tint or theme.info
        painter.setPen(QPen(QColor(tint.ink), 1))
        painter.setBrush(QColor(tint.back))
        box = QRectF(left, px(4), self._long(self.bar.length, room), height - px(8))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(QColor(theme.ink))
        figures = QRectF(self.width() - px(FIGURE_WIDTH - 4), 0, px(FIGURE_WIDTH - 8), height)
        self._write(painter, figures, self.bar.figure, right=True)
        if self.bar.last:
            self._paint_last(painter, left, room)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_last(self, painter: QPainter, left: float, room: float) -> None:
        px, theme = self.look.px, self.look.theme
        painter.setPen(QPen(QColor(theme.soft), 1, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        top = px(HEIGHT - 2)
        long = self._long(self.bar.last or 0.0, room)
        painter.drawRect(QRectF(left, top, long, px(5)).adjusted(0.5, 0.5, -0.5, -0.5))

    def _long(self, value: float, room: float) -> float:
        """At least a line where there is anything at all."""
        return max(2.0 if value > 0 else 1.0, room * value / self.longest if self.longest else 1.0)

    def _write(self, painter: QPainter, box: QRectF, words: str, *, right: bool = False) -> None:
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        fitting = painter.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideRight, round(box.width())
        )
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, fitting)


class BarChart(QWidget):
    """A title and its bars; Tab comes to one of them, the arrows go through the others."""

    opened = Signal(str)
    """The key of a bar."""
    pointed = Signal(QWidget)
    """The bar that the arrows have come to."""

    def __init__(self, look: Look, title: str) -> None:
        super().__init__()
        self.look = look
        self.bars: list[BarButton] = []
        self.setAccessibleName(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.title = QLabel(title)
        self.title.setFont(look.font(bold=True))
        self.note = soft_label()
        self.note.setFont(look.font("small"))
        layout.addWidget(self.title)
        layout.addWidget(self.note)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        layout.addLayout(self._lines)

    def show_bars(self, bars: Sequence[Bar], note: str = "") -> None:
        """Shows other bars; those that stay are only given their new value."""
        longest = max((max(bar.length, bar.last or 0.0) for bar in bars), default=0.0)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        if [one.bar.key for one in self.bars] == [bar.key for bar in bars]:
            for button, bar in zip(self.bars, bars, strict=True):
                button.show_bar(bar, longest)
            return
        while self._lines.count():
            widget: QWidget = self._lines.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        self.bars = [self._button(bar, longest) for bar in bars]
        if self.bars:
            self._make_current(self.bars[0])

    def _button(self, bar: Bar, longest: float) -> BarButton:
        button = BarButton(self.look, bar, longest)
        button.clicked.connect(lambda: self.opened.emit(button.bar.key))
        button.stepped.connect(lambda step: self._step(button, step))
        self._lines.addWidget(button)
        return button

    def _make_current(self, current: BarButton) -> None:
        for button in self.bars:
            mine = button is current
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if mine else Qt.FocusPolicy.ClickFocus)

    def _step(self, button: BarButton, step: int) -> None:
        place = self.bars.index(button) + step
        if 0 <= place < len(self.bars):
            self._make_current(self.bars[place])
            self.bars[place].setFocus(Qt.FocusReason.TabFocusReason)
            self.pointed.emit(self.bars[place])

"""A class as number, word and tint: the same sign wherever a class is shown."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.forms.classes import FiveClass
from app.ui.look import Look
from app.ui.theme import Tint

UNDECIDED = "未定"


def class_text(five_class: FiveClass, *, at_least: bool = False) -> str:
    """④ 可疑, or ④ 至少可疑 while answers are missing; at least normal says nothing yet."""
    if at_least and five_class is FiveClass.NORMAL:
        return UNDECIDED
    return f"{five_class.sign} {'至少' if at_least else ''}{five_class.label}"


def chip_words(
    five_class: FiveClass,
    metrics: QFontMetrics,
    room: float,
    *,
    at_least: bool = False,
    short: bool = False,
    sign: bool = False,
) -> str:
    """The words of a chip with so many pixels of room.

    `short` has ≥ in place of 至少, or where there is no room for that either the frame alone
    tells. `sign` leaves the number alone.
    """
    undecided = at_least and five_class is FiveClass.NORMAL
    words = class_text(five_class, at_least=at_least and (undecided or not short))
    if sign:
        return words[0]
    tight = f"≥{five_class.sign}{five_class.label}"
    if short and at_least and not undecided and metrics.horizontalAdvance(tight) <= room:
        return tight
    return words


def draw_chip(
    painter: QPainter,
    look: Look,
    box: QRectF,
    five_class: FiveClass,
    *,
    at_least: bool = False,
    short: bool = False,
    sign: bool = False,
) -> None:
    """Draws the chip into the box; a class that isn't final has a dashed frame."""
    undecided = at_least and five_class is FiveClass.NORMAL
    tint = Tint(look.theme.paper, look.theme.soft) if undecided else look.class_tint(five_class)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if at_least:
        pen = painter.pen()
        pen.setColor(QColor(_frame_colour(look, five_class, tint)))
        pen.setStyle(Qt.PenStyle.DashLine)
        pen.setWidthF(1)
        painter.setPen(pen)
    elif look.theme.chip_edge:
        painter.setPen(QColor(look.theme.chip_edge))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tint.back))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setPen(QColor(tint.ink))
    words = chip_words(
        five_class, painter.fontMetrics(), box.width(), at_least=at_least, short=short, sign=sign
    )
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()


def _frame_colour(look: Look, five_class: FiveClass, tint: Tint) -> str:
    edge = look.theme.edge if five_class is FiveClass.LOSS else tint.ink
    return look.theme.chip_edge or edge


class ClassChip(QWidget):
    """The chip as a widget."""

    def __init__(self, look: Look, *, bold: bool = False) -> None:
        super().__init__()
        self.look = look
        self.five_class: FiveClass | None = None
        self.at_least = False
        self.setFont(look.font(bold=bold))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_class(self, five_class: FiveClass, *, at_least: bool) -> None:
        """Shows a class."""
        if (five_class, at_least) != (self.five_class, self.at_least):
            self.five_class, self.at_least = five_class, at_least
            self.setAccessibleName(f"类别：{class_text(five_class, at_least=at_least)}")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Room for the words."""
        text = class_text(self.five_class or FiveClass.NORMAL, at_least=self.at_least)
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(text) + self.look.px(20), self.look.px(28))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Draws it."""
        if self.five_class is not None:
            painter = QPainter(self)
            box = QRectF(self.rect())
            draw_chip(painter, self.look, box, self.five_class, at_least=self.at_least)
            painter.end()

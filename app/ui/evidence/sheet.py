"""One page on the screen: its picture, the boxes on it, and the mouse that draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.look import Look
from app.ui.theme import SHEET

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom in ten-thousandths of the upright page."""
PARTS = 10_000
SMALLEST = 6
"""Pixels: what is smaller is a click, not a box."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A box on the page and the words that go with it."""

    field: str
    label: str
    rect: Rect


def turned_point(x: float, y: float, turns: int) -> tuple[float, float]:
    """A place of the upright page, in parts of one, on the page turned right so many times."""
    for _ in range(turns % 4):
        x, y = 1 - y, x
    return x, y


class PaperSheet(QWidget):
    """Shows a page; a drag of the mouse draws a box, a click on one asks for its field."""

    drawn = Signal(object)
    """The place of a new box on the upright page."""
    field_asked = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.image = QImage()
        self.turns = 0
        self.can_draw = False
        self.focused = ""
        self._boxes: dict[str, Marked] = {}
        self._from: QPointF | None = None
        self._to = QPointF()
        self.setAccessibleName("资料的这一页")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the hand stays in the field

    # ── what is shown

    def show_image(self, image: QImage) -> None:
        """Another picture of the page, sharper or of another page."""
        self.image = image
        self.update()

    def show_boxes(self, boxes: Mapping[str, Marked], focused: str) -> None:
        """The boxes of this page; that of the field in focus stands out."""
        self._boxes = dict(boxes)
        self.focused = focused
        self.update()

    @property
    def aspect(self) -> float:
        """Height of the page as it is turned, for a width of one."""
        if self.image.isNull():
            return 1.414
        upright = self.image.height() / self.image.width()
        return 1 / upright if self.turns % 2 else upright

    def place_of(self, rect: Rect) -> QRect:
        """Where a box stands on the screen."""
        left, top, right, bottom = (part / PARTS for part in rect)
        one = turned_point(left, top, self.turns)
        other = turned_point(right, bottom, self.turns)
        xs, ys = sorted((one[0], other[0])), sorted((one[1], other[1]))
        wide, high = self.width(), self.height()
        start = QPoint(round(xs[0] * wide), round(ys[0] * high))
        return QRect(start, QPoint(round(xs[1] * wide), round(ys[1] * high)))

    def rect_between(self, one: QPointF, other: QPointF) -> Rect:
        """The box between two points of the screen, on the upright page, cut off at its edges."""
        found = []
        for point in (one, other):
            x, y = point.x() / max(1, self.width()), point.y() / max(1, self.height())
            found.append(turned_point(x, y, -self.turns % 4))
        xs, ys = (sorted(_part(point[axis]) for point in found) for axis in (0, 1))
        return xs[0], ys[0], xs[1], ys[1]

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The picture, stretched while a sharper one is drawn, and the boxes over it."""
        painter = QPainter(self)
        if not self.image.isNull():
            self._paint_page(painter)
        for field, marked in self._boxes.items():
            if field != self.focused:
                self._paint_box(painter, marked, strong=False)
        if self.focused in self._boxes:
            self._paint_box(painter, self._boxes[self.focused], strong=True)
        if self._from is not None:
            pen = QPen(self._accent(), 2, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawRect(QRectF(self._from, self._to).normalized())

    def _paint_page(self, painter: QPainter) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(self.width() / 2, self.height() / 2)
        painter.rotate(90 * self.turns)
        wide, high = self.width(), self.height()
        if self.turns % 2:
            wide, high = high, wide
        painter.drawImage(QRectF(-wide / 2, -high / 2, wide, high), self.image)
        painter.restore()

    def _accent(self) -> QColor:
        return QColor(SHEET.mark)

    def _paint_box(self, painter: QPainter, marked: Marked, *, strong: bool) -> None:
        place = self.place_of(marked.rect)
        colour = self._accent() if strong else QColor(SHEET.ink)
        if strong:  # as a text marker does: what is written stays as dark as it is
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            painter.fillRect(place, QColor(SHEET.highlight))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setPen(QPen(colour, 3 if strong else 1))
        painter.drawRect(place)
        if strong:
            self._paint_label(painter, marked.label, place, colour)

    def _paint_label(self, painter: QPainter, label: str, place: QRect, colour: QColor) -> None:
        painter.setFont(self.look.font("small"))
        metrics = painter.fontMetrics()
        size = metrics.boundingRect(label).adjusted(-4, -2, 4, 2).size()
        above = place.top() - size.height() - 2
        corner = QPoint(place.left(), above if above >= 0 else place.bottom() + 3)
        corner.setX(max(0, min(corner.x(), self.width() - size.width())))
        back = QRect(corner, size)
        painter.fillRect(back, colour)
        painter.setPen(QColor(SHEET.on_mark))
        painter.drawText(back, Qt.AlignmentFlag.AlignCenter, label)

    # ── the mouse

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Begins a box."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = self._to = event.position()

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """The box follows the mouse."""
        if self._from is not None:
            self._to = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Ends a box; without a way in between it was a click."""
        if self._from is None or event.button() != Qt.MouseButton.LeftButton:
            return
        start, self._from = self._from, None
        end = event.position()
        self.update()
        way = (end - start).toPoint()
        if min(abs(way.x()), abs(way.y())) >= SMALLEST:
            self._end_box(start, end)
        else:
            self._click(end.toPoint())

    def _end_box(self, start: QPointF, end: QPointF) -> None:
        rect = self.rect_between(start, end)
        if self.can_draw and rect[0] < rect[2] and rect[1] < rect[3]:
            self.drawn.emit(rect)

    def _click(self, point: QPoint) -> None:
        hit = [m for m in self._boxes.values() if self.place_of(m.rect).contains(point)]
        if hit:
            smallest = min(hit, key=lambda m: _area(m.rect))
            self.field_asked.emit(smallest.field)

    def drop_box(self) -> None:
        """Forgets a box that is just being drawn."""
        self._from = None
        self.update()


def _part(fraction: float) -> int:
    return round(min(max(fraction, 0.0), 1.0) * PARTS)


def _area(rect: Rect) -> int:
    return (rect[2] - rect[0]) * (rect[3] - rect[1])

"""Small signs drawn as lines, so that they are sharp at every scale and need no font."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF


def _lines(painter: QPainter, *points: tuple[float, float]) -> None:
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))


def _error(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(2, 2, 12, 12))
    _lines(painter, (5.5, 5.5), (10.5, 10.5))
    _lines(painter, (10.5, 5.5), (5.5, 10.5))


def _warning(painter: QPainter) -> None:
    _lines(painter, (8, 2), (14.5, 13.5), (1.5, 13.5), (8, 2))
    _lines(painter, (8, 6.5), (8, 9.5))
    _lines(painter, (8, 11.3), (8, 11.6))


def _good(painter: QPainter) -> None:
    _lines(painter, (3, 8.5), (6.5, 12), (13, 4.5))


def _info(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(2, 2, 12, 12))
    _lines(painter, (8, 7.5), (8, 11.2))
    _lines(painter, (8, 4.8), (8, 5.1))


def _open(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(3.5, 3.5, 9, 9))


def _down(painter: QPainter) -> None:
    _lines(painter, (4, 6), (8, 10.5), (12, 6))


def _up(painter: QPainter) -> None:
    _lines(painter, (4, 10), (8, 5.5), (12, 10))


def _left(painter: QPainter) -> None:
    _lines(painter, (10, 4), (5.5, 8), (10, 12))


def _right(painter: QPainter) -> None:
    _lines(painter, (6, 4), (10.5, 8), (6, 12))


def _plus(painter: QPainter) -> None:
    _lines(painter, (8, 3), (8, 13))
    _lines(painter, (3, 8), (13, 8))


def _minus(painter: QPainter) -> None:
    _lines(painter, (3, 8), (13, 8))


def _turn(painter: QPainter) -> None:
    painter.drawArc(QRectF(3, 3, 10, 10), -40 * 16, 290 * 16)
    _lines(painter, (9.2, 11.6), (11.9, 11.3), (12.4, 14))


def _fit(painter: QPainter) -> None:
    _lines(painter, (2, 3), (2, 13))
    _lines(painter, (14, 3), (14, 13))
    _lines(painter, (4.5, 8), (11.5, 8))
    _lines(painter, (6.5, 6), (4.5, 8), (6.5, 10))
    _lines(painter, (9.5, 6), (11.5, 8), (9.5, 10))


def _close(painter: QPainter) -> None:
    _lines(painter, (4, 4), (12, 12))
    _lines(painter, (12, 4), (4, 12))


def _calendar(painter: QPainter) -> None:
    painter.drawRect(QRectF(2.5, 3.5, 11, 10))
    _lines(painter, (2.5, 6.5), (13.5, 6.5))
    _lines(painter, (5.5, 2), (5.5, 4.5))
    _lines(painter, (10.5, 2), (10.5, 4.5))


def _search(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(2.5, 2.5, 8, 8))
    _lines(painter, (9.5, 9.5), (13.5, 13.5))


def _folder(painter: QPainter) -> None:
    _lines(painter, (2, 13), (2, 3.5), (6, 3.5), (7.5, 5.5), (14, 5.5), (14, 13), (2, 13))


def _paper(painter: QPainter) -> None:
    _lines(painter, (3.5, 2), (9.5, 2), (12.5, 5), (12.5, 14), (3.5, 14), (3.5, 2))
    _lines(painter, (5.5, 7.5), (10.5, 7.5))
    _lines(painter, (5.5, 10.5), (10.5, 10.5))


DRAWN: dict[str, Callable[[QPainter], None]] = {
    "error": _error,
    "warning": _warning,
    "good": _good,
    "info": _info,
    "open": _open,
    "down": _down,
    "up": _up,
    "left": _left,
    "right": _right,
    "plus": _plus,
    "minus": _minus,
    "turn": _turn,
    "fit": _fit,
    "close": _close,
    "calendar": _calendar,
    "search": _search,
    "folder": _folder,
    "paper": _paper,
}


def draw_sign(painter: QPainter, name: str, box: QRectF, colour: QColor) -> None:
    """Draws the sign of that name into the box."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 16, box.height() / 16)
    pen = QPen(colour, 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    DRAWN[name](painter)
    painter.restore()


def sign_pixmap(name: str, colour: str | QColor, size: int = 16, ratio: float = 2.0) -> QPixmap:
    """The sign as a picture, twice as fine as the screen asks."""
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_sign(painter, name, QRectF(0, 0, size, size), QColor(colour))
    painter.end()
    return picture


def sign_icon(name: str, colour: str | QColor, size: int = 16) -> QIcon:
    """The sign as an icon, the same in a chosen row."""
    picture = sign_pixmap(name, colour, size)
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon

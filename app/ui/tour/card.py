"""The card of the tour, and the frame around the control it speaks of."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.buttons import link_button, push_button
from app.ui.focus_ring import draw_ring
from app.ui.icons import sign_pixmap
from app.ui.look import Look
from app.ui.sign_line import soft_label
from app.ui.tour.steps import Step

WIDTH, GAP, AROUND = 320, 12, 4
NEXT, BACK, END, LEAVE = "下一步(&N)", "上一步(&B)", "结束(&N)", "离开（Esc）"
DONE = "做到了。按 Enter 往下看。"
FIRST = "先做这一步："
DONE_LAST = "做到了。按 Enter 结束。"
KEYS = "不想试就按 Alt+N 往下看。"
ELSEWHERE = "光标在表单里时，按 Alt+N 往下看。"


class Mark(QWidget):
    """The frame: seen, never in the way of the mouse."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self.look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Drawn as the focus is drawn everywhere."""
        draw_ring(self, self.look)


class Card(QFrame):
    """One step: what it is, what to press, back, next, leave."""

    next_asked = Signal()
    back_asked = Signal()
    leave_asked = Signal()

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self.look = look
        px = look.px
        self.setProperty("surface", "tour")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(16), px(12), px(12), px(10))
        layout.setSpacing(px(6))
        layout.addLayout(self._head())
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        layout.addWidget(self.text)
        layout.addLayout(self._press())
        self.keys = soft_label(KEYS)
        self.keys.setFont(look.font("small"))
        layout.addWidget(self.keys)
        layout.addSpacing(px(2))
        layout.addLayout(self._buttons())

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.title = QLabel()
        self.title.setFont(self.look.font(bold=True))
        self.place = soft_label(wrap=False)
        row.addWidget(self.title, 1)
        row.addWidget(self.place)
        return row

    def _press(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(6))
        self.sign = QLabel()
        # In the middle of the first line's height.
        self.sign.setContentsMargins(0, self.look.px(2), 0, 0)
        self.press = QLabel()
        self.press.setFont(self.look.font(bold=True))
        self.press.setWordWrap(True)
        self.press.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.press, 1)
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(6))
        self.leave_button = link_button(LEAVE)
        self.back_button = push_button(BACK)
        self.next_button = push_button(NEXT, main=True)
        self.leave_button.clicked.connect(self.leave_asked)
        self.back_button.clicked.connect(self.back_asked)
        self.next_button.clicked.connect(self.next_asked)
        row.addWidget(self.leave_button)
        row.addStretch(1)
        row.addWidget(self.back_button)
        row.addWidget(self.next_button)
        return row

    def show_step(self, step: Step, place: int, of: int) -> None:
        """Says what this step is about."""
        self.title.setText(step.title)
        self.place.setText(f"{place + 1}/{of}")
        self.text.setText(step.text)
        self.back_button.setEnabled(place > 0)
        last = place + 1 == of
        self.next_button.setText(END if last else NEXT)
        self.keys.setText(KEYS)
        self.keys.setVisible(step.here)
        self._say(step.press, "right", self.look.theme.accent)
        self.setAccessibleName(f"演示第{place + 1}步，共{of}步：{step.title}")
        self.setAccessibleDescription(f"{step.text}{step.press}")

    def insist(self, step: Step) -> None:
        """Says again what to press, to somebody who went elsewhere."""
        self._say(f"{FIRST}{step.press}", "right", self.look.theme.accent)

    def show_done(self, *, last: bool) -> None:
        """Says that it worked; Enter leads on."""
        # In the form Enter goes from field to field, also after what the step asked for.
        self.keys.setText(ELSEWHERE)
        self.keys.setVisible(not last)
        self._say(DONE_LAST if last else DONE, "good", self.look.theme.good.ink)
        self.next_button.setFocus()

    def _say(self, words: str, sign: str, colour: str) -> None:
        self.press.setText(words)
        self.sign.setPixmap(sign_pixmap(sign, colour, self.look.px(16)))

    def wanted_size(self, room: QSize) -> QSize:
        """As wide as cards are, as high as the words need."""
        width = min(self.look.px(WIDTH), room.width() - 2 * self.look.px(GAP))
        layout = self.layout()
        if layout is None:
            return self.sizeHint()
        layout.activate()
        return QSize(width, layout.totalHeightForWidth(width))


def beside(target: QRect, size: QSize, room: QRect, gap: int, side: str = "left") -> QRect:
    """Where a card stands beside a control without covering it; without one in the corner."""
    corner = QRect(QPoint(0, 0), size)
    corner.moveBottomRight(room.bottomRight())
    if target.isEmpty():
        return corner
    level = target.center().y() - size.height() // 2
    places = {
        "left": (target.left() - gap - size.width(), level),
        "right": (target.right() + 1 + gap, level),
        "below": (target.left(), target.bottom() + 1 + gap),
        "above": (target.left(), target.top() - gap - size.height()),
        # Where lists end: neither their first rows nor what is read beside them is covered.
        "foot": (target.left() - gap - size.width(), corner.top()),
        "corner": (corner.left(), corner.top()),
    }
    order = sorted(places, key=lambda name: name != side)
    kept = [_kept_inside(QRect(QPoint(*places[name]), size), room) for name in order]
    return min(kept, key=lambda card: _area(card & target))


def _kept_inside(card: QRect, room: QRect) -> QRect:
    moved = QRect(card)
    moved.moveLeft(max(room.left(), min(card.left(), room.right() + 1 - card.width())))
    moved.moveTop(max(room.top(), min(card.top(), room.bottom() + 1 - card.height())))
    return moved


def _area(rect: QRect) -> int:
    return rect.width() * rect.height() if rect.isValid() else 0

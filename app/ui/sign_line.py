"""An icon and a sentence side by side: how problems and news are said, never by colour alone."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.ui.buttons import link_button
from app.ui.icons import sign_pixmap
from app.ui.look import Look


def soft_label(text: str = "", *, wrap: bool = True) -> QLabel:
    """A label for secondary text."""
    label = QLabel(text)
    label.setProperty("tone", "soft")
    label.setWordWrap(wrap)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def set_tone(widget: QWidget, tone: str) -> None:
    """Changes the tone of a label."""
    restyle(widget, "tone", tone)


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Gives a widget a property that the style looks at; its style is worked out again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Said(Struct, frozen=True):
    """What a sign line says: sign, sentence, and the word of what can be done."""

    sign: str
    text: str
    action: str = ""


BESIDE_FROM = 240
"""The width from which sentence and action stand side by side."""


class SignLine(QWidget):
    """A sign, a sentence, and what can be done about it."""

    acted = Signal()

    def __init__(self, look: Look, sign: str, text: str, action: str = "") -> None:
        super().__init__()
        self.look = look
        self.sign = sign
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(look.px(6))
        picture = QLabel()
        picture.setPixmap(sign_pixmap(sign, self._colour(), look.px(15)))
        picture.setFixedWidth(look.px(16))
        picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        picture.setContentsMargins(0, look.px(2), 0, 0)
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        self.label = QLabel(text)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        set_tone(self.label, sign)
        self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._words.setSpacing(look.px(6))
        self._words.addWidget(self.label, 1)
        layout.addLayout(self._words, 1)
        self.button: QPushButton | None = None
        if action:
            # The first line of the sentence stands on the line of the button's words.
            self.label.setContentsMargins(0, look.px(3), 0, 0)
            picture.setContentsMargins(0, look.px(4), 0, 0)
            self.button = link_button(action)
            self.button.clicked.connect(self.acted)
            self._words.addWidget(
                self.button, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
            )

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Where there is little room what can be done stands below the sentence."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        narrow = self.width() < self.look.px(BESIDE_FROM)
        wanted = direction.TopToBottom if narrow else direction.LeftToRight
        if wanted != self._words.direction():
            self._words.setDirection(wanted)
            # Qt does not tell what is around that another height is needed now.
            self.updateGeometry()

    def _colour(self) -> str:
        theme = self.look.theme
        tints = {"error": theme.error, "warning": theme.warning, "good": theme.good}
        return tints[self.sign].ink if self.sign in tints else theme.soft

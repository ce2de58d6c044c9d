"""Choices as a row of numbered buttons: yes or no, one of a few, several of a few, a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import digits
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from app.forms.classes import FiveClass
from app.forms.errors import ValueFault
from app.forms.schema import FieldDef
from app.forms.values import is_empty, parse_value
from app.ui.fields.base import Editor, step_of_return
from app.ui.flow_layout import FlowLayout
from app.ui.look import Look

NARROWEST = 112
"""Width in pixels at 100% down to which the words of an answer are shortened."""


@dataclass(frozen=True, slots=True)
class Option:
    """One button: the key that presses it, the raw value, the words on it."""

    number: int
    value: Any
    label: str
    code: str = ""
    """Code of the choice whose explanation belongs to it."""


def _digit_of(event: QKeyEvent) -> str:
    """The number that was typed, if it was one alone."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or len(event.text()) != 1:
        return ""
    return event.text() if event.text() in digits else ""


class ChoiceButton(QPushButton):
    """Where even alone in its row it has too little room its words are small, at last cut."""

    _measuring = False

    def __init__(self, words: str, look: Look) -> None:
        super().__init__(words)
        self.small = look.font("small")
        self.narrowest = look.px(NARROWEST)
        # A button is otherwise never narrower than its words.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for all its words."""
        self._measuring = True
        hint = super().sizeHint()
        self._measuring = False
        return hint

    def minimumSizeHint(self) -> QSize:
        """Long words do not make the form wider than the window."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), self.narrowest), hint.height())

    @property
    def shown_words(self) -> str:
        """The words, or as many of them, written small, as there is room for."""
        lacking = self.sizeHint().width() - self.width()
        if lacking <= 0:
            return self.text()
        room = self.fontMetrics().horizontalAdvance(self.text()) - lacking
        return QFontMetrics(self.small).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    def initStyleOption(self, option: QStyleOptionButton, /) -> None:
        """What is drawn."""
        super().initStyleOption(option)
        if not self._measuring:
            option.text = self.shown_words  # type: ignore[attr-defined]

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Small letters where the usual ones have too little room."""
        if self.sizeHint().width() <= self.width():
            super().paintEvent(event)
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.setFont(self.small)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.end()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Words that are cut are all in the tip."""
        super().resizeEvent(event)
        self.setToolTip(self.text() if self.shown_words != self.text() else "")


class ChoiceButtons(Editor):
    """One answer out of a few: press its number, or move and press the space bar."""

    stretches = True

    def __init__(self, field: FieldDef, look: Look) -> None:
        super().__init__(field, look)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.options = tuple(self.make_options())
        self.buttons: list[QPushButton] = []
        self._value: Any = None
        self._hint = ""
        self._cursor = -1
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        box = QWidget()
        outer.addWidget(box)
        flow = FlowLayout(box, look.px(6))
        for place, option in enumerate(self.options):
            button = self._make_button(place, option)
            self.buttons.append(button)
            flow.addWidget(button)
        self._show()

    def make_options(self) -> Sequence[Option]:
        """The answers this field has."""
        return [
            Option(number, choice.code, choice.label, choice.code)
            for number, choice in enumerate(self.field.choices, start=1)
        ]

    def _make_button(self, place: int, option: Option) -> QPushButton:
        button = ChoiceButton(f"{option.number} {option.label}", self.look)
        button.setProperty("kind", "choice")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAccessibleName(f"{self.field.label}：{option.label}")
        button.clicked.connect(lambda _checked=False, at=place: self._press(at))
        button.installEventFilter(self)
        return button

    def set_value(self, raw: Any, shown: str = "") -> None:
        """Shows the chosen answer; an unreadable one is none."""
        self._value = self.normal(raw)
        self._show()

    def normal(self, raw: Any) -> Any:
        """The raw value as one of the options' values; None for no answer."""
        if is_empty(raw):
            return None
        try:
            value = parse_value(self.field, raw)
        except ValueFault:
            return None
        if isinstance(value, FiveClass):
            return value.value
        return list(value) if isinstance(value, tuple) else value

    def raw(self) -> Any:
        """The chosen answer."""
        return self._value

    def set_hint(self, text: str) -> None:
        """What stands for an empty answer is said under the buttons."""
        self._hint = text

    def note(self, raw: Any) -> str:
        """What stands for the answer while there is none."""
        return self._hint if raw is None else ""

    def chosen(self, option: Option) -> bool:
        """Whether this option is (part of) the answer."""
        return self._value is not None and option.value == self._value

    def choose(self, place: int) -> None:
        """Takes the option at this place as the answer."""
        if self.locked:
            self._show()
            return
        self._value = self.options[place].value
        self._answered()

    def clear_answer(self) -> None:
        """Takes the answer back."""
        if self._value is not None and not self.locked:
            self._value = None
            self._answered()

    def _answered(self) -> None:
        self._show()
        self.committed.emit(self._value)

    def _press(self, place: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._move_cursor(place)
        self.choose(place)

    def _show(self) -> None:
        words = []
        for option, button in zip(self.options, self.buttons, strict=True):
            on = self.chosen(option)
            button.setChecked(on)
            words += [option.label] if on else []
        self.setAccessibleDescription("、".join(words) or "未选")

    def _move_cursor(self, place: int) -> None:
        place = max(-1, min(place, len(self.buttons) - 1))
        for at, button in enumerate(self.buttons):
            wanted = at == place and self.hasFocus()
            if bool(button.property("pointed")) != wanted:
                button.setProperty("pointed", wanted)
                button.style().unpolish(button)
                button.style().polish(button)
        self._cursor = place
        self.pointed.emit(self.options[place].code if place >= 0 else "")

    def _start_place(self) -> int:
        chosen = (at for at, option in enumerate(self.options) if self.chosen(option))
        enabled = (at for at, button in enumerate(self.buttons) if button.isEnabled())
        return next(chosen, next(enabled, 0))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Numbers choose, arrows move, space takes, Backspace takes back, Enter moves on."""
        step = step_of_return(event)
        place = self._place_of_key(event)
        if step:
            self.moved.emit(step)
        elif place >= 0:
            self._move_cursor(place)
            self.choose(place)
        elif _digit_of(event):
            self.refused.emit(self._why_refused(_digit_of(event)))
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self._move_cursor(min(self._cursor + 1, len(self.buttons) - 1))
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self._move_cursor(max(self._cursor - 1, 0))
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.clear_answer()
        elif not self._take_space(event):
            super().keyPressEvent(event)

    def _take_space(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Space or self._cursor < 0:
            return False
        if self.buttons[self._cursor].isEnabled():
            self.choose(self._cursor)
        return True

    def _place_of_key(self, event: QKeyEvent) -> int:
        return self._place_of_number(_digit_of(event))

    def _place_of_number(self, text: str) -> int:
        for place, option in enumerate(self.options):
            if text == str(option.number) and self.buttons[place].isEnabled():
                return place
        return -1

    def _why_refused(self, number: str) -> str:
        if self.locked:
            return "现在不能改。"
        both = zip(self.options, self.buttons, strict=True)
        free = [str(option.number) for option, button in both if button.isEnabled()]
        return f"没有可以选的答案{number}，请按{'、'.join(free)}。" if free else "现在不能选。"

    def take_number(self, number: int) -> None:
        """The answer with this number, as its key takes it."""
        place = self._place_of_number(str(number))
        if place >= 0:
            self._move_cursor(place)
            self.choose(place)
        else:
            self.refused.emit(self._why_refused(str(number)))

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """The cursor starts on the answer, or on the first button."""
        super().focusInEvent(event)
        self.focused.emit()
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self._move_cursor(self._start_place())

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """The cursor goes."""
        super().focusOutEvent(event)
        self._move_cursor(-1)
        self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """The explanation of the button under the mouse is shown."""
        if event.type() == QEvent.Type.Enter and watched in self.buttons:
            self.pointed.emit(self.options[self.buttons.index(watched)].code)
        elif event.type() == QEvent.Type.Leave:
            self.pointed.emit(self.options[self._cursor].code if self._cursor >= 0 else "")
        return super().eventFilter(watched, event)


class YesNoButtons(ChoiceButtons):
    """是 or 否."""

    def make_options(self) -> Sequence[Option]:
        """Yes first."""
        return [Option(1, True, "是"), Option(2, False, "否")]


class ManyButtons(ChoiceButtons):
    """Several answers, or expressly none (0)."""

    def make_options(self) -> Sequence[Option]:
        """The choices, then the answer that none of them holds."""
        none = Option(0, [], self.field.none_label or "无")
        return [none, *super().make_options()]

    def chosen(self, option: Option) -> bool:
        """None is chosen by an empty list, the others by being in it."""
        if self._value is None:
            return False
        return not self._value if option.number == 0 else option.value in self._value

    def choose(self, place: int) -> None:
        """Adds the option to the answer or takes it out; none clears the rest."""
        if self.locked:
            self._show()
            return
        option = self.options[place]
        if option.number == 0:
            self._value = []
        else:
            wanted = set(self._value or [])
            wanted ^= {option.value}
            self._value = [o.value for o in self.options if o.number and o.value in wanted]
        self._answered()


class ClassButtons(ChoiceButtons):
    """One of the five classes, each with its sign; better ones than allowed can't be pressed."""

    def __init__(self, field: FieldDef, look: Look) -> None:
        super().__init__(field, look)
        self._best: FiveClass | None = None

    def make_options(self) -> Sequence[Option]:
        """The five classes from best to worst."""
        return [Option(c.rank, c.value, c.label) for c in FiveClass]

    def set_best(self, best: FiveClass | None) -> None:
        """Classes better than this one can't be chosen; None: all can."""
        if best is self._best:
            return
        self._best = best
        for option, button in zip(self.options, self.buttons, strict=True):
            allowed = best is None or option.number >= best.rank
            button.setEnabled(allowed)
            button.setToolTip("" if allowed or best is None else f"优于系统建议的{best.label}")

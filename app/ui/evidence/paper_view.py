"""A paper beside the form: its pages, zoom and turn, and the boxes that belong to fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
)

from app.ui.buttons import link_button
from app.ui.evidence.renderer import Drawn, PageRenderer
from app.ui.evidence.sheet import Marked, PaperSheet, Rect
from app.ui.icons import sign_icon
from app.ui.sign_line import soft_label

if TYPE_CHECKING:
    from app.book.types import Box
    from app.ui.look import Look

STEP = 1.25
LEAST, MOST = 0.5, 6.0
SETTLE_MS = 120
"""So long the size has to stay before a sharper picture is drawn."""
NO_FIELD = "先点左边要填的一项，再在纸上框出它的出处。"
DRAW = "在纸上按住鼠标拖一个框，记作“{label}”的出处。"
BOXED = "“{label}”的出处已框出；重画就换掉。"
SEEN = "“{label}”的出处。"


@dataclass(frozen=True, slots=True)
class Command:
    """Something the hand does with the paper: sign, words, keys with Alt and on the paper alone."""

    sign: str
    words: str
    key: str
    plain: Qt.Key
    action: str


COMMANDS = (
    Command("up", "往上、上一页", "Alt+PgUp", Qt.Key.Key_PageUp, "page_up"),
    Command("down", "往下、下一页", "Alt+PgDown", Qt.Key.Key_PageDown, "page_down"),
    Command("minus", "缩小", "Alt+-", Qt.Key.Key_Minus, "zoom_out"),
    Command("plus", "放大", "Alt+=", Qt.Key.Key_Plus, "zoom_in"),
    Command("fit", "适合宽度", "Alt+0", Qt.Key.Key_0, "fit_width"),
    Command("turn", "向右转", "Alt+R", Qt.Key.Key_R, "turn_right"),
    Command("right", "下一份资料", "Alt+Right", Qt.Key.Key_N, "next_file"),
    Command("close", "收起，回到资料清单", "Alt+X", Qt.Key.Key_Escape, "ask_close"),
)


class PaperView(QFrame):
    """One file at a time, page by page; keys with Alt work while the hand is in the form."""

    box_drawn = Signal(int, object)
    """Page, counted from 1, and place of a box for the field in focus."""
    box_dropped = Signal()
    field_asked = Signal(str)
    next_asked = Signal()
    close_asked = Signal()
    outside_asked = Signal()

    def __init__(self, look: Look, renderer: PageRenderer) -> None:
        super().__init__()
        self.look = look
        self.renderer = renderer
        self.pages = 0
        self.page = 0
        self.zoom = 1.0
        self.editable = False
        self.field = ""
        self.boxes: tuple[Box, ...] = ()
        self._labels: Callable[[str], str] = str
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._draw)
        self._build()
        renderer.opened.connect(self._opened)
        renderer.drawn.connect(self._drawn)
        renderer.failed.connect(self._failed)
        for command in COMMANDS:
            shortcut = QShortcut(QKeySequence(command.key), self)
            shortcut.activated.connect(getattr(self, command.action))
        QShortcut(QKeySequence("Alt++"), self).activated.connect(self.zoom_in)
        QShortcut(QKeySequence("Alt+Del"), self).activated.connect(self._ask_drop)

    # ── building

    def _build(self) -> None:
        px = self.look.px
        self.setProperty("surface", "paper")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._bar())
        self.area = QScrollArea()
        self.area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setAccessibleName("资料")
        self.area.viewport().installEventFilter(self)
        self.area.installEventFilter(self)
        self.sheet = PaperSheet(self.look)
        self.sheet.drawn.connect(self._box_drawn)
        self.sheet.field_asked.connect(self.field_asked)
        self.area.setWidget(self.sheet)
        layout.addWidget(self.area, 1)
        self.said = soft_label()
        self.said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.said.setContentsMargins(px(16), px(16), px(16), px(16))
        layout.addWidget(self.said, 1)
        layout.addLayout(self._foot())

    def _bar(self) -> QHBoxLayout:
        px = self.look.px
        row = QHBoxLayout()
        row.setContentsMargins(px(10), px(4), px(4), px(4))
        row.setSpacing(px(2))
        self.title = QLabel()
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self.title, 1)
        self.place = soft_label(wrap=False)
        row.addWidget(self.place)
        self.buttons: dict[str, QToolButton] = {}
        for command in COMMANDS:
            button = QToolButton()
            button.setIcon(sign_icon(command.sign, self.look.theme.soft))
            button.setToolTip(f"{command.words}（{command.key.replace('=', '+')}）")
            button.setAccessibleName(command.words)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(getattr(self, command.action))
            row.addWidget(button)
            self.buttons[command.action] = button
        return row

    def _foot(self) -> QHBoxLayout:
        px = self.look.px
        row = QHBoxLayout()
        row.setContentsMargins(px(10), px(3), px(6), px(3))
        self.hint = soft_label()
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.drop_button = link_button("去掉框", "去掉这一项的框（Alt+Del）")
        self.drop_button.clicked.connect(self._ask_drop)
        self.outside_button = link_button("用别的程序打开")
        self.outside_button.clicked.connect(self.outside_asked)
        row.addWidget(self.hint, 1)
        row.addWidget(self.drop_button)
        row.addWidget(self.outside_button)
        for button in (self.drop_button, self.outside_button):
            button.hide()  # until there is a box to take away, a file that can't be shown here
        return row

    # ── which file, which field

    def open(self, name: str, content: Callable[[], bytes], *, page: int = 0) -> None:
        """Opens a file at a page; its content is fetched off the window's thread."""
        self.page, self.pages = page, 0
        self.sheet.turns = 0
        self.sheet.drop_box()
        self.title.setText(name)
        self.title.setToolTip(name)
        self.boxes = ()
        self._say("正在打开…")
        self.renderer.open(content, name)

    def close_file(self) -> None:
        """Lets the file go."""
        self.pages = 0
        self._settle.stop()
        self.renderer.close()

    def show_boxes(
        self, boxes: tuple[Box, ...], labels: Callable[[str], str], *, editable: bool
    ) -> None:
        """The boxes on this file, and what their fields are called."""
        self.boxes, self._labels, self.editable = boxes, labels, editable
        self.sheet.can_draw = editable and bool(self.field)
        self._show_marks()

    def show_field(self, field: str) -> None:
        """The field in focus: its box is gone to and stands out."""
        self.field = field
        self.sheet.can_draw = self.editable and bool(field)
        box = self.box_of(field)
        if box is not None and box.page - 1 != self.page and box.page <= max(self.pages, 1):
            self.go_to_page(box.page - 1)
        self._show_marks()
        self._bring_box_into_view()

    def box_of(self, field: str) -> Box | None:
        """The box of a field on this file."""
        return next((box for box in self.boxes if box.field == field), None)

    def _show_marks(self) -> None:
        here = {
            box.field: Marked(box.field, self._labels(box.field), box.rect)
            for box in self.boxes
            if box.page - 1 == self.page
        }
        self.sheet.show_boxes(here, self.field)
        boxed = self.box_of(self.field) is not None
        self.drop_button.setVisible(self.editable and boxed)
        self.hint.setText(self._hint(boxed=boxed))

    def _hint(self, *, boxed: bool) -> str:
        label = self._labels(self.field) if self.field else ""
        if not self.editable:
            return SEEN.format(label=label) if boxed else ""
        if not label:
            return NO_FIELD
        return (BOXED if boxed else DRAW).format(label=label)

    def _bring_box_into_view(self) -> None:
        box = self.box_of(self.field)
        if box is None or box.page - 1 != self.page or self.sheet.image.isNull():
            return
        place = self.sheet.place_of(box.rect)
        centre = place.center()
        room = self.area.viewport()
        self.area.ensureVisible(
            centre.x(), centre.y(),
            min(room.width() // 2 - 1, place.width() // 2 + self.look.px(24)),
            min(room.height() // 2 - 1, place.height() // 2 + self.look.px(48)),
        )  # fmt: skip

    def _box_drawn(self, rect: Rect) -> None:
        self.box_drawn.emit(self.page + 1, rect)

    def _ask_drop(self) -> None:
        if self.editable and self.box_of(self.field) is not None:
            self.box_dropped.emit()

    # ── pages, zoom, turn

    def go_to_page(self, page: int, *, end: bool = False) -> None:
        """Another page, from its head or, going back, from its foot."""
        if not 0 <= page < max(self.pages, 1):
            return
        self.page = page
        self._show_place()
        self._show_marks()
        self._draw()
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.maximum() if end else 0)

    def page_down(self) -> None:
        """A screenful down; at the foot of a page the next one."""
        self._scroll(1)

    def page_up(self) -> None:
        """A screenful up; at the head of a page the one before."""
        self._scroll(-1)

    def _scroll(self, way: int) -> None:
        bar = self.area.verticalScrollBar()
        at_end = bar.value() == (bar.maximum() if way > 0 else bar.minimum())
        if at_end:
            self.go_to_page(self.page + way, end=way < 0)
        else:
            bar.setValue(bar.value() + way * bar.pageStep() * 9 // 10)

    def zoom_in(self) -> None:
        """Larger."""
        self._zoom_to(self.zoom * STEP)

    def zoom_out(self) -> None:
        """Smaller."""
        self._zoom_to(self.zoom / STEP)

    def fit_width(self) -> None:
        """As wide as the room."""
        self._zoom_to(1.0)

    def turn_right(self) -> None:
        """A quarter to the right, for looking only."""
        self.sheet.turns = (self.sheet.turns + 1) % 4
        self._lay_out()
        self._settle.start()

    def next_file(self) -> None:
        """The next file of the row."""
        self.next_asked.emit()

    def ask_close(self) -> None:
        """Back to the lists."""
        self.close_asked.emit()

    def _zoom_to(self, zoom: float) -> None:
        area, bars = self.area, (self.area.horizontalScrollBar(), self.area.verticalScrollBar())
        middle = [(bar.value() + bar.pageStep() / 2) / max(1, size) for bar, size in
                  zip(bars, (self.sheet.width(), self.sheet.height()), strict=True)]  # fmt: skip
        self.zoom = min(max(zoom, LEAST), MOST)
        self._lay_out()
        sizes = (self.sheet.width(), self.sheet.height())
        rooms = (area.viewport().width(), area.viewport().height())
        for bar, part, size, room in zip(bars, middle, sizes, rooms, strict=True):
            bar.setValue(round(part * size - room / 2))
        self._settle.start()

    # ── drawing

    def _opened(self, pages: int) -> None:
        self.pages = pages
        self.page = min(self.page, pages - 1)
        self._show_place()
        self._draw()

    def _room(self) -> int:
        """The width there is for the page, with room kept for the bar beside it."""
        bar = self.area.verticalScrollBar()
        return max(80, self.area.width() - bar.sizeHint().width() - 2)

    def _draw(self) -> None:
        self._settle.stop()
        if self.pages:
            wide = self._room() * self.zoom
            if self.sheet.turns % 2:
                wide *= self.sheet.aspect
            self.renderer.ask(self.page, round(wide * self.devicePixelRatioF()))

    def _drawn(self, drawn: Drawn) -> None:
        if drawn.page != self.page:
            return
        first = self.sheet.image.isNull() or not self.area.isVisibleTo(self)
        self._say("")
        self.sheet.show_image(drawn.image)
        self._lay_out()
        self._show_marks()
        if first:
            self._bring_box_into_view()

    def _failed(self, why: str) -> None:
        self.pages = 0
        self._say(why)
        self.outside_button.show()

    def _say(self, words: str) -> None:
        """Words in place of the page."""
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self.area.setVisible(not words)
        self.outside_button.hide()
        self.place.setText("" if words else self.place.text())
        if words:
            self.hint.setText("")
            self.drop_button.setVisible(False)

    def _lay_out(self) -> None:
        wide = round(self._room() * self.zoom)
        self.sheet.resize(wide, max(1, round(wide * self.sheet.aspect)))

    def _show_place(self) -> None:
        self.place.setText(f"{self.page + 1}/{self.pages} 页")

    # ── hands

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """The room has changed, a key on the paper, the wheel with Ctrl."""
        if watched is self.area and event.type() == QEvent.Type.Resize:
            self._lay_out()
            self._settle.start()
        if isinstance(event, QKeyEvent):
            return self._key(event)
        if isinstance(event, QWheelEvent) and watched is self.area.viewport():
            return self._wheel(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        """Keys on the paper alone; what the window means by them elsewhere does not count here."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        command = next((c for c in COMMANDS if c.plain == event.key()), None)
        if command is None or not plain:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            getattr(self, command.action)()
        return True

    def _wheel(self, event: QWheelEvent) -> bool:
        turn = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if turn:
                self._zoom_to(self.zoom * (STEP if turn > 0 else 1 / STEP))
            return True
        return False

"""Room on the screen: how large dialogs open and grow, and what scrolls where there is little."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QFormLayout, QScrollArea, QWidget

from app.ui.look import Look

GAP = 8
"""Between what scrolls and its bar, where there is one."""
SETTLED_MS = 120
"""Until a window manager has answered."""
SHARE = 0.9
"""How much of the screen a dialog takes at most."""


def open_at(dialog: QWidget, look: Look, width: int, height: int) -> None:
    """Gives a dialog its first size, in pixels at 100%; large letters end at the screen."""
    room = dialog.screen().availableSize() * SHARE
    dialog.resize(min(look.px(width), room.width()), min(look.px(height), room.height()))


def keep_on_screen(dialog: QWidget) -> None:
    """Moves a dialog that has grown back to where all of it can be reached."""
    room, frame = dialog.screen().availableGeometry(), dialog.frameGeometry()
    frame.moveRight(min(frame.right(), room.right()))
    frame.moveBottom(min(frame.bottom(), room.bottom()))
    frame.moveLeft(max(frame.left(), room.left()))
    frame.moveTop(max(frame.top(), room.top()))
    dialog.move(frame.topLeft())


def make_room(dialog: QWidget, *, once_more: bool = True) -> None:
    """Makes a dialog as high as its words need at its width, which Qt does not do by itself.

    Looked at once more a little later: parts may not have told their size yet, and a window
    manager that is still busy with the size before sets that one again.
    """
    layout = dialog.layout()
    if layout is None:
        return
    most = int(dialog.screen().availableSize().height() * SHARE)
    wraps = layout.hasHeightForWidth()
    needed = layout.totalSizeHint().height()
    wanted = min(layout.totalHeightForWidth(dialog.width()) if wraps else needed, most)
    if wanted > dialog.height():
        dialog.resize(dialog.width(), wanted)
    if once_more:
        QTimer.singleShot(SETTLED_MS, dialog, lambda: make_room(dialog, once_more=False))


def form_layout(look: Look, parent: QWidget | None = None) -> QFormLayout:
    """Labels before their lines, apart by a gap that grows with the letters; Qt's own does not."""
    form = QFormLayout(parent)
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(look.px(10))
    form.setVerticalSpacing(look.px(10))
    return form


class FittingDialog(QDialog):
    """Opens as high as its sentences need at its width, within the screen."""

    def showEvent(self, event: QShowEvent, /) -> None:
        """Qt gives it two thirds of the screen at most, and lines that wrap are then cut."""
        super().showEvent(event)
        layout = self.layout()
        if layout is not None and not event.spontaneous():
            layout.activate()
            make_room(self)


class FittingArea(QScrollArea):
    """As high as what it holds, where there is room; else it scrolls."""

    def __init__(self, held: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(held)
        held.installEventFilter(self)
        self.verticalScrollBar().rangeChanged.connect(lambda _least, most: self._keep_off(most))

    def _keep_off(self, most: int) -> None:
        """What is held does not touch the bar that scrolls it."""
        margin = GAP if most else 0
        if self.viewportMargins().right() != margin:
            self.setViewportMargins(0, 0, margin, 0)
        # Once everything has its place: what stands above may have grown.
        QTimer.singleShot(0, self, self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        """What has the keyboard does not slip away below the edge."""
        focus = QApplication.focusWidget()
        if focus is None or not self.widget().isAncestorOf(focus):
            return
        if focus.height() <= self.viewport().height() // 2:
            self.ensureWidgetVisible(focus, 0, GAP)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Parts of what it holds have come or gone."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Narrower means higher."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """What it holds, at the width there is."""
        held = self.widget()
        wanted = held.sizeHint()
        if held.hasHeightForWidth():
            # Not at the width it would like: lines that wrap need more where there is less.
            width = max(self.width(), held.minimumSizeHint().width())
            wanted.setHeight(held.heightForWidth(width))
        return wanted

    def minimumSizeHint(self) -> QSize:
        """A few lines are enough to scroll in; from side to side nothing is cut."""
        return QSize(self.widget().minimumSizeHint().width(), 160)

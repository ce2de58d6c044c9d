"""Where messages stand: a bar beside or above the work, and a dialog for faults of the program."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCursor,
    QGuiApplication,
    QHideEvent,
)
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.ask import make_dialog
from app.ui.buttons import push_button
from app.ui.icons import sign_icon, sign_pixmap
from app.ui.look import Look
from app.ui.messages import Message, Messages
from app.ui.room import make_room

READ_MS = 8000
"""After this long good news go by themselves, warnings with the next key or click."""


class MessageBar(QFrame):
    """The last message: what happened, what to do; errors stay until they are closed."""

    def __init__(self, look: Look, messages: Messages) -> None:
        super().__init__()
        self.look = look
        self.message: Message | None = None
        self._going: Going | None = None
        self.setVisible(False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(READ_MS)
        self._timer.timeout.connect(self._have_been_read)
        self._build()
        messages.told.connect(self.show_message)
        messages.cleared.connect(self.hide)

    def _build(self) -> None:
        px = self.look.px
        self.row = row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(6), px(6), px(6))
        row.setSpacing(px(8))
        self.sign = QLabel()
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.detail_button = push_button("详情…")
        self.detail_button.setVisible(False)
        self.detail_button.clicked.connect(self._show_detail)
        self.close_button = QToolButton()
        self.close_button.setToolTip("收起")
        self.close_button.setAccessibleName("收起消息")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.close_button.clicked.connect(self.hide)
        row.addWidget(self.sign)
        row.addWidget(self.text, 1)
        row.addWidget(self.detail_button)
        row.addWidget(self.close_button)

    def show_message(self, message: Message) -> None:
        """Shows a message in place of the one before."""
        self.message = message
        theme = self.look.theme
        tints = {
            "good": theme.good,
            "info": theme.info,
            "warning": theme.warning,
            "error": theme.error,
        }
        tint = tints[message.kind]
        self.setProperty("tint", message.kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self.sign.setPixmap(sign_pixmap(message.kind, tint.ink, self.look.px(16)))
        self.close_button.setIcon(sign_icon("close", tint.ink))
        self.text.setText(f"{message.text}{message.way_out}")
        self.setAccessibleName(self.text.text())
        self.detail_button.setVisible(bool(message.detail))
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text.text()))
        window = self.window()
        if isinstance(window, QDialog):
            self._keep_room()
            QTimer.singleShot(0, window, lambda: make_room(window))
        self._stop_waiting()
        if message.kind == "error":
            self._timer.stop()
        else:
            self._timer.start()

    def _keep_room(self) -> None:
        """Once gone it leaves its place empty: a click on its way would land one line off."""
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)

    def _have_been_read(self) -> None:
        if self.message is None or self.message.kind != "warning":
            self.hide()
        elif (app := QCoreApplication.instance()) is not None:
            self._going = Going(self)
            app.installEventFilter(self._going)

    def _stop_waiting(self) -> None:
        if self._going is not None:
            self._going.deleteLater()
            self._going = None

    def hideEvent(self, event: QHideEvent, /) -> None:
        """A bar that is gone waits for nothing."""
        self._timer.stop()
        self._stop_waiting()
        super().hideEvent(event)

    def _show_detail(self) -> None:
        if self.message is not None:
            show_bug(self, self.look, self.message)


class Going(QObject):
    """Takes a warning away that was long enough to be read, once the hand goes on working."""

    def __init__(self, bar: MessageBar) -> None:
        super().__init__(bar)
        self.bar = bar

    def eventFilter(self, _watched: QObject, event: QEvent, /) -> bool:
        """Hides the bar at a key or a click anywhere but on the bar."""
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress):
            inside = self.bar.rect().contains(self.bar.mapFromGlobal(QCursor.pos()))
            if event.type() == QEvent.Type.KeyPress or not inside:
                self.bar.hide()
        return False


def show_bug(parent: QWidget, look: Look, message: Message) -> QDialog:
    """A fault of the program with its detail, to be copied with one click."""
    dialog = make_dialog(parent, look, "程序错误", f"{message.text}{message.way_out}")
    dialog.setMinimumWidth(look.px(640))
    detail = QPlainTextEdit(message.detail)
    detail.setReadOnly(True)
    detail.setMinimumHeight(look.px(220))
    detail.setAccessibleName("技术详情")
    copy = push_button("复制详情")
    copy.setProperty("kind", "main")
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(message.detail))
    close = push_button("关闭")
    close.clicked.connect(dialog.accept)
    buttons = QHBoxLayout()
    buttons.addStretch(1)
    buttons.addWidget(copy)
    buttons.addWidget(close)
    layout = dialog.layout()
    if isinstance(layout, QVBoxLayout):
        layout.addWidget(detail)
        layout.addLayout(buttons)
    dialog.open()
    return dialog

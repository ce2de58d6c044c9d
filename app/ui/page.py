"""What the pages have in common: a title, a line of explanation, actions at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.flow_layout import FlowLayout
from app.ui.room import FittingArea
from app.ui.sign_line import soft_label


class Page(QFrame):
    """A page of the window that is read anew when it is shown."""

    def __init__(self, desk: Desk, title: str, about: str = "", *, scrolls: bool = False) -> None:
        """`scrolls`: as a whole, where there is too little room for it."""
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.setProperty("surface", "paper")
        px = self.look.px
        self.body = QVBoxLayout(self._scrolled() if scrolls else self)
        self.body.setContentsMargins(px(24), px(16), px(24), px(16))
        self.body.setSpacing(px(10))
        head = QHBoxLayout()
        head.setSpacing(px(8))
        self.title = QLabel(title)
        self.title.setFont(self.look.font("title", bold=True))
        self.about = soft_label(about)
        head.addWidget(self.title, 1, Qt.AlignmentFlag.AlignTop)
        # Where the title leaves too little room, the buttons wrap.
        self.button_row = FlowLayout(None, px(6))
        head.addLayout(self.button_row)
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addLayout(head)
        words.addWidget(self.about)
        self.body.addLayout(words)
        # Not before it stands in the page: shown alone it would be a window of its own.
        self.about.setVisible(bool(about))

    def _scrolled(self) -> QFrame:
        held = QFrame()
        held.setProperty("surface", "paper")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(FittingArea(held))
        return held

    def add_action(
        self, words: str, tip: str, action: object, *, main: bool = False
    ) -> QPushButton:
        """A button at the right of the title."""
        button = push_button(words, tip, main=main)
        button.clicked.connect(action)
        self.button_row.addWidget(button)
        return button

    def follow_rows(self) -> None:
        """From now on the page also reads again when rows or balances change while it is shown."""
        # A method of the page, not a lambda: Qt lets go of it when the book is closed.
        self.desk.rows_changed.connect(self._rows_changed)

    def _rows_changed(self, _table: str) -> None:
        self.renew_if_seen()

    def renew_if_seen(self) -> None:
        """Reads again unless nobody looks: what is hidden is read when it is shown."""
        if self.isVisible() and self.desk.has_book:
            self.renew()

    def renew(self) -> None:
        """Reads again what the page shows."""

    def showEvent(self, event: QShowEvent, /) -> None:
        """What is shown is always fresh."""
        super().showEvent(event)
        if self.desk.has_book:
            self.renew()

    def focus_first(self) -> None:
        """Puts the keyboard on what is to be done next here: the main button, else what comes."""
        buttons = self.findChildren(QPushButton)
        main = [one for one in buttons if one.property("kind") == "main"]
        usable = [one for one in (*main, *buttons) if one.isEnabled() and one.isVisible()]
        if usable:
            usable[0].setFocus()

    def keyboard(self) -> QWidget | None:
        """What has the keyboard in this window, or will have it again after the dialog over it."""
        return self.window().focusWidget()

    def focus_if_resting(self) -> None:
        """Goes on to what comes next, where what had the keyboard has gone and nobody moved it."""
        if self.keyboard() is self:
            self.focus_first()

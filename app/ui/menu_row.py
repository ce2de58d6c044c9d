"""The menus, and beside them the last message: nothing of the page is ever under it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QMenuBar, QSizePolicy, QWidget

from app.ui.look import Look
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages

GAP = 8


class MenuRow(QWidget):
    """A message of one line finds its place ready; for a longer one the page gives way."""

    def __init__(self, look: Look, messages: Messages) -> None:
        super().__init__()
        self.menus = QMenuBar()
        # A desktop that shows menus elsewhere would leave the row empty.
        self.menus.setNativeMenuBar(False)
        self.menus.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.addWidget(self.menus)
        # What is left stays empty: a message may come and go without moving the menus.
        self.row.addStretch(1)
        self.bar = self._placed(look, messages)

    def _placed(self, look: Look, messages: Messages) -> MessageBar:
        bar = MessageBar(look, messages)
        edge = look.px(1)
        bar.row.setContentsMargins(look.px(12), edge, edge, edge)
        self.row.setSpacing(look.px(GAP))
        # It comes before the room that is left, and takes all of that.
        self.row.insertWidget(1, bar, 1000)
        self.setMinimumHeight(max(self.menus.sizeHint().height(), bar.sizeHint().height()))
        return bar

    def renew(self, look: Look, messages: Messages) -> None:
        """The bar in another look; what it said goes with the pages it was about."""
        old, self.bar = self.bar, self._placed(look, messages)
        messages.told.disconnect(old.show_message)  # it is there a moment longer
        old.hide()
        old.deleteLater()

"""How large a dialog opens: as it likes, within its screen; and how it grows with its words."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.look import Look

SHARE = 0.9
"""How much of the screen a dialog takes at most."""


def open_at(dialog: QWidget, look: Look, width: int, height: int) -> None:
    """Gives a dialog its first size, in pixels at 100%; large letters end at the screen."""
    room = dialog.screen().availableSize() * SHARE
    dialog.resize(min(look.px(width), room.width()), min(look.px(height), room.height()))


def make_room(dialog: QWidget) -> None:
    """Makes a dialog as high as its words need at its width, which Qt does not do by itself."""
    layout = dialog.layout()
    if layout is None:
        return
    most = int(dialog.screen().availableSize().height() * SHARE)
    wanted = min(layout.totalHeightForWidth(dialog.width()), most)
    if wanted > dialog.height():
        dialog.resize(dialog.width(), wanted)

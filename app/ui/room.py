"""How large a dialog opens: as large as it likes, within its screen."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.look import Look

SHARE = 0.9
"""How much of the screen a dialog takes at most."""


def open_at(dialog: QWidget, look: Look, width: int, height: int) -> None:
    """Gives a dialog its first size, in pixels at 100%; large letters end at the screen."""
    room = dialog.screen().availableSize() * SHARE
    dialog.resize(min(look.px(width), room.width()), min(look.px(height), room.height()))

"""Enter leads from line to line of a dialog, as it does in the forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt

from app.ui.fields.base import Line


def lead_through(lines: Sequence[Line], finish: Callable[[], object]) -> None:
    """Enter goes to the next line that is shown, Shift+Enter back; behind the last it finishes."""
    for place, line in enumerate(lines):
        line.stepped.connect(partial(_step, lines, place, finish))


def _step(lines: Sequence[Line], place: int, finish: Callable[[], object], step: int) -> None:
    beyond = lines[place + 1 :] if step > 0 else lines[:place][::-1]
    following = next((line for line in beyond if line.isEnabled() and not line.isHidden()), None)
    if following is not None:
        following.setFocus(Qt.FocusReason.TabFocusReason)
    elif step > 0:
        finish()

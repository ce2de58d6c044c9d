"""A short code that a person compares before a key counts: nothing happens unless it was."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QVBoxLayout, QWidget

from app.ui.ask import add_buttons, make_dialog
from app.ui.look import Look
from app.ui.sign_line import SignLine, soft_label


def ask_code(
    parent: QWidget,
    look: Look,
    *,
    title: str,
    text: str,
    code: str,
    warning: str,
    how: str,
    compared: str,
    action: str,
    then: Callable[[], None],
) -> QDialog:
    """Shows the code and how to compare it; `compared` has to be ticked before `action`."""
    dialog = make_dialog(parent, look, title, text)
    layout = dialog.layout()
    assert isinstance(layout, QVBoxLayout)
    shown = QLabel(code)
    shown.setFont(look.font("title", bold=True))
    shown.setAccessibleName("密钥短码")
    layout.addWidget(shown)
    if warning:
        layout.addWidget(SignLine(look, "warning", warning))
    layout.addWidget(soft_label(how))
    box = QCheckBox(compared)
    layout.addWidget(box)
    button = add_buttons(dialog, action, dialog.accept)
    button.setEnabled(False)
    box.toggled.connect(button.setEnabled)
    dialog.accepted.connect(then)
    dialog.open()
    box.setFocus()
    return dialog

"""A key nobody has compared yet: whose it says it is, its short code, and what to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QVBoxLayout, QWidget

from app.ui.ask import add_buttons, make_dialog
from app.ui.look import Look
from app.ui.sign_line import SignLine, soft_label


def ask_key(
    parent: QWidget,
    look: Look,
    *,
    whose: str,
    code: str,
    earlier: str,
    then: Callable[[], None],
    otherwise: Callable[[], None],
) -> QDialog:
    """Asks whether the short code was compared; `earlier` is the key that counted so far."""
    dialog = make_dialog(parent, look, "核对密钥", f"{whose}的文件是用下面这把密钥签的：")
    layout = dialog.layout()
    assert isinstance(layout, QVBoxLayout)
    shown = QLabel(code)
    shown.setFont(look.font("title", bold=True))
    shown.setAccessibleName("密钥短码")
    layout.addWidget(shown)
    if earlier:
        text = f"以前认可的是 {earlier}，这次换了一把。请问清楚为什么换。"
        layout.addWidget(SignLine(look, "warning", text))
    layout.addWidget(
        soft_label("请打电话给对方，让对方念出“本社密钥”里的短码，逐字对过。不要用文件里的电话。")
    )
    compared = QCheckBox("已经打电话核对，短码一致")
    layout.addWidget(compared)
    button = add_buttons(dialog, "认可，接收", dialog.accept)
    button.setEnabled(False)
    compared.toggled.connect(button.setEnabled)
    dialog.accepted.connect(then)
    dialog.rejected.connect(otherwise)
    dialog.open()
    compared.setFocus()
    return dialog

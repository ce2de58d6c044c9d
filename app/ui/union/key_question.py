"""A key nobody has compared yet: whose it says it is, its short code, and what to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from app.ui.code_question import ask_code
from app.ui.look import Look


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
    changed = f"以前认可的是 {earlier}，这次换了一把。请问清楚为什么换。"
    dialog = ask_code(
        parent,
        look,
        title="核对密钥",
        text=f"{whose}的文件是用下面这把密钥签的：",
        code=code,
        warning=changed if earlier else "",
        how="请打电话给对方，让对方念出“本社密钥”里的短码，逐字对过。不要用文件里的电话。",
        compared="已经打电话核对，短码一致",
        action="认可，接收",
        then=then,
    )
    dialog.rejected.connect(otherwise)
    return dialog

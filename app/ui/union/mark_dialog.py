"""A question on one field: which one, and what is to be made good."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QDialog, QVBoxLayout, QWidget

from app.ui.ask import add_buttons, make_dialog
from app.ui.fields.long import Sheet
from app.ui.look import Look


def ask_mark(
    parent: QWidget,
    look: Look,
    *,
    fields: Sequence[tuple[str, str]],
    focused: str,
    then: Callable[[str, str], None],
) -> QDialog:
    """Asks for field and note; `fields` are keys and labels, the one in focus is chosen."""
    dialog = make_dialog(parent, look, "提问题", "信用社收到退回后，这个问题标在该项下面。")
    layout = dialog.layout()
    assert isinstance(layout, QVBoxLayout)
    which = QComboBox()
    which.setAccessibleName("哪一项")
    for key, label in fields:
        which.addItem(label, key)
    which.setCurrentIndex(max(0, which.findData(focused)))
    note = Sheet()
    note.setAccessibleName("什么问题")
    note.setPlaceholderText("缺什么、哪里不对、要怎样改")
    layout.addWidget(which)
    layout.addWidget(note)

    def accept() -> None:
        words = note.toPlainText().strip()
        if words:
            dialog.accept()
            then(str(which.currentData()), words)

    note.stepped.connect(lambda step: accept() if step > 0 else which.setFocus())
    add_buttons(dialog, "提问题", accept)
    dialog.open()
    note.setFocus()
    return dialog

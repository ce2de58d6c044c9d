"""Where signed files go and the passphrase they are signed with: receipts, decisions, reports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui import remembered
from app.ui.ask import add_buttons, make_dialog
from app.ui.buttons import push_button
from app.ui.desk import Desk

Then = Callable[[Path, str], None]


def ask_folder_and_passphrase(
    parent: QWidget, desk: Desk, *, title: str, text: str, action: str, folder: Path, then: Then
) -> QDialog:
    """Asks for both; the folder that was chosen is remembered for the next files."""
    look = desk.look
    dialog = make_dialog(parent, look, title, text)
    dialog.setMinimumWidth(look.px(520))
    place, passphrase = QLineEdit(str(folder)), QLineEdit()
    place.setAccessibleName("放在文件夹")
    passphrase.setAccessibleName("密钥口令")
    passphrase.setEchoMode(QLineEdit.EchoMode.Password)

    def browse() -> None:
        name = QFileDialog.getExistingDirectory(dialog, "放在文件夹", place.text())
        if name:
            place.setText(name)

    browse_button = push_button("选择…")
    browse_button.setAutoDefault(False)
    browse_button.clicked.connect(browse)
    row = QHBoxLayout()
    row.addWidget(place, 1)
    row.addWidget(browse_button)
    form = QFormLayout()
    form.setVerticalSpacing(look.px(10))
    form.addRow("放在文件夹", row)
    form.addRow("密钥口令", passphrase)
    layout = dialog.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.addLayout(form)

    def accept() -> None:
        dialog.accept()
        out = Path(place.text().strip())
        remembered.set_last_folder(desk.settings, out if out.is_dir() else out.parent)
        then(out, passphrase.text())

    button = add_buttons(dialog, action, accept)

    def ready() -> None:
        button.setEnabled(bool(place.text().strip() and passphrase.text()))

    place.textChanged.connect(ready)
    passphrase.textChanged.connect(ready)
    ready()
    dialog.open()
    passphrase.setFocus()
    return dialog

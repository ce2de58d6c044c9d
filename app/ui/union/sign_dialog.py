"""Where signed files go and the passphrase they are signed with: receipts, decisions, reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui import remembered
from app.ui.ask import add_buttons, ask, make_dialog
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.places import start_in
from app.ui.room import form_layout

Then = Callable[[Path, str], None]


NO_KEY = "{title}要用联社的密钥签名，本账套还没有密钥。先建立密钥，再接着写。"


def ask_folder_and_passphrase(
    parent: QWidget,
    desk: Desk,
    *,
    title: str,
    text: str,
    action: str,
    folder: Path,
    then: Then,
    choice: QComboBox | None = None,
) -> QDialog:
    """Asks for both; the folder that was chosen is remembered for the next files.

    `choice`: what the files are for, where that is to be chosen too. Without a key the key is made
    first.
    """
    from app.book.keys import office_key

    if office_key(desk.book) is None:
        again = partial(
            ask_folder_and_passphrase, parent, desk, title=title, text=text, action=action,
            folder=folder, then=then, choice=choice,
        )  # fmt: skip
        return _ask_for_key(parent, desk, title, again)
    return _asked(parent, desk, title, text, action, folder, then, choice)


def _ask_for_key(parent: QWidget, desk: Desk, title: str, again: Callable[[], object]) -> QDialog:
    """Leads to the key, and from there back to what was asked for."""
    from app.book.keys import office_key
    from app.ui.key_dialog import KeyDialog

    def make() -> None:
        dialog = KeyDialog(desk, parent)
        dialog.finished.connect(lambda _code: again() if office_key(desk.book) else None)
        dialog.open()

    text = NO_KEY.format(title=title)
    return ask(parent, desk.look, title="还没有密钥", text=text, action="建立密钥…", then=make)


def _asked(
    parent: QWidget,
    desk: Desk,
    title: str,
    text: str,
    action: str,
    folder: Path,
    then: Then,
    choice: QComboBox | None,
) -> QDialog:
    look = desk.look
    dialog = make_dialog(parent, look, title, text)
    dialog.setMinimumWidth(look.px(520))
    place, passphrase = QLineEdit(str(folder)), QLineEdit()
    place.setAccessibleName("放在文件夹")
    passphrase.setAccessibleName("密钥口令")
    passphrase.setEchoMode(QLineEdit.EchoMode.Password)

    def browse() -> None:
        name = QFileDialog.getExistingDirectory(dialog, "放在文件夹", start_in(place.text()))
        if name:
            place.setText(name)

    browse_button = push_button("选择…")
    browse_button.setAutoDefault(False)
    browse_button.clicked.connect(browse)
    row = QHBoxLayout()
    row.setSpacing(look.px(6))
    row.addWidget(place, 1)
    row.addWidget(browse_button)
    form = form_layout(look)
    if choice is not None:
        form.addRow(choice.accessibleName(), choice)
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

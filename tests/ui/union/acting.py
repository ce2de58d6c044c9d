"""What the tests of the union's pages do with dialogs and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow
from tests.ui.hands import button_named, enter, press, wait_for
from tests.union.county import PASSPHRASE


def active_dialog(window: MainWindow, qtbot: QtBot) -> QDialog:
    """The dialog that is open and has the keyboard."""

    def found() -> list[QDialog]:
        focus = QApplication.focusWidget()
        dialogs = [d for d in window.findChildren(QDialog) if d.isVisible()]
        return [d for d in dialogs if focus is not None and d.isAncestorOf(focus)]

    wait_for(qtbot, lambda: bool(found()))
    return found()[0]


def back_to(window: MainWindow, qtbot: QtBot) -> None:
    """The window is the active one again; the offscreen platform does not see to that."""
    window.activateWindow()
    wait_for(qtbot, window.isActiveWindow)


def wait_idle(window: MainWindow, qtbot: QtBot) -> None:
    """Until everything that was started has ended, also where the machine has much to do."""
    qtbot.waitUntil(lambda: not window.worker.busy, timeout=30_000)


def drop(window: MainWindow, *paths: Path) -> None:
    """Drops files on the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(400, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)


def words_of(widget: QWidget) -> str:
    """Everything that stands in labels."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def accept_key(window: MainWindow, qtbot: QtBot, code: str) -> None:
    """Compares the key in the dialog, by keyboard alone."""
    dialog = active_dialog(window, qtbot)
    assert code in words_of(dialog)
    assert not button_named(dialog, "认可，接收").isEnabled()
    box = dialog.findChild(QCheckBox)
    assert isinstance(box, QCheckBox)
    press(qtbot, Qt.Key.Key_Space)
    assert box.isChecked()
    enter(qtbot)
    assert not dialog.isVisible()
    back_to(window, qtbot)
    wait_idle(window, qtbot)


def line_named(widget: QWidget, name: str) -> Any:
    """The line that screen readers know by this name."""
    lines = [one for one in widget.findChildren(QLineEdit) if one.accessibleName() == name]
    assert len(lines) == 1, [one.accessibleName() for one in widget.findChildren(QLineEdit)]
    return lines[0]


def sign(window: MainWindow, qtbot: QtBot, out: Path) -> None:
    """Gives folder and passphrase in the dialog that is open."""
    dialog = active_dialog(window, qtbot)
    line_named(dialog, "放在文件夹").setText(str(out))
    line_named(dialog, "密钥口令").setText(PASSPHRASE)
    enter(qtbot)

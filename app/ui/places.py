"""Where file dialogs begin, under which name a file is saved, and how much room they take.

The dialogs are the system's own where it has them; else Qt's, in Chinese.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QFileDialog, QHeaderView, QSplitter, QTreeView, QWidget

from app.ui.look import Look
from app.ui.remembered import documents_folder
from app.ui.room import keep_on_screen, open_at

SIZE, BESIDE = (880, 560), 190
"""Of Qt's own dialog at 100%: its usual one cuts sizes, dates and the names of places."""
ROOMY = "roomy"


class RoomyFileDialogs(QObject):
    """Gives each of Qt's own file dialogs room for its columns when the keyboard comes to it."""

    def __init__(self, look: Look, application: QApplication) -> None:
        super().__init__(application)
        self.look = look
        application.focusChanged.connect(self._focus_changed)

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        dialog = new.window() if new is not None else None
        if isinstance(dialog, QFileDialog) and not dialog.property(ROOMY):
            dialog.setProperty(ROOMY, True)
            self._make_roomy(dialog)

    def _make_roomy(self, dialog: QFileDialog) -> None:
        before = dialog.geometry().center()
        open_at(dialog, self.look, *SIZE)
        dialog.move(before - dialog.rect().center())
        keep_on_screen(dialog)
        for splitter in dialog.findChildren(QSplitter):
            beside = self.look.px(BESIDE)
            splitter.setSizes([beside, dialog.width() - beside])
        tree = dialog.findChild(QTreeView, "treeView")
        if tree is not None:
            tree.header().setStretchLastSection(False)
            tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)


def start_in(wanted: str | Path) -> str:
    """The folder itself or the nearest one above it that is there: a stick may be gone."""
    folder = Path(wanted)
    if not folder.is_absolute():
        return str(documents_folder())
    there = next((one for one in (folder, *folder.parents) if one.is_dir()), None)
    # The root of everything is no place where anybody finds his files.
    return str(there if there is not None and there != there.parent else documents_folder())


def save_as(parent: QWidget, title: str, suggestion: Path, name_filter: str) -> Path | None:
    """Asks where a file goes; it ends as the suggestion does, also where that was not typed."""
    suggestion = Path(start_in(suggestion.parent)) / suggestion.name
    suffix = suggestion.suffix
    while True:
        name, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion), name_filter)
        if not name:
            return None
        path = Path(name)
        if path.suffix.lower() == suffix.lower():
            return path
        suggestion = path.with_name(path.name + suffix)
        if not suggestion.exists():
            return suggestion
        # Nobody was asked yet whether this one may be replaced: the dialog does it.

"""Where file dialogs begin, and under which name a file is saved.

The dialogs are the system's own where it has them; else Qt's, in Chinese.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui.remembered import documents_folder


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

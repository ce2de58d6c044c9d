"""The demonstration as a job of the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.ui.worker import Progress


def free_folder(wanted: Path) -> Path:
    """The folder, or the first numbered one that isn't there yet."""
    number, folder = 1, wanted
    while folder.exists():
        number += 1
        folder = wanted.with_name(f"{wanted.name}{number}")
    return folder


def made_demo(folder: Path, progress: Progress) -> Path:
    """Runs the whole demonstration and returns the first office's book."""
    from app.demo import ASSETS, OFFICES
    from app.demo.campaign import run_demo

    result = run_demo(folder, OFFICES, ASSETS, progress)
    return result.offices[0].book

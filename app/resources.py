"""Where the files that belong to the program lie: definitions, fonts, icons, samples, manual."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@cache
def resource_root() -> Path:
    """The folder of all resources: frozen by PyInstaller, installed, or in a checkout."""
    if getattr(sys, "frozen", False):
        # PyInstaller unpacks (or, in one-dir builds, keeps) data files here.
        return Path(sys._MEIPASS) / "resources"  # type: ignore[attr-defined]
    installed = PACKAGE / "_resources"
    return installed if installed.is_dir() else PACKAGE.parent / "resources"


def resource_path(*parts: str) -> Path:
    """The path of one resource, as in ``resource_path("fonts", "OFL.txt")``; it must exist."""
    path = resource_root().joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"resource missing from this installation: {path}")
    return path

"""Copying the file of an open book."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


def copied_elsewhere(path: Path, to: Path) -> None:
    """Copies it in another process: read in this one, SQLite would lose its locks."""
    subprocess.run([sys.executable, "-S", "-c", COPY, str(path), str(to)], check=True)

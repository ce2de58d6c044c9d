"""What is loaded when the window is first painted, and what isn't yet."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAVY = (
    "pyhanko",
    "reportlab",
    "openpyxl",
    "xlsxwriter",
    "docx",
    "pypinyin",
    "cryptography",
    "sqlalchemy",
    "python_calamine",
    "PIL",
    "pypdfium2",
)

PROGRAM = """
import json, sys
from PySide6.QtWidgets import QApplication
from app.ui.application import make_application, make_window
application = make_application()
window = make_window()
window.show()
application.processEvents()
print(json.dumps(sorted(sys.modules)))
"""


def test_first_paint_loads_no_heavy_library(project_root: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=project_root,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "app.ui.main_window" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_first_paint_reads_no_definitions(project_root: Path) -> None:
    program = PROGRAM.replace(
        "print(json.dumps(sorted(sys.modules)))",
        "from app.forms.loader import load_ruleset; print(load_ruleset.cache_info().currsize)",
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project_root,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines()[-1] == "0"

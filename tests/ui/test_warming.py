"""What the first form needs is there before it is asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.ui.desk import Desk
from app.ui.warming import MODULES, warm_up
from tests.ui.hands import wait_for

SAYS_ITS_THREAD = "import threading\nTHREAD = threading.current_thread()\n"
FORM = """
import sys
from importlib import import_module
from app.ui.table_page import TablePage
from app.ui.warming import MODULES
for name in MODULES:
    import_module(name)
there = set(sys.modules)
from app.ui.form_view import FormView
from app.ui.office_session import OfficeSession
from app.ui.evidence_view import EvidenceView
from app.ui.history_view import HistoryView
from app.ui.working_paper_view import WorkingPaperView
print(sorted(name for name in set(sys.modules) - there if name.startswith("app.")))
"""


def test_modules_are_read_off_the_windows_thread(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    (tmp_path / "not_read_yet.py").write_text(SAYS_ITS_THREAD)
    monkeypatch.syspath_prepend(tmp_path)
    assert warm_up(desk.worker, ("not_read_yet",))
    wait_for(qtbot, lambda: not desk.worker.busy)
    thread = sys.modules.pop("not_read_yet").THREAD
    assert thread.name.startswith("wuji-worker")


def test_what_is_there_is_not_read_again(desk: Desk) -> None:
    assert not warm_up(desk.worker, ("app.ui.warming",))
    assert not desk.worker.busy


def test_a_form_then_reads_no_module_of_ours(project_root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORM],
        cwd=project_root,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]"
    assert "app.ui.form_view" in MODULES

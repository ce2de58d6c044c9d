"""First paint of the main window by a bare ``QMainWindow``; with its list of 2,000 rows."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from app.book.book import Book
from app.book.types import Institution
from tests.benchmarks._measurement import Measurement, median_seconds
from tests.benchmarks._screen import screen
from tests.rows import ASKED

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 9
ROWS = 2_000
FRAME_LIMIT, LIST_LIMIT = 2.0, 4.0
KEYSTROKE_MS = 16.0
Screen = Mapping[str, str]


def make_book(folder: Path, rows: int = ROWS) -> Path:
    """A book with so many rows in 1-2."""
    path = folder / "office.wuji"
    with Book.create(path, Institution("QS01", "青山信用社"), date(2006, 12, 31)) as book:
        book.add_person("王明", "preparer")
        values = [
            {**ASKED, "name": f"存放第{n}户", "carrying_amount": f"{1000 + n}.00"}
            for n in range(rows)
        ]
        book.add_rows("1-2", values, by="王明", source="benchmark")
    return path


def environment() -> dict[str, str]:
    """As after an installation: byte code is kept, for the program and for Qt alike."""
    cache = Path(tempfile.gettempdir()) / "wuji-benchmark-bytecode"
    found = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(cache)}
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    return found


def start(shown: Screen, kind: str, *more: str) -> float:
    """Seconds from the start of a process to the paint."""
    command = [sys.executable, "-m", "tests.benchmarks._window_child", kind]
    done = subprocess.run(
        [*command, str(time.monotonic()), *more],
        cwd=ROOT,
        env={**environment(), **shown},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def ratio(shown: Screen, kind: str, *more: str) -> Measurement:
    """Our start by the bare one, taken in turns so that a busy machine slows both."""
    start(shown, kind, *more), start(shown, "bare")
    pairs = [(start(shown, kind, *more), start(shown, "bare")) for _ in range(ROUNDS)]
    ours = statistics.median(our for our, _ in pairs)
    value = statistics.median(our / bare for our, bare in pairs)
    title, limit = {
        "frame": ("first paint of the frame by a bare window", FRAME_LIMIT),
        "list": (f"list of {ROWS:,} rows filled by a bare window", LIST_LIMIT),
    }[kind]
    return Measurement(title, value, "×", limit, note=f"{ours:.2f} s, {shown['QT_QPA_PLATFORM']}")


def keystroke(book_path: Path) -> Measurement:
    """A keystroke in the form: evaluated and everything shown again."""
    from app.ui.application import make_application, make_window
    from app.ui.desk_view import DeskView
    from app.ui.table_page import TablePage

    application = make_application()
    window = make_window()
    window.resize(1366, 768)
    window.show()
    window.desk.take(Book.open(book_path))
    view = window.desk_view
    assert isinstance(view, DeskView)
    page = view.go("table:1-2")
    assert isinstance(page, TablePage)
    page.open_row(page.desk.book.row_list("1-2", limit=1)[0].id)
    application.processEvents()
    session, typed = page.session, iter(range(1_000_000))
    assert session is not None

    def press() -> None:
        session.type_in("expected_loss", str(next(typed) % 900))
        application.processEvents()

    taken = median_seconds(press, rounds=200)
    session.pending.clear()
    window.close()
    return Measurement("keystroke in the form of 1-2, shown", taken * 1000, "ms", KEYSTROKE_MS)


def measure() -> Iterator[Measurement]:
    """Frame, list, keystroke."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_CONFIG_HOME"] = str(folder)
        path = make_book(folder)
        # On a screen, as a clerk has it: there a window also has its part of the work to wait for.
        with screen() as shown:
            yield ratio(shown, "frame")
            yield ratio(shown, "list", str(path), str(folder / "settings.ini"))
        yield keystroke(path)

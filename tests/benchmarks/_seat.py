"""A clerk's seat: the window with a big book, what the hands do there, and a watch for each move.

A busy machine lets the window's thread wait for a core; where Linux says how long, that is no part
of a frame. What waits for the disk, for a lock or for Python's collector is.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.book.book import Book
from app.book.types import Institution
from app.ui.application import make_application, make_window
from app.ui.collecting import SETTLE_MS, WindowCollector
from app.ui.desk_view import DeskView
from app.ui.table_page import TablePage
from tests.benchmarks._measurement import Measurement
from tests.rows import ASKED

ROWS = 20_000
TABLE = "1-2"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗单曾"
NAMES = (
    "明芳",
    "强",
    "伟军",
    "丽",
    "敏静",
    "磊",
    "洋勇",
    "艳",
    "国文",
    "桂英",
    "兰",
    "平刚",
    "玉华",
)
SCHEDULE = Path("/proc/thread-self/schedstat")
WINDOW = (1366, 768)

Row = dict[str, Any]


def row(number: int) -> Row:
    """One of many rows, with other names, amounts, classes and gaps than those beside it."""
    surname = SURNAMES[number % len(SURNAMES)]
    who = surname + NAMES[number % len(NAMES)]
    fen = 10_000 + number * 7_919 % 90_000_000
    found: Row = {
        **ASKED,
        "asset_no": f"QS-{number:05d}",
        "counterparty": f"{who}农村信用社",
        "name": f"存放{who}第{number}户",
        "carrying_amount": f"{fen // 100}.{fen % 100:02d}",
        "limitation": "lapsed" if number % 7 == 0 else "within",
        "expected_loss": f"{fen // 300}.00" if number % 5 == 0 else "0.00",
    }
    if number % 11 == 0:
        del found["agreement_legality"]
    if number % 13 == 0:
        found |= {"wp_formation": "开户存入。", "wp_state": "按期付息。", "initial_class": "normal"}
    return found


def make_book(folder: Path, rows: int = ROWS) -> Path:
    """A book with so many rows in one table."""
    path = folder / "office.wuji"
    with Book.create(path, Institution("QS01", "青山信用社"), date(2006, 12, 31)) as book:
        book.add_person("王明", "preparer")
        book.add_rows(TABLE, [row(n) for n in range(rows)], by="王明", source="benchmark")
    return path


@dataclass(frozen=True, slots=True, order=True)
class Frame:
    """One move of the hand up to the paint that shows it, in seconds."""

    taken: float
    """Without waiting for a core that others had."""
    worked: float
    """On the core."""
    collected: float
    """Python's collector, part of the work."""

    @property
    def blocked(self) -> float:
        """Waiting for the disk or a lock."""
        return max(0.0, self.taken - self.worked)


def queued() -> float:
    """Seconds that this thread was ready but had no core; nothing where the system doesn't say."""
    if not SCHEDULE.exists():
        return 0.0
    return int(SCHEDULE.read_text().split()[1]) / 1e9


class Watch:
    """Takes the time of frames."""

    def __init__(self, application: QApplication) -> None:
        self.application = application
        self._collected = self._began = 0.0
        gc.callbacks.append(self._note_collection)

    def close(self) -> None:
        """Listens no more."""
        gc.callbacks.remove(self._note_collection)

    def _note_collection(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.perf_counter()
        else:
            self._collected += time.perf_counter() - self._began

    def frame(self, move: Callable[[], object], *, paints: bool = True) -> Frame:
        """A move, and everything it brings about, up to the paint, or without it."""
        self._collected, waited = 0.0, queued()
        begun, work = time.perf_counter(), time.thread_time()
        move()
        if paints:
            self.application.processEvents()
        wall, worked = time.perf_counter() - begun, time.thread_time() - work
        return Frame(max(worked, wall - (queued() - waited)), worked, self._collected)


class Seat:
    """The window of the program, opened on a book, with hands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.application = make_application()
        collector = WindowCollector(self.application)
        self.window = make_window()
        self.window.desk.book_opened.connect(collector.settle_soon)
        self.window.desk.book_closed.connect(collector.thaw)
        self.window.resize(*WINDOW)
        self.window.show()
        self.window.activateWindow()
        self.watch = Watch(self.application)
        self.open()

    def open(self) -> None:
        """Opens the book, on the page without a list."""
        self.window.do_close_book()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.window.desk.take(Book.open(self.path))
        self.view.go("overview")
        page = self.view.pages.pop(f"table:{TABLE}", None)
        if page is not None:
            self.view.stack.removeWidget(page)
            page.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.settle(SETTLE_MS / 1000 + 0.3)

    def close(self) -> None:
        """Closes book and window."""
        self.watch.close()
        self.window.close()

    @property
    def view(self) -> DeskView:
        """The desk."""
        assert isinstance(self.window.desk_view, DeskView)
        return self.window.desk_view

    @property
    def page(self) -> TablePage:
        """The table's page."""
        page = self.view.go(f"table:{TABLE}")
        assert isinstance(page, TablePage)
        return page

    def settle(self, seconds: float = 0.3) -> None:
        """Lets the worker and all timers come to rest."""
        end = time.monotonic() + seconds
        while self.window.worker.busy or time.monotonic() < end:
            self.application.processEvents()
            time.sleep(0.002)

    def frame(self, move: Callable[[], object], *, paints: bool = True) -> Frame:
        """The frame of one move."""
        return self.watch.frame(move, paints=paints)

    def press(self, key: Qt.Key | str) -> Frame:
        """The frame of a key, wherever the keyboard is."""
        widget, pressed = QApplication.focusWidget(), key
        assert widget is not None
        if isinstance(pressed, str):
            return self.frame(lambda: QTest.keyClicks(widget, pressed))
        return self.frame(lambda: QTest.keyClick(widget, pressed))

    def wheel(self, notches: int) -> Frame:
        """The frame of a turn of the wheel over the list."""
        target = self.page.list.view.viewport()
        middle = QPointF(target.rect().center())
        turn = QWheelEvent(
            middle, target.mapToGlobal(middle), QPoint(), QPoint(0, -120 * notches),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        return self.frame(lambda: QApplication.sendEvent(target, turn))


def measured(
    name: str, frames: Sequence[Frame], *, median_ms: float, worst_ms: float
) -> list[Measurement]:
    """Median and worst of frames beside their limits; the worst with what it was spent on."""
    worst = max(frames)
    median = statistics.median(frame.taken for frame in frames) * 1000
    spent = (
        f"of {len(frames):,}; work {worst.worked * 1000:.0f}, blocked {worst.blocked * 1000:.0f}, "
        f"collector {worst.collected * 1000:.0f}"
    )
    return [
        Measurement(f"{name}, median", median, "ms", median_ms, note=f"of {len(frames):,}"),
        Measurement(f"{name}, worst", worst.taken * 1000, "ms", worst_ms, note=spent),
    ]

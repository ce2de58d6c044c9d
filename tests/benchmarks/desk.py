"""The desk with 20,000 rows in one table: opening, scrolling, finding, filling in, saving."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt

from tests.benchmarks._measurement import Measurement
from tests.benchmarks._seat import ROWS, Frame, Seat, make_book, measured

OPEN_MS = 300.0
FRAME_MS, WORST_MS = 16.0, 50.0
AT_ONCE_MS = 100.0
"""What is felt as the answer to one's own move: longer is a visible stop."""
STEPS, SAVES, FORMS, COUNTS = 300, 1_000, 40, 20
COUNTED = 100
"""After so many commits the counting of all rows is waited for."""
FIELD = "expected_loss"
SEARCHES = (
    "cfwm", "ylnc", "lxsyh", "cflq", "dh", "wang", "zzzz", "存放", "李芳", "第15户", "农村信用社",
    "高磊", "1234", "99", "888.8", "3,000", "12.5", "500.00", "QS-01", "qs01-1",
)  # fmt: skip
DIGITS = "1234567890"


def opening(seat: Seat) -> Iterator[Measurement]:
    """The table's list, then forms: the first one of the program, and rows far from each other."""
    tables = []
    for _ in range(5):
        seat.open()
        tables.append(seat.frame(lambda: seat.page))
    yield from measured("table opened", tables, median_ms=OPEN_MS, worst_ms=OPEN_MS)
    seat.settle()
    page = seat.page
    ids = page.list.view.rows.ids_at([(n * ROWS // FORMS, n * ROWS // FORMS) for n in range(FORMS)])
    forms = [seat.frame(partial(page.open_row, one)) for one in ids]
    yield from measured("first form opened", forms[:1], median_ms=OPEN_MS, worst_ms=OPEN_MS)
    yield from measured("another form opened", forms[1:], median_ms=OPEN_MS, worst_ms=OPEN_MS)
    page.close_form()


def scrolling(seat: Seat) -> Iterator[Measurement]:
    """By wheel, by key, and with the bar through everything."""
    view = seat.page.list.view
    view.setFocus()
    bar = view.verticalScrollBar()
    ways: dict[str, Callable[[int], Frame]] = {
        "turned with the wheel": lambda _n: seat.wheel(1),
        "turned by Page Down": lambda _n: seat.press(Qt.Key.Key_PageDown),
        "drawn with the bar through all": lambda n: seat.frame(
            lambda: bar.setValue(bar.maximum() * n // STEPS)
        ),
    }
    for name, step in ways.items():
        view.choose_place(0)
        seat.settle()
        frames = [step(n) for n in range(STEPS)]
        yield from measured(name, frames, median_ms=FRAME_MS, worst_ms=WORST_MS)


def finding(seat: Seat) -> Iterator[Measurement]:
    """Letter by letter, with a row chosen; every letter is drawn, and everything is searched."""
    page, line = seat.page, seat.view.top.search
    page.list.view.choose_place(ROWS * 3 // 4)
    letters, found = [], []
    for text in SEARCHES:
        line.clear()
        line.setFocus()
        seat.view.top.searched.emit("")
        seat.application.processEvents()
        for letter in text:
            typed = line.text() + letter
            letters.append(seat.frame(partial(line.setText, typed)))
            found.append(seat.frame(partial(seat.view.top.searched.emit, typed)))
    line.clear()
    seat.view.top.searched.emit("")
    yield from measured("letter in the search line", letters, median_ms=FRAME_MS, worst_ms=WORST_MS)
    yield from measured("rows found", found, median_ms=AT_ONCE_MS, worst_ms=AT_ONCE_MS)


def ordering(seat: Seat) -> Iterator[Measurement]:
    """Every column up and down, every filter; a row is chosen and is kept in sight."""
    panel = seat.page.list
    header = panel.view.horizontalHeader()
    panel.view.choose_place(ROWS * 3 // 4)
    sorts = [
        seat.frame(partial(header.sectionClicked.emit, column))
        for column in range(header.count())
        for _ in range(2)
    ]
    yield from measured("sorted by a column", sorts, median_ms=AT_ONCE_MS, worst_ms=AT_ONCE_MS)
    filters = []
    for place in [*range(panel.filter.count()), 0]:
        filters.append(seat.frame(partial(panel.filter.setCurrentIndex, place)))
        seat.settle(0.05)
    yield from measured("filter changed", filters, median_ms=AT_ONCE_MS, worst_ms=AT_ONCE_MS)


def filling(seat: Seat) -> Iterator[Measurement]:
    """Keys in a field: checked and shown; Enter in it: saved, then the next field entered."""
    page = seat.page
    page.open_row(page.list.view.rows.ids_at([(ROWS // 2, ROWS // 2)])[0])
    form, session = page.form, page.session
    assert form is not None
    assert session is not None
    seat.settle()
    keys, saves, moves = [], [], []
    for number in range(SAVES):
        form.go_to(FIELD)
        seat.application.processEvents()
        keys += [seat.press(digit) for digit in f"{1000 + number}"]
        saves.append(seat.frame(form.commit_focused, paints=False))
        assert session.stored[FIELD] == f"{1000 + number}.00"
        moves.append(seat.press(Qt.Key.Key_Return))
        if number % COUNTED == 0:
            seat.settle()
    yield from measured("key typed, checked, shown", keys, median_ms=FRAME_MS, worst_ms=WORST_MS)
    yield from measured("value committed, saved", saves, median_ms=FRAME_MS, worst_ms=WORST_MS)
    yield from measured("next field entered", moves, median_ms=FRAME_MS, worst_ms=WORST_MS)


def counting(seat: Seat) -> Iterator[Measurement]:
    """Keys and commits while the worker counts 20,000 rows again, and the paint of its figures."""
    page = seat.page
    form = page.form
    assert form is not None
    frames: list[Frame] = []
    for number in range(COUNTS):
        form.go_to(FIELD)
        seat.settle()
        seat.press(DIGITS[number % len(DIGITS)])
        form.commit_focused()
        while not seat.window.worker.busy:
            seat.application.processEvents()
        while seat.window.worker.busy:
            frames.append(seat.press(DIGITS[len(frames) % len(DIGITS)]))
    yield from measured("key while rows are counted", frames, median_ms=FRAME_MS, worst_ms=WORST_MS)


def measure() -> Iterator[Measurement]:
    """All of it in one sitting."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_CONFIG_HOME"] = str(folder)
        seat = Seat(make_book(folder))
        for part in (opening, scrolling, finding, ordering, filling, counting):
            yield from part(seat)
        seat.close()

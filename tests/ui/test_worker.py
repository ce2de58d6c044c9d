"""Long work: off the window's thread, with progress and cancel, errors to one place."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from app.book.errors import BookError
from app.ui.look import Look
from app.ui.messages import Message, Messages
from app.ui.work_bar import WorkBar
from app.ui.worker import Progress, Step, Worker
from tests.ui.hands import click


@pytest.fixture
def worker(messages: Messages, qtbot: QtBot) -> Iterator[Worker]:
    """A worker that is closed at the test's end."""
    found = Worker(messages)
    yield found
    found.close()


def test_result_comes_back_on_the_windows_thread(worker: Worker, qtbot: QtBot) -> None:
    seen: list[Any] = []
    main = QThread.currentThread()
    job = worker.start(
        "算",
        lambda _p: threading.get_ident(),
        lambda result: seen.append((result, QThread.currentThread() == main)),
    )
    with qtbot.waitSignal(job.ended):
        pass
    assert seen == [(seen[0][0], True)]
    assert seen[0][0] != threading.get_ident()


def test_known_error_is_told(worker: Worker, told: list[Message], qtbot: QtBot) -> None:
    def fail(_progress: Progress) -> None:
        raise BookError("导不出。")

    job = worker.start("导出", fail, lambda _r: None)
    with qtbot.waitSignal(job.ended):
        pass
    assert [m.text for m in told] == ["导不出。"]


def test_fault_of_the_program_is_told_with_detail(
    worker: Worker, told: list[Message], qtbot: QtBot
) -> None:
    def fail(_progress: Progress) -> None:
        raise ZeroDivisionError

    job = worker.start("导出", fail, lambda _r: None)
    with qtbot.waitSignal(job.ended):
        pass
    assert "ZeroDivisionError" in told[0].detail


def test_cancel_stops_at_the_next_report(worker: Worker, told: list[Message], qtbot: QtBot) -> None:
    started, go_on = threading.Event(), threading.Event()
    done: list[Any] = []

    def work(progress: Progress) -> None:
        started.set()
        go_on.wait(5)
        progress(1, 2, "一")

    job = worker.start("导出", work, done.append)
    assert started.wait(5)
    job.cancel()
    with qtbot.waitSignal(job.ended):
        go_on.set()
    assert done == []
    assert told[0].text == "已取消：导出。"


def _number(number: int, _progress: Progress) -> int:
    return number


def test_jobs_run_one_after_the_other(worker: Worker, qtbot: QtBot) -> None:
    seen: list[int] = []
    jobs = [worker.start(str(n), partial(_number, n), seen.append) for n in range(3)]
    with qtbot.waitSignals([job.ended for job in jobs]):
        pass
    assert seen == [0, 1, 2]
    assert not worker.busy


def test_bar_shows_what_it_is_at_and_goes(worker: Worker, look: Look, qtbot: QtBot) -> None:
    bar = WorkBar(look, worker)
    qtbot.addWidget(bar)
    go_on = threading.Event()

    def work(progress: Progress) -> None:
        progress(1, 4, "写第一张表")
        go_on.wait(5)

    job = worker.start("导出", work, lambda _r: None)
    qtbot.waitUntil(lambda: bar.text.words.startswith("写第一张表"))
    assert bar.isVisible()
    assert (bar.title.text(), bar.bar.value(), bar.bar.maximum()) == ("导出", 1, 4)
    with qtbot.waitSignal(job.ended):
        go_on.set()
    assert not bar.isVisible()


def test_cancel_button_cancels(
    worker: Worker, look: Look, told: list[Message], qtbot: QtBot
) -> None:
    bar = WorkBar(look, worker)
    qtbot.addWidget(bar)
    go_on = threading.Event()

    def work(progress: Progress) -> None:
        go_on.wait(5)
        progress(1, 2, "")

    job = worker.start("导出", work, lambda _r: None)
    click(qtbot, bar.cancel_button)
    with qtbot.waitSignal(job.ended):
        go_on.set()
    assert told[0].text == "已取消：导出。"


def test_quiet_work_shows_no_bar(worker: Worker, look: Look, qtbot: QtBot) -> None:
    bar = WorkBar(look, worker)
    qtbot.addWidget(bar)
    job = worker.start("检查", lambda _p: None, lambda _r: None, quiet=True)
    with qtbot.waitSignal(job.ended):
        pass
    assert bar.job is None


@pytest.mark.parametrize(
    ("step", "left"),
    [
        (Step(0, 10, "", 5.0), None),
        (Step(1, 0, "", 5.0), None),
        (Step(1, 10, "", 0.2), None),
        (Step(5, 10, "", 4.0), 4.0),
    ],
)
def test_time_left_is_told_only_when_it_is_no_guess(step: Step, left: float | None) -> None:
    assert step.seconds_left == left


def test_what_never_started_is_not_waited_for(worker: Worker) -> None:
    def run_until_cancelled(progress: Progress) -> None:
        while True:
            progress.check()

    worker.start("一", run_until_cancelled, lambda _r: None)
    worker.start("二", partial(_number, 2), lambda _r: None)
    worker.close()
    worker.drop_all()

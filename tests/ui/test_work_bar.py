"""The bar of long work: cancelled by keyboard it hands the keyboard to the page."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui import navigation
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.messages import Messages
from app.ui.work_bar import WorkBar
from app.ui.worker import Job, Progress, Worker
from tests.ui.conftest import BookMaker
from tests.ui.hands import enter, focused, open_desk


class Work:
    """Work that goes on until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def __call__(self, progress: Progress) -> None:
        """Waits, then looks whether it was cancelled."""
        self.let_go.wait(5)
        progress.check()

    def start(self, worker: Worker) -> Job:
        """Starts it with its bar in sight."""
        self.let_go.clear()
        return worker.start("导出", self, lambda _r: None)


@pytest.fixture
def work() -> Iterator[Work]:
    """Let go at the end, whatever happened."""
    made = Work()
    yield made
    made.let_go.set()


def on_the_button(bar: WorkBar) -> None:
    """The keyboard on 取消."""
    bar.cancel_button.setFocus()
    assert focused() is bar.cancel_button


@pytest.fixture
def page(window: MainWindow, make_book: BookMaker, qtbot: QtBot) -> QWidget:
    """A page of a book, in sight and at rest."""
    found = open_desk(window, make_book(), qtbot).go(navigation.SUMMARY)
    qtbot.waitUntil(lambda: not window.worker.busy)
    return found


def test_the_page_has_the_keyboard_once_work_is_cancelled(
    window: MainWindow, page: QWidget, work: Work, qtbot: QtBot
) -> None:
    job = work.start(window.worker)
    on_the_button(window.work_bar)
    enter(qtbot)
    assert focused() is page
    with qtbot.waitSignal(job.ended):
        work.let_go.set()
    assert focused() is page
    with qtbot.waitSignal(work.start(window.worker).ended):
        # The next work's button does not take the keyboard: Enter would cancel it.
        assert focused() is page
        work.let_go.set()


def test_work_that_ends_hands_the_keyboard_back_too(
    window: MainWindow, page: QWidget, work: Work, qtbot: QtBot
) -> None:
    job = work.start(window.worker)
    on_the_button(window.work_bar)
    with qtbot.waitSignal(job.ended):
        work.let_go.set()
    assert focused() is page


class Dialog(QDialog):
    """A dialog with a bar of its own between two lines."""

    def __init__(self, look: Look, worker: Worker) -> None:
        super().__init__()
        self.bar = WorkBar(look, worker)
        layout = QVBoxLayout(self)
        lines: tuple[QWidget, ...] = (QLineEdit(), self.bar, QLineEdit())
        for widget in lines:
            layout.addWidget(widget)


def test_in_a_dialog_it_is_the_dialog(
    messages: Messages, work: Work, look: Look, qtbot: QtBot
) -> None:
    worker = Worker(messages)
    dialog = Dialog(look, worker)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    job = work.start(worker)
    on_the_button(dialog.bar)
    enter(qtbot)
    assert focused() is dialog
    with qtbot.waitSignal(job.ended):
        work.let_go.set()
    assert focused() is dialog
    worker.close()

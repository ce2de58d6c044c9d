"""What the window's tests share: a look, a desk, a book with people, an open window."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.types import Institution
from app.ui import remembered
from app.ui.application import make_application
from app.ui.desk import Desk
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.messages import Message, Messages
from app.ui.worker import Worker

BASE_DATE = date(2006, 12, 31)
PREPARER, ACCOUNTANT, HEAD = "王明", "李芳", "赵强"

BookMaker = Callable[..., Book]

# Said by the offscreen platform when a list drops down; it has no keyboard to grab.
OFFSCREEN_ONLY = "does not support grabbing the keyboard"


@pytest.fixture(autouse=True)
def _collected_in_this_thread() -> Iterator[None]:
    """Garbage waits for the test's end: a worker's thread must not take widgets apart."""
    gc.disable()
    yield
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets the one more line of the offscreen platform pass in the window's tests."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN_ONLY, extend=True))


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as the program makes it."""
    return make_application()


@pytest.fixture(scope="session")
def look(qapp: QApplication) -> Look:
    """The light look at 100%, given to the application."""
    settings = QSettings()
    made = Look.from_settings(settings)
    made.apply()
    return made


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Settings of this test alone."""
    found = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    remembered.set_last_folder(found, tmp_path)
    return found


@pytest.fixture
def make_book(tmp_path: Path) -> Iterator[BookMaker]:
    """Makes books with three people in this test's folder and closes them at its end."""
    made: list[Book] = []

    def make(name: str = "青山", base_date: date = BASE_DATE) -> Book:
        path = tmp_path / f"{name}.wuji"
        book = Book.create(path, Institution("QS01", f"{name}信用社"), base_date)
        for person, role in ((PREPARER, "preparer"), (ACCOUNTANT, "accountant"), (HEAD, "head")):
            book.add_person(person, role)
        made.append(book)
        return book

    yield make
    for book in made:
        book.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of what was asked about files and folders; nobody chooses one."""
    titles: list[str] = []

    def never(answer: object) -> Callable[..., object]:
        def ask(_parent: object, title: str, *_more: object) -> object:
            titles.append(title)
            return answer

        return ask

    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, never(("", "")))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", never(([], "")))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", never(""))
    return titles


@pytest.fixture
def told() -> list[Message]:
    """Every message that was told to the user."""
    return []


@pytest.fixture
def messages(told: list[Message]) -> Messages:
    """The one place for messages, with a memory."""
    found = Messages()
    found.told.connect(told.append)
    return found


@pytest.fixture
def desk(
    look: Look, messages: Messages, settings: QSettings, make_book: BookMaker, qtbot: QtBot
) -> Iterator[Desk]:
    """A desk with a new book; the preparer works."""
    worker = Worker(messages)
    found = Desk(look, messages, worker, settings)
    found.take(make_book())
    yield found
    worker.close()
    found.close_book()


@pytest.fixture
def window(
    qtbot: QtBot, look: Look, settings: QSettings, told: list[Message]
) -> Iterator[MainWindow]:
    """The main window at 1366×768, without a book."""
    messages = Messages()
    messages.told.connect(told.append)
    found = MainWindow(look, messages, settings)
    qtbot.addWidget(found)
    found.setWindowState(Qt.WindowState.WindowNoState)
    found.resize(1366, 768)
    with qtbot.waitActive(found):
        found.show()
        found.activateWindow()
    yield found
    found.close()

"""The demonstration's book, made once for all tests of the tour, and a tour under way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.demo.practice import OFFICE, made_practice
from app.ui import remembered
from app.ui.main_window import MainWindow
from app.ui.tour.guide import Guide
from tests.ui.hands import press, wait_for


@pytest.fixture(scope="session")
def practice_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book as the tour finds it."""
    return made_practice(tmp_path_factory.mktemp("practice") / "book", lambda *_: None)


@pytest.fixture
def practice_folder(practice_book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of the test's own, where the book is a copy instead of made anew."""
    folder = tmp_path / "practice"

    def made(wanted: Path, _progress: object) -> Path:
        wanted.mkdir()
        return Path(shutil.copy(practice_book, wanted / f"{OFFICE.name}.wuji"))

    monkeypatch.setattr("app.demo.practice.made_practice", made)
    monkeypatch.setattr(remembered, "practice_folder", lambda: folder)
    return folder


@pytest.fixture
def guide(window: MainWindow, practice_folder: Path, qtbot: QtBot) -> Guide:
    """The tour, begun as a new user begins it: Enter on the start page."""
    assert not practice_folder.exists()
    press(qtbot, Qt.Key.Key_Return)
    return begun(window, qtbot)


def begun(window: MainWindow, qtbot: QtBot) -> Guide:
    """The guide as soon as it is there."""
    wait_for(qtbot, lambda: window.guide is not None and window.guide.card.isVisible())
    assert window.guide is not None
    return window.guide

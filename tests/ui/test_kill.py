"""Killed at any moment: what the window showed as saved is there, what was typed is found again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.ui import remembered
from app.ui.desk_view import DeskView
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.messages import Messages
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import INTERBANK

PROGRAM = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QSettings
from app.ui.application import make_application
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.messages import Messages
from app.ui import form_session

form_session.DRAFT_MS = 1
application = make_application()
settings = QSettings(sys.argv[2], QSettings.Format.IniFormat)
look = Look.from_settings(settings)
look.apply()
window = MainWindow(look, Messages(), settings)
window.show()
window.activateWindow()
while not window.isActiveWindow():
    application.processEvents()
window.open_book(Path(sys.argv[1]))
page = window.desk_view.go("table:1-2")
page.open_row(window.desk.book.row_list("1-2")[0].id)
session = page.session
page.form.go_to("name")
page.form.rows["name"].editor.line.setText("存好的名称")
page.form.go_to("counterparty")
print("saved", window.desk_view.top.saved.text(), flush=True)
page.form.rows["counterparty"].editor.line.setText("没写完")
page.form.rows["counterparty"].editor.line.textEdited.emit("没写完")
while not window.desk.book.drafts():
    application.processEvents()
print("typed", flush=True)
time.sleep(60)
"""


@pytest.fixture
def killed(make_book: BookMaker, project_root: Path, tmp_path: Path) -> Path:
    """The book of a window that was killed while somebody typed."""
    book = make_book()
    book.add_row("1-2", INTERBANK, by=PREPARER)
    book.close()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(book.path), str(tmp_path / "killed.ini")],
        cwd=project_root,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline().startswith("saved 已保存")
        assert process.stdout.readline() == "typed\n"
        process.kill()
    process.wait()
    return book.path


def test_what_was_shown_as_saved_is_there(killed: Path) -> None:
    with Book.open(killed) as book:
        row = next(book.rows("1-2"))
        assert row.values["name"] == "存好的名称"
        assert row.values["counterparty"] == INTERBANK["counterparty"]


def test_what_was_being_typed_is_found_again(killed: Path) -> None:
    with Book.open(killed) as book:
        assert [(d.field, d.text) for d in book.drafts()] == [("counterparty", "没写完")]


def test_the_next_opening_says_what_was_saved_and_what_was_being_typed(
    killed: Path, look: Look, tmp_path: Path, qtbot: QtBot
) -> None:
    settings = QSettings(str(tmp_path / "killed.ini"), QSettings.Format.IniFormat)
    window = MainWindow(look, Messages(), settings)
    qtbot.addWidget(window)
    window.show()
    window.open_book(killed)
    view = window.desk_view
    assert isinstance(view, DeskView)
    said = view.recovered.text.text()
    assert view.recovered.isVisible()
    assert "没有正常关闭" in said
    assert "存好的名称" in said
    assert "找回" in said
    window.close()
    assert not remembered.begin_work(settings, killed)

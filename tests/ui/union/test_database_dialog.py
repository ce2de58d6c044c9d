"""A union's book on a server, opened in the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from app.ui import remembered
from app.ui.database_dialog import DatabaseDialog
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.new_book_dialog import NewBookDialog
from tests.postgres.server import Server
from tests.ui.hands import button_named, click, enter, type_text, wait_for
from tests.ui.union.acting import words_of
from tests.union.county import County


@pytest.fixture
def on_server(postgres: Server, county: County) -> Iterator[str]:
    """The URL of a union's book on a server."""
    name = postgres.copy("union", county.union)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def dialog(window: MainWindow) -> DatabaseDialog:
    """The dialog as the start page opens it."""
    assert window.start is not None
    window.start.database_button.click()
    found = window.findChild(DatabaseDialog)
    assert found is not None
    return found


def fill(dialog: DatabaseDialog, url: str, password: str | None = None) -> None:
    """Types in where the book is."""
    given = make_url(url)
    values = (given.host, str(given.port), given.database, given.username)
    for line, value in zip(dialog.lines.values(), values, strict=True):
        line.setText(value or "")
    dialog.passphrase.setText(given.password or "" if password is None else password)


def test_the_unions_pages_come_up_on_a_servers_book(
    window: MainWindow,
    dialog: DatabaseDialog,
    on_server: str,
    settings: QSettings,
    qtbot: QtBot,
) -> None:
    fill(dialog, on_server)
    dialog.passphrase.setFocus()
    enter(qtbot)
    qtbot.waitUntil(lambda: window.desk.has_book, timeout=20_000)
    book = window.desk.book
    assert book.on_server
    assert isinstance(window.desk_view, DeskView)
    assert "postgresql://" in window.desk_view.top.office.toolTip()
    secret = make_url(on_server).password
    assert secret
    assert secret not in window.desk_view.top.office.toolTip()
    settings.sync()
    assert not any(secret in str(settings.value(key)) for key in settings.allKeys())
    assert remembered.last_database(settings)["host"] == make_url(on_server).host
    assert not remembered.recent_books(settings)
    # The next day only the password is to be typed.
    again = DatabaseDialog(window.desk, window)
    again.open()
    assert again.focusWidget() is again.passphrase
    again.reject()


def test_a_wrong_password_is_told_and_nothing_is_opened(
    window: MainWindow, dialog: DatabaseDialog, on_server: str, qtbot: QtBot
) -> None:
    told: list[Message] = []
    dialog.messages.told.connect(told.append)
    fill(dialog, on_server, "falsch")
    click(qtbot, dialog.open_button)
    wait_for(qtbot, lambda: bool(told))
    assert "口令" in told[0].text
    assert "falsch" not in told[0].text
    wait_for(qtbot, dialog.open_button.isEnabled)
    assert not window.desk.has_book


def test_a_unions_book_is_made_in_an_empty_database(
    window: MainWindow, dialog: DatabaseDialog, postgres: Server, qtbot: QtBot
) -> None:
    name = postgres.database()
    fill(dialog, postgres.url(name))
    dialog.passphrase.setFocus()
    enter(qtbot)
    qtbot.waitUntil(lambda: bool(dialog.findChildren(QDialog)), timeout=20_000)
    assert name in words_of(dialog.findChildren(QDialog)[0])
    click(qtbot, button_named(dialog, "新建联社账套…"))
    wait_for(qtbot, lambda: bool(window.findChildren(NewBookDialog)))
    new = window.findChildren(NewBookDialog)[0]
    assert (new.path.isVisible(), new.union.isVisible(), new.head.isVisible()) == (False,) * 3
    assert name in words_of(new)
    for line, text in (
        (new.code, "LS"), (new.name, "某县联社"), (new.day, "2006-12-31"), (new.preparer, "周审")
    ):  # fmt: skip
        line.setText(text)
    click(qtbot, new.create_button)
    qtbot.waitUntil(lambda: window.desk.has_book, timeout=20_000)
    book = window.desk.book
    assert (book.on_server, book.is_union, book.institution.code) == (True, True, "LS")
    assert [(one.name, one.role) for one in book.people()] == [("周审", "working_group")]
    window.desk.close_book()
    postgres.drop(name)


def test_server_and_database_are_needed(dialog: DatabaseDialog, qtbot: QtBot) -> None:
    told: list[Message] = []
    dialog.messages.told.connect(told.append)
    dialog.lines["host"].setFocus()
    type_text(qtbot, " ")
    click(qtbot, dialog.open_button)
    assert told[0].text == "请填写服务器、数据库。"

"""密钥副本: saved with the passphrase, tried, and taken over where the book has another key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.key_copies import save_key_copy
from app.book.keys import create_key, office_key, unlock
from app.ui.desk import Desk
from app.ui.key_dialog import KeyDialog
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from tests.ui.conftest import HEAD, BookMaker
from tests.ui.hands import button_named, click, open_desk, wait_for

PASSPHRASE, OTHER = " 青山 2006 底稿", "another passphrase"


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """A book with a key."""
    made = make_book()
    create_key(made, PASSPHRASE, by=HEAD)
    return made


@pytest.fixture
def dialog(window: MainWindow, book: Book, told: list[Message], qtbot: QtBot) -> KeyDialog:
    """The key's dialog; what it tells is remembered."""
    open_desk(window, book, qtbot)
    window.desk.choose_person(HEAD)
    made = KeyDialog(window.desk, window)
    made.messages.told.connect(told.append)
    made.open()
    wait_for(qtbot, made.isActiveWindow)
    return made


@pytest.fixture
def copy(book: Book, tmp_path: Path) -> Path:
    """A copy of the key the book had first; it has another one now."""
    out = tmp_path / "first.p12"
    save_key_copy(book, out, PASSPHRASE)
    create_key(book, OTHER)
    return out


def question(dialog: QDialog, qtbot: QtBot) -> QDialog:
    """What is asked now."""

    def asked() -> list[QDialog]:
        return [one for one in dialog.findChildren(QDialog) if one.isVisible()]

    wait_for(qtbot, lambda: len(asked()) == 1)
    return asked()[0]


def give_passphrase(dialog: KeyDialog, action: str, passphrase: str, qtbot: QtBot) -> None:
    """Types the passphrase that is asked for."""
    asked = question(dialog, qtbot)
    line = asked.findChild(QLineEdit)
    assert line is not None
    assert not button_named(asked, action).isEnabled()
    line.setText(passphrase)
    click(qtbot, button_named(asked, action))
    # The offscreen platform does not make the dialog active again by itself.
    dialog.activateWindow()


def chosen(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """The file that is chosen wherever one is asked for."""
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_: (str(path), ""))


def seal_something(book: Book) -> None:
    """Writes down that something was sealed with the key there is."""
    with book.store.write("", sealed=True) as change:
        change.log("seal", new={"seal_code": "X"})


def code_of(book: Book) -> str:
    """The short code of the book's key."""
    key = office_key(book)
    assert key is not None
    return key.short_code


def test_a_copy_is_saved_with_the_passphrase_and_can_be_tried(
    dialog: KeyDialog, book: Book, told: list[Message], tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    out = tmp_path / "副本.p12"
    chosen(monkeypatch, out)
    click(qtbot, button_named(dialog, "保存密钥副本…"))
    give_passphrase(dialog, "下一步…", PASSPHRASE.strip(), qtbot)
    wait_for(qtbot, lambda: bool(told))
    assert "口令不对" in told[-1].text
    assert not out.exists()
    click(qtbot, button_named(dialog, "保存密钥副本…"))
    give_passphrase(dialog, "下一步…", PASSPHRASE, qtbot)
    wait_for(qtbot, lambda: "已保存" in told[-1].text)
    click(qtbot, button_named(dialog, "用密钥副本恢复…"))
    give_passphrase(dialog, "打开副本", PASSPHRASE, qtbot)
    wait_for(qtbot, lambda: "没有改动" in told[-1].text)
    assert code_of(book) in told[-1].text


def test_a_folder_that_takes_no_file_is_told_in_the_dialog(
    dialog: KeyDialog, told: list[Message], tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("")
    dialog.copies.save(tmp_path / "file" / "k.p12", PASSPHRASE)
    wait_for(qtbot, lambda: bool(told))
    assert told[-1].kind == "error"


def test_a_key_that_has_sealed_goes_only_once_its_successor_is_compared(
    copy: Path, dialog: KeyDialog, book: Book, told: list[Message], qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    seal_something(book)
    now = code_of(book)
    chosen(monkeypatch, copy)
    click(qtbot, button_named(dialog, "用密钥副本恢复…"))
    give_passphrase(dialog, "打开副本", PASSPHRASE, qtbot)
    asked = question(dialog, qtbot)
    words = "\n".join(label.text() for label in asked.findChildren(QLabel))
    assert f"账套现在的密钥 {now} 签过发出的文件" in words
    button = button_named(asked, "换成这把密钥")
    assert not button.isEnabled()
    box = asked.findChild(QCheckBox)
    assert isinstance(box, QCheckBox)
    box.setChecked(True)
    click(qtbot, button)
    wait_for(qtbot, lambda: bool(told) and "密钥已恢复" in told[-1].text)
    wait_for(qtbot, lambda: code_of(book) in dialog.state.text())
    assert code_of(book) != now
    assert code_of(book) in words
    assert unlock(book, PASSPHRASE).short_code == code_of(book)
    assert book.history()[-1].by == HEAD


def test_another_key_is_made_only_after_a_question_where_one_has_sealed(
    dialog: KeyDialog, book: Book, qtbot: QtBot
) -> None:
    before = code_of(book)
    seal_something(book)
    dialog.first.setText(OTHER)
    dialog.second.setText(OTHER)
    click(qtbot, dialog.make_button)
    asked = question(dialog, qtbot)
    assert code_of(book) == before
    click(qtbot, button_named(asked, "另做一把"))
    wait_for(qtbot, lambda: code_of(book) != before)


@pytest.fixture
def empty(desk: Desk) -> Iterator[KeyDialog]:
    """The dialog of a book that has no key yet."""
    made = KeyDialog(desk, None)  # type: ignore[arg-type]
    yield made
    made.deleteLater()


def test_without_a_key_there_is_nothing_to_save(empty: KeyDialog) -> None:
    assert empty.copies.save_button.isHidden()
    assert not empty.copies.restore_button.isHidden()

"""The office's scanned seal in the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.book.seal_picture import seal_picture
from app.ui.desk import Desk
from app.ui.messages import Message, Messages
from app.ui.seal_card import SealCard
from tests.ui.conftest import HEAD
from tests.ui.hands import click, scanned_seal, wait_for


@pytest.fixture
def card(desk: Desk, messages: Messages, qtbot: QtBot) -> SealCard:
    """The card of an office without a seal; the head works."""
    desk.choose_person(HEAD)
    made = SealCard(desk, messages)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_seal_is_chosen_shown_and_taken_away(
    card: SealCard, desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = scanned_seal(tmp_path / "公章.png")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(file), ""))
    assert card.preview.text() == "没有图片"
    assert card.remove_button.isHidden()
    click(qtbot, card.choose_button)
    assert seal_picture(desk.book) == file.read_bytes()
    wait_for(qtbot, lambda: not card.preview.pixmap().isNull())
    # The paper around the stamp is cut away: what is shown is as wide as the stamp.
    image = card.preview.pixmap().toImage()
    assert image.pixelColor(0, 0).alpha() == 0
    assert image.pixelColor(image.width() // 2, 3).red() > 150
    last = desk.book.history()[-1]
    assert (last.kind, last.by) == ("seal_picture", HEAD)
    click(qtbot, card.remove_button)
    assert seal_picture(desk.book) is None
    wait_for(qtbot, lambda: card.preview.text() == "没有图片")


@pytest.mark.parametrize(
    ("content", "words"), [(b"no picture", "印章图片打不开"), (bytes((8 << 20) + 1), "超过8兆")]
)
def test_what_is_no_seal_is_told_and_not_taken(
    card: SealCard, desk: Desk, told: list[Message], tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "章.png"
    file.write_bytes(content)
    card.take(file)
    assert told[-1].kind == "error"
    assert words in told[-1].text
    assert seal_picture(desk.book) is None


def test_white_paper_is_no_seal(
    card: SealCard, desk: Desk, told: list[Message], tmp_path: Path
) -> None:
    from PIL import Image

    file = tmp_path / "白纸.png"
    Image.new("RGB", (50, 50), "white").save(file)
    card.take(file)
    assert told[-1].kind == "error"
    assert seal_picture(desk.book) is None


def test_a_file_that_is_gone_is_told(card: SealCard, told: list[Message], tmp_path: Path) -> None:
    card.take(tmp_path / "没有.png")
    assert "没有.png" in told[-1].text

"""Every step of the tour, done or not, beside the control it is about."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui import remembered
from app.ui.main_window import MainWindow
from app.ui.submit_page import SubmitPage
from app.ui.tour.card import DONE
from app.ui.tour.steps import STEPS
from tests.ui.hands import press, type_text, wait_for
from tests.ui.pictures.taking import HOME, Taker

KEYS = {"problems": Qt.Key.Key_F8, "reasons": Qt.Key.Key_F4}


def test_the_tour(
    window: MainWindow,
    picture: Taker,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    qtbot: QtBot,
) -> None:
    folder = tmp_path_factory.mktemp("tour") / "book"
    monkeypatch.setattr(remembered, "practice_folder", lambda: folder)
    window.actions_by_name["tour"].trigger()
    qtbot.waitUntil(lambda: window.guide is not None, timeout=30_000)
    guide = window.guide
    assert guide is not None
    wait_for(qtbot, lambda: window.desk.tally.now is not None)
    for number, step in enumerate(STEPS):
        wait_for(qtbot, lambda at=number: guide.place == at)  # type: ignore[misc]
        wait_for(qtbot, lambda: not window.worker.busy)
        QApplication.processEvents()
        guide.follow()
        page = guide.view.page if guide.view is not None else None
        if isinstance(page, SubmitPage):
            page.folder.setText(str(HOME / "上报2006-12-31"))
        picture(window, f"tour-{number + 1:02}-{step.name}")
        if step.name in KEYS:
            press(qtbot, KEYS[step.name])
            wait_for(qtbot, guide.card.next_button.hasFocus)
            wait_for(qtbot, lambda: guide.card.press.text() == DONE)
            QApplication.processEvents()
            guide.follow()
            picture(window, f"tour-{number + 1:02}-{step.name}-done")
        if step.name == "choice":
            press(qtbot, Qt.Key.Key_1)
            press(qtbot, Qt.Key.Key_Return)
            guide.follow()
        elif step.name == "date":
            type_text(qtbot, "20061130")
            press(qtbot, Qt.Key.Key_Return)
            guide.follow()
        else:
            guide.go_on()
    assert window.guide is None

"""Starting: language, style, fonts, the handler of last resort."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QFontDatabase, QFontMetricsF
from PySide6.QtWidgets import QApplication

from app.book.errors import BookError
from app.ui import application
from app.ui.fonts import font, load_fonts
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.messages import Message, Messages
from tests.ui.conftest import BookMaker


def test_qt_speaks_chinese(qapp: QApplication) -> None:
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    assert QCoreApplication.translate("QFileSystemModel", "Size") == "大小"


def test_windows_bear_the_programs_icon(qapp: QApplication) -> None:
    assert application.make_application() is qapp
    assert qapp.windowIcon().pixmap(256).toImage().pixelColor(128, 20).name() == "#1b5a86"


def test_bundled_font_is_known_and_has_rare_characters(look: Look) -> None:
    family = load_fonts()
    assert QFontDatabase.hasFamily(family)
    metrics = QFontMetricsF(font(family))
    assert all(metrics.inFontUcs4(ord(char)) for char in "喆堃㛃䶮𬀩①⑤√")


def test_figures_are_tabular(look: Look) -> None:
    metrics = QFontMetricsF(look.font())
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_handler_tells_known_errors_in_one_line(
    messages: Messages, told: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    application.install_handler(messages)
    error = BookError("账套没有了。")
    sys.excepthook(BookError, error, None)
    assert [(m.kind, m.text, m.detail) for m in told] == [("error", "账套没有了。", "")]


def test_handler_reports_faults_of_the_program_with_detail(
    messages: Messages,
    told: list[Message],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    application.install_handler(messages)
    error = ZeroDivisionError("division by zero")
    sys.excepthook(ZeroDivisionError, error, None)
    assert "ZeroDivisionError" in told[0].detail
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_run_opens_the_named_book_after_the_first_paint(
    make_book: BookMaker, monkeypatch: pytest.MonkeyPatch, look: Look
) -> None:
    book = make_book("绿水", date(2006, 12, 31))
    path = book.path
    book.close()
    seen: list[Path] = []
    windows: list[MainWindow] = []
    real = application.make_window

    def make(*, opening: bool) -> MainWindow:
        window = real(opening=opening)
        windows.append(window)
        window.desk.book_opened.connect(lambda: seen.append(window.desk.book.path))
        window.desk.book_opened.connect(lambda: QTimer.singleShot(0, window.close))
        return window

    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    monkeypatch.setattr(application, "make_window", make)
    assert application.run([str(path)]) == 0
    assert seen == [path.resolve()]
    windows[0].deleteLater()

"""The look: chosen in the menu, shown at once, remembered; as the system has it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QToolButton,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui.desk_view import DeskView
from app.ui.look import MOST, SYSTEM, USUAL_POINTS, Look, system_scale, theme_named
from app.ui.look_menu import LOOKS
from app.ui.main_window import MainWindow
from app.ui.theme import THEMES, contrast
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import add_cases, open_desk, open_form, open_table

FOCUSABLE = (
    QLineEdit, QPlainTextEdit, QPushButton, QToolButton, QCheckBox, QRadioButton, QComboBox,
    QListWidget, QTreeWidget,
)  # fmt: skip


@pytest.fixture(autouse=True)
def light_again(look: Look) -> Iterator[None]:
    """Other tests find the light look."""
    yield
    look.zoom = 1.0
    look.set_theme("light")


@pytest.mark.parametrize("name", list(LOOKS))
def test_the_menu_changes_the_look_at_once_and_remembers_it(
    window: MainWindow, look: Look, settings: QSettings, qtbot: QtBot, name: str
) -> None:
    window.look_menu.choices[name].trigger()
    theme = theme_named(name)
    assert look.theme is theme
    ground = QApplication.palette().color(QPalette.ColorRole.Window).name()
    assert ground == theme.desk
    qtbot.waitUntil(lambda: window.start is not None and window.start.isVisible())
    assert str(settings.value("look/theme")) == name
    assert Look.from_settings(settings).theme is theme
    window.look_menu.aboutToShow.emit()
    marked = [key for key, action in window.look_menu.choices.items() if action.isChecked()]
    assert marked == [name]


def test_the_open_row_stays_open_in_another_look(
    window: MainWindow, make_book: BookMaker, qtbot: QtBot
) -> None:
    book = make_book()
    add_cases(book, PREPARER)
    view = open_desk(window, book, qtbot)
    page = open_table(view, "1-2")
    row = book.row_list("1-2", limit=1)[0].id
    open_form(page, row)
    window.look_menu.choices["contrast"].trigger()
    qtbot.waitUntil(lambda: window.desk_view is not None and window.desk_view is not view)
    new = window.desk_view
    assert isinstance(new, DeskView)
    assert new.table_page is not None
    assert new.table_page.session is not None
    assert new.table_page.session.row.id == row


def test_as_the_system_has_it(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    hints = QGuiApplication.styleHints()

    def system(*, dark: bool) -> None:
        monkeypatch.setattr("app.ui.look.system_is_dark", lambda: dark)
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)

    look.set_theme(SYSTEM)
    system(dark=True)
    assert look.theme.name == "dark"
    look.set_theme("contrast")
    system(dark=False)
    assert look.theme.name == "contrast"
    look.set_theme(SYSTEM)
    assert look.theme.name == "light"


def test_a_larger_font_of_the_system_makes_the_window_larger(look: Look) -> None:
    assert system_scale(USUAL_POINTS) == 1.0
    assert system_scale(USUAL_POINTS * 1.1) == 1.0
    assert system_scale(USUAL_POINTS * 1.5) == 1.5
    assert system_scale(USUAL_POINTS * 9) == MOST
    large = Look(look.family, "light", 1.5, 1.25)
    assert large.px(8) == 15
    assert large.font().pointSizeF() == pytest.approx(10.5 * 1.875)


@pytest.mark.parametrize("name", list(THEMES))
@pytest.mark.parametrize("kind", FOCUSABLE)
def test_the_focus_is_seen_in_every_look(
    look: Look, qtbot: QtBot, name: str, kind: type[QWidget]
) -> None:
    look.set_theme(name)
    host = QWidget()
    layout = QVBoxLayout(host)
    one, other = kind(), QPushButton()
    if hasattr(one, "setText"):
        one.setText("可疑")
    layout.addWidget(one)
    layout.addWidget(other)
    qtbot.addWidget(host)
    with qtbot.waitActive(host):
        host.show()
        host.activateWindow()
    other.setFocus()
    place = one.geometry().adjusted(-4, -4, 4, 4)
    before = host.grab(place).toImage()
    one.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(one.hasFocus)
    QApplication.processEvents()
    after = host.grab(place).toImage()
    changed = [
        contrast(before.pixelColor(x, y).name(), after.pixelColor(x, y).name())
        for x in range(after.width())
        for y in range(after.height())
    ]
    # More than a cursor: a frame.
    assert sum(step >= 3 for step in changed) >= 2 * one.height()

"""What a screen reader and the Tab key find in a window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QGroupBox,
    QLabel,
    QRadioButton,
    QWidget,
)

MOST_STEPS = 400
"""More presses of Tab than any window needs to come round."""


def nameless(root: QWidget) -> list[str]:
    """Visible widgets that take the focus and tell a screen reader nothing."""
    buddies = {label.buddy() for label in root.findChildren(QLabel)}
    return [
        _words(widget)
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.window() is root.window()
        and not isinstance(widget, QLabel)  # says its own text
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.focusProxy() is None
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and not (isinstance(widget, QGroupBox) and widget.title())
        and widget not in buddies
    ]


def unreached(root: QWidget) -> list[str]:
    """Visible widgets that want the Tab key's focus and don't get it on a way round."""
    passed = _way_round(root)
    groups = {one.parent() for one in passed if isinstance(one, QRadioButton)}
    return [
        _words(widget)
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.window() is root.window()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and widget not in passed
        # Of radio buttons the Tab key reaches the chosen one, arrows the others.
        and not (isinstance(widget, QRadioButton) and widget.parent() in groups)
    ]


def silent(root: QWidget) -> list[str]:
    """Both, for one window as it stands."""
    return [f"no name: {one}" for one in nameless(root)] + [
        f"no Tab: {one}" for one in unreached(root)
    ]


def _way_round(root: QWidget) -> set[QWidget]:
    """What Tab comes by until it is back where it began."""
    window = root.window()
    if window.focusWidget() is None or QApplication.focusWidget() is None:
        QTest.keyClick(window, Qt.Key.Key_Tab)
    first = QApplication.focusWidget()
    passed: set[QWidget] = set()
    for _ in range(MOST_STEPS):
        here = QApplication.focusWidget()
        if here is None or (here is first and passed):
            break
        passed.add(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)
    return passed


def _words(widget: QWidget) -> str:
    said = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
    return f"{type(widget).__name__} {said} in {type(widget.parent()).__name__}"

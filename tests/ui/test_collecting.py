"""Garbage is collected on the window's thread, and nowhere else."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.ui import collecting
from app.ui.collecting import ALL_AGAIN, WindowCollector


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """Nothing is left aside by the tests before, nor for those that follow."""
    gc.unfreeze()
    yield
    gc.unfreeze()


class Knot:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


def test_knots_go_from_the_event_loop(qtbot: QtBot) -> None:
    collector = WindowCollector()
    assert not gc.isenabled()
    gone = weakref.ref(Knot())
    assert gone() is not None
    held = [[place] for place in range(gc.get_threshold()[0] + 1)]
    collector.collect()
    assert held
    assert gone() is None


def test_what_stays_is_looked_through_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    collector = WindowCollector()
    young, _, old = gc.get_threshold()
    held = [[place] for place in range(young + 1)]
    monkeypatch.setattr(gc, "get_count", lambda: (young + 1, 0, 0))
    collector.collect()
    assert gc.get_freeze_count() == 0
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, old + 1))
    collector.collect()
    assert gc.get_freeze_count() > len(held)
    collector.thaw()
    assert gc.get_freeze_count() == 0


def test_a_page_that_goes_after_it_was_left_aside_is_freed(qtbot: QtBot) -> None:
    collector = WindowCollector()
    page = Knot()
    gone = weakref.ref(page)
    collector.settle()
    del page
    collector.settle()
    assert gone() is not None
    for _ in range(ALL_AGAIN):
        collector.settle()
    assert gone() is None
    assert gc.get_freeze_count() > 0


def test_an_opened_book_is_looked_through_soon(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "SETTLE_MS", 0)
    collector = WindowCollector()
    gone = weakref.ref(Knot())
    collector.settle_soon()
    qtbot.waitUntil(lambda: gone() is None)
    assert gc.get_freeze_count() > 0

"""Garbage is collected on the window's thread, and nowhere else."""

from __future__ import annotations

import gc
import weakref

from pytestqt.qtbot import QtBot

from app.ui.collecting import WindowCollector


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

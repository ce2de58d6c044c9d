"""What happens in the worker some moments after a change."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.ui.desk import Desk
from tests.book.copying import copied_elsewhere
from tests.ui.conftest import PREPARER
from tests.ui.hands import INTERBANK, wait_for


def test_rows_are_counted_and_put_into_the_books_own_file(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    wait_for(qtbot, lambda: desk.tally.now is not None and not desk.worker.busy)
    desk.book.add_row("1-2", INTERBANK, by=PREPARER)
    with qtbot.waitSignal(desk.progress_changed):
        desk.rows_were_changed("1-2")
    assert desk.tally.rows == 1
    alone = tmp_path / "alone.wuji"
    copied_elsewhere(desk.book.path, alone)
    with closing(sqlite3.connect(alone)) as connection:
        assert connection.execute("SELECT count(*) FROM rows").fetchone() == (1,)

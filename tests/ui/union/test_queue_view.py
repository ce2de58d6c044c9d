"""The queue with the rows of a whole county: what is not seen is not read."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.desk import Desk
from app.ui.union.queue_model import PAGE, QueueColumn
from app.ui.union.queue_view import QueueView
from tests.ui.conftest import PREPARER
from tests.ui.hands import INTERBANK

MANY = 100_000


def many(desk: Desk, qtbot: QtBot) -> QueueView:
    """A list of very many ids, the last few of which are rows."""
    rows = desk.book.add_rows("1-2", [INTERBANK] * 3, by=PREPARER, source="案例")
    view = QueueView(desk.look, desk.book)
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    view.lines.show_ids([f"QS01-9{n:06}" for n in range(MANY - 3)] + [row.id for row in rows])
    return view


def test_only_pages_that_are_seen_are_read(desk: Desk, qtbot: QtBot) -> None:
    view = many(desk, qtbot)
    view.choose_place(MANY - 1)
    QApplication.processEvents()
    assert len(view.lines.pages) <= 4
    last = view.lines.line(MANY - 1)
    assert last is not None
    assert view.lines.text(last, QueueColumn.NAME) == INTERBANK["name"]
    assert view.lines.place_of(last.id) == MANY - 1
    assert (MANY - 1) // PAGE in view.lines.pages


def test_all_rows_are_chosen_without_reading_them(desk: Desk, qtbot: QtBot) -> None:
    view = many(desk, qtbot)
    QApplication.processEvents()
    read = set(view.lines.pages)
    view.selectAll()
    QApplication.processEvents()
    assert view.chosen_count() == MANY
    assert len(view.chosen_ids()) == MANY
    assert set(view.lines.pages) == read
    # Qt's header would ask all rows, column by column, whether they are chosen: 11 s.
    assert not view.horizontalHeader().selectionModel().hasSelection()


def test_a_row_that_changed_keeps_its_place(desk: Desk, qtbot: QtBot) -> None:
    view = many(desk, qtbot)
    row_id = view.lines.ids[-2]
    desk.book.set_values(row_id, {"name": "另一个名称"}, by=PREPARER)
    view.lines.renew([row_id])
    line = view.lines.line(MANY - 2)
    assert line is not None
    assert (line.id, line.name) == (row_id, "另一个名称")


def test_names_are_read_however_little_room_there_is(desk: Desk, qtbot: QtBot) -> None:
    view = many(desk, qtbot)
    for narrow, width, gone in (
        (False, 1100, set()),
        (False, 790, {QueueColumn.LAST, QueueColumn.STAGE}),
        (True, 300, {QueueColumn.STAGE, QueueColumn.LOSS}),
    ):
        view.set_narrow(narrow)
        view.resize(width, 400)
        QApplication.processEvents()
        assert all(view.isColumnHidden(column) for column in gone)
        assert view.columnWidth(QueueColumn.NAME) >= 110
        assert not view.isColumnHidden(QueueColumn.AMOUNT)
        assert view.horizontalScrollBar().maximum() == 0

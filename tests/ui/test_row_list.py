"""The list: pages from the book, sorts, filters, and stays fast with many rows."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.types import RowLine
from app.forms.classes import FiveClass
from app.ui.class_chip import chip_words
from app.ui.desk import Desk
from app.ui.look import Look
from app.ui.row_list import MOST_PAGES, PAGE, ListColumn, RowListModel
from app.ui.row_list_view import (
    LEAST_NAME,
    NARROW,
    NARROW_WIDTHS,
    SIGN_WIDTH,
    WHOLE_NAME,
    WIDTHS,
    Index,
    RowDelegate,
    RowListView,
)
from app.ui.simple_table import GAP
from tests.ui.conftest import PREPARER
from tests.ui.hands import INTERBANK, press


class ManyRows(RowListModel):
    """As many rows as one likes; it notes which places it was asked for."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked: list[tuple[int, int]] = []
        super().__init__(None, "1-2")  # type: ignore[arg-type]

    def read_keys(self) -> list[int]:
        """Their places."""
        return list(range(self.count))

    def read_lines(self, keys: list[int]) -> list[RowLine | None]:
        """One page."""
        self.asked.append((keys[0], len(keys)))
        return [
            RowLine(
                f"QS01-{n}", n + 1, "", f"第{n + 1}笔", "1221", Decimal(n), None,
                FiveClass.NORMAL, None, 0, 0, "draft",
            )
            for n in keys
        ]  # fmt: skip


@pytest.fixture
def model(desk: Desk) -> RowListModel:
    """Three rows of 1-2 in the book."""
    for name, amount, loss in (("乙社", "300", "0"), ("甲社", "100", "0"), ("丙社", "200", "150")):
        values = {**INTERBANK, "name": name, "carrying_amount": amount, "expected_loss": loss}
        desk.book.add_row("1-2", values, by=PREPARER)
    return RowListModel(desk.book, "1-2")


def names(model: RowListModel) -> list[str]:
    """The names in the order of the list."""
    return [str(model.index(row, ListColumn.NAME).data()) for row in range(model.rowCount())]


def cell(model: RowListModel, row: int, column: ListColumn, role: Any = None) -> Any:
    """One cell."""
    index = model.index(row, column)
    return index.data() if role is None else index.data(role)


def test_only_the_pages_that_are_seen_are_read() -> None:
    model = ManyRows(100_000)
    assert model.rowCount() == 100_000
    assert model.asked == []
    assert cell(model, 99_999, ListColumn.NAME) == "第100000笔"
    assert model.asked == [(99_800, PAGE)]


def test_few_pages_are_kept() -> None:
    model = ManyRows(100_000)
    for row in range(0, 100_000, PAGE):
        model.line(row)
    assert len(model.pages) == MOST_PAGES


def test_cells_are_words_and_figures(model: RowListModel) -> None:
    assert cell(model, 2, ListColumn.AMOUNT) == "200.00"
    assert cell(model, 2, ListColumn.CLASS) == "④ 可疑"
    assert cell(model, 2, ListColumn.SUBJECT) == "1221"
    assert cell(model, 2, ListColumn.STAGE) == "填报中"


def test_words_keep_some_distance_from_the_figures_before_them(model: RowListModel) -> None:
    titles = [
        str(model.headerData(column, Qt.Orientation.Horizontal))
        for column in ListColumn
        if column - 1 in (ListColumn.AMOUNT, ListColumn.LOSS)
    ]
    assert titles == [f"{GAP}问题", f"{GAP}状态"]


def test_problems_are_spoken(model: RowListModel) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    assert cell(model, 0, ListColumn.PROBLEMS, role) == "0个错误，0个警告"
    assert cell(model, 2, ListColumn.PROBLEMS, role).startswith("2个错误")


def test_an_open_class_says_at_least(desk: Desk) -> None:
    desk.book.add_row("1-2", {"subject": "1221", "limitation": "lapsed"}, by=PREPARER)
    desk.book.add_row("1-2", {"subject": "1221"}, by=PREPARER)
    model = RowListModel(desk.book, "1-2")
    assert cell(model, 0, ListColumn.CLASS) == "④ 至少可疑"
    assert cell(model, 1, ListColumn.CLASS) == "未定"


@pytest.mark.parametrize("column", ListColumn)
def test_every_column_sorts(model: RowListModel, column: ListColumn) -> None:
    model.sort(column, Qt.SortOrder.AscendingOrder)
    assert sorted(names(model)) == ["丙社", "乙社", "甲社"]


def test_sorting_by_amount(model: RowListModel) -> None:
    model.sort(ListColumn.AMOUNT, Qt.SortOrder.AscendingOrder)
    assert names(model) == ["甲社", "丙社", "乙社"]
    model.sort(ListColumn.AMOUNT, Qt.SortOrder.DescendingOrder)
    assert names(model) == ["乙社", "丙社", "甲社"]


@pytest.mark.parametrize(
    ("search", "only", "found"),
    [
        ("丙", "", ["丙社"]),
        ("js", "", ["甲社"]),
        ("300", "", ["乙社"]),
        ("", "doubtful", ["丙社"]),
        ("", "errors", ["丙社"]),
        ("没有", "", []),
    ],
)
def test_search_and_filter(model: RowListModel, search: str, only: str, found: list[str]) -> None:
    model.set_filter(search, only)
    assert names(model) == found


def test_the_place_of_a_row_is_known_without_reading_lines(model: RowListModel) -> None:
    ids = model.ids_at([(0, 2)])
    model.sort(ListColumn.AMOUNT, Qt.SortOrder.AscendingOrder)
    assert [model.place_of(one) for one in ids] == [2, 0, 1]
    assert model.place_of("QS01-99999") == -1
    assert not model.pages


def test_chosen_places_are_those_that_are_seen(model: RowListModel, desk: Desk) -> None:
    model.sort(ListColumn.AMOUNT, Qt.SortOrder.AscendingOrder)
    seen = [line.id for row in (0, 1) if (line := model.line(row)) is not None]
    desk.book.set_values(seen[0], {"carrying_amount": "999"}, by=PREPARER)
    assert model.ids_at([(0, 1)]) == seen


def test_a_row_that_has_gone_is_an_empty_line(model: RowListModel, desk: Desk) -> None:
    (gone,) = model.ids_at([(1, 1)])
    desk.book.remove_row(gone, by=PREPARER, why="重复")
    assert model.line(1) is None
    assert cell(model, 1, ListColumn.NAME) is None
    assert cell(model, 2, ListColumn.NAME) == "丙社"
    assert model.line(3) is None


def test_a_saved_row_is_read_again(model: RowListModel, desk: Desk, qtbot: QtBot) -> None:
    row = desk.book.row_list("1-2")[0]
    assert names(model)[0] == "乙社"
    desk.book.set_values(row.id, {"name": "丁社"}, by=PREPARER)
    with qtbot.waitSignal(model.dataChanged):
        model.renew(row.id)
    assert names(model)[0] == "丁社"


@pytest.fixture
def view(model: RowListModel, look: Look, qtbot: QtBot) -> RowListView:
    """The list on the screen."""
    found = RowListView(look)
    qtbot.addWidget(found)
    found.show_model(model)
    found.resize(900, 300)
    with qtbot.waitActive(found):
        found.show()
        found.activateWindow()
    found.setFocus()
    return found


def test_rows_are_28_pixels_high(view: RowListView) -> None:
    assert view.rowHeight(0) == 28


def test_narrow_lists_show_what_tells_rows_apart(view: RowListView) -> None:
    view.set_narrow(True)
    shown = [column for column in ListColumn if not view.isColumnHidden(column)]
    assert shown == list(NARROW)


def test_numbers_take_room_from_the_names_only_where_there_are_some(
    view: RowListView, desk: Desk, qtbot: QtBot
) -> None:
    view.resize(1100, 400)
    qtbot.waitUntil(lambda: not view.isColumnHidden(ListColumn.SUBJECT))
    assert view.isColumnHidden(ListColumn.ASSET_NO)
    row = view.rows.line(1)
    assert row is not None
    desk.book.set_values(row.id, {"asset_no": "GD-1"}, by=PREPARER)
    view.rows.renew(row.id)
    qtbot.waitUntil(lambda: not view.isColumnHidden(ListColumn.ASSET_NO))
    view.rows.set_filter("丙社", "")
    qtbot.waitUntil(lambda: view.isColumnHidden(ListColumn.ASSET_NO))


def test_names_are_read_where_a_class_is_told_by_its_number_alone(view: RowListView) -> None:
    view.set_narrow(True)
    for width, class_ in ((333, NARROW_WIDTHS[ListColumn.CLASS]), (290, SIGN_WIDTH)):
        view.resize(width, 300)
        assert view.columnWidth(ListColumn.CLASS) == class_
        assert view.columnWidth(ListColumn.NAME) >= LEAST_NAME


def test_a_wide_list_gives_names_what_its_figures_can_spare(view: RowListView) -> None:
    for width, class_ in ((1100, WIDTHS[ListColumn.CLASS]), (700, 64)):
        view.resize(width, 300)
        assert view.columnWidth(ListColumn.CLASS) == class_
        assert view.columnWidth(ListColumn.NAME) >= WHOLE_NAME


def test_enter_opens_the_chosen_row(view: RowListView, qtbot: QtBot) -> None:
    view.choose_place(1)
    with qtbot.waitSignal(view.opened) as opened:
        press(qtbot, Qt.Key.Key_Return)
    assert opened.args == [view.rows.line(1).id]  # type: ignore[union-attr]


def test_delete_asks_to_remove(view: RowListView, qtbot: QtBot) -> None:
    view.choose_place(0)
    with qtbot.waitSignal(view.remove_asked):
        press(qtbot, Qt.Key.Key_Delete)


def test_stepping_ends_at_the_last_row(view: RowListView) -> None:
    view.choose_place(1)
    assert view.step(1)
    assert view.step(1) == ""


def test_a_click_on_a_title_sorts_and_a_second_one_turns_round(view: RowListView) -> None:
    header = view.horizontalHeader()
    header.sectionClicked.emit(int(ListColumn.AMOUNT))
    assert names(view.rows) == ["甲社", "丙社", "乙社"]
    header.sectionClicked.emit(int(ListColumn.AMOUNT))
    assert names(view.rows) == ["乙社", "丙社", "甲社"]


def test_sorting_keeps_the_chosen_row(view: RowListView) -> None:
    view.choose_place(0)
    kept = view.current_id()
    view.horizontalHeader().sectionClicked.emit(int(ListColumn.AMOUNT))
    assert view.current_id() == kept
    assert view.currentIndex().row() == 2


def test_a_hundred_thousand_rows_are_shown_from_one_page(look: Look, qtbot: QtBot) -> None:
    model = ManyRows(100_000)
    view = RowListView(look)
    qtbot.addWidget(view)
    view.show_model(model)
    view.resize(900, 400)
    view.show()
    qtbot.waitExposed(view)
    view.grab()
    assert len(model.asked) == 1


def test_scrolling_draws_only_the_rows_that_come_into_sight(
    look: Look, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = RowListView(look)
    qtbot.addWidget(view)
    view.show_model(ManyRows(1000))
    view.resize(900, 400)
    with qtbot.waitExposed(view):
        view.show()
    drawn: set[int] = set()
    paint = RowDelegate.paint

    def noting(self: RowDelegate, painter: QPainter, option: Any, index: Index) -> None:
        drawn.add(index.row())
        paint(self, painter, option, index)

    monkeypatch.setattr(RowDelegate, "paint", noting)
    view.verticalScrollBar().setValue(3)
    QApplication.processEvents()
    assert max(drawn) > 10
    assert len(drawn) <= 5


def test_the_ground_is_painted_below_the_last_row(view: RowListView, look: Look) -> None:
    image = view.viewport().grab().toImage()
    below = image.pixelColor(image.width() // 2, image.height() - 3)
    assert below == QColor(look.theme.paper)


def test_book_offers_every_order_the_list_asks_for(desk: Desk) -> None:
    from app.book.lists import ORDERS
    from app.ui.row_list import ORDER_KEYS

    assert isinstance(desk.book, Book)
    assert set(ORDER_KEYS.values()) <= set(ORDERS)


def test_a_class_that_may_become_worse_says_so_in_little_room(look: Look) -> None:
    metrics, doubtful = QFontMetrics(look.font()), FiveClass.DOUBTFUL
    words = partial(chip_words, doubtful, metrics, short=True)
    room = look.px(NARROW_WIDTHS[ListColumn.CLASS] - 6)
    assert words(room, at_least=True) == "≥④可疑"
    assert words(room, at_least=False) == "④ 可疑"
    assert words(look.px(30), at_least=True) == "④ 可疑"
    assert words(look.px(30), at_least=True, sign=True) == "④"
    assert chip_words(FiveClass.NORMAL, metrics, room, at_least=True, short=True) == "未定"
    assert chip_words(doubtful, metrics, room, at_least=True) == "④ 至少可疑"

"""The tour with a visitor's hands: every step, there and back, and away again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.demo.practice import ROW, TABLE
from app.ui import remembered
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.preview_dialog import PreviewDialog
from app.ui.tour.card import beside
from app.ui.tour.guide import Guide
from app.ui.tour.scenes import DEEDS, TARGETS
from app.ui.tour.steps import STEPS
from tests.ui.conftest import BookMaker
from tests.ui.hands import click, open_desk, press, type_text, wait_for
from tests.ui.tour.conftest import begun

NAMES = [step.name for step in STEPS]


def at(guide: Guide, name: str, qtbot: QtBot) -> None:
    """Waits until the tour has come to a step."""
    wait_for(qtbot, lambda: STEPS[guide.place].name == name)


def show(guide: Guide, name: str) -> None:
    """Goes to a step and lets everything find its place."""
    guide.show_step(NAMES.index(name))
    for _ in range(3):
        QApplication.processEvents()
    guide.follow()


def covers(card: QRect, mark: QRect) -> bool:
    """Whether the card stands over any part of what is framed."""
    return card.intersects(mark)


# ── the data


def test_every_step_names_a_control_and_a_deed_that_are_there() -> None:
    assert 8 <= len(STEPS) <= 10
    assert len(set(NAMES)) == len(STEPS)
    assert {step.target for step in STEPS} == set(TARGETS)
    assert {step.deed for step in STEPS if step.deed} == set(DEEDS)
    assert {step.side for step in STEPS} <= {"left", "right", "below", "above", "foot", "corner"}


def test_steps_are_short() -> None:
    assert [s.name for s in STEPS if len(s.text) > 60 or s.text.count("。") > 2] == []


# ── a visitor who does what is said


def test_a_visitor_who_does_every_step(window: MainWindow, guide: Guide, qtbot: QtBot) -> None:
    keys = Qt.Key
    press(qtbot, keys.Key_Return)
    at(guide, "table", qtbot)
    press(qtbot, keys.Key_Return)
    at(guide, "choice", qtbot)
    press(qtbot, keys.Key_1)
    guide.follow()
    at(guide, "choice", qtbot)  # a digit chooses and Enter goes on, as anywhere in a form
    press(qtbot, keys.Key_Return)
    at(guide, "date", qtbot)
    type_text(qtbot, "20061130")
    press(qtbot, keys.Key_Return)
    at(guide, "reasons", qtbot)
    for name, key in (("problems", keys.Key_F4), ("paper", keys.Key_F8)):
        press(qtbot, key)
        wait_for(qtbot, guide.card.next_button.hasFocus)
        wait_for(qtbot, lambda: guide.card.press.text().startswith("做到了"))
        assert guide.card.keys.isVisible()
        assert "光标在表单里" in guide.card.keys.text()
        press(qtbot, keys.Key_Return)
        at(guide, name, qtbot)
    press(qtbot, keys.Key_Right)
    press(qtbot, keys.Key_Right)
    wait_for(qtbot, guide.card.next_button.hasFocus)
    press(qtbot, keys.Key_Return)
    at(guide, "reconciliation", qtbot)
    press(qtbot, keys.Key_Return)
    at(guide, "submit", qtbot)
    row = window.desk.book.row_list(TABLE, search=ROW["name"])[0]
    assert window.desk.book.row(row.id).values["due_on"] == "2006-11-30"
    assert row.at_least is not None
    assert row.at_least.value == "doubtful"


def test_preview_and_help_are_deeds(window: MainWindow, guide: Guide, qtbot: QtBot) -> None:
    show(guide, "submit")
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: QApplication.activeModalWidget() is not None)
    preview = QApplication.activeModalWidget()
    assert isinstance(preview, PreviewDialog)
    guide.follow()
    assert not preview.papers
    assert not guide.card.press.text().startswith("做到了")
    qtbot.waitUntil(lambda: bool(preview.papers), timeout=60_000)
    wait_for(qtbot, lambda: guide.card.press.text().startswith("做到了"))
    guide.card.back_button.setFocus()  # as after a second look, begun elsewhere
    preview.close()
    wait_for(qtbot, lambda: not window.worker.busy)
    with qtbot.waitActive(window):
        window.activateWindow()
    wait_for(qtbot, lambda: window.focusWidget() is guide.card.next_button)
    assert window.guide is guide
    show(guide, "help")
    press(qtbot, Qt.Key.Key_F1)
    wait_for(qtbot, lambda: guide.card.press.text().startswith("做到了"))
    click(qtbot, guide.card.next_button)
    assert window.guide is None


# ── one who doesn't


def test_nothing_blocks_on_and_back_by_key_and_mouse(
    window: MainWindow, guide: Guide, qtbot: QtBot
) -> None:
    alt = Qt.KeyboardModifier.AltModifier
    for name in NAMES[:3]:
        at(guide, name, qtbot)
        press(qtbot, Qt.Key.Key_N, alt)
    at(guide, "date", qtbot)
    press(qtbot, Qt.Key.Key_B, alt)
    at(guide, "choice", qtbot)
    click(qtbot, guide.card.back_button)
    at(guide, "table", qtbot)
    for name in NAMES[1:]:
        at(guide, name, qtbot)
        click(qtbot, guide.card.next_button)
    assert window.guide is None


def test_a_step_that_was_done_waits_when_one_comes_back(guide: Guide, qtbot: QtBot) -> None:
    show(guide, "choice")
    press(qtbot, Qt.Key.Key_1)
    press(qtbot, Qt.Key.Key_Return)
    at(guide, "date", qtbot)
    show(guide, "choice")
    guide.follow()
    assert STEPS[guide.place].name == "choice"
    press(qtbot, Qt.Key.Key_2)
    press(qtbot, Qt.Key.Key_Return)
    at(guide, "date", qtbot)


def test_enter_alone_leaves_the_keyboard_in_the_field_that_is_asked(
    guide: Guide, qtbot: QtBot
) -> None:
    show(guide, "choice")
    scene = guide.scene
    assert scene is not None
    form = scene.table_page.form if scene.table_page else None
    assert form is not None
    press(qtbot, Qt.Key.Key_Return)
    assert form.focused_key != "kind"
    wait_for(qtbot, lambda: form.focused_key == "kind")
    assert guide.card.press.text().startswith("先做这一步：按 1")
    press(qtbot, Qt.Key.Key_1)
    press(qtbot, Qt.Key.Key_Return)
    at(guide, "date", qtbot)
    assert scene.value() is not None


@pytest.mark.parametrize("typed", ["20061131", "20071231"])
def test_a_date_that_the_next_card_is_not_about_leads_nowhere(
    guide: Guide, qtbot: QtBot, typed: str
) -> None:
    show(guide, "date")
    scene = guide.scene
    assert scene is not None
    form = scene.table_page.form if scene.table_page else None
    assert form is not None
    type_text(qtbot, typed)
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: guide.card.press.text().startswith("先做这一步：打 20061130"))
    assert form.focused_key == "due_on"
    type_text(qtbot, "20061130")
    press(qtbot, Qt.Key.Key_Return)
    at(guide, "reasons", qtbot)


def test_a_field_that_only_the_tour_has_passed_is_not_red(guide: Guide, qtbot: QtBot) -> None:
    show(guide, "date")
    scene = guide.scene
    assert scene is not None
    session = scene.table_page.session if scene.table_page else None
    assert session is not None
    type_text(qtbot, "20061130")
    press(qtbot, Qt.Key.Key_Return)
    at(guide, "reasons", qtbot)
    assert guide.card.next_button.hasFocus()
    said = {problem.field for problem in session.visible_problems()}
    assert said <= {"due_on"}
    assert session.evaluation.missing


# ── how it stands there


def test_the_card_never_covers_its_control(window: MainWindow, guide: Guide) -> None:
    covered = []
    for size in ((1366, 768), (911, 512)):
        window.resize(*size)
        for step in STEPS:
            show(guide, step.name)
            card, mark = guide.card.geometry(), guide.mark.geometry()
            inside = window.rect().contains(card) and guide.mark.isVisible()
            if covers(card, mark) or not inside:
                covered.append((step.name, size))
    assert covered == []


def test_the_card_leaves_lists_to_be_read(window: MainWindow, guide: Guide) -> None:
    window.resize(1366, 768)
    show(guide, "problems")
    page = window.desk_view.table_page if isinstance(window.desk_view, DeskView) else None
    assert page is not None
    rows = page.list.view
    last = rows.visualRect(rows.model().index(rows.model().rowCount() - 1, 0)).bottomLeft()
    assert guide.card.y() > rows.viewport().mapTo(window, last).y()
    show(guide, "reconciliation")
    assert guide.card.geometry().bottom() > window.height() - 40
    assert guide.card.geometry().right() > window.width() - 40


def test_a_control_that_is_gone_leaves_the_card_in_the_corner(
    window: MainWindow, guide: Guide
) -> None:
    assert all(button.text() for button in guide.card.findChildren(QPushButton))
    assert STEPS[0].title in guide.card.accessibleName()
    show(guide, "choice")
    view = guide.view
    assert view is not None
    view.go("summary")
    guide.follow()
    assert not guide.mark.isVisible()
    assert guide.card.isVisible()
    window.actions_by_name["tour"].trigger()
    assert window.guide is guide
    assert guide.place == 0


def test_a_new_look_keeps_the_step(window: MainWindow, guide: Guide, qtbot: QtBot) -> None:
    show(guide, "reconciliation")
    old = guide.card
    try:
        window.look.set_theme("contrast")
        wait_for(qtbot, lambda: guide.card is not old and guide.mark.isVisible())
        assert STEPS[guide.place].name == "reconciliation"
        assert not covers(guide.card.geometry(), guide.mark.geometry())
    finally:
        window.look.set_theme("light")
        QApplication.processEvents()


def test_a_large_card_is_put_where_it_covers_least() -> None:
    room, target = QRect(0, 0, 400, 300), QRect(150, 100, 100, 30)
    assert beside(target, QSize(300, 100), room, 10).top() >= target.bottom()
    assert beside(QRect(), QSize(100, 50), room, 10).bottomRight() == room.bottomRight()
    assert beside(target, QSize(100, 50), room, 10, "right").left() > target.right()
    foot = beside(target, QSize(100, 50), room, 10, "foot")
    assert (foot.right() < target.left(), foot.bottom()) == (True, room.bottom())


# ── the end, and what stays


def test_esc_leaves_from_inside_the_form(
    window: MainWindow, guide: Guide, told: list[Message], qtbot: QtBot
) -> None:
    show(guide, "date")
    press(qtbot, Qt.Key.Key_Escape)
    assert window.guide is None
    view = window.desk_view
    assert isinstance(view, DeskView)
    page = view.table_page
    assert page is not None
    assert page.session is not None
    assert "演示账套还开着" in told[-1].text
    page.close_form()


def test_seen_once_it_is_offered_more_quietly(window: MainWindow, guide: Guide) -> None:
    start = window.start
    assert start is not None
    assert start.tour_button.property("kind") == "main"
    assert remembered.is_practice(window.desk.book.path)
    window.do_close_book()
    assert window.guide is None
    assert not guide.card.isVisible()
    assert remembered.recent_books(window.settings) == []
    assert start.tour_button.isVisible()
    assert start.new_button.property("kind") == "main"
    assert start.tour_button.property("kind") == ""


@pytest.mark.usefixtures("practice_folder")
def test_the_own_book_comes_back(
    window: MainWindow, make_book: BookMaker, told: list[Message], qtbot: QtBot
) -> None:
    book = make_book()
    open_desk(window, book, qtbot)
    window.actions_by_name["tour"].trigger()
    guide = begun(window, qtbot)
    assert window.desk.book.path != book.path
    show(guide, "choice")
    press(qtbot, Qt.Key.Key_1)
    click(qtbot, guide.card.leave_button)
    assert window.desk.book.path == book.path
    assert window.desk.book.row_count(None) == 0
    assert "已回到" in told[-1].text


@pytest.mark.usefixtures("practice_folder")
def test_a_book_on_a_server_is_said_to_be_closed(
    window: MainWindow, make_book: BookMaker, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    book = make_book()
    open_desk(window, book, qtbot)
    monkeypatch.setattr(Book, "on_server", property(lambda one: one.store.place == book.path))
    window.actions_by_name["tour"].trigger()
    guide = begun(window, qtbot)
    guide.leave()
    assert "连接联社数据库" in window.menu_row.bar.text.text()


@pytest.mark.usefixtures("practice_folder")
def test_an_own_book_that_is_gone_is_not_said_to_be_back(
    window: MainWindow, make_book: BookMaker, told: list[Message], qtbot: QtBot
) -> None:
    book = make_book()
    open_desk(window, book, qtbot)
    window.actions_by_name["tour"].trigger()
    guide = begun(window, qtbot)
    book.path.rename(book.path.with_suffix(".away"))
    click(qtbot, guide.card.leave_button)
    assert not window.desk.has_book
    assert told[-1].kind == "error"


def test_a_tour_that_cannot_be_made_gives_the_own_book_back(
    window: MainWindow,
    make_book: BookMaker,
    monkeypatch: pytest.MonkeyPatch,
    told: list[Message],
    qtbot: QtBot,
) -> None:
    from app.book.errors import BookError

    def fail(_folder: Path, _progress: object) -> Path:
        raise BookError("放不下。")

    monkeypatch.setattr("app.demo.practice.made_practice", fail)
    book = make_book()
    open_desk(window, book, qtbot)
    window.actions_by_name["tour"].trigger()
    wait_for(qtbot, lambda: window.desk.has_book)
    assert window.desk.book.path == book.path
    assert window.guide is None
    assert "放不下" in told[-1].text

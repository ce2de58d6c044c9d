"""Papers beside the form: pages, zoom, turn, and the boxes that belong to fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.pointing import set_box
from app.book.types import Box
from app.ui.evidence.paper_view import PaperView
from app.ui.evidence_view import EvidenceView
from app.ui.form_view import FormView
from app.ui.messages import Message
from app.ui.side_pane import HISTORY
from app.ui.table_page import TablePage
from tests.ui.conftest import PREPARER
from tests.ui.evidence.papers import draw_pdf, draw_photo
from tests.ui.hands import click, focused, press, type_text, wait_for

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def photo(book: Book, row_id: str, tmp_path: Path) -> int:
    """A photo attached to the row."""
    return book.attach(row_id, draw_photo(tmp_path / "存单.png"), by=PREPARER).id


@pytest.fixture
def contract(photo: int, book: Book, row_id: str, tmp_path: Path) -> int:
    """A contract of three pages attached behind the photo."""
    return book.attach(row_id, draw_pdf(tmp_path / "合同.pdf"), by=PREPARER).id


@pytest.fixture
def paper(photo: int, page: TablePage, form: FormView, qtbot: QtBot) -> PaperView:
    """The photo beside the form, the amount in focus."""
    form.go_to("carrying_amount")
    press(qtbot, Qt.Key.Key_F3)
    view = page.side.evidence.beside.view
    wait_for(qtbot, lambda: shown(view))
    return view


def shown(view: PaperView) -> bool:
    return view.area.isVisible() and not view.sheet.image.isNull()


def drag(qtbot: QtBot, view: PaperView, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Draws with the mouse, in hundredths of the page as it is shown."""
    wide, high = view.sheet.width(), view.sheet.height()
    one, other = (QPoint(wide * x // 100, high * y // 100) for x, y in (start, end))
    mouse: Any = qtbot
    mouse.mousePress(view.sheet, LEFT, pos=one)
    mouse.mouseMove(view.sheet, QPoint((one.x() + other.x()) // 2, other.y()))
    mouse.mouseMove(view.sheet, other)
    mouse.mouseRelease(view.sheet, LEFT, pos=other)


def boxes(book: Book) -> list[Box]:
    return [box for one in book.attachments() for box in one.boxes]


def test_the_paper_takes_one_half_the_fields_the_other(
    paper: PaperView, page: TablePage, form: FormView, evidence: EvidenceView, qtbot: QtBot
) -> None:
    assert not page.list.isVisible()
    left, right = page.splitter.sizes()[1:]
    assert abs(left - right) < page.width() / 10
    assert form.help_below, "the instruction stands under the field meanwhile"
    type_text(qtbot, "1")
    assert focused() is not paper.area, "the hand is still in the field"
    press(qtbot, Qt.Key.Key_X, ALT)
    assert page.list.isVisible()
    assert evidence.lists.isVisible()
    assert not form.help_below


def test_without_a_paper_there_is_a_word(
    page: TablePage, form: FormView, qtbot: QtBot, told: list[Message]
) -> None:
    form.go_to("name")
    press(qtbot, Qt.Key.Key_F3)
    assert "还没有能对照的资料" in told[-1].text
    assert page.list.isVisible()


def test_a_box_drawn_on_the_paper_belongs_to_the_field(
    paper: PaperView, page: TablePage, book: Book, photo: int, qtbot: QtBot
) -> None:
    drag(qtbot, paper, (10, 40), (60, 30))
    [box] = boxes(book)
    assert (box.field, box.page) == ("carrying_amount", 1)
    assert box.rect == pytest.approx((1000, 3000, 6000, 4000), abs=40)
    entry = book.history()[-1]
    assert (entry.kind, entry.field, entry.by) == ("box", "carrying_amount", PREPARER)
    assert paper.drop_button.isVisible()
    page.side.setCurrentIndex(HISTORY)
    assert "框出出处" in page.side.history.toPlainText()


def test_a_box_is_shown_again_with_its_field(
    contract: int, paper: PaperView, form: FormView, book: Book, evidence: EvidenceView,
    qtbot: QtBot,
) -> None:  # fmt: skip
    set_box(book, contract, Box("formed_on", 3, (1000, 8000, 3000, 8500)), by=PREPARER)
    evidence.renew()
    drag(qtbot, paper, (10, 85), (60, 90))
    paper.area.verticalScrollBar().setValue(0)
    form.go_to("formed_on")
    wait_for(qtbot, lambda: paper.pages == 3 and shown(paper))
    assert paper.title.text() == "合同.pdf", "it lies on the other file"
    assert paper.place.text() == "3/3 页"
    wait_for(qtbot, lambda: in_sight(paper, "formed_on"))
    form.go_to("carrying_amount")
    wait_for(qtbot, lambda: paper.pages == 1 and shown(paper))
    wait_for(qtbot, lambda: in_sight(paper, "carrying_amount"))
    assert paper.sheet.focused == "carrying_amount"


def in_sight(view: PaperView, field: str) -> bool:
    """Whether the field's box is on the screen."""
    box = view.box_of(field)
    if box is None or view.page != box.page - 1:
        return False
    top = view.area.verticalScrollBar().value()
    place = view.sheet.place_of(box.rect)
    return top <= place.top() and place.bottom() <= top + view.area.viewport().height()


def test_a_click_on_a_box_goes_to_its_field(paper: PaperView, form: FormView, qtbot: QtBot) -> None:
    drag(qtbot, paper, (10, 10), (60, 20))
    form.go_to("name")
    spot = paper.sheet.place_of(paper.boxes[0].rect).center()
    mouse: Any = qtbot
    mouse.mouseClick(paper.sheet, LEFT, pos=spot)
    wait_for(qtbot, lambda: form.focused_key == "carrying_amount")


def test_a_box_is_taken_away_and_undone(
    paper: PaperView, page: TablePage, book: Book, qtbot: QtBot
) -> None:
    drag(qtbot, paper, (10, 10), (60, 20))
    press(qtbot, Qt.Key.Key_Delete, ALT)
    assert boxes(book) == []
    press(qtbot, Qt.Key.Key_Z, CTRL)
    wait_for(qtbot, lambda: len(boxes(book)) == 1)
    wait_for(qtbot, lambda: len(paper.boxes) == 1)
    click(qtbot, paper.drop_button)
    assert boxes(book) == []


def test_nothing_is_drawn_without_a_field_or_right(
    paper: PaperView, page: TablePage, book: Book, qtbot: QtBot
) -> None:
    drag(qtbot, paper, (10, 10), (10, 10))
    assert boxes(book) == [], "a click is no box"
    assert page.session is not None
    page.session.locked = "只看不改"
    page.side.evidence.renew()
    drag(qtbot, paper, (10, 10), (60, 20))
    assert boxes(book) == []
    assert not paper.drop_button.isVisible()


def test_a_turned_paper_keeps_its_boxes_in_place(
    paper: PaperView, book: Book, qtbot: QtBot
) -> None:
    press(qtbot, Qt.Key.Key_R, ALT)
    assert paper.sheet.width() > paper.sheet.height()
    # What is at the left top lies at the right top after a turn to the right.
    drag(qtbot, paper, (80, 10), (90, 30))
    [box] = boxes(book)
    assert box.rect == pytest.approx((1000, 1000, 3000, 2000), abs=60)
    for _ in range(3):
        press(qtbot, Qt.Key.Key_R, ALT)
    place = paper.sheet.place_of(box.rect)
    assert place.left() == pytest.approx(paper.sheet.width() * 0.1, abs=4)
    assert place.top() == pytest.approx(paper.sheet.height() * 0.1, abs=4)


def test_pages_and_files_by_keys(
    contract: int, paper: PaperView, form: FormView, qtbot: QtBot
) -> None:
    press(qtbot, Qt.Key.Key_Right, ALT)
    wait_for(qtbot, lambda: paper.pages == 3)
    assert paper.place.text() == "1/3 页"
    for _ in range(12):
        press(qtbot, Qt.Key.Key_PageDown, ALT)
    assert paper.place.text() == "3/3 页"
    wait_for(qtbot, lambda: shown(paper))
    for _ in range(12):
        press(qtbot, Qt.Key.Key_PageUp, ALT)
    assert paper.place.text() == "1/3 页"
    paper.area.setFocus()
    for _ in range(6):
        press(qtbot, Qt.Key.Key_PageDown)
    assert paper.page > 0
    press(qtbot, Qt.Key.Key_Escape)
    assert not paper.isVisible()
    assert form.isVisible(), "elsewhere Esc leaves the form, here only the paper"


def test_every_key_has_its_button(
    contract: int, paper: PaperView, evidence: EvidenceView, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    buttons, fitting = paper.buttons, paper.sheet.width()
    click(qtbot, buttons["zoom_in"])
    click(qtbot, buttons["zoom_in"])
    click(qtbot, buttons["zoom_out"])
    assert paper.sheet.width() == pytest.approx(fitting * 1.25, abs=2)
    click(qtbot, buttons["fit_width"])
    click(qtbot, buttons["turn_right"])
    assert (paper.zoom, paper.sheet.turns) == (1.0, 1)
    click(qtbot, buttons["next_file"])
    wait_for(qtbot, lambda: paper.pages == 3)
    paper.go_to_page(1)
    click(qtbot, buttons["page_up"])
    assert paper.page == 0
    for _ in range(6):
        click(qtbot, buttons["page_down"])
    assert paper.page > 0
    opened: list[str] = []

    def open_it(url: QUrl) -> bool:
        opened.append(url.fileName())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_it)
    click(qtbot, paper.outside_button)
    assert opened == ["合同.pdf"]
    click(qtbot, buttons["ask_close"])
    assert not paper.isVisible()
    assert evidence.files.isVisible()


def test_zoom_and_fit(paper: PaperView, qtbot: QtBot) -> None:
    fitting = paper.sheet.width()
    assert fitting <= paper.area.viewport().width()
    press(qtbot, Qt.Key.Key_Equal, ALT)
    press(qtbot, Qt.Key.Key_Equal, ALT)
    assert paper.sheet.width() == pytest.approx(fitting * 1.5625, abs=2)
    wait_for(qtbot, lambda: paper.sheet.image.width() > fitting)
    press(qtbot, Qt.Key.Key_Minus, ALT)
    press(qtbot, Qt.Key.Key_0, ALT)
    assert paper.sheet.width() == fitting
    port = paper.area.viewport()
    wheel = QWheelEvent(
        QPointF(9, 9), QPointF(port.mapToGlobal(QPoint(9, 9))), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, CTRL, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(port, wheel)
    assert paper.sheet.width() > fitting
    for _ in range(40):
        paper.zoom_in()
    assert paper.zoom == 6.0


def test_what_cannot_be_read_says_so(
    photo: int, page: TablePage, book: Book, row_id: str, evidence: EvidenceView, qtbot: QtBot
) -> None:
    bad = book.attach(row_id, b"%PDF-1.4 broken", "坏.pdf", by=PREPARER)
    evidence.renew()
    evidence.choose(bad.id)
    click(qtbot, evidence.open_button)
    view = evidence.beside.view
    wait_for(qtbot, lambda: "坏.pdf" in view.said.text() and "PDF已损坏" in view.said.text())
    assert view.outside_button.isVisible()
    evidence.beside.next_file()
    wait_for(qtbot, lambda: shown(view))


def test_another_row_shows_its_own_papers(
    paper: PaperView, page: TablePage, book: Book, tmp_path: Path, qtbot: QtBot
) -> None:
    other = [row.id for row in book.rows("1-2")][1]
    book.attach(other, draw_photo(tmp_path / "另一份.png", (400, 300)), by=PREPARER)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    assert page.session is not None
    assert page.session.row.id == other
    assert paper.title.text() == "另一份.png"
    wait_for(qtbot, lambda: paper.sheet.aspect < 1)
    page.close_form()
    assert page.list.isVisible()
    assert not paper.isVisible()


def test_a_paper_taken_away_makes_room(
    paper: PaperView, page: TablePage, book: Book, photo: int, evidence: EvidenceView
) -> None:
    book.detach(photo, by=PREPARER)
    evidence.renew()
    assert not paper.isVisible()
    assert page.list.isVisible()


def test_closing_the_book_while_a_page_is_drawn(
    photo: int, page: TablePage, evidence: EvidenceView, qtbot: QtBot, told: list[Message]
) -> None:
    evidence.toggle_paper()
    renderer = evidence.beside.view.renderer
    evidence.desk.close_book()
    wait_for(qtbot, lambda: not renderer.worker.busy)
    assert told == []


def test_the_marker_leaves_what_is_written_as_it_is(
    paper: PaperView, evidence: EvidenceView, book: Book, photo: int, qtbot: QtBot
) -> None:
    before = paper.sheet.grab().toImage()
    set_box(book, photo, Box("carrying_amount", 1, (0, 0, 10_000, 9_990)), by=PREPARER)
    evidence.renew()
    after = paper.sheet.grab().toImage()
    points = [(x, y) for x in range(20, 400, 3) for y in range(120, 400, 3)]
    pairs = [(before.pixelColor(x, y), after.pixelColor(x, y)) for x, y in points]
    dark = [(was, now) for was, now in pairs if was.lightness() < 60]
    light = [(was, now) for was, now in pairs if was.lightness() > 230]
    assert dark
    assert all(abs(was.lightness() - now.lightness()) < 12 for was, now in dark)
    assert all(now.blue() < was.blue() - 30 < now.red() for was, now in light)

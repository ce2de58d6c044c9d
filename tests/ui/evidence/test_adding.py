"""Evidence comes in by drop, clipboard, dialog and scanner folder, and is named."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.intake.photos import LONG_SIDE
from app.ui import remembered
from app.ui.evidence.needs import NOT_THIS
from app.ui.evidence_view import EvidenceView
from app.ui.form_view import FormView
from app.ui.messages import Message
from app.ui.side_pane import EVIDENCE
from app.ui.table_page import TablePage
from tests.ui.conftest import PREPARER
from tests.ui.evidence.conftest import attached
from tests.ui.evidence.papers import draw_pdf, draw_photo
from tests.ui.hands import button_named, click, go_back, open_form, press, wait_for

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
COPY = Qt.DropAction.CopyAction


def files(*paths: Path) -> QMimeData:
    """Files as a file manager gives them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drop(widget: QWidget, mime: QMimeData) -> bool:
    """Drags onto a widget and lets go; Qt asks who stands behind where it is not accepted."""
    enter = QDragEnterEvent(QPoint(5, 5), COPY, mime, LEFT, PLAIN)
    enter.ignore()
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), COPY, mime, LEFT, PLAIN))
    return enter.isAccepted()


def test_files_are_dropped_on_the_form(
    page: TablePage, form: FormView, book: Book, row_id: str, qtbot: QtBot, tmp_path: Path
) -> None:
    page.side.setCurrentIndex(0)
    field = form.rows["name"].editor.findChild(QLineEdit) or form.rows["name"].editor
    paths = [draw_photo(tmp_path / "存单.png"), draw_pdf(tmp_path / "合同.pdf")]
    assert drop(field, files(*paths))
    found = attached(qtbot, book, row_id, 2)
    assert [one.name for one in found] == ["存单.png", "合同.pdf"]
    wait_for(qtbot, lambda: page.side.tabText(EVIDENCE) == "资料 2")
    assert page.side.currentIndex() == EVIDENCE
    assert book.row(row_id).values["name"] == "第一笔", "no field has swallowed the name"


def test_a_picture_is_dropped_on_the_pane(
    evidence: EvidenceView, book: Book, row_id: str, qtbot: QtBot
) -> None:
    image = QImage(2600, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("navy"))
    mime = QMimeData()
    mime.setImageData(image)
    assert drop(evidence.files, mime)
    [one] = attached(qtbot, book, row_id, 1)
    assert one.name.startswith("粘贴的图片")
    stored = QImage.fromData(book.attachment_bytes(one.sha256))
    assert max(stored.width(), stored.height()) <= LONG_SIDE or one.name.endswith(".png")


def test_books_and_packages_are_not_evidence(
    evidence: EvidenceView, book: Book, qtbot: QtBot, told: list[Message], tmp_path: Path
) -> None:
    package = tmp_path / "QS.wjz"
    package.write_bytes(b"x")
    assert drop(evidence, files(package)), "the window itself takes it"
    wait_for(qtbot, lambda: bool(told))
    assert book.attachments() == []


def test_a_locked_row_takes_nothing(
    evidence: EvidenceView, page: TablePage, book: Book, tmp_path: Path
) -> None:
    assert page.session is not None
    page.session.locked = "只看不改"
    evidence.show_session(page.session)
    assert not drop(evidence, files(draw_photo(tmp_path / "a.png")))
    for button in (evidence.add_button, evidence.more_button):
        assert not button.isVisible()
    assert book.attachments() == []


def test_files_and_pictures_are_pasted(
    evidence: EvidenceView, book: Book, row_id: str, qtbot: QtBot, tmp_path: Path
) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setMimeData(files(draw_photo(tmp_path / "存单.png")))
    evidence.needs.setFocus()
    press(qtbot, Qt.Key.Key_V, CTRL)
    assert [one.name for one in attached(qtbot, book, row_id, 1)] == ["存单.png"]
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    clipboard.setImage(image)
    evidence.add_button.setFocus()
    press(qtbot, Qt.Key.Key_V, CTRL)
    pasted = attached(qtbot, book, row_id, 2)[1]
    assert pasted.name.startswith("粘贴的图片")
    assert QImage.fromData(book.attachment_bytes(pasted.sha256)).width() == 300
    clipboard.clear()


def test_pasting_while_the_tab_has_the_focus(
    page: TablePage, book: Book, row_id: str, qtbot: QtBot, tmp_path: Path
) -> None:
    QGuiApplication.clipboard().setMimeData(files(draw_photo(tmp_path / "存单.png")))
    page.side.tabBar().setFocus()
    press(qtbot, Qt.Key.Key_V, CTRL)
    assert [one.name for one in attached(qtbot, book, row_id, 1)] == ["存单.png"]


def test_an_empty_clipboard_is_said(
    evidence: EvidenceView, told: list[Message], book: Book, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setText("只是文字")
    evidence.needs.setFocus()
    press(qtbot, Qt.Key.Key_V, CTRL)
    assert "没有图片或文件" in told[-1].text
    assert book.attachments() == []


def test_files_are_chosen_for_a_paper(
    evidence: EvidenceView, book: Book, row_id: str, qtbot: QtBot, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = draw_photo(tmp_path / "对账单.png")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_a: ([str(path)], ""))
    wanted = evidence.needs.item(0).text()
    evidence.needs.setCurrentRow(0)
    evidence.needs.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    [one] = attached(qtbot, book, row_id, 1)
    assert one.paper == wanted
    wait_for(qtbot, lambda: evidence.needs.item(0).toolTip() == "已附")


def choose(qtbot: QtBot, button: QPushButton, words: str) -> None:
    """Opens the menu of a button and takes one of its lines."""
    click(qtbot, button)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    [action] = [one for one in menu.actions() if one.text() == words]
    menu.setActiveAction(action)
    qtbot.keyClick(menu, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]


def test_the_buttons_offer_what_can_be_added(
    evidence: EvidenceView, asked: list[str], told: list[Message], qtbot: QtBot
) -> None:
    paper = evidence.needs.item(0).text()
    for words in (paper, "其他资料"):
        choose(qtbot, evidence.add_button, words)
    assert len(asked) == 2
    QGuiApplication.clipboard().setText("只是文字")
    choose(qtbot, evidence.more_button, "粘贴图片或文件（Ctrl+V）")
    assert "没有图片或文件" in told[-1].text


def test_what_cannot_be_read_is_one_line_and_the_rest_goes_in(
    evidence: EvidenceView, book: Book, row_id: str, qtbot: QtBot, told: list[Message],
    tmp_path: Path,
) -> None:  # fmt: skip
    bad = tmp_path / "坏.jpg"
    bad.write_bytes(b"no picture")
    good = draw_photo(tmp_path / "好.png", (300, 400))
    assert drop(evidence, files(bad, good))
    assert [one.name for one in attached(qtbot, book, row_id, 1)] == ["好.png"]
    assert told[-1].text == "“坏.jpg”不是图片，或已损坏。请重新拍照或扫描。"
    assert told[-1].way_out == "其余的已附上。"


def test_originals_are_kept_on_wish(
    evidence: EvidenceView, book: Book, row_id: str, qtbot: QtBot, tmp_path: Path
) -> None:
    [keep] = [one for one in evidence.more_menu().actions() if one.isCheckable()]
    assert not keep.isChecked()
    keep.trigger()
    assert remembered.keep_originals(evidence.desk.settings)
    path = draw_photo(tmp_path / "证.jpg", (2600, 2600))
    evidence.attach([path])
    scaled, original = attached(qtbot, book, row_id, 2)
    assert QImage.fromData(book.attachment_bytes(scaled.sha256)).width() == LONG_SIDE
    assert book.attachment_bytes(original.sha256) == path.read_bytes()
    assert original.name == "证（原件）.jpg"


def test_one_click_says_which_paper_a_file_is(
    evidence: EvidenceView, book: Book, row_id: str, qtbot: QtBot, tmp_path: Path
) -> None:
    assert drop(evidence, files(draw_photo(tmp_path / "扫描1.png", (200, 300))))
    attached(qtbot, book, row_id, 1)
    wait_for(qtbot, lambda: evidence.needs.chosen_paper == "")
    wanted = evidence.needs.item(1).text()
    name_by_click(qtbot, evidence, 1)
    assert book.attachments(row_id)[0].paper == wanted
    assert evidence.needs.item(1).toolTip() == "已附"
    assert wanted in evidence.files.item(0).text()
    assert evidence.needs.word_for(wanted) == NOT_THIS
    book.undo(PREPARER)
    assert book.attachments(row_id)[0].paper == ""


def name_by_click(qtbot: QtBot, evidence: EvidenceView, place: int) -> None:
    """Clicks the word at the end of a paper's line."""
    needs = evidence.needs
    spot = needs.place_of_word(needs.visualItemRect(needs.item(place))).center()
    mouse: Any = qtbot
    mouse.mouseClick(needs.viewport(), LEFT, pos=spot)


def test_a_file_named_wrongly_is_named_again_by_key(
    evidence: EvidenceView, book: Book, row_id: str, qtbot: QtBot
) -> None:
    first, second = (evidence.needs.item(place).text() for place in (0, 1))
    book.attach(row_id, b"x", "x.txt", by=PREPARER, paper=first)
    evidence.renew()
    assert evidence.needs.word_for(first) == "", "no file is chosen"
    evidence.files.setCurrentRow(0)
    evidence.needs.setFocus()
    for place, expected in ((1, second), (1, ""), (0, first)):
        evidence.needs.setCurrentRow(place)
        press(qtbot, Qt.Key.Key_Space)
        assert book.attachments(row_id)[0].paper == expected
    name_by_click(qtbot, evidence, 0)
    assert book.attachments(row_id)[0].paper == ""


def test_a_file_is_removed_by_key_with_a_reason(
    evidence: EvidenceView, book: Book, row_id: str, qtbot: QtBot
) -> None:
    book.attach(row_id, b"x", "x.txt", by=PREPARER)
    evidence.renew()
    evidence.files.setCurrentRow(0)
    choose(qtbot, evidence.more_button, "移除选中的文件…（Del）")
    go_back(evidence.findChildren(QDialog)[-1], qtbot)
    evidence.files.setFocus()
    press(qtbot, Qt.Key.Key_Delete)
    dialog = next(one for one in evidence.findChildren(QDialog) if one.isVisible())
    assert dialog is not None
    line = dialog.findChild(QLineEdit)
    assert line is not None
    line.setText("附错了")
    click(qtbot, button_named(dialog, "移除"))
    assert book.attachments(row_id) == []
    assert book.history()[-1].why == "附错了"


# ── the scanner's folder


@pytest.fixture
def scans(tmp_path: Path, evidence: EvidenceView, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an old and a new scan, named through the menu."""
    folder = tmp_path / "扫描"
    folder.mkdir()
    old = draw_photo(folder / "旧.png", (200, 300))
    long_ago = time.time() - 7 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    draw_photo(folder / "新.png", (200, 300))
    (folder / "说明.txt").write_text("x", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a: str(folder))
    [choose] = [one for one in evidence.more_menu().actions() if "选扫描" in one.text()]
    choose.trigger()
    return folder


def offered(evidence: EvidenceView) -> list[str]:
    return [offer.path.name for offer in evidence.offers.offers()]


def take(qtbot: QtBot, evidence: EvidenceView, place: int = 0) -> None:
    spot: Any = evidence.offers.list.visualItemRect(evidence.offers.list.item(place)).center()
    qtbot.mouseClick(evidence.offers.list.viewport(), LEFT, pos=spot)  # type: ignore[no-untyped-call]


def test_new_scans_are_offered_and_taken_by_a_click(
    scans: Path, evidence: EvidenceView, book: Book, row_id: str, qtbot: QtBot
) -> None:
    wait_for(qtbot, lambda: offered(evidence) == ["新.png"])
    assert evidence.offers.offers()[0].thumbnail is not None
    take(qtbot, evidence)
    assert [one.name for one in attached(qtbot, book, row_id, 1)] == ["新.png"]
    wait_for(qtbot, lambda: offered(evidence) == [])
    draw_pdf(scans / "合同.pdf")
    wait_for(qtbot, lambda: offered(evidence) == ["合同.pdf"])
    assert sorted(path.name for path in scans.iterdir()) == [
        "合同.pdf", "新.png", "旧.png", "说明.txt",
    ], "nothing is moved, nothing deleted"  # fmt: skip


def test_the_same_name_scanned_again_is_a_new_file(
    scans: Path, evidence: EvidenceView, book: Book, row_id: str, qtbot: QtBot
) -> None:
    wait_for(qtbot, lambda: offered(evidence) == ["新.png"])
    take(qtbot, evidence)
    attached(qtbot, book, row_id, 1)
    draw_photo(scans / "新.png", (300, 200))
    evidence.offers.look()
    wait_for(qtbot, lambda: offered(evidence) == ["新.png"])


def test_scans_nobody_wants_are_not_offered_again(
    scans: Path, evidence: EvidenceView, page: TablePage, book: Book, qtbot: QtBot
) -> None:
    wait_for(qtbot, lambda: offered(evidence) == ["新.png"])
    click(qtbot, evidence.offers.none_button)
    wait_for(qtbot, lambda: offered(evidence) == [])
    page.close_form()
    open_form(page, [row.id for row in book.rows("1-2")][1])
    evidence.offers.look()
    wait_for(qtbot, lambda: not evidence.desk.worker.busy)
    assert offered(evidence) == []
    assert book.attachments() == []


def test_a_folder_that_is_gone_offers_nothing(
    scans: Path, evidence: EvidenceView, qtbot: QtBot, told: list[Message]
) -> None:
    wait_for(qtbot, lambda: offered(evidence) == ["新.png"])
    for path in scans.iterdir():
        path.unlink()
    scans.rmdir()
    evidence.offers.look()
    wait_for(qtbot, lambda: offered(evidence) == [])
    assert told == []
    [leave] = [one for one in evidence.more_menu().actions() if "不用" in one.text()]
    leave.trigger()
    assert not evidence.offers.isVisible()
    assert remembered.scan_folder(evidence.desk.settings) is None

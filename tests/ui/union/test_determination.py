"""Determination and decisions in the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.package.verify import verify_package
from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.summary_page import SummaryPage
from app.ui.union.decide_page import DecidePage
from app.ui.union.queue_page import QueuePage
from app.union.changing import opinions_of
from tests.ui.hands import button_named, click, enter, focused, press, type_text, wait_for
from tests.ui.union.acting import line_named, sign
from tests.ui.union.test_review import ids, queue, said
from tests.union.county import LEADER, REVIEWER, ROWS, County
from tests.union.steps import (
    checked,
    decided,
    determined,
    is_loss,
    of_office,
    reviewed,
    through,
)


@pytest.fixture
def page(view: DeskView, qtbot: QtBot) -> QueuePage:
    """The determination page: QS reviewed and checked, the leader works."""
    rows = of_office(view.desk.book, "QS")
    reviewed(view.desk.book, rows)
    checked(view.desk.book, rows)
    view.desk.choose_person(LEADER)
    return queue(view, qtbot, navigation.DETERMINE)


def open_one(page: QueuePage, *, loss: bool) -> str:
    """Opens a row that waits, a loss or another one."""
    rows = [page.desk.book.row(one) for one in ids(page)]
    row = next(one for one in rows if is_loss(one) is loss)
    assert page.open_row(row.id)
    return row.id


def test_only_rows_that_are_ready_are_listed(page: QueuePage) -> None:
    assert {one.partition("-")[0] for one in ids(page)} == {"QS"}


def test_a_loss_wants_vote_and_minutes(
    page: QueuePage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row_id = open_one(page, loss=True)
    opinion, book = page.pane.opinion, page.desk.book
    assert "权限" in opinion.preview.text()
    click(qtbot, opinion.apply_button)
    wait_for(qtbot, lambda: bool(said(page)))
    assert "表决情况" in said(page)[0]
    assert "会议纪要" in said(page)[0]
    assert focused() is line_named(opinion, "同意票数")
    minutes = tmp_path / "纪要.txt"
    minutes.write_text("会议纪要第1号", encoding="utf-8")
    type_text(qtbot, "5")
    enter(qtbot)
    type_text(qtbot, "1")
    click(qtbot, opinion.apply_button)
    wait_for(qtbot, lambda: ["表决情况" in one for one in said(page)] == [False])
    assert focused() is line_named(opinion, "会议纪要")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(minutes), ""))
    click(qtbot, button_named(opinion, "选择…"))
    assert line_named(opinion, "会议纪要").text() == str(minutes)
    click(qtbot, opinion.apply_button)
    wait_for(qtbot, lambda: book.row(row_id).stage == "determined")
    last = opinions_of(book, row_id)[-1]
    assert (last.vote, last.minutes_name) == ("同意5票，反对1票，弃权0票", "纪要.txt")


def test_a_vote_that_is_lost_determines_nothing(
    page: QueuePage, qtbot: QtBot, tmp_path: Path
) -> None:
    row_id = open_one(page, loss=True)
    minutes = tmp_path / "纪要.txt"
    minutes.write_text("会议纪要第2号", encoding="utf-8")
    opinion = page.pane.opinion
    for name, count in (("同意票数", "2"), ("反对票数", "3")):
        line_named(opinion, name).setText(count)
    line_named(opinion, "会议纪要").setText(str(minutes))
    click(qtbot, opinion.apply_button)
    wait_for(qtbot, lambda: bool(said(page)))
    assert "没有通过" in said(page)[0]
    assert page.desk.book.row(row_id).stage == "checked"


def test_several_rows_follow_their_reviews(
    page: QueuePage, qtbot: QtBot, told: list[Message]
) -> None:
    book, view = page.desk.book, page.list.view
    with qtbot.waitSignal(page.list.loaded, timeout=5000):
        place = page.list.class_.findData("normal")
        page.list.class_.setCurrentIndex(place)
        page.list.class_.activated.emit(place)
    chosen = ids(page)
    assert len(chosen) > 1
    view.setFocus()
    press(qtbot, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.pane.opinion.apply_button.text() == f"认定{len(chosen)}笔"
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: bool(told) and told[-1].text.startswith("已写入"))
    assert {book.row(one).stage for one in chosen} == {"determined"}
    assert {book.row(one).values["determined_class"] for one in chosen} == {"normal"}


def test_a_new_determination_wants_a_reason(page: QueuePage, qtbot: QtBot) -> None:
    book = page.desk.book
    row_id = open_one(page, loss=False)
    page.open_row(row_id)
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: book.row(row_id).stage == "determined")
    wait_for(qtbot, lambda: not page.desk.worker.busy)
    page.open_row(row_id)
    assert page.session is not None
    assert "已认定" in page.session.notes()[0].text
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: bool(said(page)))
    assert "重新认定要写理由" in said(page)[0]
    page.pane.opinion.reason.show_text("复查发现新情况")
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: len(opinions_of(book, row_id)) >= 4)
    assert opinions_of(book, row_id)[-1].reason == "复查发现新情况"


def test_what_was_decided_above_is_recorded(
    page: QueuePage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.forms.schema import Authority
    from app.union import determination

    above = Authority(classes=("loss",), decides="省联社", level="above")
    monkeypatch.setattr(determination, "beyond_authority", lambda *_: above)
    row_id, book = open_one(page, loss=True), page.desk.book
    minutes = tmp_path / "纪要.txt"
    minutes.write_text("会议纪要第3号", encoding="utf-8")
    line_named(page.pane.opinion, "同意票数").setText("5")
    line_named(page.pane.opinion, "会议纪要").setText(str(minutes))
    assert "报省联社" in page.pane.opinion.preview.text()
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: book.row(row_id).stage == "referred")
    wait_for(qtbot, lambda: not page.desk.worker.busy)
    page.open_row(row_id)
    assert "录入上级的决定" in said(page)[0]
    page.pane.opinion.class_.setFocus()
    type_text(qtbot, "5")
    page.pane.opinion.reason.show_text("省联社批复")
    line_named(page.pane.opinion, "会议纪要").setText(str(minutes))
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: book.row(row_id).stage == "determined")


# ── decisions


@pytest.fixture
def decide_page(view: DeskView, tmp_path: Path, qtbot: QtBot) -> DecidePage:
    """QS wholly determined, its office not told yet."""
    through(view.desk.book, of_office(view.desk.book, "QS"), tmp_path / "纪要.txt")
    view.desk.choose_person(LEADER)
    page = view.go(navigation.DECIDE)
    assert isinstance(page, DecidePage)
    wait_for(qtbot, lambda: len(page.waiting) == 1)
    return page


def test_offices_that_wait_get_a_signed_decision(
    decide_page: DecidePage,
    window: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    told: list[Message],
) -> None:
    rows = [row.texts for row in decide_page.table.lines.rows]
    assert [row[0] for row in rows] == ["QS 青山信用社"]
    assert rows[0][4] == "全部有了结果"
    out = tmp_path / "决定"
    click(qtbot, button_named(decide_page, "写决定…"))
    sign(window, qtbot, out)
    wait_for(qtbot, lambda: bool(told) and told[-1].kind == "good")
    files = list(out.glob("*.wjz"))
    assert len(files) == 1
    assert verify_package(files[0]).holds
    assert "退回0笔" in told[-1].text
    wait_for(qtbot, lambda: decide_page.table.lines.rows == [])
    assert not decide_page.decide_button.isEnabled()
    assert "本期已下发1份" in decide_page.made.toPlainText()


def test_a_wrong_passphrase_writes_nothing(
    decide_page: DecidePage, qtbot: QtBot, tmp_path: Path, told: list[Message]
) -> None:
    out = tmp_path / "决定"
    decide_page.job.write(out, "不是这个口令")
    wait_for(qtbot, lambda: bool(told) and told[-1].kind == "error")
    assert not list(out.glob("*")) if out.exists() else True
    assert len(decide_page.waiting) == 1


def test_nothing_to_tell_says_so(view: DeskView, qtbot: QtBot) -> None:
    view.desk.choose_person(REVIEWER)
    page = view.go(navigation.DECIDE)
    assert isinstance(page, DecidePage)
    wait_for(qtbot, lambda: page.count.text().startswith("没有新的结果要告知。在“审查”退回"))
    assert page.table.isHidden()


def test_what_is_told_once_more_is_not_called_new(
    decide_page: DecidePage, view: DeskView, county: County, qtbot: QtBot, tmp_path: Path
) -> None:
    book = view.desk.book
    decided(county, book, tmp_path / "decisions")
    county.change("QS", lambda _office: None)
    county.export("QS")
    county.collected(book, "QS")
    view.desk.rows_were_changed()
    again = "没有新的结果要告知。1家重新上报了，以前告知过的结果随新的决定再告知一次。"
    wait_for(qtbot, lambda: decide_page.count.text() == again)
    texts = decide_page.table.lines.rows[0].texts
    assert texts[4] == f"其中{ROWS}笔以前告知过，重新上报后再告知一次；全部有了结果"


def test_the_summary_shows_what_was_determined_once_all_is(view: DeskView, tmp_path: Path) -> None:
    book = view.desk.book
    page = view.go(navigation.SUMMARY)
    assert isinstance(page, SummaryPage)
    assert page.stage.currentData() == "initial"
    rows = list(book.rows())
    reviewed(book, rows)
    page.renew()
    assert page.stage.currentData() == "reviewed"
    checked(book, rows)
    determined(book, rows[1:], tmp_path / "纪要.txt")
    page.renew()
    assert page.stage.currentData() == "reviewed"
    determined(book, rows[:1], tmp_path / "纪要.txt")
    page.renew()
    assert page.stage.currentData() == "determined"
    # Whoever chooses a stage himself keeps it.
    page.stage.setCurrentIndex(0)
    page.stage.activated.emit(0)
    page.renew()
    assert page.stage.currentData() == "initial"

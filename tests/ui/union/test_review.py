"""Review in the window: the queue, the row as sent, opinions, questions, conflicts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Event

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.forms.classes import FiveClass
from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.sign_line import SignLine
from app.ui.union.queue_page import QueuePage
from app.union.changing import opinions_of
from app.union.queue import queue_ids
from app.union.review import review
from tests.ui.hands import button_named, click, enter, focused, press, type_text, wait_for
from tests.ui.union.acting import active_dialog, line_named
from tests.union.county import AUDITOR, CLERK, DEPARTMENT, REVIEWER, ROWS, SECOND, County
from tests.union.steps import decided, entry, of_office, reviewed, through

Opener = Callable[[], QueuePage]


@pytest.fixture
def page(view: DeskView, qtbot: QtBot) -> QueuePage:
    """The review page with all rows that wait."""
    return queue(view, qtbot, navigation.REVIEW)


def queue(view: DeskView, qtbot: QtBot, key: str) -> QueuePage:
    """A page with a queue, read."""
    found = view.go(key)
    assert isinstance(found, QueuePage)
    with qtbot.waitSignal(found.list.loaded, timeout=5000):
        found.list.reload()
    return found


def ids(page: QueuePage) -> list[str]:
    """The rows in the list."""
    return list(page.list.view.lines.ids)


def said(page: QueuePage) -> list[str]:
    """What stands above the opinion."""
    QApplication.processEvents()
    return [line.label.text() for line in page.pane.opinion.findChildren(SignLine)
            if line.isVisible()]  # fmt: skip


def choose(qtbot: QtBot, page: QueuePage, combo: QComboBox, value: object) -> None:
    """Takes an entry of a filter, as a hand does."""
    place = next(at for at in range(combo.count()) if combo.itemData(at) == value)
    with qtbot.waitSignal(page.list.loaded, timeout=5000):
        combo.setCurrentIndex(place)
        combo.activated.emit(place)


def first(page: QueuePage, **wanted: str) -> str:
    """The first row of a class or table."""
    book = page.desk.book
    for row_id in ids(page):
        row = book.row(row_id)
        if (
            wanted.get("class_") in (None, row.suggested and row.suggested.value)
            and wanted.get("field", "name") in book.ruleset.table(row.table_id).fields
        ):
            return row_id
    raise AssertionError(wanted)


def test_what_is_worth_most_comes_first(page: QueuePage) -> None:
    assert len(ids(page)) == 2 * ROWS
    assert ids(page) == queue_ids(page.desk.book)


def test_an_opinion_by_keyboard_alone_leads_to_the_next_row(page: QueuePage, qtbot: QtBot) -> None:
    page.list.view.setFocus()
    enter(qtbot)
    one, following = ids(page)[:2]
    assert page.session is not None
    assert page.session.row.id == one
    suggested = page.session.row.suggested
    assert suggested is not None
    type_text(qtbot, str(suggested.rank))
    enter(qtbot)
    type_text(qtbot, "同意初分")
    enter(qtbot)
    assert focused() is page.pane.opinion.apply_button
    enter(qtbot)
    wait_for(qtbot, lambda: page.session is not None and page.session.row.id == following)
    after = page.desk.book.row(one)
    assert (after.stage, after.values["review_reason"]) == ("reviewed", "同意初分")
    assert focused() is page.pane.opinion.class_
    assert page.pane.opinion.reason.toPlainText() == ""
    # The row keeps its place in the list, with its new state.
    line = page.list.view.lines.line(0)
    assert line is not None
    assert (line.id, line.stage, line.review_class) == (one, "reviewed", suggested)


def test_the_row_is_shown_as_sent_and_can_not_be_changed(page: QueuePage, qtbot: QtBot) -> None:
    row_id = first(page)
    page.open_row(row_id, "name")
    form = page.form
    assert form is not None
    before = page.desk.book.row(row_id).values
    type_text(qtbot, "改")
    form.commit_focused()
    for row in form.rows.values():
        assert row.editor.locked
    form.go_to("initial_class")
    press(qtbot, Qt.Key.Key_5)
    press(qtbot, Qt.Key.Key_Backspace)
    assert page.desk.book.row(row_id).values == before
    assert form.rows["initial_class"].editor.raw() == before["initial_class"]
    assert "review_class" not in form.rows


def test_what_the_office_wrote_on_table_2_is_read_beside_the_row(page: QueuePage) -> None:
    sheet = next(one for one in page.desk.book.big_losses() if one.own)
    page.open_row(sheet.row_id)
    words = page.pane.facts.toPlainText()
    fields = page.desk.book.ruleset.table("2").fields
    assert all(fields[key].label in words for key in sheet.own if key in fields)


def test_filters(page: QueuePage, view: DeskView, qtbot: QtBot) -> None:
    choose(qtbot, page, page.list.office, "QS")
    assert {one.partition("-")[0] for one in ids(page)} == {"QS"}
    choose(qtbot, page, page.list.order, "place")
    assert ids(page) == [row.id for row in of_office(view.desk.book, "QS")]
    choose(qtbot, page, page.list.class_, "loss")
    rows = [view.desk.book.row(one) for one in ids(page)]
    assert {row.suggested for row in rows} <= {FiveClass.LOSS}
    choose(qtbot, page, page.list.class_, "")
    with qtbot.waitSignal(page.list.loaded, timeout=5000):
        page.search("点钞机")
    names = [str(view.desk.book.row(one).values["name"]) for one in ids(page)]
    assert all("点钞机" in name for name in names)


def test_several_rows_at_once_each_on_its_own_suggestion(
    page: QueuePage, qtbot: QtBot, told: list[Message]
) -> None:
    view = page.list.view
    view.setFocus()
    view.choose_place(0)
    for _ in range(3):
        press(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    opinion = page.pane.opinion
    assert opinion.isVisible()
    assert "选中的4笔" in opinion.title.text()
    opinion.reason.setFocus()
    type_text(qtbot, "成批同意")
    click(qtbot, opinion.apply_button)
    wait_for(qtbot, lambda: bool(told) and "已写入4笔" in told[-1].text)
    assert focused() is view
    assert (view.chosen_count(), opinion.bulk) == (0, 0)
    for row_id in ids(page)[:4]:
        row = page.desk.book.row(row_id)
        assert row.suggested is not None
        assert row.values["review_class"] == row.suggested.value
    assert page.desk.book.row(ids(page)[4]).stage == "submitted"


def test_rows_just_written_stay_out_of_what_is_written_in_bulk(
    page: QueuePage, qtbot: QtBot
) -> None:
    row_id, book, opinion = first(page, class_="normal"), page.desk.book, page.pane.opinion
    page.open_row(row_id)
    type_text(qtbot, "4")
    opinion.reason.setFocus()
    type_text(qtbot, "看过实物")
    click(qtbot, opinion.apply_button)
    wait_for(qtbot, lambda: not page.desk.worker.busy)
    page.close_row()
    page.list.view.selectAll()
    rest = [one for one in ids(page) if one != row_id]
    assert opinion.apply_button.text() == f"写入{len(rest)}笔"
    assert said(page) == ["另1笔刚才已经办过，不动。"]
    opinion.reason.setFocus()
    type_text(qtbot, "成批同意")
    click(qtbot, opinion.apply_button)
    wait_for(qtbot, lambda: {book.row(one).stage for one in rest} == {"reviewed"})
    assert book.row(row_id).values["review_class"] == "doubtful"


def test_the_last_row_is_told_beside_the_opinion_and_lies_on_nothing(
    page: QueuePage, qtbot: QtBot, told: list[Message]
) -> None:
    row_id = next(
        one for one in reversed(ids(page)) if page.desk.book.row(one).suggested is not None
    )
    place = ids(page).index(row_id)
    page.list.view.lines.show_ids(ids(page)[: place + 1])
    page.open_row(row_id)
    type_text(qtbot, "4")
    page.pane.opinion.reason.setFocus()
    type_text(qtbot, "看过实物")
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: bool(said(page)))
    assert said(page) == ["已写入，这是最后一笔。"]
    assert page.desk.book.row(row_id).stage == "reviewed"
    assert told == []


def test_what_is_wrong_with_many_is_not_said_of_others(page: QueuePage, qtbot: QtBot) -> None:
    opinion, view = page.pane.opinion, page.list.view
    view.selectAll()
    opinion.class_.set_value("doubtful")
    click(qtbot, opinion.apply_button)
    wait_for(qtbot, lambda: bool(said(page)))
    assert "要写理由" in said(page)[0]
    view.setFocus()
    view.choose_place(0)
    press(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.chosen_count() == 2
    assert not any("要写理由" in one for one in said(page))


def test_a_fault_is_said_beside_the_opinion_and_nothing_is_lost(
    page: QueuePage, qtbot: QtBot
) -> None:
    row_id = first(page, class_="normal")
    page.open_row(row_id)
    type_text(qtbot, "4")
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: bool(said(page)))
    assert "要写理由" in said(page)[0]
    assert "reason" not in said(page)[0]
    assert page.pane.opinion.class_.raw() == "doubtful"
    assert page.desk.book.row(row_id).stage == "submitted"
    assert focused() is page.pane.opinion.reason


def test_the_second_reviewer_sees_the_first_ones_change(page: QueuePage, qtbot: QtBot) -> None:
    row_id = first(page, class_="normal")
    page.open_row(row_id)
    other = entry(row_id, class_="doubtful", reason="查到诉讼")
    review(page.desk.book, [other], by=SECOND)
    type_text(qtbot, "2")
    page.pane.opinion.reason.setFocus()
    type_text(qtbot, "回函不全")
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: bool(said(page)))
    assert SECOND in said(page)[0]
    assert "可疑" in said(page)[0]
    assert "查到诉讼" in said(page)[0]
    assert SECOND in page.pane.facts.toPlainText()
    # What is said takes room from the tabs, not from the buttons.
    wait_for(qtbot, lambda: page.pane.area.verticalScrollBar().maximum() == 0)
    assert page.pane.opinion.reason.toPlainText() == "回函不全"
    assert [one.by for one in opinions_of(page.desk.book, row_id)] == [SECOND]
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: len(opinions_of(page.desk.book, row_id)) == 2)
    assert page.desk.book.row(row_id).values["review_reason"] == "回函不全"


def test_a_list_that_comes_after_the_period_was_left_goes_nowhere(
    page: QueuePage, view: DeskView, qtbot: QtBot, told: list[Message]
) -> None:
    first_period = view.desk.book.period.id
    view.desk.book.add_period(date(2007, 12, 31), by=REVIEWER)
    view.desk.enter_period(first_period)
    again = view.go(navigation.REVIEW)
    assert isinstance(again, QueuePage)
    started = Event()
    view.desk.worker.start("等", lambda _progress: started.wait(30), lambda _: None, quiet=True)
    again.list.reload()
    again.list.look_again()
    view.desk.enter_period(view.desk.book.periods()[-1].id)
    # The old pages are really taken apart before the list is there.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    started.set()
    wait_for(qtbot, lambda: not view.desk.worker.busy)
    assert [one.text for one in told if one.kind == "error"] == []


def test_from_a_row_outside_the_list_the_way_leads_into_it(page: QueuePage, qtbot: QtBot) -> None:
    one, *others = ids(page)
    reviewed(page.desk.book, [page.desk.book.row(one)])
    with qtbot.waitSignal(page.list.loaded, timeout=5000):
        page.list.reload()
    page.open_row(one)
    QApplication.processEvents()
    assert page.sheet.head.place.text() == ""
    page.step(1)
    QApplication.processEvents()
    assert page.session is not None
    assert page.session.row.id == others[0]
    assert page.sheet.head.place.text() == f"1/{len(others)} 笔"


def test_who_comes_after_the_determination_sees_it(
    page: QueuePage, county: County, qtbot: QtBot
) -> None:
    row_id, book = first(page, class_="normal"), page.desk.book
    page.open_row(row_id)
    type_text(qtbot, "3")
    page.pane.opinion.reason.setFocus()
    type_text(qtbot, "还要再核")
    through(book, [book.row(row_id)], county.folder / "纪要.txt")
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: bool(said(page)))
    assert "已认定" in said(page)[0]
    assert page.form is not None
    assert page.session is not None
    assert any("已认定：" in one.text for one in page.session.notes())
    assert page.pane.opinion.reason.toPlainText() == "还要再核"


def test_cash_without_a_name_is_called_cash(page: QueuePage, qtbot: QtBot) -> None:
    book = page.desk.book
    row_id = next(one for one in ids(page) if not book.row(one).values.get("name"))
    page.open_row(row_id)
    assert page.session is not None
    assert page.session.name == "现金"
    QApplication.processEvents()
    assert page.sheet.head.title.toolTip().startswith("现金")


def test_what_was_typed_stays_with_its_row(page: QueuePage, qtbot: QtBot) -> None:
    one, two = ids(page)[:2]
    page.open_row(one)
    page.pane.opinion.reason.setFocus()
    type_text(qtbot, "还要再查")
    page.step(1)
    assert page.pane.opinion.reason.toPlainText() == ""
    page.step(-1)
    assert page.session is not None
    assert page.session.row.id == one
    assert page.pane.opinion.reason.toPlainText() == "还要再查"
    assert two != one


def test_own_values_show_both_results_before_they_are_written(
    page: QueuePage, qtbot: QtBot
) -> None:
    row_id = first(page, class_="normal", field="loss_basis")
    page.open_row(row_id)
    row = page.desk.book.row(row_id)
    click(qtbot, page.pane.opinion.more)
    loss = line_named(page.pane.opinion, "预计损失")
    loss.setFocus()
    type_text(qtbot, row.values["carrying_amount"])
    enter(qtbot)
    words = page.pane.opinion.preview.text()
    assert "按联社的数：⑤ 损失" in words
    assert "上报：① 正常" in words
    page.pane.opinion.class_.setFocus()
    type_text(qtbot, "5")
    page.pane.opinion.reason.setFocus()
    type_text(qtbot, "重估")
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: page.desk.book.row(row_id).stage == "reviewed")
    after = page.desk.book.row(row_id)
    assert after.review_loss == Decimal(row.values["carrying_amount"])
    assert after.suggested is FiveClass.NORMAL
    page.open_row(row_id)
    assert "按联社的数 ⑤ 损失" in page.pane.facts.toPlainText().replace("　", " ")


def test_questions_on_fields_return_the_row(
    page: QueuePage, window: MainWindow, qtbot: QtBot
) -> None:
    row_id = ids(page)[0]
    page.open_row(row_id, "name")
    qtbot.keyClick(focused(), Qt.Key.Key_F7)  # type: ignore[no-untyped-call]
    active_dialog(window, qtbot)
    type_text(qtbot, "名称和合同不一样")
    enter(qtbot)
    form = page.form
    assert form is not None
    assert [mark.text for mark in form.rows["name"].marks] == ["要补正：名称和合同不一样"]
    page.add_mark("evidence", "缺合同")
    page.add_mark("remarks", "多余的问题")
    click(qtbot, button_named(form.rows["remarks"], "撤去"))
    assert form.rows["remarks"].marks == ()
    click(qtbot, page.pane.opinion.return_button)
    assert said(page) == ["退回要写理由。"]
    window.activateWindow()
    wait_for(qtbot, lambda: QApplication.focusWidget() is not None)
    page.pane.opinion.reason.setFocus()
    type_text(qtbot, "资料不全")
    click(qtbot, page.pane.opinion.return_button)
    wait_for(qtbot, lambda: page.desk.book.row(row_id).stage == "returned")
    marks = page.desk.book.row(row_id).marks
    assert [(mark["field"], mark["note"]) for mark in marks] == [
        ("name", "名称和合同不一样"), ("evidence", "缺合同"),
    ]  # fmt: skip


def test_who_comes_finds_what_waits_for_him(page: QueuePage, view: DeskView, qtbot: QtBot) -> None:
    book = view.desk.book
    rows = of_office(book, "QS")
    reviewed(book, rows[:2])
    for person, waits in ((DEPARTMENT, "department"), (AUDITOR, "audit"), (REVIEWER, "review")):
        with qtbot.waitSignal(page.list.loaded, timeout=5000):
            view.desk.choose_person(person)
        assert page.list.stage.currentData() == waits
        assert ids(page) == queue_ids(book, waits=waits)
    choose(qtbot, page, page.list.stage, "answer")
    assert page.list.count.text() == "没有符合条件的资产。"


def test_department_and_audit_have_their_own_say(
    page: QueuePage, view: DeskView, qtbot: QtBot
) -> None:
    row = of_office(view.desk.book, "QS")[0]
    reviewed(view.desk.book, [row])
    for person, words, stage in ((DEPARTMENT, "同意初审", "checked"), (AUDITOR, "属实", "checked")):
        view.desk.choose_person(person)
        page.open_row(row.id)
        page.pane.opinion.reason.setFocus()
        type_text(qtbot, words)
        click(qtbot, page.pane.opinion.apply_button)
        wait_for(qtbot, lambda: not view.desk.worker.busy)
        assert opinions_of(view.desk.book, row.id)[-1].by == person
        assert view.desk.book.row(row.id).stage == stage
    assert [one.text for one in opinions_of(view.desk.book, row.id)[1:]] == ["同意初审", "属实"]


def test_a_look_on_site_is_asked_for_where_the_department_wants_it_otherwise(
    page: QueuePage, view: DeskView, qtbot: QtBot
) -> None:
    row_id = first(page, class_="normal")
    book = view.desk.book
    review(book, [entry(row_id, class_="normal")], by=REVIEWER)
    wish = entry(row_id, class_="关注", department_opinion="应下调")
    review(book, [wish], by=DEPARTMENT)
    page.open_row(row_id)
    assert "现场核查" in said(page)[0]
    assert page.pane.opinion.site_check.isVisible()
    page.pane.opinion.site_check.setFocus()
    type_text(qtbot, "已到现场，设备停用")
    page.pane.opinion.class_.setFocus()
    type_text(qtbot, "2")
    page.pane.opinion.reason.setFocus()
    type_text(qtbot, "按现场情况")
    click(qtbot, page.pane.opinion.apply_button)
    wait_for(qtbot, lambda: book.row(row_id).values.get("review_class") == "special_mention")
    assert book.row(row_id).values["site_check"] == "已到现场，设备停用"


def test_who_has_no_say_sees_but_writes_nothing(
    page: QueuePage, view: DeskView, qtbot: QtBot
) -> None:
    view.desk.book.add_person(CLERK, "preparer", by=REVIEWER)
    view.desk.choose_person(CLERK)
    page.open_row(ids(page)[0])
    assert not page.pane.opinion.isVisible()
    assert "工作小组" in page.pane.nobody.text()


def test_a_sample_is_drawn_with_its_seed(
    page: QueuePage, window: MainWindow, qtbot: QtBot, told: list[Message]
) -> None:
    from app.ui.union.queue_panel import DRAW
    from app.union.queue import all_samples

    choose_place = page.list.sample.findData(DRAW)
    page.list.sample.setCurrentIndex(choose_place)
    page.list.sample.activated.emit(choose_place)
    dialog = active_dialog(window, qtbot)
    line_named(dialog, "笔数").setText("5")
    line_named(dialog, "种子").setText("2006")
    enter(qtbot)
    assert line_named(dialog, "种子").hasFocus()
    enter(qtbot)
    wait_for(qtbot, lambda: len(ids(page)) == 5)
    sample = all_samples(page.desk.book)[0]
    assert (sample.seed, sample.size, sample.by) == ("2006", 5, REVIEWER)
    assert sorted(ids(page)) == sorted(sample.row_ids)
    assert "2006" in told[-1].text


def test_a_resubmission_shows_what_changed_and_what_was_answered(
    page: QueuePage, view: DeskView, county: County, qtbot: QtBot
) -> None:
    from app.package.receiving import receive_answer
    from tests.union.county import HEAD

    book = view.desk.book
    row = of_office(book, "QS")[0]
    marks = (("remarks", "写明来由"), ("evidence", "缺对账单"))
    review(book, [entry(row.id, marks=marks, reason="依据不足")], by=REVIEWER)
    made = decided(county, book, county.folder / "decisions")
    with Book.open(county.book("QS")) as office:
        receive_answer(office, made["QS"].path, by=HEAD)
        office.set_values(row.id, {"remarks": "1998年购入"}, by=CLERK)
    county.export("QS")
    county.collected(book, "QS")
    page.open_row(row.id)
    assert "→ 1998年购入" in page.pane.facts.toPlainText()
    form = page.form
    assert form is not None
    assert [(m.sign, m.text) for m in form.rows["remarks"].marks] == [
        ("good", f"{REVIEWER}问：写明来由　已改")
    ]
    notes = [note.text for note in page.session.notes()] if page.session else []
    assert any("缺对账单" in note for note in notes)
    _asked_and_answered_stay_in_sight(page, row.id)
    line = page.list.view.lines
    line.renew([row.id])
    assert "改" in line.text(line.line(line.place_of(row.id)), 11)  # type: ignore[arg-type]


def _asked_and_answered_stay_in_sight(page: QueuePage, row_id: str) -> None:
    """Once the working group is through with it, question and answer are there for the next."""
    book = page.desk.book
    reviewed(book, [book.row(row_id)])
    assert book.row(row_id).marks == ()
    page.desk.choose_person(DEPARTMENT)
    page.open_row(row_id)
    assert page.form is not None
    assert page.session is not None
    assert [m.text for m in page.form.rows["remarks"].marks] == [f"{REVIEWER}问：写明来由　已改"]
    assert f"资料附件：{REVIEWER}问：缺对账单　已改" in [one.text for one in page.session.notes()]
    assert "问过信用社的" in page.pane.facts.toPlainText()
    page.pane.side.setCurrentWidget(page.pane.side.history)
    told = page.pane.side.history.toPlainText().replace("　", " ")
    assert "信用社的答复：问“备注”：写明来由（已改）；问“资料附件”：缺对账单（已改）" in told
    assert "联社意见：退回；依据不足；问“备注”：写明来由" in told


def test_enter_on_an_office_shows_its_rows(view: DeskView, qtbot: QtBot) -> None:
    from app.ui.union.offices_page import OfficesPage

    offices = view.go(navigation.OFFICES)
    assert isinstance(offices, OfficesPage)
    wait_for(qtbot, lambda: len(offices.table.lines.rows) == 3)
    offices.table.setFocus()
    offices.table.selectRow(1)
    enter(qtbot)
    page = view.queue_page
    assert page is not None
    wait_for(qtbot, lambda: len(ids(page)) == ROWS)
    assert {one.partition("-")[0] for one in ids(page)} == {"QS"}

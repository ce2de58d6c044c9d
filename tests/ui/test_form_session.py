"""One row being filled in: evaluated at each keystroke, saved when complete, never lost."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.forms.classes import FiveClass
from app.ui import form_session
from app.ui.desk import Desk
from app.ui.form_session import FormSession, visible_fields
from app.ui.messages import Message
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import INTERBANK


@pytest.fixture
def session(desk: Desk) -> FormSession:
    """A finished row of 1-2 in a session."""
    return session_of(desk, INTERBANK)


def session_of(desk: Desk, values: dict[str, Any], table_id: str = "1-2") -> FormSession:
    """A session of a new row."""
    row = desk.book.add_row(table_id, values, by=PREPARER)
    return FormSession(desk, desk.book.ruleset.table(table_id), row)


def codes(session: FormSession, key: str) -> list[str]:
    """Codes of the problems shown under a field."""
    return [problem.code for problem in session.problems(key)]


def test_a_keystroke_is_evaluated_and_not_saved(session: FormSession) -> None:
    session.type_in("expected_loss", "100000")
    assert session.evaluation.suggested is FiveClass.DOUBTFUL
    assert session.desk.book.row(session.row.id).values["expected_loss"] == "0.00"


def test_a_complete_value_is_saved_with_its_author(session: FormSession) -> None:
    session.type_in("name", "新名")
    assert session.commit("name", "新名")
    book = session.desk.book
    assert book.row(session.row.id).values["name"] == "新名"
    last = book.history(session.row.id, "name")[-1]
    assert (last.by, last.old, last.new) == (PREPARER, INTERBANK["name"], "新名")


def test_saving_is_told_with_its_time(session: FormSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.desk.saved) as saved:
        session.commit("name", "新名")
    assert saved.args == [session.desk.book.saved_at]


def test_an_unchanged_value_makes_no_history(session: FormSession) -> None:
    before = len(session.desk.book.history(session.row.id))
    assert session.commit("carrying_amount", "250,000")
    assert len(session.desk.book.history(session.row.id)) == before


def test_two_seconds_pause_saves(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_session, "PAUSE_MS", 20)
    session = session_of(desk, INTERBANK)
    with qtbot.waitSignal(session.saved):
        session.type_in("name", "停顿")
    assert desk.book.row(session.row.id).values["name"] == "停顿"


def test_what_is_typed_is_kept_as_a_draft(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_session, "DRAFT_MS", 10)
    session = session_of(desk, INTERBANK)
    session.type_in("name", "没写完")
    qtbot.waitUntil(lambda: bool(desk.book.drafts()))
    assert [(d.field, d.text) for d in desk.book.drafts()] == [("name", "没写完")]
    session.commit("name", "写完了")
    assert desk.book.drafts() == []


def test_a_draft_left_over_is_found_again(desk: Desk) -> None:
    row = desk.book.add_row("1-2", INTERBANK, by=PREPARER)
    desk.book.save_draft(row.id, "name", "断电前")
    session = FormSession(desk, desk.book.ruleset.table("1-2"), row)
    assert session.recovered["name"].text == "断电前"
    assert session.value("name") == INTERBANK["name"]


def test_a_recovered_input_can_be_kept(desk: Desk) -> None:
    row = desk.book.add_row("1-2", INTERBANK, by=PREPARER)
    desk.book.save_draft(row.id, "name", "断电前")
    session = FormSession(desk, desk.book.ruleset.table("1-2"), row)
    session.keep_recovered("name")
    assert desk.book.row(row.id).values["name"] == "断电前"
    assert (session.recovered, desk.book.drafts()) == ({}, [])


def test_a_recovered_input_can_be_dropped(desk: Desk) -> None:
    row = desk.book.add_row("1-2", INTERBANK, by=PREPARER)
    desk.book.save_draft(row.id, "name", "断电前")
    session = FormSession(desk, desk.book.ruleset.table("1-2"), row)
    session.drop_recovered("name")
    assert desk.book.row(row.id).values["name"] == INTERBANK["name"]
    assert (session.recovered, desk.book.drafts()) == ({}, [])


def test_closing_saves_what_is_typed(session: FormSession) -> None:
    session.type_in("name", "关窗前")
    session.close()
    assert session.desk.book.row(session.row.id).values["name"] == "关窗前"


def test_no_problem_is_shown_while_a_field_is_typed(session: FormSession) -> None:
    session.type_in("carrying_amount", "12.")
    session.type_in("carrying_amount", "12.345")
    assert codes(session, "carrying_amount") == []
    session.commit("carrying_amount", "12.345")
    assert codes(session, "carrying_amount") == ["E005"]


def test_unreadable_input_is_kept_as_typed(session: FormSession) -> None:
    session.commit("formed_on", "前年")
    assert session.desk.book.row(session.row.id).values["formed_on"] == "前年"
    assert codes(session, "formed_on") == ["E002"]


def test_missing_answers_are_told_only_where_one_has_been(desk: Desk) -> None:
    session = session_of(desk, {"subject": "1221"})
    assert session.visible_problems() == []
    session.visit("name")
    assert codes(session, "name") == ["E001"]
    assert codes(session, "kind") == []


def test_check_now_tells_all_that_is_missing(desk: Desk) -> None:
    session = session_of(desk, {"subject": "1221"})
    session.check_now()
    assert codes(session, "kind") == ["E001"]


def test_sections_tell_what_is_left(desk: Desk) -> None:
    session = session_of(desk, {**INTERBANK, "kind": None})
    section = ("kind", "counterparty", "name")
    assert session.section_state(section) == "○"
    session.commit("kind", "interbank_deposit")
    assert session.section_state(section) == "✓"
    session.commit("name", "长" * 201)
    assert session.section_state(section) == "!"


def test_a_kept_warning_no_longer_counts(desk: Desk) -> None:
    session = session_of(desk, {**INTERBANK, "subject": "1231", "kind": "interbank_deposit"})
    session.commit("subject", "1391")
    assert codes(session, "subject") == ["W001"]
    assert session.section_state(("subject",)) == "!"
    problem = session.problems("subject")[0]
    from app.book.checks import problem_id

    name = problem_id(session.row.id, "subject", problem.code)
    desk.book.keep(name, "按联社要求列报", by=PREPARER)
    session.reload()
    assert session.kept_reasons("subject") == {"W001": "按联社要求列报"}
    assert session.section_state(("subject",)) == "✓"


def test_what_stands_for_an_empty_answer_is_told(desk: Desk) -> None:
    session = session_of(desk, {**INTERBANK, "violates_rules": None, "wp_basis": None})
    assert session.stand_in("violates_rules") == "否"
    assert "正常" in session.stand_in("wp_basis")
    assert session.stand_in("name") == ""


def test_nobody_at_work_saves_nothing(session: FormSession, told: list[Message]) -> None:
    session.desk.person = None
    assert not session.commit("name", "谁写的")
    assert session.desk.book.row(session.row.id).values["name"] == INTERBANK["name"]
    assert "请在右上角选择人员" in told[-1].way_out


def test_a_refused_value_stays_in_the_form(
    session: FormSession, told: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.book.errors import BookError

    def refuse(*_args: Any, **_named: Any) -> None:
        raise BookError("这一期已经封印。")

    monkeypatch.setattr(Book, "set_values", refuse)
    assert not session.commit("name", "改")
    assert session.values["name"] == "改"
    assert told[-1].text == "这一期已经封印。"


def test_the_unions_fields_are_not_in_an_offices_form(make_book: BookMaker) -> None:
    table = make_book("绿水").ruleset.table("1-2")
    shown = {f.key for fields in visible_fields(table, union=False).values() for f in fields}
    assert "initial_class" in shown
    assert not shown & {"review_class", "determined_class", "id", "seq"}
    assert "union" in visible_fields(table, union=True)

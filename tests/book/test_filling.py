"""A field set for many rows in one change."""

from __future__ import annotations

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.book.filling import (
    fields_for_many,
    plan_opinions,
    plan_set,
    plan_whole_amounts,
    set_for_many,
)
from app.book.types import Json, Row
from app.forms.classes import FiveClass
from app.intake.hints import hint_findings
from tests.book.samples import ACCOUNTANT, CLERK, finished_values


@pytest.fixture
def rows(book: Book) -> list[Row]:
    """Three rows of 1-2, the second without a kind, the third with another one."""
    given = [
        finished_values("1-2", 19, name="甲"),
        finished_values("1-2", 19, name="乙", kind=None),
        finished_values("1-2", 19, name="丙", compliance="violation"),
    ]
    return [book.add_row("1-2", one, by=CLERK) for one in given]


def test_a_plan_counts_what_would_happen(book: Book, rows: list[Row]) -> None:
    ids = [row.id for row in rows]
    kind = rows[0].values["kind"]
    plan = plan_set(book.store, "1-2", ids, "kind", kind)
    assert (plan.filled, plan.replaced, plan.same) == ((ids[1],), (), 2)
    plan = plan_set(book.store, "1-2", ids, "remarks", "已核对")
    assert (plan.filled, plan.row_ids) == (tuple(ids), tuple(ids))
    assert book.row(ids[0]).values.get("remarks") is None


def test_a_field_is_set_for_many_in_one_change(book: Book, rows: list[Row]) -> None:
    ids = [row.id for row in rows]
    steps: list[int] = []
    plan = plan_set(book.store, "1-2", ids, "name", "同名")
    assert plan.replaced == tuple(ids)
    done = set_for_many(
        book.store, plan, by=CLERK, progress=lambda at, _total, _text: steps.append(at)
    )
    assert (done, steps) == (3, [0])
    assert {book.row(one).values["name"] for one in ids} == {"同名"}
    assert len({entry.change_no for entry in book.history(field="name")}) == 1
    book.undo(CLERK)
    assert [book.row(one).values["name"] for one in ids] == ["甲", "乙", "丙"]


def test_what_a_form_does_not_ask_stays_as_it_is(book: Book, rows: list[Row]) -> None:
    table = book.ruleset.table("1-2")
    asked = book.evaluate(rows[0]).asked
    key = next(
        f.key for f in fields_for_many(table) if f.key not in asked and f.type in ("text", "long")
    )
    plan = plan_set(book.store, "1-2", [rows[0].id], key, "甲乙丙")
    assert (plan.row_ids, plan.not_asked) == ((), 1)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("carrying_amount", "约一百", "应为"),
        ("asset_no", "A1", "没有可以一起填的"),
        ("nonsense", "1", "没有可以一起填的"),
        ("overdue_days", "1", "由程序计算"),
    ],
)
def test_what_cannot_be_set_for_many_is_told(
    book: Book, rows: list[Row], field: str, value: str, words: str
) -> None:
    with pytest.raises(BookError, match=words):
        plan_set(book.store, "1-2", [row.id for row in rows], field, value)


def test_a_cancelled_change_leaves_nothing(book: Book, rows: list[Row]) -> None:
    plan = plan_set(book.store, "1-2", [row.id for row in rows], "name", "同名")

    class StoppedError(Exception):
        """The clerk has stopped it."""

    def stop(_done: int, _total: int, _text: str) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        set_for_many(book.store, plan, by=CLERK, progress=stop)
    assert book.row(rows[0].id).values["name"] == "甲"


@pytest.fixture
def classed(book: Book) -> dict[str, Row]:
    """Rows of 1-2 that come out as doubtful, loss and special mention, and one that is open."""
    given = {
        "可疑": finished_values("1-2", 19, due_on="2006-10-01", initial_class=None),
        "损失": finished_values("1-2", 3, initial_class=None),
        "关注": finished_values("1-2", 24, initial_class=None),
        "未定": finished_values("1-2", 19, counterparty_state=None, initial_class=None),
    }
    return {
        name: book.add_row("1-2", {**values, "name": name}, by=CLERK)
        for name, values in given.items()
    }


def opinions(book: Book, rows: dict[str, Row]) -> list[str | None]:
    """The stored opinion of each row."""
    return [book.row(row.id).values.get("initial_class") for row in rows.values()]


def test_each_row_gets_the_class_worked_out_for_it(book: Book, classed: dict[str, Row]) -> None:
    plan = plan_opinions(book.store, "1-2", [row.id for row in classed.values()])
    assert plan.by_class == [
        (FiveClass.SPECIAL_MENTION, 1), (FiveClass.DOUBTFUL, 1), (FiveClass.LOSS, 1)
    ]  # fmt: skip
    assert plan.without_class == ("未定",)
    assert set_for_many(book.store, plan, by=CLERK) == 3
    assert opinions(book, classed) == ["doubtful", "loss", "special_mention", None]
    row = book.row(classed["损失"].id)
    assert (row.provenance["initial_class"], row.stage) == ("suggested", "prepared")
    assert row.prepared_by == CLERK
    assert {entry.by for entry in book.history(field="initial_class")} == {CLERK}
    book.undo(CLERK)
    assert opinions(book, classed) == [None] * 4
    book.redo(CLERK)
    assert book.row(row.id).provenance["initial_class"] == "suggested"


def test_an_opinion_chosen_by_hand_is_told_apart(book: Book, classed: dict[str, Row]) -> None:
    for name, given in (("可疑", "loss"), ("损失", "doubtful"), ("关注", "special_mention")):
        book.set_values(classed[name].id, {"initial_class": given}, by=CLERK)
    plan = plan_opinions(book.store, "1-2", [row.id for row in classed.values()])
    assert plan.replaced == (classed["可疑"].id, classed["损失"].id)
    assert (plan.filled, plan.same) == ((), 1)
    assert plan.worse == {classed["可疑"].id}
    assert plan.sparing().row_ids == ()
    book.set_values(classed["可疑"].id, {"initial_class": "doubtful"}, by=CLERK)
    assert book.row(classed["可疑"].id).provenance["initial_class"] == "typed"


def test_opinions_that_no_longer_fit_are_not_written(book: Book, classed: dict[str, Row]) -> None:
    plan = plan_opinions(book.store, "1-2", [row.id for row in classed.values()])
    book.set_values(classed["关注"].id, {"counterparty_state": None}, by=CLERK)
    with pytest.raises(BookError, match="在预览以后有过修改"):
        set_for_many(book.store, plan, by=CLERK)
    assert opinions(book, classed) == [None] * 4


def test_an_opinion_needs_somebody_who_gives_it(book: Book, classed: dict[str, Row]) -> None:
    plan = plan_opinions(book.store, "1-2", [classed["损失"].id])
    with pytest.raises(BookError):
        set_for_many(book.store, plan, by="")


def test_opinions_that_were_sent_up_stay(book: Book, deposit: Row) -> None:
    book.confirm([deposit.id], by=ACCOUNTANT)
    with book.sealing("0123", by=ACCOUNTANT):
        pass
    plan = plan_opinions(book.store, "1-2", [deposit.id])
    assert (plan.row_ids, plan.locked) == ((), 1)


def test_remarks_are_shown_where_a_set_answer_is_given(book: Book, rows: list[Row]) -> None:
    ids = [row.id for row in rows]
    for row_id, said in zip(ids, ("有账无物", "闲置", "闲置"), strict=True):
        book.set_values(row_id, {"remarks": said}, by=CLERK)
    kinds = {book.row(one).values.get("kind") for one in ids} - {None}
    kind = kinds.pop()
    plan = plan_set(book.store, "1-2", ids, "kind", kind)
    assert plan.words() == [("闲置", 1)], "only of the row that would change"
    assert plan.sparing_said(["有账无物"]) == plan
    assert plan.sparing_said(["闲置"]).row_ids == ()
    emptied = plan_set(book.store, "1-2", ids, "kind", None)
    assert emptied.words()[0] in [("闲置", 1), ("有账无物", 1)]
    assert plan_set(book.store, "1-2", ids, "remarks", "同一句").words() == []


def test_a_column_that_no_field_takes_is_looked_at_in_place_of_the_remarks(book: Book) -> None:
    given = [finished_values("1-2", 19, name=name, kind=None) for name in "甲乙丙"]
    printed: list[dict[str, Json]] = [{"产权证号": "无"}, {"产权证号": "无"}, {"产权证号": ""}]
    rows = book.add_rows("1-2", given, by=CLERK, source="import", printed=printed)
    ids = [row.id for row in rows]
    kind = finished_values("1-2", 19)["kind"]
    plan = plan_set(book.store, "1-2", ids, "kind", kind)
    assert (plan.words(), plan.columns) == ([], ("产权证号",))
    plan = plan_set(book.store, "1-2", ids, "kind", kind, columns=["产权证号"])
    assert plan.words("产权证号") == [("无", 2), ("", 1)], "nothing printed can be left aside too"
    assert plan.sparing_said(["无"], "产权证号").row_ids == (ids[2],)
    assert plan.sparing_said([""], "产权证号").row_ids == tuple(ids[:2])
    book.set_values(ids[0], {"remarks": "待查"}, by=CLERK)
    plan = plan_set(book.store, "1-2", ids, "kind", kind, columns=["产权证号"])
    assert plan.words() == [("待查", 1)]
    assert plan.sparing_said(["待查"]).sparing_said([""], "产权证号").row_ids == (ids[1],)


def test_rows_that_need_a_field_are_told_from_those_that_may_leave_it_empty(book: Book) -> None:
    losses = {"甲": "100.00", "乙": "0.00", "丙": None}
    ids = [
        book.add_row("1-2", finished_values("1-2", 19, name=name, expected_loss=loss), by=CLERK).id
        for name, loss in losses.items()
    ]
    plan = plan_set(book.store, "1-2", ids, "remarks", "按清算通知估计")
    assert (plan.filled, plan.needed) == (tuple(ids), frozenset(ids[:1]))
    assert plan.needed_alone.row_ids == (ids[0],)
    assert plan_set(book.store, "1-2", ids, "accuracy", []).needed == frozenset()


def test_answers_that_seldom_fit_are_told_before_they_are_given(book: Book) -> None:
    days = {"老账": "2001-03-01", "新账": "2006-10-01"}
    ids = [
        book.add_row("1-5", {"name": name, "formed_on": day, "kind": "other"}, by=CLERK).id
        for name, day in days.items()
    ]
    plan = plan_set(book.store, "1-5", ids, "limitation", "lapsed")
    assert set(plan.unusual) == {ids[1]}
    assert plan.unusual[ids[1]].startswith("新账：账龄91天")
    assert plan.usual_alone.row_ids == (ids[0],)
    assert not plan_set(book.store, "1-5", ids, "limitation", "within").unusual


def test_each_row_gets_its_own_carrying_amount(book: Book) -> None:
    given: list[dict[str, Json]] = [
        {"name": "甲", "carrying_amount": "100.50"},
        {"name": "乙", "carrying_amount": "7.00", "recovered_amount": "7.00"},
        {"name": "丙", "carrying_amount": "30.00", "recovered_amount": "1.00"},
        {"name": "丁"},
        {"name": "戊", "carrying_amount": "约五千"},
        {"name": "己", "carrying_amount": "-8.00"},
    ]
    ids = [book.add_row("1-5", one, by=CLERK).id for one in given]
    plan = plan_whole_amounts(book.store, "1-5", ids, "recovered_amount")
    assert (plan.filled, plan.replaced, plan.same) == ((ids[0],), (ids[2],), 1)
    assert (plan.not_asked, plan.without_amount) == (0, 3), "nothing that could be filled in"
    assert str(plan.total) == "130.50"
    assert str(plan.sparing().total) == "100.50"
    assert set_for_many(book.store, plan, by=CLERK) == 2
    found = [book.row(one).values.get("recovered_amount") for one in ids]
    assert found == ["100.50", "7.00", "30.00", None, None, None]
    assert book.row(ids[0]).provenance["recovered_amount"] == "typed"


def test_an_amount_that_has_changed_since_the_preview_is_not_filled_in(book: Book) -> None:
    row = book.add_row("1-5", {"name": "甲", "carrying_amount": "100.50"}, by=CLERK)
    plan = plan_whole_amounts(book.store, "1-5", [row.id], "recovered_amount")
    book.set_values(row.id, {"carrying_amount": "90.00"}, by=CLERK)
    with pytest.raises(BookError, match="再看一次预览"):
        set_for_many(book.store, plan, by=CLERK)
    with pytest.raises(BookError, match="没有可以各填账面金额的"):
        plan_whole_amounts(book.store, "1-8", [row.id], "disposal_costs")


def test_what_was_filled_since_the_preview_is_not_replaced(book: Book, rows: list[Row]) -> None:
    ids = [row.id for row in rows]
    plan = plan_set(book.store, "1-2", ids, "remarks", "函证过")
    assert plan.filled == tuple(ids)
    book.set_values(ids[1], {"remarks": "自己写的"}, by=CLERK)
    with pytest.raises(BookError, match="在预览以后有过修改"):
        set_for_many(book.store, plan, by=CLERK)
    assert [book.row(one).values.get("remarks") for one in ids] == [None, "自己写的", None]


def test_what_is_right_for_one_may_be_a_guess_for_many(book: Book) -> None:
    given = {"kind": "other", "litigation": "none"}
    old, young = (
        book.add_row("1-5", {**given, "name": day, "formed_on": day}, by=CLERK).id
        for day in ("1996-05-01", "2006-05-01")
    )
    plan = plan_set(book.store, "1-5", [old, young], "limitation", "within")
    assert list(plan.unusual) == [old]
    assert "超过二年又没有诉讼" in plan.unusual[old]
    assert plan.usual_alone.row_ids == (young,)
    set_for_many(book.store, plan, by=CLERK)
    assert not any(one.field == "limitation" for one in hint_findings(book.store))

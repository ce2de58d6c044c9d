"""Many rows in one change: a field set for them, a row copied."""

from __future__ import annotations

import pytest

from app.book.book import Book
from app.book.bulk import copy_row, fields_for_many, plan_set, set_for_many
from app.book.errors import BookError
from app.book.types import Row
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


def test_a_copy_takes_the_facts_over(book: Book) -> None:
    values = finished_values("1-2", 19, asset_no="A1", remarks="原件")
    row = book.add_row("1-2", values, by=CLERK)
    copy = copy_row(book.store, row.id, by=CLERK)
    assert copy.id != row.id
    assert (copy.seq, copy.stage) == (2, "draft")
    assert copy.values["carrying_amount"] == row.values["carrying_amount"]
    assert not {"asset_no", "wp_formation", "wp_state", "initial_class"} & copy.values.keys()
    assert set(copy.provenance.values()) == {"copied"}
    book.undo(CLERK)
    assert book.row_count("1-2") == 1


def test_who_copied_a_row_does_not_confirm_it(book: Book, deposit: Row) -> None:
    copy = copy_row(book.store, deposit.id, by=ACCOUNTANT)
    given = {k: deposit.values[k] for k in ("wp_formation", "wp_state", "initial_class")}
    book.set_values(copy.id, given, by=CLERK)
    with pytest.raises(BookError):
        book.confirm([copy.id], by=ACCOUNTANT)

"""The reviewer's queue and the random samples."""

from __future__ import annotations

import pytest

from app.book.book import Book
from app.forms.classes import FiveClass
from app.union.errors import UnionError
from app.union.queue import (
    ORDERS,
    all_samples,
    draw_sample,
    lines_of,
    queue_ids,
    review_queue,
)
from app.union.review import review
from tests.rows import INTERBANK
from tests.union.county import CLERK, OFFICES, REVIEWER, ROWS, County
from tests.union.steps import entry, of_office, reviewed

OVERDUE = {
    **INTERBANK,
    "name": "逾期的存款",
    "due_on": "2006-10-01",
    "initial_class": "doubtful",
}
"""A finished row that comes out as doubtful; its estimate of no loss is a warning (W003)."""


def test_what_is_worth_most_comes_first(collected: Book) -> None:
    queue = review_queue(collected)
    assert len(queue) == len(OFFICES) * ROWS
    worths = [line.worth for line in queue]
    assert worths == sorted(worths, reverse=True)
    # Never less than the amount in fen itself.
    for line in queue:
        assert line.carrying_amount is not None
        assert line.worth >= abs(line.carrying_amount) * 100


def test_kept_warnings_make_a_row_worth_more(county: County, collected: Book) -> None:
    county.change("QS", lambda office: office.add_row("1-2", OVERDUE, by=CLERK))
    county.export("QS")
    county.collected(collected, "QS")
    kept = {one.row_id for one in collected.kept()}
    found = [line for line in review_queue(collected) if line.id in kept]
    assert [line.name for line in found] == [OVERDUE["name"]]
    assert found[0].carrying_amount is not None
    assert found[0].worth >= 2 * found[0].carrying_amount * 100


@pytest.mark.parametrize("order", ORDERS)
def test_pages_follow_each_other(collected: Book, order: str) -> None:
    whole = [line.id for line in review_queue(collected, order_by=order)]
    parts = [
        line.id
        for offset in range(0, len(whole), 5)
        for line in review_queue(collected, order_by=order, offset=offset, limit=5)
    ]
    assert parts == whole


def test_filters(collected: Book) -> None:
    rows = of_office(collected, "QS")
    reviewed(collected, rows[:2])
    review(collected, [entry(rows[2].id, marks=(("备注", "来由"),), reason="不清")], by=REVIEWER)
    assert len(queue_ids(collected, institution="QS")) == ROWS
    assert len(queue_ids(collected, institution="QS", stages=("reviewed",))) == 2
    returned = review_queue(collected, stage="returned")
    assert [(line.id, line.marks, line.unanswered) for line in returned] == [(rows[2].id, 1, 1)]
    every = list(collected.rows())
    table = rows[0].table_id
    assert {line.id for line in review_queue(collected, table_id=table)} == {
        row.id for row in every if row.table_id == table
    }
    losses = {row.id for row in every if row.suggested is FiveClass.LOSS}
    assert losses
    assert {line.id for line in review_queue(collected, class_="loss")} == losses
    for wrong in ({"class_": "bad"}, {"stage": "bad"}):
        with pytest.raises(UnionError, match="bad"):
            review_queue(collected, **wrong)  # type: ignore[arg-type]


def test_a_sample_can_be_drawn_again(collected: Book) -> None:
    first = draw_sample(collected, 5, by=REVIEWER, seed="2006-12-31")
    again = draw_sample(collected, 5, by=REVIEWER, seed="2006-12-31")
    other = draw_sample(collected, 3, by=REVIEWER, institution="QS")
    assert first.row_ids == again.row_ids
    assert len(set(first.row_ids)) == 5
    assert all(row_id.startswith("QS-") for row_id in other.row_ids)
    assert other.seed
    assert all_samples(collected) == [first, again, other]
    assert {line.id for line in review_queue(collected, sample=first.id)} == set(first.row_ids)
    assert [c.kind for c in collected.history()][-3:] == ["sample"] * 3


def test_a_sample_fits_its_rows(collected: Book) -> None:
    for size in (0, ROWS * 2 + 1):
        with pytest.raises(UnionError, match="抽样"):
            draw_sample(collected, size, by=REVIEWER)
    with pytest.raises(UnionError, match="99"):
        queue_ids(collected, sample=99)


@pytest.mark.parametrize("order", ORDERS)
def test_the_whole_queue_at_once_has_the_order_of_its_pages(collected: Book, order: str) -> None:
    whole = [line.id for line in review_queue(collected, order_by=order)]
    assert queue_ids(collected, order_by=order) == whole
    assert [line.id for line in lines_of(collected, whole[::-1])] == whole[::-1]


def test_ids_are_filtered(collected: Book) -> None:
    rows = of_office(collected, "QS")
    reviewed(collected, rows[:2])
    found = queue_ids(collected, institution="QS", stages=("reviewed",), order_by="place")
    assert found == [row.id for row in rows[:2]]
    name = str(rows[3].values["name"])
    assert rows[3].id in queue_ids(collected, search=name)
    assert len(queue_ids(collected, search=name)) < ROWS * len(OFFICES)


def test_a_row_that_is_gone_leaves_a_gap_in_the_lines(collected: Book) -> None:
    ids = queue_ids(collected)
    assert [line.id for line in lines_of(collected, [ids[0], "QS-9999", ids[1]])] == ids[:2]

"""A row beside what it was in the last period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.book.book import Book
from app.book.since_last import Changed, changed_ids, since_last
from app.book.types import Row
from app.forms.classes import FiveClass
from tests.book.samples import CLERK, finished_values

NEXT, LATER = date(2007, 12, 31), date(2023, 12, 31)


def test_a_row_that_is_new_has_nothing_to_be_compared_with(book: Book, vehicles: Row) -> None:
    assert since_last(book, vehicles.id) is None
    book.add_period(NEXT, carry_forward=True, by=CLERK)
    new = book.add_row("1-5", {"name": "新的"}, by=CLERK)
    assert since_last(book, new.id) is None


def test_what_is_asked_again_shows_the_last_answer(book: Book, vehicles: Row) -> None:
    book.add_period(NEXT, carry_forward=True, by=CLERK)
    since = since_last(book, vehicles.id)
    assert since is not None
    assert (since.base_date, since.class_then) == (date(2006, 12, 31), FiveClass.LOSS)
    assert Changed("compliance", "合规性（内容）", "合规", "") in since.changed
    assert Changed("initial_class", "初分意见", "损失", "") in since.changed
    assert not {"name", "carrying_amount", "subject"} & {one.field for one in since.changed}
    order = list(book.ruleset.table("1-3").fields)
    assert [one.field for one in since.changed] == sorted(
        (one.field for one in since.changed), key=order.index
    )


def test_what_is_answered_as_before_is_no_change(book: Book, vehicles: Row) -> None:
    book.add_period(NEXT, carry_forward=True, by=CLERK)
    again = {k: v for k, v in vehicles.values.items() if k not in book.row(vehicles.id).values}
    book.set_values(vehicles.id, {**again, "carrying_amount": "379999.99"}, by=CLERK)
    since = since_last(book, vehicles.id)
    assert since is not None
    assert since.class_now is FiveClass.LOSS
    (changed,) = since.changed
    before = f"{Decimal(vehicles.values['carrying_amount']):,.2f}"
    assert changed == Changed("carrying_amount", "账面金额", before, "379,999.99")


def test_the_period_before_counts_not_the_first(book: Book, vehicles: Row) -> None:
    book.add_period(NEXT, carry_forward=True, by=CLERK)
    book.set_values(vehicles.id, {"keeper": "李四"}, by=CLERK)
    book.add_period(date(2008, 12, 31), carry_forward=True, by=CLERK)
    since = since_last(book, vehicles.id)
    assert since is not None
    assert since.base_date == NEXT
    assert "keeper" not in {one.field for one in since.changed}


def test_a_subject_that_got_another_code_is_shown_by_name(book: Book) -> None:
    row = book.add_row("1-5", finished_values("1-5", 151), by=CLERK)
    book.add_period(LATER, carry_forward=True, by=CLERK)
    since = since_last(book, row.id)
    assert since is not None
    subject = next(one for one in since.changed if one.field == "subject")
    assert (subject.before, subject.now) == ("1391 其他应收款", "1221 其他应收款")


def test_changed_rows_can_be_listed(book: Book, vehicles: Row) -> None:
    same = book.add_row("1-3", finished_values("1-3", 14, name="没有变化的"), by=CLERK)
    book.add_period(NEXT, carry_forward=True, by=CLERK)
    assert changed_ids(book.store, "1-3") == [], "what is still to be answered is no change"
    book.set_values(vehicles.id, {"carrying_amount": "379999.99"}, by=CLERK)
    new = book.add_row("1-3", {"name": "新的"}, by=CLERK)
    assert changed_ids(book.store, "1-3") == [vehicles.id, new.id]
    again = {k: v for k, v in same.values.items() if k not in book.row(same.id).values}
    book.set_values(same.id, again, by=CLERK)
    assert changed_ids(book.store, "1-3") == [vehicles.id, new.id]
    book.set_values(same.id, {"initial_class": "doubtful"}, by=CLERK)
    assert same.id in changed_ids(book.store, "1-3")


def test_everything_is_new_in_the_first_period(book: Book, vehicles: Row) -> None:
    assert changed_ids(book.store, "1-3") == [vehicles.id]

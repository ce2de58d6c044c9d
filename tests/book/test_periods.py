"""Periods: what is carried forward, what is asked again, each with its own rule set."""

from __future__ import annotations

from datetime import date

import pytest

from app.book.book import Book
from app.book.checks import check_list
from app.book.errors import BookError
from app.book.store import Store
from app.book.types import Balance, Row
from app.forms.classes import FiveClass
from app.forms.loader import load_ruleset
from app.models.tables import periods
from tests.book.samples import CLERK, RULESET, case_values, finished_values

NEXT = date(2007, 12, 31)


def test_facts_are_carried_and_judgements_asked_again(book: Book, vehicles: Row) -> None:
    period = book.add_period(NEXT, carry_forward=True, by=CLERK)
    assert book.period == period
    assert period.base_date == NEXT
    row = book.row(vehicles.id)
    assert (row.id, row.seq, row.table_id) == (vehicles.id, 1, "1-3")
    assert row.values["carrying_amount"] == vehicles.values["carrying_amount"]
    assert row.values["wp_formation"] == vehicles.values["wp_formation"]
    gone = vehicles.values.keys() - row.values.keys()
    assert {"compliance", "accuracy", "initial_class", "estimated_price"} <= gone
    assert row.stage == "draft"
    assert row.last_class is FiveClass.LOSS
    assert set(row.provenance.values()) == {"carried"}


def test_the_last_period_stays_as_it_was(book: Book, vehicles: Row) -> None:
    first = book.period
    book.add_period(NEXT, carry_forward=True, by=CLERK)
    book.set_values(vehicles.id, {"name": "已处置车辆"}, by=CLERK)
    assert [period.base_date for period in book.periods()] == [first.base_date, NEXT]
    book.select_period(first.id)
    assert book.row(vehicles.id) == vehicles
    assert len(book.big_losses()) == 1


def test_the_latest_period_is_opened(book: Book, vehicles: Row) -> None:
    book.add_period(NEXT, by=CLERK)
    book.close()
    with Book.open(book.path) as again:
        assert again.period.base_date == NEXT


def test_evidence_comes_along_and_says_from_when(book: Book, vehicles: Row) -> None:
    first = book.attach(vehicles.id, b"deed", "行驶证.jpg", by=CLERK, paper="行驶证")
    book.add_period(NEXT, carry_forward=True, by=CLERK)
    carried = book.attachments(vehicles.id)[0]
    entry = book.history(vehicles.id)[-1]
    assert (entry.kind, entry.by, entry.period, entry.field) == (
        "attach", CLERK, NEXT.isoformat(), "行驶证.jpg",
    )  # fmt: skip
    assert entry.new["carried_from"] == "2006-12-31"
    assert (carried.sha256, carried.paper, carried.carried_from) == (
        first.sha256, "行驶证", "2006-12-31",
    )  # fmt: skip
    book.add_period(date(2008, 12, 31), carry_forward=True, by=CLERK)
    assert book.attachments(vehicles.id)[0].carried_from == "2006-12-31"


def test_without_carrying_a_period_starts_empty(book: Book, vehicles: Row) -> None:
    book.set_balances([Balance("1371", "待处理抵债资产")], by=CLERK)
    book.add_period(NEXT, by=CLERK)
    assert list(book.rows()) == []
    assert book.balances() == []
    assert book.add_row("1-2", {}, by=CLERK).id == "QS01-0002"


def test_carried_rows_follow_the_new_rule_set(book: Book) -> None:
    row = book.add_row("1-2", case_values("1-2", 19), by=CLERK)
    newer = load_ruleset("financial-assets-2023")
    book.add_period(date(2023, 12, 31), carry_forward=True, by=CLERK)
    assert book.ruleset.hash == newer.hash
    assert "credit_impaired" in book.evaluate(book.row(row.id)).asked
    book.select_period(book.periods()[0].id)
    assert book.ruleset.hash == RULESET.hash


@pytest.mark.parametrize("day", [date(2006, 12, 31), date(2005, 12, 31)])
def test_a_period_comes_after_the_last(book: Book, day: date) -> None:
    with pytest.raises(BookError, match="应晚于"):
        book.add_period(day, by=CLERK)


def test_a_period_that_fails_leaves_the_old_one_chosen(book: Book, vehicles: Row) -> None:
    first = book.period
    with pytest.raises(BookError, match="没有“外人”这个人"):
        book.add_period(NEXT, carry_forward=True, by="外人")
    assert book.period == first
    assert book.periods() == [first]
    assert book.row(vehicles.id) == vehicles


def test_an_unknown_period_is_refused(book: Book) -> None:
    with pytest.raises(BookError, match="没有编号为99的期"):
        book.select_period(99)


def test_the_opening_is_checked_against_the_last_closing(book: Book, vehicles: Row) -> None:
    first = book.period

    def opening() -> tuple[bool, str]:
        line = next(line for line in check_list(book) if "期初" in line.relation)
        return line.holds, f"{line.difference:.2f}"

    second = book.add_period(NEXT, carry_forward=True, by=CLERK)
    assert opening() == (True, "0.00")
    book.set_values(vehicles.id, {"carrying_amount": "1"}, by=CLERK)
    assert opening() == (True, "0.00")
    book.select_period(first.id)
    book.set_values(vehicles.id, {"carrying_amount": "380001"}, by=CLERK)
    book.select_period(second.id)
    assert opening() == (False, "1.00")


def test_carrying_is_in_the_history(book: Book, vehicles: Row) -> None:
    book.add_period(NEXT, carry_forward=True, by=CLERK)
    newest = book.history()[-1]
    assert newest.kind == "period"
    assert (newest.new["rows"], newest.new["carrying_amount"]) == (1, 38000000)
    assert book.history(vehicles.id)[-1].kind == "carry"
    assert book.verify_history().whole
    assert not book.can_undo()


def test_a_finished_row_without_losses_needs_its_opinion_again(book: Book) -> None:
    row = book.add_row("1-1", finished_values("1-1", 111), by=CLERK)
    book.add_period(NEXT, carry_forward=True, by=CLERK)
    missing = {p.field for p in book.evaluate(book.row(row.id)).problems}
    assert "initial_class" in missing
    assert "compliance" in missing


def test_a_look_at_others_spares_the_period_that_was_chosen_meanwhile(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = book.period
    second = book.add_period(NEXT, by=CLERK)
    with book.store.write("", sealed=True) as change:
        closed = periods.update().where(periods.c.id == second.id).values(state="closed")
        change.connection.execute(closed)

    def meanwhile(_text: str | None) -> None:
        book.select_period(first.id)

    monkeypatch.setattr(Store, "on_server", property(lambda _store: True))
    monkeypatch.setattr("app.book.store.maybe_moment", meanwhile)
    book.refresh()
    assert (book.period.id, book.period.state) == (first.id, "open")

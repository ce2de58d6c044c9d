"""The migration matrix: every row in one cell, amounts to the fen, rates from the cells."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest

from app.book.book import Book
from app.book.migration import Migration, Moved, earlier_period, migration
from app.forms.classes import BY_CODE, FiveClass
from tests.book.samples import BASE_DATE, CLERK, finished_values

LATER = BASE_DATE.replace(year=2007)
CLASSES = ["normal", "special_mention", "substandard", "doubtful", "loss"]


def add(book: Book, name: str, amount: str, opinion: str) -> str:
    """A row of 1-2 with an opinion; any worse one than normal has its reason."""
    changes = {"name": name, "carrying_amount": amount, "initial_class": opinion}
    values = finished_values("1-2", 19, **changes, initial_reason="从严", asset_no=name)
    return book.add_row("1-2", values, by=CLERK).id


@pytest.fixture
def two_periods(book: Book) -> Book:
    """Four rows; later one is worse, one better, one unchanged, one gone, one new, one open."""
    ids = {
        name: add(book, name, amount, opinion)
        for name, amount, opinion in (
            ("降", "100.10", "normal"),
            ("升", "200.20", "loss"),
            ("平", "300.30", "doubtful"),
            ("去", "400.40", "special_mention"),
            ("空", "500.50", "normal"),
        )
    }
    book.add_period(LATER, carry_forward=True, by=CLERK)
    book.remove_row(ids["去"], by=CLERK)
    given = {"initial_reason": "从严", "compliance": "compliant", "accuracy": []}
    for name, opinion, amount in (
        ("降", "substandard", "90.10"),
        ("升", "special_mention", "200.20"),
        ("平", "doubtful", "300.30"),
    ):
        changes = {**given, "initial_class": opinion, "carrying_amount": amount}
        book.set_values(ids[name], changes, by=CLERK)
    add(book, "新", "600.60", "normal")
    return book


def test_each_row_stands_in_one_cell(two_periods: Book) -> None:
    found = migration(two_periods)
    assert found is not None
    n, m, s, d, loss = FiveClass
    assert found.stayed == {
        (n, s): Moved(1, Decimal("100.10"), Decimal("90.10")),
        (loss, m): Moved(1, Decimal("200.20"), Decimal("200.20")),
        (d, d): Moved(1, Decimal("300.30"), Decimal("300.30")),
        (n, None): Moved(1, Decimal("500.50"), Decimal("500.50")),
    }
    assert found.new == {n: Moved(1, Decimal("0.00"), Decimal("600.60"))}
    assert found.gone == {m: Moved(1, Decimal("400.40"), Decimal("0.00"))}
    assert found.of(s, s) == Moved()


def test_rates_are_of_rows_whose_both_classes_are_known(two_periods: Book) -> None:
    found = migration(two_periods)
    assert found is not None
    assert found.downward_rate == Fraction(10010, 10010 + 20020 + 30030)
    assert found.downward_count_rate == Fraction(1, 3)
    assert found.downward_rate_of(FiveClass.NORMAL) == 1
    assert found.downward_rate_of(FiveClass.DOUBTFUL) == 0
    assert found.downward_rate_of(FiveClass.SUBSTANDARD) == 0
    assert (found.worse.count, found.better.count, found.known.count) == (1, 1, 3)


def test_the_suggestions_may_be_compared_too(two_periods: Book) -> None:
    found = migration(two_periods, "suggested")
    assert found is not None
    assert sum(moved.count for moved in found.stayed.values()) == 4


def test_one_table_by_itself(two_periods: Book) -> None:
    whole, table = migration(two_periods), migration(two_periods, table_id="1-2")
    assert whole == table
    other = migration(two_periods, table_id="1-8")
    assert other is not None
    assert other == Migration({}, {}, {})


def test_the_first_period_has_no_movement(book: Book) -> None:
    assert earlier_period(book) is None
    assert migration(book) is None


def test_amounts_agree_with_both_periods_row_by_row(book: Book) -> None:
    ids = [
        add(book, f"第{n}笔", f"{n * 37 % 101 + 1}.{n % 100:02}", CLASSES[n * 3 % 5])
        for n in range(40)
    ]
    opening = {row.id: row for row in book.rows()}
    book.add_period(LATER, carry_forward=True, by=CLERK)
    for place, row_id in enumerate(ids):
        if place % 7 == 0:
            book.remove_row(row_id, by=CLERK)
        elif place % 5:
            opinion = CLASSES[place * 2 % 5]
            changes = {"initial_class": opinion, "initial_reason": "从严"}
            book.set_values(row_id, changes, by=CLERK)
    found = migration(book)
    assert found is not None
    wanted: Counter[tuple[str | None, str | None]] = Counter()
    closing = {row.id: row for row in book.rows()}
    for row_id, row in opening.items():
        if row_id in closing:
            wanted[row.values["initial_class"], closing[row_id].values.get("initial_class")] += 1
    counted = {
        (before.value if before else None, now.value if now else None): moved.count
        for (before, now), moved in found.stayed.items()
    }
    assert counted == dict(wanted)
    amount = sum(Decimal(row.values["carrying_amount"]) for row in opening.values())
    cells = [*found.stayed.values(), *found.gone.values()]
    assert sum((moved.before for moved in cells), Decimal(0)) == amount
    assert set(found.gone) <= {BY_CODE[code] for code in CLASSES}

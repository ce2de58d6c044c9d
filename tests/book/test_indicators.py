"""Indicators: ratios, losses, coverage by the rule set's base, progress; they add up exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import update

from app.book.book import Book, Institution
from app.book.errors import BookError
from app.book.indicators import (
    ClassSum,
    Indicators,
    IndicatorSheet,
    indicators,
    office_indicators,
    progress_across,
    progress_over_time,
)
from app.book.summary import consolidated_summary
from app.book.types import Balance
from app.forms.classes import FiveClass
from app.forms.loader import ruleset_from_snapshot
from app.forms.ruleset import RuleSet
from app.models.tables import balances, offices, rows
from tests.book.samples import BASE_DATE, CLERK, RULESET, case_values, finished_values

CASES = (("1-2", 1), ("1-2", 19), ("1-5", 12), ("1-8", 6), ("1-1", 111))
CASE_OF = {"1-2": 1, "1-5": 12}


@pytest.fixture
def full(book: Book) -> Book:
    """A book with rows of several classes, one of them without an opinion."""
    for table_id, number in CASES:
        book.add_row(table_id, finished_values(table_id, number), by=CLERK)
    book.add_row("1-5", case_values("1-5", 151, initial_class=None), by=CLERK)
    return book


def line_of(sheet: IndicatorSheet, key: str) -> Indicators:
    line = sheet.line(key)
    assert line is not None
    return line


def test_a_table_has_its_classes_ratio_and_losses(full: Book) -> None:
    line = line_of(indicators(full), "1-2")
    assert line.title == "同业债权类"
    assert line.classes[FiveClass.NORMAL] == ClassSum(1, Decimal("420000.00"), Decimal("0.00"))
    assert (line.bad.count, line.bad.amount) == (1, Decimal("750000.00"))
    assert line.non_performing_ratio == Fraction(750, 1170)
    assert line.loss_rate == Fraction(line.bad.loss) / 1170000
    assert line.bad_loss_rate == Fraction(line.bad.loss) / 750000


def test_rows_without_an_opinion_stand_apart(full: Book) -> None:
    line = line_of(indicators(full), "1-5")
    assert line.unreviewed.amount == Decimal("20000.00")
    assert line.all.count == 2
    assert line_of(indicators(full, "suggested"), "1-5").unreviewed.count == 0


def test_tables_without_rows_or_provisions_are_left_out(full: Book) -> None:
    sheet = indicators(full)
    assert [line.key for line in sheet.lines] == ["1-1", "1-2", "1-5", "1-8"]
    assert sheet.line("1-9") is None


@pytest.mark.parametrize("stage", ["suggested", "initial", "determined"])
def test_the_total_is_the_sum_of_the_tables_and_of_the_base_summary(full: Book, stage: str) -> None:
    sheet = indicators(full, stage)
    total = consolidated_summary(full, stage, netted=False).total
    assert sheet.total.all.amount == total.classified
    assert sheet.total.all.amount == sum(line.all.amount for line in sheet.lines)
    assert sheet.total.all.loss == total.expected_loss
    assert sheet.total.bad.amount == total.non_performing
    assert sheet.total.non_performing_ratio == total.non_performing_ratio


def provided(book: Book) -> None:
    """Provisions typed for two subjects of one table and one of another."""
    given = [
        Balance("1221", "存放同业款项", Decimal("1170000"), provisions=Decimal("5000.50")),
        Balance("1231", "拆放银行业", provisions=Decimal("0.50")),
        Balance("1521", "在建工程", provisions=Decimal("100")),
    ]
    book.set_balances(given, by=CLERK)


def test_coverage_is_measured_against_the_expected_loss(full: Book) -> None:
    provided(full)
    sheet = indicators(full)
    line = line_of(sheet, "1-2")
    assert line.provisions == Decimal("5001.00")
    assert line.coverage == Fraction(5001) / Fraction(line.all.loss)
    assert sheet.total.provisions == Decimal("5101.00")
    assert line_of(sheet, "1-9").coverage is None


def ruleset_with(**settings: Any) -> RuleSet:
    """The shipped rule set with other settings."""
    raw = dict(RULESET.raw)
    raw["ruleset"] = {**RULESET.raw["ruleset"], **settings}
    return ruleset_from_snapshot(RuleSet(raw).snapshot())


def test_a_rule_set_may_measure_coverage_against_the_balance(full: Book) -> None:
    path = full.path.with_name("base.wuji")
    other = ruleset_with(coverage_base="non_performing")
    with Book.create(path, Institution("QS2", "青山"), BASE_DATE, ruleset=other) as book:
        book.add_person(CLERK, "preparer")
        book.add_row("1-2", finished_values("1-2", 1), by=CLERK)
        provided(book)
        line = line_of(indicators(book), "1-2")
        assert line.base == "non_performing"
        assert line.coverage == Fraction(5001, 750000)


def test_loss_reserves_of_the_ledger_count_where_none_are_typed(book: Book) -> None:
    chart = [*RULESET.raw["ruleset"]["subject"]]
    chart.append({"code": "1239", "name": "坏账准备", "side": "credit", "table": ""})
    path = book.path.with_name("ledger.wuji")
    own = ruleset_with(subject=chart)
    with Book.create(path, Institution("QS3", "青山"), BASE_DATE, ruleset=own) as other:
        other.add_person(CLERK, "preparer")
        reserve = Balance("1239", "坏账准备", credit=Decimal("700"))
        depreciation = Balance("1502", "累计折旧", credit=Decimal("52000"))
        other.set_balances([reserve, depreciation], by=CLERK)
        assert indicators(other).total.provisions == Decimal("700.00")
        other.set_balance(Balance("1221", "存放同业", provisions=Decimal("9")), by=CLERK)
        assert indicators(other).total.provisions == Decimal("9.00")


def test_an_offices_ledger_counts_whatever_another_one_typed(full: Book) -> None:
    chart = [*RULESET.raw["ruleset"]["subject"]]
    chart.append({"code": "1239", "name": "坏账准备", "side": "credit", "table": ""})
    path, own = full.path.with_name("county.wuji"), ruleset_with(subject=chart)
    held = [("BH", "1239", 700_00, 0), ("QS", "1239", 300_00, 0), ("QS", "1221", 0, 9_00)]
    with Book.create(path, Institution("QS4", "青山"), BASE_DATE, ruleset=own) as county:
        county.add_person(CLERK, "preparer")
        for table_id in ("1-2", "1-5"):
            county.add_row(table_id, finished_values(table_id, CASE_OF[table_id]), by=CLERK)
        with county.store.write("") as change:
            for table_id, code in (("1-2", "BH"), ("1-5", "QS")):
                given = update(rows).where(rows.c.table_id == table_id).values(institution=code)
                change.connection.execute(given)
            for code, subject, credit, provisions in held:
                line = {"period_id": county.period.id, "institution": code, "subject": subject}
                amounts = {"debit": 0, "credit": credit, "provisions": provisions}
                change.connection.execute(balances.insert().values(line | amounts))
        assert {one.key: one.provisions for one in office_indicators(county)} == {
            "BH": Decimal("700.00"), "QS": Decimal("9.00"),
        }  # fmt: skip
        assert indicators(county).total.provisions == Decimal("709.00")


def test_progress_over_time_is_the_fall_of_the_ratio(full: Book) -> None:
    before = indicators(full).total
    first = full.period.id
    full.add_period(BASE_DATE.replace(year=2007), by=CLERK)
    now = indicators(full).total
    assert progress_over_time(before, now) == before.non_performing_ratio
    assert indicators(full, period_id=first).total == before


def test_progress_across_is_measured_against_the_mean() -> None:
    ratios = {"QS": Fraction(1, 10), "BH": Fraction(2, 10), "HS": Fraction(6, 10)}
    found = progress_across(ratios)
    assert found == {"QS": Fraction(2, 10), "BH": Fraction(1, 10), "HS": Fraction(-3, 10)}
    assert progress_across({}) == {}


def test_an_empty_book_divides_by_nothing(book: Book) -> None:
    total = indicators(book).total
    assert total.all.count == total.non_performing_ratio == 0
    assert total.coverage is None


def test_an_unknown_stage_is_refused(book: Book) -> None:
    with pytest.raises(BookError, match="没有“later”这个阶段"):
        indicators(book, "later")


def test_losses_are_those_of_the_stage(full: Book) -> None:
    row = next(row for row in full.rows("1-2") if row.expected_loss)
    assert row.expected_loss is not None
    with full.store.write("") as change:
        here = rows.c.id == row.id
        change.connection.execute(update(rows).where(here).values(review_loss=100_00))
    before, after = (line_of(indicators(full, stage), "1-2") for stage in ("initial", "reviewed"))
    assert before.all.loss == row.expected_loss
    assert after.all.loss == Decimal("100.00")
    with full.store.write("") as change:
        change.connection.execute(update(rows).where(here).values(determined_loss=7))
    assert line_of(indicators(full, "determined"), "1-2").all.loss == Decimal("0.07")
    assert consolidated_summary(full, "determined").line("interbank_deposits").expected_loss == (
        Decimal("0.07")
    )


def test_each_office_of_a_union_has_its_indicators(full: Book) -> None:
    with full.store.write("") as change:
        change.connection.execute(offices.insert().values(code="BH", name="白河信用社"))
        whose = {"1-2": "BH", "1-5": "QS", "1-8": "QS", "1-1": "QS"}
        for table_id, code in whose.items():
            given = update(rows).where(rows.c.table_id == table_id).values(institution=code)
            change.connection.execute(given)
    first, second = office_indicators(full)
    assert (first.key, first.title, first.all.count) == ("BH", "白河信用社", 2)
    assert (second.key, second.title) == ("QS", "QS")
    assert first.all.amount + second.all.amount == indicators(full).total.all.amount

"""The consolidated summary: lines, classes, stages, netting."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from app.book.book import Book, Institution
from app.book.errors import BookError
from app.book.summary import SummaryRow, consolidated_summary
from app.book.types import Balance
from app.forms.classes import FiveClass
from app.forms.loader import ruleset_from_snapshot
from app.forms.ruleset import RuleSet
from tests.book.samples import BASE_DATE, CLERK, RULESET, case_values, finished_values

ZERO = Decimal("0.00")


def summed(line: SummaryRow) -> Mapping[str, Decimal]:
    return {c.value: amount for c, amount in line.classes.items() if amount}


@pytest.fixture
def full(book: Book) -> Book:
    """A book with rows of several classes and a few balances."""
    for table_id, number in (("1-2", 1), ("1-2", 19), ("1-5", 12), ("1-8", 6), ("1-1", 111)):
        book.add_row(table_id, finished_values(table_id, number), by=CLERK)
    book.add_row("1-5", case_values("1-5", 151, initial_class=None, name="未初分"), by=CLERK)
    given = [
        Balance("1221", "存放同业款项", Decimal("1170000.50")),
        Balance("1501", "固定资产", Decimal("390000.00")),
        Balance("1502", "累计折旧", credit=Decimal("52000.00")),
    ]
    book.set_balances(given, by=CLERK)
    return book


def test_a_line_holds_ledger_classes_ratios_and_loss(full: Book) -> None:
    line = consolidated_summary(full).line("interbank_deposits")
    assert line.balance == Decimal("1170000.50")
    assert line.classified == Decimal("1170000.00")
    assert line.difference == Decimal("0.50")
    assert summed(line) == {"normal": Decimal("420000.00"), "substandard": Decimal("750000.00")}
    assert (line.performing, line.non_performing) == (Decimal("420000.00"), Decimal("750000.00"))
    assert line.non_performing_ratio == Fraction(750, 1170)
    assert line.count == 2
    assert line.unreviewed == ZERO


def test_a_counter_account_is_taken_off(full: Book) -> None:
    line = consolidated_summary(full).line("fixed_assets")
    assert line.balance == Decimal("338000.00")
    assert line.difference == ZERO


def test_rows_without_an_opinion_stand_apart(full: Book) -> None:
    line = consolidated_summary(full).line("other_receivables")
    assert line.unreviewed == Decimal("20000.00")
    assert line.classified == line.unreviewed + line.classes[FiveClass.LOSS]
    suggested = consolidated_summary(full, "suggested").line("other_receivables")
    assert suggested.unreviewed == ZERO
    reviewed = consolidated_summary(full, "reviewed").total
    assert reviewed.unreviewed == reviewed.classified == consolidated_summary(full).total.classified


def test_subtotals_and_total_are_sums_of_their_lines(full: Book) -> None:
    summary = consolidated_summary(full)
    for line in summary.lines:
        parts = [summary.line(key) for key in line.sum_of]
        if not parts:
            continue
        assert line.classified == sum((part.classified for part in parts), ZERO)
        assert line.balance == sum((part.balance for part in parts), ZERO)
        assert line.expected_loss == sum((part.expected_loss for part in parts), ZERO)
        assert line.count == sum(part.count for part in parts)
    assert summary.total.key == "total"
    tables = full.progress().values()
    assert summary.total.classified == sum((table.carrying_amount for table in tables), ZERO)
    assert summary.total.expected_loss == sum((table.expected_loss for table in tables), ZERO)
    assert summary.total.loss_rate == Fraction(summary.total.expected_loss) / Fraction(
        summary.total.classified
    )


def test_an_empty_book_divides_by_nothing(book: Book) -> None:
    total = consolidated_summary(book).total
    assert (total.count, total.classified) == (0, ZERO)
    assert total.non_performing_ratio == total.loss_rate == 0


def test_a_subject_of_the_offices_own_stands_under_others(book: Book) -> None:
    book.add_subject("1399", "其他暂付", "1-5", by=CLERK)
    book.add_row("1-5", case_values("1-5", 151, subject="1399"), by=CLERK)
    assert consolidated_summary(book, "suggested").line("other_assets").count == 1


def test_netting_items_count_only_their_last_three_classes(book: Book) -> None:
    carried = finished_values("1-12", 18, subject="3121", carrying_amount="1000")
    book.add_row("1-12", carried, by=CLERK)
    book.add_row("1-1", finished_values("1-1", 111, subject="1121", item="interbranch",
                                        carrying_amount="600"), by=CLERK)  # fmt: skip
    book.set_balances(
        [
            Balance("3121", "历年亏损挂账", Decimal("400")),
            Balance("1121", "存放联行款项", Decimal("9")),
        ],
        by=CLERK,
    )
    netted, base = consolidated_summary(book), consolidated_summary(book, netted=False)
    losses = netted.line("accumulated_losses")
    assert losses.classified == Decimal("1000.00")
    assert losses.exceeding == ("3121",)
    assert losses.difference is None
    assert netted.line("interbranch_balances").classified == ZERO
    assert netted.line("interbranch_balances").exceeding == ()
    assert base.line("interbranch_balances").classified == Decimal("600.00")
    assert base.total.classified - netted.total.classified == Decimal("600.00")
    assert netted.total.difference is None


def test_an_earlier_period_can_be_summed_for_comparison(full: Book) -> None:
    before = consolidated_summary(full)
    first = full.period.id
    full.add_period(BASE_DATE.replace(year=2007), by=CLERK)
    assert consolidated_summary(full).total.count == 0
    assert consolidated_summary(full, period_id=first).lines == before.lines


def test_an_unknown_stage_is_refused(book: Book) -> None:
    with pytest.raises(BookError, match="没有“later”这个阶段"):
        consolidated_summary(book, "later")


def with_lines(lines: list[dict[str, Any]]) -> RuleSet:
    """The shipped rule set with other summary lines."""
    raw = dict(RULESET.raw)
    raw["ruleset"] = {**RULESET.raw["ruleset"], "line": lines}
    return ruleset_from_snapshot(RuleSet(raw).snapshot())


def test_lines_may_go_by_table_and_by_answer(book: Book) -> None:
    lines: list[dict[str, Any]] = [
        {"key": "claims", "title": "应收", "where": "kind=other", "tables": ["1-5"]},
        {"key": "rest", "title": "其余"},
        {"key": "total", "title": "合计", "sum_of": ["claims", "rest"]},
    ]
    institution = Institution("QS02", "青山信用社")
    path = book.path.with_name("lines.wuji")
    with Book.create(path, institution, BASE_DATE, ruleset=with_lines(lines)) as other:
        other.add_person(CLERK, "preparer")
        other.add_row("1-5", {"kind": "other", "carrying_amount": "1"}, by=CLERK)
        other.add_row("1-5", {"kind": "deposit", "carrying_amount": "2"}, by=CLERK)
        other.add_row("1-2", {"carrying_amount": "4"}, by=CLERK)
        summary = consolidated_summary(other)
        assert [line.classified for line in summary.lines] == [1, 6, 7]

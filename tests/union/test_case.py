"""Everything a reviewer has to see of one row."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.book.book import Book
from app.forms.classes import FiveClass
from app.union.case import case_of
from app.union.errors import UnionError
from app.union.layers import may_be_set, previewed
from app.union.offices import known_offices
from app.union.review import review
from tests.union.county import OFFICES, REVIEWER
from tests.union.steps import entry, of_office
from tests.union.test_review import row_of


def test_a_fresh_case_says_what_was_sent(collected: Book) -> None:
    row = of_office(collected, "QS")[0]
    case = case_of(collected, row.id)
    assert case.row == row
    assert case.office == "QS 青山信用社"
    assert (case.sent_class, case.sent_loss) == (row.suggested, row.expected_loss)
    assert (case.difference, case.layered, case.layered_loss) == (None, None, None)
    assert (case.changes, case.opinions, case.told) == ((), (), False)
    assert case.decides is not None


def test_the_sheet_of_table_2_belongs_to_the_case(collected: Book) -> None:
    sheets = {sheet.row_id: sheet.own for sheet in collected.big_losses()}
    assert sheets
    for row in collected.rows():
        assert case_of(collected, row.id).sheet == sheets.get(row.id, {})


def test_own_values_are_previewed_as_they_will_be_written(collected: Book) -> None:
    row = row_of(collected, class_="normal", field="loss_basis")
    amount = row.values["carrying_amount"]
    seen = previewed(collected, row.id, "review", loss=amount, valuations={})
    review(collected, [entry(row.id, class_="loss", loss=amount, reason="重估")], by=REVIEWER)
    case = case_of(collected, row.id)
    assert case.layered is not None
    assert seen.suggested is case.layered.suggested is FiveClass.LOSS
    assert case.layered_loss == Decimal(amount)
    assert case.row.suggested is FiveClass.NORMAL
    assert [one.by for one in case.opinions] == [REVIEWER]


def test_what_can_not_be_valued_is_not_previewed(collected: Book) -> None:
    row = row_of(collected, class_="normal")
    with pytest.raises(UnionError, match="一点"):
        previewed(collected, row.id, "review", loss="一点", valuations={})


def test_only_values_that_the_table_has_may_be_set(collected: Book) -> None:
    for table in collected.ruleset.row_tables:
        for key in may_be_set(table):
            assert not table.fields[key].computed
    assert "market_value" in may_be_set(collected.ruleset.table("1-6"))
    assert may_be_set(collected.ruleset.table("1-1")) == {}


def test_every_office_is_known(collected: Book) -> None:
    found = {one.code: one.name for one in known_offices(collected)}
    assert found == OFFICES

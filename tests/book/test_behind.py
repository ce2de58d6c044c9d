"""Every figure of the summary is the sum of the rows behind it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from app.book.behind import UNREVIEWED, rows_behind
from app.book.book import Book
from app.book.errors import BookError
from app.book.summary import consolidated_summary
from app.forms.classes import FiveClass
from tests.union.county import collected_union, county_in
from tests.union.steps import of_office, reviewed


@pytest.mark.parametrize("netted", [True, False])
@pytest.mark.parametrize("stage", ["suggested", "initial", "reviewed", "latest"])
def test_figures_are_the_sums_of_their_rows(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, stage: str, netted: bool
) -> None:
    county = county_in(tmp_path_factory.getbasetemp(), tmp_path / "county")
    collected_union(tmp_path_factory.getbasetemp(), county)
    with Book.open(county.union) as book:
        reviewed(book, of_office(book, "QS")[:5])
        amounts = {row.id: Decimal(row.values["carrying_amount"]) for row in book.rows()}

        def total(ids: list[str]) -> Decimal:
            return sum((amounts[one] for one in ids), Decimal("0.00"))

        summary = consolidated_summary(book, stage, netted=netted)
        assert any(line.count for line in summary.lines)
        for line in summary.lines:
            ids = rows_behind(book, stage, line.key, netted=netted)
            assert (len(ids), total(ids)) == (line.count, line.classified)
            for class_ in FiveClass:
                of_class = rows_behind(book, stage, line.key, class_.value, netted=netted)
                assert total(of_class) == line.classes[class_]
            rest = rows_behind(book, stage, line.key, UNREVIEWED, netted=netted)
            assert total(rest) == line.unreviewed


def test_a_line_there_is_not_is_refused(tmp_path: Path) -> None:
    from datetime import date

    from app.book.types import Institution

    with (
        Book.create(tmp_path / "a.wuji", Institution("QS", "青山"), date(2006, 12, 31)) as book,
        pytest.raises(BookError, match="没有"),
    ):
        rows_behind(book, "initial", "nothing")

"""The second period: determined rows carried forward, reported again, classes beside each other."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book
from app.book.checks import check_list
from app.book.migration import migration
from app.book.since_last import since_last
from app.book.types import Row
from app.cli.main import main
from app.demo import offices
from app.package.exporting import export_period
from app.package.receiving import receive_answer
from app.union.intake import collect
from app.union.queue import review_queue
from app.union.review import review
from tests.union.county import ACCOUNTANT, CLERK, HEAD, PASSPHRASE, REVIEWER, ROWS, County, quiet
from tests.union.steps import decided, entry, of_office, through

NEXT = date(2007, 12, 31)
CODE = "QS"


@pytest.fixture
def worse(collected: Book) -> str:
    """A row that the union finds worse than its office: only the determined class may count."""
    row = next(r for r in of_office(collected, CODE) if r.suggested and not r.suggested.rank > 1)
    opinion = entry(row.id, class_="special_mention", reason="从严")
    review(collected, [opinion], by=REVIEWER)
    return row.id


@pytest.fixture
def then(county: County, collected: Book, worse: str, tmp_path: Path) -> dict[str, str]:
    """The classes determined in the first period, landed at the office."""
    minutes = tmp_path / "纪要.txt"
    mine = of_office(collected, CODE)
    through(collected, [row for row in mine if row.id != worse], minutes)
    follow(collected, worse)
    made = decided(county, collected, tmp_path / "decisions")[CODE]
    with Book.open(county.book(CODE)) as office:
        assert receive_answer(office, made.path, by=HEAD).landed.closed
        found = {row.id: row.values["determined_class"] for row in office.rows()}
    assert found[worse] == "special_mention"
    assert len(found) == ROWS
    return found


def follow(union: Book, row_id: str) -> None:
    """Department and leading group follow the review of one row."""
    from app.union.determination import determine
    from tests.union.county import DEPARTMENT, LEADER

    review(union, [entry(row_id, department_opinion="同意初审。")], by=DEPARTMENT)
    determine(union, [entry(row_id, reason="同意初审")], by=LEADER)


def carried(county: County) -> None:
    """The office opens its next period by command."""
    book = str(county.book(CODE))
    day = NEXT.isoformat()
    assert main(["period", book, "--base-date", day, "--carry-forward", "--as", HEAD]) == 0


def answered_again(book: Book, row: Row, old: dict[str, Any]) -> None:
    """What belongs to one base date, as it was answered for the last one."""
    fields = book.ruleset.table(row.table_id).fields
    again = {
        key: value
        for key, value in old.items()
        if fields[key].each_period and fields[key].part == "row" and not key.startswith("recovered")
    }
    book.set_values(row.id, again, by=CLERK)


def reported_again(county: County) -> Path:
    """The office fills the second period in and sends it."""
    with Book.open(county.book(CODE)) as office:
        first, second = office.periods()
        office.select_period(first.id)
        old = {row.id: row.values for row in office.rows()}
        office.select_period(second.id)
        for row in list(office.rows()):
            answered_again(office, row, old[row.id])
        offices._balance_from_rows(office)
        offices.finish(office, quiet)
        office.confirm(None, by=ACCOUNTANT)
        out = county.folder / "second"
        export_period(office, out, PASSPHRASE, by=HEAD, progress=quiet)
    return out / f"{CODE}-{NEXT}.wjz"


def test_the_determined_class_is_the_last_class(county: County, then: dict[str, str]) -> None:
    carried(county)
    with Book.open(county.book(CODE), write=False) as office:
        rows = list(office.rows())
        assert {row.id: row.last_class.value for row in rows if row.last_class} == then
        opening = next(line for line in check_list(office) if "期初" in line.relation)
        assert opening.holds
        assert office.left_behind() == []
        for row in rows:
            since = since_last(office, row.id)
            assert since is not None
            assert since.class_then is not None
            assert since.class_then.value == then[row.id]
            fields = office.ruleset.table(row.table_id).fields
            # Nothing but what is asked again is different.
            assert all(fields[one.field].each_period for one in since.changed)


def test_another_class_than_the_union_determined_is_told(
    county: County, collected: Book, then: dict[str, str], worse: str
) -> None:
    from app.union.determination import determine
    from tests.union.county import LEADER

    carried(county)
    # Determined anew, which the office has not heard of yet.
    determine(collected, [entry(worse, class_="次级", reason="省联社要求")], by=LEADER)
    package = reported_again(county)
    collected.add_period(NEXT, by=REVIEWER)
    done = collect(collected, package, by=REVIEWER)
    assert done.taken, done.reason
    assert [one for one in done.findings if one["kind"] == "last_class"] == [
        {"kind": "last_class", "id": worse, "sent": then[worse], "own": "substandard"}
    ]


def test_the_unions_second_period_shows_the_class_of_the_first(
    county: County, collected: Book, then: dict[str, str]
) -> None:
    carried(county)
    package = reported_again(county)
    collected.add_period(NEXT, by=REVIEWER)
    done = collect(collected, package, by=REVIEWER)
    assert done.taken, done.reason
    assert not [one for one in done.findings if one["kind"] in ("last_class", "difference")]
    lines = review_queue(collected, institution=CODE)
    assert {line.id: line.last_class.value for line in lines if line.last_class} == then
    for line in lines:
        since = since_last(collected, line.id)
        assert since is not None
        assert since.class_then is not None
        assert since.class_then.value == then[line.id]
    moved = migration(collected, "latest")
    assert moved is not None
    assert sum(one.count for one in moved.stayed.values()) == ROWS

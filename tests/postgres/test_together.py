"""Several people at once on one union's book: nobody's work is lost, everybody is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from app.book.book import Book
from app.book.errors import BookError, BusyError
from app.book.types import Row
from app.union import review as reviewing
from app.union.changing import lock_rows, opinions_of, stored_row
from app.union.entries import Entry
from app.union.errors import ConflictError, UnionError
from app.union.review import review
from tests.postgres.server import Server
from tests.union.county import (
    AUDITOR,
    CLERK,
    LEADER,
    REVIEWER,
    SECOND,
    County,
    collected_union,
    county_in,
)  # fmt: skip
from tests.union.steps import decided, entry, of_office, reviewed, through

LONG = 60


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> County:
    """Two offices whose packages the union has taken in."""
    base = tmp_path_factory.getbasetemp()
    county = county_in(base, tmp_path / "county")
    collected_union(base, county)
    return county


@pytest.fixture
def address(postgres: Server, county: County) -> Iterator[str]:
    """The union's book in a database."""
    name = postgres.copy("collected", county.union)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def first(address: str) -> Iterator[Book]:
    """The book as one person has it open."""
    with Book.open(address) as book:
        yield book


@pytest.fixture
def second(address: str) -> Iterator[Book]:
    """The book as another one has it open."""
    with Book.open(address) as book:
        yield book


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Threads that have ended when the test ends."""
    with ThreadPoolExecutor(8) as pool:
        yield pool


def opinion(row: Row, reason: str) -> Entry:
    """An opinion on the row as it was seen."""
    return entry(row.id, class_="关注", reason=reason, version=row.version)


# One row


def test_the_second_reviewer_is_shown_the_firsts_change(first: Book, second: Book) -> None:
    seen = of_office(second, "QS")[0]
    review(first, [opinion(seen, "回函不全")], by=REVIEWER)
    with pytest.raises(ConflictError, match=r"周审.*初审.*关注.*回函不全") as conflict:
        review(second, [opinion(seen, "另有所见")], by=SECOND)
    other = conflict.value.other
    assert other is not None
    assert (other.by, other.kind, other.new["reason"]) == (REVIEWER, "opinion", "回函不全")
    assert [one.reason for one in opinions_of(second, seen.id)] == ["回函不全"]
    review(second, [opinion(second.row(seen.id), "另有所见")], by=SECOND)
    assert [one.by for one in opinions_of(first, seen.id)] == [REVIEWER, SECOND]
    assert first.verify_history().whole


def test_who_comes_while_the_first_is_writing_waits_and_is_shown_it(
    first: Book, second: Book, threads: ThreadPoolExecutor
) -> None:
    seen = of_office(second, "QS")[0]
    with first.store.write(REVIEWER, by_rows=True) as change:
        lock_rows(first.store, change, [seen.id])
        late = threads.submit(review, second, [opinion(seen, "后到")], by=SECOND)
        _waits_for_a_lock(first, late)
        work = reviewing.Work(first.store, change, "working_group")
        line = stored_row(first.store, change, seen.id, "QS", "")
        reviewing._of_working_group(work, opinion(seen, "先到"), line)
    with pytest.raises(ConflictError, match="先到"):
        late.result(LONG)
    assert [one.reason for one in opinions_of(first, seen.id)] == ["先到"]


def _waits_for_a_lock(book: Book, late: Future[Any]) -> None:
    """Until somebody waits for what this test holds."""
    for _ in range(2000):
        assert not late.done()
        with book.store.engine.connect() as connection:
            waiting = connection.exec_driver_sql(
                "SELECT count(*), pg_sleep(0.01) FROM pg_locks WHERE NOT granted"
                " AND (database IS NULL OR database = (SELECT oid FROM pg_database"
                " WHERE datname = current_database()))"
            ).first()
        if waiting is not None and waiting[0]:
            return
    pytest.fail("nobody waits")


def test_many_at_once_on_one_row_one_lands_and_all_others_are_shown_it(
    address: str, first: Book, threads: ThreadPoolExecutor
) -> None:
    seen = of_office(first, "QS")[0]
    ready = Barrier(4)

    def one(number: int) -> str:
        with Book.open(address) as book:
            ready.wait(LONG)
            try:
                review(book, [opinion(seen, f"第{number}人")], by=REVIEWER)
            except ConflictError as conflict:
                return str(conflict)
            return ""

    told = list(threads.map(one, range(4)))
    assert told.count("") == 1
    landed = f"第{told.index('')}人"
    assert all(landed in line for line in told if line)
    assert [given.reason for given in opinions_of(first, seen.id)] == [landed]
    assert first.row(seen.id).version == seen.version + 1
    assert first.verify_history().whole


def test_a_new_package_is_shown_to_who_looked_at_the_old_one(
    county: County, first: Book, second: Book
) -> None:
    seen = of_office(second, "QS")[0]
    county.change(
        "QS", lambda book: book.set_values(seen.id, {"remarks": "补充说明"}, by=CLERK, why="补正")
    )
    county.export("QS")
    assert county.collected(first, "QS")[0].counts["changed"] >= 1
    with pytest.raises(ConflictError, match="改动后的上报"):
        review(second, [opinion(seen, "旧的")], by=SECOND)


# Different rows


def test_two_at_once_on_different_rows_both_land(
    address: str, first: Book, threads: ThreadPoolExecutor
) -> None:
    theirs = [of_office(first, code) for code in ("QS", "BH")]
    before = len(first.history())
    ready = Barrier(2)

    def all_of(mine: list[Row]) -> None:
        with Book.open(address) as book:
            ready.wait(LONG)
            for row in mine:
                review(book, [opinion(row, f"看过{row.id}")], by=REVIEWER)

    list(threads.map(all_of, theirs))
    for row in (*theirs[0], *theirs[1]):
        assert [given.reason for given in opinions_of(first, row.id)] == [f"看过{row.id}"]
    added = first.history()[before:]
    numbers = [change.change_no for change in added]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == len(theirs[0]) + len(theirs[1])
    assert len({(change.change_no, change.at) for change in added}) == len(set(numbers))
    assert first.verify_history().whole


def test_bulks_in_opposite_orders_do_not_stop_each_other(
    address: str, first: Book, threads: ThreadPoolExecutor
) -> None:
    rows = of_office(first, "QS")
    ready = Barrier(2)

    def bulk(order: list[Row], by: str) -> int:
        with Book.open(address) as book:
            ready.wait(LONG)
            entries = [entry(row.id, class_="关注", reason=by) for row in order]
            return len(review(book, entries, by=by).rows)

    done = [
        threads.submit(bulk, rows, REVIEWER),
        threads.submit(bulk, rows[::-1], SECOND),
    ]
    assert [one.result(LONG) for one in done] == [len(rows), len(rows)]
    for row in rows:
        assert {given.by for given in opinions_of(first, row.id)} == {REVIEWER, SECOND}
    assert first.row(rows[0].id).version == rows[0].version + 2
    assert first.verify_history().whole


def test_a_review_goes_on_while_others_review_and_stops_for_nobody_else(
    first: Book, second: Book
) -> None:
    held, other = of_office(first, "QS")[0], of_office(first, "BH")[0]
    with first.store.write(REVIEWER, by_rows=True) as change:
        lock_rows(first.store, change, [held.id])
        review(second, [opinion(other, "不用等")], by=SECOND)
    assert [given.by for given in opinions_of(first, other.id)] == [SECOND]


# What is not about rows


def test_the_same_name_twice_at_once_is_told(
    address: str, first: Book, threads: ThreadPoolExecutor
) -> None:
    ready = Barrier(3)

    def add(_: int) -> str:
        with Book.open(address) as book:
            ready.wait(LONG)
            try:
                book.add_person("新来的", "auditor")
            except BookError as error:
                return str(error)
            return ""

    told = sorted(threads.map(add, range(3)))
    assert told[0] == ""
    assert all("已经有“新来的”" in line for line in told[1:])
    assert first.verify_history().whole


def test_everybody_collects_and_decides_at_once(
    county: County, address: str, first: Book, threads: ThreadPoolExecutor, tmp_path: Path
) -> None:
    through(first, of_office(first, "QS"), tmp_path / "minutes.txt")
    ready = Barrier(3)

    def deciding() -> object:
        with Book.open(address) as book:
            ready.wait(LONG)
            return decided(county, book, tmp_path / "decisions")

    def collecting() -> object:
        with Book.open(address) as book:
            ready.wait(LONG)
            return county.collected(book)

    def looking() -> object:
        with Book.open(address) as book:
            ready.wait(LONG)
            return reviewed(book, of_office(book, "BH"))

    work: list[Callable[[], object]] = [deciding, collecting, looking]
    for done in [threads.submit(one) for one in work]:
        done.result(LONG)
    assert {row.stage for row in of_office(first, "QS")} == {"determined"}
    assert "reviewed" in {row.stage for row in of_office(first, "BH")}
    assert first.verify_history().whole


def test_a_deadlock_becomes_a_line_and_the_other_one_lands(
    first: Book, second: Book, threads: ThreadPoolExecutor
) -> None:
    one, other = of_office(first, "QS")[:2]
    both = Barrier(2)

    def crossing(book: Book, order: tuple[Row, Row], by: str) -> str:
        try:
            with book.store.write(by, by_rows=True) as change:
                lock_rows(book.store, change, [order[0].id])
                both.wait(LONG)
                lock_rows(book.store, change, [order[1].id])
                change.log("opinion", row_id=order[0].id, field="review", new={"reason": by})
        except BusyError as error:
            return str(error)
        return ""

    told = sorted(
        [*threads.map(crossing, (first, second), ((one, other), (other, one)), (REVIEWER, SECOND))]
    )
    assert told[0] == ""
    assert "别人正在同时修改" in told[1]
    assert first.verify_history().whole


# The state of the period


def test_another_ones_sealing_is_noticed(first: Book, second: Book) -> None:
    with second.exporting(), second.sealing("ABCD-EFGH-JKMN", by=LEADER):
        pass
    assert first.period.state == "open"
    with pytest.raises(BookError, match="ABCD-EFGH-JKMN"):
        review(first, [opinion(of_office(first, "QS")[0], "晚了")], by=REVIEWER)
    assert (first.period.state, first.period.seal_code) == ("sealed", "ABCD-EFGH-JKMN")
    second.reopen(by=LEADER, why="补充")
    first.refresh()
    assert first.period.state == "open"


def test_another_ones_subject_is_noticed(first: Book, second: Book) -> None:
    second.add_subject("1399", "其他暂付", "1-5", by=REVIEWER)
    assert "1399" not in first.chart()
    first.refresh()
    assert first.chart()["1399"].name == "其他暂付"


def test_nobody_changes_what_another_one_exports(
    first: Book, second: Book, threads: ThreadPoolExecutor
) -> None:
    row = of_office(first, "QS")[0]
    inside, outside = Event(), Event()

    def export() -> None:
        with first.exporting():
            inside.set()
            outside.wait(LONG)

    going_on = threads.submit(export)
    inside.wait(LONG)
    try:
        with pytest.raises(BookError, match="别人正在导出"):
            review(second, [opinion(row, "改")], by=SECOND)
        with pytest.raises(BookError, match="现在不能导出"), second.exporting():
            pass
    finally:
        outside.set()
    going_on.result(LONG)
    review(second, [opinion(row, "改")], by=SECOND)


def test_who_waits_too_long_is_told(first: Book, second: Book) -> None:
    row = of_office(first, "QS")[0]
    with first.store.write(REVIEWER, by_rows=True) as change:
        lock_rows(first.store, change, [row.id])
        with second.store.engine.connect() as connection:
            connection.exec_driver_sql("SET lock_timeout = '50ms'")
            connection.commit()
        with pytest.raises(BusyError, match="还没有做完"):
            review(second, [opinion(row, "等")], by=SECOND)


def test_an_auditor_and_a_reviewer_both_stay(first: Book, second: Book) -> None:
    row = of_office(first, "QS")[0]
    with pytest.raises(UnionError, match="审计"):
        review(first, [entry(row.id, class_="关注")], by=AUDITOR)
    review(first, [opinion(row, "初看")], by=REVIEWER)
    review(second, [entry(row.id, audit_opinion="责任已查明。")], by=AUDITOR)
    assert [given.stage for given in opinions_of(first, row.id)] == ["review", "audit"]

"""A window reads and writes while long work runs on the same book in another thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from app.book.book import Book
from app.book.checks import check_book
from app.book.types import Row
from tests.book.samples import CLERK


def test_several_threads_share_one_book(book: Book, deposit: Row) -> None:
    def change(field: str) -> int:
        for number in range(20):
            book.set_values(deposit.id, {field: f"{field}{number}"}, by=CLERK)
        return 20

    def look(_: int) -> int:
        return sum(len(book.row_list("1-2")) + len(check_book(book)) for _ in range(10))

    with ThreadPoolExecutor(4) as pool:
        changes = [pool.submit(change, field) for field in ("remarks", "wp_state")]
        looks = [pool.submit(look, number) for number in range(2)]
        assert [job.result() for job in changes] == [20, 20]
        assert [job.result() for job in looks] == [20, 20]
    assert len(book.history(deposit.id)) == 1 + 40
    assert book.verify_history().whole


def test_a_stream_sees_one_state_while_rows_change(book: Book) -> None:
    names = [f"第{number}户" for number in range(1200)]
    rows = book.add_rows("1-5", [{"name": name} for name in names], by=CLERK, source="typed")
    stream = book.rows("1-5")
    seen = [next(stream).values["name"]]
    book.set_values(rows[-1].id, {"name": "改名"}, by=CLERK)
    book.remove_row(rows[-2].id, by=CLERK)
    seen += [row.values["name"] for row in stream]
    assert seen == names
    assert book.row_count("1-5") == 1199

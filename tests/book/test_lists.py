"""Lists: search, filters, order, pages; progress; initials."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.book.initials import initials
from app.book.lists import (
    OF_SUBJECT,
    ORDERS,
    ids_of,
    key_of,
    lines_of,
    row_count,
    row_keys,
    row_list,
)
from tests.book.samples import ACCOUNTANT, CLERK, finished_values


@pytest.fixture
def listed(book: Book) -> Book:
    """A book with four advances in 1-5."""
    given = [
        {
            "name": "单国强借款",
            "carrying_amount": "1234567.80",
            "debtor": "单国强",
            "asset_no": "J-7",
        },
        {"name": "重庆分社垫付诉讼费", "carrying_amount": "500", "remarks": "100%_未收"},
        {"name": "食堂周转金", "carrying_amount": "8000", "subject": "1391"},
    ]
    book.add_rows("1-5", given, by=CLERK, source="typed")
    book.add_row("1-5", finished_values("1-5", 12), by=CLERK)
    return book


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("借款", 1), ("sgq", 1), ("SGQJK", 1), ("cqfs", 1), ("1,234,567.80", 1), ("1234567", 1),
        ("１２３４５６７", 1), ("J-7", 1), ("QS01-0003", 1), ("食堂 周转", 1), ("周转 借款", 0),
        ("100%_", 1), ("%", 1), ("_", 1), ("QS01", 4), ("", 4), ("nothing", 0),
    ],
)  # fmt: skip
def test_search_by_name_initials_amount_and_number(listed: Book, search: str, found: int) -> None:
    assert len(listed.row_list("1-5", search=search)) == found
    assert listed.row_count("1-5", search=search) == found


def test_filters(listed: Book) -> None:
    assert listed.row_count("1-5", only="errors") == 3
    assert listed.row_count("1-5", only="unfinished") == 3
    assert [line.name for line in listed.row_list("1-5", only="loss")] == [
        finished_values("1-5", 12)["name"]
    ]
    assert listed.row_count("1-5", only="prepared") == 1
    listed.confirm(None, by=ACCOUNTANT)
    assert listed.row_count("1-5", only="confirmed") == 1
    with pytest.raises(BookError, match="筛选"):
        listed.row_count("1-5", only="somehow")


def test_order_and_pages(listed: Book) -> None:
    by_amount = listed.row_list("1-5", order_by="carrying_amount", descending=True)
    amounts = [line.carrying_amount for line in by_amount]
    assert amounts == sorted(amounts, key=lambda a: a or Decimal(0), reverse=True)
    by_name = [line.name for line in listed.row_list("1-5", order_by="name")]
    assert by_name.index("重庆分社垫付诉讼费") < by_name.index("单国强借款")
    pages = [listed.row_list("1-5", offset=offset, limit=3) for offset in (0, 3, 6)]
    assert [len(page) for page in pages] == [3, 1, 0]
    assert [line.seq for page in pages for line in page] == [1, 2, 3, 4]


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_lists_all_rows_both_ways(listed: Book, order: str) -> None:
    for descending in (False, True):
        assert len(listed.row_list(None, order_by=order, descending=descending)) == 4


def test_an_unknown_order_is_our_mistake(listed: Book) -> None:
    with pytest.raises(ValueError, match="nonsense"):
        listed.row_list("1-5", order_by="nonsense")


def test_progress_counts_every_table(listed: Book) -> None:
    progress = listed.progress()
    assert list(progress) == [table.id for table in listed.ruleset.row_tables]
    advances = progress["1-5"]
    assert (advances.rows, advances.finished) == (4, 1)
    assert advances.carrying_amount == Decimal("1363067.80")
    assert advances.expected_loss == Decimal("120000.00")
    assert progress["1-1"].rows == 0


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("单国强", "sgq"), ("仇丽", "ql"), ("翟军", "zj"), ("覃明", "qm"), ("单位食堂", "dwst"),
        ("重庆分社", "cqfs"), ("农行A类 2", "nhal2"), ("ABC 12", "abc12"),
        ("曾", "c"), ("张三", "zs"),
    ],
)  # fmt: skip
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_list_can_be_kept_to_some_rows(listed: Book) -> None:
    store = listed.store
    keys = row_keys(store, "1-5", order_by="carrying_amount", descending=True)
    assert sorted(keys) == sorted(row_keys(store, "1-5"))
    ids = ids_of(store, "1-5", keys)
    some = [ids[0], ids[-1], "no such row"]
    kept = row_keys(store, "1-5", within=some, order_by="carrying_amount", descending=True)
    assert ids_of(store, "1-5", kept) == some[:2]
    assert row_keys(store, "1-5", within=[]) == []


@pytest.mark.parametrize("order_by", ORDERS)
@pytest.mark.parametrize("descending", [False, True])
def test_keys_give_the_order_of_the_lines(listed: Book, order_by: str, descending: bool) -> None:
    store = listed.store
    lines = row_list(store, "1-5", order_by=order_by, descending=descending)
    keys = row_keys(store, "1-5", order_by=order_by, descending=descending)
    assert lines_of(store, keys) == lines
    assert [key_of(store, line.id) for line in lines] == keys


def test_a_key_that_is_gone_leaves_its_place(listed: Book) -> None:
    keys = row_keys(listed.store, "1-5")
    first, second = lines_of(listed.store, [keys[0], -1])
    assert first is not None
    assert second is None
    assert key_of(listed.store, "no such row") is None
    assert ids_of(listed.store, "1-5", [-1, keys[0]]) == [first.id]


def test_rows_of_a_subject(listed: Book) -> None:
    (line,) = row_list(listed.store, "1-5", only=f"{OF_SUBJECT}1391", search="食堂")
    assert line.subject == "1391"
    assert row_count(listed.store, "1-5", only=f"{OF_SUBJECT}9999") == 0

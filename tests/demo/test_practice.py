"""The book of the tour: all done but one row, the same whenever it is made."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.book.ledger import ties
from app.demo.practice import ROW, TABLE, made_practice


def quiet(_done: int, _of: int, _text: str) -> None:
    """Nobody looks."""


def test_one_row_is_left_and_the_ledger_lacks_it(tmp_path: Path) -> None:
    folder = tmp_path / "tour"
    with Book.open(made_practice(folder, quiet)) as book:
        left = [row for row in book.rows() if row.suggested is None]
        assert [row.values["name"] for row in left] == [ROW["name"]]
        off = [tie for tie in ties(book.store) if tie.ledger != tie.rows]
        assert [tie.subject.code for tie in off] == [ROW["subject"]]
        assert off[0].rows - off[0].ledger == Decimal(ROW["carrying_amount"])
        values = {"kind": "interbank_deposit", "due_on": "2006-11-30"}
        found = book.evaluate(book.set_values(left[0].id, values, by="王明"))
        assert found.at_least.value == "doubtful"
        with pytest.raises(BookError, match="正在另一个窗口"):
            made_practice(folder, quiet)
    with Book.open(made_practice(folder, quiet)) as book:
        line = book.row_list(TABLE, search=ROW["name"])[0]
        assert "kind" not in book.row(line.id).values

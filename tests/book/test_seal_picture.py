"""The office's scanned seal in the book."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.book.seal_picture import LARGEST, seal_picture, set_seal_picture
from app.book.types import Institution


def test_kept_replaced_and_taken_back_with_history(tmp_path: Path) -> None:
    with Book.create(
        tmp_path / "b.wuji", Institution("QS", "青山信用社"), date(2006, 12, 31)
    ) as book:
        assert seal_picture(book) is None
        set_seal_picture(book, b"first")
        set_seal_picture(book, b"second")
        assert seal_picture(book) == b"second"
        set_seal_picture(book, None)
        assert seal_picture(book) is None
        assert [c.kind for c in book.history() if c.kind == "seal_picture"] == ["seal_picture"] * 3
        assert book.verify_history().whole


def test_too_large_a_picture_is_refused(tmp_path: Path) -> None:
    with Book.create(
        tmp_path / "b.wuji", Institution("QS", "青山信用社"), date(2006, 12, 31)
    ) as book:
        with pytest.raises(BookError, match="公章图片"):
            set_seal_picture(book, bytes(LARGEST + 1))
        assert seal_picture(book) is None

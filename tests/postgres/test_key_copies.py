"""A copy of the key of a union whose book lies in a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.book.key_copies import key_has_signed, open_key_copy, save_key_copy, take_key_copy
from app.book.keys import create_key, office_key, unlock

PASSPHRASE = "某县口令 2006"


def test_a_copy_brings_a_unions_key_back(made: str, tmp_path: Path) -> None:
    copy = tmp_path / "ls.p12"
    with Book.open(made) as book, Book.open(made) as colleague:
        old = create_key(book, PASSPHRASE, by="周审")
        save_key_copy(book, copy, PASSPHRASE)
        assert not key_has_signed(book)
        create_key(colleague, "another passphrase", by="周审")
        opened = open_key_copy(book, copy, PASSPHRASE)
        # A colleague is quicker: nothing is replaced that nobody has looked at.
        create_key(colleague, "third passphrase", by="周审")
        with pytest.raises(BookError, match="刚才换过"):
            take_key_copy(book, opened, by="周审")
        take_key_copy(book, open_key_copy(book, copy, PASSPHRASE), by="周审")
        now = office_key(colleague)
        assert now is not None
        assert now.short_code == old.short_code == unlock(colleague, PASSPHRASE).short_code

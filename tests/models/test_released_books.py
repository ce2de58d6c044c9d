"""Old files open forever: one stored book of every released schema."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from app.book.book import Book, Institution
from app.book.checks import check_book
from app.book.keys import unlock
from app.forms.classes import FiveClass
from app.models.schema import SCHEMA_VERSION
from tests.book.samples import BASE_DATE, CLERK
from tests.models.released import BOX, EVIDENCE, FOLDER, PASSPHRASE, make_book

BOXES_SINCE = 3
VERSIONS = list(range(1, SCHEMA_VERSION + 1))


@pytest.fixture(params=VERSIONS, ids=lambda version: f"v{version}")
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a stored book."""
    return Path(shutil.copy(FOLDER / f"v{request.param}.wuji", tmp_path / "old.wuji"))


def test_every_schema_has_its_stored_book() -> None:
    assert sorted(path.name for path in FOLDER.glob("*.wuji")) == [f"v{v}.wuji" for v in VERSIONS]


def test_a_stored_book_opens_with_all_it_holds(stored: Path) -> None:
    with Book.open(stored) as book:
        assert book.institution == Institution("QS01", "青山信用社")
        assert [period.state for period in book.periods()] == ["sealed", "open"]
        assert book.verify_history().whole
        assert unlock(book, PASSPHRASE).short_code
        assert book.drafts()[0].text == "对方来"
        vehicles = next(book.rows("1-3"))
        assert vehicles.values["carrying_amount"] == "三十八万"
        assert vehicles.last_class is FiveClass.LOSS
        assert book.attachments(vehicles.id)[0].carried_from == "2006-12-31"
        assert book.chart()["1399"].name == "其他暂付"

        book.select_period(book.periods()[0].id)
        assert book.row_count(None) == 7
        assert book.period.seal_code == "ABCD-EFGH-JKMN"
        assert book.balances()[0].debit == Decimal("41250.00")
        assert book.attachment_bytes(book.attachments()[0].sha256) == EVIDENCE
        assert [sheet.own for sheet in book.big_losses()] == [{"responsible": "无"}]
        assert next(book.rows("1-5")).printed == {"经办": "老王"}
        assert [kept.code for kept in book.kept()] == ["W005"]
        assert [one.code for one in check_book(book) if one.kept] == ["W005"]


@pytest.mark.parametrize("version", VERSIONS)
def test_boxes_on_evidence_are_there_since_schema_3(version: int, tmp_path: Path) -> None:
    path = Path(shutil.copy(FOLDER / f"v{version}.wuji", tmp_path / "old.wuji"))
    with Book.open(path) as book:
        boxes = [box for one in book.attachments() for box in one.boxes]
        assert boxes == ([BOX] if version >= BOXES_SINCE else [])


def test_a_stored_book_can_be_worked_on(stored: Path) -> None:
    with Book.open(stored) as book:
        vehicles = next(book.rows("1-3"))
        book.set_values(vehicles.id, {"carrying_amount": "380000"}, by=CLERK)
        book.add_row("1-2", {}, by=CLERK)
        assert book.verify_history().whole


def layout(path: Path) -> list[tuple[str, str, str]]:
    """Tables, columns, indexes and triggers of a store, in one order."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT type, name, tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        ).fetchall()
        columns = [
            ("column", f"{table}.{column[1]}", str(column[2:]))
            for kind, table, _ in names
            if kind == "table"
            for column in connection.execute(f"PRAGMA table_info({table})")
        ]
    return sorted([*names, *columns])


def test_an_upgraded_book_is_laid_out_like_a_new_one(stored: Path, tmp_path: Path) -> None:
    Book.open(stored).close()
    new = tmp_path / "new.wuji"
    Book.create(new, Institution("QS01", "青山信用社"), BASE_DATE).close()
    assert layout(stored) == layout(new)


def test_the_next_release_can_make_its_book(tmp_path: Path) -> None:
    make_book(tmp_path / "next.wuji")
    with Book.open(tmp_path / "next.wuji") as book:
        assert book.row_count(None) == 7

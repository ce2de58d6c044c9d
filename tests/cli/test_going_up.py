"""`wuji export`, `collect`, `decide` and `receive` between a union and the level above it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.book.book import Book
from tests.cli.running import Wuji
from tests.union.county import LEADER, REVIEWER
from tests.union.levels import Levels, levels_in, signer_of
from tests.union.steps import through


@pytest.fixture
def levels(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Levels:
    """An office, a union that has referred its worse rows, and an empty union above."""
    return levels_in(tmp_path_factory.getbasetemp(), tmp_path / "levels")


def test_referred_rows_go_up_and_their_answer_comes_back(wuji: Wuji, levels: Levels) -> None:
    given = ("--passphrase-file", levels.passphrase, "--json")
    made = wuji("export", levels.union, levels.folder / "up", *given).json
    package = next(Path(name) for name in made["files"] if name.endswith(".wjz"))
    assert wuji("verify", package, "--json").json["for"] == [{"code": "QS", "name": "青山信用社"}]
    above = levels.book("SL")
    key = signer_of(package)
    taken = wuji("collect", above, package, "--accept", key, "--as", REVIEWER, "--json").json
    assert taken[0]["taken"] is True
    with Book.open(above) as book:
        through(book, list(book.rows()), levels.folder / "m.txt")
    decided = wuji("decide", above, levels.folder / "down", *given).json
    answer = Path(decided[0]["decision"])
    refused = wuji("receive", levels.union, answer, "--as", LEADER, code=1)
    assert signer_of(answer) in refused.out
    done = wuji("receive", levels.union, answer, "--accept", signer_of(answer), "--as", LEADER)
    assert f"认定{taken[0]['rows']}笔" in done.out
    offices = wuji("decide", levels.union, levels.folder / "to-offices", *given).json
    assert offices[0]["determined"] == taken[0]["rows"]

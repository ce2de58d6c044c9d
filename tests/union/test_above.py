"""What waits for the level above, what went there, what came back."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.book.book import Book
from app.package.errors import PackageError
from app.package.receiving import receive_answer
from app.papers.placing import Placing
from app.union.above import above_state
from app.union.decisions import decide
from app.union.errors import UnionError
from app.union.packages import packages_of
from app.union.review import review
from tests.union.county import LEADER, REVIEWER
from tests.union.levels import Levels, beyond, levels_in, signer_of
from tests.union.steps import checked, determined, entry, through


@pytest.fixture
def levels(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Levels:
    """A union that has referred its worse rows, and the union above."""
    return levels_in(tmp_path_factory.getbasetemp(), tmp_path / "levels")


def test_from_waiting_to_answered(levels: Levels) -> None:
    minutes = levels.folder / "m.txt"
    with Book.open(levels.union) as book, Book.open(levels.book("SL")) as above:
        count = len(beyond(book))
        state = above_state(book)
        assert (state.new, state.unanswered, state.sent, state.answers) == (count, 0, (), ())
        made = levels.up(book)
        state = above_state(book)
        assert (state.new, state.unanswered, state.rows) == (0, count, count)
        assert [(one.by, one.seal_code) for one in state.sent] == [(LEADER, made.seal_code)]
        assert levels.taken_above(above, made.package).taken
        first, *others = list(above.rows())
        review(above, [entry(first.id, marks=(("备注", "补充"),), reason="不足")], by=REVIEWER)
        through(above, others, minutes)
        (answer,) = decide(above, levels.folder / "down", levels.unlocked(above), by=LEADER)
        receive_answer(book, answer.path, by=LEADER, accept=signer_of(answer.path))
        state = above_state(book)
        assert state.rows == 0
        (came,) = state.answers
        assert (came.determined, came.returned) == (count - 1, 1)
        assert came.package.answers == made.seal_code


def test_what_is_referred_later_waits_beside_what_has_no_answer(levels: Levels) -> None:
    with Book.open(levels.union) as book:
        count = len(beyond(book))
        levels.up(book)
        row = next(row for row in book.rows() if row.stage == "submitted")
        review(book, [entry(row.id, class_="doubtful", reason="已停产")], by=REVIEWER)
        checked(book, [row])
        determined(book, [row], levels.folder / "m.txt")
        state = above_state(book)
        assert (state.new, state.unanswered) == (1, count)
        assert levels.up(book).package.is_file()
        state = above_state(book)
        assert (state.new, state.unanswered, len(state.sent)) == (0, count + 1, 2)


def test_a_package_that_got_no_place_is_said_to_be_missing(
    levels: Levels, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_placing: Placing, _files: object) -> list[Path]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Placing, "put", full)
    with Book.open(levels.union) as book:
        with pytest.raises(PackageError, match="请再报一次"):
            levels.up(book)
        assert len(packages_of(book.store, institution="LS", direction="out")) == 1


def test_an_office_has_no_level_of_this_kind(levels: Levels) -> None:
    with Book.open(levels.book("QS")) as office, pytest.raises(UnionError, match="不是联社"):
        above_state(office)

"""What rows wait for, at every step of the union's work."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.book.book import Book
from app.package.receiving import receive_answer
from app.ui.tally import taken
from app.union.errors import UnionError
from app.union.queue import queue_ids
from app.union.review import review
from app.union.waiting import WAITS
from tests.union.county import AUDITOR, CLERK, DEPARTMENT, HEAD, REVIEWER, County
from tests.union.steps import checked, decided, determined, entry, is_loss, of_office, reviewed


def waiting(book: Book) -> dict[str, set[str]]:
    """The rows of one office by what they wait for."""
    return {what: set(queue_ids(book, waits=what, institution="QS")) for what in WAITS}


def test_rows_wait_for_one_step_after_the_other(collected: Book, tmp_path: Path) -> None:
    rows = of_office(collected, "QS")
    ids, losses = {row.id for row in rows}, {row.id for row in rows if is_loss(row)}
    assert losses
    assert waiting(collected) == {
        "review": ids, "department": set(), "audit": losses, "determination": set(),
        "answer": set(),
    }  # fmt: skip
    reviewed(collected, rows)
    found = waiting(collected)
    assert (found["review"], found["department"], found["audit"]) == (set(), ids, losses)
    checked(collected, rows)
    found = waiting(collected)
    assert (found["department"], found["audit"], found["determination"]) == (set(), set(), ids)
    determined(collected, rows, tmp_path / "minutes.txt")
    assert not any(waiting(collected).values())


def test_a_row_that_is_called_a_loss_waits_for_the_audit(collected: Book) -> None:
    row = next(row for row in of_office(collected, "QS") if not is_loss(row))
    review(collected, [entry(row.id, class_="loss", reason="已无法收回")], by=REVIEWER)
    assert row.id in waiting(collected)["audit"]
    review(collected, [entry(row.id, audit_opinion="属实。")], by=AUDITOR)
    assert row.id not in waiting(collected)["audit"]


def test_a_row_that_is_no_longer_called_a_loss_does_not(collected: Book) -> None:
    row = next(row for row in of_office(collected, "QS") if is_loss(row))
    review(collected, [entry(row.id, class_="doubtful", reason="尚可收回一部分")], by=REVIEWER)
    assert row.id not in waiting(collected)["audit"]


def test_without_a_department_the_leading_group_is_next(collected: Book) -> None:
    collected.change_role(DEPARTMENT, "auditor", by=REVIEWER)
    row = of_office(collected, "QS")[0]
    reviewed(collected, [row])
    found = waiting(collected)
    assert (found["department"], found["determination"]) == (set(), {row.id})
    assert taken(collected).union.to_determine == 1


def test_a_question_waits_until_it_is_answered(county: County, collected: Book) -> None:
    row = of_office(collected, "QS")[0]
    asked = entry(row.id, marks=(("remarks", "写明来由"),), reason="依据不足")
    review(collected, [asked], by=REVIEWER)
    assert waiting(collected)["answer"] == {row.id}
    made = decided(county, collected, county.folder / "decisions")
    assert waiting(collected)["answer"] == {row.id}
    with Book.open(county.book("QS")) as office:
        receive_answer(office, made["QS"].path, by=HEAD)
        office.set_values(row.id, {"remarks": "1998年购入"}, by=CLERK)
    county.export("QS")
    county.collected(collected, "QS")
    assert collected.row(row.id).marks
    assert waiting(collected)["answer"] == set()


def test_an_unknown_wait_is_refused(collected: Book) -> None:
    with pytest.raises(UnionError, match="没有“天亮”这种等待"):
        queue_ids(collected, waits="天亮")

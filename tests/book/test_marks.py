"""The union's questions at the office: which are answered, which comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.book.book import Book
from app.book.marks import first_open, questions_on, returned_rows
from app.package.receiving import NotAcceptedError, receive_answer, sender_of
from app.union.review import review
from tests.union.county import CLERK, HEAD, REVIEWER, County, collected_union, county_in
from tests.union.steps import decided, entry, of_office

MARKS = (("name", "与合同不符"), ("evidence", "缺对账单"))


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> County:
    """The county with both packages collected."""
    found = county_in(tmp_path_factory.getbasetemp(), tmp_path / "county")
    collected_union(tmp_path_factory.getbasetemp(), found)
    return found


@pytest.fixture
def decision(county: County) -> Path:
    """A decision that returns the first two rows of QS."""
    with Book.open(county.union) as book:
        entries = [
            entry(row.id, marks=MARKS, reason="依据不足") for row in of_office(book, "QS")[:2]
        ]
        review(book, entries, by=REVIEWER)
        return decided(county, book, county.folder / "decisions")["QS"].path


def test_changing_the_field_or_the_evidence_answers(county: County, decision: Path) -> None:
    with Book.open(county.book("QS")) as book:
        receive_answer(book, decision, by=HEAD)
        first, second = returned_rows(book.store)
        assert (first.open, second.open, first.reason) == (2, 2, "依据不足")
        book.set_values(first.row.id, {"name": "按合同改的名称"}, by=CLERK)
        found = questions_on(book.store, book.row(first.row.id))
        assert [one.answered for one in found.questions] == [True, False]
        book.attach(first.row.id, b"%PDF-1.4 slip", "对账单.pdf", by=CLERK)
        found = questions_on(book.store, book.row(first.row.id))
        assert (found.open, [one.changed for one in found.questions]) == (0, [True, True])
        waiting = first_open(book.store)
        assert waiting is not None
        assert (waiting[0].id, waiting[1]) == (second.row.id, "name")


def test_words_answer_too_and_then_nothing_is_open(county: County, decision: Path) -> None:
    with Book.open(county.book("QS")) as book:
        receive_answer(book, decision, by=HEAD)
        for one in returned_rows(book.store):
            for key, _ in MARKS:
                book.answer_mark(one.row.id, key, "已核对", by=CLERK)
        assert first_open(book.store) is None
        assert {q.answer for one in returned_rows(book.store) for q in one.questions} == {"已核对"}


def test_what_was_changed_before_the_return_is_no_answer(county: County) -> None:
    with Book.open(county.union) as union:
        row_id = of_office(union, "QS")[0].id
        county.change("QS", lambda book: book.set_values(row_id, {"name": "新名称"}, by=CLERK))
        county.export("QS")
        county.collected(union, "QS")
        review(union, [entry(row_id, marks=MARKS, reason="依据不足")], by=REVIEWER)
        decision = decided(county, union, county.folder / "decisions")["QS"].path
    with Book.open(county.book("QS")) as book:
        assert returned_rows(book.store) == []
        receive_answer(book, decision, by=HEAD)
        assert [one.open for one in returned_rows(book.store)] == [2]


def test_who_sent_an_answer_is_seen_before_it_is_taken_in(county: County, decision: Path) -> None:
    with Book.open(county.book("QS")) as book:
        before = book.verify_history().head
        sender = sender_of(book, decision)
        assert (sender.kind, sender.union, sender.compared) == ("decision", "LS 某县联社", False)
        assert sender.earlier == ""
        assert book.verify_history().head == before
        receive_answer(book, decision, by=HEAD, accept=sender.key_code)
        known = sender_of(book, decision)
        assert (known.compared, known.earlier) == (True, sender.key_code)


def test_an_offices_own_package_is_no_answer(county: County) -> None:
    with Book.open(county.book("QS")) as book:
        with pytest.raises(NotAcceptedError, match="上报"):
            sender_of(book, county.package("QS"))
        with pytest.raises(NotAcceptedError, match="找不到"):
            sender_of(book, county.folder / "nothing.wjz")

"""What a clerk says of attached files: which paper each is, where on it a value stands."""

from __future__ import annotations

from datetime import date

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.book.pointing import drop_box, name_paper, set_box
from app.book.types import Attachment, Box, Row
from tests.book.samples import CLERK

PLACE = (1000, 2000, 4000, 2500)
NEXT = date(2007, 12, 31)


@pytest.fixture
def receipt(book: Book, deposit: Row) -> Attachment:
    """A file attached to the deposit."""
    return book.attach(deposit.id, b"a scan", "存单.jpg", by=CLERK)


def boxes(book: Book) -> tuple[Box, ...]:
    return book.attachments()[0].boxes


def test_a_box_is_kept_with_history(book: Book, receipt: Attachment) -> None:
    box = Box("due_on", 2, PLACE)
    set_box(book, receipt.id, box, by=CLERK)
    assert boxes(book) == (box,)
    entry = book.history(receipt.row_id)[-1]
    assert (entry.kind, entry.field, entry.old, entry.by) == ("box", "due_on", None, CLERK)
    assert entry.new == {
        "sha256": receipt.sha256, "name": "存单.jpg", "field": "due_on", "page": 2,
        "rect": [1000, 2000, 4000, 2500],
    }  # fmt: skip
    set_box(book, receipt.id, box, by=CLERK)
    assert book.history()[-1].id == entry.id, "nothing has changed"


def test_a_field_has_one_box_on_a_file(book: Book, receipt: Attachment) -> None:
    first, name = Box("due_on", 2, PLACE), Box("name", 1, PLACE)
    again = Box("due_on", 1, (0, 0, 10_000, 10_000))
    for box in (first, name, again):
        set_box(book, receipt.id, box, by=CLERK)
    assert boxes(book) == (again, name)
    drop_box(book, receipt.id, "due_on", by=CLERK)
    assert boxes(book) == (name,)
    assert (book.history()[-1].kind, book.history()[-1].new) == ("box", None)


def test_boxes_are_undone_and_done_again(book: Book, receipt: Attachment) -> None:
    first, second = Box("due_on", 2, PLACE), Box("due_on", 1, PLACE)
    set_box(book, receipt.id, first, by=CLERK)
    set_box(book, receipt.id, second, by=CLERK)
    for expected in ((first,), ()):
        assert book.undo(CLERK)
        assert boxes(book) == expected
    for expected in ((first,), (second,)):
        assert book.redo(CLERK)
        assert boxes(book) == expected
    book.detach(receipt.id, by=CLERK)
    assert book.undo(CLERK)
    assert boxes(book) == (second,), "the file comes back with its boxes"
    assert book.undo(CLERK)
    assert boxes(book) == (first,), "also where it now has another number"
    assert book.verify_history().whole


def test_a_file_is_named_as_a_paper(book: Book, deposit: Row, receipt: Attachment) -> None:
    paper = book.evaluate(deposit).evidence[0].paper
    name_paper(book, receipt.id, paper, by=CLERK)
    assert book.attachments()[0].paper == paper
    assert {n.paper: n.present for n in book.evaluate(deposit).evidence}[paper]
    entry = book.history()[-1]
    assert (entry.kind, entry.old["paper"], entry.new["paper"]) == ("paper", "", paper)
    assert book.undo(CLERK)
    assert book.attachments()[0].paper == ""
    assert book.redo(CLERK)
    assert book.attachments()[0].paper == paper
    name_paper(book, receipt.id, "", by=CLERK)
    assert book.attachments()[0].paper == ""


@pytest.mark.parametrize(
    "box",
    [
        Box("due_on", 0, PLACE), Box("due_on", 1, (5, 5, 5, 9)), Box("due_on", 1, (9, 0, 5, 9)),
        Box("due_on", 1, (-1, 0, 5, 9)), Box("due_on", 1, (0, 0, 5, 10_001)),
        Box("no_such", 1, PLACE),
    ],
)  # fmt: skip
def test_a_box_beside_the_paper_is_refused(book: Book, receipt: Attachment, box: Box) -> None:
    with pytest.raises(BookError, match="没有"):
        set_box(book, receipt.id, box, by=CLERK)
    assert boxes(book) == ()


def test_a_sent_row_is_not_pointed_at(book: Book, receipt: Attachment) -> None:
    with pytest.raises(BookError, match="没有编号为"):
        name_paper(book, receipt.id + 1, "存单", by=CLERK)
    with pytest.raises(BookError, match="最多"):
        name_paper(book, receipt.id, "长" * 101, by=CLERK)
    with book.sealing("ABCD-EFGH-JKMN", by=CLERK):
        pass
    with pytest.raises(BookError):
        set_box(book, receipt.id, Box("due_on", 1, PLACE), by=CLERK)
    with pytest.raises(BookError):
        name_paper(book, receipt.id, "存单", by=CLERK)


def test_boxes_go_on_into_the_next_period(book: Book, receipt: Attachment) -> None:
    box = Box("due_on", 1, PLACE)
    set_box(book, receipt.id, box, by=CLERK)
    with book.sealing("ABCD-EFGH-JKMN", by=CLERK):
        pass
    book.add_period(NEXT, carry_forward=True, by=CLERK)
    assert boxes(book) == (box,)

"""What a clerk says of an attached file: which paper it is, where on it a field's value stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from app.book.errors import BookError
from app.book.evidence import box_line, boxes_in, boxes_text, workable
from app.book.history import Changing
from app.book.reading import row_line
from app.book.types import LAST_PAGE, PAGE_PARTS, Box
from app.models.tables import attachments

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store

Json = Any
LONGEST_PAPER = 100


def set_box(book: Book, attachment_id: int, box: Box, *, by: str) -> None:
    """Keeps where a field's value stands; an earlier box of the field on this file goes."""
    left, top, right, bottom = box.rect
    if not (0 <= left < right <= PAGE_PARTS and 0 <= top < bottom <= PAGE_PARTS):
        raise BookError("框画在纸外面，没有保存。请在纸上重画。")
    if not 1 <= box.page <= LAST_PAGE:
        raise BookError(f"没有第{box.page}页，框没有保存。请在纸上重画。")
    _point(book, attachment_id, box.field, box, by)


def drop_box(book: Book, attachment_id: int, field: str, *, by: str) -> None:
    """Takes a field's box off a file."""
    _point(book, attachment_id, field, None, by)


def _point(book: Book, attachment_id: int, field: str, box: Box | None, by: str) -> None:
    with book.store.write(by) as change:
        line = workable(book.store, change, attachment_id)
        row = row_line(book.store, change.connection, line.row_id)
        if box is not None and field not in book.store.ruleset.table(row.table_id).fields:
            raise BookError(f"{row.table_id}没有“{field}”这一项，框没有保存。请另选一项。")
        _put_box(change, line, field, box)


def name_paper(book: Book, attachment_id: int, paper: str, *, by: str) -> None:
    """Says which of the papers asked for a file is; empty: none of them."""
    wanted = paper.strip()
    if len(wanted) > LONGEST_PAPER:
        raise BookError(f"资料名称最多{LONGEST_PAPER}个字。")
    with book.store.write(by) as change:
        _put_paper(change, workable(book.store, change, attachment_id), wanted)


def _put_box(change: Changing, line: Any, field: str, box: Box | None) -> None:
    boxes = boxes_in(line.boxes)
    old = next((one for one in boxes if one.field == field), None)
    if old == box:
        return
    kept = [one for one in boxes if one.field != field]
    text = boxes_text([*kept, box] if box is not None else kept)
    _write(change, line, boxes=text)
    sides = (None if one is None else _named(line) | box_line(one) for one in (old, box))
    change.log("box", row_id=line.row_id, field=field, old=next(sides), new=next(sides))


def _put_paper(change: Changing, line: Any, paper: str) -> None:
    if line.paper == paper:
        return
    _write(change, line, paper=paper)
    old, new = (_named(line) | {"paper": one} for one in (line.paper, paper))
    change.log("paper", row_id=line.row_id, field=line.name, old=old, new=new)


def _named(line: Any) -> dict[str, Json]:
    return {"sha256": line.sha256, "name": line.name}


def _write(change: Changing, line: Any, **values: str) -> None:
    this = attachments.c.id == line.id
    change.connection.execute(update(attachments).where(this).values(values))


def put_back_box(
    store: Store, change: Changing, row_id: str, field: str, was: Json, to: Json
) -> None:
    """Brings a box to what it was before (or after) a change, where the file is still there."""
    line = _found(store, change, row_id, was or to)
    if line is not None:
        box = Box(field, to["page"], tuple(to["rect"])) if to else None
        _put_box(change, line, field, box)


def put_back_paper(store: Store, change: Changing, row_id: str, was: Json, to: Json) -> None:
    """Gives a file the name it had as a paper before (or after) a change."""
    line = _found(store, change, row_id, was)
    if line is not None:
        _put_paper(change, line, to["paper"])


def _found(store: Store, change: Changing, row_id: str, entry: Json) -> Any:
    mine = select(attachments).where(
        attachments.c.period_id == store.period.id,
        attachments.c.row_id == row_id,
        attachments.c.sha256 == entry["sha256"],
        attachments.c.name == entry["name"],
    )
    return change.connection.execute(mine.order_by(attachments.c.id.desc()).limit(1)).first()

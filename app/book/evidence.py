"""Evidence: attachments of rows, stored once per content in the book's own file."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import groupby, islice
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from app.book.coding import from_json, to_json, to_moment
from app.book.errors import BookError
from app.book.history import Changing
from app.book.locks import need_unlocked, prepare_again
from app.book.reading import row_line
from app.book.types import Attachment, Box, Row
from app.errors import system_reason
from app.models.functions import among, insert_once
from app.models.tables import attachments, blobs
from app.models.tables import rows as row_lines

if TYPE_CHECKING:
    from app.book.store import Store

LARGEST = 64 * 1024 * 1024
LONGEST_NAME = 200
COMPLETE = "records_complete"
AT_A_TIME = 200
"""Rows whose evidence is asked for in one statement."""
LOGGED = (
    "sha256", "name", "paper", "size", "media_type", "added_by", "added_at", "carried_from",
    "boxes",
)  # fmt: skip


def _attachment(line: Any) -> Attachment:
    return Attachment(
        line.id, line.row_id, line.sha256, line.name, line.paper, line.size,
        line.media_type, line.added_by, to_moment(line.added_at), line.carried_from,
        boxes_in(line.boxes),
    )  # fmt: skip


def boxes_in(text: str) -> tuple[Box, ...]:
    """The boxes of a stored attachment."""
    found = from_json(text) if text else ()
    return tuple(Box(one["field"], one["page"], tuple(one["rect"])) for one in found)


def boxes_text(boxes: Iterable[Box]) -> str:
    """Boxes as stored, in the order of pages and places."""
    lines = [box_line(box) for box in sorted(boxes, key=lambda box: (box.page, box.rect[1]))]
    return to_json(lines) if lines else ""


def box_line(box: Box) -> dict[str, Any]:
    """A box as stored and sent."""
    return {"field": box.field, "page": box.page, "rect": list(box.rect)}


def attach(
    store: Store, row_id: str, content: Path | bytes, name: str, *, by: str, paper: str = ""
) -> Attachment:
    """Puts a file into a row's working paper."""
    own_name = name or (content.name if isinstance(content, Path) else "")
    return attach_all(store, row_id, [(content, own_name, paper)], by=by)[0]


def attach_all(
    store: Store,
    row_id: str,
    files: Sequence[tuple[Path | bytes, str, str]],
    *,
    by: str,
) -> list[Attachment]:
    """Puts files, each with name and kind of paper, into a working paper: all of them or none."""
    return attach_each(store, [(row_id, files)], by=by)


def attach_each(
    store: Store,
    given: Iterable[tuple[str, Sequence[tuple[Path | bytes, str, str]]]],
    *,
    by: str,
) -> list[Attachment]:
    """Puts files into the working papers of many rows as one change."""
    lines: list[dict[str, Any]] = []
    stored: set[str] = set()
    with store.write(by) as change:
        for row_id, files in given:
            line = row_line(store, change.connection, row_id)
            need_unlocked(line)
            prepare_again(change, line)
            lines += [_attach(store, change, stored, line.id, *file) for file in files]
        return _put_all(change, lines)


def _attach(
    store: Store,
    change: Changing,
    stored: set[str],
    row_id: str,
    content: Path | bytes,
    name: str,
    paper: str,
) -> dict[str, Any]:
    """Keeps the bytes and notes the history; the line to be listed."""
    data = content if isinstance(content, bytes) else _read_file(content)
    own_name = _plain_name(name)
    if not data:
        raise BookError(f"“{own_name}”是空文件，没有附上。请重新拍照或扫描。")
    if len(data) > LARGEST:
        limit = LARGEST // 1024 // 1024
        raise BookError(f"“{own_name}”超过{limit}兆，请先压缩或分成几个文件。")
    digest = sha256(data).hexdigest()
    content_line = {
        "sha256": digest,
        "name": own_name,
        "paper": paper.strip(),
        "size": len(data),
        "media_type": media_type(own_name),
        "added_by": change.by,
        "added_at": change.at_text,
        "carried_from": "",
    }
    if digest not in stored:
        store_bytes(change, digest, data)
        stored.add(digest)
    return _listed(store, change, row_id, content_line)


def _read_file(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            return bytes(LARGEST + 1)
        return path.read_bytes()
    except OSError as error:
        raise BookError(f"文件“{path}”读不出来：{system_reason(error)}。请换一个文件。") from error


@lru_cache(maxsize=256)
def media_type(name: str) -> str:
    """What kind of file this is, by its name."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _plain_name(name: str) -> str:
    """The last part of a name, without what no file system takes."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    plain = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip()
    if not plain.strip("."):
        raise BookError("附件没有文件名，请起一个。")
    stem, suffix = PurePosixPath(plain).stem, PurePosixPath(plain).suffix
    return plain if len(plain) <= LONGEST_NAME else stem[: LONGEST_NAME - len(suffix)] + suffix


def store_bytes(change: Changing, digest: str, data: bytes) -> None:
    """Keeps bytes under their SHA-256, once."""
    known = select(blobs.c.sha256).where(blobs.c.sha256 == digest)
    if change.connection.execute(known).first() is None:
        line = {"sha256": digest, "size": len(data), "content": data}
        change.connection.execute(insert_once(change.connection, blobs), line)


def put_attachment(
    store: Store, change: Changing, row_id: str, content: Mapping[str, Any]
) -> Attachment:
    """Lists stored bytes as evidence of a row, with history."""
    return _put_all(change, [_listed(store, change, row_id, content)])[0]


def _listed(
    store: Store, change: Changing, row_id: str, content: Mapping[str, Any]
) -> dict[str, Any]:
    change.log("attach", row_id=row_id, field=str(content["name"]), new=dict(content))
    return {"boxes": "", **content, "period_id": store.period.id, "row_id": row_id}


def _put_all(change: Changing, lines: Sequence[Mapping[str, Any]]) -> list[Attachment]:
    if not lines:
        return []
    insert = attachments.insert().returning(attachments.c.id, sort_by_parameter_order=True)
    numbers = change.connection.execute(insert, lines).scalars()
    return [
        _attachment(SimpleNamespace(**line, id=number))
        for line, number in zip(lines, numbers, strict=True)
    ]


def detach(store: Store, attachment_id: int, *, by: str, why: str = "") -> None:
    """Takes a piece of evidence out again; its bytes stay for the history."""
    with store.write(by, why=why) as change:
        take_attachment(change, workable(store, change, attachment_id))


def workable(store: Store, change: Changing, attachment_id: int) -> Any:
    """The attachment as stored, where its row may be worked on."""
    query = select(attachments).where(
        attachments.c.period_id == store.period.id, attachments.c.id == attachment_id
    )
    line = change.connection.execute(query).first()
    if line is None:
        raise BookError(f"没有编号为{attachment_id}的附件。请核对编号。")
    row = row_line(store, change.connection, line.row_id)
    need_unlocked(row)
    prepare_again(change, row)
    return line


def take_attachment(change: Changing, line: Any) -> None:
    """Removes one listed attachment, with history."""
    change.connection.execute(attachments.delete().where(attachments.c.id == line.id))
    old = {name: getattr(line, name) for name in LOGGED}
    change.log("detach", row_id=line.row_id, field=line.name, old=old)


def detach_all(store: Store, change: Changing, row_id: str) -> None:
    """Takes out all evidence of a row."""
    for line in change.connection.execute(_of_row(store, row_id)).all():
        take_attachment(change, line)


def _of_row(store: Store, row_id: str) -> Any:
    return (
        select(attachments)
        .where(attachments.c.period_id == store.period.id, attachments.c.row_id == row_id)
        .order_by(attachments.c.id)
    )


def all_attachments(store: Store, row_id: str | None = None) -> list[Attachment]:
    """The evidence of one row, or of all."""
    query = select(attachments).where(attachments.c.period_id == store.period.id)
    with store.read() as connection:
        if row_id is not None:
            query = _of_row(store, row_line(store, connection, row_id).id)
        return [
            _attachment(line)
            for line in connection.execute(query.order_by(None).order_by(attachments.c.id))
        ]


def attachments_of(store: Store, row_ids: Sequence[str]) -> dict[str, list[Attachment]]:
    """The evidence of some rows, by row; those without any are left out."""
    query = select(attachments).where(
        attachments.c.period_id == store.period.id, among(attachments.c.row_id, row_ids)
    )
    found: dict[str, list[Attachment]] = {}
    with store.read() as connection:
        for line in connection.execute(query.order_by(attachments.c.id)):
            found.setdefault(line.row_id, []).append(_attachment(line))
    return found


def with_evidence(store: Store, rows: Iterable[Row]) -> Iterator[tuple[Row, list[Attachment]]]:
    """Rows with their evidence, asked for many at a time: few queries, and memory stays flat."""
    left = iter(rows)
    while part := list(islice(left, AT_A_TIME)):
        found = attachments_of(store, [row.id for row in part])
        for row in part:
            yield row, found.get(row.id, [])


def evidence_counts(store: Store) -> dict[str, int]:
    """How many pieces of evidence a row has, by row; those without any are left out."""
    query = (
        select(attachments.c.row_id, func.count())
        .where(attachments.c.period_id == store.period.id)
        .group_by(attachments.c.row_id)
    )
    with store.read() as connection:
        return {line[0]: line[1] for line in connection.execute(query)}


def unproven_count(store: Store) -> int:
    """How many rows say that their papers are complete while none of them is attached."""
    there = evidence_counts(store)
    query = select(row_lines.c.id, row_lines.c.field_values).where(
        row_lines.c.period_id == store.period.id
    )
    with store.read() as connection:
        return sum(
            (from_json(line.field_values) or {}).get(COMPLETE) is True
            for line in connection.execute(query.execution_options(yield_per=500))
            if line.id not in there
        )


def attachment_bytes(store: Store, digest: str) -> bytes:
    """The content with this SHA-256."""
    with store.read() as connection:
        found = connection.execute(select(blobs.c.content).where(blobs.c.sha256 == digest)).scalar()
    if found is None:
        raise BookError(f"账套里没有附件{digest[:12]}…的内容，请用备份恢复。")
    content: bytes = found
    if sha256(content).hexdigest() != digest:
        raise BookError(f"附件{digest[:12]}…的内容已损坏，请用备份恢复。")
    return content


# Made once: every row that is looked at asks for its papers.
_PAPERS_OF_ROW = select(attachments.c.paper).where(
    attachments.c.period_id == bindparam("period"),
    attachments.c.row_id == bindparam("row"),
    attachments.c.paper != "",
)


def papers_of(store: Store, row_id: str) -> frozenset[str]:
    """The papers that a row's evidence is labelled as."""
    if store.may_hold:
        # An export asks for every row several times over, and nothing changes meanwhile.
        held = store.held_papers
        if held is None:
            held = store.held_papers = _all_papers(store)
        return held.get(row_id, frozenset())
    given = {"period": store.period.id, "row": row_id}
    with store.read() as connection:
        return frozenset(connection.execute(_PAPERS_OF_ROW, given).scalars())


def _labelled(store: Store, *columns: Any) -> Any:
    return select(*columns).where(
        attachments.c.period_id == store.period.id, attachments.c.paper != ""
    )


def _all_papers(store: Store) -> dict[str, frozenset[str]]:
    """The papers of every row that has some; rows with the same papers share one set."""
    columns = (attachments.c.row_id, attachments.c.paper)
    query = _labelled(store, *columns).order_by(attachments.c.row_id)
    found: dict[str, frozenset[str]] = {}
    shared: dict[frozenset[str], frozenset[str]] = {}
    with store.read() as connection:
        lines = connection.execute(query.execution_options(yield_per=500))
        for row_id, its in groupby(lines, key=lambda line: line.row_id):
            papers = frozenset(line.paper for line in its)
            found[row_id] = shared.setdefault(papers, papers)
    return found

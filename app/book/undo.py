"""Undo and redo: whole changes, done backwards or again as new history entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.book import balances, big_losses, evidence, kept, pointing, removal, subjects
from app.book.authors import TYPED
from app.book.coding import from_json
from app.book.history import Changing, to_change
from app.book.reading import row_line
from app.book.rows import apply_values, rejudge
from app.book.types import Change
from app.models.tables import attachments, history

if TYPE_CHECKING:
    from app.book.store import Store

Side = Any
"""What an entry says about one side of the change: its old or its new content."""


def _back_to_value(
    store: Store, change: Changing, entry: Change, to: Side, sources: Mapping[str, str]
) -> None:
    """The value that stood there, with where it came from."""
    line = row_line(store, change.connection, entry.row_id)
    present = (from_json(line.provenance) or {}).get(entry.field, TYPED)
    source = sources.get(entry.field, present)
    apply_values(store, change, line, {entry.field: to}, source)


def _back_to_balance(store: Store, change: Changing, entry: Change, _: Side, to: Side) -> None:
    balances.put_balance(store, change, entry.field, to)


def _back_to_subject(store: Store, change: Changing, entry: Change, _: Side, to: Side) -> None:
    subjects.put_subject(store, change, entry.field, to)


def _back_to_evidence(store: Store, change: Changing, entry: Change, was: Side, to: Side) -> None:
    if to is not None:
        evidence.put_attachment(store, change, entry.row_id, to)
        return
    mine = select(attachments).where(
        attachments.c.period_id == store.period.id,
        attachments.c.row_id == entry.row_id,
        attachments.c.sha256 == was["sha256"],
        attachments.c.name == was["name"],
    )
    line = change.connection.execute(mine.order_by(attachments.c.id.desc()).limit(1)).first()
    if line is not None:
        evidence.take_attachment(change, line)


def _back_to_box(store: Store, change: Changing, entry: Change, was: Side, to: Side) -> None:
    pointing.put_back_box(store, change, entry.row_id, entry.field, was, to)


def _back_to_paper(store: Store, change: Changing, entry: Change, was: Side, to: Side) -> None:
    pointing.put_back_paper(store, change, entry.row_id, was, to)


def _back_to_sheet_value(store: Store, change: Changing, entry: Change, _: Side, to: Side) -> None:
    big_losses.write_sheet(store, change, entry.row_id, {entry.field: to})


def _back_to_kept(store: Store, change: Changing, entry: Change, was: Side, to: Side) -> None:
    if was is not None:
        kept.drop_one(store, change, was["finding_id"])
    if to is not None:
        kept.put_kept(store, change, to)
    if entry.row_id:
        rejudge(store, change, [row_line(store, change.connection, entry.row_id)])


_BACK: dict[str, Callable[[Store, Changing, Change, Side, Side], None]] = {
    "balance": _back_to_balance,
    "subject": _back_to_subject,
    "attach": _back_to_evidence,
    "detach": _back_to_evidence,
    "box": _back_to_box,
    "paper": _back_to_paper,
    "big_loss_set": _back_to_sheet_value,
    "keep": _back_to_kept,
    "unkeep": _back_to_kept,
}
"""How each kind of entry is done backwards, but for values and whole rows."""
_SET = "set"
_ROWS = frozenset(("add", "remove"))
_FOLLOWS = frozenset(("stage", "source", "big_loss", "import", "left"))
"""Kinds that follow from others and come out of themselves."""
_STOPS = frozenset(("confirm", "seal", "reopen"))
"""What a person has put his name to: nothing before it is undone."""
UNDO, REDO = "撤销", "重做"


def undo(store: Store, by: str, only: int | None = None) -> int | None:
    """Undoes the last change of this sitting that is not undone yet; its number, None: nothing.

    `only`: the one change that is meant; nothing is done where another one is the last.
    """
    target = _next(store, forward=False)
    if target is None or only not in (None, target):
        return None
    _revert(store, target, by, UNDO)
    return target


def redo(store: Store, by: str) -> int | None:
    """Does again what was undone last; its number, None: nothing."""
    target = _next(store, forward=True)
    if target is not None:
        _revert(store, target, by, REDO)
    return target


def can_undo(store: Store) -> bool:
    """Whether there is something to undo."""
    return _next(store, forward=False) is not None


def can_redo(store: Store) -> bool:
    """Whether there is something to do again."""
    return _next(store, forward=True) is not None


def _newest_first(store: Store) -> Iterator[tuple[int, int | None, str, set[str]]]:
    """Number, reverted change, reason and kinds of the changes of this sitting and period."""
    query = (
        select(history.c.change_no, history.c.reverts, history.c.why, history.c.kind)
        .where(history.c.change_no > store.opened_at_change, history.c.period == store.period_date)
        .order_by(history.c.change_no.desc())
        .distinct()
    )
    with store.read() as connection:
        lines = connection.execute(query).all()
    for number, group in groupby(lines, key=lambda line: line.change_no):
        entries = list(group)
        yield number, entries[0].reverts, entries[0].why, {entry.kind for entry in entries}


def _next(store: Store, *, forward: bool) -> int | None:
    """The change that undo (or redo) is about."""
    return next(waiting(store, forward=forward), None)


def waiting(store: Store, *, forward: bool) -> Iterator[int]:
    """The changes that undo (or redo) takes, one after the other.

    Pairs of undo and redo cancel each other.
    """
    if store.on_server:  # the last change may be somebody else's, and others have seen it
        return
    settled: set[int] = set()
    for number, reverts, why, kinds in _newest_first(store):
        if reverts is None and kinds <= _FOLLOWS:  # nobody did it: time went by
            continue
        undoing = reverts is not None and why == UNDO
        if reverts is None:
            if forward or kinds & _STOPS:
                return
            if number not in settled and _undoable(kinds):
                yield number
        elif undoing is forward:
            if reverts not in settled:
                yield reverts
            settled.discard(reverts)
        else:
            settled.add(reverts)


def _undoable(kinds: set[str]) -> bool:
    done_back = {_SET, *_ROWS, *_BACK}
    return bool(kinds & done_back) and kinds <= done_back | _FOLLOWS


def _revert(store: Store, target: int, by: str, word: str) -> None:
    query = select(history).where(history.c.change_no == target).order_by(history.c.id.desc())
    with store.read() as connection:
        entries = [to_change(line) for line in connection.execute(query)]
    with store.write(by, why=word, reverts=target) as change:
        if word == REDO:
            entries.reverse()
        steps = [(entry, *_sides(entry, word)) for entry in entries]
        sources = {entry.row_id: to for entry, _, to in steps if entry.kind == "source"}
        coming = (to for entry, _, to in steps if entry.kind in _ROWS and to is not None)
        moves = removal.RowMoves(store, change, coming)
        for entry, was, to in steps:
            if entry.kind == _SET:
                _back_to_value(store, change, entry, to, sources.get(entry.row_id, {}))
            elif entry.kind not in _ROWS:
                if entry.kind in _BACK:
                    _BACK[entry.kind](store, change, entry, was, to)
            elif to is None:
                moves.take_out(row_line(store, change.connection, entry.row_id))
            else:
                moves.put_back(entry.row_id, to)
        moves.close_up()


def _sides(entry: Change, word: str) -> tuple[Side, Side]:
    """What an entry left behind, and what undoing (or doing it again) leads to."""
    return (entry.new, entry.old) if word == UNDO else (entry.old, entry.new)

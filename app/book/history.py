"""History: append-only, each entry carries the hash of the one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select, text

from app.book.coding import from_json, maybe_json, moment_text, to_json, to_moment
from app.book.errors import BookError
from app.book.types import Change, Json
from app.forms.errors import likeliest
from app.models.engine import SERVER
from app.models.functions import among
from app.models.server import HISTORY, history_length, hold, note_history_length
from app.models.tables import history, people

if TYPE_CHECKING:
    from app.book.store import Store

_HASHED = (
    "id", "change_no", "at", "by", "period", "row_id", "field", "old", "new", "why", "kind",
    "reverts",
)  # fmt: skip


def entry_hash(previous: str, entry: dict[str, Any]) -> str:
    """The hash of an entry: over the hash before it and everything it says."""
    content = to_json([previous, *(entry[name] for name in _HASHED)])
    return sha256(content.encode()).hexdigest()


@dataclass
class Changing:
    """One change while it is being made; its entries are written at its end."""

    connection: Connection
    period: str
    by: str
    why: str
    at: datetime
    reverts: int | None = None
    entries: list[dict[str, Any]] = field(default_factory=list)
    _last: tuple[int, int, str] | None = None
    """Id, change number and hash of the newest entry, once something was written."""

    @property
    def at_text(self) -> str:
        """The moment of the change as stored."""
        return moment_text(self.at)

    @property
    def number(self) -> int:
        """The number of the change; 0 before anything was written."""
        return self._last[1] if self._last else 0

    def need_known_person(self) -> None:
        """Refuses a name that is not among the book's people; no name at all is allowed."""
        if not self.by:
            return
        names = list(self.connection.execute(select(people.c.name)).scalars())
        if self.by not in names:
            near = likeliest(self.by, names)
            hint = f"（是否指“{near}”？）" if near else ""
            raise BookError(f"账套里没有“{self.by}”这个人{hint}。请先添加人员。")

    def log(
        self, kind: str, *, row_id: str = "", field: str = "", old: Json = None, new: Json = None
    ) -> None:
        """Adds one entry to the change."""
        entry = {"kind": kind, "row_id": row_id, "field": field}
        self.entries.append(entry | {"old": maybe_json(old), "new": maybe_json(new)})

    def write_entries(self) -> bool:
        """Writes the entries so far, chained; False when nothing was changed at all."""
        if not self.entries:
            return self._last is not None
        on_server = self.connection.dialect.name == SERVER
        if on_server and self._last is None:
            hold(self.connection, HISTORY)  # the next entry is nobody else's
        number, change_no, previous = self._last or self._newest()
        common = {
            "change_no": change_no,
            "at": self.at_text,
            "by": self.by,
            "period": self.period,
            "why": self.why,
            "reverts": self.reverts,
        }
        for entry in self.entries:
            number += 1
            entry.update(common, id=number)
            previous = entry["hash"] = entry_hash(previous, entry)
        self.connection.execute(history.insert(), self.entries)
        if on_server:
            note_history_length(self.connection, number)
        self._last = (number, change_no, previous)
        self.entries = []
        return True

    def _newest(self) -> tuple[int, int, str]:
        newest = (
            select(history.c.id, history.c.change_no, history.c.hash)
            .order_by(history.c.id.desc())
            .limit(1)
        )
        last = self.connection.execute(newest).first()
        return (last.id, last.change_no + 1, last.hash) if last else (0, 1, "")


def changes(
    store: Store, row_id: str | None = None, field: str | None = None, *, since: int = 0
) -> list[Change]:
    """History entries in order, of one row or one field where named."""
    query = select(history).where(history.c.id > since).order_by(history.c.id)
    if row_id is not None:
        query = query.where(history.c.row_id == row_id)
    if field is not None:
        query = query.where(history.c.field == field)
    with store.read() as connection:
        return [to_change(line) for line in connection.execute(query)]


def changes_of(store: Store, row_ids: Sequence[str]) -> dict[str, list[Change]]:
    """The history of some rows, by row; those without any are left out."""
    query = select(history).where(among(history.c.row_id, row_ids)).order_by(history.c.id)
    found: dict[str, list[Change]] = {}
    with store.read() as connection:
        for line in connection.execute(query):
            found.setdefault(line.row_id, []).append(to_change(line))
    return found


def to_change(line: Any) -> Change:
    """A stored entry as the API hands it out."""
    return Change(
        id=line.id,
        change_no=line.change_no,
        at=to_moment(line.at),
        by=line.by,
        period=line.period,
        row_id=line.row_id,
        field=line.field,
        old=from_json(line.old),
        new=from_json(line.new),
        why=line.why,
        kind=line.kind,
        reverts=line.reverts,
        hash=line.hash,
    )


def last_change_no(connection: Connection) -> int:
    """The number of the newest change, 0 in an empty history."""
    return connection.execute(select(func.max(history.c.change_no))).scalar() or 0


@dataclass(frozen=True, slots=True)
class HistoryState:
    """What a check of the history found."""

    entries: int
    head: str
    broken_at: int | None
    """The first entry that doesn't fit to the one before it; None: all is whole."""

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, added or taken out afterwards."""
        return self.broken_at is None


def verify_history(store: Store) -> HistoryState:
    """Computes the whole chain again, also noticing entries cut off at the end."""
    with store.read() as connection:
        return chain_state(connection)


def known_history(store: Store) -> HistoryState:
    """The state of the chain; what this sitting has found whole before is not computed again."""
    with store.read() as connection:
        state = chain_state(connection, store.proved)
    if state.whole:
        store.proved = (state.entries, state.head)
    return state


def chain_state(connection: Connection, proved: tuple[int, str] = (0, "")) -> HistoryState:
    """The state of the chain in the store of a connection, behind so many proved entries."""
    count, previous = proved
    if count and _hash_of(connection, count) != previous:
        count, previous = 0, ""
    for entry in _streamed(connection, count):
        count += 1
        if entry["id"] != count or entry_hash(previous, entry) != entry["hash"]:
            return HistoryState(count, previous, count)
        previous = entry["hash"]
    cut_off = _issued(connection) != count
    return HistoryState(count, previous, count + 1 if cut_off else None)


def _issued(connection: Connection) -> int:
    if connection.dialect.name == SERVER:
        return history_length(connection)
    issued = text("SELECT seq FROM sqlite_sequence WHERE name = 'history'")
    return connection.execute(issued).scalar() or 0


def _hash_of(connection: Connection, number: int) -> str | None:
    return connection.execute(select(history.c.hash).where(history.c.id == number)).scalar()


def _streamed(connection: Connection, after: int) -> Iterator[dict[str, Any]]:
    query = select(history).where(history.c.id > after).order_by(history.c.id)
    query = query.execution_options(yield_per=1000)
    with connection.execute(query) as lines:
        yield from map(dict, lines.mappings())

"""Taking rows out of a period, and putting them back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from app.book import big_losses, evidence
from app.book.bulk import STEP, Progress, silent
from app.book.history import Changing
from app.book.inserting import Content, insert_rows
from app.book.kept import drop_kept
from app.book.locks import need_unlocked
from app.book.reading import row_line
from app.models.tables import drafts, rows

if TYPE_CHECKING:
    from app.book.store import Store


def remove_row(store: Store, row_id: str, *, by: str, why: str = "") -> None:
    """Takes a row out of the period; the history keeps all of it."""
    remove_rows(store, [row_id], by=by, why=why)


def remove_rows(
    store: Store,
    row_ids: Sequence[str],
    *,
    by: str,
    why: str = "",
    progress: Progress = silent,
) -> int:
    """Takes rows of the period out as one change; how many."""
    with store.write(by, why=why) as change:
        lines = [row_line(store, change.connection, one) for one in row_ids]
        # From below, as if one by one: the place that is noted of each is where it is put back.
        lines.sort(key=lambda line: line.seq, reverse=True)
        moves = RowMoves(store, change)
        for done, line in enumerate(lines):
            if done % STEP == 0:
                progress(done, len(lines), "")
            moves.take_out(line)
        moves.close_up()
    return len(lines)


class RowMoves:
    """The rows that one change takes out or puts back.

    The others of their tables move once for all of them: a change costs in step with its rows.
    """

    def __init__(
        self, store: Store, change: Changing, coming: Iterable[Mapping[str, Any]] = ()
    ) -> None:
        self._store, self._change = store, change
        self._gone: dict[str, list[int]] = {}
        wanted: dict[str, list[int]] = {}
        for content in coming:
            wanted.setdefault(content["table_id"], []).append(content["seq"])
        for table_id, places in wanted.items():
            self._make_room(table_id, sorted(places))

    def take_out(self, line: Any) -> None:
        """Removes a row with its evidence, kept warnings, drafts and table 2 sheet."""
        store, change = self._store, self._change
        need_unlocked(line)
        evidence.detach_all(store, change, line.id)
        drop_kept(store, change, line.id)
        big_losses.drop_sheet(store, change, line.id)
        mine = (drafts.c.period_id == store.period.id) & (drafts.c.row_id == line.id)
        change.connection.execute(drafts.delete().where(mine))
        change.connection.execute(rows.delete().where(rows.c.key == line.key))
        change.log("remove", row_id=line.id, old=Content.of_line(line).entry())
        self._gone.setdefault(line.table_id, []).append(line.seq)

    def put_back(self, row_id: str, content: Mapping[str, Any]) -> None:
        """Brings one of the coming rows back to its place."""
        insert_rows(self._store, self._change, [Content.from_entry(row_id, content)])

    def close_up(self) -> None:
        """Moves the rows of every table up to the places that have become free."""
        for table_id, gone in self._gone.items():
            gone.sort()
            self._renumber(
                (line.key, line.seq - bisect_left(gone, line.seq))
                for line in self._lines_from(table_id, gone[0])
            )
        self._gone.clear()

    def _make_room(self, table_id: str, wanted: Sequence[int]) -> None:
        """Moves the rows of a table down so that these places, from above, are free."""
        self._renumber(_moved_down(self._lines_from(table_id, wanted[0]), wanted))

    def _lines_from(self, table_id: str, place: int) -> Sequence[Any]:
        mine = (rows.c.period_id == self._store.period.id) & (rows.c.table_id == table_id)
        below = select(rows.c.key, rows.c.seq).where(mine, rows.c.seq >= place)
        return self._change.connection.execute(below.order_by(rows.c.seq)).all()

    def _renumber(self, places: Iterable[tuple[int, int]]) -> None:
        moved = [{"row_key": key, "place": place} for key, place in places]
        if moved:
            query = update(rows).where(rows.c.key == bindparam("row_key"))
            self._change.connection.execute(query.values(seq=bindparam("place")), moved)


def _moved_down(lines: Sequence[Any], wanted: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Key and new place of each row that makes way."""
    passed = 0
    for line in lines:
        while passed < len(wanted) and wanted[passed] <= line.seq + passed:
            passed += 1
        yield line.key, line.seq + passed

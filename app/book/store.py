"""An open book from inside: engine, lock, chosen period, and the one way to change something."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from sqlite3 import OperationalError
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from app.book.coding import maybe_moment
from app.book.errors import BookError, BusyError
from app.book.history import Changing
from app.book.types import Institution, Period, PeriodState
from app.forms.loader import ruleset_from_snapshot
from app.forms.ruleset import RuleSet
from app.forms.schema import Subject
from app.models.engine import Place, place_name, reading, writing
from app.models.schema import SCHEMA_VERSION, newer, schema_version
from app.models.server import EXPORT, WRITERS, hold, is_meanwhile, server_line, try_to_hold
from app.models.tables import periods, rulesets, subjects

if TYPE_CHECKING:
    from filelock import BaseFileLock


@lru_cache(maxsize=8)
def _ruleset(hash_: str, snapshot: bytes) -> RuleSet:
    """Compiled once per content; `hash_` makes the lookup cheap to read in a profile."""
    return ruleset_from_snapshot(snapshot)


class Store:
    """What the modules of this layer work on; `Book` is the door to it."""

    def __init__(
        self,
        place: Place,
        engine: Engine,
        lock: BaseFileLock | None,
        institution: Institution,
        *,
        writable: bool,
    ) -> None:
        self.place = place
        self.engine = engine
        self.lock = lock
        """The right to write a file; on a server several may write."""
        self.institution = institution
        self.writable = writable
        self.is_union = False
        self.saved_at: datetime | None = None
        self.own_changes: set[int] = set()
        """The changes that were written here, not by others on the same server."""
        self.opened_at_change = 0
        self.period: Period
        self.ruleset: RuleSet
        self.chart: dict[str, Subject] = {}
        self._read_engine, self._write_engine = reading(engine), writing(engine)
        self._one_writer = threading.Lock()
        self._exporting = False
        self.held_papers: dict[str, frozenset[str]] | None = None
        """While nothing can change: the papers of every row, once somebody has asked."""
        self.may_hold = False
        self.found_at: dict[str, str] = {}
        """The row each warning was last found at: where to look first, never more than that."""
        self.proved = (0, "")
        """Number and hash of the last history entry up to which the chain was found whole."""

    @property
    def name(self) -> str:
        """How messages name the book: never with a password."""
        return place_name(self.place)

    @property
    def path(self) -> Path:
        """The book's file; BookError for one in a database."""
        if not isinstance(self.place, Path):
            raise BookError(
                f"账套“{self.name}”在数据库里，不是一个文件。请用“文件—备份…”存成文件。"
            )
        return self.place

    @property
    def on_server(self) -> bool:
        """Whether it is in a database, where others may write at the same time."""
        return not isinstance(self.place, Path)

    @staticmethod
    def now() -> datetime:
        """The present moment with its time zone, to the millisecond."""
        now = datetime.now().astimezone()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def today(self) -> date:
        """The present day."""
        return self.now().date()

    def close(self) -> None:
        """Closes all connections and lets the next writer in."""
        self.engine.dispose()
        if self.lock is not None:
            self.lock.release()

    def put_away(self) -> None:
        """Moves what was saved from the side file into the book; others may write meanwhile.

        It is meant for a thread that nobody waits for. Saved is saved without it.
        """
        if self.on_server or not self.writable:
            return
        with closing(self.engine.raw_connection()) as connection, suppress(OperationalError):
            # Where the disk refuses, the side file keeps it; the next time tries again.
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the book."""
        with self._told(), self._read_engine.connect() as connection:
            yield connection

    @contextmanager
    def aside(self) -> Iterator[Connection]:
        """A transaction for what is no part of the book's content and has no history: drafts."""
        with self._told(), self._write_engine.begin() as connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of a server that a person can do something about, in words."""
        try:
            yield
        except DBAPIError as error:
            line = server_line(error, self.place) if self.on_server else None
            if line is None:
                raise
            raise (BusyError if is_meanwhile(error) else BookError)(line) from error

    @contextmanager
    def exporting(self) -> Iterator[None]:
        """Keeps the book and its chosen period as they are until the block ends."""
        with self._one_writer:
            self.need_no_export()
            self._exporting = True
        try:
            with self._others_stopped():
                self.may_hold = True
                yield
        finally:
            self.may_hold, self.held_papers = False, None
            self._exporting = False

    @contextmanager
    def _others_stopped(self) -> Iterator[None]:
        """On a server nobody else writes until the block ends."""
        if not self.on_server:
            yield
            return
        with self._told(), self._write_engine.begin() as connection:
            if not try_to_hold(connection, EXPORT):
                raise BookError("别人正在修改或导出，现在不能导出。请稍后再试。")
            yield

    def may_renew(self) -> bool:
        """Whether derived values may be written now; nobody is to wait or to be told off."""
        free = not self._exporting and not self._one_writer.locked() and not self.on_server
        return self.writable and free and self.period.state == "open"

    def need_no_export(self) -> None:
        """Refuses what would change the book, or the chosen period, while it is exported."""
        if self._exporting:
            raise BookError("正在导出，请等导出结束或取消。")

    @contextmanager
    def write(
        self,
        by: str,
        *,
        why: str = "",
        reverts: int | None = None,
        sealed: bool = False,
        for_export: bool = False,
        by_rows: bool = False,
    ) -> Iterator[Changing]:
        """One change: a transaction with its history entries, all of it or nothing.

        `sealed`: also in a sealed period; `for_export`: part of the export that is going on;
        `by_rows`: it locks each row it changes, so that others may change other rows meanwhile.
        """
        self.need_writable()
        # Asked before waiting for the other writer, which may be the export itself.
        if not for_export:
            self.need_no_export()
        with self._one_writer:
            if not for_export:
                self.need_no_export()
            with self._told(), self._write_engine.begin() as connection:
                if not for_export and not try_to_hold(connection, EXPORT, shared=True):
                    raise BookError("别人正在导出，现在不能修改。请等导出结束后再试。")
                hold(connection, WRITERS, shared=by_rows)
                self._see_others(connection)
                change = Changing(connection, self.period_date, by, why, self.now(), reverts)
                change.need_known_person()
                if not sealed:
                    self._need_open_period(connection)
                yield change
                changed = change.write_entries()
            if changed:
                self.saved_at = change.at
                self.own_changes.add(change.number)

    def need_writable(self) -> None:
        """Refuses changes of a book that was only opened to be read."""
        if not self.writable:
            raise BookError(
                f"账套“{self.name}”这里只供查看，不能修改。请关闭别处的窗口或命令，再打开一次。"
            )

    def refresh(self) -> None:
        """Takes notice of what others have changed of the chosen period and the subjects."""
        with self.read() as connection:
            self._see_others(connection)

    def _see_others(self, connection: Connection) -> None:
        if not self.on_server or not hasattr(self, "period"):
            return
        if schema_version(connection) > SCHEMA_VERSION:
            raise BookError(newer(self.place))
        seen = self.period
        query = select(periods.c.state, periods.c.sealed_at, periods.c.seal_code)
        line = connection.execute(query.where(periods.c.id == seen.id)).one()
        sealed_at = maybe_moment(line.sealed_at)
        # The window looks from its worker: somebody may have gone to another period meanwhile.
        if self.period is seen:
            self.mark_period(state=line.state, sealed_at=sealed_at, seal_code=line.seal_code)
        self.load_chart(connection)

    @property
    def period_date(self) -> str:
        """The chosen period's base date as text; empty while the book is being made."""
        return self.period.base_date.isoformat() if hasattr(self, "period") else ""

    def _need_open_period(self, connection: Connection) -> None:
        if not hasattr(self, "period"):
            return
        query = select(periods.c.state).where(periods.c.id == self.period.id)
        state = connection.execute(query).scalar_one()
        if state == "closed":
            raise BookError(
                f"{self.period_date}这一期联社已经认定完毕，不能再改。新的变化请记入下一期。"
            )
        if state == "sealed":
            raise BookError(
                f"{self.period_date}这一期已经封印上报（封印码{self.period.seal_code}），不能再改。"
                "确需修改的，请先说明理由重新打开本期。"
            )

    def choose_period(self, connection: Connection, period: Period) -> None:
        """Makes a period the one that everything works on."""
        self.ruleset = self.ruleset_of(connection, period.ruleset_hash)
        self.period = period
        self.load_chart(connection)

    @staticmethod
    def ruleset_of(connection: Connection, ruleset_hash: str) -> RuleSet:
        """A rule set that a period of the book keeps."""
        stored = select(rulesets.c.snapshot).where(rulesets.c.hash == ruleset_hash)
        return _ruleset(ruleset_hash, connection.execute(stored).scalar_one())

    @staticmethod
    def own_subjects(connection: Connection) -> dict[str, Subject]:
        """The book's own subjects: they hold in every period."""
        return {
            line.code: Subject(code=line.code, name=line.name, table=line.table_id)
            for line in connection.execute(select(subjects).order_by(subjects.c.code))
        }

    def load_chart(self, connection: Connection) -> None:
        """The rule set's subjects and the book's own."""
        self.chart = {**self.ruleset.chart, **self.own_subjects(connection)}

    def mark_period(
        self, *, state: PeriodState, sealed_at: datetime | None, seal_code: str
    ) -> None:
        """Renews what is known of the chosen period after it was sealed or opened again."""
        self.period = replace(self.period, state=state, sealed_at=sealed_at, seal_code=seal_code)

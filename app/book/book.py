"""The book: the one door to everything that is done on it. Every change is one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from app.book import (
    balances,
    big_losses,
    checks,
    drafts,
    evidence,
    followups,
    history,
    imports,
    kept,
    landing,
    lists,
    opening,
    people,
    periods,
    reading,
    removal,
    rows,
    stages,
    subjects,
    undo,
    working_paper,
)
from app.book.big_losses import BigLossSheet
from app.book.derive import context_of, judged, table_of
from app.book.followups import Followup
from app.book.history import Changing, HistoryState
from app.book.store import Store
from app.book.types import (
    Attachment,
    Balance,
    Change,
    Draft,
    ImportRecord,
    Institution,
    Json,
    KeptWarning,
    LeftBehind,
    Period,
    Person,
    Row,
    RowLine,
    TableProgress,
)
from app.book.working_paper import PaperText
from app.forms.evaluation import Context, Evaluation
from app.forms.ruleset import RuleSet
from app.forms.schema import Subject

__all__ = ["Book", "Institution"]


class Book:
    """An open book. All money is Decimal in yuan; names in `by` are people of the book."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @staticmethod
    def create(
        target: str | Path,
        institution: Institution,
        base_date: date,
        *,
        union: bool = False,
        ruleset: RuleSet | None = None,
    ) -> Book:
        """A new book with its first period; the rule set is the one in force at the base date.

        `target` is a file, or for a union the URL of an empty database.
        """
        store = opening.create_store(target, institution, base_date, union=union, ruleset=ruleset)
        return Book(store)

    @staticmethod
    def open(target: str | Path, *, write: bool = True) -> Book:
        """Opens a book. Of a file one window or command at a time may write, of a URL several."""
        return Book(opening.open_store(target, write=write))

    def close(self) -> None:
        """Closes the book and lets the next writer in."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The book's file; BookError for one in a database."""
        return self.store.path

    @property
    def name(self) -> str:
        """How messages name the book: the file, or the database without a password."""
        return self.store.name

    @property
    def on_server(self) -> bool:
        """Whether it is in a database, where others may write at the same time."""
        return self.store.on_server

    def refresh(self) -> None:
        """Takes notice of what others have changed meanwhile in a database."""
        self.store.refresh()

    @property
    def writable(self) -> bool:
        """Whether it was opened for writing."""
        return self.store.writable

    @property
    def institution(self) -> Institution:
        """The office it belongs to."""
        return self.store.institution

    @property
    def is_union(self) -> bool:
        """Whether it is a union's book."""
        return self.store.is_union

    @property
    def saved_at(self) -> datetime | None:
        """When the last change was committed."""
        return self.store.saved_at

    # Periods and rule set

    @property
    def period(self) -> Period:
        """The period that is worked on."""
        return self.store.period

    @property
    def ruleset(self) -> RuleSet:
        """The period's own copy of its rule set."""
        return self.store.ruleset

    def periods(self) -> list[Period]:
        """Every period, oldest first."""
        return periods.all_periods(self.store)

    def select_period(self, period_id: int) -> Period:
        """Works on another period."""
        return periods.select_period(self.store, period_id)

    def add_period(
        self,
        base_date: date,
        *,
        carry_forward: bool = False,
        ruleset: RuleSet | None = None,
        by: str = "",
    ) -> Period:
        """Opens the next period and works on it; `carry_forward` takes over the last one's rows."""
        return periods.add_period(
            self.store, base_date, carry_forward=carry_forward, ruleset=ruleset, by=by
        )

    def left_behind(self) -> list[LeftBehind]:
        """What the chosen period could not take over from the one before."""
        return periods.left_behind(self.store)

    def chart(self) -> dict[str, Subject]:
        """The rule set's subjects and the book's own."""
        return dict(self.store.chart)

    def own_subjects(self) -> list[Subject]:
        """The subjects that the office has added to the rule set's."""
        return subjects.own_subjects(self.store)

    def add_subject(self, code: str, name: str, table_id: str, *, by: str = "") -> Subject:
        """Adds a subject of the office's own."""
        return subjects.add_subject(self.store, code, name, table_id, by=by)

    def change_subject(
        self, code: str, name: str, table_id: str, *, by: str = "", why: str = ""
    ) -> Subject:
        """Gives one of the office's own subjects another name or table."""
        return subjects.change_subject(self.store, code, name, table_id, by=by, why=why)

    def remove_subject(self, code: str, *, by: str = "", why: str = "") -> None:
        """Takes one of the office's own subjects out again, unless something uses it."""
        subjects.remove_subject(self.store, code, by=by, why=why)

    # People

    def people(self) -> list[Person]:
        """Everyone who works on the book."""
        return people.all_people(self.store)

    def add_person(self, name: str, role: str, *, by: str | None = None) -> Person:
        """Adds someone, with the role's code or Chinese name."""
        return people.add_person(self.store, name, role, by=by)

    def change_role(self, name: str, role: str, *, by: str, why: str = "") -> Person:
        """Gives someone another role."""
        return people.change_role(self.store, name, role, by=by, why=why)

    def person(self, name: str) -> Person:
        """The person of this name; BookError for an unknown one."""
        return people.person_named(self.store, name)

    # Rows

    def add_row(
        self,
        table_id: str,
        values: Mapping[str, Json],
        *,
        by: str,
        why: str = "",
        source: str = "typed",
        printed: Mapping[str, Json] | None = None,
    ) -> Row:
        """Adds one row at the end of its table."""
        extra = None if printed is None else [printed]
        return rows.add_rows(
            self.store, table_id, [values], by=by, why=why, source=source, printed=extra
        )[0]

    def add_rows(
        self,
        table_id: str,
        values: Sequence[Mapping[str, Json]],
        *,
        by: str,
        why: str = "",
        source: str,
        printed: Sequence[Mapping[str, Json]] | None = None,
        totals: Mapping[str, Decimal] | None = None,
    ) -> list[Row]:
        """Adds rows in one transaction; `totals` are those a listing printed, by money field."""
        return rows.add_rows(
            self.store, table_id, values,
            by=by, why=why, source=source, printed=printed, totals=totals,
        )  # fmt: skip

    def set_values(
        self,
        row_id: str,
        values: Mapping[str, Json],
        *,
        by: str,
        why: str = "",
        source: str = "typed",
    ) -> Row:
        """Stores values of a row; None or an empty text empties a field, [] answers a list."""
        return rows.set_values(self.store, row_id, values, by=by, why=why, source=source)

    def set_many(
        self,
        given: Sequence[tuple[str, Mapping[str, Json]]],
        *,
        by: str,
        why: str = "",
        source: str = "typed",
    ) -> int:
        """Stores values of many rows in one transaction; how many rows changed."""
        return rows.set_many(self.store, given, by=by, why=why, source=source)

    def remove_row(self, row_id: str, *, by: str, why: str = "") -> None:
        """Takes a row out; the history keeps it."""
        removal.remove_row(self.store, row_id, by=by, why=why)

    def row(self, row_id: str) -> Row:
        """One row by its id."""
        return reading.find_row(self.store, row_id)

    def find_row(self, reference: str) -> Row:
        """One row by its id or as TABLE:asset_no."""
        return reading.find_row(self.store, reference)

    def rows(self, table_id: str | None = None) -> Iterator[Row]:
        """All rows, streamed, in order."""
        return reading.all_rows(self.store, table_id)

    def row_list(
        self,
        table_id: str | None,
        *,
        search: str = "",
        only: str = "",
        order_by: str = "seq",
        descending: bool = False,
        offset: int = 0,
        limit: int = 200,
    ) -> list[RowLine]:
        """A page of a list; `only`: errors, warnings, problems, unfinished, a class, a stage."""
        return lists.row_list(
            self.store, table_id,
            search=search, only=only, order_by=order_by, descending=descending,
            offset=offset, limit=limit,
        )  # fmt: skip

    def row_line(self, row_id: str) -> RowLine | None:
        """One row as lists show it; None when it is not in this period."""
        return lists.row_line(self.store, row_id)

    def row_count(self, table_id: str | None, *, search: str = "", only: str = "") -> int:
        """How many rows the list has in all."""
        return lists.row_count(self.store, table_id, search=search, only=only)

    def progress(self) -> dict[str, TableProgress]:
        """How far each table is."""
        return lists.progress(self.store)

    # Evaluation

    def context(self, row: Row | None = None, complete: bool = True) -> Context:
        """What rows of this book are judged against; with a row also its last class and papers."""
        if row is None:
            return context_of(self.store, complete=complete)
        papers = evidence.papers_of(self.store, row.id)
        return context_of(self.store, last_class=row.last_class, papers=papers, complete=complete)

    def evaluate(
        self, row: Row, values: Mapping[str, Json] | None = None, *, complete: bool = True
    ) -> Evaluation:
        """Evaluates a row as stored, or with values that are not stored yet."""
        table = table_of(self.store, row.table_id)
        given = row.values if values is None else values
        return judged(table, given, self.context(row, complete))

    def paper_texts(self, row: Row) -> dict[str, PaperText]:
        """The texts of the working paper: the clerk's, else what the program drafts."""
        return working_paper.paper_texts(self.evaluate(row), row.values)

    # Balances and imports

    def balances(self) -> list[Balance]:
        """The general ledger's balances."""
        return balances.all_balances(self.store)

    def set_balances(
        self,
        given: Sequence[Balance],
        *,
        by: str,
        source: str = "typed",
        own: Sequence[Subject] = (),
    ) -> None:
        """Replaces the balances as a whole; `own`: subjects that the chart gets with them."""
        balances.set_balances(self.store, given, by=by, source=source, own=own)

    def set_balance(self, balance: Balance, *, by: str, source: str = "typed") -> None:
        """Sets one subject's balance."""
        balances.set_balance(self.store, balance, by=by, source=source)

    def imports(self) -> list[ImportRecord]:
        """The listings taken in, with their printed totals."""
        return imports.import_records(self.store)

    # Confirmation, sealing, kept warnings

    def confirm(self, row_ids: Sequence[str] | None, *, by: str) -> int:
        """The accountant's confirmation; None: all prepared rows. How many were confirmed."""
        return stages.confirm(self.store, row_ids, by=by)

    def answer_mark(self, row_id: str, field: str, text: str, *, by: str) -> None:
        """Answers the union's questions on a field in words."""
        landing.answer_mark(self.store, row_id, field, text, by=by)

    def followups(self) -> list[Followup]:
        """The ledger (台账) of the period, set up after determination."""
        return followups.all_followups(self.store)

    def exporting(self) -> AbstractContextManager[None]:
        """Refuses every change but the sealing, and another period, until the block ends."""
        return self.store.exporting()

    def sealing(
        self, seal_code: str, *, by: str, record: Mapping[str, Any] | None = None
    ) -> AbstractContextManager[Changing]:
        """Seals the period when the block ends well; `record` goes into the history."""
        return stages.sealing(self.store, seal_code, by=by, record=record)

    def reopen(self, *, by: str, why: str) -> None:
        """Opens a sealed period again."""
        stages.reopen(self.store, by=by, why=why)

    def keep(self, problem_id: str, reason: str, *, by: str, note: str = "") -> KeptWarning:
        """Keeps a warning with a reason."""
        return checks.keep(self, problem_id, reason, by=by, note=note)

    def unkeep(self, problem_id: str, *, by: str, why: str = "") -> None:
        """Takes back that a warning was kept."""
        checks.unkeep(self, problem_id, by=by, why=why)

    def kept(self) -> list[KeptWarning]:
        """All kept warnings."""
        return kept.all_kept(self.store)

    # Evidence

    def attach(
        self,
        row_id: str,
        content: str | Path | bytes,
        name: str = "",
        *,
        by: str,
        paper: str = "",
    ) -> Attachment:
        """Puts a file (a path or bytes) into a row's working paper; `paper` says what it is."""
        data = Path(content) if isinstance(content, str) else content
        return evidence.attach(self.store, row_id, data, name, by=by, paper=paper)

    def detach(self, attachment_id: int, *, by: str, why: str = "") -> None:
        """Takes a piece of evidence out again."""
        evidence.detach(self.store, attachment_id, by=by, why=why)

    def attach_files(
        self, row_id: str, paths: Sequence[Path], *, by: str, paper: str = ""
    ) -> list[Attachment]:
        """Puts files into a row's working paper: all of them or none."""
        files = [(path, path.name, paper) for path in paths]
        return evidence.attach_all(self.store, row_id, files, by=by)

    def attach_contents(
        self, row_id: str, files: Sequence[tuple[bytes, str, str]], *, by: str
    ) -> list[Attachment]:
        """Puts contents, each with name and kind of paper, into a working paper; all or none."""
        return evidence.attach_all(self.store, row_id, files, by=by)

    def attachments(self, row_id: str | None = None) -> list[Attachment]:
        """The evidence of a row, or of all."""
        return evidence.all_attachments(self.store, row_id)

    def attachment_bytes(self, sha256: str) -> bytes:
        """The content with this SHA-256."""
        return evidence.attachment_bytes(self.store, sha256)

    # History, drafts, undo

    def history(self, row_id: str | None = None, field: str | None = None) -> list[Change]:
        """History entries, oldest first."""
        return history.changes(self.store, row_id, field)

    def verify_history(self) -> HistoryState:
        """Computes the chain of the history again."""
        return history.verify_history(self.store)

    def save_draft(self, row_id: str, field: str, text: str, period: int | None = None) -> None:
        """Keeps what is being typed."""
        drafts.save_draft(self.store, row_id, field, text, period)

    def drafts(self, row_id: str | None = None) -> list[Draft]:
        """What was left unfinished."""
        return drafts.all_drafts(self.store, row_id)

    def clear_draft(self, row_id: str, field: str, period: int | None = None) -> None:
        """Forgets what was being typed."""
        drafts.clear_draft(self.store, row_id, field, period)

    def undo(self, by: str) -> int | None:
        """Undoes the last change of this sitting; its number, None when there is none."""
        return undo.undo(self.store, by)

    def redo(self, by: str) -> int | None:
        """Does again what was undone last."""
        return undo.redo(self.store, by)

    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return undo.can_undo(self.store)

    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return undo.can_redo(self.store)

    # Table 2

    def big_losses(self) -> list[BigLossSheet]:
        """The sheets of table 2."""
        return big_losses.all_sheets(self.store)

    def set_big_loss(
        self, row_id: str, values: Mapping[str, Json], *, by: str, why: str = ""
    ) -> None:
        """Stores what the clerk writes on a sheet of table 2."""
        big_losses.set_big_loss(self.store, row_id, values, by=by, why=why)

"""Every check of a book: rows, duplicates, table 2, ledger, listings; keeping warnings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import func, select

from app.book import big_losses, ledger
from app.book.bulk import Progress, silent
from app.book.derive import context_of, judged, table_of
from app.book.errors import BookError
from app.book.finding_ids import finding_id
from app.book.findings import finding, from_problem
from app.book.history import known_history
from app.book.kept import all_kept, drop_one, keep_finding
from app.book.reading import row_line, to_row
from app.book.rows import rejudge
from app.book.types import UNCONFIRMED, CheckLine, Finding, KeptWarning, Row
from app.models.tables import rows

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store


def check_book(book: Book) -> list[Finding]:
    """Every problem of the period: rows first, then duplicates, table 2, ledger and listings."""
    return with_kept(book.store, _all_findings(book.store))


def check_list(book: Book) -> list[CheckLine]:
    """The check list (校验清单): every relation that was checked, whether it holds or not."""
    return ledger.check_lines(book.store)


def row_findings(book: Book, row_id: str) -> list[Finding]:
    """The problems of one row by itself."""
    with book.store.read() as connection:
        row = to_row(row_line(book.store, connection, row_id))
    return with_kept(book.store, _of_row(book.store, row))


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that block sealing: errors, and warnings that nobody kept."""
    return [one for one in findings if one.open]


def _all_findings(store: Store) -> Iterator[Finding]:
    yield from _history(store)
    judged_rows = _judged_rows(store, _may_have_problems(store))
    _renew(store, [one.key for one in judged_rows if one.stale])
    found = [problem for one in judged_rows for problem in one.findings]
    yield from found
    yield from _unconfirmed(store, {one.row_id for one in found if one.severity == "error"})
    yield from _same_numbers(store)
    yield from _doubles(store)
    yield from _table_two(store)
    yield from ledger.findings(store)


def with_kept(store: Store, found: Iterable[Finding]) -> list[Finding]:
    """The findings, each with the reason it is kept for while that still holds."""
    kept = {one.finding_id: one for one in all_kept(store)}
    return [_with_kept(one, kept.get(one.id)) for one in found]


def _with_kept(found: Finding, kept: KeptWarning | None) -> Finding:
    valid = kept is not None and kept.fingerprint == found.fingerprint
    return replace(found, kept=kept) if valid else found


def _history(store: Store) -> Iterator[Finding]:
    """Whether the history is as the program wrote it."""
    state = known_history(store)
    if not state.whole:
        yield finding(store, "E017", "history", value=str(state.broken_at))


class _Judged(Struct, frozen=True):
    """A row judged afresh."""

    key: int
    place: tuple[int, int]
    findings: list[Finding]
    stale: bool
    """What is stored of it says something else."""


def _judged_rows(store: Store, troubled: Any) -> list[_Judged]:
    """The rows that may have problems; those stored without any are not judged again."""
    query = (
        select(rows)
        .where(rows.c.period_id == store.period.id, troubled)
        .order_by(rows.c.key)
        .execution_options(yield_per=500)
    )
    kept = {one.finding_id: one.fingerprint for one in all_kept(store)}
    order = {table.id: place for place, table in enumerate(store.ruleset.row_tables)}
    judged_rows = []
    with store.read() as connection:
        for line in connection.execute(query):
            problems = list(_of_row(store, to_row(line)))
            store.found_at |= {one.id: one.row_id for one in problems if one.severity == "warning"}
            place = (order.get(line.table_id, len(order)), line.seq)
            judged_rows.append(_Judged(line.key, place, problems, _stale(line, problems, kept)))
    return sorted(judged_rows, key=lambda one: one.place)


def _stale(line: Any, problems: Sequence[Finding], kept: Mapping[str, str]) -> bool:
    errors = sum(one.severity == "error" for one in problems)
    open_ones = sum(kept.get(one.id) != one.fingerprint for one in problems)
    fresh = (errors, open_ones - errors)
    return fresh != (line.errors, line.warnings) or (line.stage == "draft" and not errors)


def _renew(store: Store, keys: Sequence[int]) -> None:
    """Stores again what follows from rows that time has made right or wrong."""
    if not keys or not store.may_renew():
        return
    with store.write("", why="按当日重新核对") as change:
        for start in range(0, len(keys), 500):
            query = select(rows).where(rows.c.key.in_(keys[start : start + 500]))
            rejudge(store, change, change.connection.execute(query).all())


def _may_have_problems(store: Store) -> Any:
    # A row whose warnings were all kept counts none, and is still listed with its reasons.
    kept = {one.row_id for one in all_kept(store) if one.row_id}
    stale = rows.c.ruleset_hash != store.period.ruleset_hash
    unfinished = (rows.c.errors > 0) | (rows.c.warnings > 0) | (rows.c.stage == "draft")
    return unfinished | stale | rows.c.id.in_(kept)


def _of_row(store: Store, row: Row) -> Iterator[Finding]:
    table = table_of(store, row.table_id)
    context = context_of(store, last_class=row.last_class)
    for problem in judged(table, row.values, context).problems:
        yield from_problem(row.id, row.table_id, problem)


def _row_warnings(store: Store) -> Iterator[Finding]:
    kept = {one.row_id for one in all_kept(store) if one.row_id}
    for one in _judged_rows(store, (rows.c.warnings > 0) | rows.c.id.in_(kept)):
        yield from one.findings


def _unconfirmed(store: Store, wrong: set[str]) -> Iterator[Finding]:
    """Rows that wait for the accountant; those with errors of their own are not ready for that."""
    query = (
        select(rows.c.id, rows.c.table_id)
        .where(
            rows.c.period_id == store.period.id, rows.c.stage.in_(("draft", "prepared", "returned"))
        )
        .order_by(rows.c.key)
    )
    with store.read() as connection:
        lines = connection.execute(query).all()
    for line in (one for one in lines if one.id not in wrong):
        yield finding(store, UNCONFIRMED, line.id, row_id=line.id, table_id=line.table_id)


def _same_numbers(store: Store) -> Iterator[Finding]:
    """An asset number twice in an office's table: an error of every row after the first."""
    columns = (rows.c.institution, rows.c.table_id, rows.c.asset_no)
    for line in _repeated(store, columns, rows.c.asset_no.is_not(None)):
        yield finding(
            store, "E015", line.id, row_id=line.id, table_id=line.table_id, field="asset_no",
            value=line.asset_no,
        )  # fmt: skip


def _doubles(store: Store) -> Iterator[Finding]:
    """Rows with name, date and amount of an earlier one of their office in their table."""
    same = (rows.c.name, rows.c.formed_on, rows.c.carrying_amount)
    columns = (rows.c.institution, rows.c.table_id, *same)
    named = rows.c.name.is_not(None) & rows.c.carrying_amount.is_not(None)
    for line in _repeated(store, columns, named):
        yield finding(
            store, "W004", line.id, row_id=line.id, table_id=line.table_id, field="name",
            value=str(line.first_seq),
            judged_on=(line.name, line.formed_on or "", str(line.carrying_amount)),
        )  # fmt: skip


def _within(function: Any, columns: tuple[Any, ...]) -> Any:
    return function.over(partition_by=columns, order_by=rows.c.seq)


def _repeated(store: Store, columns: tuple[Any, ...], counted: Any) -> list[Any]:
    """Rows that agree with an earlier one in these columns; one pass, cost linear in the rows."""
    places = (
        select(
            rows.c.id, rows.c.table_id, rows.c.seq, rows.c.asset_no,
            rows.c.name, rows.c.formed_on, rows.c.carrying_amount,
            _within(func.row_number(), columns).label("place"),
            _within(func.first_value(rows.c.seq), columns).label("first_seq"),
        )
        .where(rows.c.period_id == store.period.id, counted)
        .subquery()
    )  # fmt: skip
    query = select(places).where(places.c.place > 1).order_by(places.c.table_id, places.c.seq)
    with store.read() as connection:
        return list(connection.execute(query))


def _table_two(store: Store) -> Iterator[Finding]:
    """What is still missing on the sheets of table 2."""
    for sheet in big_losses.written(store):
        for problem in big_losses.sheet_evaluation(store, sheet.own).problems:
            yield from_problem(sheet.row_id, big_losses.TABLE, problem)


# Keeping


def keep(book: Book, problem_id: str, reason: str, *, by: str, note: str = "") -> KeptWarning:
    """Keeps a warning with a reason."""
    return keep_many(book, [problem_id], reason, by=by, note=note)[0]


def keep_many(
    book: Book,
    problem_ids: Sequence[str],
    reason: str,
    *,
    by: str,
    note: str = "",
    progress: Progress = silent,
) -> list[KeptWarning]:
    """Keeps warnings of one check with the same reason, each on record by itself, in one change."""
    ids = list(dict.fromkeys(one.strip() for one in problem_ids))
    if len({_code(one) for one in ids}) > 1:
        raise BookError("选中的不是同一种警告，不能用一个理由一起保留。请只选同一种。")
    store = book.store
    found = _found(store, ids)
    kept = []
    with store.write(by, why=reason) as change:
        for done, one in enumerate(found):
            progress(done, len(found), "")
            kept.append(keep_finding(store, change, one, reason, note))
            _count_again(store, change, one.row_id)
    return kept


def unkeep(book: Book, problem_id: str, *, by: str, why: str = "") -> None:
    """Takes back that a warning was kept."""
    store = book.store
    row_ids = {one.row_id for one in all_kept(store) if one.finding_id == problem_id}
    with store.write(by, why=why) as change:
        if not drop_one(store, change, problem_id):
            raise BookError(f"没有保留过编号为“{problem_id}”的警告。请核对编号。")
        for row_id in row_ids:
            _count_again(store, change, row_id)


def _count_again(store: Store, change: Any, row_id: str) -> None:
    if row_id:
        rejudge(store, change, [row_line(store, change.connection, row_id)])


def _code(problem_id: str) -> str:
    """The check that found a problem, as its id begins with it."""
    return problem_id.partition("-")[0]


def _where_seen(store: Store, ids: Sequence[str]) -> Iterator[Finding]:
    """The rows that had these problems last, judged afresh; saves judging every row with one."""
    for row_id in dict.fromkeys(store.found_at.get(one, "") for one in ids):
        query = select(rows).where(rows.c.period_id == store.period.id, rows.c.id == row_id)
        with store.read() as connection:
            line = connection.execute(query).first()
        if line is not None:
            yield from _of_row(store, to_row(line))


def _found(store: Store, ids: Sequence[str]) -> list[Finding]:
    """The findings of these ids, all of one check; its code tells where to look."""
    code = _code(ids[0]) if ids else ""
    if code in ledger.CODES:
        source = ledger.findings(store)
    elif code == "W004":
        source = _doubles(store)
    elif code.startswith("W"):
        source = chain(_where_seen(store, ids), _row_warnings(store), _table_two(store))
    else:
        source = _all_findings(store)
    wanted, found = set(ids), {}
    for one in source:
        if one.id in wanted:
            found[one.id] = one
            if len(found) == len(wanted):
                break
    for problem_id in ids:
        if problem_id not in found:
            raise BookError(f"没有编号为“{problem_id}”的问题。请先用检查列出现有的问题。")
    return [found[one] for one in ids]


def problem_id(row_id: str, field: str, code: str) -> str:
    """The id that `check_book` gives a problem of a row."""
    return finding_id(code, row_id, field)

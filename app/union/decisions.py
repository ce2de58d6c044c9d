"""Decision packages: returns with their questions and determinations, one per office."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, func, select, update

from app.book.coding import from_json, maybe_yuan
from app.book.followups import set_up_followups
from app.book.history import Changing
from app.book.types import Institution
from app.files import sync_folder
from app.intake.progress import Progress, silent
from app.models.tables import blobs, opinions, packages, rows
from app.package.answers import AnswerHead, build_decision
from app.package.manifest import Answered
from app.papers.placing import desk_in
from app.union.changing import Opinion, to_opinion
from app.union.errors import UnionError
from app.union.offices import need_union, office_named
from app.union.packages import StoredPackage, current_package, file_hash, put_package
from app.union.pages import decision_table, page

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.keys import SigningKey
    from app.book.store import Store

UNION_FIELDS = (
    "review_class", "review_reason", "department_opinion", "site_check", "audit_opinion",
    "determined_class", "determined_reason",
)  # fmt: skip
"""The fields of a row that only the union fills in."""
DECIDED = ("returned", "determined")


@dataclass(frozen=True)
class Decided:
    """A decision package that was made."""

    office: Institution
    path: Path
    returned: int
    determined: int
    seal_code: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an office has still to be told."""

    office: Institution
    returned: int
    determined: int
    rows: int
    """All its rows."""
    open: int
    """Those of them that are still under review."""
    again: int
    """Results it was told before: it has sent a new package since, and that wants its answer."""

    @property
    def new(self) -> int:
        """Results it has never been told."""
        return self.returned + self.determined - self.again


def decisions_waiting(book: Book) -> list[Waiting]:
    """The offices with something new to be told, by code."""
    from app.union.offices import office_states

    need_union(book)
    store = book.store
    query = (
        select(rows.c.institution, rows.c.stage, func.count().label("rows"))
        .where(
            rows.c.period_id == store.period.id,
            rows.c.stage.in_(DECIDED),
            rows.c.decided_in.is_(None),
        )
        .group_by(rows.c.institution, rows.c.stage)
    )
    counts: dict[str, dict[str, int]] = {}
    with store.read() as connection:
        for line in connection.execute(query):
            counts.setdefault(line.institution, {})[line.stage] = line.rows
    again = _told_before(store, list(counts))
    return [
        Waiting(
            Institution(one.code, one.name), counts[one.code].get("returned", 0),
            counts[one.code].get("determined", 0), one.rows,
            one.rows - sum(one.stages.get(stage, 0) for stage in DECIDED),
            again.get(one.code, 0),
        )
        for one in office_states(book)
        if one.code in counts
    ]  # fmt: skip


def _told_before(store: Store, codes: Sequence[str]) -> dict[str, int]:
    """By office, the waiting rows on which nothing was said since its last decision was made."""
    made = select(packages.c.institution, func.max(packages.c.at)).where(
        packages.c.period_id == store.period.id, packages.c.direction == "out",
        packages.c.kind == "decision", packages.c.institution.in_(codes),
    )  # fmt: skip
    found: dict[str, int] = {}
    with store.read() as connection:
        for code, at in connection.execute(made.group_by(packages.c.institution)).all():
            since = exists().where(
                opinions.c.period_id == store.period.id, opinions.c.row_id == rows.c.id,
                opinions.c.stage.in_(("return", "determination")), opinions.c.at > at,
            )  # fmt: skip
            told = select(func.count()).where(
                rows.c.period_id == store.period.id, rows.c.institution == code,
                rows.c.stage.in_(DECIDED), rows.c.decided_in.is_(None), ~since,
            )  # fmt: skip
            found[code] = int(connection.execute(told).scalar_one())
    return found


def decide(
    book: Book, out: Path, key: SigningKey, *, by: str, progress: Progress = silent
) -> list[Decided]:
    """Writes a decision for every office with something new to be told; all or nothing.

    What `progress` raises stops it; nothing has been written then.
    """
    need_union(book)
    store = book.store
    made: list[tuple[Decided, Path]] = []
    placed: list[Path] = []
    with desk_in(out, "decide") as folder:
        try:
            with store.write(by) as change:
                codes = _waiting(store, change)
                for place, code in enumerate(codes):
                    progress(place, len(codes), f"写{code}的决定（{place + 1}/{len(codes)}）")
                    made.append(_decide_one(book, change, code, folder, out, key))
                progress(len(codes), len(codes), "存入账套")
                for decided, part in made:
                    # Inside the transaction, so that file and record are there both or neither.
                    os.replace(part, decided.path)
                    placed.append(decided.path)
                sync_folder(out)
        except BaseException:
            for path in placed:
                path.unlink(missing_ok=True)
            raise
    return [decided for decided, _ in made]


def _waiting(store: Store, change: Changing) -> list[str]:
    query = (
        select(rows.c.institution)
        .where(
            rows.c.period_id == store.period.id,
            rows.c.stage.in_(DECIDED),
            rows.c.decided_in.is_(None),
        )
        .distinct()
        .order_by(rows.c.institution)
    )
    return list(change.connection.execute(query).scalars())


def _decide_one(
    book: Book, change: Changing, code: str, folder: Path, out: Path, key: SigningKey
) -> tuple[Decided, Path]:
    store = book.store
    submission = current_package(change.connection, store.period.id, code)
    if submission is None:
        raise UnionError(f"{code}本期没有上报，不能发决定。请先接收它的上报。")
    office = office_named(store, code)
    head = _head(book, office, submission)
    found = list(_lines(store, change, code))
    keys, lines = [row_key for row_key, _ in found], [line for _, line in found]
    name = f"{code}-{store.period.base_date}-decision-{_number(store, change, code)}.wjz"
    part = folder / name
    files = _minutes(change, lines)
    manifest = build_decision(part, key, head, lines, files, _page(head, lines))
    package_id = put_package(
        store, change, manifest, direction="out", institution=code, digest=file_hash(part),
        key_code=key.short_code,
    )  # fmt: skip
    statement = update(rows).where(rows.c.key == bindparam("which"))
    told = [{"which": one, "decided_in": package_id} for one in keys]
    change.connection.execute(statement, told)
    set_up_followups(store, change, institution=code)
    counts = {one: sum(line["outcome"] == one for line in lines) for one in DECIDED}
    change.log("decide", field=code, new={"seal_code": manifest.seal_code, **counts})
    return Decided(
        office, out / name, counts["returned"], counts["determined"], manifest.seal_code
    ), part


def _head(book: Book, office: Institution, submission: StoredPackage) -> AnswerHead:
    answered = Answered(
        seal_code=submission.seal_code,
        package_sha256=submission.sha256,
        received_at=submission.at.isoformat(timespec="milliseconds"),
        differences=sum(one["kind"] == "difference" for one in submission.findings),
    )
    return AnswerHead("decision", book.institution, office, book.period, answered, book.store.now())


def _number(store: Store, change: Changing, code: str) -> int:
    query = select(func.count()).select_from(packages).where(
        packages.c.period_id == store.period.id, packages.c.institution == code,
        packages.c.direction == "out", packages.c.kind == "decision",
    )  # fmt: skip
    return int(change.connection.execute(query).scalar_one()) + 1


def _lines(store: Store, change: Changing, code: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every row of the office that has something new to be told, by its key."""
    query = select(rows).where(
        rows.c.period_id == store.period.id,
        rows.c.institution == code,
        rows.c.stage.in_(DECIDED),
        rows.c.decided_in.is_(None),
    )
    found = change.connection.execute(query.order_by(rows.c.table_id, rows.c.seq)).all()
    given = _opinions(store, change, code)
    for line in found:
        yield line.key, _line(line, given.get(line.id, []))


def _opinions(store: Store, change: Changing, code: str) -> dict[str, list[Opinion]]:
    query = select(opinions).where(
        opinions.c.period_id == store.period.id, opinions.c.institution == code
    )
    found: dict[str, list[Opinion]] = {}
    for line in change.connection.execute(query.order_by(opinions.c.id)):
        found.setdefault(line.row_id, []).append(to_opinion(line))
    return found


def _line(line: Any, given: Sequence[Opinion]) -> dict[str, Any]:
    values = from_json(line.field_values) or {}
    determined = line.stage == "determined"
    carrying = maybe_yuan(line.carrying_amount)
    loss = maybe_yuan(line.determined_loss) if determined else None
    last = given[-1] if given else None
    return {
        "id": line.id,
        "table": line.table_id,
        "outcome": line.stage,
        "values": {} if carrying is None else {"carrying_amount": f"{carrying:.2f}"},
        "class": line.determined_class if determined else None,
        "expected_loss": None if loss is None else f"{loss:.2f}",
        "reason": last.reason if last else "",
        "marks": [
            {key: mark[key] for key in ("field", "note", "by", "at")}
            for mark in from_json(line.marks) or ()
        ],
        "union": {k: values[k] for k in UNION_FIELDS if determined and values.get(k)},
        "layers": (from_json(line.layers) or {}) if determined else {},
        "opinions": [opinion_line(one) for one in given],
        "attachments": [
            {"sha256": one.minutes_sha256, "name": one.minutes_name, "paper": "会议纪要", "size": 0}
            for one in given
            if one.minutes_sha256 and determined
        ],
    }


def opinion_line(one: Opinion) -> dict[str, Any]:
    """An opinion as packages hold it."""
    return {
        "stage": one.stage,
        "class": one.class_.value if one.class_ else None,
        "loss": None if one.loss is None else f"{one.loss:.2f}",
        "layer": dict(one.layer),
        "reason": one.reason,
        "text": one.text,
        "vote": one.vote,
        "by": one.by,
        "at": one.at.isoformat(timespec="milliseconds"),
    }


def _minutes(change: Changing, lines: Sequence[dict[str, Any]]) -> dict[str, bytes]:
    """The minutes that lines name; their sizes are written into the lines."""
    wanted = {item["sha256"] for line in lines for item in line["attachments"]}
    found: dict[str, bytes] = {}
    for digest in sorted(wanted):
        query = select(blobs.c.content).where(blobs.c.sha256 == digest)
        found[digest] = change.connection.execute(query).scalar_one()
    for line in lines:
        for item in line["attachments"]:
            item["size"] = len(found[item["sha256"]])
    return found


def _page(head: AnswerHead, lines: Sequence[Mapping[str, Any]]) -> str:
    returned = sum(line["outcome"] == "returned" for line in lines)
    facts = [
        ("联社", head.union.name),
        ("机构", f"{head.office.code} {head.office.name}"),
        ("基准日", str(head.period.base_date)),
        ("答复的封印码", head.answers.seal_code),
        ("退回", f"{returned}笔"),
        ("认定", f"{len(lines) - returned}笔"),
    ]
    return page("审核认定决定", facts, decision_table(lines))

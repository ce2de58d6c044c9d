"""The register of offices: who has to report, who has, how far each one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select, update

from app.book.accepted_keys import keys_of
from app.book.coding import to_yuan
from app.book.history import Changing
from app.book.opening import checked_institution
from app.book.types import Institution
from app.models.tables import offices, rows
from app.union.errors import UnionError
from app.union.packages import StoredPackage, packages_of, receipts_of

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store

State = Literal["missing", "received", "under_review", "returned", "reviewed", "determined"]
STATES: Mapping[State, str] = {
    "missing": "未上报",
    "received": "已接收",
    "under_review": "审核中",
    "returned": "已退回",
    "reviewed": "已审核",
    "determined": "已认定",
}


@dataclass(frozen=True, slots=True)
class OfficeState:
    """One office in the present period."""

    code: str
    name: str
    expected: bool
    """Whether it has to report."""
    state: State
    rows: int
    stages: Mapping[str, int]
    """Rows by stage."""
    carrying_amount: Decimal
    expected_loss: Decimal
    package: StoredPackage | None
    key_code: str
    """Short code of its accepted key; empty before there is one."""
    receipt_at: datetime | None = None
    """When the package that counts now was last given a receipt."""

    @property
    def lacking(self) -> bool:
        """Whether it has to report and has not."""
        return self.expected and self.state == "missing"


def need_union(book: Book) -> None:
    """Refuses the book of an office."""
    if not book.is_union:
        raise UnionError(f"“{book.name}”不是联社的账套，不能办理联社的事。请打开联社的账套。")


def add_office(book: Book, office: Institution, *, by: str = "") -> None:
    """Enters an office that has to report, or enters it again with another name."""
    need_union(book)
    tidy = checked_institution(office)
    with book.store.write(by, sealed=True) as change:
        enter_office(change, tidy)


def enter_office(change: Changing, office: Institution) -> None:
    """Enters an office as part of a change."""
    known = select(offices.c.name, offices.c.expected).where(offices.c.code == office.code)
    line = change.connection.execute(known).first()
    if line is None:
        new = {"code": office.code, "name": office.name, "expected": 1}
        change.connection.execute(offices.insert(), {**new, "added_at": change.at_text})
        change.log("office", field=office.code, new=new)
    elif (line.name, line.expected) != (office.name, 1):
        this = offices.c.code == office.code
        change.connection.execute(update(offices).where(this).values(name=office.name, expected=1))
        old = {"name": line.name, "expected": line.expected}
        change.log("office", field=office.code, old=old, new={"name": office.name, "expected": 1})


def excuse_office(book: Book, code: str, *, by: str, why: str) -> None:
    """An office no longer has to report (closed, merged); what it sent stays."""
    need_union(book)
    if not why.strip():
        raise UnionError("不再要求上报的，请说明理由。")
    with book.store.write(by, why=why, sealed=True) as change:
        done = change.connection.execute(
            update(offices).where(offices.c.code == code).values(expected=0)
        )
        if done.rowcount == 0:
            raise UnionError(f"机构名册里没有“{code}”。请核对代码，或先登记。")
        change.log("office", field=code, old={"expected": 1}, new={"expected": 0})


def office_states(book: Book) -> list[OfficeState]:
    """Every office with what it has sent and how far it is, by code."""
    store = book.store
    sums = _sums(store)
    current = {p.institution: p for p in packages_of(store) if p.superseded_by is None}
    keys = {key.institution: key.short_code for key in keys_of(store)}
    receipts = {(p.institution, p.answers): p.at for p in receipts_of(store)}
    with store.read() as connection:
        lines = connection.execute(select(offices).order_by(offices.c.code)).all()
    return [
        _state(
            line, sums.get(line.code, []), current.get(line.code), keys.get(line.code, ""), receipts
        )
        for line in lines
    ]


def _sums(store: Store) -> dict[str, list[Any]]:
    query = (
        select(
            rows.c.institution,
            rows.c.stage,
            func.count().label("rows"),
            func.coalesce(func.sum(rows.c.carrying_amount), 0).label("amount"),
            func.coalesce(func.sum(rows.c.expected_loss), 0).label("loss"),
        )
        .where(rows.c.period_id == store.period.id)
        .group_by(rows.c.institution, rows.c.stage)
    )
    found: dict[str, list[Any]] = {}
    with store.read() as connection:
        for line in connection.execute(query):
            found.setdefault(line.institution, []).append(line)
    return found


def _state(
    line: Any,
    sums: list[Any],
    package: StoredPackage | None,
    key: str,
    receipts: Mapping[tuple[str, str], datetime],
) -> OfficeState:
    stages = {one.stage: one.rows for one in sums}
    return OfficeState(
        code=line.code,
        name=line.name,
        expected=bool(line.expected),
        state=_how_far(stages, received=package is not None),
        rows=sum(stages.values()),
        stages=stages,
        carrying_amount=to_yuan(int(sum(one.amount for one in sums))),
        expected_loss=to_yuan(int(sum(one.loss for one in sums))),
        package=package,
        key_code=key,
        receipt_at=receipts.get((package.institution, package.seal_code)) if package else None,
    )


def _how_far(stages: Mapping[str, int], *, received: bool) -> State:
    if not received:
        return "missing"
    if "returned" in stages:
        return "returned"
    if stages and stages.keys() <= {"determined", "referred"}:
        return "determined"
    if stages.keys() <= {"submitted"}:
        return "received"
    if stages.keys() <= {"reviewed", "checked", "determined", "referred"}:
        return "reviewed"
    return "under_review"


def known_offices(book: Book) -> list[Institution]:
    """Every office of the register, by code."""
    with book.store.read() as connection:
        found = connection.execute(select(offices).order_by(offices.c.code))
        return [Institution(line.code, line.name) for line in found]


def office_named(store: Store, code: str) -> Institution:
    """The office of this code; UnionError for an unknown one."""
    with store.read() as connection:
        line = connection.execute(select(offices).where(offices.c.code == code)).first()
    if line is None:
        raise UnionError(f"机构名册里没有“{code}”。请核对代码，或先登记。")
    return Institution(line.code, line.name)

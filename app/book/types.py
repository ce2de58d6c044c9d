"""What the book hands out: plain frozen types, without any database library."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct, field

from app.forms.classes import FiveClass

Json = Any
Values = dict[str, Json]
Role = Literal[
    "preparer", "accountant", "head", "working_group", "department", "auditor", "leading_group"
]
ROLES: Mapping[str, str] = {
    "preparer": "初分人",
    "accountant": "会计",
    "head": "负责人",
    "working_group": "工作小组",
    "department": "归口管理部门",
    "auditor": "审计",
    "leading_group": "领导小组",
}
OFFICE_ROLES: tuple[Role, ...] = ("preparer", "accountant", "head")
"""Whom an office needs before it can send anything up; the others work at the union."""
UNCONFIRMED = "E016"
UNKNOWN_SUBJECT = "E009"
Stage = Literal[
    "draft", "prepared", "confirmed", "submitted",
    "under_review", "returned", "reviewed", "checked", "referred", "determined",
]  # fmt: skip
STAGES: Mapping[str, str] = {
    "draft": "填报中",
    "prepared": "已初分",
    "confirmed": "会计已确认",
    "submitted": "已上报",
    "under_review": "审核中",
    "returned": "已退回",
    "reviewed": "已初审",
    "checked": "已审核",
    "referred": "已报上级",
    "determined": "已认定",
}


class Institution(Struct, frozen=True):
    """The office a book belongs to."""

    code: str
    name: str


PeriodState = Literal["open", "sealed", "closed"]
"""Closed: everything is determined, the next changes belong to the next period."""


class Period(Struct, frozen=True):
    """One base date of a book, with the rule set it is classified by."""

    id: int
    base_date: date
    ruleset_id: str
    ruleset_hash: str
    state: PeriodState
    sealed_at: datetime | None
    seal_code: str


class Person(Struct, frozen=True):
    """Someone who works on the book."""

    id: int
    name: str
    role: Role


class Row(Struct, frozen=True):
    """One asset of one period, as stored; `values` also holds values kept aside."""

    id: str
    table_id: str
    seq: int
    values: Values
    printed: dict[str, Json]
    """Columns of the listing that no field takes, as printed."""
    provenance: dict[str, str]
    """Where each value came from: typed, carried, a file's name."""
    stage: Stage
    suggested: FiveClass | None
    at_least: FiveClass
    expected_loss: Decimal | None
    errors: int
    warnings: int
    """Warnings that nobody has kept yet."""
    prepared_by: str
    confirmed_by: str
    confirmed_at: datetime | None
    updated_at: datetime
    last_class: FiveClass | None
    """The row's class of the last period, where it was carried forward."""
    import_id: int | None = None
    institution: str = ""
    """In a union's book: whose row it is."""
    marks: tuple[Mapping[str, Json], ...] = ()
    """The union's questions on fields: field, note, by, at, answer, answered."""
    layers: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    """The union's own values by stage (review, determination), each with its reason."""
    layer_class: FiveClass | None = None
    """The suggestion with the union's own values."""
    review_loss: Decimal | None = None
    determined_loss: Decimal | None = None
    version: int = 0

    @property
    def finished(self) -> bool:
        """Whether nothing is missing or wrong in the row itself."""
        return self.errors == 0


class LeftBehind(Struct, frozen=True):
    """Something of the last period that the next one's rule set has no place for."""

    row_id: str
    table_id: str
    name: str
    """The asset's name."""
    field: str
    """Its key in the last period; empty: the whole row."""
    label: str
    value: Json
    """As it was stored; of a whole row its values."""
    shown: str
    why: str


class RowLine(Struct, frozen=True):
    """A row as lists show it."""

    id: str
    seq: int
    asset_no: str
    name: str
    subject: str
    carrying_amount: Decimal | None
    suggested: FiveClass | None
    at_least: FiveClass
    expected_loss: Decimal | None
    errors: int
    warnings: int
    stage: Stage


class TableProgress(Struct, frozen=True):
    """How far one table is."""

    rows: int
    finished: int
    errors: int
    warnings: int
    carrying_amount: Decimal
    expected_loss: Decimal


class Balance(Struct, frozen=True):
    """One subject's balance in the general ledger on the base date."""

    subject: str
    name: str
    debit: Decimal = Decimal("0.00")
    credit: Decimal = Decimal("0.00")
    provisions: Decimal = Decimal("0.00")


class ImportRecord(Struct, frozen=True):
    """What a listing printed as totals and what its rows summed up to."""

    id: int
    table_id: str
    source: str
    totals: Mapping[str, tuple[Decimal, Decimal]]
    """By money field: the printed total, the sum of the rows as taken in."""
    row_count: int
    by: str
    at: datetime


PAGE_PARTS = 10_000
"""A page is measured in so many parts, across as well as down."""
LAST_PAGE = 100_000


class Box(Struct, frozen=True):
    """Where on an attached paper a field's value stands."""

    field: str
    page: int
    """The first page is 1."""
    rect: tuple[int, int, int, int]
    """Left, top, right and bottom on the upright page, in its `PAGE_PARTS`."""


class Attachment(Struct, frozen=True):
    """A piece of evidence of one row; its bytes are stored once per content."""

    id: int
    row_id: str
    sha256: str
    name: str
    paper: str
    """The evidence it is, as the tables name it; empty when not said."""
    size: int
    media_type: str
    added_by: str
    added_at: datetime
    carried_from: str
    """Base date of the period it was first attached in, when carried forward; else empty."""
    boxes: tuple[Box, ...] = ()
    """At most one for each field."""


class Change(Struct, frozen=True):
    """One history entry."""

    id: int
    change_no: int
    """Entries made in one transaction share this number."""
    at: datetime
    by: str
    period: str
    row_id: str
    field: str
    old: Json
    new: Json
    why: str
    kind: str
    reverts: int | None
    """The change that this one undoes or does again."""
    hash: str


class KeptWarning(Struct, frozen=True):
    """A warning that stays, with the reason for it."""

    id: int
    finding_id: str
    row_id: str
    field: str
    code: str
    fingerprint: str
    """Over the values the reason was given for; another fingerprint makes it void."""
    reason: str
    note: str
    by: str
    at: datetime


OPINION_DRAFT = "opinion:"
"""Before the name of whose half-typed opinion it is: on a server several people look at one row."""


class Draft(Struct, frozen=True):
    """What someone was typing when the program ended."""

    row_id: str
    field: str
    text: str
    at: datetime


class Finding(Struct, frozen=True):
    """One problem that a check of the whole book found."""

    id: str
    """Short and stable; what `wuji keep` takes."""
    row_id: str
    table_id: str
    field: str
    code: str
    severity: Literal["error", "warning", "hint"]
    """A hint only asks to look again."""
    message: str
    way_out: str
    fingerprint: str
    kept: KeptWarning | None = None
    relation: str = ""
    category: Literal["", "表内", "表间"] = ""
    left: Decimal | None = None
    right: Decimal | None = None
    difference: Decimal | None = None

    @property
    def open(self) -> bool:
        """Whether it blocks sealing: an error, or a warning that nobody has kept."""
        return self.severity == "error" or (self.severity == "warning" and self.kept is None)

    @property
    def unconfirmed(self) -> bool:
        """Whether a row only waits for the accountant: work to be done, not a mistake to mend."""
        return self.code == UNCONFIRMED


class CheckLine(Struct, frozen=True):
    """One line of the check list (校验清单): relation, kind, result, both sides, difference."""

    relation: str
    category: Literal["表内", "表间"]
    holds: bool
    left: Decimal
    right: Decimal
    difference: Decimal
    table_id: str = ""
    subject: str = ""
    field: str = ""
    """What a click jumps to."""

"""The shape of a package's data: what a line of rows.jsonl and of balances.json must be."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from app.book.types import LAST_PAGE, PAGE_PARTS

Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Amount = Annotated[str, Meta(pattern=r"^-?[0-9]{1,15}\.[0-9]{2}\Z")]
"""Yuan with two decimals."""
ClassCode = Literal["normal", "special_mention", "substandard", "doubtful", "loss"]


class KeptLine(Struct, frozen=True, forbid_unknown_fields=True):
    """A warning that was kept, with its reason."""

    code: str
    field: str
    reason: str
    note: str
    by: str


PagePart = Annotated[int, Meta(ge=0, le=PAGE_PARTS)]


class BoxLine(Struct, frozen=True, forbid_unknown_fields=True):
    """Where on a piece of evidence the value of a field stands."""

    field: Annotated[str, Meta(min_length=1, max_length=100)]
    page: Annotated[int, Meta(ge=1, le=LAST_PAGE)]
    rect: tuple[PagePart, PagePart, PagePart, PagePart]

    def __post_init__(self) -> None:
        """Refuses what has no area."""
        left, top, right, bottom = self.rect
        if left >= right or top >= bottom:
            raise ValueError("an empty box")


class AttachmentLine(Struct, frozen=True, forbid_unknown_fields=True):
    """A piece of evidence; its bytes are the entry attachments/SHA256."""

    sha256: Hash
    name: str
    paper: str
    size: Annotated[int, Meta(ge=0)]
    boxes: list[BoxLine] = []


class HistoryLine(Struct, frozen=True, forbid_unknown_fields=True):
    """One change of a row's field."""

    at: str
    by: str
    field: str
    old: Any
    new: Any
    why: str
    kind: str


class MarkLine(Struct, frozen=True, forbid_unknown_fields=True):
    """A question of the union on one field of a row."""

    field: str
    note: str
    by: str
    at: str


class AnswerLine(Struct, frozen=True, forbid_unknown_fields=True):
    """What the office says to a question."""

    field: str
    note: str
    answer: str
    by: str


class OpinionLine(Struct, frozen=True, forbid_unknown_fields=True):
    """An opinion of one stage at the union."""

    stage: str
    class_: ClassCode | None = msgspec.field(name="class")
    loss: Amount | None
    layer: dict[str, Any]
    reason: str
    text: str
    vote: str
    by: str
    at: str


class LayerLine(Struct, frozen=True, forbid_unknown_fields=True):
    """Values that a union set otherwise than the office."""

    values: dict[str, Any]
    reason: str = ""


class UnionLine(Struct, frozen=True, forbid_unknown_fields=True):
    """What a union says of a row that it sends on to the level above."""

    class_: ClassCode = msgspec.field(name="class")
    """What its leading group holds."""
    expected_loss: Amount | None
    fields: dict[str, str]
    """The fields of the row that a union fills in."""
    layers: dict[str, LayerLine]
    opinions: list[OpinionLine]


class DecisionLine(Struct, frozen=True, forbid_unknown_fields=True):
    """What the union says of one asset: returned with questions, or determined."""

    id: str
    table: str
    outcome: Literal["returned", "determined"]
    values: dict[str, Any]
    class_: ClassCode | None = msgspec.field(name="class")
    expected_loss: Amount | None
    reason: str
    marks: list[MarkLine]
    union: dict[str, str]
    """The fields of the row that the union fills in."""
    layers: dict[str, LayerLine]
    opinions: list[OpinionLine]
    attachments: list[AttachmentLine]


class RowLine(Struct, frozen=True, forbid_unknown_fields=True):
    """One asset: values, class, kept warnings, evidence, table 2, history."""

    id: str
    table: str
    seq: int
    values: dict[str, Any]
    class_: ClassCode | None = msgspec.field(name="class")
    expected_loss: Amount | None
    last_class: ClassCode | None
    printed: dict[str, Any]
    stage: str
    prepared_by: str
    confirmed_by: str
    confirmed_at: str | None
    kept: list[KeptLine]
    attachments: list[AttachmentLine]
    big_loss: dict[str, Any] | None
    history: list[HistoryLine]
    answers: list[AnswerLine] = []
    union: UnionLine | None = None


class BalanceLine(Struct, frozen=True, forbid_unknown_fields=True):
    """A subject's GL balance and provisions."""

    subject: str
    name: str
    debit: Amount
    credit: Amount
    provisions: Amount


def check_row(line: Any) -> None:
    """Refuses what is no line of rows.jsonl; msgspec.ValidationError says where."""
    _check_amount(msgspec.convert(line, RowLine).values)


def check_decision(line: Any) -> None:
    """Refuses what is no line of a decision; msgspec.ValidationError says where."""
    _check_amount(msgspec.convert(line, DecisionLine).values)


def _check_amount(values: dict[str, Any]) -> None:
    amount = values.get("carrying_amount")
    if amount is not None:
        msgspec.convert(amount, Amount)


def check_balances(data: Any) -> None:
    """Refuses what is no balances.json; msgspec.ValidationError says where."""
    msgspec.convert(data, list[BalanceLine])

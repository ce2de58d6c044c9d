"""The shape of a package's data: what a line of rows.jsonl and of balances.json must be."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Amount = Annotated[str, Meta(pattern=r"^-?[0-9]{1,15}\.[0-9]{2}$")]
"""Yuan with two decimals."""
ClassCode = Literal["normal", "special_mention", "substandard", "doubtful", "loss"]


class KeptLine(Struct, frozen=True, forbid_unknown_fields=True):
    """A warning that was kept, with its reason."""

    code: str
    field: str
    reason: str
    note: str
    by: str


class AttachmentLine(Struct, frozen=True, forbid_unknown_fields=True):
    """A piece of evidence; its bytes are the entry attachments/SHA256."""

    sha256: Hash
    name: str
    paper: str
    size: Annotated[int, Meta(ge=0)]


class HistoryLine(Struct, frozen=True, forbid_unknown_fields=True):
    """One change of a row's field."""

    at: str
    by: str
    field: str
    old: Any
    new: Any
    why: str
    kind: str


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


class BalanceLine(Struct, frozen=True, forbid_unknown_fields=True):
    """A subject's GL balance and provisions."""

    subject: str
    name: str
    debit: Amount
    credit: Amount
    provisions: Amount


def check_row(line: Any) -> None:
    """Refuses what is no line of rows.jsonl; msgspec.ValidationError says where."""
    row = msgspec.convert(line, RowLine)
    amount = row.values.get("carrying_amount")
    if amount is not None:
        msgspec.convert(amount, Amount)


def check_balances(data: Any) -> None:
    """Refuses what is no balances.json; msgspec.ValidationError says where."""
    msgspec.convert(data, list[BalanceLine])

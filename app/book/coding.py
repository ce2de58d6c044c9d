"""How values lie in the store: whole fen, JSON text, dates and moments as text."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder()


def to_fen(amount: Decimal) -> int:
    """Whole fen of an amount with at most two decimals."""
    fen = amount.scaleb(2)
    if fen != int(fen):
        raise ValueError(f"not a whole number of fen: {amount}")
    return int(fen)


def to_yuan(fen: int) -> Decimal:
    """The amount in yuan, with two decimals."""
    return Decimal(fen).scaleb(-2)


def maybe_yuan(fen: int | None) -> Decimal | None:
    """The amount in yuan, or None where there is none."""
    return None if fen is None else to_yuan(fen)


def to_json(value: Any) -> str:
    """Compact JSON, always the same bytes for the same value."""
    return _ENCODER.encode(value).decode()


def maybe_json(value: Any) -> str | None:
    """JSON text, or None where there is no value."""
    return None if value is None else to_json(value)


def from_json(text: str | None) -> Any:
    """The value of JSON text; None for nothing."""
    return None if text is None or text == "" else _DECODER.decode(text)


def moment_text(moment: datetime) -> str:
    """A moment with its zone, to the millisecond."""
    return moment.isoformat(timespec="milliseconds")


def to_moment(text: str) -> datetime:
    """The moment of a stored text."""
    return datetime.fromisoformat(text)


def maybe_moment(text: str | None) -> datetime | None:
    """The moment of a stored text, or None."""
    return to_moment(text) if text else None

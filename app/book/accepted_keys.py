"""Keys of others that this book trusts: an office's at the union, the union's at an office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from app.book.coding import to_moment
from app.book.history import Changing
from app.models.tables import accepted_keys

if TYPE_CHECKING:
    from app.book.store import Store


@dataclass(frozen=True, slots=True)
class AcceptedKey:
    """A key that counts for an institution."""

    institution: str
    short_code: str
    certificate: bytes
    """X.509, DER."""
    accepted_by: str
    """Who compared the short code; empty: taken at the first contact, not compared yet."""
    accepted_at: datetime


def keys_of(store: Store, institution: str | None = None) -> list[AcceptedKey]:
    """The keys that count now, of one institution or of all."""
    query = select(accepted_keys).where(accepted_keys.c.active == 1).order_by(accepted_keys.c.id)
    if institution is not None:
        query = query.where(accepted_keys.c.institution == institution)
    with store.read() as connection:
        return [_key(line) for line in connection.execute(query)]


def _key(line: Any) -> AcceptedKey:
    return AcceptedKey(
        line.institution, line.short_code, line.certificate, line.accepted_by,
        to_moment(line.accepted_at),
    )  # fmt: skip


def put_key(
    change: Changing,
    institution: str,
    short_code: str,
    certificate: bytes,
    *,
    compared: bool = True,
) -> None:
    """Makes this the institution's key; an earlier one no longer counts."""
    mine = accepted_keys.c.institution == institution
    active = accepted_keys.c.active == 1
    earlier = change.connection.execute(
        select(accepted_keys.c.short_code).where(mine, active)
    ).scalar()
    change.connection.execute(update(accepted_keys).where(mine).values(active=0))
    line = {
        "institution": institution,
        "short_code": short_code,
        "certificate": certificate,
        "accepted_by": (change.by or "—") if compared else "",
        "accepted_at": change.at_text,
        "active": 1,
    }
    change.connection.execute(accepted_keys.insert(), line)
    change.log("accept_key", field=institution, old=earlier, new=short_code)

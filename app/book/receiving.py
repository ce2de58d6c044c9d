"""The union's answers in an office's book: receipts noted, decisions handed on to landing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.book.accepted_keys import put_key
from app.book.coding import to_json, to_moment
from app.book.errors import BookError
from app.book.evidence import store_bytes
from app.book.history import Changing
from app.book.landing import Landed, land, settle_period
from app.models.tables import packages

if TYPE_CHECKING:
    from app.book.store import Store

Json = Any
Landing = Callable[["Store", Changing, Iterable[Mapping[str, Json]], int], Landed]
"""Brings the lines of a decision into the rows they are about."""


@dataclass(frozen=True)
class Arrival:
    """A verified answer of the union, before it is taken in."""

    manifest: Mapping[str, Json]
    """The manifest without its entries."""
    sha256: str
    key_code: str
    certificate: bytes
    new_key: bool
    compared: bool
    """Whether a person compared the key's short code."""
    made_at: datetime

    @property
    def kind(self) -> str:
        """receipt or decision."""
        return str(self.manifest["kind"])

    @property
    def union(self) -> str:
        """The union's code."""
        return str(self.manifest["institution"]["code"])


def take_in(
    store: Store,
    arrival: Arrival,
    lines: Iterable[Mapping[str, Json]],
    files: Mapping[str, bytes],
    *,
    by: str,
    landing: Landing = land,
) -> Landed | None:
    """Takes an answer in, in one transaction; None when it was taken in before.

    `landing` is the union's own where the answer comes from the level above it: its period goes on.
    """
    with store.write(by, sealed=True) as change:
        if _known(change, arrival):
            return None
        if arrival.new_key:
            put_key(
                change, arrival.union, arrival.key_code, arrival.certificate,
                compared=arrival.compared,
            )  # fmt: skip
        package_id = _list_answer(store, change, arrival)
        for digest, content in files.items():
            store_bytes(change, digest, content)
        landed = landing(store, change, lines, package_id)
        answers = arrival.manifest["answers"]
        change.log(arrival.kind, field=arrival.union, new={
            "seal_code": answers["seal_code"], "key": arrival.key_code,
            "received_at": answers["received_at"], "compared": arrival.compared,
        })  # fmt: skip
        settles = arrival.kind == "decision" and not store.is_union
        state = settle_period(store, change, landed) if settles else None
    if state is not None:
        period = store.period
        store.mark_period(state=state, sealed_at=period.sealed_at, seal_code=period.seal_code)
    return landed


def _known(change: Changing, arrival: Arrival) -> bool:
    query = select(packages.c.id).where(
        packages.c.sha256 == arrival.sha256, packages.c.direction == "in"
    )
    return change.connection.execute(query).first() is not None


def _list_answer(store: Store, change: Changing, arrival: Arrival) -> int:
    """Lists the answer; an older decision than the last one is refused."""
    mine = select(packages.c.made_at).where(
        packages.c.period_id == store.period.id,
        packages.c.direction == "in",
        packages.c.kind == arrival.kind,
    )
    for made_at in change.connection.execute(mine).scalars():
        if to_moment(made_at) > arrival.made_at and arrival.kind == "decision":
            raise BookError("这份决定比已经采用的旧，没有采用。请用联社最近的一份。")
    manifest = arrival.manifest
    line = {
        "period_id": store.period.id,
        "direction": "in",
        "kind": arrival.kind,
        "institution": arrival.union,
        "sha256": arrival.sha256,
        "seal_code": manifest["seal_code"],
        "answers": manifest["answers"]["seal_code"],
        "key_code": arrival.key_code,
        "made_at": manifest["made_at"],
        "at": change.at_text,
        "by": change.by,
        "manifest": to_json(manifest),
    }
    added = change.connection.execute(packages.insert(), line).inserted_primary_key
    assert added is not None
    return int(added[0])

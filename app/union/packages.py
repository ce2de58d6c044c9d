"""Packages that came in and went out: all are kept, with every entry, the older ones too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, select, update

from app.book.coding import from_json, to_json, to_moment
from app.book.history import Changing
from app.models.tables import blobs, package_entries, packages
from app.package.archive import CHUNK
from app.package.manifest import Manifest

if TYPE_CHECKING:
    from app.book.store import Store

Json = Any
_ASKED = 500
"""Hashes asked for at a time: below what databases take in one statement."""


@dataclass(frozen=True, slots=True)
class StoredPackage:
    """A package as the book remembers it."""

    id: int
    period_id: int
    direction: str
    """in or out."""
    kind: str
    institution: str
    """The office it came from or went to."""
    sha256: str
    seal_code: str
    answers: str
    """Of a receipt or decision: the seal code of the submission it answers."""
    key_code: str
    made_at: datetime
    at: datetime
    by: str
    findings: tuple[dict[str, Json], ...]
    superseded_by: int | None


def _stored(line: Any) -> StoredPackage:
    return StoredPackage(
        line.id, line.period_id, line.direction, line.kind, line.institution, line.sha256,
        line.seal_code, line.answers, line.key_code, to_moment(line.made_at), to_moment(line.at),
        line.by, tuple(from_json(line.findings) or ()), line.superseded_by,
    )  # fmt: skip


def packages_of(
    store: Store, *, institution: str | None = None, direction: str = "in", kind: str = "submission"
) -> list[StoredPackage]:
    """The period's packages of a kind, oldest first; of one office where named."""
    query = select(packages).where(
        packages.c.period_id == store.period.id,
        packages.c.direction == direction,
        packages.c.kind == kind,
    )
    if institution is not None:
        query = query.where(packages.c.institution == institution)
    with store.read() as connection:
        return [_stored(line) for line in connection.execute(query.order_by(packages.c.id))]


def receipts_of(store: Store) -> list[StoredPackage]:
    """The receipts that were written in the period, oldest first."""
    return packages_of(store, direction="out", kind="receipt")


def package_by_hash(connection: Connection, digest: str, direction: str) -> StoredPackage | None:
    """The package with these bytes, None when it never came by."""
    query = select(packages).where(packages.c.sha256 == digest, packages.c.direction == direction)
    line = connection.execute(query.limit(1)).first()
    return _stored(line) if line is not None else None


def current_package(
    connection: Connection, period_id: int, institution: str
) -> StoredPackage | None:
    """The office's submission that counts now."""
    query = select(packages).where(
        packages.c.period_id == period_id,
        packages.c.institution == institution,
        packages.c.direction == "in",
        packages.c.kind == "submission",
        packages.c.superseded_by.is_(None),
    )
    line = connection.execute(query.order_by(packages.c.id.desc()).limit(1)).first()
    return _stored(line) if line is not None else None


def put_package(
    store: Store,
    change: Changing,
    manifest: Manifest,
    *,
    direction: str,
    institution: str,
    digest: str,
    key_code: str,
) -> int:
    """Lists a package in the book; its id."""
    line = {
        "period_id": store.period.id,
        "direction": direction,
        "kind": manifest.kind,
        "institution": institution,
        "sha256": digest,
        "seal_code": manifest.seal_code,
        "answers": manifest.answers.seal_code if manifest.answers else "",
        "key_code": key_code,
        "made_at": manifest.made_at,
        "at": change.at_text,
        "by": change.by,
        "manifest": to_json(msgspec.to_builtins(manifest)),
        "findings": "",
    }
    added = change.connection.execute(packages.insert(), line).inserted_primary_key
    assert added is not None
    return int(added[0])


def stored_manifest(store: Store, package_id: int) -> tuple[StoredPackage, Manifest]:
    """A package that the book holds, with the manifest that came with it."""
    with store.read() as connection:
        line = connection.execute(select(packages).where(packages.c.id == package_id)).one()
    return _stored(line), msgspec.convert(from_json(line.manifest), Manifest)


def head_of_package(connection: Connection, package_id: int | None) -> str:
    """Who sealed a submission as the head of its office; empty where it does not say."""
    query = select(packages.c.manifest).where(packages.c.id == package_id)
    manifest = from_json(connection.execute(query).scalar() or "") or {}
    return "、".join((manifest.get("printed") or {}).get("people", {}).get("head", []))


def supersede(change: Changing, older: int, newer: int) -> None:
    """The older package no longer counts; it stays as it is."""
    this = packages.c.id == older
    change.connection.execute(update(packages).where(this).values(superseded_by=newer))


def note_findings(change: Changing, package_id: int, findings: Iterable[dict[str, Json]]) -> None:
    """Keeps with a package what was found when it was taken in."""
    text = to_json(list(findings))
    this = packages.c.id == package_id
    change.connection.execute(update(packages).where(this).values(findings=text))


def known_blobs(connection: Connection, digests: Iterable[str]) -> set[str]:
    """Which of these contents the book already holds."""
    wanted = sorted(set(digests))
    found: set[str] = set()
    for start in range(0, len(wanted), _ASKED):
        part = wanted[start : start + _ASKED]
        query = select(blobs.c.sha256).where(blobs.c.sha256.in_(part))
        found.update(connection.execute(query).scalars())
    return found


def put_entry(change: Changing, package_id: int, path: str, digest: str) -> None:
    """Lists stored bytes as an entry of a package."""
    line = {"package_id": package_id, "path": path, "sha256": digest}
    change.connection.execute(package_entries.insert(), line)


def file_hash(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()

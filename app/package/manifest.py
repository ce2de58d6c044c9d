"""The manifest: what a package is, whose, and the hash of everything in it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
ROWS = "rows.jsonl"
BALANCES = "balances.json"

Kind = Literal["submission", "decision", "receipt"]
Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class InstitutionHead(Struct, frozen=True, forbid_unknown_fields=True):
    """The office that made the package."""

    code: str
    name: str


class RuleSetHead(Struct, frozen=True, forbid_unknown_fields=True):
    """The rule set the period was classified by."""

    id: str
    hash: Hash


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the package."""

    path: str
    sha256: Hash
    size: Annotated[int, Meta(ge=0)]


class Counts(Struct, frozen=True, forbid_unknown_fields=True):
    """Counts and totals of the rows, to the fen."""

    rows: int
    carrying_amount: str
    expected_loss: str
    classes: dict[str, int]
    tables: dict[str, int]
    attachments: int


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """manifest.json."""

    format: int
    kind: Kind
    institution: InstitutionHead
    base_date: str
    ruleset: RuleSetHead
    seal_code: str
    made_at: str
    program: str
    totals: Counts
    entries: list[Entry]


def encode_manifest(manifest: Manifest) -> bytes:
    """The exact bytes that are signed."""
    plain = msgspec.json.encode(manifest)
    return msgspec.json.format(plain, indent=1)


def decode_manifest(raw: bytes) -> Manifest:
    """Reads a manifest strictly; msgspec.DecodeError for anything else."""
    return msgspec.json.decode(raw, type=Manifest)

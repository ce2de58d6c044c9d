"""The manifest: what a package is, whose, and the hash of everything in it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from app.package.lines import Amount, ClassCode, Hash

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
ROWS = "rows.jsonl"
BALANCES = "balances.json"
TABLES_XLSX = "tables.xlsx"
SUMMARY_XLSX = "summary.xlsx"
SUMMARY_PDF = "forms/summary.pdf"

Kind = Literal["submission", "decision", "receipt"]
_PLAIN = r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]{1,200}\Z"
Plain = Annotated[str, Meta(pattern=_PLAIN)]
"""Text without control characters: it can be shown on any terminal."""
Sentence = Annotated[str, Meta(max_length=4000)]
RoleCode = Annotated[str, Meta(pattern=r"^[a-z_]{1,40}\Z")]
TableId = Annotated[str, Meta(pattern=r"^[0-9]{1,2}(-[0-9]{1,2})?\Z")]
Count = Annotated[int, Meta(ge=0, le=1 << 53)]


class InstitutionHead(Struct, frozen=True, forbid_unknown_fields=True):
    """The office that made the package."""

    code: Annotated[str, Meta(pattern=r"^[A-Z0-9][A-Z0-9_-]{0,19}\Z")]
    name: Plain


class RuleSetHead(Struct, frozen=True, forbid_unknown_fields=True):
    """The rule set the period was classified by."""

    id: Plain
    hash: Hash


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the package."""

    path: Plain
    sha256: Hash
    size: Count


class Counts(Struct, frozen=True, forbid_unknown_fields=True):
    """Counts and totals of the rows, to the fen."""

    rows: Count
    carrying_amount: Amount
    expected_loss: Amount
    classes: dict[ClassCode, Count]
    tables: dict[TableId, Count]
    attachments: Count


class KeptDifference(Struct, frozen=True, forbid_unknown_fields=True):
    """A difference that belongs to no single row (to the ledger, say), kept with a reason."""

    id: Plain
    code: Plain
    message: Sentence
    reason: Sentence
    note: Sentence
    by: Sentence


class OwnSubject(Struct, frozen=True, forbid_unknown_fields=True):
    """A subject of the office's own chart that the rule set doesn't have."""

    code: Annotated[str, Meta(pattern=r"^[0-9]{3,8}\Z")]
    name: Sentence
    table: TableId


class Printed(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands on every paper besides the data."""

    people: dict[RoleCode, list[Sentence]]
    seal_picture: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")]
    """SHA-256 of the office's scanned seal; empty where papers carry a drawn one."""


class Answered(Struct, frozen=True, forbid_unknown_fields=True):
    """The submission that a receipt or a decision answers."""

    seal_code: Plain
    package_sha256: Hash
    received_at: Plain
    differences: Count = 0
    """Rows whose class or loss came out otherwise at the union."""


class Manifest(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """manifest.json."""

    format: Annotated[int, Meta(ge=1, le=9999)]
    kind: Kind
    institution: InstitutionHead
    base_date: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
    ruleset: RuleSetHead
    seal_code: Plain
    made_at: Plain
    program: Plain
    totals: Counts
    entries: list[Entry]
    kept: list[KeptDifference] = []
    subjects: list[OwnSubject] = []
    for_: list[InstitutionHead] = msgspec.field(name="for", default_factory=list)
    """Of a union's submission to the level above: the offices whose rows it holds."""
    printed: Printed | None = None
    """Of a submission; receipts and decisions hold no papers."""
    to: InstitutionHead | None = None
    """Whom a receipt or a decision is for."""
    answers: Answered | None = None

    @property
    def made(self) -> datetime | None:
        """When the package was made; None where that names no moment."""
        try:
            moment = datetime.fromisoformat(self.made_at)
        except ValueError:
            return None
        return moment if moment.tzinfo is not None else None


def encode_manifest(manifest: Manifest) -> bytes:
    """The exact bytes that are signed."""
    plain = msgspec.json.encode(manifest)
    return msgspec.json.format(plain, indent=1)


def decode_manifest(raw: bytes) -> Manifest:
    """Reads a manifest strictly; msgspec.DecodeError for anything else."""
    return msgspec.json.decode(raw, type=Manifest)

"""Receipts and decisions: packages of the same form, from the union to an office."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from app import __version__
from app.files import replacing
from app.package.archive import ArchiveWriter
from app.package.content import SealHash, Totals, canonical
from app.package.manifest import (
    FORMAT_VERSION,
    MANIFEST,
    ROWS,
    SIGNATURE,
    Answered,
    Counts,
    Entry,
    InstitutionHead,
    Manifest,
    RuleSetHead,
    encode_manifest,
)
from app.package.signature import sign_manifest
from app.package.verify import head_in

if TYPE_CHECKING:
    from app.book.keys import SigningKey
    from app.book.types import Institution, Period

INDEX = "index.html"


@dataclass(frozen=True)
class AnswerHead:
    """Who answers whom, about which period and which submission."""

    kind: Literal["receipt", "decision"]
    union: Institution
    office: Institution
    period: Period
    answers: Answered
    made_at: datetime

    def manifest(self, seal_code: str, totals: Totals, entries: list[Entry]) -> Manifest:
        """The manifest of the answer."""
        return Manifest(
            format=FORMAT_VERSION,
            kind=self.kind,
            institution=InstitutionHead(self.union.code, self.union.name),
            base_date=self.period.base_date.isoformat(),
            ruleset=RuleSetHead(self.period.ruleset_id, self.period.ruleset_hash),
            seal_code=seal_code,
            made_at=self.made_at.isoformat(timespec="milliseconds"),
            program=f"wuji {__version__}",
            totals=Counts(**totals.plain()),
            entries=entries,
            to=InstitutionHead(self.office.code, self.office.name),
            answers=self.answers,
        )


def build_receipt(out: Path, key: SigningKey, head: AnswerHead, totals: Totals, page: str) -> None:
    """Writes a signed receipt for a package that was taken in; `totals` as the union counted."""
    with replacing(out) as part:
        writer = ArchiveWriter(part)
        try:
            writer.add_bytes(INDEX, page.encode())
            # A receipt carries the seal code of what it acknowledges.
            _finish(writer, key, head.manifest(head.answers.seal_code, totals, _entries(writer)))
        except BaseException:
            writer.abandon()
            raise


def build_decision(
    out: Path,
    key: SigningKey,
    head: AnswerHead,
    lines: Iterable[Mapping[str, Any]],
    attachments: Mapping[str, bytes],
    page: str,
) -> Manifest:
    """Writes a signed decision: one line per asset, minutes as attachments by their SHA-256."""
    seal = SealHash(head_in(head.manifest("-", Totals(), [])), [])
    totals = Totals()
    with replacing(out) as part, tempfile.TemporaryDirectory(dir=out.parent, prefix=".rows-") as at:
        writer = ArchiveWriter(part)
        try:
            rows = Path(at) / ROWS
            with rows.open("wb") as target:
                for line in lines:
                    seal.add(dict(line))
                    totals.add(dict(line))
                    target.write(canonical(line) + b"\n")
            writer.add_file(ROWS, rows)
            for digest in sorted(attachments):
                writer.add_bytes(f"attachments/{digest}", attachments[digest])
            writer.add_bytes(INDEX, page.encode())
            manifest = head.manifest(seal.code, totals, _entries(writer))
            _finish(writer, key, manifest)
        except BaseException:
            writer.abandon()
            raise
    return manifest


def _entries(writer: ArchiveWriter) -> list[Entry]:
    return [Entry(name, digest, size) for name, (digest, size) in writer.entries.items()]


def _finish(writer: ArchiveWriter, key: SigningKey, manifest: Manifest) -> None:
    raw = encode_manifest(manifest)
    writer.add_bytes(MANIFEST, raw)
    writer.add_bytes(SIGNATURE, sign_manifest(raw, key))
    writer.close()

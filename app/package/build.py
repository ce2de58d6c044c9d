"""Building a package file from a book and its finished papers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import __version__
from app.package.archive import ArchiveWriter
from app.package.content import (
    Sealed,
    SealHash,
    Totals,
    balances_of,
    canonical,
    row_lines,
    sealed_of,
)
from app.package.manifest import (
    BALANCES,
    FORMAT_VERSION,
    MANIFEST,
    ROWS,
    SIGNATURE,
    Counts,
    Entry,
    InstitutionHead,
    KeptDifference,
    Manifest,
    OwnSubject,
    Printed,
    RuleSetHead,
    encode_manifest,
)
from app.package.signature import sign_manifest

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.keys import SigningKey

Progress = Callable[[int, int, str], None]


def package_name(book: Book) -> str:
    """The file name of the period's package: code and base date."""
    return f"{book.institution.code}-{book.period.base_date}.wjz"


def build_package(
    book: Book,
    out: Path,
    key: SigningKey,
    papers: dict[str, Path],
    progress: Progress,
    sealed: Sealed | None = None,
) -> Manifest:
    """Writes the package to `out` (a name nobody else uses yet) and returns its manifest.

    `papers` maps entry names (forms/…pdf, tables.xlsx, summary.xlsx) to finished files; `sealed`
    is what they were printed with, where the caller has it already.
    """
    writer = ArchiveWriter(out)
    try:
        return _written(book, writer, key, papers, progress, sealed or sealed_of(book))
    except BaseException:
        writer.abandon()
        raise


def _written(
    book: Book,
    writer: ArchiveWriter,
    key: SigningKey,
    papers: dict[str, Path],
    progress: Progress,
    sealed: Sealed,
) -> Manifest:
    balances = balances_of(book)
    seal, totals = SealHash(sealed.head, balances), Totals()
    digests: set[str] = set()
    with tempfile.TemporaryDirectory(dir=writer.path.parent, prefix=".rows-") as folder:
        rows_file = Path(folder) / ROWS
        with rows_file.open("wb") as target:
            for line in _submitted_lines(book, sealed, progress):
                seal.add(line)
                totals.add(line)
                digests.update(item["sha256"] for item in line["attachments"])
                target.write(canonical(line) + b"\n")
        writer.add_file(ROWS, rows_file)
    writer.add_bytes(BALANCES, canonical(balances) + b"\n")
    for name, path in papers.items():
        writer.add_file(name, path)
    _add_attachments(book, writer, sorted(digests), progress)
    manifest = _manifest(sealed.head, seal.code, totals, writer)
    raw = encode_manifest(manifest)
    writer.add_bytes(MANIFEST, raw)
    writer.add_bytes(SIGNATURE, sign_manifest(raw, key))
    writer.close()
    return manifest


def _submitted_lines(book: Book, sealed: Sealed, progress: Progress) -> Iterator[dict[str, Any]]:
    count = sum(table.rows for table in book.progress().values())
    for place, line in enumerate(row_lines(book, sealed), 1):
        progress(place, count, "写入资产数据")
        # What is only passed on says itself where it stands.
        yield line if sealed.lines else line | {"stage": "submitted"}


def _add_attachments(
    book: Book, writer: ArchiveWriter, digests: list[str], progress: Progress
) -> None:
    for place, digest in enumerate(digests, 1):
        progress(place, len(digests), "写入资料附件")
        writer.add_bytes(f"attachments/{digest}", book.attachment_bytes(digest))


def _manifest(
    head: dict[str, Any], seal_code: str, totals: Totals, writer: ArchiveWriter
) -> Manifest:
    entries = [Entry(name, digest, size) for name, (digest, size) in writer.entries.items()]
    return Manifest(
        format=FORMAT_VERSION,
        kind="submission",
        institution=InstitutionHead(**head["institution"]),
        base_date=head["base_date"],
        ruleset=RuleSetHead(**head["ruleset"]),
        seal_code=seal_code,
        made_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        program=f"wuji {__version__}",
        totals=Counts(**totals.plain()),
        entries=entries,
        kept=[KeptDifference(**one) for one in head["kept"]],
        subjects=[OwnSubject(**one) for one in head.get("subjects", ())],
        for_=[InstitutionHead(**one) for one in head.get("for", ())],
        printed=Printed(head["people"], head["seal_picture"]),
    )

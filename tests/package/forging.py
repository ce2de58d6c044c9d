"""What a forger can do: write any archive, recompute every hash, sign with a key of his own."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.package.archive import COMMENT_LENGTH
from app.package.content import SealHash, Totals, canonical
from tests.cli import office
from tests.cli.office import PASSPHRASE, Office

MANIFEST, SIGNATURE, ROWS, BALANCES = "manifest.json", "manifest.sig", "rows.jsonl", "balances.json"


def make_foreign_office(folder: Path) -> None:
    """Another office with a key, whose name the forger may borrow."""
    foreign = Office(folder)
    foreign.passphrase.write_text(PASSPHRASE, encoding="utf-8")
    office.quietly(
        "new", foreign.book, "--institution", "QS,青山信用社", "--base-date", "2006-12-31"
    )
    office.quietly("key", foreign.book, "--new", "--passphrase-file", foreign.passphrase)


def with_right_comment(raw: bytes) -> bytes:
    """The bytes of an archive, its last 64 recomputed over the others."""
    body = raw[:-COMMENT_LENGTH]
    return body + sha256(body).hexdigest().encode()


def write_archive(path: Path, entries: Mapping[str, bytes], *, method: int = 8) -> Path:
    """An archive with these entries and a right comment."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content, method)
        archive.comment = b"0" * COMMENT_LENGTH
    path.write_bytes(with_right_comment(path.read_bytes()))
    return path


class Forger:
    """Changes a package; `save` gives it the outward form of a genuine one."""

    def __init__(self, package: Path, foreign: Office, out: Path) -> None:
        with zipfile.ZipFile(package) as archive:
            self.entries = {name: archive.read(name) for name in archive.namelist()}
        self.foreign = foreign
        self.out = out

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest as plain data."""
        found: dict[str, Any] = json.loads(self.entries[MANIFEST])
        return found

    def change_manifest(self, change: Callable[[dict[str, Any]], Any]) -> None:
        """Changes the manifest; its signature stays as it was."""
        data = self.manifest
        change(data)
        self.entries[MANIFEST] = json.dumps(data, ensure_ascii=False).encode()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as plain data."""
        return [json.loads(line) for line in self.entries[ROWS].splitlines()]

    def change_rows(self, change: Callable[[list[dict[str, Any]]], Any]) -> None:
        """Changes the rows; what depends on them stays as it was."""
        rows = self.rows
        change(rows)
        self.entries[ROWS] = b"".join(canonical(row) + b"\n" for row in rows)

    def agree(self) -> None:
        """Makes hashes, totals and seal code of the manifest agree with the entries."""

        def renew(manifest: dict[str, Any]) -> None:
            manifest["entries"] = [
                {"path": name, "sha256": sha256(content).hexdigest(), "size": len(content)}
                for name, content in self.entries.items()
                if name not in (MANIFEST, SIGNATURE)
            ]
            keys = ("institution", "base_date", "ruleset")
            head = {key: manifest[key] for key in keys} | manifest["printed"]
            head["kept"] = manifest.get("kept", [])
            head |= {key: manifest[key] for key in ("subjects", "for") if manifest.get(key)}
            seal = SealHash(head, json.loads(self.entries[BALANCES]))
            totals = Totals()
            for row in self.rows:
                seal.add(row)
                totals.add(row)
            manifest["seal_code"], manifest["totals"] = seal.code, totals.plain()

        self.change_manifest(renew)

    def sign(self) -> None:
        """Signs the manifest with the forger's own key."""
        self.sign_as(self.foreign)

    def sign_as(self, signer: Office) -> None:
        """Signs the manifest with an office's key: a dishonest office is a forger too."""
        from app.book.book import Book
        from app.book.keys import unlock
        from app.package.signature import sign_manifest

        with Book.open(signer.book, write=False) as book:
            key = unlock(book, PASSPHRASE)
        self.entries[SIGNATURE] = sign_manifest(self.entries[MANIFEST], key)

    def save(self) -> Path:
        """The forged package."""
        return write_archive(self.out, self.entries)

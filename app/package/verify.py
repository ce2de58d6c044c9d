"""Verifying a package: is it whole, signed, by whom, what it holds. Needs no accepted key."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec

from app.package.archive import (
    MAX_MANIFEST,
    hash_entry,
    open_archive,
    read_entry,
)
from app.package.content import SealHash, Totals
from app.package.errors import PackageError
from app.package.manifest import (
    BALANCES,
    FORMAT_VERSION,
    MANIFEST,
    ROWS,
    SIGNATURE,
    Manifest,
    decode_manifest,
)
from app.package.signature import Signer, signer_of

MAX_LINE = 16 << 20


@dataclass
class Verification:
    """What was found; `faults` is empty when the package holds."""

    path: Path
    faults: list[str] = field(default_factory=list)
    manifest: Manifest | None = None
    signer: Signer | None = None
    known: bool | None = None
    """Whether the signer's key is one that the reader has accepted; None: nobody was asked."""

    @property
    def holds(self) -> bool:
        """Whether the package is whole and its signature holds."""
        return not self.faults

    def plain(self) -> dict[str, Any]:
        """As `wuji verify --json` prints it."""
        manifest = msgspec.to_builtins(self.manifest) if self.manifest else {}
        entries = manifest.pop("entries", [])
        return {
            "package": str(self.path),
            "valid": self.holds,
            "faults": self.faults,
            "signed_by": self.signer.name if self.signer else None,
            "key": self.signer.short_code if self.signer else None,
            "known": self.known,
            "entries": len(entries),
            **manifest,
        }


def verify_package(path: Path, *, accepted: frozenset[str] | None = None) -> Verification:
    """Checks comment, directory, signature, hashes, seal code and totals, in this order."""
    result = Verification(path)
    try:
        with open_archive(path) as archive:
            _verify_opened(archive, result, accepted)
    except PackageError as error:
        result.faults.append(str(error))
    return result


def _verify_opened(
    archive: zipfile.ZipFile, result: Verification, accepted: frozenset[str] | None
) -> None:
    raw = read_entry(archive, MANIFEST, MAX_MANIFEST)
    result.signer = signer_of(raw, read_entry(archive, SIGNATURE, 1 << 20))
    if result.signer is None:
        raise PackageError("文件包清单的签名不成立：清单被改过，或不是用所附证书签的。拒绝接收。")
    if accepted is not None:
        result.known = result.signer.short_code in accepted
    result.manifest = _manifest(raw)
    _check_hashes(archive, result.manifest, result)
    if result.holds:
        _check_content(archive, result.manifest, result)


def _manifest(raw: bytes) -> Manifest:
    try:
        manifest = decode_manifest(raw)
    except (msgspec.DecodeError, RecursionError):
        raise PackageError("文件包的清单格式不对，读不出来。请用本系统重新制作。") from None
    if manifest.format != FORMAT_VERSION:
        raise PackageError(
            f"文件包格式是第{manifest.format}版，本程序认第{FORMAT_VERSION}版。请升级程序。"
        )
    return manifest


def _check_hashes(archive: zipfile.ZipFile, manifest: Manifest, result: Verification) -> None:
    listed = {entry.path: entry for entry in manifest.entries}
    present = {info.filename for info in archive.infolist()} - {MANIFEST, SIGNATURE}
    result.faults += [f"清单所列“{name}”不在包中。" for name in sorted(listed.keys() - present)]
    result.faults += [f"包中“{name}”不在清单上。" for name in sorted(present - listed.keys())]
    for name in sorted(listed.keys() & present):
        entry = listed[name]
        if hash_entry(archive, name, entry.size) != entry.sha256:
            result.faults.append(f"“{name}”的内容与清单不符。")


def read_lines(archive: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    """The rows of a package whose hashes were checked, one by one."""
    with archive.open(ROWS) as file:
        number = 0
        while line := file.readline(MAX_LINE):
            number += 1
            try:
                row = msgspec.json.decode(line)
            except (msgspec.DecodeError, RecursionError):
                raise PackageError(f"{ROWS} 第{number}行读不出来。") from None
            if not isinstance(row, dict):
                raise PackageError(f"{ROWS} 第{number}行不是一笔资产。")
            yield row


def _check_content(archive: zipfile.ZipFile, manifest: Manifest, result: Verification) -> None:
    """Seal code and totals, taken again from the rows."""
    head = {
        "institution": {"code": manifest.institution.code, "name": manifest.institution.name},
        "base_date": manifest.base_date,
        "ruleset": {"id": manifest.ruleset.id, "hash": manifest.ruleset.hash},
    }
    totals = Totals()
    attached: set[str] = set()
    try:
        balances = msgspec.json.decode(read_entry(archive, BALANCES, MAX_MANIFEST))
        seal = SealHash(head, balances)
        for line in read_lines(archive):
            seal.add(line)
            totals.add(line)
            attached.update(f"attachments/{item['sha256']}" for item in line["attachments"])
    except (
        msgspec.DecodeError,
        RecursionError,
        KeyError,
        TypeError,
        InvalidOperation,
        AttributeError,
    ):
        result.faults.append("资产数据的格式不对，读不出来。")
        return
    if seal.code != manifest.seal_code:
        result.faults.append(f"封印码不符：清单为{manifest.seal_code}，按数据算为{seal.code}。")
    if not _same_totals(totals.plain(), msgspec.to_builtins(manifest.totals)):
        result.faults.append("笔数或合计与清单不符。")
    listed = {entry.path for entry in manifest.entries if entry.path.startswith("attachments/")}
    if attached != listed:
        result.faults.append("资料附件与资产数据所列不一致。")


def _same_totals(found: dict[str, Any], stated: dict[str, Any]) -> bool:
    money = ("carrying_amount", "expected_loss")
    try:
        sums_agree = all(Decimal(found[key]) == Decimal(stated[key]) for key in money)
    except InvalidOperation:
        return False
    rest = [key for key in found if key not in money]
    return sums_agree and all(found[key] == stated[key] for key in rest)

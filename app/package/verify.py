"""Verifying a package: is it whole, signed, by whom, what it holds. Needs no accepted key."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
from app.package.errors import REFUSED, PackageError
from app.package.lines import check_balances, check_decision, check_row
from app.package.manifest import (
    BALANCES,
    FORMAT_VERSION,
    MANIFEST,
    ROWS,
    SIGNATURE,
    SUMMARY_PDF,
    SUMMARY_XLSX,
    TABLES_XLSX,
    Manifest,
    decode_manifest,
)
from app.package.signature import Signer, signer_of

PAPERS = ("", "-working-papers")
BIG_LOSS_PDF = "forms/2.pdf"
MAX_LINE = 16 << 20
NEEDED = (ROWS, BALANCES, TABLES_XLSX, SUMMARY_XLSX, SUMMARY_PDF)
"""What every submission holds; its papers depend on its tables."""


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

    @property
    def refusal(self) -> str:
        """Why the package is not taken in, and what to do about it."""
        first = self.faults[0]
        # What can't even be read says so itself.
        return first if "请" in first else f"{first}{REFUSED}"

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
    """Checks comment, directory, signature, hashes, seal code, totals and papers, in this order."""
    result = Verification(path)
    try:
        with open_archive(path) as archive:
            _verify_opened(archive, result, accepted)
    except PackageError as error:
        result.faults.append(str(error))
    return result


def is_answer(path: Path) -> bool:
    """Whether a file says it is a receipt or decision; whether that holds is not looked at."""
    try:
        with open_archive(path) as archive:
            return _manifest(read_entry(archive, MANIFEST, MAX_MANIFEST)).kind != "submission"
    except (PackageError, OSError):
        return False


def _verify_opened(
    archive: zipfile.ZipFile, result: Verification, accepted: frozenset[str] | None
) -> None:
    raw = read_entry(archive, MANIFEST, MAX_MANIFEST)
    result.signer = signer_of(raw, read_entry(archive, SIGNATURE, 1 << 20))
    if result.signer is None:
        raise PackageError(f"文件包清单的签名不成立：清单被改过，或不是用所附证书签的。{REFUSED}")
    if accepted is not None:
        result.known = result.signer.short_code in accepted
    result.manifest = _manifest(raw)
    _check_hashes(archive, result.manifest, result)
    if result.holds:
        _check_content(archive, result.manifest, result)
        _check_papers(archive, result)


def _manifest(raw: bytes) -> Manifest:
    try:
        manifest = decode_manifest(raw)
    except (msgspec.DecodeError, RecursionError):
        raise PackageError("文件包的清单格式不对，读不出来。请用本系统重新制作。") from None
    if manifest.format != FORMAT_VERSION:
        raise PackageError(
            f"文件包格式是第{manifest.format}版，本程序认第{FORMAT_VERSION}版。请升级程序。"
        )
    is_answer = manifest.kind != "submission"
    if is_answer != (manifest.to is not None and manifest.answers is not None):
        raise PackageError(f"文件包的清单没有说清答复谁、答复哪一次上报，{REFUSED}")
    if is_answer and manifest.for_:
        raise PackageError(f"文件包的清单说是答复，又说是转报下级的资产，{REFUSED}")
    if is_answer != (manifest.printed is None):
        raise PackageError(f"文件包的清单没有说清各表上印的人员和公章，{REFUSED}")
    return manifest


def _check_hashes(archive: zipfile.ZipFile, manifest: Manifest, result: Verification) -> None:
    listed = {entry.path: entry for entry in manifest.entries}
    if len(listed) != len(manifest.entries):
        raise PackageError(f"文件包的清单把同一个文件列了两次，{REFUSED}")
    missing = [name for name in needed_entries(manifest) if name not in listed]
    result.faults += [f"文件包缺少“{name}”。" for name in missing]
    present = {info.filename for info in archive.infolist()} - {MANIFEST, SIGNATURE}
    result.faults += [f"清单所列“{name}”不在包中。" for name in sorted(listed.keys() - present)]
    result.faults += [f"包中“{name}”不在清单上。" for name in sorted(present - listed.keys())]
    for name in sorted(listed.keys() & present):
        entry = listed[name]
        if hash_entry(archive, name, entry.size) != entry.sha256:
            result.faults.append(f"“{name}”的内容与清单不符。")


def needed_entries(manifest: Manifest) -> list[str]:
    """The papers and data that a package of its kind holds."""
    if manifest.kind != "submission":
        return [ROWS] if manifest.kind == "decision" else []
    papers = (f"forms/{table}{part}.pdf" for table in manifest.totals.tables for part in PAPERS)
    return [*NEEDED, *papers]


def read_lines(
    archive: zipfile.ZipFile, check: Callable[[Any], None] = check_row
) -> Iterator[dict[str, Any]]:
    """The rows of a package whose hashes were checked, one by one."""
    with archive.open(ROWS) as file:
        number = 0
        while line := file.readline(MAX_LINE):
            number += 1
            try:
                row = msgspec.json.decode(line)
                check(row)
            except (msgspec.DecodeError, RecursionError):
                raise PackageError(f"{ROWS} 第{number}行的格式不对，{REFUSED}") from None
            yield row


def _check_content(archive: zipfile.ZipFile, manifest: Manifest, result: Verification) -> None:
    """Seal code, totals and evidence, taken again from the rows."""
    if manifest.kind == "receipt":
        return
    submitted = manifest.kind == "submission"
    totals = Totals()
    attached: set[str] = set()
    has_big_loss = False
    seal = SealHash(head_in(manifest), read_balances(archive) if submitted else [])
    for line in read_lines(archive, check_row if submitted else check_decision):
        if submitted:
            _need_sender(manifest, line)
        seal.add(line)
        totals.add(line)
        attached.update(f"attachments/{item['sha256']}" for item in line["attachments"])
        has_big_loss |= line.get("big_loss") is not None
    if seal.code != manifest.seal_code:
        result.faults.append(f"封印码不符：清单为{manifest.seal_code}，按数据算为{seal.code}。")
    if totals.plain() != msgspec.to_builtins(manifest.totals):
        result.faults.append("笔数或合计与清单不符。")
    listed = {entry.path for entry in manifest.entries if entry.path.startswith("attachments/")}
    if attached != listed:
        result.faults.append("资料附件与资产数据所列不一致。")
    if has_big_loss and all(entry.path != BIG_LOSS_PDF for entry in manifest.entries):
        result.faults.append(f"有大额损失，文件包却缺少“{BIG_LOSS_PDF}”。")


def _need_sender(manifest: Manifest, line: dict[str, Any]) -> None:
    """A union passes on the rows it refers, of the offices it names; an office only its own."""
    if bool(manifest.for_) != (line.get("union") is not None):
        raise PackageError(f"文件包的清单与资产数据对是否转报下级的资产说法不一，{REFUSED}")
    if not manifest.for_:
        return
    codes = {one.code for one in manifest.for_}
    if line["stage"] != "referred" or line["id"].rpartition("-")[0] not in codes:
        raise PackageError(f"文件包里有不是下级机构报上级认定的资产，{REFUSED}")


def _check_papers(archive: zipfile.ZipFile, result: Verification) -> None:
    """Every PDF carries a signature of its own, by the key that signed the manifest."""
    from app.papers.sign import verify_pdf

    assert result.manifest is not None
    assert result.signer is not None
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "paper.pdf"
        for entry in result.manifest.entries:
            if not entry.path.endswith(".pdf"):
                continue
            paper.write_bytes(read_entry(archive, entry.path, entry.size))
            found = verify_pdf(paper)
            if not found.bottom_line:
                result.faults.append(f"“{entry.path}”：{found.message}")
            elif found.certificate != result.signer.certificate:
                result.faults.append(f"“{entry.path}”不是用清单所用的密钥签的。")


def head_in(manifest: Manifest) -> dict[str, Any]:
    """What the seal code of a package begins with: whose period, by which rule set."""
    head = {
        "institution": {"code": manifest.institution.code, "name": manifest.institution.name},
        "base_date": manifest.base_date,
        "ruleset": {"id": manifest.ruleset.id, "hash": manifest.ruleset.hash},
    }
    if manifest.to is not None and manifest.answers is not None:
        head["to"] = {"code": manifest.to.code, "answers": manifest.answers.seal_code}
    if manifest.printed is not None:
        head |= msgspec.to_builtins(manifest.printed)
        head["kept"] = msgspec.to_builtins(manifest.kept)
    if manifest.subjects:
        head["subjects"] = msgspec.to_builtins(manifest.subjects)
    if manifest.for_:
        head["for"] = msgspec.to_builtins(manifest.for_)
    return head


def read_balances(archive: zipfile.ZipFile) -> list[dict[str, Any]]:
    """The GL balances of a submission."""
    try:
        balances = msgspec.json.decode(read_entry(archive, BALANCES, MAX_MANIFEST))
        check_balances(balances)
    except (msgspec.DecodeError, RecursionError):
        raise PackageError(f"{BALANCES} 的格式不对，{REFUSED}") from None
    checked: list[dict[str, Any]] = balances
    return checked

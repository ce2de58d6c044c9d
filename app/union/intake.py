"""Taking packages in: checked, evaluated again, superseding the office's earlier one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.book.accepted_keys import keys_of, put_key
from app.book.history import Changing
from app.book.subjects import chart_in_step
from app.book.types import Institution
from app.models.server import INTAKE, hold
from app.package.archive import open_archive
from app.package.content import Totals, sent_totals
from app.package.errors import PackageError
from app.package.manifest import Manifest
from app.package.signature import Signer
from app.package.verify import read_balances, read_lines, verify_package
from app.union.contents import Contents
from app.union.errors import NOT_TAKEN, RefusedError, UnknownKeyError
from app.union.merging import Merging
from app.union.office_subjects import take_subjects
from app.union.offices import enter_office, need_union
from app.union.packages import (
    StoredPackage,
    current_package,
    file_hash,
    note_findings,
    package_by_hash,
    put_package,
    supersede,
)

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store

Json = Any
Progress = Callable[[int, int, str], None]
BULK = 500
"""Rows evaluated and written at a time: memory stays flat however many there are."""
SUFFIX = ".wjz"


@dataclass
class Collected:
    """What became of one package."""

    path: Path
    taken: bool = False
    reason: str = ""
    """Why it was not taken in; empty otherwise."""
    unknown_key: bool = False
    """Whether it was only refused because nobody has compared its key with the office yet."""
    package_id: int = 0
    institution: Institution | None = None
    key_code: str = ""
    again: bool = False
    """Whether these very bytes were taken in before."""
    superseded: bool = False
    """Whether an earlier package of the office gave way to it."""
    counts: dict[str, int] = field(default_factory=dict)
    """Rows: new, changed, unchanged, gone."""
    totals: Totals = field(default_factory=Totals)
    findings: list[dict[str, Json]] = field(default_factory=list)

    @property
    def differences(self) -> int:
        """Rows whose class or loss came out otherwise here."""
        return sum(finding["kind"] == "difference" for finding in self.findings)


def packages_in(paths: Sequence[Path]) -> list[Path]:
    """The packages named, folders opened."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
    return found


def collect(
    book: Book,
    path: Path,
    *,
    by: str,
    accept: Sequence[str] = (),
    progress: Progress = lambda done, total, text: None,
) -> Collected:
    """Takes one package in, all of it or nothing; a refused one says why in the result.

    `accept` are short codes of keys that a person has compared with their offices.
    """
    need_union(book)
    done = Collected(path)
    try:
        _collect(book, done, by, accept, progress)
    except (RefusedError, PackageError) as refused:
        return Collected(
            path, reason=str(refused), institution=done.institution, key_code=done.key_code,
            unknown_key=isinstance(refused, UnknownKeyError),
        )  # fmt: skip
    return done


def _collect(
    book: Book, done: Collected, by: str, accept: Sequence[str], progress: Progress
) -> None:
    if not done.path.is_file():
        raise RefusedError(f"找不到文件包 {done.path}。请核对文件名。")
    digest = file_hash(done.path)
    manifest, signer = _verified(done)
    _need_period(book, manifest)
    new_key = _need_key(book.store, manifest, signer, accept)
    with chart_in_step(book.store), book.store.write(by, by_rows=True) as change:
        hold(change.connection, INTAKE)
        known = package_by_hash(change.connection, digest, "in")
        if known is not None:
            _already_there(done, known, manifest)
            return
        if done.institution is not None:
            enter_office(change, done.institution)
        if new_key:
            put_key(change, manifest.institution.code, signer.short_code, signer.certificate)
        _take(book.store, change, done, manifest, digest, progress)
        if file_hash(done.path) != digest:
            raise RefusedError(f"{done.path.name} 在接收的时候变了，没有接收。请重新接收。")
    done.taken = True


def _verified(done: Collected) -> tuple[Manifest, Signer]:
    found = verify_package(done.path)
    manifest, signer = found.manifest, found.signer
    if manifest is not None and signer is not None:
        done.institution = Institution(manifest.institution.code, manifest.institution.name)
        done.key_code = signer.short_code
    if not found.holds or manifest is None or signer is None:
        raise RefusedError(found.refusal)
    if manifest.kind != "submission":
        raise RefusedError(f"{done.path.name} 不是上报的文件包，是联社发出的。请选信用社上报的。")
    return manifest, signer


def _need_period(book: Book, manifest: Manifest) -> None:
    period = next((p for p in book.periods() if str(p.base_date) == manifest.base_date), None)
    if period is None:
        raise RefusedError(
            f"联社的账套没有{manifest.base_date}这一期，没有接收。"
            "请先建立这一期（文件—新的一期，或命令 wuji period）。"
        )
    if period.ruleset_hash != manifest.ruleset.hash:
        raise RefusedError(
            f"文件包所用的规则集（{manifest.ruleset.id}）与联社本期的（{period.ruleset_id}）"
            "内容不同，没有接收。请统一规则集后重新上报。"
        )
    if period.id != book.period.id:
        book.select_period(period.id)


def _need_key(store: Store, manifest: Manifest, signer: Signer, accept: Sequence[str]) -> bool:
    """Whether the key has to be entered; RefusedError for one that nobody accepted."""
    office, code = manifest.institution, signer.short_code
    keys = keys_of(store)
    if any(key.institution == office.code and key.short_code == code for key in keys):
        return False
    other = next((key for key in keys if key.short_code == code), None)
    if other is not None:
        raise RefusedError(
            f"文件包自称来自{office.code}，却是用{other.institution}的密钥签的，没有接收。"
            "请打电话向两社核实，文件可能是冒充的。"
        )
    if code not in accept:
        raise UnknownKeyError(
            f"{office.name}（{office.code}）的密钥短码是{code}，联社还没有认可过，没有接收。"
            "请与对方核对短码。"
        )
    return True


def _already_there(done: Collected, known: StoredPackage, manifest: Manifest) -> None:
    if known.superseded_by is not None:
        raise RefusedError("这个文件包以前接收过，已被同一机构更新的上报取代，不用再接收。")
    done.package_id, done.again, done.taken = known.id, True, True
    done.findings = list(known.findings)
    done.counts = {"new": 0, "changed": 0, "unchanged": manifest.totals.rows, "gone": 0}
    done.totals = sent_totals(manifest)


def _take(
    store: Store, change: Changing, done: Collected, manifest: Manifest, digest: str,
    progress: Progress,
) -> None:  # fmt: skip
    office = manifest.institution.code
    older = current_package(change.connection, store.period.id, office)
    if older is not None and _made_at(manifest) < older.made_at:
        raise RefusedError(
            f"{manifest.institution.name}已有更新的上报（{older.made_at:%Y-%m-%d %H:%M}封印），"
            "这一份较旧，没有接收，也不用接收。"
        )
    done.package_id = put_package(
        store, change, manifest,
        direction="in", institution=office, digest=digest, key_code=done.key_code,
    )  # fmt: skip
    # First, since the rows are judged by the chart.
    noticed = take_subjects(store, change, manifest.subjects)
    passed_on = [one.code for one in manifest.for_]
    merge = Merging(store, change, office, done.package_id, passed_on)
    with open_archive(done.path) as archive:
        contents = Contents(store, change, office, done.package_id)
        contents.take_entries(archive, manifest)
        _take_rows(done, manifest, archive, merge, contents, progress)
        merge.take_out_gone()
        contents.take_balances(read_balances(archive))
    if older is not None:
        supersede(change, older.id, done.package_id)
        done.superseded = True
    done.counts, done.findings = merge.counts, noticed + merge.findings
    note_findings(change, done.package_id, done.findings)
    change.log("collect", field=office, new={
        "seal_code": manifest.seal_code, "key": done.key_code, "rows": done.totals.rows,
        "carrying_amount": f"{done.totals.carrying_amount:.2f}", **done.counts,
    })  # fmt: skip


def _made_at(manifest: Manifest) -> datetime:
    if manifest.made is None:
        raise RefusedError(f"文件包清单里的制作时间读不出来，{NOT_TAKEN}")
    return manifest.made


def _take_rows(
    done: Collected, manifest: Manifest, archive: zipfile.ZipFile, merge: Merging,
    contents: Contents, progress: Progress,
) -> None:  # fmt: skip
    lines = read_lines(archive)
    while part := list(islice(lines, BULK)):
        progress(done.totals.rows, manifest.totals.rows, f"{manifest.institution.name}：接收")
        touched = merge.take(part)
        for line in part:
            done.totals.add(line)
        contents.take_of_rows([line for line in part if line["id"] in touched])

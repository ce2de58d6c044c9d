"""Signed receipts for packages that were taken in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.book.types import Institution
from app.package.answers import AnswerHead, build_receipt
from app.package.content import Totals, sent_totals
from app.package.manifest import Answered
from app.package.verify import verify_package
from app.union.errors import UnionError
from app.union.intake import Collected
from app.union.packages import (
    StoredPackage,
    file_hash,
    packages_of,
    put_package,
    receipts_of,
    stored_manifest,
)
from app.union.pages import page

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.keys import SigningKey
    from app.book.store import Store


def receipt_name(institution: str, base_date: str, package_id: int) -> str:
    """The file name of a receipt."""
    return f"{institution}-{base_date}-receipt-{package_id}.wjz"


def unanswered(store: Store) -> list[StoredPackage]:
    """The period's submissions that count now and have no receipt yet, oldest first."""
    given = {(one.institution, one.answers) for one in receipts_of(store)}
    return [
        one
        for one in packages_of(store)
        if one.superseded_by is None and (one.institution, one.seal_code) not in given
    ]


def write_receipt(book: Book, done: Collected, folder: Path, key: SigningKey, *, by: str) -> Path:
    """A receipt for a package that was taken in just now."""
    if not done.taken:
        raise UnionError(f"{done.path.name} 没有接收，不能给回执。请先接收。")
    return receipt_for(book, done.package_id, folder, key, by=by)


def receipt_for(book: Book, package_id: int, folder: Path, key: SigningKey, *, by: str) -> Path:
    """A receipt for a package that the book holds, written into the folder and listed.

    What it says stands in the book: the package's file need not be there any more.
    """
    store = book.store
    received, sent = stored_manifest(store, package_id)
    if received.period_id != book.period.id:
        raise UnionError(
            f"{sent.institution.name}的上报是{sent.base_date}这一期的，请先换到那一期再写回执。"
        )
    answered = Answered(
        seal_code=received.seal_code,
        package_sha256=received.sha256,
        received_at=received.at.isoformat(timespec="milliseconds"),
        differences=sum(finding["kind"] == "difference" for finding in received.findings),
    )
    office = Institution(sent.institution.code, sent.institution.name)
    head = AnswerHead("receipt", book.institution, office, book.period, answered, store.now())
    totals = sent_totals(sent)
    out = folder / receipt_name(office.code, str(book.period.base_date), received.id)
    build_receipt(out, key, head, totals, _page(book, totals, head))
    manifest = verify_package(out).manifest
    if manifest is None:
        raise UnionError(f"回执 {out} 写坏了，请重新写一次。")
    with store.write(by, sealed=True) as change:
        put_package(
            store, change, manifest, direction="out", institution=office.code,
            digest=file_hash(out), key_code=key.short_code,
        )  # fmt: skip
        change.log("receipt", field=office.code, new={"seal_code": received.seal_code})
    return out


def _page(book: Book, totals: Totals, head: AnswerHead) -> str:
    facts = [
        ("联社", book.institution.name),
        ("机构", f"{head.office.code} {head.office.name}"),
        ("基准日", str(book.period.base_date)),
        ("封印码", head.answers.seal_code),
        ("接收时间", head.answers.received_at),
        ("资产", f"{totals.rows}笔，账面{totals.carrying_amount:.2f}元"),
        ("预计损失", f"{totals.expected_loss:.2f}元"),
        ("重新计算有出入", f"{head.answers.differences}笔"),
    ]
    return page("接收回执", facts)

"""Signed receipts for packages that were taken in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.package.answers import AnswerHead, build_receipt
from app.package.manifest import Answered
from app.package.verify import verify_package
from app.union.errors import UnionError
from app.union.intake import Collected
from app.union.packages import file_hash, package_by_hash, put_package
from app.union.pages import page

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.keys import SigningKey


def receipt_name(institution: str, base_date: str, package_id: int) -> str:
    """The file name of a receipt."""
    return f"{institution}-{base_date}-receipt-{package_id}.wjz"


def write_receipt(book: Book, done: Collected, folder: Path, key: SigningKey, *, by: str) -> Path:
    """A receipt for a package that was taken in, written into the folder and listed."""
    if not done.taken or done.institution is None:
        raise UnionError(f"{done.path.name} 没有接收，不能给回执。")
    store = book.store
    digest = file_hash(done.path)
    with store.read() as connection:
        received = package_by_hash(connection, digest, "in")
    if received is None:
        raise UnionError(f"{done.path.name} 在接收之后变了，不能给回执。")
    answered = Answered(
        seal_code=received.seal_code,
        package_sha256=digest,
        received_at=received.at.isoformat(timespec="milliseconds"),
        differences=done.differences,
    )
    head = AnswerHead(
        "receipt", book.institution, done.institution, book.period, answered, store.now()
    )
    name = receipt_name(done.institution.code, str(book.period.base_date), received.id)
    out = folder / name
    build_receipt(out, key, head, done.totals, _page(book, done, head))
    manifest = verify_package(out).manifest
    if manifest is None:
        raise UnionError(f"回执 {out} 写坏了，请重新接收一次。")
    with store.write(by, sealed=True) as change:
        put_package(
            store, change, manifest, direction="out", institution=done.institution.code,
            digest=file_hash(out), key_code=key.short_code,
        )  # fmt: skip
        change.log("receipt", field=done.institution.code, new={"seal_code": received.seal_code})
    return out


def _page(book: Book, done: Collected, head: AnswerHead) -> str:
    totals = done.totals
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

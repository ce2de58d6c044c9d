"""The office's own scanned seal, kept in the book; papers without one carry a drawn stamp."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.book.errors import BookError
from app.book.evidence import store_bytes
from app.book.meta import read_meta, write_meta
from app.models.tables import blobs

if TYPE_CHECKING:
    from app.book.book import Book

SETTING = "seal_picture"
LARGEST = 8 << 20


def set_seal_picture(book: Book, picture: bytes | None, *, by: str = "") -> None:
    """Keeps a scanned seal (an image file's bytes) from now on; None: the drawn stamp again."""
    if picture is not None:
        need_small_picture(len(picture))
    digest = sha256(picture).hexdigest() if picture else ""
    with book.store.write(by, sealed=True) as change:
        old = read_meta(change.connection, SETTING)
        if old == digest:
            return
        if picture:
            store_bytes(change, digest, picture)
        write_meta(change.connection, SETTING, digest)
        change.log("seal_picture", old=old or None, new=digest or None)


def need_small_picture(size: int) -> None:
    """Refuses a picture that is larger than any scan of a seal has to be."""
    if size > LARGEST:
        raise BookError(f"公章图片超过{LARGEST >> 20}兆，请缩小后再选。")


def seal_picture_digest(book: Book) -> str:
    """The SHA-256 of the scanned seal, empty where the office has given none."""
    with book.store.read() as connection:
        return read_meta(connection, SETTING)


def seal_picture(book: Book, digest: str | None = None) -> bytes | None:
    """The scanned seal (or an earlier one, by its hash), None where the office has given none."""
    wanted = seal_picture_digest(book) if digest is None else digest
    if not wanted:
        return None
    with book.store.read() as connection:
        stored = select(blobs.c.content).where(blobs.c.sha256 == wanted)
        content: bytes = connection.execute(stored).scalar_one()
    return content

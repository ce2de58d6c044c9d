"""A copy of the office's key in a file of its own: saved, looked into, taken over."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import literal, or_, select

from app.book.errors import BookError
from app.book.keys import (
    OfficeKey,
    SigningKey,
    keep_key,
    need_passphrase,
    office_key,
    open_pkcs12,
    unlock,
)
from app.files import replacing
from app.models.tables import history, keys, packages

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from app.book.book import Book

SUFFIX = ".p12"
LARGEST = 1_000_000
NOT_A_COPY = "“{}”不是密钥副本，或者不完整。请选保存密钥副本时写的文件（.p12）。"


@dataclass(frozen=True, slots=True)
class KeyCopy:
    """A key in a file, opened and looked at; the book has not taken it over yet."""

    key: SigningKey
    passphrase: str
    name: str
    """Whose key the certificate says it is."""
    earlier: str
    """The short code of the key the book has now; empty without one."""

    @property
    def same(self) -> bool:
        """Whether the book has this key already."""
        return self.key.short_code == self.earlier


def save_key_copy(book: Book, out: Path, passphrase: str, *, replace: bool = False) -> None:
    """Writes the office's key as PKCS#12, encrypted with its passphrase, for its owner's eyes."""
    if out.exists() and not replace:
        raise BookError(f"“{out.name}”已经存在，没有覆盖。请换一个文件名，或先移走它。")
    content = unlock(book, passphrase).pkcs12(passphrase)
    with replacing(out, private=True) as part:
        part.write_bytes(content)


def open_key_copy(book: Book, file: Path, passphrase: str) -> KeyCopy:
    """Opens a copy; BookError for what is no key of this office that the others would accept."""
    need_passphrase(passphrase)
    key = open_pkcs12(_content(file), passphrase)
    _need_usable(book, key)
    earlier = office_key(book)
    name = _said(key.certificate, "2.5.4.3")
    return KeyCopy(key, passphrase, name, earlier.short_code if earlier else "")


def take_key_copy(book: Book, copy: KeyCopy, *, by: str) -> OfficeKey:
    """Makes the copy's key the office's; BookError when somebody changed the key meanwhile."""
    return keep_key(
        book.store, copy.key, copy.passphrase, by=by, kind="key_import", over=copy.earlier
    )


def key_has_signed(book: Book) -> bool:
    """Whether something was sealed or sent with the key the book has now: others may know it."""
    key = select(keys.c.short_code, keys.c.created_at).where(keys.c.current == 1).subquery()
    sealed = select(literal(1)).where(
        history.c.kind == "seal", history.c.at >= key.c.created_at
    )  # fmt: skip
    sent = select(literal(1)).where(
        packages.c.direction == "out", packages.c.key_code == key.c.short_code
    )
    query = select(literal(1)).select_from(key).where(or_(sealed.exists(), sent.exists()))
    with book.store.read() as connection:
        return connection.execute(query.limit(1)).first() is not None


def _content(file: Path) -> bytes:
    """The bytes of a file that can be a PKCS#12; what follows it or is missing is noticed."""
    from asn1crypto.pkcs12 import Pfx

    if not file.is_file():
        raise BookError(f"找不到文件 {file}。请核对文件名。")
    wrong = BookError(NOT_A_COPY.format(file.name))
    if file.stat().st_size > LARGEST:
        raise wrong
    content = file.read_bytes()
    try:
        version = Pfx.load(content, strict=True)["version"].native
    except (ValueError, TypeError) as error:
        raise wrong from error
    if version != "v3":
        raise wrong
    return content


def _need_usable(book: Book, key: SigningKey) -> None:
    """Refuses what would only show at the union: it takes nothing signed with such a key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1

    certificate, public = key.certificate, key.private_key.public_key()
    try:
        certificate.verify_directly_issued_by(certificate)
        own = isinstance(public.curve, SECP256R1) and certificate.public_key() == public
    except (InvalidSignature, ValueError, TypeError):
        own = False
    if not own:
        raise BookError("文件里的密钥不是本程序生成的。请选保存密钥副本时写的文件（.p12）。")
    code = _said(certificate, "2.5.4.5")
    if code != book.institution.code:
        name = _said(certificate, "2.5.4.3")
        raise BookError(
            f"这是{code} {name}的密钥，本账套是{book.institution.code} {book.institution.name}。"
            "请选本机构的密钥副本。"
        )


def _said(certificate: Certificate, number: str) -> str:
    """What the certificate says of its owner: 2.5.4.3 the name, 2.5.4.5 the code."""
    from cryptography.x509 import ObjectIdentifier

    found = certificate.subject.get_attributes_for_oid(ObjectIdentifier(number))
    text = str(found[0].value) if found else ""
    return text if text.isprintable() else ""

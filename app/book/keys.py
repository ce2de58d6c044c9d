"""The office's key: P-256 with a self-signed certificate, kept encrypted with its passphrase."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from app.book.coding import to_moment
from app.book.errors import BookError
from app.book.finding_ids import base32, grouped
from app.book.types import Institution
from app.models.tables import keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate

    from app.book.book import Book
    from app.book.store import Store

YEARS = 20
SHORT_CODE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """The public half of an office's key, as the book shows it."""

    short_code: str
    """XXXX-XXXX-XXXX: what two people compare over the telephone."""
    certificate: bytes
    """X.509, DER."""
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An office's key, unlocked: it can sign."""

    short_code: str
    private_key: EllipticCurvePrivateKey
    certificate: Certificate

    def sign(self, message: bytes) -> bytes:
        """An ECDSA signature (SHA-256, DER) over a message."""
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.hashes import SHA256

        return self.private_key.sign(message, ECDSA(SHA256()))

    @property
    def certificate_der(self) -> bytes:
        """The certificate as X.509, DER."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return self.certificate.public_bytes(Encoding.DER)

    def pkcs12(self, passphrase: str) -> bytes:
        """Key and certificate as PKCS#12, encrypted."""
        return _pkcs12(self.private_key, self.certificate, passphrase)


def short_code(certificate: Certificate) -> str:
    """The short code of a certificate's public key: base 32 of its SHA-256, in groups of four."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return grouped(base32(sha256(public).digest(), SHORT_CODE_LENGTH))


def create_key(book: Book, passphrase: str, *, by: str = "") -> OfficeKey:
    """Makes a new key for the office and keeps it in the book; an older one no longer counts."""
    store = book.store
    need_passphrase(passphrase)
    made = _new_key(store.institution, store.now())
    return keep_key(store, made, passphrase, by=by, kind="key")


def office_key(book: Book) -> OfficeKey | None:
    """The key that counts now, None before there is one."""
    line = _current(book.store)
    if line is None:
        return None
    return OfficeKey(line.short_code, line.certificate, line.created_by, to_moment(line.created_at))


def unlock(book: Book, passphrase: str) -> SigningKey:
    """The office's key, ready to sign; BookError when there is none or the passphrase is wrong."""
    line = _current(book.store)
    if line is None:
        raise BookError("账套还没有密钥。请先生成密钥（工具—本社密钥和印章，或命令 wuji key）。")
    return open_pkcs12(line.pkcs12, passphrase)


def _current(store: Store) -> Any:
    query = select(keys).where(keys.c.current == 1).order_by(keys.c.id.desc()).limit(1)
    with store.read() as connection:
        return connection.execute(query).first()


def need_passphrase(passphrase: str) -> None:
    """Refuses what can't be typed again, or what other programs can't take as a passphrase."""
    if not passphrase.strip():
        raise BookError("口令不能为空，请输入口令。")
    if not passphrase.isprintable():
        raise BookError("口令里有看不见的控制字符。请只用文字、数字、符号和空格。")


def keep_key(
    store: Store, key: SigningKey, passphrase: str, *, by: str, kind: str, over: str | None = None
) -> OfficeKey:
    """Makes it the office's key; `over`: only where this is the short code of the one before."""
    # A sealed period does not hinder: the key belongs to the office.
    with store.write(by, sealed=True) as change:
        if over is not None:
            current = select(keys.c.short_code).where(keys.c.current == 1)
            if (change.connection.execute(current).scalar() or "") != over:
                raise BookError("账套的密钥刚才换过，没有改动。请核对新的短码，再做一次。")
        change.connection.execute(update(keys).values(current=0))
        line = {
            "short_code": key.short_code,
            "pkcs12": key.pkcs12(passphrase),
            "certificate": key.certificate_der,
            "created_by": by,
            "created_at": change.at_text,
            "current": 1,
        }
        change.connection.execute(keys.insert(), line)
        change.log(kind, new={"short_code": key.short_code})
        return OfficeKey(key.short_code, key.certificate_der, by, change.at)


def _new_key(institution: Institution, now: datetime) -> SigningKey:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    private_key = generate_private_key(SECP256R1())
    certificate = _self_signed(private_key, institution, now)
    return SigningKey(short_code(certificate), private_key, certificate)


def _self_signed(
    private_key: EllipticCurvePrivateKey, institution: Institution, now: datetime
) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import NameOID

    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, institution.name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, institution.name),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, institution.code),
        ]
    )
    public = private_key.public_key()
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        # Laptops' clocks differ: a signature made today must not be from before the certificate.
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(private_key, SHA256())
    )


def _pkcs12(key: EllipticCurvePrivateKey, certificate: Certificate, passphrase: str) -> bytes:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

    encryption = BestAvailableEncryption(passphrase.encode())
    return pkcs12.serialize_key_and_certificates(b"wuji", key, certificate, None, encryption)


def open_pkcs12(content: bytes, passphrase: str) -> SigningKey:
    """The key in a PKCS#12; BookError when the passphrase is wrong or there is no key in it."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import pkcs12

    if "\0" in passphrase:  # the library doesn't survive it
        raise BookError("口令不对，密钥没有打开。请核对口令，注意大小写。")
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(content, passphrase.encode())
    except ValueError as error:
        raise BookError("口令不对，密钥没有打开。请核对口令，注意大小写。") from error
    if not isinstance(key, EllipticCurvePrivateKey) or certificate is None:
        raise BookError("这个密钥文件里没有可用的密钥和证书。请换一个文件。")
    return SigningKey(short_code(certificate), key, certificate)

"""Digital signatures on PDF papers: made with the office's key, shown as its seal, and checked."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from app.files import replacing
from app.papers import wording
from app.papers.model import SealPlace

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.stamp import StaticStampStyle

FIELD = "OfficeSeal"


class PaperKey(Protocol):
    """The office's unlocked key: private key and certificate as ``cryptography`` objects."""

    @property
    def private_key(self) -> EllipticCurvePrivateKey:
        """The key that signs."""
        ...

    @property
    def certificate(self) -> Certificate:
        """The certificate that names the office."""
        ...


_BESIDE_CERTIFICATE = 2048
"""Bytes of a signature besides the certificate: digest, attributes, times; about 600."""


def sign_pdf(
    path_in: Path,
    path_out: Path,
    key: PaperKey,
    *,
    place: SealPlace | None = None,
    picture: bytes | None = None,
    reason: str = wording.SIGNED_REASON,
    location: str = "",
) -> None:
    """Signs a PDF; ``picture`` (a PDF page) is shown at ``place`` as the signature's appearance.

    The signature certifies the document: any later change makes readers say so. ``path_in`` and
    ``path_out`` may be the same.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigFieldSpec
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        location=location or None,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    spec = SigFieldSpec(FIELD, **_field_place(place))
    with replacing(path_out) as part, TemporaryDirectory() as folder:
        style = None
        if place is not None and picture is not None:
            style = _appearance(picture, Path(folder))
        signer = PdfSigner(meta, _signer(key), stamp_style=style, new_field_spec=spec)
        with path_in.open("rb") as source, part.open("wb+") as output:
            writer = IncrementalPdfFileWriter(source)
            signer.sign_pdf(writer, output=output, bytes_reserved=_reserved(key))


def _reserved(key: PaperKey) -> int:
    """Room for the signature, in hex digits: without it a first one is made only to be measured."""
    from cryptography.hazmat.primitives import serialization

    certificate = key.certificate.public_bytes(serialization.Encoding.DER)
    return 2 * (len(certificate) + _BESIDE_CERTIFICATE)


def _field_place(place: SealPlace | None) -> dict[str, Any]:
    if place is None:
        return {}
    box = (place.left, place.bottom, place.right, place.top)
    return {"on_page": place.page, "box": tuple(round(edge) for edge in box)}


def _signer(key: PaperKey) -> SimpleSigner:
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives import serialization
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    private = key.private_key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    certificate = key.certificate.public_bytes(serialization.Encoding.DER)
    return SimpleSigner(
        x509.Certificate.load(certificate),
        keys.PrivateKeyInfo.load(private),
        SimpleCertificateStore(),
    )


def _appearance(picture: bytes, folder: Path) -> StaticStampStyle:
    from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
    from pyhanko.stamp import StaticStampStyle

    page = folder / "seal.pdf"  # pyHanko takes a page from a file only
    page.write_bytes(picture)
    middle = AxisAlignment.ALIGN_MID
    layout = SimpleBoxLayoutRule(middle, middle, margins=Margins.uniform(0))
    return StaticStampStyle.from_pdf_file(
        str(page), border_width=0, background_opacity=1.0, background_layout=layout
    )


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What the signature of a PDF says; only ``bottom_line`` decides."""

    bottom_line: bool
    """Signed, unchanged since, and the whole file is covered."""
    message: str = ""
    """Why not, for users; empty when all is well."""
    signer: str = ""
    signed_at: datetime | None = None
    certificate: bytes = b""
    """The signer's certificate (DER), to compare with a known key."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as hex; empty without one."""
        return sha256(self.certificate).hexdigest() if self.certificate else ""


def verify_pdf(path: Path) -> SignatureCheck:
    """Whether a PDF is signed and unchanged. Whose key it is, the caller compares."""
    from pyhanko.pdf_utils.misc import PdfError

    try:
        with path.open("rb") as source, _quiet():
            return _check(source)
    except (PdfError, ArithmeticError, AttributeError, LookupError, RecursionError):
        return SignatureCheck(False, wording.SIGNATURE_UNREADABLE)
    except (TypeError, ValueError):
        # pyHanko's parser meets a damaged file with any of all these.
        return SignatureCheck(False, wording.SIGNATURE_UNREADABLE)


@contextmanager
def _quiet() -> Iterator[None]:
    """What pyHanko logs about damaged files is said by the result."""
    loggers = [logging.getLogger(name) for name in ("pyhanko", "pyhanko_certvalidator")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _check(source: BinaryIO) -> SignatureCheck:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    signatures = PdfFileReader(source).embedded_signatures
    if not signatures:
        return SignatureCheck(False, wording.NOT_SIGNED)
    signature = signatures[-1]
    certificate = signature.signer_cert
    # The signer vouches for himself here; accepting his key is another question.
    trust = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    status = validate_pdf_signature(
        signature, trust, key_usage_settings=KeyUsageConstraints(key_usage=set())
    )
    message = "" if status.bottom_line else wording.SIGNATURE_BROKEN
    if status.intact and status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        message = wording.SIGNATURE_NOT_WHOLE
    if not message and not _gap_is_clean(source, signature):
        message = wording.SIGNATURE_BROKEN
    return SignatureCheck(
        not message,
        message,
        certificate.subject.native.get("common_name", ""),
        status.signer_reported_dt,
        certificate.dump(),
    )


def _gap_is_clean(source: BinaryIO, signature: EmbeddedPdfSignature) -> bool:
    """Whether the bytes that no signature can cover hold the signature and nothing else."""
    from asn1crypto import cms

    _, start, end, _ = (int(number) for number in signature.byte_range)
    source.seek(start)
    gap = source.read(end - start)
    own = bytes(signature.pkcs7_content)
    padding = own[len(cms.ContentInfo.load(own).dump()) :]
    hexed = b"<" + own.hex().encode() + b">"
    return gap in (hexed, hexed.upper()) and not any(padding)

"""The signature over a manifest: detached CMS by the office's key, checked by pyHanko."""

from __future__ import annotations

import asyncio
import io
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.book.keys import SigningKey


# A refused signature is an answer here, not an event for the log; without a handler of its own
# a logger that passes nothing on would print to stderr.
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).propagate = False
    logging.getLogger(_library).addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed: the certificate's name and the short code of the key."""

    name: str
    short_code: str
    certificate: bytes
    """DER."""


def sign_manifest(manifest: bytes, key: SigningKey) -> bytes:
    """A detached CMS signature (DER) over exactly these bytes."""
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    certificate = x509.Certificate.load(key.certificate.public_bytes(Encoding.DER))
    private = key.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()
    signer = SimpleSigner(
        signing_cert=certificate,
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )
    signed = asyncio.run(signer.async_sign_general_data(manifest, "sha256", detached=True))
    result: bytes = signed.dump()
    return result


def signer_of(manifest: bytes, signature: bytes) -> Signer | None:
    """Who signed these bytes; None when the signature does not hold."""
    from asn1crypto import cms

    try:
        content = cms.ContentInfo.load(signature, strict=True)
        if _as_written(content) != signature:
            return None
        return _checked(manifest, content["content"])
    # What asn1crypto raises on bytes that are no CMS; nesting without end among them.
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return None


def _as_written(content: Any) -> bytes:
    """The signature as this program writes one: same parts, and nothing that is not signed."""
    from asn1crypto import algos, cms

    signed = content["content"]
    certificate, signer = signed["certificates"][0].chosen, signed["signer_infos"][0]
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    by = cms.IssuerAndSerialNumber(
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    )
    parts = {
        "version": "v1",
        "sid": cms.SignerIdentifier(name="issuer_and_serial_number", value=by),
        "digest_algorithm": digest,
        "signed_attrs": signer["signed_attrs"],
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        "signature": signer["signature"].native,
    }
    whole = {
        "version": "v1",
        "digest_algorithms": cms.DigestAlgorithms((digest,)),
        "encap_content_info": {"content_type": "data"},
        "certificates": [certificate],
        "signer_infos": [parts],
    }
    rebuilt = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(whole)})
    result: bytes = rebuilt.dump()
    return result


def _checked(manifest: bytes, signed: Any) -> Signer | None:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.errors import ValidationError

    certificate = signed["certificates"][0].chosen
    # The key is its own root: whether it is the office's is a person's comparison of short codes.
    context = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    try:
        status = asyncio.run(
            async_validate_detached_cms(
                io.BytesIO(manifest), signed, signer_validation_context=context
            )
        )
    # A forged signature may name algorithms that do not exist: AttributeError.
    except (ValueError, TypeError, KeyError, AttributeError, PdfError, ValidationError):
        return None
    if not status.bottom_line:
        return None
    return _signer(certificate.dump())


def _signer(certificate: bytes) -> Signer | None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.x509 import load_der_x509_certificate
    from cryptography.x509.oid import NameOID

    from app.book.keys import short_code

    loaded = load_der_x509_certificate(certificate)
    try:
        # Self-signed: a name or a date changed in the certificate is noticed too.
        loaded.verify_directly_issued_by(loaded)
    except (InvalidSignature, ValueError, TypeError):
        return None
    names = loaded.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(names[0].value) if names else ""
    # Anybody may write a certificate; what can't be printed is not shown on a terminal.
    shown = name if name.isprintable() else ""
    return Signer(shown, short_code(loaded), certificate)
